"""Rules of the person and of who acts for them: contact, recruiter, age, bans. Each at its boundary: one day."""

from datetime import date

import pytest

from tests.compliance.rules.cases import one
from tests.compliance.rules.facts import ON, days

DEPARTED = date(2026, 2, 1)
REGISTERED = date(2026, 2, 2) - days(150)
BAN = {"imposed_by": "Ministry", "imposed_on": date(2026, 3, 1), "reason": "left early", "ends_on": date(2027, 3, 1),
       "appeal": "to the ombudsman within 30 days"}  # fmt: skip
IMPOSED = date(2026, 3, 1)


def met(*checks: tuple[int, str]):
    """Last met so many days ago, in these ways."""
    return lambda worker: setattr(worker, "checks", [(ON - days(ago), how) for ago, how in checks])


def rested(answer: str | None):
    """What a check said of overtime and the day of rest."""
    return lambda worker: setattr(worker, "rested", answer)


def born(day: date | None, precision: str = "day"):
    """Born on a day, known so well."""

    def _change(worker) -> None:
        worker.birth_date, worker.birth_precision = day, precision

    return _change


def licence(valid_from: date, valid_to: date | None, withdrawn_on: date | None = None):
    """The recruiter's one licence."""
    only = {"valid_from": valid_from, "valid_to": valid_to, "withdrawn_on": withdrawn_on}
    return lambda worker: setattr(worker, "licences", [only])


def ban(**changes):
    """A ban, with something changed."""
    return lambda worker: worker.bans.append(BAN | changes)


CASES = [
    one("met 28 days ago", "rse", met((28, "in person"))),
    one("met 29 days ago", "rse", met((29, "in person")), ("WEL-01", ON - days(29), None)),
    one("met 14 days ago", "palm-short", met((14, "group"))),
    one("met 15 days ago", "palm-short", met((15, "group")), ("WEL-01", ON - days(15), None)),
    one("a call is no meeting", "rse", met((1, "phone"), (2, "document")), ("WEL-01", None, None)),
    one("at work for 28 days and not met", "rse", met(), arrived=ON - days(35)),
    one("at work for 29 days and not met", "rse", met(), ("WEL-01", None, None), arrived=ON - days(36)),
    one("not at work any more", "rse", lambda w: (met()(w), w.events.append(("resigned", ON - days(9))))),
    one("at work again", "rse",
        lambda w: (met((29, "in person"))(w), w.events.extend([("disengaged", ON - days(9)), ("re_engaged", ON - days(8))])),
        ("WEL-01", ON - days(29), None)),
    one("a check said that there is a day of rest", "rse", rested("yes")),
    one("a check said no: to overtime, or to the day of rest", "rse", rested("no"), untold=[("HRS-02", "which days were worked")]),
    one("a check could not verify it", "rse", rested("not verified"), untold=[("HRS-02", "answer on the day of rest")]),
    one("at work for 28 days and not asked for rest", "rse", rested(None), untold=[("HRS-02", "answer on the day of rest")],
        arrived=ON - days(35)),
    one("at work for 27 days and not asked for rest", "rse", rested(None), arrived=ON - days(34)),
    one("a licence to the day of recruitment", "rse", licence(date(2025, 1, 1), REGISTERED)),
    one("a licence to the day before", "rse", licence(date(2025, 1, 1), REGISTERED - days(1)),
        ("REC-01", REGISTERED, None)),
    one("a licence from the day of recruitment", "rse", licence(REGISTERED, None)),
    one("a licence from the day after", "rse", licence(REGISTERED + days(1), None), ("REC-01", REGISTERED, None)),
    one("a licence withdrawn on the day", "rse", licence(date(2025, 1, 1), None, REGISTERED),
        ("REC-01", REGISTERED, None)),
    one("a licence withdrawn the day after", "rse", licence(date(2025, 1, 1), None, REGISTERED + days(1))),
    one("no licence recorded", "rse", lambda w: setattr(w, "licences", []),
        untold=[("REC-01", "licence of the recruiter")]),
    one("eighteen on the day of departure", "rse", born(date(2008, 2, 1))),
    one("eighteen the day after departure", "rse", born(date(2008, 2, 2)), ("AGE-01", DEPARTED, None)),
    one("no date of birth", "rse", born(None), untold=[("AGE-01", "date of birth")]),
    one("the month of the eighteenth birthday", "rse", born(date(2008, 2, 15), "month"),
        untold=[("AGE-01", "exact date of birth")]),
    one("a month too young", "rse", born(date(2008, 3, 1), "month"), ("AGE-01", DEPARTED, None)),
    one("the year of the eighteenth birthday, written as its first day", "rse", born(date(2008, 1, 1), "year"),
        untold=[("AGE-01", "exact date of birth")]),
    one("the year of the eighteenth birthday, written as another day", "rse", born(date(2008, 6, 15), "year"),
        untold=[("AGE-01", "exact date of birth")]),
    one("a year too young", "rse", born(date(2009, 1, 1), "year"), ("AGE-01", DEPARTED, None)),
    one("a year old enough", "rse", born(date(2007, 6, 15), "year")),
    one("estimated at eighteen", "rse", born(date(2008, 1, 1), "estimated"), untold=[("AGE-01", "exact date of birth")]),
    one("estimated a year and a day too young", "rse", born(date(2009, 2, 3), "estimated"), ("AGE-01", DEPARTED, None)),
    one("thirty-nine on the day of registration", "eps", born(date(1985, 9, 6))),
    one("forty on the day of registration", "eps", born(date(1985, 9, 5)), ("AGE-02", REGISTERED, None)),
    one("the year of the fortieth birthday", "eps", born(date(1985, 1, 1), "year"),
        untold=[("AGE-02", "exact date of birth")]),
    one("as old as anybody where the scheme has no oldest age", "rse", born(date(1950, 1, 1))),
    one("a ban with reason, end and appeal", "rse", ban()),
    one("a ban without a reason", "rse", ban(reason=" "), ("BAN-01", IMPOSED, None)),
    one("a ban without an end", "rse", ban(ends_on=None), ("BAN-01", IMPOSED, None)),
    one("a ban without an appeal", "rse", ban(appeal=""), ("BAN-01", IMPOSED, None)),
    one("a ban lifted today", "rse", ban(appeal="", lifted_on=ON)),
    one("a ban to be lifted tomorrow", "rse", ban(appeal="", lifted_on=ON + days(1)), ("BAN-01", IMPOSED, None)),
    one("a ban that ended yesterday", "rse", ban(appeal="", ends_on=ON - days(1))),
    one("a ban that ends today", "rse", ban(appeal="", ends_on=ON), ("BAN-01", IMPOSED, None)),
]  # fmt: skip


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_of_a_person(judged, name):
    said, expected = judged[name]
    assert said == expected
