"""Schedules: which periods, when each is due, asked for once whatever happens, waiting where they must."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import jobs
from accounts.models import Job, Membership
from accounts.scope import acting_as, compiler_scope, operator_scope
from pilots.models import Grant, Participation, Pilot
from reports.compiling import Order, check_order, compile_job
from reports.delivery.asking import ask_due, portal
from reports.delivery.models import Schedule, ScheduledRun
from reports.delivery.periods import coming, due_at, spans
from reports.delivery.schedules import became, change, take_over
from reports.models import Edition
from reports.signing import sign
from tests.reports.delivered import scheduled

AUCKLAND = ZoneInfo("Pacific/Auckland")


def drawn(**given) -> Schedule:
    """A schedule that no database knows."""
    pilot = Pilot(scheme=given.pop("scheme", "rse"), starts_on=date(2025, 10, 15), ends_on=date(2028, 12, 31))
    base = {
        "pk": 7,
        "pilot": pilot,
        "period": "month",
        "time_zone": "UTC",
        "days_after": 1,
        "counts_from": date(2026, 1, 1),
    }
    return Schedule(**base | given)


def days(schedule, number=3):
    return [(s.first, s.last) for s, _n in zip(spans(schedule), range(number), strict=False)]


# --- periods ----------------------------------------------------------------------------------------------------------


def test_months_and_quarters_are_those_of_the_calendar():
    assert days(drawn())[:2] == [(date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28))]
    assert days(drawn(period="quarter", counts_from=date(2026, 5, 9)), 1) == [(date(2026, 4, 1), date(2026, 6, 30))]


def test_a_season_begins_on_the_day_of_the_scheme_or_with_the_pilot():
    # The seasonal scheme of Canada names 1 January; the one of New Zealand names none.
    assert days(drawn(period="season", scheme="sawp"), 1) == [(date(2026, 1, 1), date(2026, 12, 31))]
    assert days(drawn(period="season"), 2) == [
        (date(2025, 10, 15), date(2026, 10, 14)),
        (date(2026, 10, 15), date(2027, 10, 14)),
    ]


def test_the_period_of_a_grant_comes_once():
    grant = Grant(starts_on=date(2026, 1, 1), ends_on=date(2027, 6, 30))
    assert days(drawn(period="grant", grant=grant)) == [(date(2026, 1, 1), date(2027, 6, 30))]


def test_nothing_comes_for_periods_that_begin_after_the_pilot():
    assert list(spans(drawn()))[-1].last == date(2028, 12, 31)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Havana", "Asia/Beirut", "Pacific/Apia", "UTC"])
def test_every_day_of_two_years_has_one_night_of_its_own_where_the_reader_is(zone):
    """Also on days whose midnight is skipped or comes twice: one to five hours after the day begins, in order."""
    where, day, before = ZoneInfo(zone), date(2026, 1, 1), None
    for _each in range(730):
        moment = due_at(day, where, 7)
        assert moment.astimezone(where).date() == day
        assert before is None or timedelta(hours=22) < moment - before < timedelta(hours=26)
        before, day = moment, day + timedelta(days=1)


def test_a_hundred_schedules_of_one_day_are_spread_over_the_night():
    moments = {due_at(date(2026, 7, 1), AUCKLAND, pk) for pk in range(1, 101)}
    assert len(moments) > 70
    assert all(1 <= m.astimezone(AUCKLAND).hour < 5 for m in moments)


# --- asking -----------------------------------------------------------------------------------------------------------


def asked(cast):
    with cast.acting("ines"):
        return sorted(ScheduledRun.objects.values_list("period_from", "period_to"))


@pytest.mark.django_db
def test_a_year_of_days_asks_for_each_month_once_and_an_outage_is_made_up_for(cast):
    scheduled(cast)
    day = datetime(2026, 1, 20, 12, tzinfo=UTC)
    outage = range(70, 160)
    for number in range(365):
        if number not in outage:
            ask_due(day + timedelta(days=number))
            if number % 50 == 0:
                assert ask_due(day + timedelta(days=number)) == []
    runs = asked(cast)
    assert [first for first, _last in runs] == [date(2026, month, 1) for month in range(1, 13)]
    with cast.acting("ines"):
        found = Job.objects.filter(kind="compile_report")
        assert found.count() == 12
        # What an outage held up has the cut-off it would have had.
        rows = {j.params["period_from"]: j.params["as_of"] for j in found}
        for run in ScheduledRun.objects.all():
            assert rows[run.period_from.isoformat()] == run.due_at.isoformat()


@pytest.mark.django_db
def test_a_day_on_which_nothing_is_due_costs_three_questions_however_many_schedules(cast):
    scheduled(cast, counts_from=date(2026, 8, 1))
    scheduled(cast, "kofi", kind="origin-government", counts_from=date(2026, 8, 1))
    scheduled(cast, "olga", kind="employer", counts_from=date(2026, 8, 1))
    hand = portal("test")
    with (
        CaptureQueriesContext(
            connection,
        ) as asked_sql,
        acting_as(hand),
    ):
        from reports.delivery.asking import open_periods

        assert open_periods(datetime(2026, 7, 1, tzinfo=UTC)) == []
    assert len([q for q in asked_sql if q["sql"].lower().startswith("select") and "set_config" not in q["sql"]]) <= 3


@pytest.mark.django_db
def test_the_database_refuses_a_period_that_was_asked_for(cast):
    schedule = scheduled(cast)
    ask_due(datetime(2026, 2, 3, tzinfo=UTC))
    with cast.acting("ines"), pytest.raises(IntegrityError, match="schedule_asks_once"), transaction.atomic():
        ScheduledRun.objects.create(
            pilot_id=schedule.pilot_id, organisation_id=schedule.organisation_id, schedule=schedule, job_id=4711,
            period_from=date(2026, 1, 1), period_to=date(2026, 1, 31), due_at=datetime(2026, 2, 1, tzinfo=UTC),
        )  # fmt: skip


@pytest.mark.django_db
def test_a_paused_schedule_asks_for_nothing_and_what_the_pause_left_out_is_not_made_up_for(cast):
    schedule = scheduled(cast)
    ask_due(datetime(2026, 2, 3, tzinfo=UTC))
    with cast.acting("ines") as by:
        change(schedule, "paused", by=by, now=datetime(2026, 2, 4, tzinfo=UTC))
    assert ask_due(datetime(2026, 5, 3, tzinfo=UTC)) == []
    with cast.acting("mara") as by:
        taken = change(schedule, "active", by=by, now=datetime(2026, 5, 10, tzinfo=UTC))
        assert taken.user_id == by.user_id
    ask_due(datetime(2026, 6, 3, tzinfo=UTC))
    assert [first.month for first, _last in asked(cast)] == [1, 5]
    with cast.acting("ines") as by:
        change(schedule, "ended", by=by, now=datetime(2026, 6, 4, tzinfo=UTC))
        with pytest.raises(ValidationError, match="ended"):
            change(schedule, "active", by=by, now=datetime(2026, 6, 4, tzinfo=UTC))
    assert ask_due(datetime(2026, 9, 3, tzinfo=UTC)) == []


@pytest.mark.django_db
def test_it_waits_for_a_person_and_goes_on_when_somebody_takes_it_over(cast):
    schedule, now = scheduled(cast), datetime(2026, 2, 3, tzinfo=UTC)
    with acting_as(operator_scope()):
        Membership.objects.filter(user=cast.user("ines")).update(ended_at=datetime(2030, 1, 1, tzinfo=UTC))
    assert ask_due(now) == []
    with cast.acting("mara") as by:
        schedule = Schedule.objects.select_related("pilot", "grant").get(pk=schedule.pk)
        assert [b.state for b in became([schedule], now, by=by)[schedule.pk]] == ["person"]
        take_over(schedule, by=by)
    assert len(ask_due(now)) == 1


@pytest.mark.django_db
def test_a_reader_who_left_the_pilot_gets_nothing(cast):
    scheduled(cast)
    with acting_as(operator_scope()):
        Participation.objects.filter(organisation=cast.organisation("north-fund")).update(left_on=date(2026, 1, 5))
    assert ask_due(datetime(2026, 2, 3, tzinfo=UTC)) == []


@pytest.mark.django_db
def test_a_year_waits_for_the_safeguarding_lead_says_so_and_is_asked_for_either_way(cast):
    pilot = cast.pilot()
    schedule = scheduled(cast, "kofi", kind="origin-government", period="season", counts_from=pilot.starts_on)
    season = next(spans(schedule))
    now = season.due_at + timedelta(minutes=1)
    assert ask_due(now) == []
    with cast.acting("ines") as by:
        assert [b.state for b in became([schedule], now, by=by)[schedule.pk]] == ["signature"]
    with cast.acting("lena") as by:
        sign(pilot.pk, "deceased", season.first, season.last, by=by, may_be_shown=False, reason="Too few.")
    assert len(ask_due(now)) == 1
    with cast.acting("kofi") as by:
        assert [b.state for b in became([schedule], now, by=by)[schedule.pk]] == ["running"]


# --- compiling for a partner ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_job_of_a_schedule_freezes_the_edition_for_its_reader_and_nobody_else_reads_it(cast):
    schedule = scheduled(cast, period="quarter")
    (run,) = ask_due(datetime(2026, 4, 2, tzinfo=UTC))
    scope = cast.scope("ines")
    with acting_as(scope):
        result = compile_job(jobs.Work(Job.objects.get(pk=run.job_id), scope))
    with cast.acting("fay") as by:
        edition = Edition.objects.get(pk=result["edition"])
        assert (edition.organisation_id, edition.job_id) == (by.organisation_id, run.job_id)
        assert edition.content["audience"] == "funder"
        (line,) = became([schedule], datetime(2026, 4, 2, tzinfo=UTC), by=by)[schedule.pk]
        assert (line.state, line.edition) == ("done", edition)
    for name in ("kofi", "omar", "dana"):
        with cast.acting(name):
            assert not Edition.objects.exists()


@pytest.mark.django_db
def test_only_the_programme_orders_for_a_partner_and_only_what_that_partner_gets(cast):
    def order(kind, reader, pilot="verde"):
        return Order(kind, cast.pilot(pilot).pk, cast.scope(reader).organisation_id, date(2026, 1, 1), date(2026, 3, 31),
                     datetime(2026, 4, 1, tzinfo=UTC))  # fmt: skip

    with cast.acting("ines") as by:
        assert check_order(order("funder", "fay"), by).code == "funder"
        for refused in (order("funder", "kofi"), order("overview", "fay"), order("employer", "omar", "azul")):
            with pytest.raises(PermissionDenied):
                check_order(refused, by)
        with pytest.raises(PermissionDenied):
            compiler_scope(by, (cast.pilot().pk,), cast.scope("dana").organisation_id)
    with cast.acting("fay") as by, pytest.raises(PermissionDenied):
        check_order(order("origin-government", "kofi"), by)


# --- pages ------------------------------------------------------------------------------------------------------------

PAGE = "/reports/schedules/"


def given(cast, **more):
    whom = f"funder:{cast.pilot().pk}:{cast.scope('fay').organisation_id}"
    return {"whom": whom, "period": "month", "grant": "", "counts_from": "2026-01-01", "days_after": "5",
            "time_zone": "Pacific/Auckland", "waits_for_signature": "on"} | more  # fmt: skip


@pytest.mark.django_db
def test_ines_makes_a_schedule_sees_its_three_dates_and_pauses_it(cast, sign_in):
    ines = sign_in("ines")
    answer = ines.post(PAGE, given(cast))
    assert answer.status_code == 303, answer.content.decode()[:500]
    with cast.acting("fay"):
        made = Schedule.objects.select_related("pilot", "grant").get()
    shown = ines.get(answer["Location"]).content.decode()
    now = datetime.now(UTC)
    for span in coming(made, now):
        assert span.due_at.astimezone(AUCKLAND).isoformat(timespec="minutes") in shown
    assert ines.post(f"{answer['Location']}states/", {"state": "paused"}).status_code == 303
    assert "The schedule is not active" in ines.get(answer["Location"]).content.decode().replace(
        "the schedule", "The schedule"
    )
    assert ines.post(f"{answer['Location']}states/", {"state": "nonsense"}).status_code == 422
    listed = sign_in("fay").get(PAGE).content.decode()
    assert "Funder report" in listed
    assert "Make a schedule" not in listed
    assert "Funder report" not in sign_in("kofi").get(PAGE).content.decode()


@pytest.mark.django_db
def test_what_cannot_be_is_said_beside_its_field(cast, sign_in):
    ines = sign_in("ines")
    assert "Choose the grant" in ines.post(PAGE, given(cast, period="grant")).content.decode()
    foreign = given(cast, whom=f"funder:{cast.pilot('azul').pk}:{cast.scope('fay').organisation_id}")
    assert ines.post(PAGE, foreign).status_code == 422
    assert ines.post(PAGE, given(cast)).status_code == 303
    assert "has a schedule for this report and period already" in ines.post(PAGE, given(cast)).content.decode()
    for name in ("fay", "lena", "kofi"):
        assert sign_in(name).post(PAGE, given(cast)).status_code == 403


@pytest.mark.django_db
def test_the_page_shows_how_far_a_report_is_and_why_one_failed(cast, sign_in):
    schedule = scheduled(cast)
    first, second = ask_due(datetime(2026, 3, 3, tzinfo=UTC))
    with acting_as(operator_scope()):
        Job.objects.filter(pk=first.job_id).update(
            state="running", progress_done=3, progress_total=20, progress_words="Counting placements"
        )
        Job.objects.filter(pk=second.job_id).update(
            state="failed", trouble="It did not add up.", finished_at=datetime(2026, 3, 3, tzinfo=UTC)
        )
    shown = sign_in("ines").get(f"{PAGE}{schedule.pk}/").content.decode()
    assert "Counting placements" in shown
    assert "It did not add up." in shown
    assert f"/jobs/{second.job_id}/" in shown
