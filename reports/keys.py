"""The short key of a figure, as it stands in print and is typed to ask what stands behind it. Needs no database."""

KEY_LETTERS = 12  # of the SHA-256 in a printed key


def key_of(sha256: str, metric: str, row: int | None = None) -> str:
    """The short key of a figure, as printed in the PDF: the beginning of the edition's SHA-256, the metric, the row."""
    return f"{sha256[:KEY_LETTERS]}/{metric}" + (f"/{row}" if row else "")


def read_key(text: str) -> tuple[str, str, int] | None:
    """The beginning of the SHA-256, the metric and the row (1 where none is given) of a typed key; None for what is none."""
    parts = [part.strip() for part in text.strip().split("/")]
    if len(parts) not in (2, 3) or len(parts[0]) != KEY_LETTERS or not set(parts[0].lower()) <= set("0123456789abcdef"):
        return None
    row = parts[2] if len(parts) == 3 else "1"
    if not parts[1] or not (row.isascii() and row.isdigit()) or len(row) > 4:
        return None
    return parts[0].lower(), parts[1], int(row)
