"""The door of the journey: ``move`` takes placements along one move of ``MOVES``, set-based.

One statement locks the states, asks every guard of every placement, moves those that pass and writes their events.
It answers with the whole outcome: who moved, and who was refused with every reason. One placement is a set of one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.scope import Scope
from pilots.models import Pilot
from pilots.rulebook import rulebooks
from workers.journey.moves import GUARDS, MOVE, Move
from workers.journey.steps import STEP
from workers.models import Placement


@dataclass(frozen=True, slots=True)
class Refusal:
    """A placement that did not move: the guards that said no, and the step it stands on."""

    placement_id: int
    guards: tuple[str, ...]
    step: str = ""

    @property
    def reasons(self) -> list[str]:
        """Every reason in the reader's words."""
        return [reason(guard, self.step) for guard in self.guards]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one call did."""

    moved: tuple[int, ...] = ()
    refused: tuple[Refusal, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Asked:
    """One placement to move, with its own dates and words (as a row of a moves sheet gives them)."""

    placement_id: int
    happened_on: date
    known_on: date | None = None
    reason: str = ""
    note: str = ""


def reason(guard: str, step: str = "") -> str:
    """The sentence for a guard that said no."""
    own = {
        "not_found": _("There is no such placement."),
        "other_journey": _("This scheme's journey has no such move."),
        "wrong_step": _("The placement stands at “%(step)s”; this move does not start there.")
        % {"step": _(STEP[step].label) if step in STEP else step},
        "known_before_it_happened": _("The day it was known lies before the day it happened."),
    }
    return own[guard] if guard in own else _(GUARDS[guard])


# Each guard as one SQL predicate over: a (asked), l (locked state), p (placement), f (facts), m (minimum age).
GUARD_SQL: dict[str, str] = {
    "date_not_in_future": "a.happened_on <= %(today)s",
    "date_not_before_last_step": "a.happened_on >= l.since",
    "reason_given": "a.reason = any(%(reasons)s)",
    "no_hold": (
        "not exists (select from workers_hold h where h.placement_id = l.placement_id and h.lifted_at is null"
        " and (h.until is null or h.until >= %(today)s))"
    ),
    "has_job_order": "p.job_order_id is not null",
    "job_order_has_places": "coalesce(f.places_left, 0) >= rank() over (partition by p.job_order_id order by p.id)",
    "age_at_least_minimum": "coalesce(f.birth_date + m.years <= a.happened_on, false)",
    "consent_given": "f.consent",
    "has_passport": "f.passport",
    "passport_outlasts_stay": "coalesce(f.passport_until >= p.planned_end, false)",
    "contract_signed": "f.contract",
    "visa_granted_recorded": "f.visa",
    "training_passed": "not f.training_open",
}
NEED_FACTS = {
    "job_order_has_places", "age_at_least_minimum", "consent_given", "has_passport", "passport_outlasts_stay",
    "contract_signed", "visa_granted_recorded", "training_passed",
}  # fmt: skip


def move(
    placements: QuerySet[Placement],
    code: str,
    *,
    by: Scope,
    at: date,
    today: date,
    known_on: date | None = None,
    reason: str = "",
    note: str = "",
) -> Outcome:
    """Take these placements along one move that happened on ``at``. Must run inside ``acting_as(by)``.

    Raises PermissionDenied when the role may not make this kind of move, KeyError for an unknown move.
    """
    unordered = placements if placements.query.is_sliced else placements.order_by()
    try:
        sql, params = unordered.values_list("id").query.sql_with_params()
    except EmptyResultSet:  # a set that can hold nobody is not asked of the database
        by.require(Permission(MOVE[code].permission))
        return Outcome()
    source = (
        f"select q.id as placement_id, %(at)s::date as happened_on, %(known)s::date as known_on,"
        f" %(reason)s as reason, %(note)s as note from ({_named(sql, len(params))}) q (id)"
    )
    given = {"at": at, "known": known_on or at, "reason": reason, "note": note[:500]}
    given |= {f"q{i}": value for i, value in enumerate(params)}
    return _apply(MOVE[code], source, given, by=by, today=today)


def preview(placements: QuerySet[Placement], code: str, **given) -> Outcome:
    """What ``move`` would do with the same arguments, done and taken back: who would move, who not and why."""
    with transaction.atomic():
        outcome = move(placements, code, **given)
        transaction.set_rollback(True)
    return outcome


def move_each(asked: Iterable[Asked], code: str, *, by: Scope, today: date) -> Outcome:
    """As ``move``, with each placement's own date, reason and note. A placement may be named once."""
    rows: Sequence[Asked] = list(asked)
    source = (
        "select * from unnest(%(ids)s::bigint[], %(at)s::date[], %(known)s::date[], %(reason)s::text[],"
        " %(note)s::text[]) as t (placement_id, happened_on, known_on, reason, note)"
    )
    given = {
        "ids": [r.placement_id for r in rows],
        "at": [r.happened_on for r in rows],
        "known": [r.known_on or r.happened_on for r in rows],
        "reason": [r.reason for r in rows],
        "note": [r.note[:500] for r in rows],
    }
    return _apply(MOVE[code], source, given, by=by, today=today)


