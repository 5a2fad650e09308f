"""Rules of what is taken from pay, each at its boundary: agreed, within the agreement, rent within its cap and rise."""

from datetime import date
from decimal import Decimal

import pytest

from tests.compliance.rules.cases import one
from tests.compliance.rules.facts import Worker, days, every

FIVE = {"on": date(2026, 3, 20)}  # five payslips: 9, 16, 23 February, 2 and 9 March
STARTS = [date(2026, 2, 9) + days(7 * n) for n in range(5)]
CAPPED = {"arrived": date(2026, 5, 4), "on": date(2026, 6, 4)}
MAY = [date(2026, 5, 11), date(2026, 5, 18), date(2026, 5, 25)]
RISE = {"arrived": date(2024, 8, 26), "on": date(2024, 10, 31)}
FROZEN = {"arrived": date(2024, 6, 3), "on": date(2024, 10, 31)}
KOREA = {"arrived": date(2024, 2, 5), "on": date(2024, 4, 15)}


def agreement(**changes):
    """The agreement on rent, changed."""
    return lambda worker: worker.agreements[0].update(changes)


def also(item: str, amount: str, start: date = STARTS[1]):
    """One more item on one payslip."""
    return lambda worker: worker.slip(start).items.update({item: Decimal(amount)})


def taken(amount: str, start: date = STARTS[4]):
    """Another rent on one payslip."""
    return lambda worker: worker.slip(start).items.update(rent=Decimal(amount))


def unitemised(worker: Worker) -> None:
    """A payslip with one sum of deductions."""
    worker.slip(STARTS[0], items={}, deductions=Decimal("50.00"))


def new_terms(worker: Worker) -> None:
    """From 2 March other terms stand in place of the first."""
    first = worker.agreements[0]
    worker.agreements.append(first | {"starts_on": STARTS[3], "per_period": Decimal(140), "supersedes": True})
    for slip in worker.slips[3:]:
        slip.items["rent"] = Decimal(140)


def corrected(per_period: str):
    """The agreement was typed wrongly; the correction stands from the same day."""

    def _change(worker: Worker) -> None:
        first = worker.agreements[0]
        worker.agreements.append(first | {"per_period": Decimal(per_period), "supersedes": True})

    return _change


def beside_a_former(worker: Worker) -> None:
    """An employer before the departure had agreed on the same item, from a later day and on less."""
    first = worker.agreements[0]
    worker.agreements.append(first | {"starts_on": STARTS[3], "per_period": Decimal(10), "former": True})


def rent(*amounts: tuple[date, str], lodged: date | None = None, room: dict | None = None, moved: date | None = None):
    """Rents from days on, agreed whatever they are."""

    def _change(worker: Worker) -> None:
        worker.agreements[0]["per_period"] = None
        worker.opens_on = lodged or worker.opens_on
        worker.moved_on = moved
        worker.inspections[0] |= room or {}
        for start, amount in amounts:
            for slip in worker.slips:
                if slip.start >= start:
                    slip.items = {"rent": Decimal(amount)}

    return _change


def korea(item: str, amount: str, wage: str | None = "2060740", **room):
    """The ordinary wage of 2024 and lodging taken from whole months."""

    def _change(worker: Worker) -> None:
        worker.contracts[0]["monthly_wage"] = wage and Decimal(wage)
        worker.agreements[0] |= {"item": item, "per_period": None}
        if room.get("none"):
            worker.inspections = []
        else:
            worker.inspections[0] |= room
        for slip in worker.slips:
            slip.gross = Decimal(2_060_740)
            slip.items = {item: Decimal(amount) if slip.days > 27 else Decimal(0)}

    return _change


def part_month(amount: str):
    """Lodging taken from the first month alone, of which eighteen days were worked."""

    def _change(worker: Worker) -> None:
        korea("accommodation", "0")(worker)
        worker.slips[0].items = {"accommodation": Decimal(amount)}

    return _change


def fortnights(amount: str):
    """A fortnight's rent, in a room of the best class."""

    def _change(worker: Worker) -> None:
        worker.slips = every(worker, 14)
        rent((MAY[0], amount), room=BEST, **APRIL_2026)(worker)

    return _change


def large(people: int, *, bathroom: bool, building: str) -> dict:
    """A room for so many, of a class."""
    return {"occupants": people, "beds": people, "approved_maximum": people, "area": Decimal(60),
            "own_bathroom": bathroom, "building": building}  # fmt: skip


