"""Roll-ups equal the rows behind them, whatever was written and whenever they were last computed."""

import json
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db.models import Max
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent
from accounts.scope import acting_as, operator_scope
from compliance.models import Check, CheckAnswer
from pilots.models import Cohort, Pilot
from pilots.schemes.reader import load
from reports.metrics.journey import EARLY_ENDS, MILESTONES
from reports.models import RollupRepair
from reports.rollups import computing
from reports.rollups.sources import SOURCES
from workers.journey.steps import JOURNEY, OFF_PATH, STEP, STEPS, UNTOLD
from workers.models import JourneyEvent, PayRecord, Placement, PlacementState, Rollup, RollupMark
from workers.queries import cohorts, rolled

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 1)
days = st.integers(0, 150).map(lambda n: FIRST + timedelta(n))
acts = st.one_of(
    st.tuples(st.just("went"), st.integers(0, 7), st.sampled_from([s.code for s in STEPS]), days),
    st.tuples(st.just("paid"), st.integers(0, 7), days, st.integers(0, 90_000)),
    st.tuples(st.just("corrected"), st.integers(0, 7), days, st.integers(0, 90_000)),
    st.tuples(st.just("asked"), st.integers(0, 7), days, st.sampled_from(["yes", "no", "not verified"]), st.booleans()),
    st.tuples(st.just("planned"), st.integers(0, 7), days),
    st.tuples(st.just("computed")),
)


def month(day):
    return day.replace(day=1)


def about(placement):
    return {"pilot_id": placement.pilot_id, "placement": placement, "employer_id": placement.employer_id}


def act(cast, placements, what):
    """One thing that somebody writes, or the scheduler does."""
    code, *rest = what
    if code == "computed":
        computing.refresh()
        return
    placement, rest = placements[rest[0] % len(placements)], rest[1:]
    with cast.acting("rosa" if code == "asked" else "ines") as by:
        if code == "went":
            last = placement.events.aggregate(n=Max("version"))["n"]
            JourneyEvent.objects.create(
                **about(placement), cohort_id=placement.cohort_id, move="test", from_step="working", to_step=rest[0],
                happened_on=rest[1], known_on=rest[1], version=last + 1,
            )  # fmt: skip
            PlacementState.objects.filter(placement=placement).update(step=rest[0], since=rest[1])
        elif code in {"paid", "corrected"}:
            old = PayRecord.objects.filter(placement=placement, superseded_by__isnull=True).last()
            taken = PayRecord.objects.filter(placement=placement, period_start=rest[0])
            if old is None if code == "corrected" else taken.exists():
                return
            PayRecord.objects.create(
                **about(placement), cohort_id=placement.cohort_id, period_start=rest[0], period_end=rest[0] + timedelta(6),
                gross=Decimal(rest[1]) / 100, net=Decimal(rest[1]) / 100, currency="NZD",
                supersedes=old if code == "corrected" else None,
            )  # fmt: skip
        elif code == "asked":
            check = Check.objects.create(
                **about(placement), cohort_id=placement.cohort_id, stage="employment", done_on=rest[0], mode="phone",
                template_version="1", user_id=by.user_id, organisation_id=by.organisation_id, restricted=rest[2],
            )  # fmt: skip
            CheckAnswer.objects.create(
                **about(placement), cohort_id=placement.cohort_id, check_record=check, item="D01", answer=rest[1],
                failed=rest[1] == "no", severity="major", evidence="seen", done_on=rest[0], restricted=rest[2],
            )  # fmt: skip
        elif code == "planned":
            Placement.objects.filter(pk=placement.pk).update(planned_start=None, planned_end=rest[0])


