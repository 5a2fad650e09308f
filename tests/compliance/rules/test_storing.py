"""What becomes of findings: opened once, closed when put right, opened again; what a person settled stays settled."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DataError

from accounts import jobs
from accounts.scope import acting_as, operator_scope
from compliance.findings import waive
from compliance.models import CannotTell, Evaluation, Finding, FindingEvent, RuleMark
from compliance.rules import evaluating
from compliance.rules.evaluating import evaluate, evaluate_all, evaluate_changed
from compliance.rules.storing import _counted
from pilots.overriding import depart
from tests.compliance.rules.facts import ON, clean, days
from tests.compliance.rules.putting import judge, open_pilot, put
from workers.models import CostItem, Hold, IdentityDocument, PayRecord

JANUARY = date(2026, 1, 10)
FIRST = date(2026, 2, 9)


def fee(worker, amount="500"):
    """A recruiter's fee: critical, so the placement is held."""
    worker.costs.append({"item": "gifts", "amount": Decimal(amount), "currency": "NZD", "paid_on": JANUARY})
    return worker


@pytest.fixture
def stage(cast):
    """One worker with a fee and pay in cash, beside a clean one."""
    worker = fee(clean("rse", "W"))
    worker.slip(FIRST, paid_to="cash")
    return put(cast, open_pilot("rse", ON), [worker, clean("rse", "CLEAN")])


def finding(cast, code: str, stage) -> Finding:
    """The one finding of a rule in the pilot."""
    with cast.acting("ines"):
        return Finding.objects.get(code=code, pilot=stage.pilot)


def standing(cast, stage) -> int:
    """Holds that stand in the pilot."""
    with cast.acting("ines"):
        return Hold.objects.filter(pilot=stage.pilot, lifted_at=None).count()


def pay_back(cast, stage, amount: str) -> None:
    """The fee was paid back, so much of it."""
    with cast.acting("ines"):
        CostItem.objects.filter(pilot=stage.pilot).update(reimbursed=Decimal(amount), reimbursed_on=date(2026, 5, 1))


def settle(cast, found: Finding) -> None:
    """A person settles a finding by hand, as the door leaves it."""
    with cast.acting("ines") as by:
        Finding.objects.filter(pk=found.pk).update(
            state="resolved", closed_on=ON, closed_by_id=by.user_id, remedy="Talked about and settled."
        )


def said(done) -> tuple[int, int, int]:
    """Opened, changed, closed."""
    return len(done.opened), len(done.changed), len(done.closed)


def test_looking_again_changes_nothing(cast, stage):
    verdicts, first = judge(cast, stage)
    assert verdicts["W"].found == {("FEE-01", JANUARY, Decimal("500.00"), "NZD"), ("PAY-10", FIRST, None, "")}
    assert said(first) == (2, 0, 0)
    for on in (ON, ON + days(1)):
        again, done = judge(cast, stage, on=on)
        assert again == verdicts
        assert said(done) == (0, 0, 0)
    with cast.acting("ines"):
        assert FindingEvent.objects.filter(pilot=stage.pilot).count() == 2
        assert Evaluation.objects.filter(pilot=stage.pilot).count() == 3


def test_a_critical_finding_holds_the_placement_and_facts_put_right_lift_it(cast, stage):
    judge(cast, stage)
    opened = finding(cast, "FEE-01", stage)
    assert (opened.state, opened.owed, opened.currency, opened.severity) == ("open", Decimal(500), "NZD", "critical")
    assert standing(cast, stage) == 1
    pay_back(cast, stage, "499.99")
    _verdicts, done = judge(cast, stage)
    assert said(done) == (0, 1, 0)
    assert finding(cast, "FEE-01", stage).owed == Decimal("0.01")
    pay_back(cast, stage, "500")
    _verdicts, done = judge(cast, stage)
    assert done.closed == (opened.pk,)
    assert finding(cast, "FEE-01", stage).state == "resolved"
    assert standing(cast, stage) == 0


