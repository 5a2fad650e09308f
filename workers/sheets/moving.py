"""The kind ``moves``: each row names a step that somebody reached on a day; the journey's own door decides.

A person may stand in several rows. Rows are taken in the order of their dates: the first of everybody, then the second
of everybody (waves), each wave grouped by move, one call of the door for a block of rows of a move. Judging plays the
moves and takes them back; writing plays them for good. A row that says what is already recorded is ``same``.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from workers.journey.door import Asked, move_each
from workers.journey.door import reason as guard_words
from workers.journey.moves import MOVE, move_between, moves_from
from workers.journey.steps import STEPS
from workers.journey.wording import journey_of, step_words
from workers.models import ImportBatch, JourneyEvent

from . import staging, versions
from .standing import Undone

KEY_OF_GUARD = {
    "date_not_in_future": "date",
    "date_not_before_last_step": "date",
    "reason_given": "reason",
    "known_before_it_happened": "known_on",
}

FOUND = """
create temp table found on commit drop as
select s.n, p.id as person_id, l.id as placement_id,
       exists (select from workers_journeyevent e where e.placement_id = l.id and e.to_step = s.step
               and e.happened_on = s.date::date) as known,
       row_number() over (partition by l.id order by s.date, o.place, s.n) as wave
from sheet s
left join lateral (
  select w.id from workers_person w where w.pilot_id = %(pilot)s and s.worker_id is not null
    and w.worker_code = s.worker_id
  union all
  select d.person_id from workers_identitydocument d where s.worker_id is null and d.pilot_id = %(pilot)s
    and d.kind = 'passport' and d.number = s.passport_number and d.country = s.passport_country
    and d.replaced_at is null
  limit 1) p on true
left join lateral (
  select x.id from workers_placement x where x.person_id = p.id
    and (%(cohort)s::bigint is null or x.cohort_id = %(cohort)s) order by {own} x.id desc limit 1) l on true
left join unnest(%(steps)s::text[], %(places)s::int[]) as o (step, place) on o.step = s.step
where s.problems is null
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the sheet, its placement found."""

    n: int
    placement_id: int
    step: str
    on: date
    known_on: date | None
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a row: the step it left, or why it was refused (column, code, shown, words)."""

    n: int
    from_step: str = ""
    trouble: tuple[str, str, str, str] | None = None


def allowed(kind: str, by: Scope) -> bool:
    """Whether this scope's database role may add a row."""
    return may(JourneyEvent, by.db_role, "i")


def unused(kind: str) -> tuple[str, ...]:
    """Every column is kept."""
    return ()


def versions_now(kind: str, by: Scope) -> str:
    """A step that was reached does not change: what a row says is recorded, or it is another step."""
    return "select f.n, null::text as version from found f"


def words(batch: ImportBatch, by: Scope) -> dict[str, str]:
    """The sentences of this judge; those of the journey's guards come ready made."""
    nowhere = _("“{value}” has no placement in this cohort that you see. Check the Worker ID.")
    return {
        "no_placement": nowhere if batch.cohort_id else _("“{value}” has no placement that you see. Check the Worker ID."),
        "no_move": "{other}",
        "not_your_step": _("Your role may not record the step “{value}”."),
        "guard": "{other}",
        "long_note": _("The note has more than 500 characters. Shorten it."),
    }  # fmt: skip


def judge(batch: ImportBatch, by: Scope, today: date) -> None:
    """Play all rows, keep what came of each, and take the moves back."""
    _find(batch)
    with transaction.atomic():
        told = _Told(_play(batch.pilot.scheme, by, today))
        transaction.set_rollback(True)
    told.keep()


def write(batch: ImportBatch, by: Scope, today: date) -> None:
    """Play the rows that are judged new, for good. A row that somebody else's move overtook becomes a conflict."""
    played = _play(batch.pilot.scheme, by, today, "join judged j using (n)", "and j.verdict = 'new'")
    late = [answer.n for answer in played if answer.trouble]
    if late:
        with connection.cursor() as cursor:
            cursor.execute(
                "update workers_importrow set verdict = 'conflict' where batch_id = %s and row_number = any(%s)",
                [batch.pk, late],
            )


def take_back(batch: ImportBatch, by: Scope, today: date) -> Undone:
    """Nothing: a step that was recorded is history."""
    why = _("A step that was recorded is history. Put it right with a move on the worker's page.")
    rows = batch.rows.filter(verdict__in=["new", "changed"]).order_by("row_number")
    told = rows.values_list("row_number", "clean__worker_id")
    return Undone(0, [{"row": n, "worker": code or "", "message": why} for n, code in told])


def _find(batch: ImportBatch) -> None:
    given = {
        "pilot": batch.pilot_id, "cohort": batch.cohort_id, "steps": [s.code for s in STEPS],
        "places": [s.order for s in STEPS],
    }  # fmt: skip
    with connection.cursor() as cursor:
        # A downloaded row names its event, and with it the placement, of a person who has several.
        own = f"x.id = (select e.placement_id from workers_journeyevent e where e.id = {versions.POINTED}) desc nulls last,"
        cursor.execute(FOUND.replace("{own}", own if versions.given() else ""), given)
        cursor.execute("create index on found (n); analyze found")
        cursor.execute(
            "insert into trouble select f.n, case when s.worker_id is null then 'passport_number' else 'worker_id' end,"
            " 'no_placement', coalesce(s.worker_id, s.passport_number), '' from found f join sheet s using (n)"
            " where f.placement_id is null"
        )
        cursor.execute("insert into trouble select n, 'note', 'long_note', '', '' from sheet where length(note) > 500")
        cursor.execute(
            "insert into judged (n, verdict, changes, person_id, placement_id)"
            " select n, 'same', '{}', person_id, placement_id from found where known"
        )


