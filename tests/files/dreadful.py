"""Files nobody should ever open, made by the tests in a temporary folder: some unpack to hundreds of megabytes."""

import io
import struct
import zipfile
import zlib

import xlsxwriter

from tests.files.casebook import archive, book, fill
from tests.files.make import PEOPLE, WORKERS

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.{main}"/></Types>'
)
SHEET_MAIN = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="{1}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{0}"/></Relationships>'
)
WORKBOOK = (
    '<?xml version="1.0"?>{dtd}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
SHEET = (
    '<?xml version="1.0"?>{dtd}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)
ROW = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Worker ID</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>Family name</t></is></c></row>'
)
# Each entity is ten of the one before: ten thousand million laughs.
ENTITIES = "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
LAUGHS = f'<!DOCTYPE x [<!ENTITY a "ha">{ENTITIES}]>'


def workbook_parts(main=SHEET_MAIN, sheet=None, dtd=""):
    """The parts of the smallest .xlsx, written by hand so that any of them can be wrong."""
    return {
        "[Content_Types].xml": TYPES.format(main=main),
        "_rels/.rels": RELS.format("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": RELS.format("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": WORKBOOK.format(dtd=""),
        "xl/worksheets/sheet1.xml": sheet or SHEET.format(dtd=dtd, rows=ROW),
    }


def with_part(path, name, content, **options):
    """The smallest workbook with one more part."""
    return archive(path, {**workbook_parts(**options), name: content})


def bomb(path, megabytes=600):
    """About a thousandth of its size: rows of nothing, packed a thousand to one."""
    row = b"<row/>"
    start, end = SHEET.format(dtd="", rows="\0").split("\0")
    parts = workbook_parts()
    parts.pop("xl/worksheets/sheet1.xml")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
        with made.open("xl/worksheets/sheet1.xml", "w", force_zip64=False) as part:
            part.write(start.encode())
            block = row * (1_000_000 // len(row))
            for _ in range(megabytes):
                part.write(block)
            part.write(end.encode())
    return path


def lying_bomb(path, megabytes=300):
    """A bomb whose table of contents says that the part is small."""
    bomb(path, megabytes)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as made:
        size = made.getinfo("xl/worksheets/sheet1.xml").file_size
    true, told = struct.pack("<I", size), struct.pack("<I", 50_000)
    path.write_bytes(bytes(content).replace(true, told))
    return path


def overlapping(path):
    """Two hundred entries that share one packed block."""
    archive(path, workbook_parts())
    content = path.read_bytes()
    end = content.rfind(b"PK\x05\x06")
    count, size, start = struct.unpack("<HII", content[end + 10 : end + 20])
    entry = content[start : start + size]
    head, first_name = entry[:46], b"[Content_Types].xml"
    big = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = big.compress(b"0" * 1_000_000) + big.flush()
    copies = b"".join(
        head[:20]
        + struct.pack("<II", len(packed) * 100, 1_000_000)
        + struct.pack("<H", 9)
        + head[30:46]
        + b"part%05d" % n
        for n in range(200)
    )
    assert first_name in entry
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count + 200, count + 200, size + len(copies), start, 0)
    path.write_bytes(content[:start] + entry + copies + tail)
    return path


def stretched(path):
    """One cell in the first corner and one in the last: a few kilobytes, seventeen thousand million cells."""
    made = book(path)
    sheet = made.add_worksheet("S")
    sheet.write_row(0, 0, ["Worker ID", "Family name"])
    sheet.write(1_048_575, 16_383, "x")
    made.close()
    return path


def ole(path, *streams):
    """Something that begins like an old Office file and names these streams."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + names + b"\0" * 512)
    return path


def tiny_workbook():
    """A good small workbook as bytes, to be cut and flipped."""
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer)
    fill(made.add_worksheet("W"), [WORKERS, *PEOPLE], made.add_format({"num_format": "yyyy-mm-dd"}))
    made.close()
    return buffer.getvalue()


def of_rows(path, rows, strings=None):
    """The smallest workbook with these rows of XML, and with a table of strings when given."""
    parts = workbook_parts(sheet=SHEET.format(dtd="", rows=rows))
    if strings is not None:
        parts["xl/sharedStrings.xml"] = f'<?xml version="1.0"?><sst xmlns="x">{strings}</sst>'
        parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
            "</Relationships>",
            '<Relationship Id="rId2" Target="sharedStrings.xml" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>',
        )
    return archive(path, parts)


def deep(path, levels=300_000):
    """Elements inside elements, three hundred thousand deep."""
    return of_rows(path, ROW + '<row r="2"><c r="A2"><v>' + "<a>" * levels + "</a>" * levels + "</v></c></row>")


def empty_cells(path, cells=1_000_000):
    """A million cells without anything in them."""
    return of_rows(path, ROW + "".join(f'<row r="{n}">{"<c/>" * 100}</row>' for n in range(2, cells // 100 + 2)))


def one_string_everywhere(path, letters=1_000_000, cells=20_000):
    """A table of strings with one long one, to which every cell points: twenty thousand million letters in all."""
    strings = f"<si><t>Worker ID</t></si><si><t>Family name</t></si><si><t>{'x' * letters}</t></si>"
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    rows += "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>2</v></c><c r="B{n}" t="s"><v>2</v></c></row>'
        for n in range(2, cells // 2 + 2)
    )
    return of_rows(path, rows, strings)


def many_sheets(path, sheets=10_000):
    """Ten thousand sheets that are all the same part."""
    parts = workbook_parts()
    listed = "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="rId1"/>' for n in range(sheets))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace('<sheet name="S" sheetId="1" r:id="rId1"/>', listed)
    return archive(path, parts)


def far_column(path, address="ZZZZZZZ2"):
    """A cell in a column that no spreadsheet has."""
    return of_rows(path, ROW + f'<row r="2"><c r="{address}" t="inlineStr"><is><t>x</t></is></c></row>')
