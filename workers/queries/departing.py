"""Who of a cohort can depart on a day, who cannot, what is missing, and from whom.

Asked of the people who were chosen and have not departed, with the guards of the journey itself on that day
(``workers/journey/missing.py``), so that this never promises what the move would refuse. Three things stand beside the
guards: a paper that is on record and will be over by the day, a hold that will still stand, and moves that nobody made
yet. A fixed number of statements, however many people there are.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from accounts.models import Organisation
from accounts.roles import KIND_LABELS, Kind
from accounts.scope import Scope
from pilots.models import Cohort
from workers.journey.missing import lacking
from workers.journey.steps import STEPS
from workers.journey.wording import LACKING
from workers.models import Hold, IdentityDocument, PlacementState
from workers.queries.cohorts import counts_by_step
from workers.queries.placement import sees_lacking
from workers.queries.placements import standing_holds
from workers.queries.waiting import BEFORE, CHOSEN

READY: Final = "ready"
HELD: Final = "no_hold"
MOVES_LEFT: Final = "moves_left"
SAID: Final = 3  # things that are named beside an owner; the rest is counted
CANDIDATES: Final = [step for step in BEFORE if step not in CHOSEN]
ELSEWHERE: Final = [step.code for step in STEPS if step.code not in BEFORE and not step.never_left]

_PAPER = IdentityDocument.Kind
# Papers that are looked at in the journey, each with what is said where the last one ends before the day.
LAPSES: Final[dict[str, str]] = {
    _PAPER.PASSPORT: "passport_lapses", _PAPER.VISA: "visa_lapses", _PAPER.MEDICAL: "medical_lapses",
    _PAPER.POLICE: "police_lapses",
}  # fmt: skip
# code → what is missing, as a thing to fetch, and which kind of partner can usually bring it.
MISSING: Final[dict[str, tuple[str, Kind]]] = LACKING | {
    "passport_lapses": (gettext_noop("Passport in force on the day"), Kind.RECRUITER),
    "visa_lapses": (gettext_noop("Visa in force on the day"), Kind.PROGRAMME),
    "medical_lapses": (gettext_noop("Medical certificate in force on the day"), Kind.RECRUITER),
    "police_lapses": (gettext_noop("Police certificate in force on the day"), Kind.RECRUITER),
    "job_order_has_places": (gettext_noop("A place on the job order"), Kind.PROGRAMME),
    HELD: (gettext_noop("A hold to be lifted"), Kind.PROGRAMME),
    MOVES_LEFT: (gettext_noop("The moves up to “Ready to depart”"), Kind.PROGRAMME),
}

_LAST_PAPERS = """
with asked as (
  select p.id, p.person_id from workers_placement p where p.id = any(%(ids)s)
), cards as (
  -- A person is also those they were merged with.
  select a.id, a.person_id as card_id from asked a
  union all
  select a.id, s.other_id from asked a join workers_same s on s.person_id = a.person_id
)
select c.id, d.kind, max(d.expires_on) from cards c
join workers_identitydocument d on d.person_id = c.card_id and d.replaced_at is null and d.kind = any(%(kinds)s)
group by c.id, d.kind having bool_and(d.expires_on is not null) and max(d.expires_on) < %(on)s
"""


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that stands in the way: who can bring it, when a paper ends, and the words of a hold."""

    code: str
    owner_id: int
    ends: date | None = None
    note: str = ""

    @property
    def words(self) -> str:
        """What is missing, as a thing to fetch."""
        return _(MISSING[self.code][0])


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody who was chosen: where they stand, and all that stands in the way on the day."""

    placement_id: int
    step: str
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many people one matter, or one owner, holds back."""

    key: str
    words: str
    people: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Departures:
    """The answer for one cohort and one day. ``candidates`` were not chosen yet, ``gone`` have departed."""

    on: date
    travellers: list[Traveller]
    owners: dict[int, str]
    candidates: int
    gone: int

    @property
    def able(self) -> int:
        """How many lack nothing."""
        return sum(not one.lacks for one in self.travellers)

    @property
    def unable(self) -> int:
        """How many lack something."""
        return len(self.travellers) - self.able

    def owner(self, lack: Lack) -> str:
        """The name of who can bring it; the kind of partner where the reader does not see the organisation."""
        return self.owners.get(lack.owner_id) or str(KIND_LABELS[MISSING[lack.code][1]])

    def by_matter(self) -> list[Count]:
        """What is missing, the most frequent first, with those who can bring it."""
        people = Counter(lack.code for one in self.travellers for lack in one.lacks)
        names: dict[str, Counter[str]] = {code: Counter() for code in people}
        for one in self.travellers:
            for lack in one.lacks:
                names[lack.code][self.owner(lack)] += 1
        return [
            Count(code, _(MISSING[code][0]), n, ", ".join(name for name, _n in names[code].most_common()))
            for code, n in people.most_common()
        ]

    def by_owner(self) -> list[Count]:
        """From whom something is missing: how many people wait for them, and for what; the most first."""
        people: Counter[int] = Counter()
        things: dict[int, Counter[str]] = {}
        named: dict[int, str] = {}
        for one in self.travellers:
            people.update({lack.owner_id for lack in one.lacks})
            for lack in one.lacks:
                things.setdefault(lack.owner_id, Counter())[lack.words] += 1
                named.setdefault(lack.owner_id, self.owner(lack))
        return [Count(str(pk), named[pk], n, _first(things[pk])) for pk, n in people.most_common()]

    def only(self, *, who: str = "", lacks: str = "", owner: str = "") -> dict[int, Traveller]:
        """placement id → traveller, of those behind one count. A lack and an owner together are one thing of that owner."""
        return {
            one.placement_id: one
            for one in self.travellers
            if (not who or (who == "can") == (not one.lacks))
            and (
                not (lacks or owner)
                or any(lacks in ("", lack.code) and owner in ("", str(lack.owner_id)) for lack in one.lacks)
            )
        }


