"""How do you know? The page behind every figure: from frozen content alone, with what other editions said of it."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.scope import acting_as
from reports.compiling import compile_report
from reports.content import Content, Previous, RecordedBy
from reports.keys import key_of, read_key
from reports.known import figure_at, known, told
from reports.recorders import how_much
from tests.reports.demonstration import edition as demonstration
from tests.reports.test_compiling import order_of


def test_a_shown_figure_tells_its_base_what_is_missing_its_interval_and_its_versions():
    content = replace(
        demonstration(), versions={"code": "1.2", "metrics": "funnel 3, open 1"},
        recorded_by=(RecordedBy("Moves", "Recruiter", "most"),),
    )  # fmt: skip
    found = known(content, "ab" * 32, "funnel", 2)
    assert found is not None
    assert (found.cell, found.value, found.stands) == ("Selected", "87.5\N{NO-BREAK SPACE}%", "84 of 96")
    assert [pair.text for pair in found.base][:2] == ["84 of 96", "96"]
    assert "A move without a date counts as not reached." in found.base[-1].text
    assert "Wilson" in found.sureness[0]
    assert "the smallest count shown is 10" in found.withheld[0]
    assert {"3", "1.2"} <= {pair.text for pair in found.versions}
    assert found.recorded == (("Moves", "Recruiter", "most (60 to 90 %)"),)


def test_a_hidden_figure_says_by_which_rule_and_neither_its_number_nor_how_near_it_was():
    content = demonstration()
    section = next(one for one in content.sections if one.metric == "completion")
    row = next(n for n, f in enumerate(section.figures, start=1) if f.suppressed)
    found = known(content, "ab" * 32, "completion", row)
    assert found is not None
    assert (found.hidden, found.value, found.interval, found.stands) == (True, "–", "–", "–")
    others = {
        known(content, "ab" * 32, "completion", n).withheld for n, f in enumerate(section.figures, 1) if f.suppressed
    }
    assert others == {found.withheld}


def test_the_history_tells_each_value_as_published_what_changed_and_why():
    now = demonstration()
    funnel = now.sections[0]
    was = replace(funnel, figures=tuple(
        replace(f, value=Decimal("0.8333"), numerator=80) if f.cell == {"step": "selected"} else f for f in funnel.figures
    ))  # fmt: skip
    first = replace(now, sections=(was,), edition=1, previous=None)
    second = replace(now, edition=2, previous=Previous(1, "a" * 64, "Late records."))
    _section, figure = figure_at(now, "funnel", 2)
    lines = told([first, second], "funnel", figure)
    assert [line.value for line in lines] == ["83.3\N{NO-BREAK SPACE}%", "87.5\N{NO-BREAK SPACE}%"]
    assert lines[0].change == ""
    assert (
        lines[1].change
        == "This figure: 83.3\N{NO-BREAK SPACE}% (80 of 96) before, 87.5\N{NO-BREAK SPACE}% (84 of 96) now."
    )
    assert lines[1].reason == "Late records."
    assert told([first, second], "funnel", now.sections[0].figures[0])[1].change == "Not changed."


def test_a_key_is_read_as_it_was_printed_and_anything_else_is_no_key():
    assert read_key(key_of("AB" * 32, "funnel", 7).upper().replace("FUNNEL", "funnel")) == ("abababababab", "funnel", 7)
    assert read_key(" abababababab/funnel ") == ("abababababab", "funnel", 1)
    for wrong in (
        "",
        "abc",
        "abababababab",
        "ghghghghghgh/funnel",
        "abababababab/funnel/x",
        "abababababab/funnel/²",
        "a/b/c/d",
    ):
        assert read_key(wrong) is None


@pytest.mark.parametrize(
    ("part", "words"), [(91, "nearly all"), (90, "most"), (60, "most"), (59, "about half"), (39, "some"), (9, "few")]
)
def test_shares_of_sources_are_words(part, words):
    assert how_much(part, 100) == words


@pytest.mark.django_db
def test_every_figure_of_an_edition_has_a_page_of_its_own_and_the_printed_key_leads_there(cast, sign_in):
    scope = cast.scope("fay")
    with acting_as(scope):
        edition = compile_report(order_of(cast, "fay", "funder"), by=scope)
    client = sign_in("fay")
    page = client.get(f"/editions/{edition.pk}/").content.decode()
    links = re.findall(rf'href="(/editions/{edition.pk}/figures/[^"]+)"', page)
    figures = [f for s in Content.from_json(edition.content).sections for f in s.figures]
    assert len(links) == len(set(links)) == len(figures)
    answer = client.get(links[0])
    assert answer.status_code == 200
    assert "It is the first." in answer.content.decode()
    assert (
        f"/editions/{edition.pk}/figures/funnel/1/"
        in client.get(f"/reports/figures/?key={edition.sha256[:12]}/funnel")["Location"]
    )
    assert (
        "No edition that you may read"
        in sign_in("kofi").get(f"/reports/figures/?key={edition.sha256[:12]}/funnel").content.decode()
    )
    assert client.get(f"/editions/{edition.pk}/figures/funnel/999/").status_code == 404
    assert client.get(f"/editions/{edition.pk}/figures/nothing/1/").status_code == 404


@pytest.mark.django_db
def test_who_recorded_what_is_frozen_in_words_and_left_out_for_few_people(cast):
    scope = cast.scope("ines")
    with acting_as(scope):
        edition = compile_report(order_of(cast, "ines", "pilot"), by=scope)
    recorded = Content.from_json(edition.content).recorded_by
    assert {line.records for line in recorded} <= {"Moves of the journey", "Payslips", "Welfare checks"}
    assert all(line.how_much in {"nearly all", "most", "about half", "some", "few"} for line in recorded)
