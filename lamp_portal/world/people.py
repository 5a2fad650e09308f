"""The people of the world as rows of a ``workers`` sheet, the way a recruiter would send them in.

A person is made once and may be nominated again for a later cohort. The names are put together from invented parts.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle, islice

from lamp_portal.world import plans
from lamp_portal.world.plans import CohortPlan, Fate, PilotPlan
from lamp_portal.world.setting_up import dates_of

HOME_AGAIN = ("closed", "debriefed", "home")
# Those who stand here now may hold papers that end soon: nobody has looked at them yet.
EARLY = ("nominated", "test_passed", "on_roster", "first_training", "shortlisted", "interviewed", "selected", "offered")


@dataclass(slots=True)
class Candidate:
    """One person: the row of the sheet, and what is recorded of them beside it."""

    code: str
    recruiter: str
    row: dict[str, str]
    statistics: bool
    follow_up: bool
    consent_language: str
    used: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Nomination:
    """One person in one cohort, with what becomes of them there."""

    candidate: Candidate
    cohort: CohortPlan
    fate: Fate
    fresh: bool
    order: str = ""
    placement_id: int = 0


class Crowd:
    """The people of one pilot, cohort by cohort."""

    def __init__(self, plan: PilotPlan, today: date) -> None:
        self.plan, self.today = plan, today
        self.chance = plans.dice("people", plan.slug)
        self.names = _names(plan, self.chance)
        self.recruiters = cycle([slug for slug, n in plan.recruiters.items() for _i in range(n)])
        self.candidates: list[Candidate] = []
        self.back: list[tuple[date, Candidate]] = []
        # A passport that is good for the pilot is good for every later season of it.
        self.until = max(dates_of(cohort, today)[2] for cohort in plan.cohorts)

    def nominate(self, cohort: CohortPlan) -> list[Nomination]:
        """Everybody of a cohort, in an order that chance gives."""
        opens, _departs, returns = dates_of(cohort, self.today)
        fates = [fate for fate in cohort.people for _i in range(fate.n)]
        self.chance.shuffle(fates)
        made = []
        for fate in fates:
            person = self._returned(opens, cohort) if fate.again else self._new(opens, returns, fate)
            person.used.add(cohort.code)
            made.append(Nomination(person, cohort, fate, fresh=not fate.again))
            if fate.to in HOME_AGAIN and not fate.then:
                self.back.append((returns, person))
        return made

    def register_only(self) -> list[Candidate]:
        """People of the pool whom nobody has nominated yet."""
        opens = self.today - timedelta(weeks=6)
        return [self._new(opens, self.today, Fate(1, "nominated")) for _i in range(self.plan.registered_only)]

    def _returned(self, opens: date, cohort: CohortPlan) -> Candidate:
        """Somebody who is home again, the last ones first. Raises StopIteration where the tables ask for too many."""
        ready = (person for returned, person in reversed(self.back) if returned < opens and len(person.used) == 1)
        return next(person for person in ready if cohort.code not in person.used)

    def _new(self, opens: date, returns: date, fate: Fate) -> Candidate:
        plan, chance = self.plan, self.chance
        number = len(self.candidates) + 1
        sex, given, family = next(self.names)
        recruiter = next(self.recruiters)
        registered = opens - timedelta(days=chance.randint(2, 40))
        village, province = chance.choice(plans.names(plan.origin)["places"])
        born = registered - timedelta(days=chance.randint(*(age * 365 + 40 for age in plan.ages)))
        language = plans.names(plan.origin)["languages"].split(",")[0]
        person = Candidate(
            f"{plan.prefix}-{number:03d}", recruiter, {}, chance.random() < 0.86, chance.random() < 0.7, language
        )
        person.row = {
            "Worker ID": person.code,
            "Family name": family,
            "Given names": given,
            "Name as in passport": f"{family} {given}".upper(),
            "Sex": sex,
            "Date of birth": "" if fate.lacks == "birth date" else born.isoformat(),
            "Nationality": plan.origin,
            **self._passport(number, returns, fate),
            "Phone": _phone(plan.origin, number, chance),
            "Email": "",
            "Village": village,
            "Province": province,
            "Languages": plans.names(plan.origin)["languages"],
            "Marital status": chance.choice(("single", "married", "married", "partner")),
            "Dependants": str(chance.choice((0, 1, 1, 2, 2, 3, 4))),
            **self._income(),
            "Registered on": registered.isoformat(),
            "Consent date": "" if fate.lacks == "consent" else registered.isoformat(),
            "Consent version": "" if fate.lacks == "consent" else "2",
            "Consent language": "" if fate.lacks == "consent" else language,
        }
        self.candidates.append(person)
        return person

    def _passport(self, number: int, returns: date, fate: Fate) -> dict[str, str]:
        chance = self.chance
        digits = 300_000 + number * 613 + chance.randint(0, 600)
        ends = self.until + timedelta(days=chance.randint(70, 2400))
        soon = self.today + timedelta(days=chance.randint(9, 58))
        if fate.lacks == "passport":
            return {"Passport number": "", "Passport country": "", "Passport expiry": ""}
        if fate.lacks == "a passport that outlasts the stay":
            ends = returns - timedelta(days=chance.randint(12, 70))
        elif fate.to in EARLY and not fate.then and returns > self.today and chance.random() < 0.3:
            ends = soon
        return {
            "Passport number": f"{self.plan.prefix[0]}{digits}",
            "Passport country": self.plan.origin,
            "Passport expiry": ends.isoformat(),
        }

    def _income(self) -> dict[str, str]:
        """What was earned at home in a month; one in eight was not asked or did not say."""
        low, high = self.plan.home_income
        step = 10 if high < 10_000 else 500
        amount = self.chance.randrange(low, high, step)
        if self.chance.random() < 0.12:
            return {"Home monthly income": "", "Home income currency": ""}
        return {"Home monthly income": f"{amount}.00", "Home income currency": self.plan.home_currency}


def _names(plan: PilotPlan, chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """(sex, given names, family name) without end, none of them twice."""
    parts = plans.names(plan.origin)
    seen: set[tuple[str, str]] = set()
    while True:
        sex = "F" if chance.randrange(100) < plan.women else "M"
        pair = chance.choice(parts["female" if sex == "F" else "male"]), chance.choice(parts["family"])
        if pair not in seen:
            seen.add(pair)
            yield (sex, *pair)


PREFIXES = {"TO": "+676 77{:05d}", "VU": "+678 55{:05d}", "NP": "+977 98400{:05d}", "KE": "+254 7000{:05d}",
            "GT": "+502 550{:05d}"}  # fmt: skip


def _phone(country: str, number: int, chance: random.Random) -> str:
    return "" if chance.random() < 0.06 else PREFIXES[country].format(number * 97 % 100_000)


def in_turn(names: list[str], weights: list[int], count: int) -> list[str]:
    """``count`` names taken in turn, each as often as its weight allows."""
    return list(islice(cycle([name for name, n in zip(names, weights, strict=True) for _i in range(n)]), count))
