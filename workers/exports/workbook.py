"""Writes a list as .xlsx: rows as they come, each cell of its type, who asked and what for on the second sheet.

xlsxwriter makes the workbook without its rows: sheets, looks, page set-up, the page about the file. The rows are put in
between, as PostgreSQL's COPY writes them, a block of text at a time: so a row costs a tenth of what the library takes, and
memory does not grow with the rows. Every text is an inline string whatever it begins with, so no cell can be a formula or a
link; columns of text also have the format of text, so that a cell which somebody edits stays one.
"""

import io
import itertools
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO, Final

import xlsxwriter
from django.utils.translation import gettext as _

from workers.sheets.addresses import column_letters
from workers.sheets.remainder import sheet_name

from .listings import DAY, NUMBER, WHOLE, Cell, Plan
from .rows import lines

LONGEST_HEADER: Final = 200  # of a page's head when it is printed; a spreadsheet program takes 255
LONGEST_CELL: Final = 32_767
WIDEST, NARROWEST = 32, 12
PATTERNS: Final = {DAY: "yyyy-mm-dd", NUMBER: "0.00######", WHOLE: "0"}
PACKED: Final = 1  # of nine: twice as quick as the next that is notably smaller
BLOCK: Final = 512  # rows made by hand that are written at once
FIRST_DAY: Final = date(1899, 12, 30)

ROWS_HERE: Final = re.compile(rb'<row r="2".*?</row>', re.DOTALL)
AREA: Final = re.compile(rb'(<dimension ref="A1:[A-Z]+)[0-9]+"')
CONTROLS: Final = bytes(set(range(0x20)) - {0x09, 0x0A})
WORDS: Final = re.compile(rb"><v>(?!-?[0-9.]+(?:[eE][-+]?[0-9]+)?<)([^<]*)</v>")
BEFORE: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
UNHOLDABLE: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
CODED: Final = re.compile(rb"_(?=x[0-9A-Fa-f]{4}_)")
BACKSLASHED: Final = re.compile(rb"\\(.)")
SIGNS: Final = {
    b"n": b"&#10;", b"t": b"&#9;", b"r": b"&#13;", b"b": b"_x0008_", b"f": b"_x000C_", b"v": b"_x000B_", b"\\": b"\\",
}  # fmt: skip
BLANKS: Final = tuple(
    form % told for form in (b' t="inlineStr"><is><t>%b</t></is></c>', b"><v>%b</v></c>") for told in (b"\\N", b"")
)
SPACED: Final = re.compile(rb"<t>(?=(?: |&#\d+;)[^<]*|[^<]*(?: |&#\d+;)</t>)")
EDGES: Final = (b"<t> ", b"<t>&#", b" </t>", b";</t>")


@dataclass(frozen=True, slots=True)
class Mark:
    """What the file says of itself: its title, a line for the head and one for the foot of a printed page, and facts."""

    title: str
    head: str
    foot: str
    facts: Sequence[tuple[str, str]]


def copy(target: BinaryIO, plan: Plan, mark: Mark, number: int, say: Callable[[int], None] | None = None) -> int:
    """The rows of a plan as PostgreSQL writes them; answers how many there are. ``number`` is what was counted: the file
    says it of itself, so one that holds other than that is not to be handed out. ``say`` is told how far it is."""

    def made(styles: list[bytes]) -> Iterator[tuple[bytes, int]]:
        template, at = _template(plan.cells, styles), 2
        for text, held in lines(plan):
            yield _marked_up(text, template, at), held
            at += held
            if say is not None:
                say(at - 2)

    return _filled(target, plan.cells, mark, number, made)


def write(target: BinaryIO, cells: Sequence[Cell], rows: Iterable[tuple], mark: Mark, number: int) -> int:
    """The same of rows that were made here."""

    def made(styles: list[bytes]) -> Iterator[tuple[bytes, int]]:
        template, at, left = _template(cells, styles), 2, iter(rows)
        days = [cell.form == DAY for cell in cells]
        numbers = [place for place, cell in enumerate(cells) if cell.form in PATTERNS]
        while some := list(itertools.islice(left, BLOCK)):
            xml = _marked_up("".join([_line(row, days) for row in some]).encode(), template, at)
            if any(type(row[place]) is str for row in some for place in numbers):
                # What stands in a column of numbers or days and is none (a month in words) is text.
                xml = WORDS.sub(rb' t="inlineStr"><is><t>\1</t></is>', xml)
            yield xml, len(some)
            at += len(some)

    return _filled(target, cells, mark, number, made)


def _line(row: tuple, days: list[bool]) -> str:
    """A row as COPY would write it; what is not there is as blank as an empty text."""
    cells = [v if type(v) is str else "" if v is None else _told(v, day) for v, day in zip(row, days, strict=True)]
    line = "\t".join(cells)
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") != len(cells) - 1:
        line = "\t".join([cell.translate(BEFORE) for cell in cells])
    return line + "\n"


