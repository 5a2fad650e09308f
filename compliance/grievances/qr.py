"""A square code that a telephone's camera reads, as one path of an SVG: for posters and cards, drawn here, sent nowhere."""

from dataclasses import dataclass

import qrcode

# The light edge around the code, without which cameras do not find it (ISO/IEC 18004: four modules).
EDGE = 4


@dataclass(frozen=True, slots=True)
class Square:
    """``size`` modules wide, the edge included; ``path`` draws the dark ones, for an SVG of that size."""

    size: int
    path: str


def square(text: str) -> Square:
    """The code of this text, at the level that still reads with a quarter of it torn or dirty (Q): it hangs on walls."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=EDGE)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    return Square(
        len(rows), "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on)
    )
