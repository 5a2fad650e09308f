"""No cent twice: the amounts of a worker's findings add up to what the worker lost, whatever the rules that saw it."""

from datetime import date
from decimal import Decimal

import pytest

from tests.compliance.rules.cases import Case, one
from tests.compliance.rules.facts import Worker, clean

SHORT = {"on": date(2026, 3, 20)}
START = date(2026, 2, 9)
SECOND = date(2026, 2, 16)


def at(rate: str, start: date = START):
    """One payslip at this rate."""
    return lambda worker: worker.slip(start, rate=Decimal(rate))


def deposit(*, debt: str):
    """A deposit among the costs, and one among the debts."""

    def _change(worker: Worker) -> None:
        taken = {"currency": "NZD", "paid_on": date(2026, 1, 10)}
        worker.costs.append({"item": "deposit", "amount": Decimal("500.00"), **taken})
        worker.debts.append(
            {"kind": "deposit", "lender": "recruiter", "amount": Decimal(debt), "currency": "NZD",
             "taken_on": date(2026, 1, 11)}
        )  # fmt: skip

    return _change


def little(**changes):
    """Of the first payslip 150 are left, for this reason."""

    def _change(worker: Worker) -> None:
        slip = worker.slip(START, **changes)
        slip.settle()
        slip.tax, slip.net = slip.tax + slip.net - 150, Decimal("150.00")

    return _change


def short_week(rate: str | None = None):
    """Twenty hours in the first week instead of thirty-eight, of which 150 are left."""

    def _change(worker: Worker) -> None:
        little(offered=Decimal(20), worked=Decimal(20))(worker)

    return _change


def free_housing(consent: date | None):
    """Rent where housing is free, agreed or not."""

    def _change(worker: Worker) -> None:
        if consent:
            worker.agreements.append(
                {"item": "rent", "currency": "USD", "consent_on": consent, "per_period": Decimal(60)}
            )
        worker.slip(START, items={"rent": Decimal("80.00")})

    return _change


CASES = [
    # Signed NZ$30.00, the lowest rate is NZ$23.50: for 40 hours at 22.00 the worker lost 320.00, 60.00 of it under the floor.
    one("paid under the floor and under the contract", "rse", at("22.00"),
        ("PAY-01", START, "60.00"), ("CON-01", START, "260.00"), **SHORT),
    one("paid under the contract alone", "rse", at("29.00"), ("CON-01", START, "40.00"), **SHORT),
    one("signed at the lowest rate: all of it is the floor's", "rse",
        lambda w: (w.contracts[0].update(hourly_rate=Decimal("23.50")), at("22.00")(w)),
        ("PAY-01", START, "60.00"), ("CON-01", START, None), **SHORT),
    one("a deposit that was entered twice", "rse", deposit(debt="500.00"),
        ("FEE-03", date(2026, 1, 10), "500.00"), ("FEE-03", date(2026, 1, 11), None), **SHORT),
    one("two deposits", "rse", deposit(debt="400.00"),
        ("FEE-03", date(2026, 1, 10), "500.00"), ("FEE-03", date(2026, 1, 11), "400.00"), **SHORT),
    one("too little left, and nothing else", "palm-short", little(), ("PAY-05", START, "50.00"), **SHORT),
    one("too little left because of an item nobody agreed to", "palm-short",
        little(items={"rent": Decimal(140), "phone": Decimal(30)}),
        ("PAY-03", START, "30.00"), ("PAY-05", START, "20.00"), **SHORT),
    one("too little left, and an item gives back more than that", "palm-short",
        little(items={"rent": Decimal(140), "phone": Decimal(70)}),
        ("PAY-03", START, "70.00"), ("PAY-05", START, None), **SHORT),
    # A guarantee in weeks: eighteen hours at 32.00 were not offered.
    one("too little left in a week without enough hours", "palm-long", short_week(),
        ("PAY-02", START, "576.00"), ("PAY-05", START, None), **SHORT),
    one("rent where housing is free, which nobody agreed to", "h-2a", free_housing(None),
        ("PAY-03", START, "80.00"), ("PAY-08", START, None), **SHORT),
    one("rent where housing is free, twenty beyond what was agreed", "h-2a", free_housing(START),
        ("PAY-04", START, "20.00"), ("PAY-08", START, "60.00"), **SHORT),
]  # fmt: skip


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_no_cent_is_owed_twice(judged, name):
    said, expected = judged[name]
    assert said == expected


def test_what_is_owed_adds_up_to_what_was_lost():
    lost = clean("rse").slips[0]
    assert sum(Decimal(owed) for _rule, _start, owed in _found(CASES[0])) == (lost.rate - 22) * lost.worked


def _found(case: Case):
    assert not callable(case.found)
    return case.found
