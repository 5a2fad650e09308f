"""The files of an edition: the same everywhere, readable by everybody, harmless to every program that opens them."""

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from django.utils import translation
from pypdf import PdfReader

from reports.content import Dimension, Figure, Label, Previous, sha256
from reports.rendering import MEDIA_TYPES, csvfile, media_type, pdf, render_all
from reports.rendering.drawn import ticks
from reports.rendering.fonts import UNKNOWN, typeface
from reports.rendering.view import view
from tests.effort import least_effort
from tests.reports.demonstration import edition, findings

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = (
    '#read("/etc/passwd") $x^2$ *bold* _it_ `raw` <label> @ref // comment /* */ \\u{41} [content] #{panic("x")}',
    '<img src="http://example.org/x.png" onerror=alert(1)><a href="file:///etc/passwd">&amp;</a>',
    '=cmd|" /C calc"!A0',
)


@pytest.fixture(scope="session")
def fonts(tmp_path_factory):
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture(scope="session")
def files(fonts):
    return render_all(edition(), font_folder=fonts)


def body(files, ending):
    return next(content for name, content in files.items() if name.endswith(ending))


def pdf_text(data):
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    return re.sub(r"\s+", " ", "\n".join(pages).replace("\u00a0", " "))


def rows(files):
    return list(csv.DictReader(io.StringIO(body(files, ".csv").decode("utf-8-sig"))))


def test_every_file_is_the_same_in_any_process_zone_locale_and_at_any_time(files, fonts):
    made = []
    worlds = [
        ("Asia/Kathmandu", "C", "0"),
        ("America/Guatemala", "tr_TR.UTF-8", "1"),
        ("Pacific/Tongatapu", "de_DE", "77"),
    ]
    for zone, locale, seed in worlds:
        world = {"TZ": zone, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-W", "ignore", "-m", "tests.reports.print_hashes", str(fonts)]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | world, capture_output=True, text=True, check=True)
        made.append(json.loads(done.stdout))
    assert made[0] == made[1] == made[2]
    assert made[0] == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_the_files_are_the_same_whatever_language_is_active(files, fonts):
    with translation.override("de"):
        assert render_all(edition(), font_folder=fonts) == files


def test_fonts_cut_twice_give_the_same_pdf(files, tmp_path):
    assert pdf.render(edition(), typeface(tmp_path)) == body(files, ".pdf")


def test_every_file_has_a_media_type_and_names_the_edition(files):
    name = sha256(edition())
    assert {Path(file).suffix for file in files} == set(MEDIA_TYPES)
    assert all(media_type(file) for file in files)
    assert all(row["sha256"] == name for row in rows(files))
    assert name in pdf_text(body(files, ".pdf"))
    book = openpyxl.load_workbook(io.BytesIO(body(files, ".xlsx")))
    assert ["SHA-256", name] in [[cell.value for cell in row] for row in book["About"].iter_rows()]
    assert hashlib.sha256(body(files, ".json")).hexdigest() == name


def test_the_pdf_is_tagged_titled_and_in_a_language(files):
    reader = PdfReader(io.BytesIO(body(files, ".pdf")))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] is True or catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"] == "en"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Outcome report for the funder"
    assert b"pdfuaid:part" in body(files, ".pdf")
    assert reader.metadata.creation_date_raw.startswith("D:20260715093000")


def structure(node, found):
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, dict):
        if "/S" in node:
            found.append((node["/S"], node.get("/Alt")))
        children = node.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            if not isinstance(child, int):
                structure(child, found)
    return found


def test_every_chart_of_the_pdf_has_a_text_and_every_table_has_headings(files):
    tree = PdfReader(io.BytesIO(body(files, ".pdf"))).trailer["/Root"]["/StructTreeRoot"]
    found = structure(tree, [])
    pictures = [alt for kind, alt in found if kind == "/Figure"]
    drawn = [section for section in edition().sections if section.chart != "none"]
    assert len(pictures) == len(drawn)
    assert all("chart" in alt.lower() or "funnel" in alt.lower() for alt in pictures)
    kinds = [kind for kind, _alt in found]
    assert kinds.count("/TH") >= kinds.count("/Table") > 0
    assert "/H1" in kinds


