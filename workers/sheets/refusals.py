"""The sentences with which a file is refused: what was found and what to do. One list, all translatable."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _


class SheetRefused(Exception):
    """A file that is not read. ``message`` is for the person who sent it; ``code`` and ``params`` are for the page,
    which may offer an answer (``ask_separator``, ``ask_encoding``, ``no_header``, ``no_such_sheet``)."""

    def __init__(self, message: str, code: str = "refused", **params: object) -> None:
        super().__init__(message)
        self.message, self.code, self.params = message, code, params


SENTENCES: dict[str, Callable[[], str]] = {
    "empty": lambda: _("The file is empty. Check that you saved the list before sending it."),
    "too_big": lambda: _(
        "The file has %(megabytes)s MB; at most %(limit)s MB are read. Split the list into several files, "
        "and take pictures out of it."
    ),
    "too_many_rows": lambda: _("The sheet has more than %(limit)s rows. Split the list into several files."),
    "too_wide": lambda: _(
        "The sheet uses %(columns)s columns; at most %(limit)s are read. Delete the columns to the right of your list, "
        "also those that look empty."
    ),
    "stretched": lambda: _(
        "The sheet says it covers %(area)s, which is more than can be read. Often a stray entry stands far to the "
        "right "
        "or far down. Copy only your list into a new workbook and send that."
    ),
    "memory": lambda: _(
        "Reading the file needs more memory than is allowed. Copy only your list into a new workbook and send that."
    ),
    "too_slow": lambda: _(
        "Reading the file takes longer than is allowed. Copy only your list into a new workbook and send that."
    ),
    "damaged": lambda: _(
        "The file is damaged or was not sent completely. Open it in your spreadsheet program, save it anew and send "
        "it again."
    ),
    "length_of_time": lambda: _(
        "A number in row %(row)s of the sheet “%(sheet)s” is formatted as a length of time, and no time is so long. Format "
        "the cells of that row as text or as a number, and send the file again."
    ),
    "unreadable": lambda: _("The file could not be opened. Send it again."),
    "bomb_entries": lambda: _(
        "The workbook consists of %(entries)s parts; at most %(limit)s are read. "
        "Copy only your list into a new workbook and send that."
    ),
    "bomb_size": lambda: _(
        "Unpacked, the workbook has %(megabytes)s MB; at most %(limit)s MB are read. Delete empty rows that carry only "
        "formatting, or copy only your list into a new workbook."
    ),
    "bomb_ratio": lambda: _(
        "A part of the workbook is packed %(ratio)s to one, which real lists never are (at most %(limit)s). "
        "Copy only your list into a new workbook and send that."
    ),
    "only_hidden": lambda: _(
        "The visible sheets of the workbook are blank; these are hidden: %(sheets)s. Unhide the one with the list and send "
        "the file again."
    ),
    "too_many_sheets": lambda: _(
        "The workbook has %(sheets)s visible sheets; at most %(limit)s are read. Hide or delete those that are no lists."
    ),
    "path_names": lambda: _(
        "The file names parts outside of itself, which no spreadsheet program does. It is not read."
    ),
    "nested": lambda: _(
        "The workbook has other files packed inside. Copy only your list into a new workbook and send that."
    ),
    "entities": lambda: _(
        "The workbook declares its own document type, which no spreadsheet program does. It is not read."
    ),
    "encrypted": lambda: _("The workbook is locked with a password. Save a copy without a password and send that."),
    "macros": lambda: _(
        "The workbook contains macros, that is, programs. Save it as “Excel Workbook (.xlsx)” and send that."
    ),
    "xlsb": lambda: _("This is a binary workbook (.xlsb). Save it as “Excel Workbook (.xlsx)” and send that."),
    "external_links": lambda: _(
        "The workbook takes values from other workbooks. Copy the list, paste it as values into a new workbook, "
        "and send that."
    ),
    "html": lambda: _(
        "This is a web page, whatever its name says. Open it in your spreadsheet program and save it as .xlsx."
    ),
    "xml": lambda: _("This is an XML file, not a workbook. Open it in your spreadsheet program and save it as .xlsx."),
    "pdf": lambda: _("This is a PDF. Send the spreadsheet it was made from (.xlsx, .ods, .xls or .csv)."),
    "picture": lambda: _("This is a picture. Send the spreadsheet it was made from (.xlsx, .ods, .xls or .csv)."),
    "document": lambda: _(
        "This is a text document or a presentation. Copy the table into a spreadsheet and send that."
    ),
    "numbers": lambda: _(
        "This is a document of Numbers. Export it there as Excel (File, Export To, Excel) and send that file."
    ),
    "archive": lambda: _("This is an archive. Unpack it and send the spreadsheet inside."),
    "not_workbook": lambda: _("This is not a spreadsheet. Send a file saved as .xlsx, .ods, .xls or .csv."),
    "no_such_sheet": lambda: _("The workbook has no sheet called “%(sheet)s”."),
    "ask_encoding": lambda: _(
        "It cannot be told in which character encoding this text file was written. Choose one, or save the list as "
        ".xlsx."
    ),
    "wrong_encoding": lambda: _(
        "The file cannot be read as %(encoding)s. Choose another encoding, or save the list as .xlsx."
    ),
    "ask_separator": lambda: _(
        "It cannot be told which sign stands between the columns (comma, semicolon, tab or |). Choose it."
    ),
    "quotes": lambda: _(
        "Near line %(row)s a quotation mark is opened and not closed, so the cells cannot be told apart. Mend that "
        "line."
    ),
    "no_header": lambda: _(
        "None of the first %(rows)s rows of the sheet “%(sheet)s” holds the names of at least two columns. "
        "Expected are names such as: %(columns)s. Point at the row with the column names, or name them so."
    ),
    "no_header_in_text": lambda: _(
        "None of the first %(rows)s lines of the file holds the names of at least two columns. "
        "Expected are names such as: %(columns)s. Point at the line with the column names, or name them so."
    ),
    "no_header_below": lambda: _("Row %(row)s holds nothing, so it cannot be the row of column names."),
    "missing_columns": lambda: _(
        "These columns are missing: %(columns)s. Add them, or say which of your columns they are."
    ),
    "duplicate_headers": lambda: _("Two columns mean the same: %(columns)s. Rename or delete one of them."),
}


def refusal(code: str, **params: object) -> SheetRefused:
    """The exception for a code, with its sentence in the reader's language. Unknown codes become ``damaged``."""
    sentence = SENTENCES.get(code, SENTENCES["damaged"])
    try:
        message = sentence() % params
    except (KeyError, ValueError, TypeError):
        message = SENTENCES["damaged"]()
    return SheetRefused(message, "no_header" if code == "no_header_in_text" else code, **params)
