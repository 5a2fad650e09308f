"""Figures that others published, worked again with the portal's own arithmetic; and those that do not add up, caught.

The sources are named beside each; they are the ones of the reference on labour mobility that the portal is built on.
"""

from decimal import Decimal

import pytest

from reports.consistency import change_disagrees, contradictions, parts_disagree, quotient_disagrees
from reports.content import Dimension, Figure, Label, Section
from reports.statistics import CONTEXT, ratio, rounded, share

BBS_2020 = "Bangladesh Bureau of Statistics, Cost of Migration Survey 2020"
KNOMAD = "KNOMAD/ILO surveys of migration costs"
WORLD_BANK_SWP = "World Bank, Maximizing the development impacts from temporary migration (Tonga, SWP)"
RSE_PEOPLE = "Bedford and others on RSE people and arrivals 2007-22"
PALM_DATA = "PALM scheme data, Department of Employment and Workplace Relations"
KOREA = "Korea Immigration Service and Employment Permit System statistics"


@pytest.mark.parametrize(
    ("top", "base", "unit", "printed", "source"),
    [
        pytest.param(416_789, 23_693, "times", "17.59", BBS_2020, id="V1 cost in months of income"),
        pytest.param(308_047, 19_177, "times", "16.06", BBS_2020, id="V3 the same, Oman"),
        pytest.param(4_800, 880, "months", "5.45", KNOMAD, id="V4 cost in months of pay"),
        pytest.param(750_000, 35_000, "months", "21.43", "Prothom Alo on Malaysia 2023", id="V7 payback of what was paid"),
        pytest.param(165_000, 35_000, "months", "4.71", "Prothom Alo on Malaysia 2023", id="V8 payback at the official cap"),
        pytest.param(101_840, 36_675, "times", "2.78", RSE_PEOPLE, id="V15 deployments per person"),
    ],
)  # fmt: skip
def test_ratios_equal_the_published_ones(top, base, unit, printed, source):
    assert ratio(top, base, unit) == Decimal(printed), source


@pytest.mark.parametrize(
    ("top", "base", "percent", "places", "source"),
    [
        pytest.param(4_800, 880 * 36, "15.2", 1, KNOMAD, id="V6 cost as a share of three years' pay"),
        pytest.param(16_095, 36_675, "44", 0, RSE_PEOPLE, id="V13 people who came once"),
        pytest.param(17_599, 19_500, "90.3", 1, "Immigration New Zealand, RSE cap 2023-24", id="V16 arrivals of the cap"),
        pytest.param(16_562, 47_807, "34.6", 1, "Devpolicy on PALM and RSE visas 2022-23", id="V22 share of a country, true base"),
        pytest.param(1_459, 48_000, "3.0", 1, "Devpolicy on PALM and RSE visas 2022-23", id="V23 share of a country"),
        pytest.param(15_804, 42_379, "37.3", 1, KOREA, id="V24 overstays of expiries"),
        pytest.param(1_261, 55_171, "2.3", 1, KOREA, id="V26 removals"),
        pytest.param(3_460, 56_328, "6.1", 1, KOREA, id="V26 removals, the other year"),
        pytest.param(772, 6_600, "11.7", 1, "UK seasonal worker survey 2021", id="V31 response rate"),
    ],
)  # fmt: skip
def test_shares_equal_the_published_ones(top, base, percent, places, source):
    value = CONTEXT.divide(Decimal(top), Decimal(base)) * 100
    assert CONTEXT.quantize(value, Decimal(1).scaleb(-places)) == Decimal(percent), source
    assert quotient_disagrees(top, base, Decimal(percent), places, "percent") is None
    assert share(top, base).value == rounded(CONTEXT.divide(Decimal(top), Decimal(base)), "share")


@pytest.mark.parametrize(
    ("before", "after", "percent", "source"),
    [
        pytest.param(18_905, 14_355, "-24.1", PALM_DATA, id="V19 short-term workers in agriculture"),
        pytest.param(24_400, 35_100, "43.9", PALM_DATA, id="V21 growth"),
        pytest.param(165_000, 130_000, "-21.2", KOREA, id="V27 quota"),
    ],
)
def test_rates_of_change_equal_the_published_ones(before, after, percent, source):
    value = CONTEXT.divide(Decimal(after - before), Decimal(before)) * 100
    assert CONTEXT.quantize(value, Decimal("0.1")) == Decimal(percent), source


