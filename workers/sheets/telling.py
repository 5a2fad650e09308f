"""What is said about a file before its cells are cleaned: which sheets were read, what is hidden, merged, coloured or
computed, and in which encoding the text was taken."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from .addresses import column_letters
from .columns import WHAT_TO_FIX, fold_header
from .layout import Header, some

ENCODINGS = {
    "cp1252": lambda: _("Western European (Windows)"),
    "cp1250": lambda: _("Central European (Windows)"),
    "cp1251": lambda: _("Cyrillic (Windows)"),
    "cp1254": lambda: _("Turkish (Windows)"),
    "cp1256": lambda: _("Arabic (Windows)"),
    "cp1258": lambda: _("Vietnamese (Windows)"),
    "cp850": lambda: _("Western European (DOS)"),
    "mac_roman": lambda: _("Western European (old Macintosh)"),
    "shift_jis": lambda: _("Japanese (Shift-JIS)"),
    "euc_jp": lambda: _("Japanese (EUC)"),
    "euc_kr": lambda: _("Korean"),
    "gb18030": lambda: _("Chinese (simplified)"),
    "big5": lambda: _("Chinese (traditional)"),
    "tis_620": lambda: _("Thai"),
    "utf-8": lambda: "UTF-8",
    "utf-16": lambda: "UTF-16",
}


def encoding_name(code: str) -> str:
    """An encoding in words, its code when there are none."""
    return ENCODINGS[code]() if code in ENCODINGS else code.upper()


def on_file(about: dict[str, Any], header: Header) -> list[str]:
    """Sentences about one sheet, before its first row."""
    notes = []
    if about.get("encoding") and about["encoding"] not in ("utf-8", "utf-16"):
        notes.append(
            _("The text was read as %(encoding)s. Check that accents are right.")
            % {"encoding": encoding_name(about["encoding"])}
        )
    if header.above:
        notes.append(_("Rows above the column names were left out: %(rows)s.") % {"rows": some(header.above)})
    if header.second_row:
        notes.append(
            _("Two rows of column names were read as one: %(rows)s.") % {"rows": some([header.row, header.second_row])}
        )
    if about.get("date1904"):
        notes.append(
            _(
                "This workbook counts days from 1904, as old Macintosh programs do. Dates were read so. Check one of them."
            )
        )
    notes += _on_cells(about, header.second_row or header.row)
    if any(fold_header(head) == fold_header(WHAT_TO_FIX) for head in header.headers):
        notes.append(_("The column “%(column)s” was left out.") % {"column": WHAT_TO_FIX})
    return notes


def on_comments(elsewhere: list[str], sheet: str) -> list[str]:
    """A sentence about comments that hang on no cell of the list: nobody is shown them."""
    if not elsewhere:
        return []
    note = _("Comments hang on cells outside the list: %(cells)s. They were not read.") % {"cells": some(elsewhere)}
    return [f"{sheet}: {note}" if sheet else note]


def _on_cells(about: dict[str, Any], below: int) -> list[str]:
    notes = []
    if about.get("formulas"):
        notes.append(
            _("Cells with formulas: %(count)s. The values last computed were read.") % {"count": about["formulas"]}
        )
    if errors := about.get("error_cells"):
        notes.append(
            _("Cells that show the error of a formula were read as blank: %(cells)s.") % {"cells": some(errors)}
        )
    if rows := [row for row in about.get("hidden_rows", ()) if row > below]:
        notes.append(
            _("Hidden rows were read like the others: %(rows)s. Delete them if they do not belong to the list.")
            % {"rows": some(rows)}
        )
    if columns := about.get("hidden_columns"):
        named = [
            column_letters(first) if first == last else f"{column_letters(first)}–{column_letters(last)}"
            for first, last in columns
        ]
        notes.append(_("Hidden columns were read like the others: %(columns)s.") % {"columns": some(named)})
    if about.get("anything_hidden"):
        notes.append(_("The file has hidden rows or columns. They were read like the others."))
    if about.get("annotations"):
        notes.append(
            _(
                "Comments on cells: %(count)s. Of this kind of file they are not read. If one tells of health or abuse, tell "
                "the safeguarding lead, or save the file as .xlsx and send that."
            )
            % {"count": about["annotations"]}
        )
    if about["kind"] == "xls":
        notes.append(
            _("Colours cannot be seen in an old workbook (.xls). If one means something, write it in a column.")
        )
    if about.get("unseen"):
        notes.append(
            _(
                "Comments on cells and hidden rows or columns could not be looked for in this old workbook (.xls). Save it as "
                ".xlsx and send that, so that you are told of them."
            )
        )
    if rows := [row for row in about.get("coloured_rows", ()) if row > below]:
        notes.append(
            _("Colours are not read. If a colour means something, write it in a column. Coloured rows: %(rows)s.")
            % {"rows": some(rows)}
        )
    merged = [area for area in about["merged"] if area[2] + 1 > below]
    if merged:
        notes.append(
            _("Merged cells below the column names: %(count)s. Each counts for every row that it covers.")
            % {"count": len(merged)}
        )
    return notes


def on_sheets(listed: list[dict[str, Any]], read: list[str], unlike: list[str]) -> list[str]:
    """Sentences about the other sheets of the file: those read together, and those that were not read, with why."""
    notes = []
    if len(read) > 1:
        notes.append(
            _("These sheets have the same columns and were read as one list: %(sheets)s.") % {"sheets": some(read)}
        )
    hidden = [each["name"] for each in listed if not each["visible"] and each["name"] not in read]
    blank = [each["name"] for each in listed if each["name"] not in {*read, *unlike, *hidden}]
    if unlike:
        notes.append(
            _("Read was “%(sheet)s”. Not read, because their columns are others: %(others)s.")
            % {"sheet": read[0], "others": some(unlike)}
        )
    if hidden:
        notes.append(
            _("Read was “%(sheet)s”. Not read, because they are hidden: %(others)s.")
            % {"sheet": read[0], "others": some(hidden)}
        )
    if blank:
        notes.append(_("Not read, because they hold no list: %(others)s.") % {"others": some(blank)})
    return notes
