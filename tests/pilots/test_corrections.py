"""What was changed backwards in time stays readable as it was known; and the worked figures of pay with their rounding."""

import datetime
from decimal import Decimal

import pytest

from pilots.schemes import reader
from pilots.schemes.pay import Guarantee, block_floor, guarantee, hourly_floor, rounded
from pilots.schemes.reader import NoClass, load
from pilots.schemes.writing import BadValue, read_value, write_value
from tests.pilots.test_schemes import GOOD, written
from workers.models import CostItem

DAY = datetime.date

CORRECTION = """
[[correction]]
name = "hours_guarantee"
edition = 2
recorded_on = 2024-06-01
affects_from = 2024-01-01
why = "The ministry amended the rule backwards."
sources = ["X1"]

[[correction.was]]
value = 30
unit = "hours/week"
valid_from = 2022-01-01
selected_by = "pay period"
sources = ["X1"]
"""
CORRECTED = GOOD.replace("since = 2022-01-01", "since = 2022-01-01\nedition = 2") + CORRECTION


def test_the_palm_wage_clause_was_amended_backwards_and_the_first_reading_stays():
    for slug in ("palm-short", "palm-long"):
        day = DAY(2023, 7, 10)
        now, then = load(slug), load(slug, known_on=DAY(2023, 8, 1))
        assert now.parameter("pay_floor_basis", on=day).value == "the applicable minimum rate of pay"
        assert "national minimum wage" in then.parameter("pay_floor_basis", on=day).value
        assert (now.edition, then.edition) == (2, 1)
        (correction,) = now.corrections_of("pay_floor_basis")
        assert not correction.verified, "the notice has no day"
        assert then.corrections == ()


def test_the_palm_briefing_clause_changed_and_was_reversed():
    palm = load("palm-short")
    days = (DAY(2025, 8, 14), DAY(2025, 8, 15), DAY(2025, 10, 30), DAY(2025, 10, 31))
    assert [palm.parameter("arrival_briefing_union_invited", on=day).value for day in days] == [
        True,
        False,
        False,
        True,
    ]


def test_a_corrected_file_reads_as_it_was_known(tmp_path):
    scheme = reader.read(written(tmp_path, CORRECTED))
    assert scheme.parameter("hours_guarantee", on=DAY(2024, 2, 1)).value == Decimal("120.5")
    assert scheme.known_on(DAY(2024, 5, 31)).parameter("hours_guarantee", on=DAY(2024, 2, 1)).value == 30
    assert scheme.known_on(DAY(2024, 6, 1)) is scheme


def test_two_corrections_of_a_rule_read_one_after_the_other(tmp_path):
    third = CORRECTION.replace("edition = 2", "edition = 3").replace("2024-06-01", "2025-06-01")
    second = CORRECTION.replace("value = 30\n", "value = 40\n").replace(
        "affects_from = 2024-01-01", "affects_from = 2022-01-01"
    )
    text = GOOD.replace("since = 2022-01-01", "since = 2022-01-01\nedition = 3") + second + third
    scheme = reader.read(written(tmp_path, text))
    read = [scheme.known_on(day).parameter("hours_guarantee", on=DAY(2024, 2, 1)).value
            for day in (DAY(2024, 5, 31), DAY(2025, 5, 31), DAY(2025, 6, 1))]  # fmt: skip
    assert read == [40, 30, Decimal("120.5")]
    assert [scheme.known_on(day).edition for day in (DAY(2024, 5, 31), DAY(2025, 5, 31), DAY(2025, 6, 1))] == [1, 2, 3]