def test_aggregate_net_earnings_exceed_aid_and_trade_as_published():
    """V10 to V12: workers × net earnings per worker, in million Australian dollars."""
    earnings = {workers: rounded(Decimal(workers) * 9_759 / 10**6, "money") for workers in (3_740, 1_200)}
    assert earnings == {3_740: Decimal("36.50"), 1_200: Decimal("11.71")}, WORLD_BANK_SWP
    assert earnings[3_740] > Decimal("28.9") + Decimal("2.3")


def test_a_rise_in_per_cent_is_a_multiple_of_what_was_there():
    """V43: savings rose by 122 % (Tonga) and 181 % (Vanuatu): × 2.22 and × 2.81."""
    assert [1 + Decimal(rise) / 100 for rise in (122, 181)] == [Decimal("2.22"), Decimal("2.81")]


def test_invitations_are_told_from_answers_and_the_rate():
    """V32: 13,911 answers at 42.5 % are about 32,700 invitations."""
    assert round(CONTEXT.divide(Decimal(13_911), Decimal("0.425")), -2) == 32_700


def test_parts_that_add_up_are_left_alone():
    """V29 and V30: Korea's quotas of 2025 and 2026, in thousands."""
    assert parts_disagree([72, 10, Decimal("8.5"), 3, Decimal("2.5"), 2, 32], 130) is None
    assert parts_disagree([50, 10, 2, 7, 1, 10], 80) is None
    assert 20_750 - 17_599 == 3_151  # V17, printed as 3,100


def test_an_increase_that_is_not_the_difference_is_caught():
    """Vanuatu 3,703 → 4,155, printed as an increase of 453."""
    assert change_disagrees(3_703, 4_155, 453) == 1
    assert change_disagrees(3_703, 4_155, 452) is None


def test_sectors_that_miss_their_total_are_caught():
    """The first round of Korea's permits 2024: 35,000 in the headline, 33,565 in the parts."""
    assert parts_disagree([33_565], 35_000) == 1_435


def test_months_printed_as_per_cent_are_caught():
    """'17.6 percent' printed for what are 17.6 months of income."""
    words = quotient_disagrees(416_789, 23_693, Decimal("17.6"), 1, "percent")
    assert "not per cent" in words
    assert quotient_disagrees(416_789, 23_693, Decimal("17.6"), 1, "times") is None


def test_a_share_of_a_rounded_base_is_caught_beside_the_true_one():
    """V22: 34.5 % of about 48,000 is 34.6 % of the 47,807 that the source means."""
    assert quotient_disagrees(16_562, 47_807, Decimal("34.5"), 1, "percent") == "16562 ÷ 47807 is 34.6, not 34.5."


# --- our own sections ------------------------------------------------------------------------------------------------


def section(figures, relation="partition", kind="count", **more):
    values = tuple(Label(f.cell["part"], f.cell["part"]) for f in figures if f.cell)
    dimensions = (Dimension(name="part", title="Part", relation=relation, values=values),)
    return Section(
        metric="m", title="M", definition="D", population="placements", kind=kind, statement="S", dimensions=dimensions,
        figures=tuple(figures), **more,
    )  # fmt: skip


def counted(n, part=None):
    return Figure(metric="m", cell={"part": part} if part else {}, value=Decimal(n), unit="placements")


def test_a_section_whose_parts_miss_their_total_contradicts_itself():
    assert contradictions([section([counted(3, "a"), counted(4, "b"), counted(7)])]) == []
    assert contradictions([section([counted(3, "a"), counted(4, "b"), counted(8)])]) == [
        "m: The parts do not add up to their total."
    ]


def test_a_hidden_part_is_passed_over():
    hidden = Figure(metric="m", cell={"part": "b"}, value=None, unit="placements", suppressed=True)
    assert contradictions([section([counted(3, "a"), hidden, counted(8)])]) == []


def test_a_share_that_is_not_its_numbers_and_a_funnel_that_grows_are_caught():
    def part(name, top, value):
        return Figure(
            metric="m", cell={"part": name}, value=Decimal(value), numerator=top, denominator=10, unit="share"
        )

    good = section([part("a", 9, "0.9"), part("b", 4, "0.4")], "nested", "share")
    assert contradictions([good]) == []
    wrong = section([part("a", 4, "0.4"), part("b", 9, "0.3")], "nested", "share")
    assert contradictions([wrong]) == [
        "m {'part': 'b'}: The share is not its numerator over its denominator.",
        "m: A later step holds more than the one before.",
    ]


def test_a_value_outside_its_interval_and_more_missing_than_there_are_is_caught():
    figure = Figure(metric="m", value=Decimal(9), low=Decimal(1), high=Decimal(8), unit="days")
    found = contradictions([section([figure], kind="duration", base=3, missing=4)])
    assert found == ["m {}: The value lies outside its interval.", "m: More are missing than were looked at."]
