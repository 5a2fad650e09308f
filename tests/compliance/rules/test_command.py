"""The contract of ``evaluate_rights --json``: its keys, its exit codes, and nothing but JSON on standard output."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from compliance.models import Finding
from compliance.remedies.ledger import record
from tests.compliance.rules.facts import ON, clean
from tests.compliance.rules.putting import open_pilot, put
from workers.models import Hold

FIRST = date(2026, 2, 9)


def run(*args: str) -> tuple[str, str, int]:
    """Standard output, standard error, exit code."""
    out, err = StringIO(), StringIO()
    try:
        call_command("evaluate_rights", *args, stdout=out, stderr=err)
    except SystemExit as stop:
        return out.getvalue(), err.getvalue(), stop.code
    return out.getvalue(), err.getvalue(), 0


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The command's own clock stands at the day of the facts: only as of that day is anything stored."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args, **kwargs: date(2026, 6, 30))


@pytest.fixture
def stage(cast):
    """A worker short of hours and without the end of the passport, in a room too small, beside a clean one."""
    worker = clean("rse", "W-1")
    for slip, hours in zip(worker.slips, ("29.5", "29.5", "29", "30"), strict=False):
        slip.offered = slip.worked = Decimal(hours)
    worker.paper("passport")["expires_on"] = None
    worker.inspections[0]["area"] = Decimal("8.50")
    return put(cast, open_pilot("rse", ON), [worker, clean("rse", "W-2")])


def test_the_answer_holds_what_the_contract_names_and_nothing_else_is_on_standard_output(stage):
    out, err, code = run("--pilot", stage.pilot.slug, "--on", "2026-06-30", "--as", "ines@cast.example", "--json")
    assert code == 0
    assert err
    answer = json.loads(out)
    assert set(answer) == {"on", "stored", "findings", "cannot_tell", "evaluated", "opened", "changed", "closed"}
    assert (answer["on"], answer["stored"]) == ("2026-06-30", True)
    assert (answer["evaluated"], answer["opened"], answer["changed"], answer["closed"]) == (2, 2, 0, 0)
    assert [one["rule"] for one in answer["findings"]] == ["HOU-01", "PAY-02"]
    room, hours = answer["findings"]
    keys = {"rule", "version", "severity", "worker", "period_start", "period_end", "evidence", "parameter", "owed"}
    assert set(hours) == keys | {"site", "state"}
    assert hours["state"] == "open"
    assert (hours["worker"], hours["period_start"], hours["period_end"]) == ("W-1", "2026-02-09", "2026-03-08")
    assert hours["owed"] == {"amount": 60, "currency": "NZD"}
    assert hours["evidence"] == {
        "guaranteed": 120, "offered": 118, "worked": 118, "short": 2, "rate": 30, "paid": 3540, "by": "scheme", "days": 28,
    }  # fmt: skip
    (applied,) = hours["parameter"]
    assert (applied["name"], applied["value"], applied["valid_from"]) == ("hours_guarantee", 120, "2024-09-02")
    assert applied["on"] == "2026-01-13"
    assert applied["sources"]
    assert (room["site"], room["worker"], room["owed"]) == ("W-1", "", None)
    (gap,) = answer["cannot_tell"]
    assert gap == {"rule": "DOC-01", "worker": "W-1", "site": "", "missing": "end of the passport",
                   "period_start": None, "period_end": None}  # fmt: skip


def test_amounts_are_numbers_exact_to_the_cent(cast):
    worker = clean("rse", "W-1")
    worker.slip(FIRST, net=Decimal("949.90"))
    stage = put(cast, open_pilot("rse", ON), [worker])
    out, _err, _code = run("--pilot", stage.pilot.slug, "--on", "2026-06-30", "--as", "ines@cast.example", "--json")
    assert json.loads(out, parse_float=Decimal)["findings"][0]["owed"] == {"amount": Decimal("0.1"), "currency": "NZD"}


def test_without_json_it_says_the_same_in_lines(stage):
    out, _err, code = run("--pilot", stage.pilot.slug, "--on", "2026-06-30", "--as", "ines@cast.example")
    assert code == 0
    assert "PAY-02 W-1 2026-02-09, owed 60" in out
    assert "DOC-01 W-1: cannot tell, missing: end of the passport" in out
    assert "2 placements: 2 broken, 1 cannot be told; 2 findings opened" in out


@pytest.mark.parametrize(
    ("slug", "email"),
    [("nowhere", "ines@cast.example"), (None, "dana@cast.example"), (None, "omar@cast.example"),
     (None, "nobody@cast.example"), (None, "zed@cast.example")],
)  # fmt: skip
def test_who_may_not_or_where_nothing_is_gets_two_and_a_sentence(stage, slug, email):
    out, err, code = run("--pilot", slug or stage.pilot.slug, "--on", "2026-06-30", "--as", email, "--json")
    assert code == 2
    (words,) = json.loads(out).values()
    assert json.loads(out) == {"error": words}
    assert err.strip() == words
    assert words.endswith(".")
    assert " " in words


def test_as_of_another_day_it_only_answers(cast, stage):
    for day in ("2030-12-01", "2026-06-29"):
        out, _err, code = run("--pilot", stage.pilot.slug, "--on", day, "--as", "ines@cast.example", "--json")
        answer = json.loads(out)
        assert code == 0
        assert (answer["on"], answer["stored"]) == (day, False)
        assert "PAY-02" in [one["rule"] for one in answer["findings"]]
        assert (answer["opened"], answer["changed"], answer["closed"]) == (0, 0, 0)
    with cast.acting("ines"):
        assert not Finding.objects.filter(pilot=stage.pilot).exists()
        assert not Hold.objects.filter(pilot=stage.pilot).exists()
    out, _err, _code = run("--pilot", stage.pilot.slug, "--on", "2030-12-01", "--as", "ines@cast.example")
    assert "Only an answer as of 2030-12-01: nothing was stored." in out


def test_what_cannot_be_told_is_listed_as_often_as_it_is_counted(cast):
    worker = clean("rse", "W-1")
    for slip in worker.slips[:3]:
        slip.paid_to = ""
    stage = put(cast, open_pilot("rse", ON), [worker])
    out, _err, _code = run("--pilot", stage.pilot.slug, "--as", "ines@cast.example", "--json")
    gaps = json.loads(out)["cannot_tell"]
    assert len(gaps) == len({(gap["rule"], gap["period_start"]) for gap in gaps}) == 3
    out, _err, _code = run("--pilot", stage.pilot.slug, "--as", "ines@cast.example")
    assert "3 cannot be told" in out


def test_who_may_not_reads_who_may(stage):
    out, _err, _code = run("--pilot", stage.pilot.slug, "--as", "omar@cast.example", "--json")
    assert json.loads(out)["error"] == (
        "omar@cast.example may not apply the rights rules: their role does not include it."
        " Who may: Programme officer, Programme manager, Safeguarding lead."
    )


def test_what_the_ledger_shows_paid_is_no_longer_owed(cast, stage):
    asked = ("--pilot", stage.pilot.slug, "--as", "ines@cast.example", "--json")
    run(*asked)
    with cast.acting("ines") as by:
        found = Finding.objects.get(code="PAY-02", pilot=stage.pilot)
        for kind, amount in (("agreed", "60"), ("paid", "45")):
            record(found, kind, Decimal(amount), currency="NZD", by=by, on=date(2026, 6, 30), words="Payslip seen.")
    (hours,) = [one for one in json.loads(run(*asked)[0])["findings"] if one["rule"] == "PAY-02"]
    assert hours["owed"] == {"amount": 15, "currency": "NZD"}
