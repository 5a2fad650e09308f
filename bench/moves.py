"""G2: guarded moves with their events, against a loop of saves and against the bare statements."""

from datetime import date

from django.db import connection, transaction

from accounts.scope import acting_as
from bench import world
from bench.measuring import Ratio, faster, in_turn, slower
from workers.journey.door import move
from workers.models import Hold, JourneyEvent, Placement, PlacementState

ON, TODAY = date(2025, 3, 1), date(2025, 4, 1)


class _Undo(Exception):
    """Rolls a round back, so that every round does the same work."""


def _rolled_back(work) -> int:
    rows = 0
    try:
        with acting_as(world.scope()), transaction.atomic():
            rows = work()
            raise _Undo
    except _Undo:
        return rows


def ours(n: int):
    """Our door: one statement with every guard, under row security and with history context."""

    def work() -> int:
        first = Placement.objects.order_by("id")[:n]
        return len(move(first, "offer", by=world.scope(), at=ON, today=TODAY).moved)

    return lambda: _rolled_back(work)


def loop(n: int):
    """What most portals do: get, check, save, create, one at a time."""

    def work() -> int:
        done = 0
        for placement in Placement.objects.select_related("state").order_by("id")[:n]:
            state = placement.state
            held = Hold.objects.filter(placement=placement, lifted_at__isnull=True).exists()
            if state.step != "selected" or held or placement.job_order_id is None or state.since > ON:
                continue
            state.step, state.since, state.version = "offered", ON, state.version + 1
            state.save()
            JourneyEvent.objects.create(
                pilot_id=placement.pilot_id, placement=placement, cohort_id=placement.cohort_id, move="offer",
                from_step="selected", to_step="offered", happened_on=ON, known_on=ON, version=state.version,
            )  # fmt: skip
            done += 1
        return done

    return lambda: _rolled_back(work)


def floor(n: int):
    """The bare statements: update the narrow rows, insert the events; no guard, no answer."""

    def work() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "update workers_placementstate set step = 'offered', since = %s, version = version + 1"
                " where placement_id in (select id from workers_placement order by id limit %s)",
                [ON, n],
            )
            cursor.execute(
                "insert into workers_journeyevent (pilot_id, placement_id, cohort_id, move, from_step, to_step,"
                " happened_on, known_on, reason, note, request, version)"
                " select pilot_id, placement_id, cohort_id, 'offer', 'selected', 'offered', %s, %s, '', '', '', version"
                " from workers_placementstate where step = 'offered' and since = %s",
                [ON, ON, ON],
            )
            return cursor.rowcount

    return lambda: _rolled_back(work)


def run(size: int) -> list[Ratio]:
    """Three arms in turn; the loop at a small size, because it is slow (its time per row does not fall with size)."""
    with acting_as(world.scope()):
        assert PlacementState.objects.filter(step="selected").count() >= size
    timed = in_turn({"ours": ours(size), "loop": loop(min(size, 300)), "floor": floor(size)})
    return [
        faster("G2", f"{size:,} guarded moves against a loop of saves", timed["ours"], timed["loop"], 350),
        slower("G2", "the same against bare UPDATE + INSERT", timed["ours"], timed["floor"], 2.0),
    ]
