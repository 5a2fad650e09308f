"""Rules of what a worker paid or owes for the job, each at its boundary."""

from datetime import date
from decimal import Decimal

import pytest

from tests.compliance.rules.cases import one
from tests.compliance.rules.facts import ON

JANUARY = date(2026, 1, 10)
MONTH_PAY = Decimal("5217.86")  # 1,200 a week x 30.4375 / 7
RATES = [
    (date(2026, 1, 1), "NZD", "VUV", "70"), (date(2026, 1, 1), "FJD", "NZD", "0.75"), (date(2026, 1, 1), "NZD", "FJD", "2"),
]  # fmt: skip


def cost(item: str, amount: str, currency: str = "NZD", **more):
    """A cost the worker paid in January."""
    one_cost = {"item": item, "amount": Decimal(amount), "currency": currency, "paid_on": JANUARY} | more
    return lambda worker: worker.costs.append(one_cost)


def debt(kind: str, amount: str = "1000", **more):
    """A debt for the job."""
    one_debt = {
        "kind": kind,
        "lender": "money-lender",
        "amount": Decimal(amount),
        "currency": "NZD",
        "taken_on": JANUARY,
    }
    return lambda worker: worker.debts.append(one_debt | more)


def taken_off(amount: str, on: date | None = date(2026, 3, 1)) -> dict:
    """Paid back, so much, on a day."""
    return {"reimbursed": Decimal(amount), "reimbursed_on": on}


CASES = [
    one("a visa, which a worker may bear", "rse", cost("visa", "300")),
    one("a visa under the standard alone", "custom", cost("visa", "300", "XXX"), ("FEE-01", JANUARY, "300")),
    one("a passport under the standard alone", "custom", cost("passport", "300", "XXX")),
    one("a recruiter's fee", "rse", cost("recruiter fee", "500"), ("FEE-01", JANUARY, "500")),
    one("a recruiter's fee a programme paid", "rse", cost("recruiter fee", "500", paid_by="programme")),
    one("a fee paid back in part", "rse", cost("gifts", "500", **taken_off("499.99")), ("FEE-01", JANUARY, "0.01")),
    one("a fee paid back whole", "rse", cost("gifts", "500", **taken_off("500"))),
    one("a fee paid back on an unknown day", "rse", cost("gifts", "500", **taken_off("500", None))),
    one("a fee paid back after the day", "rse", cost("gifts", "500", **taken_off("500", date(2026, 7, 1))),
        ("FEE-01", JANUARY, "500")),
    one("a fee paid after the day", "rse", cost("gifts", "500", paid_on=date(2026, 7, 1))),
    one("a fee paid on the day", "rse", cost("gifts", "500", paid_on=ON), ("FEE-01", ON, "500")),
    one("a fee paid back on the day", "rse", cost("gifts", "500", **taken_off("500", ON))),
    one("a debt taken on on the day", "rse", debt("bond", taken_on=ON), ("FEE-03", ON, None)),
    one("a deposit of the day that was entered as a debt too", "rse",
        lambda w: (cost("deposit", "500", paid_on=ON)(w), debt("deposit", "500")(w)),
        ("FEE-03", ON, "500"), ("FEE-03", JANUARY, None)),
    one("a cost nobody says what for", "rse", cost("other", "500"), untold=[("FEE-01", "what the cost was for")]),
    one("a deposit", "rse", cost("deposit", "500"), ("FEE-03", JANUARY, "500")),
    one("a deposit given back", "rse", cost("deposit", "500", **taken_off("500"))),
    one("a lawful cost with land as security", "rse", cost("visa", "500", security="land"), ("FEE-03", JANUARY, None)),
    one("an unlawful cost with land as security", "rse", cost("gifts", "500", security="land"),
        ("FEE-01", JANUARY, "500"), ("FEE-03", JANUARY, None)),
    one("a loan without security", "rse", debt("loan")),
    one("a loan with security", "rse", debt("loan", security="the family's land"), ("FEE-03", JANUARY, None)),
    one("a bond for leaving", "rse", debt("bond"), ("FEE-03", JANUARY, None)),
    one("a deposit held", "rse", debt("deposit", "800"), ("FEE-03", JANUARY, "800")),
    one("a deposit cleared on the day", "rse", debt("deposit", "800", cleared_on=ON)),
    one("a deposit cleared the day after", "rse", debt("deposit", "800", cleared_on=date(2026, 7, 1)),
        ("FEE-03", JANUARY, "800")),
    one("a debt taken on after the day", "rse", debt("bond", taken_on=date(2026, 7, 1))),
    one("costs of one month's pay", "rse", cost("visa", str(MONTH_PAY))),
    one("costs that round to 1.00 months", "rse", cost("visa", "5243.94")),
    one("costs that round to 1.01 months", "rse", cost("visa", "5243.95"), ("FEE-02", JANUARY, None)),
    one("costs above a month's pay, paid back below it", "rse", cost("visa", "6000", **taken_off("800"))),
    one("costs above a month's pay, paid back below it on the day", "rse", cost("visa", "6000", **taken_off("800", ON))),
    one("costs of two days, together above a month's pay", "rse",
        lambda w: (cost("visa", "3000", paid_on=date(2026, 2, 10))(w), cost("visa", "3000")(w)), ("FEE-02", JANUARY, None)),
    one("costs in a currency with a rate", "rse", cost("visa", "7000", "FJD"), ("FEE-02", JANUARY, None)),
    one("costs in a currency with a rate, below", "rse", cost("visa", "6950", "FJD")),
    one("costs in a currency with the rate the other way", "rse", cost("visa", "368000", "VUV"),
        ("FEE-02", JANUARY, None)),
    one("costs with the rate the other way, below", "rse", cost("visa", "365000", "VUV")),
    one("costs in a currency without a rate", "rse", cost("visa", "10", "WST"),
        untold=[("FEE-02", "exchange rate of the month")]),
    one("costs and no pay after six weeks", "rse",
        lambda w: (cost("visa", "10")(w), w.slips.clear(), w.move("working", date(2026, 5, 16))),
        ("PAY-09", date(2026, 5, 16), None), untold=[("FEE-02", "pay")]),
    one("costs and no pay yet", "rse", lambda w: (cost("visa", "10")(w), w.slips.clear(),
        w.move("working", date(2026, 6, 12)))),
    one("costs and pay in two currencies", "rse",
        lambda w: (cost("visa", "10")(w), w.slip(date(2026, 2, 9), currency="AUD", items={})),
        untold=[("FEE-02", "pay in one currency"), ("PAY-01", "pay in the currency of the scheme")]),
]  # fmt: skip


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_of_what_a_worker_paid(judged, name):
    said, expected = judged[name]
    assert said == expected