def test_what_breaks_again_is_the_same_finding(cast, stage):
    judge(cast, stage)
    opened = finding(cast, "FEE-01", stage)
    pay_back(cast, stage, "500")
    judge(cast, stage)
    pay_back(cast, stage, "100")
    _verdicts, done = judge(cast, stage)
    assert done.opened == (opened.pk,)
    back = finding(cast, "FEE-01", stage)
    assert (back.pk, back.state, back.owed, back.closed_on) == (opened.pk, "open", Decimal(400), None)
    assert standing(cast, stage) == 1
    with cast.acting("ines"):
        kinds = FindingEvent.objects.filter(finding=opened).order_by("pk").values_list("kind", flat=True)
        assert list(kinds) == ["opened", "not found", "reopened"]


def test_a_payslip_corrected_by_a_new_row_closes_the_finding_of_the_old(cast, stage):
    judge(cast, stage)
    with cast.acting("ines"):
        old = PayRecord.objects.get(pilot=stage.pilot, paid_to="cash")
        wrong = old.pk
        old.pk, old.supersedes_id, old.paid_to = None, wrong, "own account"
        old.save(force_insert=True)
    verdicts, done = judge(cast, stage)
    assert {row[0] for row in verdicts["W"].found} == {"FEE-01"}
    assert len(done.closed) == 1


def test_what_a_person_settled_stays_settled_until_more_is_owed(cast, stage):
    judge(cast, stage)
    settle(cast, finding(cast, "FEE-01", stage))
    settle(cast, finding(cast, "PAY-10", stage))
    assert said(judge(cast, stage)[1]) == (0, 0, 0)
    pay_back(cast, stage, "200")
    assert said(judge(cast, stage)[1]) == (0, 0, 0)
    with cast.acting("ines"):
        CostItem.objects.filter(pilot=stage.pilot).update(amount=Decimal("700.01"))
    _verdicts, done = judge(cast, stage)
    again = finding(cast, "FEE-01", stage)
    assert done.opened == (again.pk,)
    assert (again.state, again.owed) == ("open", Decimal("500.01"))
    assert finding(cast, "PAY-10", stage).state == "resolved"


def test_a_waived_finding_stays_waived_and_is_closed_when_it_is_gone(cast, stage):
    judge(cast, stage)
    with cast.acting("mara") as by:
        waive(finding(cast, "FEE-01", stage), by=by, reason="Being paid back.", until=ON + timedelta(days=30), on=ON)
    pay_back(cast, stage, "100")
    assert said(judge(cast, stage)[1]) == (0, 0, 0)
    assert finding(cast, "FEE-01", stage).state == "waived"
    assert standing(cast, stage) == 0
    pay_back(cast, stage, "500")
    assert said(judge(cast, stage)[1]) == (0, 0, 1)


def test_what_cannot_be_told_is_kept_until_the_fact_is_there(cast):
    worker = clean("rse", "W")
    worker.paper("passport")["expires_on"] = None
    stage = put(cast, open_pilot("rse", ON), [worker])
    judge(cast, stage)
    judge(cast, stage)
    with cast.acting("ines"):
        assert CannotTell.objects.get(pilot=stage.pilot).missing == "end of the passport"
        IdentityDocument.objects.filter(pilot=stage.pilot, kind="passport").update(expires_on=date(2033, 1, 1))
    judge(cast, stage)
    with cast.acting("ines"):
        assert not CannotTell.objects.filter(pilot=stage.pilot).exists()


def test_an_earlier_day_closes_nothing_that_was_found_later(cast, stage):
    judge(cast, stage)
    _verdicts, done = judge(cast, stage, on=JANUARY - days(1), store=False)
    assert said(done) == (0, 0, 0)
    assert finding(cast, "FEE-01", stage).state == "open"


@pytest.mark.parametrize("name", ["sefo", "omar", "kofi", "fay", "rosa"])
def test_who_may_not_apply_the_rules_is_refused(cast, stage, name):
    with cast.acting(name) as by, pytest.raises(PermissionDenied):
        evaluate([stage.pilot.pk], on=ON, by=by)


