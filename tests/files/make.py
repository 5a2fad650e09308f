"""Makes the spreadsheets the tests read: good ones, and such as arrive from the field.

``python -m tests.files.make`` writes them beside itself (they are small and committed). All people are invented. The first
dozen stand here; the others in the ``book_*`` modules, one function a file. The old .xls need a writer that is no
dependency of the portal (``uv run --with xlwt --with xlsxwriter python -m tests.files.make``) and stay as they are without it.
"""

import codecs
import datetime
import sys

from tests.files import book_cells, book_kinds, book_layout, book_texts, book_workbooks
from tests.files.casebook import CASES, HERE, D, archive, book, case, fill

BOOKS = (book_layout, book_cells, book_texts, book_workbooks, book_kinds)

WORKERS = [
    "Worker ID",
    "Family name",
    "Given names",
    "Name as in passport",
    "Sex",
    "Date of birth",
    "Nationality",
    "Passport number",
    "Passport country",
    "Passport expiry",
    "National ID",
    "Phone",
    "Email",
    "Village",
    "Province",
    "Languages",
    "Marital status",
    "Dependants",
    "Home monthly income",
    "Home income currency",
    "Recruiter",
    "Cohort",
    "Registered on",
    "Consent date",
    "Consent version",
    "Consent language",
]
# One line a person, cells separated by |; the columns are those of WORKERS.
_PEOPLE = """
TON-001|Faleolo|Sione Tevita|FALEOLO SIONE TEVITA|M|1994-05-17|Tonga|P123456|Tonga|2031-02-28|"0184466|+676 777 1234|\
sione@example.org|Kolovai|Tongatapu|Tongan, English|married|3|450|TOP|Pacific Hands|Apples 2026|2026-01-12|2026-01-12|"2|Tongan
TON-002|Taufa|Mele|TAUFA MELE|F|1999-02-28|Tonga|P123457|Tonga|2030-07-01|"0184467|+676 777 1235|\
|Kolovai|Tongatapu|Tongan|single|0|380.5|TOP|Pacific Hands|Apples 2026|2026-01-12|2026-01-12|"2|Tongan
TON-003|ʻUlukivaiola|Ana Fōtu|ULUKIVAIOLA ANA FOTU|F|2001-12-31|TO|P123458|TO|2033-01-05||+676 777 1236 / +676 888 1236|\
|Haʻapai|Haʻapai|Tongan||1|||Pacific Hands|Apples 2026|2026-01-13|2026-01-13|"2|Tongan
TON-004||Lupe|LUPE|F|1988-02-29|Tongan|P123459|Tonga|2029-09-30|||\
|Neiafu|Vavaʻu||widowed|4|"1,200.00|TOP|Pacific Hands|Apples 2026|2026-01-13|2026-01-13|"2|English
"""


def _cell(text):
    """Dates and numbers as such; a quotation mark in front keeps the rest as text."""
    if text.startswith('"'):
        return text[1:]
    try:
        return D.fromisoformat(text) if text[4:5] == "-" and len(text) == 10 else float(text)
    except ValueError:
        return text


PEOPLE = [[_cell(text) for text in line.split("|")] for line in _PEOPLE.split("\n") if line]


def workers_good(folder):
    made = book(folder / "workers_good.xlsx")
    fill(made.add_worksheet("Workers"), [WORKERS, *PEOPLE], made.add_format({"num_format": "dd mmm yyyy"}))
    made.close()


def workers_two_headers(folder):
    """A title, two rows of headers under merged cells, blank lines, a repeated header, a hidden row and totals."""
    made = book(folder / "workers_two_headers.xlsx")
    sheet = made.add_worksheet("Pool")
    dates = made.add_format({"num_format": "dd/mm/yyyy"})
    sheet.merge_range(0, 0, 0, 7, "WORK READY POOL 2026", None)
    sheet.write(1, 0, "updated by LSU")
    sheet.merge_range(3, 0, 4, 0, "Worker ID", None)
    sheet.merge_range(3, 1, 3, 2, "Name", None)
    sheet.merge_range(3, 3, 3, 4, "Passport", None)
    sheet.merge_range(3, 5, 4, 5, "DOB", None)
    sheet.merge_range(3, 6, 4, 6, "Home monthly income", None)
    sheet.merge_range(3, 7, 4, 7, "Home income currency", None)
    for c, text in ((1, "Family name"), (2, "Given names"), (3, "number"), (4, "country")):
        sheet.write(4, c, text)
    fill(sheet, [["V-01", "Kalo", "Jean", "RV0123451", "VU", D(1990, 3, 4), 30000, "VUV"]], dates, 5)
    fill(sheet, [["V-02", "Tari", "Annie", "RV0123452", "VU", D(1991, 3, 4), 32000, "VUV"]], dates, 8)
    sheet.write_row(9, 0, ["Worker ID", "Name", "", "Passport"])
    fill(sheet, [["V-03", "Natu", "Rose", "RV0123453", "VU", D(1992, 3, 4), 28000, "VUV"]], dates, 10)
    sheet.set_row(10, None, None, {"hidden": True})
    sheet.write(12, 0, "TOTAL:")
    sheet.write_formula(12, 6, "=SUM(G6:G11)", None, 90000)
    sheet.write_number(13, 6, 30000)
    made.close()


