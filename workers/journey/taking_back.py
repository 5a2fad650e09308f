"""Doors that take moves back: ``take_back`` for whoever made them, shortly after; ``ask`` and ``decide`` for what stood longer.

A move that was taken back stands whole in ``MoveTakenBack``, and the placement where it stood before; everything that is
counted, judged or owed follows by itself, because it is read from the journey.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Permission
from accounts.scope import Scope
from workers.journey.facts import FREE_STEPS
from workers.journey.leaning import leaning_on, words_of
from workers.journey.moves import MOVE
from workers.journey.taken_back_by import HOURS
from workers.models import JourneyEvent, MoveCorrection, MoveTakenBack

TERM: Final = timedelta(hours=HOURS)


class CannotCorrect(Exception):
    """A correction that cannot be asked or decided, in a sentence for whoever tried."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Placements whose move was taken back, and placement id → why the others stay."""

    done: tuple[int, ...]
    refused: Mapping[int, tuple[str, ...]]


def made_by(by: Scope, *, now: datetime, request: str = "") -> QuerySet[JourneyEvent]:
    """The moves this person recorded within the term, in the order of their placements; of one act where it is named."""
    rows = JourneyEvent.objects.filter(
        user_id=by.user_id, organisation_id=by.organisation_id, recorded_at__gt=now - TERM
    ).exclude(from_step="")
    return (rows.filter(request=request) if request else rows).order_by("placement_id", "version")


def last_move(placement_id: int) -> JourneyEvent | None:
    """The newest move of a placement; none where it never moved since it was nominated."""
    found = JourneyEvent.objects.filter(placement=placement_id).order_by("-version").first()
    return found if found is not None and found.from_step else None


def refusals(events: Iterable[JourneyEvent], *, by: Scope, now: datetime) -> dict[int, tuple[str, ...]]:
    """event id → every reason why this reader cannot take it back now, in words; those that can be are left out."""
    rows = list(events)
    leaning, full = leaning_on([e.pk for e in rows], by=by), _without_place(rows)
    found = {}
    for event in rows:
        why = _of_the_reader(event, by, now)
        if event.pk in leaning:
            why.append(_("Later facts stand on it: %(things)s.") % {"things": words_of(leaning[event.pk])})
        if event.pk in full:
            why.append(_("Its place on the job order was given to somebody else."))
        if why:
            found[event.pk] = tuple(why)
    return found


def _of_the_reader(event: JourneyEvent, by: Scope, now: datetime) -> list[str]:
    if event.move not in MOVE or not by.allows(Permission(MOVE[event.move].permission)):
        return [_("Your role does not make this kind of move.")]
    if (event.user_id, event.organisation_id) != (by.user_id, by.organisation_id):
        return [_("Somebody else recorded it.")]
    if event.recorded_at <= now - TERM:
        return [_("It was recorded more than %(hours)s hours ago.") % {"hours": HOURS}]
    return []


def _without_place(events: list[JourneyEvent]) -> set[int]:
    """The moves that gave a place back which is no longer free; waits for whoever takes places at this moment."""
    gave = [e.placement_id for e in events if e.to_step in FREE_STEPS and e.from_step not in FREE_STEPS]
    if not gave:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(7301, o.id::int) from (select distinct p.job_order_id as id from"
            " workers_placement p where p.id = any(%s) and p.job_order_id is not null order by 1) o", [gave],
        )  # fmt: skip
        cursor.execute(
            "select q.id from (select p.id, coalesce(f.places_left, 0)"
            "   < rank() over (partition by p.job_order_id order by p.id) as full_up"
            "  from workers_placement p join workers_journey_facts(%(ids)s::bigint[]) f on f.placement_id = p.id"
            "  where p.id = any(%(ids)s) and p.job_order_id is not null) q where q.full_up", {"ids": gave},
        )  # fmt: skip
        full = {pk for (pk,) in cursor.fetchall()}
    return {e.pk for e in events if e.placement_id in full}


