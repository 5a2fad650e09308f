"""Workbooks of other programs, written part by part, and files that are refused for what they are."""

import struct
import zipfile

from tests.files.casebook import CASES, D, archive, book, bytes_case, case, fill, plain_book

HEAD = ["Worker ID", "Family name", "Village"]
ROWS = [HEAD, ["WBK-1", "Vaka", "Kolovai"], ["WBK-2", "Moala", "Neiafu"]]
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def rewritten(path, changes, added=None, dropped=()):
    """A workbook with parts changed by functions of their text, added, or dropped."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist() if name not in dropped}
    for name, change in changes.items():
        parts[name] = change(parts[name].decode()).encode()
    archive(path, {**parts, **(added or {})})


def typed(path, main):
    """A workbook that says it is of another type."""
    plain_book(path, ROWS)
    rewritten(path, {"[Content_Types].xml": lambda text: text.replace(MAIN, main)})


@case(
    "strict_workbook.xlsx", "“Strict Open XML”, with other addresses of the same names and text written into the cells."
)
def strict(path):
    cells = "".join(
        f'<row r="{r}">' + "".join(
            f'<c r="{chr(65 + c)}{r}" t="inlineStr"><is><r><t>{text[:3]}</t></r><r><t xml:space="preserve">{text[3:]}</t></r></is></c>'
            for c, text in enumerate(row)) + "</row>"
        for r, row in enumerate(ROWS, 1)
    )  # fmt: skip
    place = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    main = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    archive(
        path,
        {
            "[Content_Types].xml": head + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{MAIN}"/></Types>',
            "_rels/.rels": head + links.format(f'<Relationship Id="rId1" Type="{place}/officeDocument" Target="xl/workbook.xml"/>'),
            "xl/_rels/workbook.xml.rels": head + links.format(f'<Relationship Id="rId1" Type="{place}/worksheet" Target="worksheets/sheet1.xml"/>'),
            "xl/workbook.xml": head + f'<workbook xmlns="{main}" xmlns:r="{place}" conformance="strict"><sheets>'
            '<sheet name="Blad 1" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/worksheets/sheet1.xml": head + f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
        },
    )  # fmt: skip


@case("protected_sheet.xlsx", "The sheet is protected against changes, which does not keep it from being read.")
def protected(path):
    made = book(path)
    sheet = made.add_worksheet("List")
    fill(sheet, ROWS, None)
    sheet.protect("secret")
    made.close()


OPEN_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"""
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'
)


def open_document(path, tables, manifest=""):
    """An .ods of these tables."""
    archive(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": OPEN_DOCUMENT.format(tables=tables),
            "META-INF/manifest.xml": MANIFEST.format(manifest),
        },
    )


def text_cell(text):
    """One cell of text."""
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def typed_cell(kind, name, value, shown):
    """One cell of another type."""
    return f'<table:table-cell office:value-type="{kind}" office:{name}="{value}"><text:p>{shown}</text:p></table:table-cell>'


@case(
    "open_document_types.ods",
    "OpenDocument: dates, times, money, per cent, ticks, repeated and hidden rows, a hidden table.",
)
def ods_types(path):
    head = ["Worker ID", "Family name", "Registered on", "Home monthly income", "Home income currency", "Dependants"]
    row = "<table:table-row>{}</table:table-row>"
    hidden = '<table:table-row table:visibility="collapse">{}</table:table-row>'
    first = [text_cell("WBK-1"), text_cell("Vaka"), typed_cell("date", "date-value", "2026-01-12", "12.01.26"),
             typed_cell("currency", "value", "450.5", "T$ 450,50"), text_cell("TOP"), typed_cell("float", "value", "3", "3")]  # fmt: skip
    second = [text_cell("WBK-2"), text_cell("Moala"), typed_cell("date", "date-value", "2026-01-12T15:30:00", "12.01.26 15:30"),
              typed_cell("percentage", "value", "0.5", "50%"), text_cell("TOP"), typed_cell("boolean", "boolean-value", "true", "WAHR")]  # fmt: skip
    rows = row.format("".join(map(text_cell, head))) + row.format("".join(first))
    rows += '<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="6"/></table:table-row>'
    rows += hidden.format("".join(second))
    rows += '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    tables = f'<table:table table:name="Liste">{rows}</table:table>'
    open_document(path, tables)


@case("open_document_locked.ods", "OpenDocument with a password.")
def ods_locked(path):
    open_document(
        path,
        "",
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>',
    )


