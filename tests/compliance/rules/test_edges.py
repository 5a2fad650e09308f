"""Boundaries that a changed sign, a dropped term or another rounding in a rule's text would move: found by changing each."""

from datetime import date
from decimal import Decimal

import pytest

from tests.compliance.rules.cases import one
from tests.compliance.rules.facts import ON, Slip, Worker, days, every, later
from tests.compliance.rules.test_deductions import (
    APRIL_2026,
    BEST,
    CAPPED,
    FIVE,
    FROZEN,
    MAY,
    MIDDLE,
    RISE,
    STARTS,
    WORST,
    also,
    rent,
)
from tests.compliance.rules.test_pay import piece, rate

SHORT = {"on": date(2026, 3, 20)}
DEPARTED, FEB, APRIL = date(2026, 2, 1), date(2026, 2, 9), date(2026, 4, 6)


def signed_at_last(languages: str = "Tongan, English", **changes):
    """The contract signed on the day of departure."""

    def _change(worker: Worker) -> None:
        worker.languages = languages
        worker.contracts[0] |= {"signed_on": DEPARTED} | changes

    return _change


def two_signed(first: str, then: str, on: date = date(2026, 1, 10), kind: str = "signed"):
    """Two papers before the departure, in two languages."""

    def _change(worker: Worker) -> None:
        worker.contracts[0]["language"] = first
        later(worker, kind, signed_on=on, language=then)

    return _change


def slip(start: date, **changes):
    """One payslip, changed."""
    return lambda worker: worker.slip(start, **changes)


def by_the_piece(gross: str, hours: str, paid: str | None = None):
    """A payslip by the piece, perhaps with what is paid for one."""

    def _change(worker: Worker) -> None:
        piece(APRIL, gross, hours)(worker)
        worker.slip(APRIL, rate=paid and Decimal(paid))

    return _change


def ten_days(hours: str):
    """A first payslip of ten days with so many hours, then weeks."""

    def _change(worker: Worker) -> None:
        worker.slips = every(worker, 10, until=FEB + days(13)) + every(worker, 7, start=FEB + days(10))
        worker.slips[0].offered = worker.slips[0].worked = Decimal(hours)

    return _change


def to_the_hour(worker: Worker) -> None:
    """A block of exactly 120 hours, of which thirty were not noted as worked."""
    for one_slip in worker.slips[:4]:
        one_slip.offered = one_slip.worked = Decimal(30)
    worker.slip(FEB, worked=None, gross=Decimal("900.00"))


def ends_today(worker: Worker) -> None:
    """The one week there is ends on the day of the evaluation: thirty hours of thirty-eight."""
    worker.slips = [
        Slip(FEB, FEB + days(6), "AUD", Decimal("32.00"), Decimal(30), Decimal(30), due=FEB + days(9), paid=None)
    ]


def high_rent(*amounts: tuple[date, str], **terms):
    """Rent near the cap of NZ$211 of the best class, under an agreement with these terms."""

    def _change(worker: Worker) -> None:
        rent(*amounts, room=BEST, **APRIL_2026)(worker)
        worker.agreements[0].update(terms)

    return _change


def seen_twice(newest: dict, oldest: dict, amount: str):
    """Two inspections of the room, the newer written down first."""

    def _change(worker: Worker) -> None:
        rent((MAY[2], amount), **APRIL_2026)(worker)
        first = worker.inspections[0]
        worker.inspections = [first | newest, first | oldest | {"inspected_on": first["inspected_on"] - days(30)}]

    return _change


def fortnights(last: str):
    """Rent by the fortnight, 80.03 a week, then another."""

    def _change(worker: Worker) -> None:
        worker.slips = every(worker, 14)
        rent((date(2024, 9, 2), "160.06"), (date(2024, 10, 14), last))(worker)

    return _change


