"""No cent twice in the ledger: claimed, agreed, paid and outstanding of a worker, over all findings on the same facts."""

from datetime import date
from decimal import Decimal

import pytest

from compliance.findings import resolve, waive
from compliance.models import Finding, RemedyEntry
from compliance.remedies.balances import balances
from compliance.remedies.ledger import record, take_back
from compliance.remedies.totals import lines, totals
from tests.compliance.rules.facts import Worker, clean, days
from tests.compliance.rules.putting import judge, open_pilot, put
from workers.models import CostItem, DeductionAgreement, PayRecord

ON = date(2026, 3, 20)
START = date(2026, 2, 9)
LEFT = Decimal("150.00")


def underpaid(worker: Worker) -> None:
    """Forty hours at 22.00: 60.00 under the floor, 260.00 more under the contract. 320.00 in all."""
    worker.slip(START, rate=Decimal("22.00"))


def unagreed(worker: Worker) -> None:
    """70.00 that nobody agreed to, which leave 150.00 of the 200.00 of the week: the floor is reached with them."""
    slip = worker.slip(START, items={"rent": Decimal(140), "phone": Decimal(70)})
    slip.settle()
    slip.tax, slip.net = slip.tax + slip.net - LEFT, LEFT


def deposited(worker: Worker) -> None:
    """One deposit of 500.00, entered as a cost and as a debt."""
    worker.costs.append(
        {"item": "deposit", "amount": Decimal(500), "currency": "NZD", "paid_on": date(2026, 1, 10)}
    )  # fmt: skip
    worker.debts.append(
        {"kind": "deposit", "lender": "recruiter", "amount": Decimal(500), "currency": "NZD", "taken_on": date(2026, 1, 11)}
    )  # fmt: skip


SHAPES = {
    "under the floor and under the contract": ("rse", underpaid, {"PAY-01", "CON-01"}, "320.00"),
    "an item nobody agreed to, and too little left": ("palm-short", unagreed, {"PAY-03", "PAY-05"}, "70.00"),
    "a deposit that was entered twice": ("rse", deposited, {"FEE-03"}, "500.00"),
}


def staged(cast, scheme: str, change):
    """A pilot with one worker to whom this was done, evaluated."""
    worker = clean(scheme, "W", on=ON)
    change(worker)
    stage = put(cast, open_pilot(scheme, ON), [worker])
    judge(cast, stage)
    return stage


def found(cast, stage) -> list[Finding]:
    """Every finding of the pilot, by code."""
    with cast.acting("ines"):
        return list(Finding.objects.filter(pilot=stage.pilot).order_by("code", "pk"))


def total(cast, stage) -> tuple[Decimal, ...]:
    """To be repaid, claimed, agreed, paid and outstanding over all who must repay; held against the list behind each."""
    with cast.acting("ines"):
        rows = totals([stage.pilot.pk], on=ON)
        shown = ("owed", "claimed", "agreed", "paid", "outstanding")
        sums = tuple(sum((getattr(row, name) for row in rows), Decimal(0)) for name in shown)
        behind = [lines([stage.pilot.pk], on=ON, show=name).sums for name in shown]
        assert tuple(sum(one.values(), Decimal(0)) for one in behind) == sums
    return sums


def enter(cast, finding: Finding, kind: str, amount, who: str = "ines") -> None:
    """One line of the ledger."""
    with cast.acting(who) as by:
        record(finding, kind, Decimal(amount), currency=finding.currency, by=by, on=ON, words="Bank slip 12")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_findings_on_the_same_facts_owe_what_was_lost_and_no_more(cast, shape):
    scheme, change, codes, lost = SHAPES[shape]
    stage = staged(cast, scheme, change)
    assert {one.code for one in found(cast, stage)} == codes
    assert len(found(cast, stage)) == 2
    assert total(cast, stage) == (Decimal(lost), 0, 0, 0, Decimal(lost))


@pytest.mark.parametrize("shape", SHAPES)
def test_claimed_agreed_and_paid_to_the_cent_leave_nothing_and_looking_again_changes_nothing(cast, shape):
    scheme, change, _codes, lost = SHAPES[shape]
    stage = staged(cast, scheme, change)
    for kind in ("claimed", "agreed", "paid"):
        for one in found(cast, stage):
            if one.owed:
                enter(cast, one, kind, one.owed)
    whole = Decimal(lost)
    assert total(cast, stage) == (whole, whole, whole, whole, 0)
    _said, done = judge(cast, stage)
    assert (done.opened, done.changed, done.closed) == ((), (), ())
    assert total(cast, stage) == (whole, whole, whole, whole, 0)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_waiver_of_one_gives_its_money_to_no_other(cast, shape):
    scheme, change, _codes, lost = SHAPES[shape]
    stage = staged(cast, scheme, change)
    for one in found(cast, stage):
        with cast.acting("mara") as by:
            waive(one, by=by, on=ON, until=ON + days(30), reason="The employer was given until April.")
        judge(cast, stage)
        assert total(cast, stage) == (Decimal(lost), 0, 0, 0, Decimal(lost))


def test_what_the_facts_no_longer_show_is_owed_by_nobody(cast):
    stage = staged(cast, "rse", deposited)
    with cast.acting("ines"):
        CostItem.objects.filter(pilot=stage.pilot).update(reimbursed=500, reimbursed_on=ON)
    judge(cast, stage)
    # The cost is paid back; the debt says still that somebody holds 500.00, and it is the same deposit.
    assert [(one.code, one.state, one.owed) for one in found(cast, stage)] == [
        ("FEE-03", "resolved", Decimal("500.00")), ("FEE-03", "open", None),
    ]  # fmt: skip
    assert total(cast, stage) == (0, 0, 0, 0, 0)


