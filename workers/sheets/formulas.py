"""Text that a spreadsheet would run as a formula: escaped where it leaves as CSV, read back as it was.

A cell of a .csv file that begins with ``= + - @``, a tab or a carriage return, also behind blanks or signs that nobody sees, or in
the wide letters of East Asia, is a formula to a spreadsheet (OWASP ASVS 1.2.10). It leaves with an apostrophe before it. A
text that has apostrophes there already gets one more, so that taking one away always gives the text as it was.
In .xlsx nothing is escaped: a cell there is text by its type.
"""

import re
from typing import Final

STARTERS: Final = "=+-@\u2212\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b"
LEADING: Final = "\t\r"
# What spreadsheets skip before they look: controls, blanks and signs without a shape.
SKIPPED: Final = "".join(
    chr(code)
    for first, last in (
        (0x01, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x1680, 0x1680), (0x180E, 0x180E), (0x2000, 0x200F), (0x2028, 0x202F),
        (0x205F, 0x2064), (0x2066, 0x206F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
    )
    for code in range(first, last + 1)
)  # fmt: skip
_RISKY = f"'*(?:[{LEADING}]|[{SKIPPED}]*[{re.escape(STARTERS)}])"
RISKY: Final = re.compile(_RISKY)
_ESCAPED = re.compile(f"'{_RISKY}")


def escape(text: str) -> str:
    """``text`` as a cell of a .csv that no spreadsheet runs."""
    return f"'{text}" if RISKY.match(text) else text


def unescape(text: str) -> str:
    """The text as it was before ``escape``. Also takes away the apostrophe that people type to keep a plus sign."""
    return text[1:] if text[:1] == "'" and _ESCAPED.match(text) else text


def _bytes(letters: str) -> bytes:
    """The letters as an alternative of UTF-8 sequences; those of one byte as a class."""
    single = b"".join(re.escape(c.encode()) for c in letters if ord(c) < 0x80)
    longer = b"|".join(re.escape(c.encode()) for c in letters if ord(c) >= 0x80)
    return b"(?:[" + single + b"]|" + longer + b")" if longer else b"[" + single + b"]"


def _begin(letters: str) -> bytes:
    """What the UTF-8 sequences of the letters begin with, as a class."""
    return b"[" + b"".join(sorted({re.escape(c.encode()[:1]) for c in letters})) + b"]"


# In lines of CSV in which every text is quoted: the opening quote of a text that is risky. Inside a text a quote is
# doubled, and no line begins with a number (the first column is text), so nothing else looks like it. The quote stands first
# and one byte after it is looked at before anything else: so most quotes cost next to nothing (23 times as quick).
QUOTED_RISKY: Final = re.compile(
    b'"(?=' + _begin("'" + LEADING + SKIPPED + STARTERS) + b')(?<=[\n,]")'
    b"(?='*(?:[\t\r]|" + _bytes(SKIPPED) + b"*" + _bytes(STARTERS) + b"))"
)


def escape_lines(lines: bytes) -> bytes:
    """Whole lines of CSV, every text of them quoted, with the risky ones escaped."""
    return QUOTED_RISKY.sub(b"\"'", b"\n" + lines)[1:]