PAID = MAY[2] + days(9)  # the day on which the last payslip of May is paid
HIGH = (MAY[2], "215.00")
FLOOR_OF_JULY = {"first": "24.10", "then": "24.95", "change": date(2025, 7, 1)}
JULY = {"arrived": date(2025, 5, 5), "on": date(2025, 8, 15)}
CASES = [
    one("signed on the day of departure, in a language nobody noted", "rse", signed_at_last(language=""),
        untold=[("CON-02", "language of the contract")], **SHORT),
    one("signed on the day of departure, by somebody whose languages nobody noted", "rse", signed_at_last(""),
        untold=[("CON-02", "languages of the worker")], **SHORT),
    one("signed on the day of departure, the languages in a sentence", "rse",
        signed_at_last("Tongan and English", language="Tongan"), **SHORT),
    one("the newer of two contracts is in a language of the worker", "rse", two_signed("Mandarin", "English"), **SHORT),
    one("the newer of two contracts is in another language", "rse", two_signed("English", "Mandarin", DEPARTED),
        ("CON-02", DEPARTED, None), **SHORT),
    one("a paper in force before the departure is not what was signed", "rse",
        two_signed("English", "Mandarin", kind="in force"), **SHORT),
    one("by the piece, with what is paid for one", "rse", by_the_piece("958.00", "40", "1.92")),
    one("by the piece, the floor rounded half up to the cent", "rse", by_the_piece("965.90", "40.33")),
    one("by the piece, a cent under the rounded floor", "rse", by_the_piece("965.89", "40.33"), ("PAY-01", APRIL, "0.01")),
    one("a rate that rounds to the floor", "rse", rate(APRIL, "23.946")),
    one("a pension is no item", "rse", slip(FEB, pension=Decimal("20.00"), paid_to="cash"), ("PAY-10", FEB, None)),
    one("the hours at the rate are rounded before they are compared", "rse",
        slip(FEB, rate=Decimal("30.0001"), worked=Decimal("33.33"), gross=Decimal("999.85"))),
    one("ten days that round to sixty hours a week", "rse", ten_days("85.72")),
    one("ten days that round to sixty hours and a hundredth", "rse", ten_days("85.73"), ("HRS-01", FEB, None)),
    one("no hours and no pay", "rse", slip(APRIL, rate=None, worked=None, gross=Decimal(0), items={}),
        untold=[("HRS-01", "hours worked")]),
    one("the guaranteed hours to the hour, not noted as worked", "rse", to_the_hour, untold=[("HRS-01", "hours worked")]),
    one("a block that ends on the day of the evaluation", "palm-long", ends_today, ("PAY-02", FEB, "256.00"),
        on=FEB + days(6)),
    one("an item of nothing that nobody agreed to", "rse", also("phone", "0.00"), **FIVE),
    one("an item of a cent that nobody agreed to", "rse", also("phone", "0.01"), ("PAY-03", STARTS[1], "0.01"), **FIVE),
    one("paid in cash today", "rse", slip(FEB, paid=ON, due=ON, paid_to="cash"), ("PAY-10", FEB, None)),
    one("to be paid in cash tomorrow", "rse", slip(FEB, paid=ON + days(1), due=ON + days(1), paid_to="cash")),
    one("the old floor for a period that began on 30 June", "palm-short",
        rate(date(2025, 6, 30), "24.10", **FLOOR_OF_JULY), **JULY),
    one("a cent under the floor of July", "palm-short", rate(date(2025, 7, 7), "24.94", **FLOOR_OF_JULY),
        ("PAY-01", date(2025, 7, 7), "0.40"), **JULY),
    one("rent above the cap, agreed on the day of pay", "rse",
        high_rent((MAY[0], "215.00"), (MAY[1], "130.00"), consent_on=MAY[0] + days(9)), ("PAY-08", MAY[0], "4.00"), **CAPPED),
    one("rent above the cap, agreed from the last day of the period", "rse",
        high_rent((MAY[0], "215.00"), (MAY[1], "130.00"), starts_on=MAY[0] + days(6)), ("PAY-08", MAY[0], "4.00"), **CAPPED),
    one("rent above the cap, withdrawn a fortnight before pay", "rse", high_rent(HIGH, withdrawn_on=PAID - days(14)),
        ("PAY-08", MAY[2], "4.00"), **CAPPED),
    one("rent above the cap, withdrawn a day more before pay: all of it is given back already", "rse",
        high_rent(HIGH, withdrawn_on=PAID - days(15)), ("PAY-04", MAY[2], "215.00"), ("PAY-08", MAY[2], None), **CAPPED),
    one("rent above the cap in the last period of the agreement", "rse", high_rent(HIGH, ends_on=MAY[2]),
        ("PAY-08", MAY[2], "4.00"), **CAPPED),
    one("rent above the cap, of which two dollars are beyond the agreed total", "rse",
        high_rent(HIGH, agreed_total=Decimal(473)), ("PAY-04", MAY[2], "2.00"), ("PAY-08", MAY[2], "2.00"), **CAPPED),
    one("rent above the cap, of which two dollars are beyond the amount of a period", "rse",
        high_rent(HIGH, per_period=Decimal(213)), ("PAY-04", MAY[2], "2.00"), ("PAY-08", MAY[2], "2.00"), **CAPPED),
    one("a class nobody published, at the highest cap", "rse", rent((MAY[2], "211.00"), room=MIDDLE, **APRIL_2026),
        untold=[("PAY-08", "class of the room")], **CAPPED),
    one("the newest inspection gives the class: the best", "rse", seen_twice(BEST, WORST, "211.00"), **CAPPED),
    one("the newest inspection gives the class: the plainest", "rse", seen_twice(WORST, BEST, "150.01"),
        ("PAY-08", MAY[2], "0.01"), **CAPPED),
    one("a rise of 12.0045 a week is 12.00, twice", "rse", fortnights("184.06"), **RISE),
    one("a cent more than twice 92.03", "rse", fortnights("184.07"), ("PAY-08", date(2024, 10, 14), "0.01"), **RISE),
    one("another room from the last day of the period", "rse",
        rent((date(2024, 6, 10), "120.00"), (date(2024, 8, 19), "160.00"), moved=date(2024, 8, 25)), **FROZEN),
]  # fmt: skip


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_at_the_edge(judged, name):
    said, expected = judged[name]
    assert said == expected
