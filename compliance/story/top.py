"""What stands above everything else in a story: whom to call, and what is owed by when. Of one placement, not of a history."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from accounts.rows import may
from accounts.scope import Scope
from compliance.duties.door import OPEN, OVERDUE, Owed, due
from compliance.duties.words import duty_words, owner_words
from compliance.grievances.words import EMERGENCY
from workers.journey.steps import STEP
from workers.models import PersonContact, Placement

NEXT, AHEAD = 3, timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Call:
    """A number to call: whose it is, as it is read, and as a telephone dials it."""

    who: str
    number: str
    dial: str


@dataclass(frozen=True, slots=True)
class Next:
    """A duty that is open: what, who owes it, by when."""

    words: str
    owner: str
    due: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Top:
    """Whom to call, the next duties, and how many more are open within two months."""

    calls: list[Call]
    duties: list[Next]
    more: int


def top(placement: Placement, *, by: Scope, today: date) -> Top:
    """For the page of one placement. The emergency number stands there while the person is in the country it is of.

    A number of the country of origin is not there: no source of the portal's has one.
    """
    found = [
        owed
        for owed in due(by, on=today, placement_id=placement.pk, since=today - timedelta(days=366))
        if _counts(owed, placement, today)
    ]
    first: dict[str, Owed] = {}
    for owed in found:  # of what comes again, as every block of hours, only the next
        first.setdefault(owed.key, owed)
    found = list(first.values())
    return Top(
        calls=_calls(placement, by),
        duties=[Next(duty_words(o), owner_words(o), o.due, o.state == OVERDUE) for o in found[:NEXT]],
        more=max(len(found) - NEXT, 0),
    )


def _counts(owed: Owed, placement: Placement, today: date) -> bool:
    mine = owed.about == "placement" and owed.about_id == placement.pk
    soon = owed.due is None or owed.due <= today + AHEAD
    return mine and owed.state in OPEN and not owed.right and soon


def _calls(placement: Placement, by: Scope) -> list[Call]:
    calls = []
    country = placement.pilot.corridor.destination
    if STEP[placement.state.step].is_abroad and (numbers := EMERGENCY.get(country)):
        calls += [Call(_("Emergency, %(country)s") % {"country": country}, n, n) for n in numbers]
    if may(PersonContact, by.db_role):
        phone = PersonContact.objects.filter(person=placement.person_id).values_list("phone", flat=True).first()
        if phone:
            calls.append(Call(_("The worker"), phone, "".join(c for c in phone if c.isdigit() or c == "+")))
    return calls
