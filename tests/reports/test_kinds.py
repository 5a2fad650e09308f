"""The kinds of report: what each reader gets, measured on the cast; targets of a grant; all pilots side by side."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from accounts.scope import acting_as, compiler_scope
from compliance.models import Finding, FindingEvent
from pilots.models import Grant, GrantTarget
from reports.compiling import compile_report
from reports.content import Content
from reports.goals import goal_on, goals
from reports.kinds import KINDS, leading
from reports.metrics import METRIC, Window
from reports.models import Edition
from reports.spanning import window_of
from tests.reports.test_compiling import AS_OF, order_of, pay
from workers.journey.door import move
from workers.models import Hold, JourneyEvent, Placement

pytestmark = pytest.mark.django_db


def measured(cast, code, period_to=date(2026, 12, 31), **more):
    pilot = cast.pilot()
    window = Window(pilot.pk, pilot.scheme, date(2026, 1, 1), period_to, AS_OF, **more)
    with acting_as(compiler_scope(cast.scope("ines"), (pilot.pk,))):
        return METRIC[code].section(window)


def values(section, name):
    return {figure.cell.get(name, "all"): figure.value for figure in section.figures}


def test_every_kind_names_each_metric_once_and_leads_with_its_own():
    for kind in KINDS.values():
        assert len(set(kind.metrics)) == len(kind.metrics), kind.code
        assert {kind.code} <= set(Edition.Kind.values)
        for part in kind.parts:
            assert {code for code, _cell in leading(part)} <= set(part.metrics)
    assert set(Edition.Kind.values) == set(KINDS)


def test_placements_are_counted_where_they_stand(cast):
    found = measured(cast, "standing")
    assert values(found, "phase") == {"recruitment": 3, "preparation": 2, "abroad": 3, "all": 8}


def test_the_flow_goes_from_the_province_to_what_became_of_them(cast, today):
    with cast.acting("ines") as by:
        one = Placement.objects.filter(person__worker_code="IH-002")
        assert move(one, "resign", by=by, at=date(2026, 5, 1), today=today, reason="better_offer").moved
    found = measured(cast, "corridor_flow")
    ends = {f.cell["to"]: f.value for f in found.figures if set(f.cell) == {"to"}}
    assert ends == {"working": 2, "early": 1}
    assert next(f for f in found.figures if not f.cell).value == 3
    assert sum(f.value for f in found.figures if len(f.cell) == 2) == 3


def test_a_hold_blocks_by_the_partner_who_can_lift_it(cast):
    one = cast.placement("IH-003")
    with cast.acting("ines"):
        for number, owner in enumerate((cast.scope("sefo").organisation_id, None)):
            Hold.objects.create(
                pilot_id=one.pilot_id, placement=one, recruiter_id=one.recruiter_id, employer_id=one.employer_id,
                source=f"person:{number}", words="Passport to be renewed.", owner_id=owner,
            )  # fmt: skip
    found = measured(cast, "blocked", period_to=date(2029, 12, 31))
    # Two holds on one placement: it counts once, with the hold that stands longest.
    assert values(found, "owner") == {"recruiter": 1, "all": 1}
    assert found.base == 8


def test_weeks_count_a_placement_once_however_often_it_moved(cast):
    found = measured(cast, "moved_by_week", period_to=date(2026, 2, 28))
    assert len(found.figures) == 8
    assert all(figure.value <= 8 for figure in found.figures)
    assert sum(figure.value for figure in found.figures) > 0


def test_the_curve_of_the_waiting_begins_with_all_and_never_rises(cast):
    found = measured(cast, "still_waiting", period_to=date(2029, 1, 1))
    shares = [figure.value for figure in found.figures]
    assert shares[0] == 1
    assert shares == sorted(shares, reverse=True)
    # Eight nominated, three seen to depart, five still waiting: the curve holds at five of eight.
    assert (found.figures[-1].numerator, found.figures[-1].denominator) == (5, 8)
    assert shares[-1] == Decimal("0.6250")


def test_pay_is_in_order_until_a_rule_of_pay_finds_a_breach(cast):
    for code in ("IH-001", "IH-002"):
        pay(cast, code, Decimal("3000"))
    total = measured(cast, "pay_in_order").figures[0]
    assert (total.numerator, total.denominator) == (2, 2)
    one = cast.placement("IH-001")
    with cast.acting("rosa"):
        finding = Finding.objects.create(
            pilot_id=one.pilot_id, placement=one, cohort_id=one.cohort_id, code="PAY-05", version="1", severity="major",
            opened_on=date(2026, 4, 2),
        )  # fmt: skip
        FindingEvent.objects.create(
            pilot_id=one.pilot_id, finding=finding, kind="opened", happened_on=date(2026, 4, 2), words="", who="Rosa"
        )
    section = measured(cast, "pay_in_order")
    assert (section.figures[0].numerator, section.figures[0].denominator) == (1, 2)
    assert (section.base, section.missing) == (3, 1)  # three at work, one of them without a pay record
    assert measured(cast, "pay_in_order", period_to=date(2026, 4, 1)).figures[0].numerator == 2


def test_duties_whose_day_has_come_are_done_in_time_or_not(cast):
    found = measured(cast, "duties_in_time", period_to=date(2026, 6, 30))
    total = next(figure for figure in found.figures if not figure.cell)
    parts = [figure for figure in found.figures if figure.cell]
    assert total.denominator > 0
    assert sum(part.denominator for part in parts) == total.denominator
    mine = measured(cast, "duties_in_time", period_to=date(2026, 6, 30), employer_id=cast.scope("omar").organisation_id)
    assert {figure.cell.get("owner") for figure in mine.figures} <= {"employer", "several", None}


def test_what_is_recorded_after_the_cut_off_changes_no_duty(cast):
    """Work that began starts the clocks of the blocks of hours: for whoever knew of it."""

    def owed():
        return measured(cast, "duties_in_time", period_to=date(2026, 6, 30)).figures

    def works(version, recorded_at):
        one = Placement.objects.get(person__worker_code="IH-001")
        JourneyEvent.objects.create(
            placement=one, pilot_id=one.pilot_id, cohort_id=one.cohort_id, employer_id=one.employer_id, move="test",
            to_step="working", happened_on=date(2026, 1, 5), known_on=date(2026, 1, 5), version=version, recorded_at=recorded_at,
        )  # fmt: skip

    before = owed()
    with cast.acting("ines"):
        works(98, AS_OF + timedelta(minutes=1))
    assert owed() == before
    with cast.acting("ines"):
        works(99, AS_OF)
    assert owed() != before


def test_evidence_is_counted_source_by_source(cast):
    found = measured(cast, "evidence", period_to=date(2026, 12, 31))
    arrived = next(figure for figure in found.figures if figure.cell == {"source": "departures"})
    assert (arrived.numerator, arrived.denominator) == (0, 3)


def grant(cast, **targets):
    with cast.acting("ines"):
        made = Grant.objects.create(
            pilot=cast.pilot(), organisation_id=cast.scope("fay").organisation_id, name="First grant", reference="NF-1",
            amount=Decimal("5000"), currency="TOP", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
        )  # fmt: skip
        for code, value in targets.items():
            GrantTarget.objects.create(
                pilot=cast.pilot(), organisation_id=made.organisation_id, grant=made, figure=code, value=value,
                by_on=date(2026, 12, 31),
            )  # fmt: skip
    return made


def test_a_funders_report_holds_the_targets_of_its_grant_against_its_figures(cast):
    grant(cast, departed=Decimal(20), cost=Decimal("0.5"))
    scope = cast.scope("fay")
    with acting_as(scope):
        edition = compile_report(order_of(cast, "fay", "funder"), by=scope)
    with cast.acting("fay"):
        content = Content.from_json(Edition.objects.get(pk=edition.pk).content)
    targets = content.sections[0]
    assert targets.metric == "targets"
    titles = [label.title for label in targets.dimension("target").values]
    assert titles[0].startswith("NF-1: Placements that departed by 31 December 2026")
    # Eight people are too few for an outsider: the target stands with no number.
    assert [figure.value for figure in targets.figures] == [None, None]
    assert targets.figures[0].suppressed


def test_without_a_grant_there_is_no_section_of_targets(cast):
    scope = cast.scope("fay")
    with acting_as(scope):
        edition = compile_report(order_of(cast, "fay", "funder"), by=scope)
    with cast.acting("fay"):
        content = Content.from_json(Edition.objects.get(pk=edition.pk).content)
    assert "targets" not in {section.metric for section in content.sections}


def test_the_return_of_a_grant_is_the_gain_over_its_amount_in_its_currency(cast):
    made = grant(cast)
    reader = made.organisation_id
    section = measured(cast, "grant_return", reader_id=reader)
    assert [figure.cell for figure in section.figures] == [{"grant": "NF-1"}]
    assert section.figures[0].value is None  # nobody's gain is known
    assert measured(cast, "grant_return", reader_id=reader + 1000).figures == ()


def across(cast, kind):
    scope = cast.scope("ines")
    with acting_as(compiler_scope(scope, scope.pilot_ids)):
        window = window_of(order_of(cast, "ines", kind), KINDS[kind], cast.pilot())
        return {code: METRIC[code].section(window) for code in KINDS[kind].metrics}


def test_an_overview_counts_people_once_and_says_how_far_it_is_to_the_goal(cast):
    found = across(cast, "overview")
    assert next(f for f in found["people_reached"].figures if not f.cell).value == 3
    goal = found["goal_reached"].figures[0]
    assert (goal.value, goal.denominator) == (3, 500_000_000)
    assert "read on" in goal.note
    years = (date(2050, 12, 31) - date(2026, 12, 31)).days / 365.25
    assert float(found["growth_needed"].figures[0].value) == pytest.approx((500_000_000 / 3) ** (1 / years), abs=0.01)


def test_a_goal_names_its_source_and_the_day_it_was_read():
    assert all(goal.source and goal.address.startswith("https://") and goal.read_on for goal in goals())
    assert goal_on(date(2026, 7, 1)).people == 500_000_000


@pytest.mark.parametrize("kind", ["corridors", "overview"])
def test_a_report_over_all_pilots_is_written_by_the_rule_for_the_public(cast, kind):
    scope = cast.scope("ines")
    with acting_as(scope):
        edition = compile_report(order_of(cast, "ines", kind), by=scope)
    with cast.acting("ines"):
        content = Content.from_json(Edition.objects.get(pk=edition.pk).content)
    assert content.audience == "public"
    assert content.disclosure.threshold == 10
    assert content.pilot.slug == "all-pilots"
    assert all(section.disclosed_for == "public" for section in content.sections)


@pytest.mark.parametrize("name", ["fay", "kofi", "omar"])
def test_only_the_programme_asks_for_a_report_over_all_pilots(cast, name):
    scope = cast.scope(name)
    with acting_as(scope), pytest.raises(PermissionDenied):
        compile_report(order_of(cast, name, "corridors"), by=scope)


def test_cohorts_add_up_to_the_whole(cast):
    found = measured(cast, "check_coverage_by_cohort")
    parts = [figure for figure in found.figures if figure.cell]
    total = next(figure for figure in found.figures if not figure.cell)
    assert sum(part.denominator for part in parts) == total.denominator
