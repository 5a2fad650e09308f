"""The portal's own reader and writer as formats of django-import-export, for the operators' lists.

A file that an operator sends is read like every other: by the bounded process, whatever it is called, in any of the formats
that people have. What is written are typed cells in a workbook, or text with formulas escaped. Handed to
``accounts.admin.OperatorSheets`` once, when the portal starts.
"""

import io
import tempfile
from typing import Any, Final

import tablib
from django.utils.translation import gettext as _
from import_export.formats.base_formats import Format

from workers.exports import textfile, workbook
from workers.exports.listings import Cell
from workers.exports.workbook import Mark
from workers.sheets.reading import read_sheet

NAMES_ROW = 1


class Sheet(Format):
    """What both formats share: reading. The names of columns stand in the first row, because no kind says which they are."""

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding  # named by the library; the reader tells encodings by itself

    def create_dataset(self, in_stream: bytes | str) -> tablib.Dataset:
        """The rows of a file; ``SheetRefused`` with a sentence where it cannot be read."""
        content = in_stream.encode() if isinstance(in_stream, str) else in_stream
        with tempfile.NamedTemporaryFile(prefix="operator-") as file:
            file.write(content)
            file.flush()
            with read_sheet(file.name, header_row=NAMES_ROW) as sheet:
                data = tablib.Dataset(headers=sheet.headers)
                for _number, cells in sheet.rows:
                    data.append(["" if cell is None else cell for cell in cells])
        return data

    def can_import(self) -> bool:
        """Yes."""
        return True

    def can_export(self) -> bool:
        """Yes."""
        return True


class Workbook(Sheet):
    """``.xlsx``, and for reading everything else that is a table."""

    CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def get_title(self) -> str:
        """As the list of formats names it."""
        return "xlsx"

    def get_extension(self) -> str:
        """The end of the file's name."""
        return "xlsx"

    def get_content_type(self) -> str:
        """The type of the answer."""
        return self.CONTENT_TYPE

    def export_data(self, dataset: tablib.Dataset, **options: Any) -> bytes:
        """The workbook. Every cell is text, a number or a date by its type."""
        target = io.BytesIO()
        title = dataset.title or _("List")
        workbook.write(target, _cells(dataset), _rows(dataset), Mark(title, title, "", ()), len(dataset))
        return target.getvalue()


class Text(Workbook):
    """``.csv``."""

    CONTENT_TYPE = "text/csv"

    def get_title(self) -> str:
        """As the list of formats names it."""
        return "csv"

    def get_extension(self) -> str:
        """The end of the file's name."""
        return "csv"

    def export_data(self, dataset: tablib.Dataset, **options: Any) -> bytes:
        """The text, in which nothing is a formula."""
        target = io.BytesIO()
        textfile.write(target, _cells(dataset), _rows(dataset))
        return target.getvalue()


FORMATS: Final[tuple[type[Format], ...]] = (Text, Workbook)


def _cells(dataset: tablib.Dataset) -> list[Cell]:
    return [Cell(header, header) for header in dataset.headers or []]


def _rows(dataset: tablib.Dataset) -> list[tuple]:
    # Widgets of the library answer text; what is no text stays what it is.
    return [tuple(None if cell == "" else cell for cell in row) for row in dataset]
