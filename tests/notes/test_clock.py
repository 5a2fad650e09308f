"""The clock of notices: hours where the reader is, also in the nights in which clocks are changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.notices.clock import is_quiet, last_digest, quiet

PARIS = ZoneInfo("Europe/Paris")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("begins", "ends", "still"),
    [(20, 7, {20, 23, 0, 6}), (12, 14, {12, 13}), (7, 7, set()), (0, 23, {0, 22})],
)
def test_quiet_hours_may_reach_over_midnight(begins, ends, still):
    hours = {hour for hour in range(24) if quiet(hour, begins, ends)}
    assert still <= hours
    assert ends not in hours
    assert len(hours) == (ends - begins) % 24


def test_quiet_hours_end_by_the_clock_on_the_wall_when_clocks_are_changed():
    before, after = datetime(2026, 3, 28, 5, 0, tzinfo=UTC), datetime(2026, 3, 29, 4, 0, tzinfo=UTC)
    for end in (before, after, datetime(2026, 10, 25, 5, 0, tzinfo=UTC)):
        assert is_quiet(end - timedelta(minutes=1), PARIS, 22, 6)
        assert not is_quiet(end, PARIS, 22, 6)


def test_a_digest_at_an_hour_that_is_missing_or_comes_twice_is_due_once():
    assert last_digest(datetime(2026, 3, 29, 12, tzinfo=UTC), PARIS, 2) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    twice = datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert last_digest(twice, PARIS, 2) == twice
    assert last_digest(twice + 2 * HOUR, PARIS, 2) == twice


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/New_York", "Australia/Lord_Howe", "UTC"])
def test_every_day_of_a_year_has_one_digest_and_every_week_one(zone):
    begin = datetime(2026, 1, 1, 12, tzinfo=UTC)
    moments = [begin + 6 * HOUR * n for n in range(4 * 364)]
    days = {last_digest(now, ZoneInfo(zone), 2) for now in moments}
    weeks = {last_digest(now, ZoneInfo(zone), 2, 0) for now in moments}
    assert len(days) in (364, 365)
    assert len(weeks) in (52, 53)
    assert all(due <= now < due + 26 * HOUR for now in moments[:40] for due in [last_digest(now, ZoneInfo(zone), 2)])