def _named(sql: str, count: int) -> str:
    """Django's positional placeholders as named ones, so that both kinds can stand in one statement."""
    parts = sql.split("%s")
    if len(parts) - 1 != count:
        raise ValueError("a queryset with a literal %s cannot be moved")
    return "".join(part + (f"%(q{i})s" if i < count else "") for i, part in enumerate(parts))


def _apply(step_move: Move, source: str, given: dict, *, by: Scope, today: date) -> Outcome:
    by.require(Permission(step_move.permission))
    guards = step_move.every_guard
    pilots = _pilots(step_move, by, today)
    if "job_order_has_places" in guards:
        _queue_for_places(source, given)
    params = given | {
        "today": today, "reasons": list(step_move.reasons), "from_steps": list(step_move.from_steps),
        "to_step": step_move.to_step, "move": step_move.code, "user": by.user_id, "org": by.organisation_id,
        "request": by.request, "pilots": [p for p, _years in pilots], "years": [years for _p, years in pilots],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_statement(source, guards), params)
        rows = cursor.fetchall()
    return Outcome(
        moved=tuple(pk for pk, no, _step in rows if not no),
        refused=tuple(Refusal(pk, tuple(no), step or "") for pk, no, step in rows if no),
    )


def _pilots(step_move: Move, by: Scope, today: date) -> list[tuple[int, int]]:
    """(pilot, minimum age) for the scope's pilots whose journey knows this move."""
    books = rulebooks(Pilot.objects.filter(pk__in=by.pilot_ids))
    return [
        (pk, int(str(book.parameter("minimum_age", on=today).value)))
        for pk, book in books.items()
        if book.scheme.journey in step_move.journeys
    ]


def _queue_for_places(source: str, given: dict) -> None:
    """One at a time per job order, so that two people selecting at once never overfill it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(7301, o.id::int) from (select distinct p.job_order_id as id"
            f" from ({source}) a join workers_placement p on p.id = a.placement_id"
            " where p.job_order_id is not null order by 1) o",
            given,
        )


def _statement(source: str, guards: tuple[str, ...]) -> str:
    """The one statement: lock, judge, move, record, answer."""
    own = [
        ("other_journey", "m.pilot_id is not null"),
        ("wrong_step", "l.step = any(%(from_steps)s)"),
        ("known_before_it_happened", "a.known_on >= a.happened_on"),
    ]
    questions = own + [(guard, GUARD_SQL[guard]) for guard in guards]
    cases = ", ".join(f"case when not ({sql}) then '{name}' end" for name, sql in questions)
    facts = (
        "join workers_journey_facts(array(select placement_id from locked)) f on f.placement_id = l.placement_id"
        if NEED_FACTS & set(guards)
        else ""
    )
    return f"""
    with asked as materialized ({source}),
    locked as materialized (
      select s.* from workers_placementstate s join asked using (placement_id)
      order by s.placement_id for update of s
    ),
    judged as materialized (
      select a.*, l.step, l.version, l.pilot_id, l.cohort_id, l.recruiter_id, l.employer_id,
             array_remove(array[{cases}]::text[], null) as no
      from asked a join locked l using (placement_id)
      join workers_placement p on p.id = l.placement_id
      left join unnest(%(pilots)s::bigint[], %(years)s::int[]) as given (pilot_id, n) on given.pilot_id = l.pilot_id
      left join lateral (select given.pilot_id, make_interval(years => given.n) as years) m on true
      {facts}
    ),
    moved as (
      update workers_placementstate s
      set step = %(to_step)s, since = j.happened_on, version = s.version + 1
      from judged j where j.placement_id = s.placement_id and j.no = '{{}}'
      returning s.placement_id
    ),
    recorded as (
      insert into workers_journeyevent (pilot_id, placement_id, cohort_id, recruiter_id, employer_id, move,
        from_step, to_step, happened_on, known_on, reason, note, user_id, organisation_id, request, version,
        recorded_at)
      select j.pilot_id, j.placement_id, j.cohort_id, j.recruiter_id, j.employer_id, %(move)s, j.step,
        %(to_step)s, j.happened_on, j.known_on, j.reason, j.note, %(user)s, %(org)s, %(request)s, j.version + 1,
        clock_timestamp()
      from judged j where j.no = '{{}}'
    )
    select a.placement_id, coalesce(j.no, array['not_found']), j.step
    from asked a left join judged j using (placement_id) order by a.placement_id
    """
