"""The door: ``due(scope, on=day)`` answers who owes what by when, with what was done and what is late.

One statement for each kind of start, two for what people recorded by hand, three for pilots, rules and partners; the
rest is counting (``each_due``: in pieces, for a report over a whole pilot). ``on`` is the day as which it is asked: later facts and proofs are left out. Pages and reminders leave
out what was due more than ``KEPT`` ago.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import batched, chain
from typing import Any

from django.db.models import QuerySet

from accounts.models import Organisation
from accounts.roles import Kind
from accounts.rows import may
from accounts.scope import Scope
from compliance.duties.clocks import AUTHORITY, EMPLOYER, SENDING, WELFARE, WORKER, Clock, clocks
from compliance.duties.ladder import ladder_for
from compliance.duties.starts import PLACEMENT, STARTS, STOPS, Source, ask
from compliance.models import DutyDischarge, DutyStart
from pilots.models import Participation, Pilot
from pilots.rulebook import Rulebook, rulebooks
from workers.promised import blocks_guaranteed

WAITING, SOON, DUE, OVERDUE, DONE, LATE = "waiting", "due soon", "due", "overdue", "done", "late"
STATES = (OVERDUE, DUE, SOON, WAITING, LATE, DONE)
OPEN = frozenset({OVERDUE, DUE, SOON, WAITING})
KEPT = timedelta(days=366)
# What an organisation owes is its own to see; the programme and those who look after workers see all of it.
OWN_DUTIES = {"recruiter": SENDING, "employer": EMPLOYER}

type Subject = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty of one owner about one worker, job order or site. ``due`` is None while a fact that decides it is missing."""

    pilot_id: int
    key: str
    number: int
    words: str
    owners: tuple[str, ...]
    organisation_ids: tuple[int, ...]
    about: str
    about_id: int
    worker: str
    name: str
    recruiter_id: int | None
    employer_id: int | None
    starts: date
    opens: date | None
    due: date | None
    done: date | None
    state: str
    evidence: str
    proof_id: int | None
    unit: str
    right: bool

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.state in OPEN

    @property
    def subject(self) -> Subject:
        """What it is about, within which pilot."""
        return self.pilot_id, self.about, self.about_id


@dataclass(frozen=True, slots=True)
class _Started:
    """A clock that runs: its subject and the facts that decide its day."""

    pilot_id: int
    about: str
    about_id: int
    recruiter_id: int | None
    employer_id: int | None
    starts: date
    ends: date | None
    nationality: str
    worker: str
    name: str
    repeats: bool


def due(
    scope: Scope,
    *,
    on: date,
    pilot_id: int | None = None,
    placement_id: int | None = None,
    since: date | None = None,
    as_of: datetime | None = None,
) -> list[Owed]:
    """Every duty in the scope's sight on the day: overdue first, then by the day it is due.

    An employer or recruiter sees what it owes itself. ``pilot_id`` and ``placement_id`` narrow the question, ``since``
    leaves out what was due before that day; ``as_of`` what was recorded after that moment.
    """
    found = each_due(scope, on=on, pilot_id=pilot_id, placement_id=placement_id, since=since, as_of=as_of)
    return sorted(
        found, key=lambda o: (STATES.index(o.state), o.due or date.max, o.number, o.key, o.worker, o.about_id)
    )


def each_due(
    scope: Scope,
    *,
    on: date,
    pilot_id: int | None = None,
    placement_id: int | None = None,
    since: date | None = None,
    as_of: datetime | None = None,
    piece: int | None = None,
) -> Iterator[Owed]:
    """The same in no order, one after the other. ``piece``: so many are held at a time, however many there are."""
    wanted = [pk for pk in scope.pilot_ids if pilot_id is None or pk == pilot_id]
    pilots = list(Pilot.objects.filter(pk__in=wanted).select_related("corridor"))
    books = rulebooks(pilots)
    table = [c for p in pilots for c in clocks(books[p.pk], p.corridor) if _may_see(c, scope)]
    given = _given(books, on, placement_id) | {"as_of": as_of}
    partners = _partners(wanted)
    running = chain(_by_fact(table, scope, given, piece), _by_hand(table, on, placement_id, as_of))
    pieces: Iterable[Sequence[tuple[Clock, _Started, date | None]]] = (
        batched(running, piece) if piece else [list(running)]
    )
    days = _Days()
    for some in pieces:
        subjects = [started.about_id for _clock, started, _done in some if started.about == PLACEMENT]
        proofs = _proofs(wanted, on, as_of, subjects if piece else None)
        for clock, started, done in some:
            if not clock.counts_from(started.starts):
                continue
            due_on, opens = days.of(clock, started)
            if since is None or due_on is None or due_on >= since:
                yield _owed(clock, started, done, (due_on, opens), proofs, partners, on)


def _may_see(clock: Clock, scope: Scope) -> bool:
    own = OWN_DUTIES.get(scope.role_code)
    return own is None or own in clock.owners


