"""What an edition says is one fixed sequence of bytes, and nothing undisclosed gets into it."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from reports.content import BaseCount, Basis, Content, Figure, canonical, read, sha256
from tests.reports.demonstration import completion, edition


def test_the_content_comes_back_equal_from_its_own_bytes():
    content = edition()
    again = read(canonical(content))
    assert again == content
    assert canonical(again) == canonical(content)


def test_the_name_is_the_hash_of_the_bytes_and_changes_with_any_word():
    content = edition()
    assert sha256(content) == hashlib.sha256(canonical(content)).hexdigest()
    assert sha256(replace(content, reader="Another")) != sha256(content)


def test_the_bytes_are_sorted_and_hold_no_float():
    def refuse(text):
        raise AssertionError(f"a float: {text}")

    text = canonical(edition()).decode()
    parsed = json.loads(text, parse_float=refuse)
    assert json.dumps(parsed, sort_keys=True, ensure_ascii=False, separators=(",", ":")) == text


def test_an_instant_is_written_in_utc_whatever_zone_it_came_in():
    content = edition()
    elsewhere = content.as_of.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert canonical(replace(content, as_of=elsewhere)) == canonical(content)
    assert content.to_json()["as_of"] == "2026-07-15T09:30:00.000000Z"


def test_a_float_is_refused():
    with pytest.raises(TypeError, match="no place in a report"):
        Figure(metric="m", value=0.5, unit="share").to_json()


def test_an_odd_number_is_refused():
    with pytest.raises(ValueError, match="not a number that can be published"):
        Figure(metric="m", value=Decimal("NaN"), unit="share").to_json()


def test_the_basis_of_a_figure_is_never_written():
    figure = Figure(metric="m", value=Decimal(1), unit="NZD", basis=Basis(12, Decimal("0.3")))
    assert set(figure.to_json()) == {
        *("metric", "cell", "value", "numerator", "denominator", "unit", "low", "high", "suppressed", "note")
    }
    assert b"largest" not in canonical(edition())


def test_sections_that_did_not_pass_the_disclosure_rule_are_refused():
    with pytest.raises(ValueError, match="did not pass the disclosure rule"):
        edition(sections=(completion(),))
    with pytest.raises(ValueError, match="did not pass the disclosure rule"):
        replace(edition("programme"), audience="funder")


def test_a_hidden_figure_with_a_number_is_refused():
    content = edition()
    section = content.sections[0]
    broken = replace(section.figures[0], suppressed=True, note="hidden")
    with pytest.raises(ValueError, match="still carries a number"):
        replace(content, sections=(replace(section, figures=(broken,)),))


def test_a_small_base_count_is_refused():
    with pytest.raises(ValueError, match="small enough to point at somebody"):
        replace(edition(), base=(BaseCount("People", 3, "people"),))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"as_of": datetime(2026, 7, 1)}, "time zone"),
        ({"edition": 0}, "numbered from 1"),
        ({"period_to": datetime(2020, 1, 1).date()}, "ends before it begins"),
    ],
)
def test_nonsense_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        replace(edition(), **change)


def test_an_unknown_key_is_refused_when_reading():
    data = edition().to_json() | {"extra": 1}
    with pytest.raises(TypeError, match="has no extra"):
        Content.from_json(data)
