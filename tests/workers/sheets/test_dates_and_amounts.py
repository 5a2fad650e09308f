"""Dates, money, hours and counts as people write them: read exactly, or refused for their reason."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.sheets import amounts, cleaning, dates
from workers.sheets.cleaning import CellProblem, Cleaned, Context

TODAY = datetime.date(2026, 7, 1)
PLAIN = Context(today=TODAY)
DMY = Context(today=TODAY, date_order="dmy")
MDY = Context(today=TODAY, date_order="mdy")


def refusal(cleaner, raw, context=PLAIN):
    """The problem a cleaner raises; fails when it takes the cell."""
    with pytest.raises(CellProblem) as caught:
        cleaner(raw, context)
    return caught.value


class TestDates:
    """Dates: everything unambiguous is read, nothing is guessed."""

    any_date = staticmethod(dates.date())
    birth = staticmethod(dates.date("birth"))
    past = staticmethod(dates.date("past"))

    @pytest.mark.parametrize(
        "raw",
        [
            "2024-04-03", "2024/4/3", "2024.04.03", "3 Apr 2024", "3 April 2024", "April 3, 2024", "Apr 3rd 2024",
            "03-Apr-2024", "2024 Apr 3", "3 avril 2024", "3 de abril de 2024", "Wed 3 Apr 2024", "3rd of April, 2024",
            "2024-04-03 00:00:00", "2024-04-03T10:30:00Z", " 2024-04-03 ", "٢٠٢٤-٠٤-٠٣", "２０２４-０４-０３",
            datetime.date(2024, 4, 3), datetime.datetime(2024, 4, 3, 15, 20),
        ],
    )  # fmt: skip
    def test_one_day_in_many_writings(self, raw):
        assert self.any_date(raw, PLAIN).value == "2024-04-03"

    def test_day_and_month_follow_the_order_chosen_and_are_refused_without_one(self):
        assert self.any_date("03/04/2024", DMY).value == "2024-04-03"
        assert self.any_date("03/04/2024", MDY).value == "2024-03-04"
        problem = refusal(self.any_date, "03/04/2024")
        assert problem.code == "ambiguous_date"
        assert "2024-04-03" in problem.message
        assert "2024-03-04" in problem.message

    def test_a_date_with_one_reading_needs_no_order(self):
        assert self.any_date("13/04/2024", PLAIN).value == "2024-04-13"
        assert self.any_date("04/13/2024", PLAIN).value == "2024-04-13"
        assert self.any_date("04/04/2024", PLAIN).value == "2024-04-04"

    def test_a_date_against_the_order_chosen_is_refused_with_the_date_to_write(self):
        problem = refusal(self.any_date, "04/13/2024", DMY)
        assert problem.code == "wrong_order"
        assert "2024-04-13" in problem.message

    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            ("29/02/2023", "no_such_day"), ("31/04/2024", "no_such_day"), ("2023-02-29", "no_such_day"),
            ("31 April 2024", "no_such_day"), ("0001-01-01", "no_real_date"), ("9999-12-31", "no_real_date"),
            (datetime.date(9999, 12, 31), "no_real_date"), ("15/08/2567", "other_calendar"), ("1445-01-01", "other_calendar"),
            ("1850-01-01", "too_old"), ("2150-01-01", "too_far"), ("mid Feb", "incomplete_date"), ("Feb 2024", "incomplete_date"),
            ("13/05/24", "two_digit_year"), ("2024-13-01", "not_a_date"), ("next week", "not_a_date"), ("7:30", "not_a_date"),
            (datetime.time(7, 30), "not_a_date"), (datetime.timedelta(hours=3), "not_a_date"), (12.0, "not_a_date"),
            ("#REF!", "excel_error"), ("03042024", "not_a_date"), (float("inf"), "not_a_number"),
        ],
    )  # fmt: skip
    def test_what_is_no_date_is_refused_for_its_reason(self, raw, code):
        assert refusal(self.any_date, raw).code == code

    def test_29_february_of_a_leap_year_is_a_day(self):
        assert self.any_date("29/02/2024", PLAIN).value == "2024-02-29"

    def test_excel_numbers_are_read_with_a_word_of_doubt_and_follow_the_workbooks_calendar(self):
        read = self.any_date(45383.0, PLAIN)
        assert read.value == "2024-04-01"
        assert "45383" in read.warnings[0]
        assert self.any_date("45383", PLAIN).value == "2024-04-01"
        assert self.any_date(43921.0, Context(today=TODAY, date1904=True)).value == "2024-04-01"

    def test_two_digit_years_are_taken_only_where_a_workers_age_decides(self):
        assert self.birth("13/05/85", PLAIN).value == "1985-05-13"
        assert self.birth("13/05/05", PLAIN).value == "2005-05-13"
        assert refusal(self.birth, "13/05/20").code == "two_digit_year"

    def test_a_birth_date_may_be_a_year_or_a_month_and_says_so(self):
        assert self.birth("1985", PLAIN) == Cleaned("1985-01-01", (), "year")
        assert self.birth(1985.0, PLAIN) == Cleaned("1985-01-01", (), "year")
        assert self.birth("May 1985", PLAIN) == Cleaned("1985-05-01", (), "month")
        assert refusal(self.past, "1985").code == "not_a_date"

    def test_ages_nobody_works_at_are_doubted_and_impossible_ones_refused(self):
        assert self.birth("2015-01-01", PLAIN).warnings
        assert refusal(self.birth, "1915-01-01").code == "too_old"

    def test_facts_do_not_lie_in_the_future_and_nepali_years_are_explained(self):
        assert refusal(self.past, "2026-07-02").code == "in_future"
        assert self.past("2026-07-01", PLAIN).value == "2026-07-01"
        assert "Nepali" in refusal(self.birth, "2051-04-12").message

    def test_blank_is_nothing(self):
        for raw in ("", "  ", None, "-", "n/a", "N/A", "unknown", "\u200b"):
            assert self.any_date(raw, PLAIN) == Cleaned(None)

    @given(st.dates(datetime.date(1940, 1, 1), datetime.date(2026, 6, 30)), st.sampled_from("/-. "))
    def test_every_day_comes_back_in_every_order(self, day, sign):
        d, m, y = f"{day.day:02d}", f"{day.month:02d}", f"{day.year}"
        expected = day.isoformat()
        assert self.any_date(sign.join((d, m, y)), DMY).value == expected
        assert self.any_date(sign.join((m, d, y)), MDY).value == expected
        assert self.any_date(sign.join((y, m, d)), PLAIN).value == expected
        assert self.any_date(day.strftime("%d %b %Y"), PLAIN).value == expected
        assert self.any_date(day, PLAIN).value == expected
        assert self.any_date(float((day - dates.EXCEL_START).days), PLAIN).value == expected

    @given(st.dates(datetime.date(1940, 1, 1), datetime.date(2026, 6, 30)))
    def test_without_an_order_a_date_is_read_right_or_refused(self, day):
        text = day.strftime("%d/%m/%Y")
        if day.day <= 12 and day.day != day.month:
            assert refusal(self.any_date, text).code == "ambiguous_date"
        else:
            assert self.any_date(text, PLAIN).value == day.isoformat()


class TestMoney:
    """Money: exact, with every country's separators, and never off by a thousand."""

    money = staticmethod(amounts.money())
    COMMA = Context(today=TODAY, decimal_sign=",")
    POINT = Context(today=TODAY, decimal_sign=".")

    @pytest.mark.parametrize(
        ("raw", "value", "currency"),
        [
            ("1500", "1500.00", None), (1500, "1500.00", None), (1500.5, "1500.50", None), (0.1 + 0.2, "0.30", None),
            ("1,500.00", "1500.00", None), ("1.500,00", "1500.00", None), ("1 500,00", "1500.00", None),
            ("1'500.00", "1500.00", None), ("1,500", "1500.00", None), ("4,16,789", "416789.00", None),
            ("12,50", "12.50", None), ("12.5", "12.50", None), (".5", "0.50", None), ("0.500", "0.50", None),
            ("Tk 4 lakh", "400000.00", "BDT"), ("4 lakh", "400000.00", None), ("K500", "500.00", "PGK"),
            ("NZ$ 1,500.50", "1500.50", "NZD"), ("$1,500.50", "1500.50", None), ("1500 VUV", "1500.00", "VUV"),
            ("₩2,000,000", "2000000.00", "KRW"), ("€ 1.500,00", "1500.00", "EUR"), ("Rs. 500/-", "500.00", None),
            ("1.5 crore", "15000000.00", None), ("१५००", "1500.00", None),
        ],
    )  # fmt: skip
    def test_amounts_of_many_countries(self, raw, value, currency):
        read = self.money(raw, PLAIN)
        assert (read.value, read.hint) == (value, currency)

    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            ("K500–3,000", "range"), ("500-3000", "range"), ("500 to 3000", "range"), ("-50", "negative"), (-50, "negative"),
            ("(50)", "negative"), ("50-", "negative"), ("$-50", "negative"), ("1.500", "ambiguous_number"),
            ("25.000", "ambiguous_number"), ("1,2,3", "not_a_number"), ("12,34,5", "not_a_number"), ("twelve", "not_a_number"),
            ("50 bananas", "not_a_number"), ("1e9", "not_a_number"), ("NZD 5 AUD", "not_a_number"), ("1,500.00.00", "not_a_number"),
            (10**15, "too_large"), (datetime.date(2024, 1, 1), "not_a_number"), ("#VALUE!", "excel_error"),
            (float("nan"), "not_a_number"),
        ],
    )  # fmt: skip
    def test_what_has_two_readings_or_none_is_refused(self, raw, code):
        assert refusal(self.money, raw).code == code

    def test_the_decimal_sign_chosen_for_the_file_decides(self):
        assert self.money("1.500", self.COMMA).value == "1500.00"
        assert self.money("1.500", self.POINT).value == "1.50"
        assert self.money("1,500", self.POINT).value == "1500.00"
        assert self.money("1.500,25", self.COMMA).value == "1500.25"
        assert refusal(self.money, "1.500,25", self.POINT).code == "not_a_number"

    def test_more_decimals_than_money_has_are_rounded_and_said(self):
        read = self.money(333.3333333, PLAIN)
        assert read.value == "333.33"
        assert read.warnings
        assert amounts.money(4)("24.1234", PLAIN) == Cleaned("24.1234")

    @given(st.decimals(0, 10**9, places=2))
    def test_every_amount_comes_back_to_the_cent_in_every_writing(self, amount):
        english, german = f"{amount:,.2f}", f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
        french = f"{amount:,.2f}".replace(",", " ").replace(".", ",")
        for text in (english, german, french, f"{amount:.2f}", f"NZD {english}", f"{german} €"):
            assert Decimal(self.money(text, PLAIN).value) == amount
        if amount < 10**7:
            assert Decimal(self.money(float(amount), PLAIN).value) == amount

    def test_currencies_by_code_word_and_sign(self):
        assert amounts.currency("nzd", PLAIN).value == "NZD"
        assert amounts.currency("Kina", PLAIN).value == "PGK"
        assert refusal(amounts.currency, "$").code == "unknown_currency"
        assert amounts.currency("$", Context(today=TODAY, currency="AUD")).value == "AUD"
        assert refusal(amounts.currency, "XXZ").code == "unknown_currency"