def test_every_figure_of_the_csv_stands_in_the_pdf_in_the_same_words(files):
    text = pdf_text(body(files, ".pdf"))
    for row in rows(files):
        for column in ("shown", "interval", "stands_on"):
            if row[column]:
                assert row[column].replace("\u00a0", " ") in text, row


def test_the_same_numbers_stand_in_the_workbook_the_csv_and_the_json(files):
    figures = [figure for section in json.loads(body(files, ".json"))["sections"] for figure in section["figures"]]
    sheet = openpyxl.load_workbook(io.BytesIO(body(files, ".xlsx")))["Figures"]
    lines = list(sheet.iter_rows(min_row=2))
    assert len(figures) == len(rows(files)) == len(lines)
    for figure, row, line in zip(figures, rows(files), lines, strict=True):
        if figure["suppressed"]:
            assert [cell.value for cell in line[2:7]] == ["–"] * 5
            assert (row["value"], row["numerator"], row["shown"], row["suppressed"]) == ("–", "–", "–", "yes")
            assert row["note"] == line[8].value == figure["note"] != ""
        else:
            assert row["value"] == figure["value"]
            assert line[2].data_type == "n"
            assert line[2].value == pytest.approx(float(figure["value"]))


def test_a_hidden_number_is_in_no_chart_no_table_and_no_data(fonts):
    secret = findings()
    figures = tuple(
        replace(figure, value=Decimal(7)) if figure.cell == {"kind": "documents"} else figure
        for figure in secret.figures
        if figure.cell == {"kind": "documents"}
    )
    lone = replace(secret, metric="lone", title="Lone", figures=figures)
    made = render_all(edition(extra=[lone]), font_folder=fonts)
    section = next(s for s in json.loads(body(made, ".json"))["sections"] if s["metric"] == "lone")
    assert section["figures"][0]["value"] is None
    picture = ElementTree.fromstring(made["chart-lone-light.svg"])
    words = [element.text for element in picture.iter() if element.text]
    assert not any(re.search(r"\b7\b", word) for word in words), words
    assert any("hidden" in word for word in words)
    line = next(row for row in rows(made) if row["metric"] == "lone")
    assert (line["value"], line["shown"]) == ("–", "–")
    printed = re.sub(r"SHA-256 [0-9a-f]+…|Page \d+", "", pdf_text(body(made, ".pdf")))
    assert (
        "7" not in printed[printed.index("Lone A count on one day") : printed.index("Notes on all figures", 2000)][:400]
    )


def test_charts_hold_no_style_script_link_or_random_name(files):
    pictures = {name: content for name, content in files.items() if name.endswith(".svg")}
    assert len(pictures) == 10
    for name, content in pictures.items():
        root = ElementTree.fromstring(content)
        tags = {element.tag.split("}")[1] for element in root.iter()}
        assert tags <= {
            "svg",
            "g",
            "path",
            "line",
            "rect",
            "circle",
            "text",
            "tspan",
            "defs",
            "clipPath",
            "title",
            "desc",
        }
        keys = {key for element in root.iter() for key in element.attrib}
        assert not keys & {"style", "class", "href", "onload"}, name
        names = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"t|d|c\d+", identity) for identity in names), names
        assert root.attrib["role"] == "img"


def test_light_and_dark_show_the_same_in_other_colours(files):
    light, dark = files["chart-funnel-light.svg"], files["chart-funnel-dark.svg"]
    colour = re.compile(rb"#[0-9a-f]{6}|rgb\([0-9,]+\)")
    assert colour.sub(b"", light) == colour.sub(b"", dark)
    assert light != dark


