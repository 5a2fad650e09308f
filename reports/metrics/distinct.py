"""Whole numbers, each once, a bit for each: a million ids of neighbours in an eighth of a megabyte."""

PAGE = 1 << 15


class Numbers:
    """A set of numbers from zero on that can be added to, asked and counted."""

    __slots__ = ("_pages",)

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, number: int) -> None:
        """Put a number in; once more changes nothing."""
        page, place = divmod(number, PAGE)
        bits = self._pages.get(page)
        if bits is None:
            bits = self._pages[page] = bytearray(PAGE // 8)
        bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, number: int) -> bool:
        page, place = divmod(number, PAGE)
        bits = self._pages.get(page)
        return bits is not None and bool(bits[place >> 3] >> (place & 7) & 1)

    def __len__(self) -> int:
        return sum(int.from_bytes(bits).bit_count() for bits in self._pages.values())