def _given(books: dict[int, Rulebook] | Any, on: date, placement_id: int | None) -> dict[str, Any]:
    """Parameters of every statement. ``hours``: what a block of four weeks guarantees, for each pilot."""
    promised = blocks_guaranteed(books, on)
    hours = {str(pk): str(one.hours * 4 / one.weeks) for pk, one in promised.items() if one.hours and one.weeks}
    return {"on": on, "placement": placement_id, "hours": json.dumps(hours)}


def _by_fact(
    table: Iterable[Clock], scope: Scope, given: dict[str, Any], piece: int | None
) -> Iterable[tuple[Clock, _Started, date | None]]:
    """The clocks that facts started, one statement for each kind of start; kinds the role may not read are left out."""
    kinds: dict[tuple[str, str], list[Clock]] = defaultdict(list)
    for clock in table:
        if clock.duty.start_event in STARTS and not clock.duty.optional:
            kinds[(clock.duty.start_event, clock.duty.clock)].append(clock)
    for (event, way), asked in kinds.items():
        source = STARTS[event]
        numbers = sorted({clock.duty.number for clock in asked if not _unseen(clock, scope)})
        if not numbers or not all(may(model, scope.db_role) for model in source.reads):
            continue
        pilots = sorted({clock.book.pilot_id for clock in asked})
        rows = ask(source, clock=way, numbers=numbers, given=given | {"pilots": pilots}, piece=piece)
        yield from _matched(asked, numbers, rows, source, given["on"])


def _unseen(clock: Clock, scope: Scope) -> bool:
    """Whether the fact that would show it done is out of the role's sight: then it would look open for ever."""
    stop = STOPS.get(clock.duty.number)
    return stop is not None and not all(may(model, scope.db_role) for model in stop.reads)


def _matched(
    asked: list[Clock], numbers: list[int], rows: Iterable[tuple], source: Source, on: date
) -> Iterable[tuple[Clock, _Started, date | None]]:
    by_pilot: dict[int, list[Clock]] = defaultdict(list)
    for clock in asked:
        if clock.duty.number in numbers:
            by_pilot[clock.book.pilot_id].append(clock)
    column = {number: index for index, number in enumerate(numbers, start=9)}
    for row in rows:
        pilot_id, about_id, recruiter_id, employer_id, starts, ends, nationality, worker, name = row[:9]
        started = _Started(
            pilot_id, source.about, about_id, recruiter_id, employer_id, starts, ends, nationality, worker, name,
            source.repeats,
        )  # fmt: skip
        for clock in by_pilot[started.pilot_id]:
            # A disengagement starts the report of it; an incident is recorded by hand.
            if clock.duty.start_event == "knowledge of the event" and clock.duty.unit == "hours":
                continue
            done = row[column[clock.duty.number]]
            # Nothing more is expected of a worker whose file was closed; whether and when they left may never be known.
            if row[-1] and not done and clock.owners == (WORKER,):
                continue
            yield clock, started, done if done and done <= on else None


def _standing[R: (DutyStart, DutyDischarge)](rows: QuerySet[R], as_of: datetime | None) -> QuerySet[R]:
    """The last word of each chain, or what was it at a moment."""
    if as_of is None:
        return rows.filter(withdrawn=False, superseded_by=None)
    return rows.filter(withdrawn=False, recorded_at__lte=as_of).exclude(superseded_by__recorded_at__lte=as_of)


def _by_hand(
    table: Iterable[Clock], on: date, placement_id: int | None, as_of: datetime | None
) -> Iterable[tuple[Clock, _Started, date | None]]:
    """The clocks that people started: what no other record holds."""
    named = {(clock.book.pilot_id, clock.key): clock for clock in table}
    rows = _standing(
        DutyStart.objects.filter(pilot__in={clock.book.pilot_id for clock in table}, known_on__lte=on), as_of
    ).select_related("placement__person", "placement__cohort", "job_order__cohort", "site")
    for row in rows if placement_id is None else rows.filter(placement=placement_id):
        clock = named.get((row.pilot_id, row.duty))
        if clock:
            yield clock, _started_by_hand(row, clock), None


def _started_by_hand(row: DutyStart, clock: Clock) -> _Started:
    starts = row.known_on if clock.duty.clock == "knowledge" else row.happened_on
    if row.placement:
        p = row.placement
        person = p.person
        return _Started(
            row.pilot_id, PLACEMENT, p.pk, p.recruiter_id, p.employer_id, starts, p.planned_end or p.cohort.returns_on,
            person.nationality, person.worker_code, f"{person.given_names} {person.family_name}".strip(), True,
        )  # fmt: skip
    if row.job_order:
        order = row.job_order
        words = f"{order.cohort.code} · {order.task}"
        return _Started(
            row.pilot_id, "job_order", order.pk, None, order.employer_id, starts, order.ends_on, "", "", words, True
        )
    site = row.site
    assert site is not None, "the table says that it is about one of three"
    return _Started(row.pilot_id, "site", site.pk, None, site.employer_id, starts, None, "", "", site.name, True)