def old_book(path, rows, **options):
    """An .xls of Excel 97. Its writer is no dependency: ``uv run --with xlwt --with xlsxwriter python -m tests.files.make``."""
    import xlwt

    made = xlwt.Workbook()
    made.dates_1904 = options.get("dates_1904", False)
    style = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for name, visible in options.get("sheets", {"List": 0}).items():
        sheet = made.add_sheet(name)
        sheet.visibility = visible
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                sheet.write(r, c, value, *((style,) if isinstance(value, D) else ()))
    made.save(str(path))


@case("days_from_1904.xls", "An old .xls that counts days from 1904.", same_bytes=False)
def xls_1904(path):
    days = (D(2024, 4, 3) - D(1904, 1, 1)).days
    old_book(path, [["Worker ID", "Family name", "Registered on"], ["WBK-1", "Vaka", days], ["WBK-2", "Moala", days + 2]], dates_1904=True)  # fmt: skip


def record(code, body):
    """One record of an old workbook."""
    return struct.pack("<HH", code, len(body)) + body


def old_comment(number, row, column, text):
    """The records of a comment on a cell, as Excel 97 writes them: an object, its text, and the note that names the cell."""
    letters = text.encode("utf-16-le")
    return (
        record(0x5D, struct.pack("<HHHHH12xHH", 0x15, 0x12, 0x19, number, 0, 0, 0))
        + record(0x1B6, struct.pack("<HH6xHH4x", 0x212, 0, len(text), 16))
        + record(0x3C, b"\x01" + letters)
        + record(0x3C, struct.pack("<HH4xHH4x", 0, 0, len(text), 0))
        + record(0x1C, struct.pack("<HHHHHB", row, column, 0, number, 0, 0) + b"\0")
    )


@case(
    "old_workbook_with_comments.xls",
    "An old .xls with comments on cells, one about health, a hidden row and a hidden column: all seen.",
    same_bytes=False,
)
def xls_comments(path):
    import xlwt

    made = xlwt.Workbook()
    sheet = made.add_sheet("Pool")
    rows = [["Worker ID", "Family name", "Given names", "Village"], ["OLD-1", "Vaka", "Ana", "Kolovai"],
            ["OLD-2", "Moala", "Sela", "Neiafu"], ["OLD-3", "Fonua", "Viliami", "Neiafu"]]  # fmt: skip
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    sheet.row(2).hidden = True
    sheet.col(3).hidden = True
    plain = sheet.get_biff_data
    hung = old_comment(1, 1, 1, "spelt as in the passport") + old_comment(2, 2, 2, "hurt his back, see clinic letter")
    sheet.get_biff_data = lambda: plain()[:-4] + hung + plain()[-4:]
    made.save(str(path))


@case("locked.xls", "An old .xls with a password: a record in it says so.", same_bytes=False)
def xls_locked(path):
    old_book(path, ROWS)
    content = path.read_bytes()
    at = content.index(b"\x42\x00\x02\x00")  # the record of the code page becomes that of a password
    path.write_bytes(content[:at] + b"\x2f\x00" + content[at + 2 :])


@case("cut_short.xls", "An old .xls of which the second half was not sent.", same_bytes=False)
def xls_cut(path):
    old_book(path, ROWS)
    path.write_bytes(path.read_bytes()[:2500])


@case("cut_short.xlsx", "A workbook of which the end was not sent.")
def cut(path):
    plain_book(path, ROWS)
    path.write_bytes(path.read_bytes()[:-300])


@case("cut_short.ods", "An OpenDocument sheet of which only the beginning was sent.")
def ods_cut(path):
    open_document(
        path, f'<table:table table:name="A"><table:table-row>{text_cell("Worker ID")}</table:table-row></table:table>'
    )
    path.write_bytes(path.read_bytes()[:400])


@case("damaged_inside.xlsx", "The archive is whole, the XML of its sheet breaks off.")
def broken(path):
    plain_book(path, ROWS)
    rewritten(path, {"xl/worksheets/sheet1.xml": lambda text: text[: text.index("WBK") if "WBK" in text else 600]})


@case("workbook_called_csv.csv", "A workbook under a text file's name.")
def called_csv(path):
    plain_book(path, ROWS)


@case("blank_workbook.xlsx", "A workbook without a single filled cell.")
def blank(path):
    plain_book(path, [])


