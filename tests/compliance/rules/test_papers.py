"""Rules of papers and days: documents that end, the length of the stay, insurances joined in time, rooms."""

from datetime import date
from decimal import Decimal

import pytest

from tests.compliance.rules.cases import one
from tests.compliance.rules.facts import ON, Worker, days, months_later

OCTOBER = {"arrived": date(2025, 10, 1)}
ENTRY = date(2025, 10, 1)
FEBRUARY = {"arrived": date(2026, 2, 1)}
JULY = {"arrived": date(2025, 7, 31)}
KOREA = {"arrived": date(2022, 1, 10)}
ARRIVED = date(2026, 2, 2)
START = ARRIVED + days(7)


def ends(kind: str, on: date | None, *, planned: date | None = date(2026, 12, 31)):
    """A paper ends on a day; the placement is planned to another."""

    def _change(worker: Worker) -> None:
        worker.paper("visa")["expires_on"] = date(2027, 12, 31)
        worker.planned_end = planned
        # Worked long enough for the limit of the stay not to matter.
        worker.nationality = "KI"
        worker.paper(kind)["expires_on"] = on

    return _change


def stays(nationality: str = "TO", left: date | None = None, visa: date = date(2028, 1, 1)):
    """The stay of a worker of this nationality, at home since a day."""

    def _change(worker: Worker) -> None:
        worker.nationality = nationality
        worker.paper("visa")["expires_on"] = visa
        if left:
            worker.slips = [slip for slip in worker.slips if slip.end <= left]
            worker.planned_end = worker.slips[-1].end
            worker.events.append(("left_country", left))

    return _change


def again(*earlier: tuple[date, date | None]):
    """A stay after others, with time left on the visa."""

    def _change(worker: Worker) -> None:
        stays()(worker)
        worker.earlier = list(earlier)

    return _change


def extended(worker: Worker) -> None:
    """Re-employed after three years."""
    worker.paper("visa")["expires_on"] = date(2030, 1, 1)
    worker.planned_end = date(2026, 11, 9)
    worker.events.append(("extended", date(2024, 12, 1)))


def insured(kind: str, on: date | None):
    """An insurance joined on another day, or never."""

    def _change(worker: Worker) -> None:
        for one_insurance in worker.insurances:
            if one_insurance["kind"] == kind:
                one_insurance["joined_on"] = on
        worker.insurances = [row for row in worker.insurances if row["joined_on"]]

    return _change


def room(**changes):
    """The room as it was last found."""
    return lambda worker: worker.inspections[0].update(changes)


def crowd(people: int, area: str):
    """So many people on so many square metres, all approved, each with a bed."""
    return room(occupants=people, beds=people, approved_maximum=people, area=Decimal(area))