def test_a_pilot_of_somebody_else_is_refused(cast, stage):
    with cast.acting("dana") as by, pytest.raises(PermissionDenied):
        evaluate([stage.pilot.pk], on=ON, by=by)


def test_what_changed_is_looked_at_by_the_portal_itself_and_comes_to_the_same(cast, stage):
    looked_at = evaluate_changed(ON)
    assert looked_at >= 2
    assert finding(cast, "FEE-01", stage).state == "open"
    assert said(judge(cast, stage)[1]) == (0, 0, 0)
    with acting_as(operator_scope()):
        assert not RuleMark.objects.filter(pilot_id=stage.pilot.pk).exists()
    pay_back(cast, stage, "500")
    assert evaluate_changed(ON) == 1
    assert finding(cast, "FEE-01", stage).state == "resolved"
    assert evaluate_changed(ON) == 0


def test_the_nightly_look_at_everything_comes_to_the_same(cast, stage):
    worker = clean("rse", "NO-LICENCE")
    worker.licences[0]["valid_to"] = date(2021, 1, 1)
    put(cast, stage, [worker])
    verdicts, _done = judge(cast, stage)
    assert {row[0] for row in verdicts["NO-LICENCE"].found} == {"REC-01"}
    evaluate_all(ON)
    assert finding(cast, "REC-01", stage).state == "open"
    assert said(judge(cast, stage)[1]) == (0, 0, 0)


def test_an_override_is_applied_from_its_first_to_its_last_day_with_its_reason(cast):
    worker = clean("rse", "W")
    worker.checks = [(ON - days(20), "in person")]
    stage = put(cast, open_pilot("rse", ON), [worker])
    with cast.acting("ines") as by:
        depart(stage.pilot, parameter="welfare_contact_interval", value="14", valid_from=ON - days(9), valid_to=ON,
               reason="Agreed with the ministry.", by=by)  # fmt: skip
    assert judge(cast, stage, on=ON - days(10))[0] == {}
    verdicts, done = judge(cast, stage)
    assert verdicts["W"].found == {("WEL-01", ON - days(20), None, "")}
    (applied,) = done.found[0].parameter
    assert (applied["name"], applied["override"]) == ("welfare_contact_interval", "Agreed with the ministry.")
    verdicts, done = judge(cast, stage, on=ON + days(1))
    assert verdicts == {}
    assert len(done.closed) == 1


def test_a_margin_of_the_passport_counts_beyond_the_planned_end(cast):
    worker, short = clean("rse", "ENOUGH"), clean("rse", "SHORT")
    for one, more in ((worker, 0), (short, -1)):
        one.planned_end = date(2026, 7, 15)
        one.paper("passport")["expires_on"] = date(2026, 8, 15) + days(more)
    stage = put(cast, open_pilot("rse", ON), [worker, short])
    assert judge(cast, stage)[0] == {}
    with cast.acting("ines") as by:
        depart(stage.pilot, parameter="passport_margin", value="1", valid_from=date(2026, 1, 1), valid_to=ON,
               reason="The visa asks for it.", by=by)  # fmt: skip
    assert {code: {row[0] for row in v.found} for code, v in judge(cast, stage)[0].items()} == {"SHORT": {"DOC-01"}}


def test_the_last_day_of_the_stay_is_printed(cast):
    """V42: entry 1 October 2025, seven months, the day of entry counted: 30 April 2026 (domain figure, source R4)."""
    worker = clean("rse", "W", arrived=date(2025, 10, 1), on=date(2026, 5, 1))
    worker.paper("visa")["expires_on"] = date(2027, 1, 1)
    _verdicts, done = judge(cast, put(cast, open_pilot("rse", date(2026, 5, 1)), [worker]))
    (found,) = done.found
    assert (found.rule, found.evidence["entered"], found.evidence["last_day"]) == (
        "STAY-01",
        "2025-10-01",
        "2026-04-30",
    )
    assert [(row["value"], row["unit"]) for row in found.parameter] == [(7, "months"), (11, "months")]


