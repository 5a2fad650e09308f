"""The list of people that the benches send: 20 columns, every person new and every number its own, as .xlsx and as .csv."""

import csv
import io
from datetime import date, timedelta

import tablib
import xlsxwriter
from python_calamine import CalamineWorkbook

from workers.sheets.kinds import COLUMNS

TODAY = date(2026, 7, 1)
HEADERS = (
    "Worker ID", "Family name", "Given names", "Sex", "Date of birth", "Nationality", "Passport number",
    "Passport country", "Passport expiry", "National ID", "Phone", "Email", "Village", "Province", "Languages",
    "Marital status", "Dependants", "Home monthly income", "Home income currency", "Registered on",
)  # fmt: skip
# Header -> the key of its column in ``sheet``.
CODES = {column.header: column.key for column in COLUMNS["workers"].columns}
PERSON = {
    "worker_code": "Worker ID", "family_name": "Family name", "given_names": "Given names", "sex": "Sex",
    "birth_date": "Date of birth", "nationality": "Nationality", "village": "Village", "province": "Province",
    "languages": "Languages", "registered_on": "Registered on",
}  # fmt: skip


def workbook(rows: int, after: int = 0) -> bytes:
    """A list of ``rows`` people with 20 columns, numbered on from ``after``; every person is new, every number its own."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("Workers")
        sheet.write_row(0, 0, HEADERS)
        for n in range(1, rows + 1):
            sheet.write_row(n, 0, _row(after + n))
    return buffer.getvalue()


def textfile(rows: int, after: int = 0) -> bytes:
    """The same list as a text file, made in a tenth of the time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEADERS)
    writer.writerows(_row(after + n) for n in range(1, rows + 1))
    return buffer.getvalue().encode()


def _row(n: int) -> list[object]:
    born = date(1975, 1, 1) + timedelta(days=n * 37 % 11_000)
    expires = date(2028, 1, 1) + timedelta(days=n * 17 % 1500)
    registered = date(2026, 1, 1) + timedelta(days=n % 100)
    family, given = f"Fa{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}leolo", f"Si{chr(97 + n // 7 % 26)}one"
    return [
        f"I-{n:07d}", family, given, "FM"[n % 2], born, "TO", f"P{n:07d}", "TO", expires, f"N{n:07d}",
        f"+67677{n:07d}", f"w{n}@example.org", f"Village {n % 900}", "Tongatapu", "Tongan, English",
        ("married", "single")[n % 2], n % 6, 200 + n % 700 + 0.5, "TOP", registered,
    ]  # fmt: skip


def parsed(content: bytes) -> tablib.Dataset:
    """The file as a data set, read with the quick parser in the peer's favour (its own is ten times slower)."""
    return tablib.Dataset(*parsed_rows(content), headers=HEADERS)


def parsed_rows(content: bytes) -> list[list]:
    """The rows below the headers; whole numbers come as such."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:]
    return [[*row[:16], int(row[16]), *row[17:]] for row in rows]  # type: ignore[arg-type]