class TestHoursAndCounts:
    """Hours, whole numbers and yes or no."""

    @pytest.mark.parametrize(
        ("raw", "value"),
        [
            ("7:30", "7.50"), ("7.5", "7.50"), ("7,5", "7.50"), (7.5, "7.50"), ("7h30", "7.50"), ("38:45", "38.75"), ("40 hrs", "40.00"),
            (datetime.time(7, 30), "7.50"), (datetime.timedelta(hours=40, minutes=15), "40.25"), (0, "0.00"), ("", None),
        ],
    )  # fmt: skip
    def test_hours_are_the_same_in_every_writing_and_blank_is_not_zero(self, raw, value):
        assert amounts.hours()(raw, PLAIN).value == value

    def test_more_hours_than_a_month_has_are_refused(self):
        assert refusal(amounts.hours(), 800).code == "out_of_range"
        assert refusal(amounts.hours(), "full time").code == "not_a_number"

    def test_whole_numbers(self):
        clean = cleaning.whole_number(0, 40)
        assert [clean(raw, PLAIN).value for raw in ("3", 3.0, " 3 ", "", "n/a")] == [3, 3, 3, None, None]
        assert refusal(clean, "3.5").code == "not_whole"
        assert refusal(clean, 41).code == "out_of_range"
        assert refusal(clean, "three").code == "not_whole"

    def test_yes_and_no(self):
        clean = cleaning.yes_no("x")
        assert [clean(raw, PLAIN).value for raw in ("Yes", "Y", 1.0, "✓", "TRUE", "sí", "No", "n", 0.0, "")] == [
            True, True, True, True, True, True, False, False, False, None,
        ]  # fmt: skip
        assert refusal(clean, "maybe").code == "not_yes_no"
