"""Rules of one payslip, each at its boundary: a cent, an hour, a day."""

from datetime import date
from decimal import Decimal

import pytest

from tests.compliance.rules.cases import one
from tests.compliance.rules.facts import ON, Worker, days, every

FEB, MARCH, APRIL = date(2026, 2, 9), date(2026, 3, 30), date(2026, 4, 6)


def at_minimum(worker: Worker, first: str, then: str, change: date = date(2026, 4, 1)) -> Worker:
    """Everything at the lowest lawful rate, the contract too."""
    worker.contracts[0]["hourly_rate"] = Decimal("20.00")
    for slip in worker.slips:
        slip.rate = Decimal(first if slip.start < change else then)
    return worker


def rate(
    start: date, value: str, *, season: int = 1, first: str = "23.50", then: str = "23.95", change=date(2026, 4, 1)
):
    """One payslip at another rate than the lowest."""

    def _change(worker: Worker) -> None:
        worker.season = season
        at_minimum(worker, first, then, change).slip(start, rate=Decimal(value))

    return _change


def piece(start: date, gross: str | None, hours: str | None = "40"):
    """A payslip by the piece."""

    def _change(worker: Worker) -> None:
        at_minimum(worker, "23.50", "23.95")
        worker.slip(start, rate=None, pieces=Decimal(500), gross=Decimal(gross), worked=hours and Decimal(hours))

    return _change


def first(**changes):
    """Change the payslip of the first week."""
    return lambda worker: worker.slip(worker.happened("working"), **changes)


def net_of(net: str):
    """The first week's net, by a tax that takes the rest."""

    def _change(worker: Worker) -> None:
        slip = worker.slip(FEB)
        gross = Decimal(40) * slip.rate
        slip.tax = gross - sum(slip.items.values()) - Decimal(net)

    return _change


def ten_days(net: str):
    """A first payslip of ten days, then weeks."""

    def _change(worker: Worker) -> None:
        worker.slips = every(worker, 10, until=FEB + days(13)) + every(worker, 7, start=FEB + days(10))
        slip = worker.slips[0]
        slip.tax = Decimal(80) * slip.rate - sum(slip.items.values()) - Decimal(net)

    return _change


def unpaid(due: date):
    """The last payslip, not paid yet."""

    def _change(worker: Worker) -> None:
        worker.slips[-1].due, worker.slips[-1].paid = due, None

    return _change