APRIL_2026 = {"lodged": date(2026, 4, 1)}
BEST, WORST = large(2, bathroom=True, building="newer"), large(5, bathroom=False, building="older")
MIDDLE = large(3, bathroom=True, building="newer")
MARCH = date(2024, 3, 1)
CASES = [
    one("an item nobody agreed to", "rse", also("phone", "10.00"), ("PAY-03", STARTS[1], "10.00"), **FIVE),
    one("an agreement without consent", "rse", agreement(consent_on=None),
        *[("PAY-03", start, "130.00") for start in STARTS], **FIVE),
    one("an agreement with a former employer alone", "rse", agreement(former=True),
        *[("PAY-03", start, "130.00") for start in STARTS], **FIVE),
    one("an agreement beside one of a former employer", "rse", beside_a_former, **FIVE),
    one("consent on the day of pay", "rse", agreement(consent_on=STARTS[0] + days(9)), **FIVE),
    one("consent a day after pay", "rse", agreement(consent_on=STARTS[0] + days(10)),
        ("PAY-03", STARTS[0], "130.00"), **FIVE),
    one("the item under another spelling", "rse", agreement(item="  RENT "), **FIVE),
    one("deductions without items", "rse", unitemised, untold=[("PAY-03", "deductions by item")], **FIVE),
    one("no approval by the authority", "rse", agreement(authority_approval=""),
        untold=[("PAY-03", "authority approval of the deduction")], **FIVE),
    one("no approval where none is asked", "palm-short", agreement(authority_approval=""), **FIVE),
    one("the agreed total to the cent", "rse", agreement(agreed_total=Decimal("650.00")), **FIVE),
    one("a cent beyond the agreed total", "rse", agreement(agreed_total=Decimal("649.99")),
        ("PAY-04", STARTS[4], "0.01"), **FIVE),
    one("two payslips beyond the agreed total", "rse", agreement(agreed_total=Decimal("400.00")),
        ("PAY-04", STARTS[3], "120.00"), ("PAY-04", STARTS[4], "130.00"), **FIVE),
    one("the last day of the agreement is the first of the period", "rse", agreement(ends_on=STARTS[4]), **FIVE),
    one("a period that begins after the last day", "rse", agreement(ends_on=STARTS[4] - days(1)),
        ("PAY-04", STARTS[4], "130.00"), **FIVE),
    one("a cent above the amount of a period", "rse", taken("130.01"), ("PAY-04", STARTS[4], "0.01"), **FIVE),
    one("withdrawn, and paid on the fourteenth day", "rse", agreement(withdrawn_on=date(2026, 2, 25)),
        ("PAY-04", STARTS[4], "130.00"), **FIVE),
    one("withdrawn, and paid on the fifteenth day", "rse", agreement(withdrawn_on=date(2026, 2, 24)),
        ("PAY-04", STARTS[3], "130.00"), ("PAY-04", STARTS[4], "130.00"), **FIVE),
    one("withdrawn where no time is given to stop", "palm-short", agreement(withdrawn_on=date(2026, 3, 11)),
        ("PAY-04", STARTS[4], "140.00"), **FIVE),
    one("terms that changed hold each in their time", "rse", new_terms, **FIVE),
    one("a corrected agreement holds from the first day", "rse", corrected("129.00"),
        *[("PAY-04", start, "1.00") for start in STARTS], **FIVE),
    one("an agreement in another currency", "rse", agreement(currency="TOP"),
        untold=[("PAY-04", "agreement in the currency of pay")], **FIVE),
    one("rent at the cap of the best class", "rse", rent((MAY[0], "211.00"), room=BEST, **APRIL_2026), **CAPPED),
    one("rent a cent above the cap of the best class", "rse", rent((MAY[2], "211.01"), room=BEST, **APRIL_2026),
        ("PAY-08", MAY[2], "0.01"), **CAPPED),
    one("rent at the cap of the plainest class", "rse", rent((MAY[0], "150.00"), room=WORST, **APRIL_2026), **CAPPED),
    one("rent a cent above the cap of the plainest class", "rse",
        rent((MAY[2], "150.01"), room=WORST, **APRIL_2026), ("PAY-08", MAY[2], "0.01"), **CAPPED),
    one("a fortnight's rent at twice the cap", "rse", fortnights("422.00"), **CAPPED),
    one("a fortnight's rent a cent above twice the cap", "rse", fortnights("422.01"), ("PAY-08", MAY[0], "0.01"), **CAPPED),
    one("a class nobody published, within the lowest cap", "rse",
        rent((MAY[0], "150.00"), room=MIDDLE, **APRIL_2026), **CAPPED),
    one("a class nobody published, between the caps", "rse", rent((MAY[0], "150.01"), room=MIDDLE, **APRIL_2026),
        untold=[("PAY-08", "class of the room")], **CAPPED),
    one("a class nobody published, above every cap", "rse", rent((MAY[2], "211.01"), room=MIDDLE, **APRIL_2026),
        ("PAY-08", MAY[2], "0.01"), **CAPPED),
    one("a permit lodged the day before the caps", "rse",
        rent((MAY[0], "300.00"), room=BEST, lodged=date(2026, 3, 31)), **CAPPED),
    one("V37: 120 may rise by 15", "rse", rent((date(2024, 9, 2), "120.00"), (date(2024, 10, 7), "135.00")), **RISE),
    one("V37: 120 may not rise by a cent more", "rse",
        rent((date(2024, 9, 2), "120.00"), (date(2024, 10, 21), "135.01")), ("PAY-08", date(2024, 10, 21), "0.01"), **RISE),
    one("V37: 80 may rise by 12", "rse", rent((date(2024, 9, 2), "80.00"), (date(2024, 10, 7), "92.00")), **RISE),
    one("V37: 80 may not rise by a cent more", "rse",
        rent((date(2024, 9, 2), "80.00"), (date(2024, 10, 21), "92.01")), ("PAY-08", date(2024, 10, 21), "0.01"), **RISE),
    one("no rise at all before September 2024", "rse",
        rent((date(2024, 6, 10), "120.00"), (date(2024, 8, 19), "120.01")),
        ("PAY-08", date(2024, 8, 19), "0.01"), ("PAY-08", date(2024, 8, 26), "0.01"), **FROZEN),
    one("another room is another rent", "rse",
        rent((date(2024, 6, 10), "120.00"), (date(2024, 8, 19), "160.00"), moved=date(2024, 8, 19)), **FROZEN),
    one("V40: 15 percent of 2,060,740 is 309,111", "eps", korea("accommodation", "309111"), **KOREA),
    one("V40: a won above 15 percent", "eps", korea("accommodation", "309112"), ("PAY-08", MARCH, "1"), **KOREA),
    one("V40: 8 percent in a temporary structure is 164,859", "eps",
        korea("accommodation", "164859", building="temporary"), **KOREA),
    one("V40: a won above 8 percent", "eps", korea("accommodation", "164860", building="temporary"),
        ("PAY-08", MARCH, "1"), **KOREA),
    # 309,111 x 12 / 52.1775 is 71,090.64 a week; from 12 to 29 February are eighteen days of it.
    one("part of a month at its share of the cap", "eps", part_month("182804.51"), **KOREA),
    one("part of a month a cent above it", "eps", part_month("182804.52"), ("PAY-08", date(2024, 2, 12), "0.01"), **KOREA),
    one("20 percent with meals", "eps", korea("rent and meals", "412148"), **KOREA),
    one("a won above 20 percent with meals", "eps", korea("board and lodging", "412149"), ("PAY-08", MARCH, "1"),
        **KOREA),
    one("a won above 13 percent, temporary with meals", "eps",
        korea("accommodation and meals", "267897", building="temporary"), ("PAY-08", MARCH, "1"), **KOREA),
    one("the kind of housing is not known", "eps", korea("accommodation", "100000", none=True),
        untold=[("PAY-08", "kind of housing")], **KOREA),
    one("the wage of the contract is not known", "eps", korea("accommodation", "100000", wage=None),
        untold=[("PAY-08", "monthly wage")], **KOREA),
    one("housing is free", "h-2a",
        lambda w: (w.agreements.append({"item": "rent", "currency": "USD", "consent_on": w.arrived}),
                   w.slip(STARTS[1], items={"rent": Decimal("1.00")})),
        ("PAY-08", STARTS[1], "1.00"), **FIVE),
]  # fmt: skip


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_of_what_is_taken_from_pay(judged, name):
    said, expected = judged[name]
    assert said == expected
