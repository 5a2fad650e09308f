"""A worker whose facts are all there and all in order: no rule of any scheme has anything to say."""

from dataclasses import replace
from datetime import date

import pytest

from tests.compliance.rules.facts import SCHEMES, clean, days
from tests.compliance.rules.putting import judge, open_pilot, put


@pytest.mark.parametrize("scheme", SCHEMES)
def test_of_a_clean_worker_nothing_is_found_and_everything_can_be_told(cast, scheme):
    stage = open_pilot(scheme, date(2026, 6, 30))
    ended = clean(scheme, "HOME", on=date(2026, 6, 5))
    ended.on = stage.on
    ended.planned_end = date(2026, 5, 31)
    ended.contracts[0]["ends_on"] = ended.planned_end
    ended.slips = [slip for slip in ended.slips if slip.end <= ended.planned_end]
    last = ended.slips[-1].end
    ended.events += [
        ("pre_return", last), ("left_country", last + days(5)), ("home", last + days(6)),
        ("debriefed", last + days(20)), ("closed", last + days(21)),
    ]  # fmt: skip
    ended.checks = []
    waiting = clean(scheme, "WAITING", arrived=date(2026, 7, 20))
    waiting.events = [(step, day) for step, day in waiting.events if day <= stage.on]
    waiting.slips, waiting.checks = [], []
    waiting.costs = [{"item": "passport", "amount": 100, "currency": "TOP", "paid_on": date(2026, 4, 1)}]
    fresh = clean(scheme, "FRESH", arrived=date(2026, 6, 15))
    put(cast, stage, [clean(scheme, "AT-WORK"), ended, waiting, fresh])
    verdicts, done = judge(cast, stage)
    assert verdicts == {}
    assert done.placements == 4
    assert (done.broken, done.cannot_tell, done.opened, done.changed, done.closed) == (0, 0, (), (), ())


def test_the_builder_makes_payslips_that_add_up():
    for scheme in SCHEMES:
        for slip in clean(scheme).slips:
            one = replace(slip).settle()
            assert one.gross - one.tax - one.deductions == one.net
            assert sum(one.items.values()) + one.pension == one.deductions