@pytest.mark.parametrize(
    ("value", "unit", "counted"),
    [("00:00:00", "months", 0), ("7 mons", "months", 7), ("1 year 2 mons", "months", 14), ("14 days", "weeks", 2),
     ("60 days", "days", 60), ("4 years", "years", 4), (30, "hours", 30), ("class A", "text", "class A")],
)  # fmt: skip
def test_a_length_of_time_is_kept_as_the_number_of_its_unit(value, unit, counted):
    assert _counted(value, unit) == counted


def test_an_evaluation_that_only_answers_writes_nothing(cast, stage):
    _verdicts, done = judge(cast, stage, on=date(2030, 12, 1), store=False)
    assert {"FEE-01", "STAY-01"} <= {one.rule for one in done.found}
    assert done.broken == len(done.found)
    assert said(done) == (0, 0, 0)
    with cast.acting("ines"):
        assert not Finding.objects.filter(pilot=stage.pilot).exists()
        assert not FindingEvent.objects.filter(pilot=stage.pilot).exists()
        assert not Evaluation.objects.filter(pilot=stage.pilot).exists()
        assert not CannotTell.objects.filter(pilot=stage.pilot).exists()
    assert standing(cast, stage) == 0


def test_what_was_found_as_of_a_later_day_and_does_not_hold_today_goes_with_the_next_run(cast, stage):
    judge(cast, stage, on=date(2030, 12, 1))
    with cast.acting("ines"):
        stale = set(Finding.objects.filter(code="STAY-01", pilot=stage.pilot).values_list("pk", flat=True))
    assert stale
    _verdicts, done = judge(cast, stage)
    assert stale <= set(done.closed)
    with cast.acting("ines"):
        for found in Finding.objects.filter(pk__in=stale):
            assert (found.state, found.closed_on) == ("resolved", ON)
            assert found.opened_on <= ON


def test_the_job_looks_as_of_the_day_on_which_it_is_done(cast, stage, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a, **k: ON + days(1))
    with cast.acting("ines") as by:
        job = jobs.ask("evaluate_rights", key="x", by=by, pilot_id=stage.pilot.pk, on="2030-12-01")
        evaluating.evaluate_job(jobs.Work(job, by))
        assert Evaluation.objects.get(pilot=stage.pilot).on == ON + days(1)


def test_a_rate_nobody_believes_is_found_at_the_most_a_finding_holds(cast):
    """An employer's own payslip must not stop the rules for everybody."""
    worker = clean("rse", "W")
    worker.slip(FIRST, rate=Decimal("9999999999"), worked=Decimal(744), gross=Decimal(1), tax=Decimal(0))
    verdicts, _done = judge(cast, put(cast, open_pilot("rse", ON), [worker]))
    assert ("PAY-07", FIRST, Decimal("999999999999.99"), "NZD") in verdicts["W"].found


@pytest.mark.parametrize("every", [evaluate_all, evaluate_changed])
def test_a_pilot_whose_rules_fail_keeps_its_marks_and_stops_no_other(cast, stage, monkeypatch, every):
    after, apply = put(cast, open_pilot("rse", ON), [fee(clean("rse", "AFTER"))]), evaluating._evaluate

    def fails_once(pilot_ids, *rest):
        if pilot_ids == [stage.pilot.pk]:
            raise DataError
        return apply(pilot_ids, *rest)

    monkeypatch.setattr(evaluating, "_evaluate", fails_once)
    with pytest.raises(ExceptionGroup, match="not applied to every pilot") as failed:
        every(ON)
    assert len(failed.value.exceptions) == 1
    with cast.acting("ines"):
        assert set(Finding.objects.filter(pilot__in=[stage.pilot, after.pilot]).values_list("pilot_id", flat=True)) == {
            after.pilot.pk
        }
    with acting_as(operator_scope()):
        assert RuleMark.objects.filter(pilot=stage.pilot).exists()
        assert not RuleMark.objects.filter(pilot=after.pilot).exists()