def _waves() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("select distinct wave from found where placement_id is not null and not known order by wave")
        return [wave for (wave,) in cursor.fetchall()]


def _play(scheme: str, by: Scope, today: date, join: str = "", more: str = "") -> Iterator[Answer]:
    """Take everybody along, wave by wave and in each wave move by move; one call of the door for a block of rows, so that
    no more than a block is held here. ``join`` and ``more`` narrow the rows to play."""
    journey = journey_of(scheme)
    for wave in _waves():
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for now, step in _stand(wave, join, more):
            found = move_between(journey, now, step)
            if found is None:
                trouble = ("step", "no_move", step, _no_move(journey, scheme, now, step))
            elif not by.allows(Permission(found.permission)):
                trouble = ("step", "not_your_step", step_words(step, scheme), "")
            else:
                groups[found.code].append((now, step))
                continue
            yield from (Answer(row.n, now, trouble) for rows in _blocks([(now, step)]) for row, _now in rows)
        # Who gives a place back goes first, so that the next in line finds it.
        for code in sorted(groups, key=lambda c: ("frees_place" not in MOVE[c].effects, c)):
            for rows in _blocks(groups[code]):
                yield from _move(rows, code, by, today)
        with connection.cursor() as cursor:
            cursor.execute("drop table pg_temp.stands")


def _stand(wave: int, join: str, more: str) -> list[tuple[str, str]]:
    """Keep where everybody of a wave stands before it is played, in ``stands``; the pairs of steps that there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table stands on commit drop as select f.n, f.placement_id, coalesce(t.step, '') as now, s.step"
            f" from found f join sheet s using (n) {join} left join workers_placementstate t on t.placement_id = f.placement_id"
            " where f.wave = %s and f.placement_id is not null and not f.known and coalesce(length(s.note), 0) <= 500"
            f" {more}",
            [wave],
        )
        cursor.execute("create index on stands (n); analyze stands")
        cursor.execute("select distinct now, step from stands order by now, step")
        return cursor.fetchall()


def _blocks(pairs: list[tuple[str, str]]) -> Iterator[list[tuple[Row, str]]]:
    """The rows of ``stands`` that go from one of these steps to the other, in the order of the sheet: (row, where it stood)."""
    last = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "select w.n, w.placement_id, w.step, s.date::date, s.known_on::date, coalesce(s.reason, ''),"
                " coalesce(s.note, ''), w.now from stands w join sheet s using (n)"
                " where w.n > %s and (w.now, w.step) in (select * from unnest(%s::text[], %s::text[]))"
                " order by w.n limit %s",
                [last, [now for now, _step in pairs], [step for _now, step in pairs], staging.BLOCK],
            )
            rows = [(Row(*rest), now) for *rest, now in cursor.fetchall()]
        if not rows:
            return
        last = rows[-1][0].n
        yield rows


def _move(rows: list[tuple[Row, str]], code: str, by: Scope, today: date) -> Iterator[Answer]:
    asked = [Asked(row.placement_id, row.on, row.known_on, row.reason, row.note) for row, _now in rows]
    outcome = move_each(asked, code, by=by, today=today)
    refused = {refusal.placement_id: refusal for refusal in outcome.refused}
    for row, now in rows:
        refusal = refused.get(row.placement_id)
        if refusal is None:
            yield Answer(row.n, now)
        else:
            key = next((KEY_OF_GUARD[guard] for guard in refusal.guards if guard in KEY_OF_GUARD), "step")
            said = " ".join(guard_words(guard, refusal.step) for guard in refusal.guards)
            yield Answer(row.n, refusal.step, (key, "guard", row.step, said))


def _no_move(journey: str, scheme: str, now: str, wanted: str) -> str:
    """Why there is no such move, and which there are."""
    if now == wanted:
        return _("The placement already stands at “%(step)s”, on another date.") % {"step": step_words(now, scheme)}
    ways = [step_words(each.to_step, scheme) for each in moves_from(journey, now)]
    return _("From “%(now)s” there is no way to “%(wanted)s”. What can follow: %(ways)s.") % {
        "now": step_words(now, scheme), "wanted": step_words(wanted, scheme),
        "ways": ", ".join(dict.fromkeys(ways)) or "–",
    }  # fmt: skip


class _Told:
    """What came of the rows: eight bytes for each, under what many of them share."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self.good: dict[str, array[int]] = defaultdict(lambda: array("q"))
        self.bad: dict[tuple[str, str, str, str], array[int]] = defaultdict(lambda: array("q"))
        for answer in answers:
            told = self.bad[answer.trouble] if answer.trouble else self.good[answer.from_step]
            told.append(answer.n)

    def keep(self) -> None:
        """Fill ``judged`` and ``trouble``, a block at a time."""
        with connection.cursor() as cursor:
            for was, numbers in self.good.items():
                for some in _pieces(numbers):
                    cursor.execute(
                        "insert into judged (n, verdict, changes, person_id, placement_id)"
                        " select f.n, 'new', jsonb_build_object('step', jsonb_build_array(%s::text, s.step)), f.person_id,"
                        " f.placement_id from unnest(%s::int[]) as a (n) join found f using (n) join sheet s using (n)",
                        [was, some],
                    )
            for trouble, numbers in self.bad.items():
                for some in _pieces(numbers):
                    cursor.execute(
                        "insert into trouble select n, %s, %s, %s, %s from unnest(%s::int[]) as a (n)", [*trouble, some]
                    )
            cursor.execute("analyze judged")


def _pieces(numbers: array[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), staging.BLOCK):
        yield numbers[start : start + staging.BLOCK].tolist()