@pytest.mark.parametrize("unit", ["people", "findings", "NZD", "months", "times"])
def test_a_chart_never_leaves_its_axis(unit):
    for bottom, top in ((0, 0), (0, 1), (0, 7), (0, 23693.55), (0, 0.4), (0, 99999), (-3, 12), (-800.5, -20), (-7, 0)):
        marks = ticks(float(bottom), float(top), unit)
        assert marks[0] <= min(bottom, 0) <= max(top, 0) <= marks[-1]
        assert 2 <= len(marks) <= 8
        assert unit not in ("people", "findings") or all(tick == int(tick) for tick in marks)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_printed_and_never_obeyed(words, fonts):
    section = replace(findings(words), metric="hostile", title=words, statement=words)
    labels = section.dimensions[0]
    labels = replace(labels, values=tuple(replace(label, title=words) for label in labels.values))
    content = edition(reader=words, extra=[replace(section, dimensions=(labels,))])
    made = render_all(content, font_folder=fonts)
    text = pdf_text(body(made, ".pdf"))
    assert "root:" not in text
    squeezed = re.sub(r"\s+", "", text)
    assert re.sub(r"\s+", "", words) in squeezed
    data = body(made, ".pdf")
    assert b"/URI" not in data
    assert b"/JavaScript" not in data
    picture = ElementTree.fromstring(made["chart-hostile-light.svg"])
    assert not any(element.tag.endswith("}a") for element in picture.iter())
    assert picture.find("{http://www.w3.org/2000/svg}title").text == words
    book = openpyxl.load_workbook(io.BytesIO(body(made, ".xlsx")))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


PAYLOADS = [
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "\0=1+1", "  =1+1", "\u00a0=1+1", "\u200b=1+1"),
    *(
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "\ufeff=1+1",
        "\u202e=1+1",
        "−1+1",
        "=cmd|'/C calc'!A0",
        "\x0b@A1",
        "\ttext",
        "\rtext",
    ),
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_field_of_the_csv_begins_a_formula(payload):
    assert csvfile.safe(payload).startswith("'")
    assert "\0" not in csvfile.safe(payload)
    content = edition(reader=payload)
    for row in csv.reader(io.StringIO(csvfile.render(content).decode("utf-8-sig"), newline="")):
        for field in row:
            bare = field.lstrip(" \t\r\n\x0b\u00a0\u200b\ufeff\u202e")
            assert not bare[:1] or bare[0] not in "=+@＝＋＠－", field


def test_ordinary_words_and_negative_numbers_stay_as_they_are_in_the_csv():
    for text in ("", "Motueka", "–", "'quoted", "a=b", "Tonga – New Zealand", "1 + 1", "ʻEua", "नेपाल"):
        assert csvfile.safe(text) == text
    assert csvfile.number(Decimal("-0.2500"), hidden=False) == "-0.2500"
    assert csvfile.number(None, hidden=False) == ""
    assert csvfile.number(None, hidden=True) == "–"