def _told(value: Any, day: bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if day and isinstance(value, date):
        return str(((value.date() if isinstance(value, datetime) else value) - FIRST_DAY).days)
    return str(value)


def _filled(target: BinaryIO, cells: Sequence[Cell], mark: Mark, number: int, made: Any) -> int:
    """The frame with the rows in their place."""
    written = 0
    with (
        zipfile.ZipFile(_frame(cells, mark, number)) as frame,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=PACKED) as book,
    ):
        for info in frame.infolist():
            content = frame.read(info)
            if info.filename != "xl/worksheets/sheet1.xml":
                book.writestr(info.filename, content)
                continue
            here = ROWS_HERE.search(content)
            assert here is not None
            with book.open(info.filename, "w") as part:
                part.write(AREA.sub(rb'\g<1>%d"' % (number + 1), content[: here.start()]))
                for xml, held in made(re.findall(rb' s="(\d+)"', here.group())):
                    part.write(xml)
                    written += held
                part.write(content[here.end() :])
    return written


def _frame(cells: Sequence[Cell], mark: Mark, number: int) -> io.BytesIO:
    """The workbook with its headers, a row of blank cells that tells how each column looks, and the page about itself."""
    frame = io.BytesIO()
    with xlsxwriter.Workbook(
        frame, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold, wide = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
        looks = {form: book.add_format({"num_format": PATTERNS.get(form, "@")}) for form in {c.form for c in cells}}
        sheet, about = book.add_worksheet(sheet_name(mark.title)), book.add_worksheet(sheet_name(_("About this file")))
        for place, cell in enumerate(cells):
            width = min(WIDEST, max(NARROWEST, len(cell.header) + 2))
            sheet.set_column(place, place, width, looks[cell.form])
            sheet.write_string(0, place, cell.header, bold)
            sheet.write_blank(1, place, None, looks[cell.form])
        about.set_column(0, 0, 28, bold)
        about.set_column(1, 1, 100, wide)
        facts = [(_("About this file"), _("Value")), (_("Rows"), str(number)), *mark.facts]
        for row, (label, value) in enumerate(facts):
            about.write_string(row, 0, label, bold)
            about.write_string(row, 1, value[:LONGEST_CELL], wide if row else bold)
        sheet.freeze_panes(1, 1)
        about.freeze_panes(1, 0)
        for each in (sheet, about):
            each.set_landscape()
            each.repeat_rows(0)
            each.fit_to_pages(1, 0)
            each.set_header(_code("&L", mark.head))
            each.set_footer(_code("&L", mark.foot) + "&R&P / &N")
    return frame


def _code(place: str, text: str) -> str:
    """A line for the head or foot of a page; an ampersand there begins a command unless it is doubled."""
    plain = "".join(sign for sign in text if sign >= " ")[:LONGEST_HEADER]
    doubled = plain.replace("&", "&&")
    return place + (doubled if len(doubled) <= LONGEST_HEADER else plain.replace("&", "+"))


def _template(cells: Sequence[Cell], styles: list[bytes]) -> bytes:
    """A row: ``#`` stands for its number, ``%b`` for each of its cells."""
    number, text = b'<c r="%b#" s="%b"><v>%%b</v></c>', b'<c r="%b#" s="%b" t="inlineStr"><is><t>%%b</t></is></c>'
    parts = [
        (number if cell.form in PATTERNS else text) % (column_letters(place).encode(), styles[place])
        for place, cell in enumerate(cells)
    ]
    return b'<row r="#">' + b"".join(parts) + b"</row>"


def _marked_up(text: bytes, template: bytes, at: int) -> bytes:
    """Rows as COPY writes them in text (a tab between cells, ``\\N`` for what is not there, a backslash before what could
    be mistaken), as rows of a sheet. What few blocks hold is looked for in the block, not in each cell."""
    rows = text.split(b"\n")
    if len(max(rows, key=len)) > LONGEST_CELL:
        text = b"\n".join(map(_cut, rows))
    text = _escaped(text)
    xml = b"".join(
        [
            template.replace(b"#", b"%d" % number) % tuple(row.split(b"\t"))
            for number, row in enumerate(text.split(b"\n")[:-1], start=at)
        ]
    )
    for blank in (
        b' t="inlineStr"><is><t>\\N</t></is></c>',
        b' t="inlineStr"><is><t></t></is></c>',
        b"><v>\\N</v></c>",
    ):
        xml = xml.replace(blank, b"/>")
    if b"\\" in xml:
        xml = BACKSLASHED.sub(lambda found: SIGNS.get(found.group(1), found.group(1)), xml)
    return _edged(xml)


def _cut(row: bytes) -> bytes:
    cells = (c if len(c) <= LONGEST_CELL else c.decode()[:LONGEST_CELL].rstrip("\\").encode() for c in row.split(b"\t"))
    return b"\t".join(cells)


def _escaped(text: bytes) -> bytes:
    """Text without what means something in XML, or what XML cannot hold at all: that is written as its code, and so is the
    sign by which a code would be known (ECMA-376 part 1, 22.4.2.4)."""
    if b"_x" in text:
        text = CODED.sub(b"_x005F_", text)
    for sign, name in ((b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;")):
        if sign in text:
            text = text.replace(sign, name)
    if b"\xef\xbf" in text or len(text.translate(None, CONTROLS)) != len(text):
        text = UNHOLDABLE.sub(lambda found: b"_x%04X_" % ord(found.group().decode()), text)
    return text


def _edged(xml: bytes) -> bytes:
    """Blanks at the beginning or the end of a text are part of it."""
    if any(sign in xml for sign in EDGES):
        xml = SPACED.sub(b'<t xml:space="preserve">', xml)
    return xml