def counted(pilot) -> dict:
    """Every cell of a pilot, counted by hand from the rows: (cohort, measure, month, key, value) → (n, amount)."""
    cells: dict = defaultdict(lambda: [0, None])

    def add(cohort, measure, day, key, value=0, amount=None):
        cell = cells[cohort, measure, month(day), key, value]
        cell[0] += 1
        if amount is not None:
            cell[1] = (cell[1] or Decimal(0)) + amount

    path = [m for m in MILESTONES if m in JOURNEY[load(pilot.scheme).journey].path]
    for placement in Placement.objects.filter(pilot=pilot).select_related("state"):
        cohort, events = placement.cohort_id, list(placement.events.all())
        add(cohort, "standing", placement.state.since, placement.state.step)
        first: dict = {}
        for event in events:
            add(cohort, "moved", event.happened_on, event.to_step)
            first[event.to_step] = min(first.get(event.to_step, event.happened_on), event.happened_on)
        for milestone in (*MILESTONES, "home"):
            on = [
                e.happened_on for e in events
                if STEP[e.to_step].phase != OFF_PATH and STEP[e.to_step].order >= STEP[milestone].order
                and not (e.to_step == "closed" and e.from_step in UNTOLD)
            ]  # fmt: skip
            if on:
                add(cohort, "reached", min(on), milestone)
        for a, b in pairwise(path):
            if a in first and b in first:
                add(cohort, "stage", first[b], f"{a}>{b}", (first[b] - first[a]).days)
        if placement.planned_end and "departed" in first:
            early, back = any(e in first for e in EARLY_ENDS), first.get("left_country")
            completed = not early and back and back >= placement.planned_end - timedelta(7)
            how = "completed" if completed else "ended" if early or back else "open"
            add(cohort, "ends", placement.planned_end, how, placement.planned_end.day)
    for slip in PayRecord.objects.filter(pilot=pilot, superseded_by__isnull=True).select_related("placement"):
        for measure, amount in (
            ("gross", slip.gross),
            ("tax", slip.tax),
            ("deducted", slip.deductions),
            ("net", slip.net),
        ):
            add(slip.placement.cohort_id, measure, slip.period_end, slip.currency, amount=amount)
    for check in Check.objects.filter(pilot=pilot, restricted=False).select_related("placement"):
        add(check.placement.cohort_id, "checks", check.done_on, check.stage)
    for a in CheckAnswer.objects.filter(pilot=pilot, restricted=False).select_related("placement"):
        how = a.answer if a.answer not in {"yes", "no"} else "failed" if a.failed else "passed"
        add(a.placement.cohort_id, "answers", a.done_on, f"{a.item}:{how}")
    return {key: tuple(cell) for key, cell in cells.items()}


def kept(pilot) -> dict:
    rows = Rollup.objects.filter(pilot=pilot)
    return {(r.cohort_id, r.measure, r.month, r.key, r.value): (r.n, r.amount) for r in rows}


def of_pages(cells, measure) -> dict:
    found: Counter = Counter()
    for (cohort, what, _month, key, _value), (n, _amount) in cells.items():
        if what == measure:
            found[cohort, key] += n
    return {key: n for key, n in found.items() if measure == "standing" or key[1] in cohorts.MILESTONES}


def shown(pilot) -> tuple[dict, dict]:
    """What the pages show: (cohort, step) → placements there, (cohort, milestone) → placements that reached it."""
    ids = list(Cohort.objects.filter(pilot=pilot).values_list("pk", flat=True))
    far = {(c, m): n for c, line in cohorts.reached(ids).items() for m, n in line.items() if n}
    return {(c, s): n for c, line in cohorts.counts_by_step(ids).items() for s, n in line.items()}, far


@settings(max_examples=12)
@given(st.lists(acts, min_size=1, max_size=12))
def test_whatever_is_written_pages_show_the_rows_and_roll_ups_come_to_equal_them(cast, done):
    with cast.acting("ines"):
        placements = list(Placement.objects.filter(pilot=cast.pilot()).order_by("pk"))
    for one in done:
        act(cast, placements, one)
    pilot = cast.pilot()
    with cast.acting("rosa"):  # sees the checks too
        now = counted(pilot)
    with cast.acting("ines"):
        assert shown(pilot) == (of_pages(now, "standing"), of_pages(now, "reached"))
    computing.refresh()
    with cast.acting("ines"):
        assert kept(pilot) == now
        assert shown(pilot) == (of_pages(now, "standing"), of_pages(now, "reached"))
    assert computing.check().differing == 0


