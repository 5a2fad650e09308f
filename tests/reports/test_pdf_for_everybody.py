"""The PDF of an edition under a structural check for PDF/UA, in several scripts; and the checker itself."""

import io
import re
from dataclasses import replace
from decimal import Decimal

import pypdf
import pytest

from reports.comparing import with_comparisons
from reports.content import Dimension, Figure, Label, Section
from reports.rendering import charts, pdf
from reports.rendering.fonts import UNKNOWN, typeface
from reports.rendering.lifting import lift
from tests.reports.demonstration import edition
from tests.reports.pdf_checks import faults

SCRIPTS = {
    "Nepali": "काठमाडौं", "Arabic": "الرباط", "Khmer": "ភ្នំពេញ", "Tongan": "Vavaʻu", "Vietnamese": "Thừa Thiên Huế",
    "Bengali": "ঢাকা", "Thai": "กรุงเทพ", "Cyrillic": "Бишкек",
}  # fmt: skip
ENDS = (("working", "Still there"), ("returned", "Back home"))


def flow():
    homes = list(SCRIPTS.values())
    cells = [(home, end, 12 + 3 * place) for place, home in enumerate(homes) for end, _title in ENDS]

    def count(n, **cell):
        return Figure(metric="flow", cell=cell, value=Decimal(n), unit="placements")

    figures = [count(n, **{"from": home, "to": end}) for home, end, n in cells]
    figures += [count(sum(n for h, _e, n in cells if h == home), **{"from": home}) for home in homes]
    figures += [count(sum(n for _h, e, n in cells if e == end), to=end) for end, _title in ENDS]
    figures.append(count(sum(n for _h, _e, n in cells)))
    labels = tuple(Label(home, home) for home in homes)
    return Section(
        metric="flow", title="Along the corridor", definition="x", population="placements", kind="count", statement="x",
        chart="flow", figures=tuple(figures), dimensions=(
            Dimension(name="from", title="From", relation="partition", values=labels),
            Dimension(name="to", title="To", relation="partition", values=tuple(Label(*end) for end in ENDS)),
        ),
    )  # fmt: skip


def curve():
    days = (0, 60, 120, 240)
    figures = tuple(
        Figure(
            metric="wait", cell={"within": str(day)}, value=Decimal(100 - 25 * place) / 100, unit="share",
            low=Decimal(90 - 25 * place) / 100 if place else None, high=Decimal(min(100, 110 - 25 * place)) / 100 if place else None,
            numerator=200 - 50 * place, denominator=200,
        )
        for place, day in enumerate(days)
    )  # fmt: skip
    values = tuple(Label(str(day), f"After {day} days") for day in days)
    return Section(
        metric="wait", title="Still waiting", definition="x", population="placements", kind="share", statement="x",
        chart="steps", figures=figures, dimensions=(Dimension(name="within", title="After", relation="nested", values=values),),
    )  # fmt: skip


@pytest.fixture(scope="module")
def fonts(tmp_path_factory):
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture(scope="module")
def printed(fonts):
    content = edition(reader=" · ".join(SCRIPTS.values()), extra=[flow(), curve()])
    return pdf.render(replace(content, sections=with_comparisons(content.sections)), typeface(fonts))


def test_a_checker_of_structure_finds_no_fault(printed):
    assert faults(printed) == []


def test_every_script_of_the_corridors_is_printed_and_can_be_read_back(printed):
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(printed)).pages)
    assert UNKNOWN not in text
    squeezed = re.sub(r"\s+", "", text)
    for name in ("Tongan", "Vietnamese", "Cyrillic"):
        assert re.sub(r"\s+", "", SCRIPTS[name]) in squeezed, name
    for script in ("ऀ-ॿ", "؀-ۿ", "ក-៿", "ঀ-৿", "ก-๿"):
        assert re.search(f"[{script}]", text), script


def test_words_that_join_their_letters_are_lifted_out_of_the_picture_and_others_stay():
    picture = charts.draw(flow())["light"].decode()
    left, lifted = lift(picture)
    assert {words.text.split(" · ")[0] for words in lifted} == {
        SCRIPTS[name] for name in ("Nepali", "Arabic", "Khmer", "Bengali", "Thai")
    }
    assert "Vavaʻu" in left
    drawn = left.partition("</desc>")[2]
    assert not any(SCRIPTS[name] in drawn for name in ("Nepali", "Arabic", "Khmer"))
    assert all(0 <= words.x <= charts.WIDTH and words.y > 0 for words in lifted)
    plain = charts.draw(curve())["light"].decode()
    assert lift(plain) == (plain, [])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"/DisplayDocTitle true", b"/DisplayDocTitel true", "title"),
        (b"/Alt", b"/Als", "no text alternative"),
        (b"/Scope", b"/Skope", "heading of a table"),
        (b"/Lang", b"/Lanx", "no language"),
        (b"/ToUnicode", b"/ToUnicods", "read aloud"),
    ],
)
def test_the_checker_sees_a_file_that_was_spoilt(printed, old, new, fault):
    whole = pypdf.PdfWriter(clone_from=io.BytesIO(printed))
    whole.compress_identical_objects()
    buffer = io.BytesIO()
    whole.write(buffer)
    loose = buffer.getvalue()
    assert old in loose
    spoilt = loose.replace(old, new[: len(old)])
    assert any(fault in told for told in faults(spoilt)), faults(spoilt)


def test_a_chart_is_the_same_bytes_every_time():
    for section in (flow(), curve()):
        assert charts.draw(section) == charts.draw(section)
        light, dark = charts.draw(section)["light"], charts.draw(section)["dark"]
        colour = re.compile(rb"#[0-9a-f]{6}|rgb\([0-9,]+\)")
        assert colour.sub(b"", light) == colour.sub(b"", dark)
