"""Values as a reader sees them, in several languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from lamp_portal.screens import formats
from tests.screens.pages import Page, draw

SPACE = "\N{NO-BREAK SPACE}"


def words(html: str) -> str:
    """The words without their markup."""
    return Page(html).text


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", f"NZD{SPACE}1,234.50"), ("es", f"1.234,50{SPACE}NZD"), ("fr", f"1\u202f234,50{SPACE}NZD")],
)
def test_money_carries_its_code_in_every_language(language, written):
    with translation.override(language):
        assert words(formats.money(Decimal("1234.5"), "NZD")) == written


def test_money_has_the_digits_of_its_currency():
    assert words(formats.money(Decimal("1700000"), "KRW")) == f"KRW{SPACE}1,700,000"


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_no_cent_is_lost_in_writing_money(amount):
    written = words(formats.money(amount, "NZD")).removeprefix(f"NZD{SPACE}").replace(",", "")
    assert Decimal(written) == amount


def test_what_nobody_recorded_is_said_and_not_zero():
    for written in (formats.money(None, "NZD"), formats.number(None), formats.percent(None), formats.day(None)):
        assert words(written) == "–not recorded"


def test_zero_is_a_value():
    assert formats.number(0) == "0"
    assert formats.percent(0) == f"0{SPACE}%"


def test_a_share_is_written_with_its_interval_and_base():
    page = Page(draw("{% share 0.72 low=0.58 high=0.83 numerator=18 denominator=25 unit='placements' %}"))
    assert page.text == f"72{SPACE}% (58–83)likely between 58 and 83 percent18 of 25 placements"


def test_days_are_written_with_the_month_as_a_word():
    assert words(formats.day(date(2026, 3, 4))) == "4 Mar 2026"
    with translation.override("ar"):  # its usual date is of numbers alone: 4/3 or 3/4?
        assert words(formats.day(date(2026, 3, 4))) == "4 مارس 2026"
    with translation.override("fr"):
        assert words(formats.day(date(2026, 3, 4))) == "4 mars 2026"


def test_times_are_those_of_the_reader():
    late = datetime(2026, 11, 20, 22, 5, tzinfo=UTC)
    with timezone.override("Pacific/Auckland"):
        assert words(formats.moment(late)) == "21 Nov 2026, 11:05"
        assert words(formats.day(late)) == "21 Nov 2026"
        assert formats.days_left(late, date(2026, 11, 21)) == "today"


@pytest.mark.parametrize(
    ("day", "said"),
    [(22, "in 1 day"), (24, "in 3 days"), (21, "today"), (20, "1 day ago"), (17, "4 days ago")],
)
def test_distances_in_days(day, said):
    assert formats.days_left(date(2026, 11, day), date(2026, 11, 21)) == said


def test_sizes_of_files():
    assert [formats.file_size(n) for n in (1, 999, 48213, 2_500_000)] == ["1 byte", "999 bytes", "48 kB", "2.5 MB"]