MESSES = [
    # what the row tries, row by row
    ["M-01", "Okafor", "Ben", "03/04/2024", "1", "Tk 4 lakh", "", "01/02/1990", "ok"],
    ["M-02", "Okafor", "Eve", "31/04/2024", "F", "K500–3,000", "PGK", "29/02/2023", ""],
    ["M-03", "12345", "Tom", "mid Feb", "Male", "-50", "VUV", "13/05/85", "pregnant, sent home"],
    ["M-04", "Ram", "Hari", 45383, "M", "1.500", "NPR", "15/08/2567", ""],
    ["M-05", "Ram", "Sita", "9999-12-31", "F", "4,16,789", "BDT", "2045-01-01", ""],
    ["M-01", "Twice", "Ben", "2024-04-03", "M", "1.500,00", "EUR", "3 avril 1990", ""],
    ["", "Nobody", "Known", "2024-04-03", "M", "", "", "1990-01-01", ""],
    ["M-08", "=1+1", "Eve", "2024-04-03", "wombat", "twelve", "dollars", "", ""],
    ["M-09", "Sep", "Ana", "#REF!", "F", "1,2,3", "TOP", "0001-01-01", ""],
    ["M-10", "Fine", "Row", "2024-04-03", "F", "NZ$ 1,500.50", "", "17 May 1994", "speaks two languages"],
]
MESS_HEADERS = [
    "Worker No.",
    "SURNAME",
    "first name",
    "Registration date",
    "M/F",
    "Income",
    "Income currency",
    "D.O.B.",
    "Comments",
]


def workers_messy(folder):
    """Every mess of the field in one list."""
    made = book(folder / "workers_messy.xlsx", strings_to_formulas=False)
    sheet = made.add_worksheet("list")
    fill(sheet, [MESS_HEADERS, *MESSES], None)
    made.close()


def text_files(folder):
    """The same people as text: encodings and separators that can be told apart, and some that cannot."""
    rows = [["Worker ID", "Nom", "Prénoms", "Revenu mensuel", "Devise"]]
    rows += [["V-01", "Kaló", "Jean-Noël", "1.500,00", "VUV"], ["V-02", "Tari", "Zoé", "12 000,50", "VUV"]]
    semicolons = "\r\n".join(";".join(row) for row in rows) + "\r\n"
    (folder / "workers_semicolon_cp1252.csv").write_bytes(semicolons.encode("cp1252"))
    tabs = semicolons.replace(";", "\t")
    (folder / "workers_utf16.tsv").write_bytes(codecs.BOM_UTF16_LE + tabs.encode("utf-16-le"))
    (folder / "workers_bom.csv").write_bytes(codecs.BOM_UTF8 + ("sep=;\r\n" + semicolons).encode())
    (folder / "workers_pipe.csv").write_bytes(semicolons.replace(";", "|").encode())
    (folder / "no_separator.csv").write_bytes(b"Worker ID\r\nV-01\r\nV-02\r\n")
    (folder / "shift_jis.csv").write_bytes(
        "Worker ID,名前,住所\r\nJ-01,山田太郎,東京都\r\nJ-02,鈴木一郎,大阪府\r\n".encode("shift_jis")
    )


def moves_words(folder):
    """Steps in the words of the field."""
    made = book(folder / "moves_words.xlsx")
    rows = [["Worker ID", "Status", "Date", "Known on", "Reason", "Remarks"]]
    rows += [
        ["TON-001", "visa lodged", D(2026, 3, 2), "", "", ""],
        ["TON-002", "AWOL", D(2026, 3, 2), D(2026, 3, 5), "low pay", "left at night"],
        ["TON-003", "gone home?", D(2026, 3, 2), "", "", ""],
        ["TON-004", "removed", D(2026, 3, 2), "", "", ""],
        ["TON-001", "Visa Granted", D(2026, 3, 20), "", "", ""],
        ["TON-001", "visa_lodged", D(2026, 3, 2), "", "", ""],
        ["TON-002", "zzz", D(2026, 3, 2), D(2026, 3, 1), "because", "beaten by supervisor"],
    ]
    fill(made.add_worksheet("moves"), rows, made.add_format({"num_format": "yyyy-mm-dd"}))
    made.close()


