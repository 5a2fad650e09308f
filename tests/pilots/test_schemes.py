"""The scheme files: every one is sound, dated values answer by day, and bad files are refused in words."""

import datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest

from pilots.schemes import reader
from pilots.schemes.reader import BadScheme, NoClass, NoValueOnDate, UnknownParameter, UnknownScheme, load
from pilots.schemes.units import UNITS
from scripts import draw_schemes

TODAY = datetime.date(2026, 6, 1)

GOOD = """
slug = "sample"
name = "Sample"
destination = "NZ"
origins = ["TO"]
currency = "NZD"
journey = "rse"
since = 2022-01-01

[check_frequency]
arrival_days = 14
employment_days = 28
after_return_months = [1, 6, 12]

[[source]]
key = "X1"
title = "A text"
address = "https://example.org/x1"

[[parameter]]
name = "hours_guarantee"
value = 30
unit = "hours/week"
valid_from = 2022-01-01
valid_to = 2023-12-31
selected_by = "pay period"
sources = ["X1"]

[[parameter]]
name = "hours_guarantee"
value = "120.5"
unit = "hours/4 weeks"
valid_from = 2024-01-01
selected_by = "pay period"
sources = ["X1"]

[[duty]]
number = 10
words = "Report the arrival"
owner = "employer"
start_event = "arrival"
direction = "after"
clock = "fact"
limit = 14
unit = "days"
sources = ["X1"]
"""