BAD = {
    "changes nothing": (
        'value = 30\nunit = "hours/week"\nvalid_from = 2022-01-01\nselected_by = "pay period"\nsources = ["X1"]\n',
        'value = 30\nunit = "hours/week"\nvalid_from = 2022-01-01\nvalid_to = 2023-12-31\nselected_by = "pay period"\n'
        'sources = ["X1"]\n\n[[correction.was]]\nvalue = "120.5"\nunit = "hours/4 weeks"\nvalid_from = 2024-01-01\n'
        'selected_by = "pay period"\nsources = ["X1"]\n',
        "changes nothing",
    ),
    "begins to differ on another day": ("affects_from = 2024-01-01", "affects_from = 2024-02-01", "from 2024-01-01 on, not"),
    "is no correction but a new row": ("recorded_on = 2024-06-01", "recorded_on = 2023-12-01", "a new dated row"),
    "skips an edition": ("edition = 2\nrecorded", "edition = 4\nrecorded", "do not lead from 2"),
    "of a name nobody knows": (
        'name = "hours_guarantee"\nedition', 'name = "shoe_size"\nedition', "the name is not in names.toml",
    ),
    "with an unknown unit": ('unit = "hours/week"\nvalid_from = 2022-01-01\nselected', 'unit = "moons"\nvalid_from = 2022-01-01\nselected', "was: unknown unit"),
    "without what was": (CORRECTION[CORRECTION.index("[[correction.was]]"):], "", "was is missing"),
    "from an unknown source": ('backwards."\nsources = ["X1"]', 'backwards."\nsources = ["X9"]', "unknown source 'X9'"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_correction_is_refused(tmp_path, old, new, reason):
    head, tail = CORRECTED[: CORRECTED.index("[[correction]]")], CORRECTED[CORRECTED.index("[[correction]]") :]
    assert old in tail
    found = reader.validate(written(tmp_path, head + tail.replace(old, new, 1)))
    assert any(reason in problem for problem in found), found


def test_a_correction_with_a_gap_is_refused(tmp_path):
    gap = CORRECTED.replace(
        "[[correction.was]]",
        '[[correction.was]]\nvalue = 20\nunit = "hours/week"\nvalid_from = 2021-01-01\nvalid_to = 2021-06-30\n'
        'selected_by = "pay period"\nsources = ["X1"]\n\n[[correction.was]]',
    )
    assert any("there is a gap" in problem for problem in reader.validate(written(tmp_path, gap)))


def test_the_published_pay_of_a_block_with_and_without_holiday_pay():
    """AgriSmart after INZ, rates of 1 April 2025: 2,820.00 and 3,045.60; third season 3,102.00 and 3,350.40."""
    rse, day, hours = load("rse"), DAY(2025, 4, 1), Decimal(120)
    assert [block_floor(rse, day, hours, holiday_pay=paid, season=1) for paid in (False, True)] == [
        Decimal("2820.00"), Decimal("3045.60"),
    ]  # fmt: skip
    assert [block_floor(rse, day, hours, holiday_pay=paid, season=3) for paid in (False, True)] == [
        Decimal("3102.00"), Decimal("3350.40"),
    ]  # fmt: skip


def test_rounding_last_would_give_another_figure():
    rate = Decimal("25.85") * Decimal("1.08")
    assert rounded(rate * 120, "half up to the cent") == Decimal("3350.16")
    assert rounded(rounded(rate, "half up to the cent") * 120, "none") == Decimal("3350.40")


def test_the_hourly_floor_by_day_and_season():
    """24.97 from October 2023 and 25.47 from April 2024 for all (INZ, Smartly); from September 2024 by season."""
    rse = load("rse")
    floors = {
        (DAY(2023, 10, 1), 1): "24.97", (DAY(2024, 3, 31), 5): "24.97", (DAY(2024, 4, 1), 1): "25.47",
        (DAY(2024, 9, 1), 1): "25.47", (DAY(2024, 9, 2), 2): "23.15", (DAY(2024, 9, 2), 3): "25.47",
        (DAY(2025, 4, 1), 3): "25.85", (DAY(2026, 4, 1), 1): "23.95",
    }  # fmt: skip
    assert {case: hourly_floor(rse, case[0], season=case[1]) for case in floors} == {
        case: Decimal(amount) for case, amount in floors.items()
    }
    assert hourly_floor(load("eps"), DAY(2024, 5, 1)) == 9860
    with pytest.raises(NoClass):
        hourly_floor(load("sawp"), DAY(2025, 1, 1))
    assert hourly_floor(load("sawp"), DAY(2025, 1, 1), province="ON") == Decimal("17.20")


def test_a_guarantee_says_hours_and_weeks_in_every_unit():
    palm, rse = load("palm-short"), load("rse")
    cases = [
        (rse, DAY(2024, 9, 1), Guarantee(Decimal(30), 1)), (rse, DAY(2024, 9, 2), Guarantee(Decimal(120), 4)),
        (palm, DAY(2023, 12, 31), Guarantee(Decimal(30), None)), (palm, DAY(2024, 1, 1), Guarantee(Decimal(120), 4)),
        (load("h-2a"), DAY(2026, 1, 1), Guarantee(None, None, Decimal(75))),
    ]  # fmt: skip
    for scheme, day, wanted in cases:
        assert guarantee(scheme.parameter("hours_guarantee", on=day)) == wanted
    with pytest.raises(ValueError, match="no guarantee"):
        guarantee(rse.parameter("minimum_age", on=DAY(2026, 1, 1)))


def test_the_rse_hours_go_by_the_day_the_visa_was_granted():
    for row in load("rse").changes("hours_guarantee"):
        assert row.selected_by == "visa granted"
        assert "before 2 September 2024" in row.grandfathering


def test_the_lodging_caps_and_the_severance_premium_of_korea():
    """2,060,740 won: 15 % and 8 % are 309,111 and 164,859; 8.3 % are 171,041 a month."""
    eps, day = load("eps"), DAY(2024, 6, 1)
    wage = eps.parameter("minimum_wage_month", on=day).value
    cap, premium = eps.parameter("housing_deduction_cap", on=day), eps.parameter("departure_guarantee_premium", on=day)
    shares = [cap.value_for(housing=kind, meals=False) for kind in ("building", "temporary structure")]
    assert [rounded(wage * share / 100, cap.rounding) for share in shares] == [309111, 164859]
    assert rounded(wage * premium.value / 100, premium.rounding) == 171041


def test_what_every_scheme_answers_for_the_rules():
    names = ("minimum_age", "passport_margin", "welfare_contact_interval", "insurance_kinds", "worker_never_pays",
             "worker_may_pay", "recruitment_cost_ratio_limit", "pay_due_tolerance", "hours_limit_week", "rest_days_week",
             "document_end_notice", "deduction_written_consent", "worker_pays_recruitment_fee")  # fmt: skip
    for scheme in reader.all_schemes():
        lacking = {name for name in names if not scheme.has(name, on=DAY(2026, 7, 1))}
        assert lacking == set(), scheme.slug
        for name in ("worker_may_pay", "worker_never_pays"):
            assert set(scheme.parameter(name, on=DAY(2026, 7, 1)).value) <= set(CostItem.ITEMS), scheme.slug
        for kind in scheme.parameter("insurance_kinds", on=DAY(2026, 7, 1)).value:
            assert scheme.has(f"{kind}_join_by", on=DAY(2026, 7, 1)), (scheme.slug, kind)


def test_the_comparison_schemes_say_what_is_published():
    sawp, h2a, day = load("sawp"), load("h-2a"), DAY(2026, 6, 1)
    total = sawp.parameter("hours_guarantee_contract_total", on=day)
    assert (total.value_for(), total.value_for(transferee=True)) == (240, 0)
    assert sawp.parameter("hours_guarantee_contract_weeks", on=day).value == 6
    assert (sawp.parameter("stay_limit", on=day).value, sawp.parameter("transport_records_kept", on=day).value) == (
        8,
        6,
    )
    recoverable = sawp.parameter("travel_recoverable", on=day)
    assert (recoverable.value_for(province="ON"), recoverable.value_for(province="BC")) == (True, False)
    assert [h2a.parameter(name, on=day).value for name in (
        "hours_guarantee", "travel_inbound_repaid_at", "recruitment_application_lead", "recruitment_application_lead_most",
        "petition_lead", "stay_limit", "stay_absence_after", "shopping_trip_interval", "passport_holding_allowed",
    )] == [75, 50, 60, 75, 45, 36, 3, 2, False]  # fmt: skip
    assert [duty.number for scheme in (sawp, h2a) for duty in scheme.duties] == [19, 27]


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [("30", "hours/week", Decimal(30)), ("2.4", "m", Decimal("2.4")), (" 12 ", "days", 12), ("yes", "yes/no", True),
     ("No", "yes/no", False), ("tent, caravan ,", "list", ("tent", "caravan")), ("NSW", "words", "NSW")],
)  # fmt: skip
def test_a_written_value_is_read_and_written_back(text, unit, value):
    assert read_value(text, unit) == value
    assert read_value(write_value(value), unit) == value


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("", "words"),
        ("1e99", "hours"),
        ("nan", "hours"),
        ("-1", "days"),
        ("1.5", "weeks"),
        (",", "list"),
        ("x", "moons"),
    ],
)
def test_what_is_no_value_of_its_unit_is_refused(text, unit):
    with pytest.raises(BadValue):
        read_value(text, unit)
