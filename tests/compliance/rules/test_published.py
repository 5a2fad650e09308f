"""Published worked figures that concern a rule, each with its source; the figures themselves are data of the schemes."""

from datetime import date
from decimal import Decimal

import pytest

from pilots.schemes.pay import block_floor, guarantee, hourly_floor, rounded
from pilots.schemes.reader import load
from tests.compliance.rules.facts import clean
from tests.compliance.rules.putting import judge, open_pilot, put

RSE = load("rse")
APRIL_2025 = date(2025, 4, 1)


@pytest.mark.parametrize(
    ("season", "holiday", "published"),
    [(1, False, "2820.00"), (1, True, "3045.60"), (3, False, "3102.00"), (3, True, "3350.40")],
)
def test_anchor_6_2_agrismart_and_inz_120_hours_at_the_rates_of_1_april_2025(season, holiday, published):
    """help.agrismart.co.nz “RSE minimum hours” after immigration.govt.nz: 25.85 x 1.08 is rounded before it is multiplied."""
    hours = guarantee(RSE.parameter("hours_guarantee", on=APRIL_2025)).hours
    assert hours == 120
    assert block_floor(RSE, APRIL_2025, hours, holiday_pay=holiday, season=season) == Decimal(published)


def test_the_trap_of_anchor_6_2_rounding_last_gives_another_figure():
    """25.85 x 1.08 x 120 is 3,350.16, not the 3,350.40 that is published: the rounding rule is a part of the rule."""
    assert Decimal("25.85") * Decimal("1.08") * 120 == Decimal("3350.16")


@pytest.mark.parametrize(("season", "paid"), [(1, "2820.00"), (3, "3102.00")])
def test_the_engine_asks_for_the_published_pay_of_a_block_to_the_cent(cast, season, paid):
    """The same pair through the rules: nothing offered in four weeks, all but a cent of the published pay was paid."""
    on = date(2025, 6, 30)
    rate = Decimal(paid) / 120
    worker = clean("rse", "W", arrived=date(2025, 3, 31), on=on)
    worker.season = season
    worker.slips_of(rate=rate)
    worker.contracts[0]["hourly_rate"] = rate
    for slip in worker.slips[:4]:
        slip.offered = slip.worked = Decimal(0)
        slip.items = {}
        slip.gross = Decimal(paid) / 4
    worker.slips[3].gross -= Decimal("0.01")
    verdicts, _done = judge(cast, put(cast, open_pilot("rse", on), [worker]))
    assert verdicts["W"].found == {("PAY-02", worker.slips[0].start, Decimal("0.01"), "NZD")}


def test_v18_the_floor_of_an_experienced_worker_in_2024():
    """R14: 23.15 and ten percent is 25.465, published as 25.47 (half up)."""
    assert hourly_floor(RSE, date(2024, 4, 1), season=1) == Decimal("25.47")
    assert hourly_floor(RSE, date(2024, 9, 2), season=3) == Decimal("25.47")
    assert hourly_floor(RSE, date(2024, 9, 2), season=2) == Decimal("23.15")


def test_v34_the_top_up_of_a_block():
    """R14: 24 + 32 + 20 + 28 is 104 hours, 16 short of 120; at NZ$25.47 that is NZ$407.52 (the engine: test_blocks.py)."""
    hours = guarantee(RSE.parameter("hours_guarantee", on=date(2024, 9, 2))).hours
    short = hours - sum(map(Decimal, (24, 32, 20, 28)))
    assert (short, short * hourly_floor(RSE, date(2024, 9, 30), season=3)) == (16, Decimal("407.52"))


@pytest.mark.parametrize(("weeks", "hours"), [(7, 240), (20, 600), (5, 200)])
def test_v35_the_older_guarantee_by_the_length_of_the_contract(weeks, hours):
    """R5, older form text: the greater of 240 hours and 30 a week; under six weeks 40 a week."""
    on = date(2024, 9, 1)

    def value(name):
        return RSE.parameter(name, on=on).value

    if weeks < value("hours_short_contract_below"):
        assert value("hours_guarantee_short_contract") * weeks == hours
    else:
        assert max(value("hours_guarantee_contract_total"), value("hours_guarantee_weekly_average") * weeks) == hours


@pytest.mark.parametrize(("rent", "rise"), [("120", "15"), ("80", "12")])
def test_v37_the_rise_of_rent_in_2024(rent, rise):
    """R13: the lesser of 15 percent and NZ$15 a week (the engine: test_deductions.py)."""
    on = date(2024, 9, 2)
    percent, amount = RSE.parameter("rent_rise_limit_percent", on=on), RSE.parameter("rent_rise_limit_amount", on=on)
    assert min(rounded(Decimal(rent) * percent.value / 100, percent.rounding), amount.value) == Decimal(rise)


def test_v39_the_premium_of_the_departure_guarantee():
    """K4a: 8.3 percent of 2,060,740 won is 171,041 won a month."""
    premium = load("eps").parameter("departure_guarantee_premium", on=date(2024, 6, 1))
    assert rounded(Decimal(2_060_740) * premium.value / 100, premium.rounding) == Decimal(171_041)


@pytest.mark.parametrize(("housing", "cap"), [("building", "309111"), ("temporary structure", "164859")])
def test_v40_the_caps_of_lodging(housing, cap):
    """K15: 15 and 8 percent of 2,060,740 won, down to the won (the engine: test_deductions.py)."""
    share = load("eps").parameter("housing_deduction_cap", on=date(2024, 6, 1))
    percent = share.value_for(housing=housing, meals=False)
    assert rounded(Decimal(2_060_740) * percent / 100, share.rounding) == Decimal(cap)


RATIOS = {  # code → (cost, pay of a month, months): V1, V3 of O8; V4 of O11; V7, V8 of O14
    "V1": ("416789", "23693", "17.59"), "V3": ("308047", "19177", "16.06"), "V4": ("4800", "880", "5.45"),
    "V7": ("750000", "35000", "21.43"), "V8": ("165000", "35000", "4.71"),
}  # fmt: skip


def test_v1_v3_v4_v7_v8_the_ratio_of_cost_and_pay(cast):
    """O8: 417 thousand over 23,693 a month is 17.6 months; O11: 4,800 over 880 is 5.45; O14: “21 months”, “not more than five”."""
    stage = open_pilot("custom", date(2026, 6, 30))
    workers = []
    for code, (cost, pay, _months) in RATIOS.items():
        worker = clean("custom", code, arrived=date(2026, 5, 1))
        worker.contracts[0] |= {"hourly_rate": None, "guaranteed_hours": None, "guarantee_period": ""}
        # Forty days: the gross that makes a month of 30.4375 days worth the published pay.
        for slip in worker.slips:
            slip.rate, slip.gross = None, (Decimal(pay) * slip.days / Decimal("30.4375")).quantize(Decimal("0.01"))
        worker.costs = [{"item": "passport", "amount": Decimal(cost), "currency": "XXX", "paid_on": date(2026, 1, 5)}]
        workers.append(worker)
    _verdicts, done = judge(cast, put(cast, stage, workers))
    months = {one.worker: one.evidence["months"] for one in done.found if one.rule == "FEE-02"}
    assert months == {code: Decimal(months) for code, (_cost, _pay, months) in RATIOS.items()}