OLD = {"first": "25.47", "then": "23.15", "change": date(2024, 9, 2)}
AUTUMN = {"arrived": date(2024, 8, 5), "on": date(2024, 10, 31)}
CASES = [
    one("minimum wage on both sides of 1 April", "rse", lambda w: at_minimum(w, "23.50", "23.95")),
    one("the first day of the period decides", "rse", rate(MARCH, "23.50")),
    one("a cent below, in a period begun in March", "rse", rate(MARCH, "23.49"), ("PAY-01", MARCH, "0.40")),
    one("a cent below, in a period begun in April", "rse", rate(APRIL, "23.94"), ("PAY-01", APRIL, "0.40")),
    one("the wage of March paid in April", "rse", rate(APRIL, "23.50"), ("PAY-01", APRIL, "18.00")),
    one("season two needs no more", "rse", rate(APRIL, "23.95", season=2)),
    one("season three needs a tenth more, half up", "rse", rate(APRIL, "26.35", season=3, first="25.85", then="26.35")),
    one("season three a cent below", "rse", rate(APRIL, "26.34", season=3, first="25.85", then="26.35"),
        ("PAY-01", APRIL, "0.40")),
    one("the eve of September 2024, ten percent for all", "rse", rate(date(2024, 8, 26), "25.47", **OLD), **AUTUMN),
    one("V18: 23.15 and ten percent is 25.47, not 25.46", "rse", rate(date(2024, 8, 26), "25.46", **OLD),
        ("PAY-01", date(2024, 8, 26), "0.40"), **AUTUMN),
    one("the wage of September paid in August 2024", "rse", rate(date(2024, 8, 26), "23.15", **OLD),
        ("PAY-01", date(2024, 8, 26), "92.80"), **AUTUMN),
    one("by the piece at the floor", "rse", piece(APRIL, "958.00")),
    one("by the piece a cent below the floor", "rse", piece(APRIL, "957.99"), ("PAY-01", APRIL, "0.01")),
    one("by the piece without hours", "rse", piece(APRIL, "958.00", None),
        untold=[("PAY-01", "rate or hours worked"), ("HRS-01", "hours worked")]),
    one("pay in another currency", "rse", first(currency="AUD", items={}),
        untold=[("PAY-01", "pay in the currency of the scheme")]),
    one("a scheme without a minimum wage", "custom",
        lambda w: (w.contracts[0].update(hourly_rate=Decimal("0.50")), w.slip(FEB, rate=Decimal("0.50")))),
    one("net pay at the floor", "palm-short", net_of("200.00")),
    one("net pay a cent under the floor", "palm-short", net_of("199.99"), ("PAY-05", FEB, "0.01")),
    one("ten days at the floor of ten days", "palm-short", ten_days("285.71")),
    one("ten days a cent under it", "palm-short", ten_days("285.70"), ("PAY-05", FEB, "0.01")),
    one("net in another currency", "palm-short", first(currency="NZD", items={}),
        untold=[("PAY-01", "pay in the currency of the scheme"), ("PAY-05", "pay in the currency of the scheme")]),
    one("paid two days after it was due", "rse", first(paid=date(2026, 2, 20))),
    one("paid three days after it was due", "rse", first(paid=date(2026, 2, 21)), ("PAY-06", FEB, None)),
    one("not paid, due two days ago", "rse", unpaid(ON - days(2))),
    one("not paid, due three days ago", "rse", unpaid(ON - days(3)), ("PAY-06", date(2026, 6, 15), "950.00")),
    one("paid later than today counts as not paid", "rse",
        lambda w: (unpaid(ON - days(3))(w), setattr(w.slips[-1], "paid", ON + days(1))),
        ("PAY-06", date(2026, 6, 15), "950.00")),
    one("no day on which pay was due", "rse", first(due=None), untold=[("PAY-06", "day on which pay was due")]),
    one("net a cent off", "rse", first(net=Decimal("949.99"))),
    one("net two cents short", "rse", first(net=Decimal("949.98")), ("PAY-07", FEB, "0.02")),
    one("net two cents too much", "rse", first(net=Decimal("950.02")), ("PAY-07", FEB, None)),
    one("items do not make up the deductions", "rse", first(deductions=Decimal("130.02")), ("PAY-07", FEB, None)),
    one("gross five cents under the hours at the rate", "rse", first(gross=Decimal("1199.95"))),
    one("gross six cents under the hours at the rate", "rse", first(gross=Decimal("1199.94")), ("PAY-07", FEB, "0.06")),
    one("gross above the hours at the rate", "rse", first(gross=Decimal("1300.00"))),
    one("pay in cash", "rse", first(paid_to="cash"), ("PAY-10", FEB, None)),
    one("pay to somebody else", "rse", first(paid_to="other"), ("PAY-10", FEB, None)),
    one("not said where the pay went", "rse", first(paid_to=""), untold=[("PAY-10", "where the pay went")]),
    one("sixty hours a week", "rse", first(worked=Decimal(60), offered=Decimal(60))),
    one("sixty-one hours a week", "rse", first(worked=Decimal(61), offered=Decimal(61)), ("HRS-01", FEB, None)),
    one("hours not stated", "rse", first(worked=None, gross=Decimal("1200.00")), untold=[("HRS-01", "hours worked")]),
]  # fmt: skip


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_of_one_payslip(judged, name):
    said, expected = judged[name]
    assert said == expected
