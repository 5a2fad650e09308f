"""Versions beside each other, and what is left of a deduction: pure."""

from datetime import date
from decimal import Decimal

from workers.facts.terms import balances, compare, covers, in_order
from workers.models import ContractVersion, DeductionAgreement, Insurance, PayRecord

DAY = date(2026, 7, 1)


def version(kind, **more):
    given = {
        "hourly_rate": Decimal(25),
        "currency": "NZD",
        "signed_on": date(2026, 1, 1),
        "weekly_deductions": Decimal(100),
    }
    return ContractVersion(kind=kind, **given | more)


def changes(versions, label):
    (line,) = [line for line in compare(versions) if line.label == label]
    return [cell.change for cell in line.cells]


def test_better_and_worse_are_said_for_the_worker_against_the_version_before():
    versions = [
        version("offer"),
        version("signed", hourly_rate=Decimal(26)),
        version("arrival", hourly_rate=Decimal(24)),
    ]
    assert changes(versions, "Hourly rate") == ["", "better", "worse"]
    assert changes([version("offer"), version("signed", weekly_deductions=Decimal(120))], "Deductions a week") == [
        "",
        "worse",
    ]
    assert changes([version("signed", site_name="A"), version("arrival", site_name="B")], "Site") == ["", "other"]


def test_a_blank_says_nothing_and_the_next_is_compared_with_the_last_that_spoke():
    versions = [version("offer"), version("signed", hourly_rate=None), version("arrival", hourly_rate=Decimal(20))]
    assert changes(versions, "Hourly rate") == ["", "", "worse"]


def test_another_currency_or_period_is_no_better_or_worse():
    assert changes([version("offer"), version("signed", currency="AUD")], "Hourly rate") == ["", "other"]
    hours = {"guaranteed_hours": Decimal(30), "guarantee_period": "week"}
    later = {"guaranteed_hours": Decimal(120), "guarantee_period": "4 weeks"}
    assert changes([version("offer", **hours), version("signed", **later)], "Guaranteed hours") == ["", "other"]


def test_the_newest_of_each_version_stands_in_the_order_of_the_journey():
    rows = [
        version("arrival"),
        version("signed", pk=1),
        version("signed", pk=2, signed_on=date(2026, 2, 1)),
        version("offer"),
    ]
    for at, row in enumerate(rows):
        row.pk = row.pk or at + 10
    assert [(v.kind, v.signed_on.month) for v in in_order(rows)] == [("offer", 1), ("signed", 2), ("arrival", 1)]


def agreed(**more):
    return DeductionAgreement(item="rent", currency="NZD", starts_on=date(2026, 3, 2), **more)


def pay(end, amount, currency="NZD", item="rent"):
    return PayRecord(period_end=end, items={item: amount}, currency=currency)


def test_a_balance_is_what_pay_took_since_the_agreement_began():
    records = [
        pay(date(2026, 3, 1), "9"),
        pay(date(2026, 3, 8), "50"),
        pay(date(2026, 3, 15), "50"),
        pay(date(2026, 3, 15), "7", item="van"),
        pay(date(2026, 3, 15), "7", "AUD"),
    ]
    (line,) = balances([agreed(agreed_total=Decimal(120), per_period=Decimal(50))], records, DAY)
    assert (line.taken, line.left, line.coming, line.over) == (Decimal(100), Decimal(20), Decimal(20), False)
    (line,) = balances([agreed(agreed_total=Decimal(90), per_period=Decimal(50))], records, DAY)
    assert (line.over, line.coming) == (True, None)
    (line,) = balances([agreed(per_period=Decimal(50), withdrawn_on=date(2026, 5, 1))], records, DAY)
    assert (line.left, line.coming) == (None, None)


def test_of_a_former_employers_agreement_nothing_is_taken_and_nothing_comes():
    of_first, of_second = agreed(employer_id=1, per_period=Decimal(50)), agreed(employer_id=2, per_period=Decimal(40))
    record = pay(date(2026, 3, 8), "40")
    record.employer_id = 2
    first, second = balances([of_first, of_second], [record], DAY, 2)
    assert (first.taken, first.coming, second.taken, second.coming) == (0, None, 40, 40)


def test_an_item_is_the_same_however_it_was_typed():
    (line,) = balances([agreed(agreed_total=Decimal(120))], [pay(date(2026, 3, 8), "50", item=" Rent")], DAY)
    assert line.taken == Decimal(50)


def test_what_the_scheme_asks_for_stands_beside_what_is_recorded():
    rows = [
        Insurance(kind="Wage guarantee", joined_on=date(2026, 1, 1), ends_on=date(2026, 2, 1)),
        Insurance(kind="life", joined_on=date(2026, 1, 1)),
    ]
    for at, row in enumerate(rows):
        row.pk = at
    lines = covers(["wage_guarantee", "return_cost"], rows, DAY)
    assert [(c.kind, c.asked, c.insurance is not None, c.lapsed) for c in lines] == [
        ("wage guarantee", True, True, True), ("return cost", True, False, False), ("life", False, True, False),
    ]  # fmt: skip