SEEN = ARRIVED - days(30)
SOON = ON + days(60)
CASES = [
    one("a passport that ends in 61 days", "rse", ends("passport", SOON + days(1))),
    one("a passport that ends in 60 days", "rse", ends("passport", SOON), ("DOC-01", None, None)),
    one("a passport that ends in 60 days, after the planned end", "rse", ends("passport", SOON, planned=SOON)),
    one("a passport that ends a day before the planned end", "rse", ends("passport", SOON - days(1), planned=SOON),
        ("DOC-01", None, None)),
    one("a passport of yesterday", "rse", ends("passport", ON - days(1), planned=ON - days(10)), ("DOC-01", None, None)),
    one("a passport of today, and the planned end is past", "rse", ends("passport", ON, planned=ON - days(10))),
    one("the end of the passport is not known", "rse", ends("passport", None), untold=[("DOC-01", "end of the passport")]),
    one("no passport recorded", "rse", lambda w: w.papers.remove(w.paper("passport")), untold=[("DOC-01", "passport")]),
    one("no visa recorded", "rse", lambda w: w.papers.remove(w.paper("visa")), untold=[("DOC-01", "visa")]),
    one("no visa recorded and no limit of the stay", "custom", lambda w: w.papers.remove(w.paper("visa")),
        untold=[("DOC-01", "visa"), ("STAY-01", "end of the visa")]),
    one("an insurance that ends in 60 days", "rse",
        lambda w: (ends("visa", date(2027, 1, 1))(w), w.insurances[0].update(ends_on=SOON)), ("DOC-01", None, None)),
    one("a newer passport stands for the older", "rse",
        lambda w: (ends("passport", SOON)(w), w.papers.append({"kind": "passport", "expires_on": date(2031, 1, 1)}))),
    one("V42: entry 1 October 2025, seven months: 30 April 2026 is the last day", "rse", stays(), **OCTOBER,
        on=date(2026, 4, 30)),
    one("V42: on 1 May 2026 the stay is over", "rse", stays(), ("STAY-01", ENTRY, None), **OCTOBER, on=date(2026, 5, 1)),
    one("nine months for Tuvalu: 30 June", "rse", stays("TV"), **OCTOBER, on=date(2026, 6, 30)),
    one("nine months for Kiribati: over on 1 July", "rse", stays("KI"), ("STAY-01", ENTRY, None), **OCTOBER,
        on=date(2026, 7, 1)),
    one("left on the last day", "rse", stays(left=date(2026, 4, 30)), **OCTOBER, on=date(2026, 5, 20)),
    one("left a day late", "rse", stays(left=date(2026, 5, 1)), ("STAY-01", ENTRY, None), **OCTOBER,
        on=date(2026, 5, 20)),
    one("the file was closed, and nobody knows whether the worker left", "rse",
        lambda w: (stays()(w), w.events.extend([("disengaged", date(2026, 4, 27)), ("closed", date(2026, 5, 5))])),
        untold=[("STAY-01", "day on which the worker left")], **OCTOBER, on=date(2026, 5, 20)),
    one("the file was closed while there was time", "rse",
        lambda w: (stays()(w), w.events.extend([("disengaged", date(2026, 4, 20)), ("closed", date(2026, 4, 25))])),
        **OCTOBER, on=date(2026, 4, 30)),
    one("seven months from 31 July end on the last of February", "rse", stays(), **JULY, on=date(2026, 2, 28)),
    one("and are over on 1 March", "rse", stays(), ("STAY-01", date(2025, 7, 31), None), **JULY, on=date(2026, 3, 1)),
    one("the visa ends before the scheme's limit", "rse", stays(visa=date(2026, 3, 1)),
        ("STAY-01", ENTRY, None), ("DOC-01", None, None), **OCTOBER, on=date(2026, 3, 2)),
    # Entered on 1 February 2026: alone the stay lasts to 31 August, 212 days. Each earlier day in the 11 months counts.
    one("seven months in any eleven: thirty earlier days, on the last day", "rse",
        again((date(2025, 12, 1), date(2025, 12, 30))), **FEBRUARY, on=date(2026, 8, 1)),
    one("seven months in any eleven: thirty earlier days, and a day over", "rse",
        again((date(2025, 12, 1), date(2025, 12, 30))), ("STAY-01", date(2026, 2, 1), None), **FEBRUARY,
        on=date(2026, 8, 2)),
    one("seven months four months ago: nothing is left", "rse", again((date(2025, 3, 1), date(2025, 9, 30))),
        ("STAY-01", date(2026, 2, 1), None), **FEBRUARY, on=date(2026, 3, 1)),
    one("an earlier stay a year ago", "rse", again((date(2024, 8, 1), date(2025, 2, 28))), **FEBRUARY,
        on=date(2026, 8, 31)),
    one("nobody knows when the stay before ended", "rse", again((date(2025, 10, 1), None)),
        untold=[("STAY-01", "day on which the worker left before")], **FEBRUARY, on=date(2026, 3, 20)),
    one("no window in Australia", "palm-short", again((date(2025, 6, 1), date(2026, 1, 20))), **FEBRUARY,
        on=date(2026, 3, 20)),
    one("three years in Korea", "eps", stays(), **KOREA, on=date(2025, 1, 9)),
    one("three years and a day", "eps", stays(), ("STAY-01", date(2022, 1, 10), None), **KOREA, on=date(2025, 1, 10)),
    one("extended, four years and ten months", "eps", extended, **KOREA, on=date(2026, 11, 9)),
    one("extended, and a day more", "eps", extended, ("STAY-01", date(2022, 1, 10), None), **KOREA,
        on=date(2026, 11, 10)),
    one("joined on the fifteenth day of the contract", "eps", insured("casualty", ARRIVED + days(15))),
    one("joined on the sixteenth day", "eps", insured("casualty", ARRIVED + days(16)), ("INS-01", ARRIVED, None)),
    one("the departure guarantee counts from the contract", "eps", insured("departure guarantee", START + days(15))),
    one("the departure guarantee a day late", "eps", insured("departure guarantee", START + days(16)),
        ("INS-01", ARRIVED, None)),
    one("the return cost joined after three months", "eps", insured("return cost", months_later(ARRIVED, 3))),
    one("the return cost a day late", "eps", insured("return cost", months_later(ARRIVED, 3) + days(1)),
        ("INS-01", ARRIVED, None)),
    one("the wage guarantee never joined", "eps", insured("wage guarantee", None), ("INS-01", ARRIVED, None)),
    one("no insurance recorded at all", "eps", lambda w: w.insurances.clear(),
        untold=[("INS-01", "insurances of the worker")]),
    one("medical insurance by another name", "rse", lambda w: w.insurances[0].update(kind="Medical_Insurance")),
    one("insured the day after arrival", "rse", insured("health insurance", ARRIVED + days(1)),
        ("INS-01", ARRIVED, None)),
    one("an insurance that was over before the arrival", "rse",
        lambda w: w.insurances[0].update(joined_on=date(2025, 1, 1), ends_on=ARRIVED - days(1)),
        ("INS-01", ARRIVED, None), ("DOC-01", None, None)),
    one("one person on six square metres", "rse", crowd(1, "6")),
    one("one person on less", "rse", crowd(1, "5.99"), ("HOU-01", SEEN, None)),
    one("two people on nine", "rse", crowd(2, "9")),
    one("two people on less", "rse", crowd(2, "8.99"), ("HOU-01", SEEN, None)),
    one("three people on thirteen and a half", "rse", crowd(3, "13.5")),
    one("three people on less", "rse", crowd(3, "13.49"), ("HOU-01", SEEN, None)),
    one("one more than approved", "rse", room(occupants=2, approved_maximum=1), ("HOU-01", SEEN, None)),
    one("two people and one bed", "rse", room(beds=1), ("HOU-01", SEEN, None)),
    one("two people and one bed where the scheme asks for none", "sawp", room(beds=1)),
    one("a scheme without a floor space", "sawp", room(area=None)),
    one("the area is not known", "rse", room(area=None), untold=[("HOU-01", "area of the room")]),
    one("the approval is not known", "rse", room(approved_maximum=None), untold=[("HOU-01", "approved maximum")]),
    one("the people are not counted", "rse", room(occupants=None), untold=[("HOU-01", "people in the room")]),
    one("the area is not known, and one more than approved", "rse", room(area=None, approved_maximum=1),
        ("HOU-01", SEEN, None)),
    one("a later inspection found it mended", "rse",
        lambda w: (crowd(2, "5")(w), w.inspections.append(w.inspections[0] | {
            "inspected_on": ARRIVED, "area": Decimal("9")}))),
]  # fmt: skip


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_of_papers_and_days(judged, name):
    said, expected = judged[name]
    assert said == expected