@case("macros.xlsm", "A workbook with macros.")
def macros(path):
    typed(path, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    rewritten(path, {}, {"xl/vbaProject.bin": OLE + b"\0" * 64})


@case("macros_called_xlsx.xlsx", "A workbook with macros under another name.")
def hidden_macros(path):
    plain_book(path, ROWS)
    rewritten(path, {}, {"xl/vbaProject.bin": OLE + b"\0" * 64})


@case("binary.xlsb", "A binary workbook.")
def binary(path):
    typed(path, "application/vnd.ms-excel.sheet.binary.macroEnabled.main")


@case("values_from_elsewhere.xlsx", "A workbook that takes values from another one.")
def external(path):
    plain_book(path, ROWS)
    rewritten(path, {}, {"xl/externalLinks/externalLink1.xml": '<externalLink xmlns="x"/>'})


@case("entities.xlsx", "XML that declares entities, each ten of the one before.")
def entities(path):
    plain_book(path, ROWS)
    laughs = "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    begin = f'<!DOCTYPE x [<!ENTITY a "ha">{laughs}]>'
    rewritten(
        path, {"xl/sharedStrings.xml": lambda text: text.replace("?>", "?>" + begin, 1).replace("Kolovai", "&j;")}
    )


@case(
    "claims_four_gigabytes.xlsx",
    "The table of contents says that a sheet of a few hundred bytes unpacks to four gigabytes.",
)
def claims(path):
    plain_book(path, ROWS)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as made:
        true = made.getinfo("xl/worksheets/sheet1.xml").file_size
        start = made.start_dir
    at = content.index(true.to_bytes(4, "little"), start)
    content[at : at + 4] = (0xFFFF_0000).to_bytes(4, "little")
    path.write_bytes(content)


@case("web_page.xls", "A web page under a workbook's name, as many systems export.")
def web_page(path):
    path.write_bytes(b"<html><head><meta charset='utf-8'></head><body><table><tr><td>Worker ID</td><td>Family name</td></tr>"
                     b"<tr><td>WBK-1</td><td>Vaka</td></tr></table></body></html>")  # fmt: skip


@case("xml_spreadsheet.xls", "The XML spreadsheet of Excel 2003.")
def xml_2003(path):
    path.write_bytes(
        b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"/></Workbook>'
    )


def streams(*names):
    """Something that begins like an old Office file and names these streams."""
    return OLE + b"\0" * 504 + b"".join(n.encode("utf-16-le").ljust(128, b"\0") for n in names) + b"\0" * 512


bytes_case("locked.xlsx", "A workbook with a password.", streams("EncryptionInfo", "EncryptedPackage"))
bytes_case("letter.xls", "A Word document under a workbook's name.", streams("WordDocument"))
bytes_case("empty.xlsx", "A file of nothing.", b"")
bytes_case("paper.xlsx", "A PDF under a workbook's name.", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")
bytes_case("photo.xlsx", "A photo of a list.", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01")
bytes_case("program.csv", "A program.", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00")
bytes_case("shortcut.csv", "A shortcut to a sheet kept on the web: it holds an address and no list.", b'{"url": "https://docs.example/spreadsheets/d/abc", "doc_id": "abc"}\r\n')  # fmt: skip


@case("archive_with_a_list.zip", "An archive with a list inside.")
def zipped(path):
    archive(path, {"list.csv": "Worker ID,Family name\r\nWBK-1,Vaka\r\n"})


@case("apple_numbers.numbers", "A document of Apple's Numbers.")
def numbers(path):
    archive(
        path,
        {"Index/Document.iwa": b"\0" * 40, "Index/Tables/DataList.iwa": b"\0" * 40, "Metadata/Properties.plist": "x"},
    )


@case("workbook_in_a_workbook.xlsx", "A workbook with another one embedded.")
def nested(path):
    plain_book(path, ROWS)
    rewritten(path, {}, {"xl/embeddings/list.xlsx": path.read_bytes()})


assert CASES


def annotation(text):
    """A comment as OpenDocument hangs it on a cell: who and when, then its lines."""
    return f'<office:annotation office:display="false"><dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">office</dc:creator><text:p>{text}</text:p></office:annotation>'


@case(
    "open_document_with_comments.ods",
    "OpenDocument with comments on cells, one of them about health, after repeated cells and rows.",
)
def ods_comments(path):
    row = "<table:table-row>{}</table:table-row>"
    blank = '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/></table:table-row>'
    ill = f'<table:table-cell office:value-type="string">{annotation("in hospital since March")}<text:p>Neiafu</text:p></table:table-cell>'
    spelt = f'<table:table-cell office:value-type="string">{annotation("spelt as in the passport")}<text:p>Vaka</text:p></table:table-cell>'
    rows = row.format("".join(map(text_cell, HEAD))) + row.format(text_cell("WBK-1") + spelt + text_cell("Kolovai"))
    rows += blank + row.format(text_cell("WBK-2") + text_cell("Moala") + ill)
    open_document(path, f'<table:table table:name="Liste">{rows}</table:table>')
