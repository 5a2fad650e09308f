"""Whom a finding is about cannot make it vanish: what they take back or change leaves it open, marked, for a person."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction

from compliance.findings import resolve
from compliance.marking import DOUBTS, MARKED
from compliance.models import Finding, FindingEvent, PartnerChange
from compliance.rules.evaluating import evaluate, evaluate_all, evaluate_changed
from compliance.rules.table import rules
from tests.compliance.rules.facts import ON, clean
from tests.compliance.rules.putting import judge, open_pilot, put
from tests.workers.sheets.test_facts import recorded
from workers.models import PayRecord
from workers.sheets.door import undo

pytestmark = pytest.mark.django_db
FIRST = date(2026, 2, 9)
PAY = ["Worker ID", "Period start", "Period end", "Gross", "Net", "Currency"]
SHORT = ["IH-001", "2026-05-04", "2026-05-10", "900", "100", "NZD"]


def sheet(cast, who: str, today):
    """A payslip that does not add up, sent as a sheet, and looked at by the rules."""
    with cast.acting(who) as by:
        batch = recorded(cast, by, today, "pay", PAY, SHORT)
    look(cast)
    return batch


def look(cast) -> None:
    with cast.acting("ines") as by:
        evaluate([cast.placement("IH-001").pilot_id], on=ON, by=by)


def of_sheet(cast) -> Finding:
    with cast.acting("ines"):
        return Finding.objects.get(code="PAY-07", placement=cast.placement("IH-001"), period_start="2026-05-04")


def kinds(cast, found: Finding) -> list[str]:
    with cast.acting("ines"):
        return list(FindingEvent.objects.filter(finding=found).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("again", ["hand", "night", "minute"])
def test_a_finding_stays_when_the_employer_takes_its_sheet_back(cast, today, again):
    batch = sheet(cast, "omar", today)
    before = of_sheet(cast)
    with cast.acting("omar") as by:
        done = undo(batch, by=by, reason="the wrong file")
    assert (done.undone, done.kept) == (1, [])
    {"hand": lambda: look(cast), "night": lambda: evaluate_all(ON), "minute": lambda: evaluate_changed(ON)}[again]()
    evaluate_all(ON)
    after = of_sheet(cast)
    assert (after.state, after.doubted, after.evidence, after.owed) == ("open", True, before.evidence, before.owed)
    assert kinds(cast, after) == ["opened", "doubted"]


def test_what_the_employer_reads_of_taking_back_is_the_same_with_and_without_a_finding(cast, today):
    batch = sheet(cast, "omar", today)
    with cast.acting("ines"):
        Finding.objects.filter(pk=of_sheet(cast).pk).update(period_end="2026-05-10")
    with cast.acting("omar") as by:
        assert undo(batch, by=by, reason="the wrong file").kept == []
        with pytest.raises(ProgrammingError), transaction.atomic():
            list(PartnerChange.objects.all())
        with pytest.raises(ProgrammingError), transaction.atomic():
            PartnerChange.objects.all().delete()


def test_a_programme_that_takes_its_own_sheet_back_closes_what_stood_on_it(cast, today):
    batch = sheet(cast, "ines", today)
    with cast.acting("ines") as by:
        undo(batch, by=by, reason="the wrong file")
    look(cast)
    found = of_sheet(cast)
    assert (found.state, found.doubted) == ("resolved", False)


def test_a_payslip_corrected_by_the_employer_leaves_the_finding_to_a_person(cast, today):
    sheet(cast, "omar", today)
    with cast.acting("omar") as by:
        recorded(cast, by, today, "pay", PAY, [*SHORT[:4], "900", "NZD"])
    look(cast)
    found = of_sheet(cast)
    assert (found.state, found.doubted) == ("open", True)
    with cast.acting("ines") as by:
        resolve(found, by=by, on=ON, remedy="Compared with the bank's statement.")
    look(cast)
    found = of_sheet(cast)
    assert (found.state, found.doubted, found.closed_by_id is None) == ("resolved", False, False)


def test_a_correction_that_only_lowers_what_is_owed_is_told(cast, today):
    sheet(cast, "omar", today)
    with cast.acting("omar") as by:
        recorded(cast, by, today, "pay", PAY, [*SHORT[:4], "800", "NZD"])
    look(cast)
    look(cast)
    found = of_sheet(cast)
    assert (found.state, found.doubted, found.owed) == ("open", False, Decimal(100))
    assert kinds(cast, found) == ["opened", "changed", "doubted"]


def test_a_finding_whose_record_comes_back_is_in_doubt_no_more(cast, today):
    batch = sheet(cast, "omar", today)
    with cast.acting("omar") as by:
        undo(batch, by=by, reason="the wrong file")
    look(cast)
    with cast.acting("omar") as by:
        recorded(cast, by, today, "pay", PAY, SHORT)
    look(cast)
    found = of_sheet(cast)
    assert (found.state, found.doubted) == ("open", False)


def test_what_an_employer_adds_afterwards_closes_by_itself_what_was_missing(cast):
    worker = clean("rse", "W")
    gap = worker.slips.pop(3)
    stage = put(cast, open_pilot("rse", ON), [worker])
    verdicts, _done = judge(cast, stage)
    assert "PAY-09" in {row[0] for row in verdicts["W"].found}
    with cast.acting("omar"):
        placement = stage.ids["W"]
        one = PayRecord.objects.filter(placement_id=placement).first()
        one.pk, one.period_start, one.period_end = None, gap.start, gap.end
        one.due_on, one.paid_on = gap.due, gap.paid
        one.save(force_insert=True)
    judge(cast, stage)
    with cast.acting("ines"):
        assert Finding.objects.get(code="PAY-09", pilot=stage.pilot).state == "resolved"


def test_the_page_and_the_list_say_that_the_record_was_changed(cast, sign_in, today):
    batch = sheet(cast, "omar", today)
    with cast.acting("omar") as by:
        undo(batch, by=by, reason="the wrong file")
    look(cast)
    found, ines = of_sheet(cast), sign_in("ines")
    assert "changed or took back a record" in ines.get(f"/findings/{found.pk}/").content.decode()
    assert "The record was changed" in ines.get("/findings/").content.decode()


def test_every_rule_and_every_marked_table_that_a_partner_writes_is_in_the_table():
    assert set(DOUBTS) <= set(MARKED)
    assert {code.split("-")[0] for code in rules()} == {rule for those in DOUBTS.values() for rule in those}