def test_only_what_is_marked_is_computed_and_pages_read_what_was_computed(cast):
    computing.refresh()
    pilot = cast.pilot()
    with acting_as(computing.hand_of(pilot.pk)):
        assert not RollupMark.objects.exists()
        # Nothing but the portal writes cells; a wrong one shows who is read.
        Rollup.objects.filter(measure="reached", key="departed").delete()
    with cast.acting("ines"):
        assert {line["departed"] for line in cohorts.reached([cast.cohort().pk]).values()} == {0}
        placement = cast.placement("IH-001")
        PlacementState.objects.filter(pk=placement.pk).update(since=date(2026, 6, 1))
        assert cohorts.reached([placement.cohort_id])[placement.cohort_id]["departed"] == 3
    assert computing.refresh() == 1
    assert computing.check().differing == 0


def test_a_payslip_marks_its_month_and_a_correction_its_whole_cohort(cast):
    computing.refresh()
    with cast.acting("ines"):
        placements = [cast.placement("IH-001")]
    act(cast, placements, ("paid", 0, date(2026, 3, 30), 100))
    act(cast, placements, ("corrected", 0, date(2026, 2, 2), 100))
    with cast.acting("ines"):
        marks = [(m.source, m.cohorts, m.months) for m in RollupMark.objects.order_by("pk")]
    cohort = placements[0].cohort_id
    assert marks == [("pay", [cohort], [date(2026, 4, 1)]), ("pay", [cohort], [None])]


def test_who_sees_a_part_of_a_pilot_counts_rows_and_sees_no_roll_up(cast):
    computing.refresh()
    for name, whole in (("ines", True), ("rosa", True), ("mara", True), ("sefo", False), ("omar", False)):
        with cast.acting(name):
            assert rolled.rolled_up() is whole, name
    with cast.acting("sefo"):
        mine = Placement.objects.filter(cohort=cast.cohort()).count()
        assert cohorts.reached([cast.cohort().pk])[cast.cohort().pk]["nominated"] == mine


def test_the_nightly_check_finds_a_wrong_cell_repairs_it_and_tells_operators(cast, caplog):
    computing.refresh()
    pilot = cast.pilot()
    with acting_as(computing.hand_of(pilot.pk)):
        Rollup.objects.filter(pilot=pilot, measure="standing").delete()
        Rollup.objects.create(
            pilot=pilot, cohort=cast.cohort(), measure="gross", month=FIRST, key="NZD", n=1, amount=Decimal(5)
        )
    said = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("check_rollups", "--json", "--dry-run", stdout=said)
    differing = json.loads(said.getvalue())["differing"]
    assert stopped.value.code == 1
    assert differing >= 2
    assert computing.check().differing == differing
    assert "roll-ups differed" in caplog.text
    with acting_as(operator_scope()):
        assert sorted(RollupRepair.objects.values_list("source", flat=True)) == ["journey", "pay"]
        assert AuditEvent.objects.filter(action="rollups.repaired", pilot_id=pilot.pk, outcome="error").exists()
    assert computing.check().differing == 0
    call_command("check_rollups", stdout=said)


def test_a_pilot_whose_scheme_cannot_be_read_keeps_its_marks_and_stops_no_other(cast):
    with acting_as(operator_scope()):
        first, *others = Pilot.objects.order_by("pk")
        Pilot.objects.filter(pk=first.pk).update(scheme="of-no-file")
    with pytest.raises(ExceptionGroup, match="of some pilots"):
        computing.refresh()
    assert others
    for pilot in (first, *others):
        with acting_as(computing.hand_of(pilot.pk)):
            assert RollupMark.objects.exists() is (pilot == first)


def test_every_measure_is_named_once_and_fits_its_column():
    measures = [measure for source in SOURCES.values() for measure in source.measures]
    assert len(measures) == len(set(measures))
    assert max(map(len, measures)) <= Rollup._meta.get_field("measure").max_length
    assert max(map(len, SOURCES)) <= RollupMark._meta.get_field("source").max_length