def test_the_csv_opens_anywhere(files):
    data = body(files, ".csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert {len(line) for line in lines} == {len(csvfile.COLUMNS)}


def test_the_workbook_has_native_charts_and_nothing_points_outside(files):
    data = body(files, ".xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert sum(name.startswith("xl/charts/chart") for name in names) == 5
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        everything = b"".join(archive.read(name) for name in names)
    assert b'TargetMode="External"' not in everything
    assert b"<f>" not in everything
    assert b"hidden" in everything
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Figures", "Charts", "Definitions", "About"]
    assert book.properties.created.isoformat() == "2026-07-15T09:30:00"


def test_the_workbook_is_printed_with_its_name_its_pages_and_no_number_that_ends_in_a_point(files):
    book = openpyxl.load_workbook(io.BytesIO(body(files, ".xlsx")))
    for sheet in book:
        assert sheet.oddHeader.left.text == "Outcome report for the funder"
        assert sheet.oddFooter.left.text == f"SHA-256 {sha256(edition())[:16]}…"
        assert sheet.oddFooter.right.text == "Page &P of &N"
    patterns = {(cell.value == int(cell.value), cell.number_format) for row in book["Figures"].iter_rows(min_row=2, min_col=6, max_col=7)
                for cell in row if cell.data_type == "n" and cell.value is not None}  # fmt: skip
    assert patterns == {(True, "#,##0"), (False, "#,##0.00##")}


def test_letters_no_font_has_are_marked_and_logged_and_the_pdf_is_made_all_the_same(fonts, caplog):
    made = render_all(edition(reader="ሰላም → Kāʻai ☃ \ue000 \x07"), font_folder=fonts)
    text = pdf_text(body(made, ".pdf"))
    assert "Kāʻai" in text
    assert UNKNOWN in text
    assert "shown as ◊" in text
    assert "U+1230" in caplog.text
    assert "ሰላም" not in caplog.text
    assert "ሰላም" in body(made, ".csv").decode("utf-8-sig")


def test_the_view_leaves_nothing_for_a_template_to_decide():
    shown = view(edition(previous=Previous(1, "a" * 64, "Late records.", ("One.",))))
    hidden = [row for section in shown.sections for row in section.rows if row.hidden]
    assert hidden
    for section in shown.sections:
        marks = {note.label for note in section.footnotes}
        assert {row.mark for row in section.rows if row.mark} == marks
        for row in section.rows:
            assert len(row.cells) == len(section.headings)
            assert row.value
            if row.hidden:
                assert (row.value, row.interval, row.counted) == ("–", "–", "–")
                assert row.mark
    assert "Late records." in shown.changes_words
    total = next(
        row for section in shown.sections if section.metric == "completion" for row in section.rows if row.total
    )
    assert (total.value, total.counted) == ("55.0\u00a0%", "99 of 180")


def test_reading_an_edition_loads_neither_typesetter_nor_chart_library():
    code = "import sys, reports.rendering.view; print(sorted({'typst', 'lets_plot', 'xlsxwriter'} & set(sys.modules)))"
    world = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=world, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_chart_that_leaves_rows_out_says_so_and_a_table_never_does(fonts):
    labels = tuple(Label(f"i{number}", f"Item {number}") for number in range(45))
    items = Dimension(name="item", title="Item", relation="separate", values=labels)
    figures = tuple(
        Figure(metric="many", cell={"item": label.value}, value=Decimal(100 + place), unit="checks")
        for place, label in enumerate(labels)
    )
    many = replace(findings(), metric="many", title="Many", dimensions=(items,), figures=figures, population="checks")
    content = edition(extra=[many])
    shown = next(section for section in view(content).sections if section.metric == "many")
    assert shown.chart_note == "The chart shows the first 20 rows; the table has all of them."
    assert len(shown.rows) == 45
    text = pdf_text(pdf.render(content, typeface(fonts)))
    assert shown.chart_note in text
    assert "Item 44 144" in text


def test_an_edition_is_made_in_under_a_second_of_work(files, fonts):
    content = edition()
    assert least_effort(lambda: render_all(content, font_folder=fonts), enough=1) < 1


def test_a_hidden_cell_has_the_same_mark_on_the_page_and_in_every_file_and_is_explained_without_a_number(files):
    content = edition()
    shown = {section.metric: section for section in view(content).sections}
    printed = pdf_text(body(files, ".pdf"))
    hidden = 0
    for section in content.sections:
        page = shown[section.metric]
        why = {pair.label: pair.text for pair in page.definition}.get("Why some are hidden", "")
        for figure, row in zip(section.figures, page.rows, strict=True):
            assert (row.value == "–") is figure.suppressed is row.hidden
            if figure.suppressed:
                hidden += 1
                assert row.mark
                assert figure.note in why
                assert why.replace("\u00a0", " ")[:60] in printed
        if not any(figure.suppressed for figure in section.figures):
            assert not why
    assert hidden
    of_file = [f for s in json.loads(body(files, ".json"))["sections"] for f in s["figures"] if f["suppressed"]]
    assert len(of_file) == hidden == sum(row["shown"] == "–" for row in rows(files))
    assert all(f["value"] is f["numerator"] is f["denominator"] is None and f["note"] for f in of_file)
