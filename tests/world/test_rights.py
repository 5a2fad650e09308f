"""What goes wrong in the world on purpose is found by the rules, and the terms and pay of everybody else are in order."""

import pytest
from django.db import transaction

from accounts.scope import acting_as
from compliance.models import CheckAnswer
from compliance.rules.declaring import REST_ITEM
from compliance.rules.evaluating import evaluate
from lamp_portal.world import abuses, plans
from workers.models import ContractVersion, DeductionAgreement, Insurance, PayRecord, Placement

RULES_OF = {
    "late": "PAY-06", "no payslips": "PAY-09", "fee not agreed": "PAY-03", "late contract": "CON-02",
    "beyond agreed": "PAY-04", "sums wrong": "PAY-07", "cash": "PAY-10", "hours not paid": "PAY-02",
    "low rate": "PAY-01", "no insurance": "", "pledged land": "FEE-03", "worse contract": "CON-01",
}  # fmt: skip
# What only a planted abuse breaks. Papers that end, contacts and large fees are the fates' and the visits'.
TERMS = {"CON-01", "CON-02", "PAY-01", "PAY-02", "PAY-03", "PAY-04", "PAY-05", "PAY-06", "PAY-07", "PAY-08", "PAY-09",
         "PAY-10", "PAY-11", "AGE-01", "BAN-01", "FEE-03", "HRS-01", "INS-01", "REC-01"}  # fmt: skip


def found_in(played, slug):
    """(planted: worker → abuse, found: worker → rules, sites' rules) of one pilot; nothing is kept."""
    plan = next(p for p in plans.pilots() if p.slug == slug)
    planted = abuses.planted(plan, played.walks[slug], played.today)
    with transaction.atomic():
        with acting_as(played.ground.hands.of(plan.programme, "programme_officer")) as by:
            codes = dict(Placement.objects.filter(pk__in=planted).values_list("pk", "person__worker_code"))
            done = evaluate([played.ground.pilots[slug].pk], on=played.today, by=by, listing=True)
        transaction.set_rollback(True)
    found: dict[str, set[str]] = {}
    for one in done.found:
        found.setdefault(one.worker, set()).add(one.rule)
    return {codes[pk]: abuse for pk, abuse in planted.items()}, found


@pytest.mark.parametrize("slug", plans.PILOTS)
def test_every_planted_abuse_is_found_and_nobody_elses_terms_are_broken(played, slug):
    planted, found = found_in(played, slug)
    for code, abuse in planted.items():
        wanted = RULES_OF[abuse]
        assert not wanted or wanted in found.get(code, set()), (code, abuse, found.get(code))
    others = {code: rules & TERMS for code, rules in found.items() if code and code not in planted and rules & TERMS}
    assert others == {}
    assert ("HOU-01" in found.get("", set())) == (slug == abuses.CROWDED)


@pytest.mark.parametrize("slug", plans.PILOTS)
def test_looking_again_finds_the_same_and_only_fates_leave_a_question(played, slug):
    plan = next(p for p in plans.pilots() if p.slug == slug)
    planted = abuses.planted(plan, played.walks[slug], played.today)
    fates = {w.placement_id for w in played.walks[slug] if w.day_of("re_engaged", "disengaged")}
    with transaction.atomic():
        with acting_as(played.ground.hands.of(plan.programme, "programme_officer")) as by:
            first, again = (
                evaluate([played.ground.pilots[slug].pk], on=played.today, by=by, listing=True) for _time in range(2)
            )
            told = Placement.objects.filter(pk__in=fates | set(planted)).values_list("person__worker_code", flat=True)
            unusual = set(told)
            answers = CheckAnswer.objects.filter(pilot=played.ground.pilots[slug], item=REST_ITEM)
            last = dict(answers.order_by("done_on", "id").values_list("placement__person__worker_code", "answer"))
            rested = {worker for worker, answer in last.items() if answer == "yes"}
        transaction.set_rollback(True)
    assert (again.opened, again.changed, again.closed) == ((), (), ())
    assert (again.found, again.untold) == (first.found, first.untold)
    # Whether there is a day of rest only a check can tell (HRS-02), and not everybody was asked yet.
    assert {gap.worker for gap in first.untold if gap.rule != "HRS-02"} <= unusual
    assert {gap.worker for gap in first.untold if gap.rule == "HRS-02"}.isdisjoint(rested)


def test_payslips_add_up_with_their_items(played):
    with acting_as(played.ground.hands.of("long-bridge", "programme_officer")):
        for record in PayRecord.objects.filter(pilot__slug="tonga-apples"):
            assert sum(map(float, record.items.values())) == pytest.approx(float(record.deductions))
        assert ContractVersion.objects.count() > 200
        assert DeductionAgreement.objects.exists()
        assert Insurance.objects.exists()
