"""The charts of an edition on a narrow screen: a strip for each row of a table, on one scale; and names and words of files."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

from reports.content import Figure
from reports.rendering import csvfile, file_stem
from reports.rendering.strips import Strip, strips_of
from reports.rendering.view import view
from tests.reports.demonstration import edition, findings


def test_on_a_narrow_screen_each_row_of_a_table_has_its_part_of_the_chart():
    shown = {section.metric: section for section in view(edition()).sections}
    strips = [row.strip for row in shown["funnel"].rows]
    first, last = strips[0], strips[-1]
    assert (first.start, first.width, first.low) == ("0.00", "100.00", "")
    assert (last.width[:4], last.point, last.hidden) == ("48.9", "", False)
    assert float(last.low) < float(last.width) < float(last.high)
    assert "from 0 % to 100 %." in shown["funnel"].strips
    hidden = next(row for row in shown["open"].rows if row.hidden)
    assert hidden.strip == Strip(hidden=True), "a hidden figure has no length"
    assert "dashed" in shown["open"].strips
    points = shown["waiting"].rows[0].strip
    assert points.point
    assert not points.width
    assert [row.strip for row in shown["cost"].rows] == [None]
    assert shown["cost"].strips == ""


def test_a_strip_below_zero_ends_at_zero():
    low, high = Decimal("-0.2"), Decimal("0.1")
    figures = tuple(
        Figure(metric="d", cell={"kind": str(n)}, value=value, low=low, high=high, unit="points", denominator=40)
        for n, value in enumerate((Decimal("-0.1"), Decimal("0.05")))
    )
    strips = strips_of(replace(findings(), figures=figures, chart="bars"))
    assert [(float(s.start) + float(s.width), float(s.start)) for s in strips] == [
        (float(strips[0].zero), float(strips[0].start)), (float(strips[1].start) + float(strips[1].width), float(strips[1].zero)),
    ]  # fmt: skip


def test_an_interval_below_zero_begins_no_formula_in_the_csv():
    section = replace(findings(), kind="difference", figures=(
        Figure(metric="d", value=Decimal("-3"), low=Decimal("-9"), high=Decimal(2), unit="points"),
    ), disclosed_for="funder")  # fmt: skip
    content = edition()
    text = csvfile.render(replace(content, sections=(section,))).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["shown"], row["interval"], row["low"]) == ("'−3.0 points", "'−9.0 to 2.0 points", "-9")


def test_a_long_name_of_a_pilot_leaves_the_number_of_the_edition_in_the_name_of_its_files():
    content = edition()
    names = {file_stem(replace(content, pilot=replace(content.pilot, slug="long-" * 12), edition=n)) for n in (1, 12)}
    assert len(names) == 2
    assert all(len(name) <= 90 and "2026-06-30-edition-1" in name for name in names)
    assert file_stem(content) == "rse-tonga-2026-funder-2025-07-01-2026-06-30-edition-2"
