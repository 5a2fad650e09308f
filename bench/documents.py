"""G8: how much processor time a tagged PDF of ten pages with six charts takes, in a process that has rendered before.

No database: the arm renders one frozen content, as the worker does once the figures are there. The floor is the same
report without its charts.
"""

import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from bench.measuring import Ratio
from reports.content import Content, Dimension, DisclosureNote, Figure, Label, PilotFacts, Section
from reports.rendering import pdf
from reports.rendering.fonts import typeface
from reports.statistics import share

CHARTS = ("funnel", "bars", "points", "steps", "bars", "points")
TEXTS = 10  # sections without a chart, so that the report comes to its ten pages
ROUNDS = 5
WANTED = 1.0  # seconds of processor time
NAMES = ("Motueka", "Te Puke", "Vavaʻu", "Thừa Thiên Huế", "काठमाडौं", "ភ្នំពេញ", "الرباط", "Hawke's Bay")


def run() -> list[Ratio]:
    """Render in turn with and without charts; the first round warms up and does not count."""
    with tempfile.TemporaryDirectory() as folder:
        face = typeface(Path(folder))
        whole, bare = _content(), _content(charts=())
        made = pdf.render(whole, face)
        pages = len(PdfReader(BytesIO(made)).pages)
        if pages < 10 or made != pdf.render(whole, face):
            raise SystemExit(f"bench: {pages} pages, or not the same bytes twice; its time means nothing.")
        pdf.render(bare, face)
        times: dict[str, list[float]] = {"whole": [], "bare": []}
        for _round in range(ROUNDS):
            for name, content in (("whole", whole), ("bare", bare)):
                started = time.process_time()
                pdf.render(content, face)
                times[name].append(time.process_time() - started)
    seconds, floor = times["whole"], times["bare"]
    value = statistics.median(seconds)
    over = [a / b for a, b in zip(seconds, floor, strict=True)]
    words = f"tagged PDF, {pages} pages, {len(CHARTS)} charts: processor seconds"
    return [
        Ratio("G8", words, value, min(seconds), max(seconds), f"≤ {WANTED:g}", value <= WANTED),
        Ratio("", "  the same against the report without its charts", statistics.median(over), min(over), max(over), "–", True),
    ]  # fmt: skip


def _content(charts: tuple[str, ...] = CHARTS) -> Content:
    sections = [_section(number, chart) for number, chart in enumerate(charts)]
    sections += [_section(number, "none") for number in range(len(charts), len(CHARTS) + TEXTS)]
    shown = sum(len(section.figures) for section in sections)
    return Content(
        kind="funder", audience="funder", title="Outcome report", pilot=PilotFacts("bench", "Bench", "Here – there", "RSE"),
        reader=" · ".join(NAMES), period_from=date(2025, 7, 1), period_to=date(2026, 6, 30),
        as_of=datetime(2026, 7, 1, tzinfo=UTC), edition=1, sections=tuple(sections),
        disclosure=DisclosureNote("funder", 10, 10, shown, 0, ("Small numbers are hidden.",)),
    )  # fmt: skip


def _section(number: int, chart: str) -> Section:
    """One section of sixteen rows, with names in several scripts where they are not days."""
    metric = f"metric_{number}"
    rows = [str(30 * place) if chart == "steps" else f"row-{place}" for place in range(16)]
    labels = tuple(
        Label(row, f"After {row} days" if chart == "steps" else f"{NAMES[place % len(NAMES)]}, {place}")
        for place, row in enumerate(rows)
    )
    figures = []
    for place, row in enumerate(rows):
        found = share(200 - 7 * place - number, 240)
        figure = Figure(
            metric=metric, cell={"row": row}, value=found.value, low=found.low, high=found.high,
            numerator=200 - 7 * place - number, denominator=240, unit="share",
        )  # fmt: skip
        figures.append(
            replace(figure, value=Decimal(1), low=None, high=None) if place == 0 and chart == "steps" else figure
        )
    return Section(
        metric=metric, title=f"Figure {number + 1}", definition="Placements of each row, of all of them. " * 4,
        population="placements", kind="share", statement="It shows a share for each row, and not why it differs. " * 2,
        source="Invented for the measurement.", chart=chart, figures=tuple(figures), disclosed_for="funder",
        dimensions=(Dimension(name="row", title="Row", relation="separate", values=labels),),
    )  # fmt: skip