def pay_good(folder):
    """Pay slips with one column per deduction, and hours as clock times."""
    made = book(folder / "pay_good.xlsx")
    sheet = made.add_worksheet("pay")
    rows = [
        [
            "Worker ID",
            "Period start",
            "Period end",
            "Hours worked",
            "Rate",
            "Gross",
            "Deduction: rent",
            "Deduction: Airfare",
            "Net",
            "Currency",
            "Paid to",
        ]
    ]
    rows += [["TON-001", D(2026, 4, 6), D(2026, 4, 12), 40.5, 24.1234, 977, 150, 50, 777, "NZD", "bank"]]
    rows += [["TON-002", D(2026, 4, 6), D(2026, 4, 12), "38:30", "24.00", 924, 150, "", 774, "NZD", "cash"]]
    fill(sheet, rows, made.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_datetime(3, 3, datetime.time(7, 30), made.add_format({"num_format": "hh:mm"}))
    sheet.write_row(3, 0, ["TON-003", "2026-04-06", "2026-04-12"])
    made.close()


def villages(folder):
    """One sheet per village, the first of them empty, one hidden."""
    made = book(folder / "villages.xlsx")
    made.add_worksheet("Cover")
    for name in ("Kolovai", "Neiafu", "old"):
        sheet = made.add_worksheet(name)
        fill(sheet, [WORKERS[:3], [f"{name[:3].upper()}-1", "Fifita", "Sela"]], None)
    sheet.hide()
    made.close()


ODS_CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Workers">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


def ods(folder):
    """A small .ods, written by hand."""

    def cell(value):
        if isinstance(value, D):
            kind = f'office:value-type="date" office:date-value="{value}"'
        elif isinstance(value, int | float):
            kind = f'office:value-type="float" office:value="{value}"'
        else:
            kind = 'office:value-type="string"'
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"

    rows = "".join(f"<table:table-row>{''.join(map(cell, row[:8]))}</table:table-row>" for row in [WORKERS, *PEOPLE])
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": ODS_CONTENT.format(rows=rows),
        "META-INF/manifest.xml": manifest,
    }
    archive(folder / "workers.ods", parts)


def xls(folder):
    """An old .xls."""
    import xlwt

    made = xlwt.Workbook()
    sheet = made.add_sheet("Workers")
    style = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for r, row in enumerate([WORKERS, *PEOPLE]):
        for c, value in enumerate(row):
            sheet.write(r, c, value, *((style,) if isinstance(value, D) else ()))
    made.save(str(folder / "workers_old.xls"))


OWN = {
    workers_good: {"workers_good.xlsx": "A good list: every column of the contract filled."},
    workers_two_headers: {
        "workers_two_headers.xlsx": "A title, two rows of names under merged cells, a hidden row, totals."
    },
    workers_messy: {"workers_messy.xlsx": "Every mess of the field in one list."},
    text_files: {
        "workers_semicolon_cp1252.csv": "Semicolons in Western European.",
        "workers_utf16.tsv": "Tabs in UTF-16.",
        "workers_bom.csv": "UTF-8 with a mark and the separator named.",
        "workers_pipe.csv": "Upright strokes.",
        "no_separator.csv": "One column.",
        "shift_jis.csv": "Japanese, names of columns and all.",
    },
    villages: {"villages.xlsx": "One sheet a village, the first of them empty, one hidden."},
    ods: {"workers.ods": "OpenDocument."},
    xls: {"workers_old.xls": "Excel 97."},
}
for maker, files in OWN.items():
    for file, about in files.items():
        case(file, about, same_bytes=maker is not xls)(lambda path, maker=maker: maker(path.parent))
case("moves_words.xlsx", "Steps in the words of the field.", kind="moves")(lambda path: moves_words(path.parent))
case("pay_good.xlsx", "Pay slips with hours as clock times.", kind="pay", by="omar")(lambda path: pay_good(path.parent))


def main(folder=HERE):
    """Writes every file of the book; those of an old format only where their writer is installed."""
    for each in CASES.values():
        try:
            each.make(folder / each.name)
        except ImportError as missing:
            sys.stderr.write(f"{each.name} stays as it is: {missing}\n")


if __name__ == "__main__":
    main()
