"""Looks through a PDF as a checker of PDF/UA does: tags, reading order, text alternatives, headings, tables, fonts, bookmarks.

`faults(data)` answers every fault in words; an empty list is what we want. It reads the file with another library than
wrote it, and covers those rules of the Matterhorn Protocol that a machine can decide on files such as ours.
"""

import io

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, IndirectObject

STANDARD = {
    "/Document", "/Part", "/Sect", "/Div", "/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/Title", "/L", "/LI", "/Lbl", "/LBody",
    "/Table", "/TR", "/TH", "/TD", "/THead", "/TBody", "/TFoot", "/Caption", "/Figure", "/TOC", "/TOCI", "/Reference",
    "/Link", "/Span", "/Em", "/Strong", "/Note", "/NonStruct", "/Sub", "/Code", "/BlockQuote", "/Quote",
}  # fmt: skip
PAINTS_TEXT = {b"Tj", b"TJ", b"'", b'"'}


def faults(data: bytes) -> list[str]:
    """Every fault found, in words."""
    reader = PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    found = [*_catalogue(reader, root, data), *_pages(reader), *_fonts(reader)]
    if "/StructTreeRoot" not in root:
        return [*found, "There is no structure tree."]
    tree = root["/StructTreeRoot"]
    roles = dict(tree.get("/RoleMap", {}).items())
    elements = list(_walk(tree, roles, 0))
    return [*found, *_elements(elements), *_headings(elements), *_tables(tree, roles), *_order(tree, reader)]


def _catalogue(reader, root, data):
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "The file does not say that it is tagged."
    if not root.get("/Lang"):
        yield "The file has no language."
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "A reader would show the name of the file in place of the title."
    if not reader.metadata or not reader.metadata.title:
        yield "The file has no title."
    if b"pdfuaid:part" not in data:
        yield "The file does not say that it follows PDF/UA."
    if len(reader.pages) > 4 and not reader.outline:
        yield "There are no bookmarks."
    if reader.is_encrypted:
        yield "The file is encrypted."


def _pages(reader):
    """Every piece of text is in the structure, or said to be an artifact; pages are read in the order of the structure."""
    for number, page in enumerate(reader.pages, start=1):
        if page.get("/Annots") and page.get("/Tabs") != "/S":
            yield f"Page {number}: links are not reached in the order of the structure."
        if "/StructParents" not in page:
            yield f"Page {number} is not tied to the structure."
        depth = 0
        for _operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in (b"BDC", b"BMC"):
                depth += 1
            elif operator == b"EMC":
                depth -= 1
            elif operator in PAINTS_TEXT and depth == 0:
                yield f"Page {number} paints text that is neither tagged nor an artifact."
                break
        if depth:
            yield f"Page {number}: marks are not closed."


def _fonts(reader):
    seen = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            name = font["/BaseFont"]
            if name in seen:
                continue
            seen.add(name)
            if "/ToUnicode" not in font:
                yield f"The letters of {name} cannot be read aloud."
            inside = font.get("/DescendantFonts", [font])[0].get_object()
            described = inside.get("/FontDescriptor")
            if described is None or not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described):
                yield f"{name} is not embedded."


def _children(node):
    children = node.get("/K", [])
    for child in children if isinstance(children, ArrayObject | list) else [children]:
        yield child.get_object() if isinstance(child, IndirectObject) else child


def _walk(node, roles, depth):
    if "/S" in node:
        yield roles.get(node["/S"], node["/S"]), node, depth
    for child in _children(node):
        if isinstance(child, DictionaryObject) and "/S" in child:
            yield from _walk(child, roles, depth + 1)


def _elements(elements):
    if not elements or elements[0][0] != "/Document":
        yield "The structure does not begin with the document."
    for kind, node, _depth in elements:
        if kind not in STANDARD:
            yield f"{kind} is no standard element."
        if kind == "/Figure" and not str(node.get("/Alt", "")).strip():
            yield "A picture has no text alternative."


def _headings(elements):
    level = 0
    for kind, _node, _depth in elements:
        if kind[:2] == "/H" and kind[2:].isdigit():
            now = int(kind[2:])
            if now > level + 1:
                yield f"A heading of level {now} follows one of level {level}."
            level = now
    if not level:
        yield "There is no heading."


def _tables(tree, roles):
    for kind, node, _depth in list(_walk(tree, roles, 0)):
        if kind != "/Table":
            continue
        inside = list(_walk(node, roles, 0))[1:]
        heads = [cell for name, cell, _d in inside if name == "/TH"]
        if not heads:
            yield "A table has no headings."
        if any(not _scope(cell) for cell in heads):
            yield "The heading of a table does not say what it is the heading of."
        widths = {
            sum(_span(cell) for name, cell, _d in list(_walk(row, roles, 0))[1:] if name in ("/TH", "/TD"))
            for name, row, _d in inside if name == "/TR"
        }  # fmt: skip
        if len(widths) > 1:
            yield f"The rows of a table are not equally wide: {sorted(widths)}."


def _attributes(node):
    given = node.get("/A", [])
    given = given.get_object() if isinstance(given, IndirectObject) else given
    for each in given if isinstance(given, ArrayObject) else [given]:
        each = each.get_object() if isinstance(each, IndirectObject) else each
        if isinstance(each, DictionaryObject):
            yield each


def _scope(cell):
    return any(each.get("/Scope") in ("/Column", "/Row", "/Both") for each in _attributes(cell))


def _span(cell):
    return next((int(each["/ColSpan"]) for each in _attributes(cell) if "/ColSpan" in each), 1)


def _order(tree, reader):
    """On each page, what the structure reads first is painted first."""
    order = {}

    def collect(node, page):
        page = node.get("/Pg", page) if isinstance(node, DictionaryObject) else page
        for child in _children(node):
            if isinstance(child, int):
                order.setdefault(id(page.get_object()) if page is not None else None, []).append(int(child))
            elif isinstance(child, DictionaryObject):
                if child.get("/Type") == "/MCR":
                    own = child.get("/Pg", page)
                    order.setdefault(id(own.get_object()), []).append(int(child["/MCID"]))
                else:
                    collect(child, page)

    collect(tree, None)
    for numbers in order.values():
        if len(numbers) != len(set(numbers)):
            yield "A piece of a page stands twice in the structure."
        if numbers != sorted(numbers):
            yield "The structure is read in another order than the page is painted."