def _proofs(
    pilots: list[int], on: date, as_of: datetime | None, placements: list[int] | None
) -> dict[tuple, DutyDischarge]:
    """(pilot, key, subject, start) → what shows it done; the last word of each chain. Of ``placements``, where they are given,
    and of what is about none."""
    rows = _standing(DutyDischarge.objects.filter(pilot__in=pilots, done_on__lte=on), as_of)
    if placements is not None:
        # One array and not thousands of parameters: of thousands, most of the time would go into writing the statement.
        own = "compliance_dutydischarge.placement_id is null or compliance_dutydischarge.placement_id = any(%s)"
        rows = rows.extra(where=[own], params=[sorted(set(placements))])  # noqa: S610 - fixed words
    found: dict[tuple, DutyDischarge] = {}
    for row in rows.order_by("pk"):
        subject = (row.pilot_id, row.duty, *subject_of(row))
        found[(*subject, row.started_on)] = found[(*subject, None)] = row
    return found


def subject_of(row: Any) -> tuple[str, int]:
    """What a recorded row is about."""
    if row.placement_id:
        return PLACEMENT, row.placement_id
    return ("job_order", row.job_order_id) if row.job_order_id else ("site", row.site_id)


def _partners(pilots: list[int]) -> dict[tuple[int, str], tuple[int, ...]]:
    """(pilot, owner) → the organisations that owe what no single worker's row names."""
    kinds = {Kind.WELFARE: WELFARE, Kind.DESTINATION_GOVERNMENT: AUTHORITY}
    found: dict[tuple[int, str], tuple[int, ...]] = defaultdict(tuple)
    rows = Participation.objects.filter(pilot__in=pilots, left_on__isnull=True, kind__in=kinds).order_by("pk")
    for pilot_id, kind, organisation_id in rows.values_list("pilot_id", "kind", "organisation_id"):
        found[(pilot_id, kinds[Kind(kind)])] += (organisation_id,)
    return found


class _Days:
    """When what began on a day is due and from when it can be done: worked out once for all who began alike."""

    MOST = 20_000  # kept at a time

    def __init__(self) -> None:
        self._known: dict[tuple[int, str, date, date | None, str], tuple[date | None, date | None]] = {}

    def of(self, clock: Clock, s: _Started) -> tuple[date | None, date | None]:
        """The last day, None while a fact that decides it is missing; and the first, where there is a window."""
        alike = (s.pilot_id, clock.key, s.starts, s.ends, s.nationality)
        found = self._known.get(alike)
        if found is None:
            if len(self._known) >= self.MOST:
                self._known.clear()
            last = clock.due(s.starts, ends=s.ends, facts={"nationality": s.nationality})
            found = self._known[alike] = (last, clock.opens(s.starts))
        return found


def _owed(
    clock: Clock, s: _Started, done: date | None, days: tuple[date | None, date | None],
    proofs: dict[tuple, DutyDischarge], partners: dict, on: date,
) -> Owed:  # fmt: skip
    duty, (due_on, opens) = clock.duty, days
    # What happens once is shown done whatever day its start was corrected to; what repeats, for its own start only.
    proof = proofs.get((s.pilot_id, clock.key, s.about, s.about_id, s.starts if s.repeats else None))
    if proof and (done is None or proof.done_on < done):
        done = proof.done_on
    return Owed(
        pilot_id=s.pilot_id, key=clock.key, number=duty.number, words=duty.words, owners=clock.owners,
        organisation_ids=_owing(clock, s, partners), about=s.about, about_id=s.about_id, worker=s.worker, name=s.name,
        recruiter_id=s.recruiter_id, employer_id=s.employer_id, starts=s.starts, opens=opens, due=due_on, done=done,
        state=state_of(due_on, done, on, soon=ladder_for(duty.unit).soon, opens=opens, right=duty.right),
        evidence=proof.evidence if proof else "", proof_id=proof.pk if proof else None, unit=duty.unit, right=duty.right,
    )  # fmt: skip


def _owing(clock: Clock, s: _Started, partners: dict) -> tuple[int, ...]:
    """The organisations that owe it; none for a duty of the worker."""
    own = {EMPLOYER: s.employer_id, SENDING: s.recruiter_id}
    found: list[int] = []
    for owner in clock.owners:
        one = own.get(owner)
        found += [one] if one else partners.get((s.pilot_id, owner), ())
    return tuple(found)


def state_of(
    due_on: date | None, done: date | None, on: date, *, soon: int, opens: date | None = None, right: bool = False
) -> str:
    """Where a duty stands on the day. A right is never overdue: it waits, can be used soon, or is over with its day."""
    if done:
        return LATE if due_on and done > due_on and not right else DONE
    if due_on is None:
        return WAITING
    if right:
        return DONE if on > due_on else SOON if opens and opens <= on else WAITING
    if on >= due_on:
        return DUE if on == due_on else OVERDUE
    return SOON if due_on - on <= timedelta(days=soon) else WAITING


def organisations(found: Iterable[Owed]) -> dict[int, Organisation]:
    """The organisations that owe these, by id, in one statement."""
    return Organisation.objects.in_bulk({pk for owed in found for pk in owed.organisation_ids})