def written(folder, text, name="sample.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("slug", ["custom", "eps", "h-2a", "palm-long", "palm-short", "rse", "sawp"])
def test_every_scheme_file_is_sound(slug):
    assert reader.validate(reader.FOLDER / f"{slug}.toml") == ()
    assert load(slug).slug == slug


def test_the_seven_schemes_are_all_there():
    assert [scheme.slug for scheme in reader.all_schemes()] == [
        "custom", "eps", "h-2a", "palm-long", "palm-short", "rse", "sawp",
    ]  # fmt: skip


def test_a_value_has_a_source_or_is_marked_as_unverified_with_a_note():
    for scheme in reader.all_schemes():
        for row in (*scheme.parameters, *scheme.duties):
            assert row.sources if row.verified else row.note, row


def test_the_rse_hours_change_on_the_second_of_september_2024():
    rse = load("rse")
    before = rse.parameter("hours_guarantee", on=datetime.date(2024, 9, 1))
    after = rse.parameter("hours_guarantee", on=datetime.date(2024, 9, 2))
    assert (before.value, before.unit) == (Decimal(30), "hours/week")
    assert (after.value, after.unit) == (Decimal(120), "hours/4 weeks")
    assert [row.value for row in rse.changes("hours_guarantee")] == [30, 120]
    assert rse.on(datetime.date(2024, 9, 1))["hours_guarantee"] == before


def test_the_palm_short_hours_have_their_whole_history():
    palm = load("palm-short")
    days = ("2023-12-31", "2024-06-30", "2024-07-01", "2025-07-01")
    found = [palm.parameter("hours_guarantee", on=datetime.date.fromisoformat(day)) for day in days]
    assert [row.unit for row in found] == [
        "hours/week over the placement", "hours/week over 4 weeks", "hours/4 weeks", "hours/4 weeks",
    ]  # fmt: skip
    assert [row.verified for row in found] == [True, True, True, False]


def test_the_published_pay_floor_of_2024_comes_out():
    """23.15 × 1.10 = 25.465, printed as 25.47."""
    rse, day = load("rse"), datetime.date(2024, 8, 1)
    floor = rse.parameter("pay_floor_percent", on=day)
    pay = rse.parameter("minimum_wage", on=day).value * floor.value / 100
    assert floor.rounding == "half up to the cent"
    assert pay.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal("25.47")


def test_the_pay_floor_is_higher_from_the_third_season_on():
    floor = load("rse").parameter("pay_floor_percent", on=TODAY)
    assert [floor.value_for(season=season) for season in (1, 2, 3, 4)] == [100, 100, 110, 110]


def test_the_stay_is_longer_for_kiribati_and_tuvalu():
    stay = load("rse").parameter("stay_limit", on=TODAY)
    assert stay.value == 7
    assert [stay.value_for(nationality=code) for code in ("KI", "TV", "TO")] == [9, 9, 7]
    (duty,) = [duty for duty in load("rse").duties if duty.number == 29]
    assert (duty.limit_for(nationality="KI"), duty.limit_for(nationality="TO")) == (9, 7)


def test_the_rent_rise_cap_gives_the_worked_figures():
    """Rent 120: the lesser of 18 and 15. Rent 80: the lesser of 12 and 15."""
    rse, day = load("rse"), datetime.date(2024, 10, 1)
    percent, amount = (rse.parameter(f"rent_rise_limit_{kind}", on=day).value for kind in ("percent", "amount"))
    assert [min(Decimal(rent) * percent / 100, amount) for rent in (120, 80)] == [15, 12]


def test_the_quota_of_korea_falls_by_a_fifth_from_2024_to_2025():
    eps = load("eps")
    old, new = (eps.parameter("places_cap", on=datetime.date(year, 5, 1)).value for year in (2024, 2025))
    assert round((new - old) / old * 100) == -21


def test_classes_answer_by_the_facts_of_the_case():
    eps = load("eps")
    cap = eps.parameter("housing_deduction_cap", on=TODAY)
    assert cap.value_for(housing="building", meals=True) == 20
    assert cap.value_for(housing="temporary structure", meals=False) == 8
    premium = eps.parameter("return_cost_premium", on=TODAY)
    assert [premium.value_for(origin=code) for code in ("PH", "MN", "LK")] == [400000, 500000, 600000]
    with pytest.raises(NoClass):
        cap.value_for(housing="tent", meals=True)
    with pytest.raises(NoClass):
        cap.value_for()


def test_what_is_not_there_is_said_in_words():
    rse = load("rse")
    with pytest.raises(UnknownParameter, match="rse has no rule called shoe_size"):
        rse.parameter("shoe_size", on=TODAY)
    with pytest.raises(NoValueOnDate, match="no value of rent_cap on 2025-01-01: its values run from 2026-04-01 on"):
        rse.parameter("rent_cap", on=datetime.date(2025, 1, 1))
    with pytest.raises(UnknownScheme, match="no scheme called moon"):
        load("moon")
    assert not rse.has("rent_cap", on=datetime.date(2025, 1, 1))
    assert rse.has("rent_cap", on=TODAY)


def test_money_says_its_currency_and_nothing_else_does():
    for scheme in reader.all_schemes():
        for row in scheme.parameters:
            assert bool(row.currency) == row.unit.startswith("money"), row.name
    assert load("eps").parameter("test_fee", on=TODAY).currency == "USD"


def test_a_name_has_one_kind_of_value_in_every_scheme():
    kinds = {}
    for scheme in reader.all_schemes():
        for row in scheme.parameters:
            kinds.setdefault(row.name, set()).add(UNITS[row.unit])
    assert {name for name, kind in kinds.items() if len(kind) > 1} == set()
    assert kinds.keys() == reader.names().keys(), "every name of names.toml is used by a scheme"


def test_all_thirty_two_clocks_belong_to_a_scheme():
    numbers = {duty.number for scheme in reader.all_schemes() for duty in scheme.duties}
    assert numbers == set(range(1, 33))


def test_clocks_begin_on_their_day():
    palm = load("palm-short")
    assert 10 not in {duty.number for duty in palm.duties_on(datetime.date(2025, 8, 14))}
    assert 10 in {duty.number for duty in palm.duties_on(datetime.date(2025, 8, 15))}
    (soon,) = [duty for duty in palm.duties if duty.number == 12]
    assert (soon.clock, soon.limit, soon.unit) == ("knowledge", 1, "business days")


def test_a_sound_file_is_read(tmp_path):
    scheme = reader.read(written(tmp_path, GOOD))
    assert scheme.parameter("hours_guarantee", on=TODAY).value == Decimal("120.5")
    assert scheme.parameter("hours_guarantee", on=TODAY).sources[0].title == "A text"


BAD = {
    "a gap": ("valid_from = 2024-01-01", "valid_from = 2024-02-01", "hours_guarantee: there is a gap between"),
    "an overlap": ("valid_to = 2023-12-31", "valid_to = 2024-01-01", "overlaps the one before"),
    "an open row before another": ("valid_to = 2023-12-31\n", "", "overlaps the one before"),
    "unsorted rows": ("valid_from = 2024-01-01", "valid_from = 2021-01-01", "not sorted by date"),
    "an end before the start": ("valid_to = 2023-12-31", "valid_to = 2021-12-31", "valid_to lies before valid_from"),
    "an unknown unit": ('unit = "hours/4 weeks"', 'unit = "hours a moon"', "unknown unit 'hours a moon'"),
    "an unknown source": ('sources = ["X1"]', 'sources = ["X9"]', "unknown source 'X9'"),
    "no source": ('sources = ["X1"]', "sources = []", "has no source and does not say verified = false"),
    "unverified without a note": (
        'sources = ["X1"]', 'sources = ["X1"]\nverified = false', "is not verified and has no note",
    ),
    "a float": ("value = 30", "value = 30.5", "the value 30.5 is not a whole number or a decimal written as text"),
    "a word for a number": ('value = "120.5"', 'value = "many"', "the value 'many' is not"),
    "a negative number": ("value = 30", "value = -30", "the value -30 is not"),
    "true for a number": ("value = 30", "value = true", "the value True is not"),
    "a name nobody knows": ('name = "hours_guarantee"', 'name = "shoe_size"', "the name is not in names.toml"),
    "a key nobody knows": ("value = 30", "value = 30\ncolour = 1", "colour is not a known key"),
    "a missing key": ("value = 30\n", "", "value is missing"),
    "a text for a date": ("valid_from = 2022-01-01", 'valid_from = "2022"', "valid_from must be date"),
    "an unknown day that selects": ('selected_by = "pay period"', 'selected_by = "moon"', "selected_by 'moon'"),
    "an empty table of classes": ("value = 30", "value = []", "the table of classes is empty"),
    "a class without a value": ("value = 30", "value = [{ people = 1 }]", "class: needs a table with a value"),
    "an exception without condition": (
        "value = 30", "value = 30\nexceptions = [{ value = 40 }]", "exception: has no condition",
    ),
    "a start that is not stated and not the file's": (
        "valid_from = 2024-01-01", 'valid_from = 2024-01-01\nfrom_precision = "not stated"', "first day of the file",
    ),
    "a country that is none": ('destination = "NZ"', 'destination = "New Zealand"', "header: 'New Zealand' is not"),
    "a placeholder outside a template": ('currency = "NZD"', 'currency = "XXX"', "header: 'XXX' is not a currency"),
    "a slug that is not the file's": ('slug = "sample"', 'slug = "other"', "must be the name of the file"),
    "an unknown owner of a duty": ('owner = "employer"', 'owner = "moon"', "duty 10: owner 'moon'"),
    "an unknown event": ('start_event = "arrival"', 'start_event = "moon"', "duty 10: start_event 'moon'"),
    "a source without address": ('address = "https://example.org/x1"', 'address = ""', "source X1: has no address"),
    "no TOML at all": ("slug =", "slug", "cannot be read as TOML"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_with_file_and_reason(tmp_path, old, new, reason):
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(BadScheme) as refused:
        reader.read(path)
    assert any(reason in problem for problem in refused.value.problems), refused.value.problems
    assert all(problem.startswith("sample.toml: ") for problem in refused.value.problems)


def test_rows_of_one_name_stand_together(tmp_path):
    row = GOOD[GOOD.index("[[parameter]]") : GOOD.index("[[duty]]")]
    other = row[: row.index("[[parameter]]", 5)].replace("hours_guarantee", "minimum_age")
    other = other.replace("hours/week", "years").replace("valid_to = 2023-12-31\n", "")
    first, second = row[: row.index("[[parameter]]", 5)], row[row.index("[[parameter]]", 5) :]
    text = GOOD.replace(row, first + other + second)
    assert "sample.toml: hours_guarantee: rows of one name must stand together" in reader.validate(
        written(tmp_path, text)
    )


def test_the_page_of_the_schemes_is_fresh():
    assert draw_schemes.FILE.read_text(encoding="utf-8") == draw_schemes.page(), "run scripts/draw_schemes.py"