def _first(things: Counter[str]) -> str:
    """The most frequent things, and how many others there are."""
    named = [f"{words} ({n})" for words, n in things.most_common(SAID)]
    others = len(things) - len(named)
    return ", ".join(
        [*named, ngettext("and %(n)s more", "and %(n)s more", others) % {"n": others}] if others else named
    )


def departures(cohort: Cohort, on: date, *, by: Scope) -> Departures:
    """Judge the chosen people of a cohort for a departure on a day. For readers who may read papers (``sees_lacking``)."""
    states = PlacementState.objects.filter(cohort=cohort, step__in=CHOSEN).order_by("pk")
    rows = list(states.values_list("pk", "step", "recruiter_id", "employer_id"))
    ids = [pk for pk, _step, _recruiter, _employer in rows]
    missing = missing_on(ids, on, by=by)  # holds are asked apart, each with its words and owner
    holds, programme = holds_on(ids, on), cohort.pilot.programme_id
    travellers = []
    for pk, step, recruiter, employer in rows:
        partner = {Kind.RECRUITER: recruiter, Kind.EMPLOYER: employer}
        lacks = []
        for code, ends in missing.get(pk, ()):
            owner = partner.get(MISSING[code][1]) or programme
            lacks.append(Lack(code, owner, ends))
        lacks += [Lack(HELD, hold.owner_id or programme, note=hold.words) for hold in holds.get(pk, ())]
        if not lacks and step != READY:
            lacks.append(Lack(MOVES_LEFT, programme))
        travellers.append(Traveller(pk, step, tuple(lacks)))
    owners = {lack.owner_id for one in travellers for lack in one.lacks}
    now = counts_by_step([cohort.pk])[cohort.pk]
    return Departures(
        on, travellers, dict(Organisation.objects.filter(pk__in=owners).values_list("pk", "name")),
        candidates=sum(now.get(step, 0) for step in CANDIDATES), gone=sum(now.get(step, 0) for step in ELSEWHERE),
    )  # fmt: skip


def missing_on(ids: list[int], on: date, *, by: Scope) -> dict[int, list[tuple[str, date | None]]]:
    """placement id → (what is missing on the day, when a paper ends), without holds and moves; two statements for all.

    Who may not read papers is told what the guards say and no more.
    """
    guards = lacking(ids, by=by, today=on)
    lapsed = _lapsed(ids, on) if sees_lacking(by) else {}
    return {pk: list(_said(guards.get(pk, ()), lapsed.get(pk, {}))) for pk in guards}


def _said(guards: tuple[str, ...], lapsed: dict[str, date]) -> Iterable[tuple[str, date | None]]:
    """The guards that say no and the papers that will be over, each thing said once."""
    ends = lapsed.get(_PAPER.PASSPORT)
    for guard in guards:
        if guard == "passport_outlasts_stay" and ends:
            yield LAPSES[_PAPER.PASSPORT], ends
        else:
            yield guard, None
    if ends and "has_job_order" in guards:  # without an order no stay is known that the passport should outlast
        yield LAPSES[_PAPER.PASSPORT], ends
    for kind in (_PAPER.VISA, _PAPER.MEDICAL, _PAPER.POLICE):
        # A visa of an earlier stay says nothing while the new one is awaited.
        if kind in lapsed and not (kind == _PAPER.VISA and "visa_granted_recorded" in guards):
            yield LAPSES[kind], lapsed[kind]


def _lapsed(ids: list[int], on: date) -> dict[int, dict[str, date]]:
    """placement id → kind of paper → the day on which the last of it ends, where that is before the day."""
    found: dict[int, dict[str, date]] = {}
    if not ids:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_LAST_PAPERS, {"ids": ids, "kinds": [str(kind) for kind in LAPSES], "on": on})
        for pk, kind, ends in cursor.fetchall():
            found.setdefault(pk, {})[kind] = ends
    return found


def holds_on(ids: list[int], on: date) -> dict[int, list[Hold]]:
    """placement id → each hold that will stand on the day unless somebody lifts it, with who can act; the oldest first."""
    found: dict[int, list[Hold]] = {}
    rows = Hold.objects.filter(standing_holds(on), placement__in=ids).select_related("owner")
    for hold in rows.order_by("placed_at", "pk"):
        found.setdefault(hold.placement_id, []).append(hold)
    return found
