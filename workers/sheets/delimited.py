"""Text files (.csv, .tsv): which encoding, which separator, and the rows. Runs in the child process only.

What can be told apart is told apart; what cannot is asked: ``Refused("ask_encoding")`` and ``Refused("ask_separator")``
carry the choices, and the reader of the file answers once.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from .archive import Refused
from .formulas import unescape
from .limits import Limits

SEPARATORS = (",", ";", "\t", "|")
ENCODINGS = (
    "utf-8",
    "utf-16",
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1254",
    "cp1256",
    "cp1258",
    "cp850",
    "mac_roman",
    "shift_jis",
    "euc_jp",
    "euc_kr",
    "gb18030",
    "big5",
    "tis_620",
)
SAMPLE_LINES = 60
# A word with letters beyond ASCII, and what never happens in one of Western Europe.
ODD_WORD = re.compile(r"[^\s,;|\"]*[^\x00-\x7f][^\s,;|\"]*")
_SMALL, _CAPITAL = "a-zß-öø-ÿšžœ", "A-ZÀ-ÖØ-ÞŠŽŒŸ"
WRONG_IN_WORD = re.compile(
    f"[{_SMALL}][À-ÖØ-ÞŠŽŒŸ]|[ÐÞðþ]|[À-ÖØ-öø-ÿŠŽŒŸšžœ]{{3}}|[A-Za-zÀ-ÖØ-öø-ÿ][¡-©«-±´-¹»-¿×÷†‡‰‹ˆ˜™¢£¤¥¦§¨¯ŸŒ]+[a-zß-öø-ÿ]"
    f"|[a-z][\u0152\u0178]|[ÿþ](?![a-z])|[¤¦¬]|[À-ÿ][À-ÿ][À-ÿ]"
)
FIELD_LIMIT = 64 * 1024


def decode(content: bytes, encoding: str | None) -> tuple[str, str]:
    """The text and the encoding it was read in. Without a choice: marks first, then UTF-8, then Western European when it
    makes words; what would make none is asked."""
    if encoding is not None:
        if encoding not in ENCODINGS:
            raise Refused("ask_encoding", choices=list(ENCODINGS))
        return _decode_as(content, encoding), encoding
    if content.startswith(codecs.BOM_UTF8):
        return _decode_as(content[3:], "utf-8"), "utf-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode_as(content, "utf-16"), "utf-16"
    head = content[:4096]
    if b"\x00" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) * 0.2 and min(even, odd) < len(head) * 0.02:
            guess = "utf-16-le" if odd > even else "utf-16-be"
            return _decode_as(content, guess), "utf-16"
        raise Refused("not_workbook")
    try:
        return content.decode("utf-8").rstrip("\x1a"), "utf-8"  # the mark with which DOS ended its files
    except UnicodeDecodeError:
        pass
    high = len(content) - len(content.translate(None, bytes(range(0x80, 0x100))))
    letters = len(re.findall(rb"[A-Za-z\x80-\xff]", content[:200_000])) * max(1, len(content) / 200_000)
    if high > letters * 0.3:
        raise Refused("ask_encoding", choices=list(ENCODINGS))
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Refused("ask_encoding", choices=list(ENCODINGS)) from error
    if not _is_western(text):
        raise Refused("ask_encoding", choices=list(ENCODINGS))
    return text, "cp1252"


def _is_western(text: str) -> bool:
    """Whether the letters beyond ASCII stand as they do in Western European words. Bytes of another encoding read as
    Western come out as capitals behind small letters, signs between letters, letters only Iceland has, or long runs."""
    return not any(WRONG_IN_WORD.search(word) for word in set(ODD_WORD.findall(text[:2_000_000])))


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding).rstrip("\x1a")
    except (UnicodeDecodeError, UnicodeError) as error:
        raise Refused("wrong_encoding", encoding=encoding.upper()) from error


def looks_binary(text: str) -> bool:
    """Whether this is no text at all: signs that no keyboard types, in the first pages."""
    head = text[:8192]
    odd = sum(1 for sign in head if sign < "\t" or ("\r" < sign < " " and sign != "\x1a"))
    return odd > max(4, len(head) // 200) or "\x00" in head


def find_separator(text: str) -> str:
    """The sign between cells: the one that cuts most of the first lines into the same number (two or more) of cells.

    A first line ``sep=;`` as some programs write it decides by itself. When two signs do equally well, or none does,
    the reader is asked.
    """
    lines = text[:200_000].splitlines()[:SAMPLE_LINES]
    given = re.fullmatch(r'\ufeff?"?sep=(.)"?', lines[0].strip("\r\n"), re.IGNORECASE) if lines else None
    if given and given.group(1) in SEPARATORS:
        return given.group(1)
    sample = "\n".join(lines)
    scores: dict[str, tuple[float, int]] = {}
    cutting: list[str] = []
    for separator in SEPARATORS:
        try:
            widths = [len(cells) for cells in csv.reader(io.StringIO(sample), delimiter=separator) if any(cells)]
        except csv.Error:
            continue
        if not widths:
            continue
        if sum(width >= 2 for width in widths) >= len(widths) * 0.6:
            cutting.append(separator)
        width, times = Counter(widths).most_common(1)[0]
        if width >= 2:
            # A title or a total above or below the table must not decide, so a share and not every line.
            scores[separator] = (round(times / len(widths), 2), width)
    ranked = sorted(scores, key=lambda separator: scores[separator], reverse=True)
    if len(cutting) == 1 and cutting[0] in scores:
        return cutting[0]  # lines of uneven length, but no other sign cuts them at all
    if not ranked or scores[ranked[0]][0] < 0.6:
        raise Refused("ask_separator", choices=[",", ";", "tab", "|"])
    if len(ranked) > 1 and scores[ranked[0]] == scores[ranked[1]]:
        raise Refused("ask_separator", choices=[",", ";", "tab", "|"])
    return ranked[0]


def rows_of_text(source: Iterable[str], separator: str, limits: Limits) -> Iterator[list[str]]:
    """Every record as a list of cells; the ``sep=`` line is given as an empty record so that row numbers stay true.

    A quotation mark that is opened and not closed would make one cell of all the lines that follow: a record whose cell
    holds lines that look like records themselves, or that reaches the end of the file unclosed, is refused.
    """
    csv.field_size_limit(FIELD_LIMIT)
    lines = _Lines(source)
    reader = csv.reader(lines, delimiter=separator)
    first, width, before = True, 0, 0
    try:
        for cells in reader:
            if first and re.fullmatch(r"(?i)\ufeff?sep=.?", separator.join(cells[:1])):
                cells = []
            elif not width and len(cells) > 2:
                width = len(cells)
            first = False
            if reader.line_num > before + 1 and _swallows(cells, separator, width, lines):
                raise Refused("quotes", row=before + 1)
            before = reader.line_num
            lines.marks = 0
            if len(cells) > limits.columns and any(cells[limits.columns :]):
                raise Refused("too_wide", columns=len(cells), limit=limits.columns)
            yield [unescape(cell) if cell[:1] == "'" else cell for cell in cells[: limits.columns]]
    except csv.Error as error:
        raise Refused("quotes", row=before + 1) from error


class _Lines:
    """The lines of a text, line ends and all, and how many quotation marks those handed out since the last record hold."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.marks = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if '"' in line:
            self.marks += line.count('"')
        return line


def _swallows(cells: list[str], separator: str, width: int, lines: _Lines) -> bool:
    """Whether a record of several lines took up records that follow it."""
    if lines.marks % 2:
        return True
    if width < 3:
        return False
    inner = (line for cell in cells if "\n" in cell or "\r" in cell for line in cell.splitlines())
    return any(line.count(separator) >= width - 1 for line in inner)