def test_a_finding_that_was_settled_and_comes_back_owes_what_is_more(cast):
    stage = staged(cast, "rse", underpaid)
    one = next(one for one in found(cast, stage) if one.code == "PAY-01")
    for kind in ("agreed", "paid"):
        enter(cast, one, kind, "60.00")
    with cast.acting("ines") as by:
        resolve(one, by=by, on=ON, remedy="Paid with the wages of March.")
    judge(cast, stage)
    assert total(cast, stage) == (Decimal(320), 0, 60, 60, 260)
    with cast.acting("ines"):
        slip = PayRecord.objects.get(pilot=stage.pilot, period_start=START)
        superseded, slip.pk, slip.rate = slip.pk, None, Decimal("21.00")
        slip.supersedes_id = superseded
        slip.save(force_insert=True)
    judge(cast, stage)
    again = next(one for one in found(cast, stage) if one.code == "PAY-01")
    assert (again.state, again.owed) == ("open", Decimal(100))
    with cast.acting("ines"):
        assert balances([again.pk])[again.pk].outstanding == 40
    # At 21.00 for forty hours 360.00 were lost; sixty of them are repaid.
    assert total(cast, stage) == (360, 0, 60, 60, 300)


def test_what_was_repaid_as_one_finding_is_not_asked_for_as_another(cast):
    """70.00 without agreement are repaid; then an agreement on 50.00 turns up, and 20.00 of the same 70.00 go beyond it."""
    stage = staged(cast, "palm-short", lambda w: w.slip(START).items.update(phone=Decimal(70)))
    (one,) = found(cast, stage)
    assert (one.code, one.owed) == ("PAY-03", Decimal(70))
    for kind in ("agreed", "paid"):
        enter(cast, one, kind, "70.00")
    with cast.acting("ines"):
        first = DeductionAgreement.objects.get(pilot=stage.pilot)
        first.pk, first.item, first.per_period = None, "phone", Decimal(50)
        first.save(force_insert=True)
    judge(cast, stage)
    assert {one.code: one.owed for one in found(cast, stage)} == {"PAY-03": Decimal(70), "PAY-04": None}
    assert total(cast, stage) == (70, 0, 70, 70, 0)


@pytest.mark.parametrize("repaid", ["500.00", "499.99", "100.00"])
def test_a_fee_that_turns_out_to_be_a_deposit_is_asked_for_once(cast, repaid):
    stage = staged(
        cast, "rse",
        lambda w: w.costs.append({"item": "gifts", "amount": Decimal(500), "currency": "NZD", "paid_on": date(2026, 1, 10)}),
    )  # fmt: skip
    (one,) = found(cast, stage)
    for kind in ("agreed", "paid"):
        enter(cast, one, kind, repaid)
    with cast.acting("ines"):
        CostItem.objects.filter(pilot=stage.pilot).update(item="deposit")
    judge(cast, stage)
    # The ledger of the fee stands until a person closes it; what is left is asked for there.
    assert {one.code: one.owed for one in found(cast, stage)} == {"FEE-01": Decimal(500), "FEE-03": None}
    sums = total(cast, stage)
    assert (sums[0], sums[3], sums[4]) == (500, Decimal(repaid), 500 - Decimal(repaid))
    _said, done = judge(cast, stage)
    assert (done.opened, done.changed, done.closed) == ((), (), ())


def test_what_an_employer_records_otherwise_is_not_asked_for_twice(cast):
    """70.00 without agreement; the employer enters an agreement on 50.00 afterwards. The first finding stays for a person."""
    stage = staged(cast, "palm-short", lambda w: w.slip(START).items.update(phone=Decimal(70)))
    with cast.acting("omar"):
        # A payslip of the employer's own, corrected by the employer: what stands on the record is then for a person to see.
        paid = PayRecord.objects.get(pilot=stage.pilot, period_start=START)
        kept = {"id", "supersedes_id", "recorded_at", "recorded_by"}
        said = {f.attname: getattr(paid, f.attname) for f in PayRecord._meta.concrete_fields if f.attname not in kept}
        said |= {"period_start": ON + days(7), "period_end": ON + days(13)}
        PayRecord.objects.create(**said, supersedes=PayRecord.objects.create(**said))
    with cast.acting("ines"):
        terms = DeductionAgreement.objects.get(pilot=stage.pilot)
        terms.pk, terms.item, terms.per_period = None, "phone", Decimal(50)
        terms.save(force_insert=True)
    for _again in range(2):
        judge(cast, stage)
        assert {one.code: one.owed for one in found(cast, stage)} == {"PAY-03": Decimal(70), "PAY-04": None}
        assert total(cast, stage) == (70, 0, 0, 0, 70)


def test_a_payment_that_was_taken_back_is_asked_for_again(cast):
    stage = staged(cast, "palm-short", lambda w: w.slip(START).items.update(phone=Decimal(70)))
    (one,) = found(cast, stage)
    for kind in ("agreed", "paid"):
        enter(cast, one, kind, "70.00")
    with cast.acting("ines") as by:
        take_back(RemedyEntry.objects.get(finding=one, kind="paid"), by=by, on=ON, words="The bank returned it.")
    judge(cast, stage)
    assert total(cast, stage) == (70, 0, 70, 0, 70)