def take_back(events: Iterable[JourneyEvent], *, by: Scope, now: datetime, why: str = "") -> Outcome:
    """Take these moves back, each as far as nothing stands in the way. Must run inside ``acting_as(by)``."""
    rows = list(events)
    with transaction.atomic():
        refused = refusals(rows, by=by, now=now)
        able = [e for e in rows if e.pk not in refused]
        done = _take_back([e.pk for e in able], why, None)
        if done:
            audit.record(
                "moves taken back", "placement", done[0] if len(done) == 1 else None, scope=by,
                pilot_id=able[0].pilot_id, reason=f"{len(done)} taken back",
            )  # fmt: skip
    words = {e.placement_id: refused[e.pk] for e in rows if e.pk in refused}
    words |= {
        e.placement_id: (_("Somebody else moved it in the meantime."),) for e in able if e.placement_id not in set(done)
    }
    return Outcome(done, words)


def _take_back(event_ids: list[int], why: str, correction: int | None) -> tuple[int, ...]:
    if not event_ids:
        return ()
    with connection.cursor() as cursor:
        cursor.execute("select * from workers_take_back(%s, %s, %s)", [event_ids, why[:300], correction])
        return tuple(sorted(pk for (pk,) in cursor.fetchall()))


def ask(event: JourneyEvent, *, by: Scope, why: str) -> MoveCorrection:
    """Ask that a placement's last move be taken back although its time is over; CannotCorrect with a sentence."""
    by.require(Permission(MOVE[event.move].permission))
    newest = last_move(event.placement_id)
    if newest is None or newest.pk != event.pk:
        raise CannotCorrect(_("It is no longer the last move. Only the last move can be taken back."))
    try:
        with transaction.atomic():
            return MoveCorrection.objects.create(
                pilot_id=event.pilot_id, placement_id=event.placement_id, recruiter_id=event.recruiter_id,
                employer_id=event.employer_id, event_id=event.pk, to_step=event.to_step, why=why.strip()[:300],
                asked_by_id=by.user_id, asked_for_id=by.organisation_id,
            )  # fmt: skip
    except IntegrityError:
        raise CannotCorrect(_("This was asked already and waits for a decision.")) from None


def decide(correction_id: int, *, accept: bool, by: Scope, now: datetime, why: str = "") -> MoveCorrection:
    """Take the move back, or leave it: by a second person. CannotCorrect with a sentence, and nothing is done."""
    by.require(Permission.MOVE_CORRECT)
    with transaction.atomic():
        found = MoveCorrection.objects.select_for_update().get(pk=correction_id)
        if found.decision:
            raise CannotCorrect(_("Somebody has decided this already."))
        if found.asked_by_id == by.user_id:
            raise CannotCorrect(_("Somebody else than who asked decides."))
        found.decision = MoveCorrection.Decision.ACCEPTED if accept else MoveCorrection.Decision.REFUSED
        found.decided_by_id, found.decided_at, found.decided_why = by.user_id, now, why.strip()[:300]
        found.save(update_fields=["decision", "decided_by", "decided_at", "decided_why"])
        if accept:
            _accept(found)
        audit.record(f"correction {found.decision}", "placement", found.placement_id, scope=by, pilot_id=found.pilot_id)
    return found


def _accept(found: MoveCorrection) -> None:
    newest = last_move(found.placement_id)
    if newest is None or newest.pk != found.event_id:
        raise CannotCorrect(_("It is no longer the last move. Only the last move can be taken back."))
    if _without_place([newest]):
        raise CannotCorrect(_("Its place on the job order was given to somebody else."))
    if not _take_back([newest.pk], found.why, found.pk):
        raise CannotCorrect(_("Somebody else moved it in the meantime."))


def taken_back(placement_id: int) -> QuerySet[MoveTakenBack]:
    """The moves of a placement that were taken back, the newest first."""
    return MoveTakenBack.objects.filter(placement=placement_id).select_related("taken_back_by").order_by("-pk")
