"""Keys, words and text as people write them; and that a cell is taken or refused in words, whatever it holds."""

import datetime
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import least_effort
from workers.sheets import cleaning, identity, words
from workers.sheets.cleaning import CellProblem, Cleaned, Context
from workers.sheets.kinds import COLUMNS

TODAY = datetime.date(2026, 7, 1)
PLAIN = Context(today=TODAY)
EVERY_COLUMN = [pytest.param(c, id=f"{k.code}-{c.key}") for k in COLUMNS.values() for c in k.columns]


def refusal(cleaner, raw, context=PLAIN):
    """The problem a cleaner raises; fails when it takes the cell."""
    with pytest.raises(CellProblem) as caught:
        cleaner(raw, context)
    return caught.value


class TestIdentity:
    """Keys, passports, phones, e-mail."""

    def test_worker_ids_are_kept_as_written(self):
        clean = identity.code()
        assert [clean(raw, PLAIN).value for raw in ("TON-001", " ton 1 ", 1001.0, "0042", "")] == [
            "TON-001", "ton 1", "1001", "0042", None,
        ]  # fmt: skip
        for raw, code in (
            (12.5, "key_is_number"),
            (1e20, "key_is_number"),
            ("1.23E+15", "key_is_number"),
            ("***", "not_a_code"),
        ):
            assert refusal(clean, raw).code == code
        assert refusal(clean, datetime.date(2024, 3, 1)).code == "key_is_date"

    def test_numbers_on_paper_warn_when_zeros_may_be_lost(self):
        assert identity.code(key=False)(184466.0, PLAIN).warnings
        assert not identity.code(key=False)("0184466", PLAIN).warnings

    @pytest.mark.parametrize(
        ("raw", "value"),
        [
            ("rv 012 3456", "RV0123456"),
            ("P-123456", "P123456"),
            ("ＲＶ0123456", "RV0123456"),
            (12345678.0, "12345678"),
            ("n.a.", None),
        ],
    )
    def test_passports_lose_spaces_and_gain_capitals(self, raw, value):
        assert identity.passport(raw, PLAIN).value == value

    def test_letters_that_may_be_digits_are_named_and_not_changed(self):
        read = identity.passport("P12O456", PLAIN)
        assert read.value == "P12O456"
        assert "P120456" in read.warnings[0]
        assert "N0123456" in identity.passport_doubt("NO123456", "AU")
        assert identity.passport_doubt("PA1234567", "AU") is None
        assert "PA1034567" in identity.passport_doubt("PA1O34567", "AU")
        assert refusal(identity.passport, "see copy").code == "not_a_passport"
        assert refusal(identity.passport, "A1").code == "not_a_passport"

    @pytest.mark.parametrize(
        ("raw", "value"),
        [
            ("+678 555-1234", "+6785551234"), ("00678 5551234", "+6785551234"), ("+61 (0)400 123 456", "+61400123456"),
            ("077 1234 / 088 5678", "0771234, 0885678"), ("mob: 0771234", "0771234"), ("", None),
        ],
    )  # fmt: skip
    def test_phones(self, raw, value):
        assert identity.phone(raw, PLAIN) == Cleaned(value)

    def test_a_phone_that_became_a_number_is_doubted(self):
        assert identity.phone(771234567.0, PLAIN).value == "771234567"
        assert "0 or +" in identity.phone(771234567.0, PLAIN).warnings[0]
        for raw in ("call his wife", "123", 6.79e20, "1.2E+11", "1234567890123456789"):
            refusal(identity.phone, raw)

    @given(st.from_regex(r"\+?[1-9][0-9]{6,13}", fullmatch=True), st.sampled_from(("", " ", "-", ".", "  ")))
    def test_a_phone_is_its_digits_however_it_is_spaced(self, number, sign):
        spaced = number[:3] + sign.join(number[3:])
        assert identity.phone(spaced, PLAIN).value == number

    def test_email(self):
        assert identity.email("mailto:Sione.T@Example.ORG", PLAIN).value == "Sione.T@example.org"
        for raw in ("nobody", "a@b", "a b@c.org", "a@c..org", "x@y.org, z@y.org", 5.0):
            assert refusal(identity.email, raw).code == "not_an_email"


class TestWords:
    """Words with one meaning are taken, with several they are asked, with none they are refused."""

    def test_countries_by_code_name_and_nationality(self):
        for raw in ("PG", "PNG", "Papua New Guinea", "papua-new guinea", "Papua N.G."):
            assert words.country(raw, PLAIN).value == "PG"
        assert words.country("Timor-Leste", PLAIN).value == "TL"
        assert "Tonga" in refusal(words.country, "Tonnga").message
        assert refusal(words.country, "papua").code == "ambiguous_word"

    def test_sex_by_word_and_numbers_only_when_chosen(self):
        assert [words.sex(raw, PLAIN).value for raw in ("F", "male", "Femme", "hombre", "x")] == [
            "F",
            "M",
            "F",
            "M",
            "X",
        ]
        assert refusal(words.sex, "1").code == "ambiguous_word"
        assert refusal(words.sex, 1.0).code == "ambiguous_word"
        assert words.sex("1", Context(today=TODAY, words={"sex": {"1": "F"}})).value == "F"

    def test_steps_in_words_of_the_field(self):
        assert words.step("Visa Granted", PLAIN).value == "visa_granted"
        assert words.step("visa_granted", PLAIN).value == "visa_granted"
        assert words.step("AWOL", PLAIN).value == "disengaged"
        assert refusal(words.step, "gone home?").code == "doubtful"
        assert refusal(words.step, "AWOL?").code == "doubtful"
        assert refusal(words.step, "removed").code == "ambiguous_word"
        assert "absconded" not in refusal(words.step, "ran off").message
        assert words.reason("low pay", PLAIN).value == "pay_not_as_agreed"

    def test_every_step_and_reason_is_known_by_its_own_label_and_code(self):
        from workers.journey.reasons import REASONS
        from workers.journey.steps import STEPS

        for step in STEPS:
            assert words.step(step.label, PLAIN).value == words.step(step.code, PLAIN).value == step.code
        for reason in REASONS:
            assert words.reason(reason.label, PLAIN).value == words.reason(reason.code, PLAIN).value == reason.code


class TestText:
    """Text: composed, trimmed, and free of signs that deceive."""

    def test_text_is_composed_and_trimmed(self):
        clean = cleaning.text()
        assert clean("  Fo\u0304tu \u00a0  Ana\n", PLAIN).value == "Fōtu Ana"
        assert clean("a\u200bb\ufeff", PLAIN).value == "ab"
        assert clean(12.0, PLAIN).value == "12"
        assert refusal(clean, "x" * 201).code == "too_long"
        assert refusal(clean, "evil\u202egnp.exe").code == "forced_direction"
        assert refusal(clean, "a\x07b").code == "control_signs"
        assert refusal(clean, "Jos\ufffd").code == "lost_letters"
        assert clean("JosÃ©", PLAIN).warnings

    def test_names(self):
        clean = cleaning.name()
        assert clean("ʻUlukivaiola", PLAIN) == Cleaned("ʻUlukivaiola")
        assert clean("O'Brien-Smith Jr.", PLAIN) == Cleaned("O'Brien-Smith Jr.")
        assert clean("Na", PLAIN).value == "Na"
        assert clean("Sione 2nd", PLAIN).warnings
        assert refusal(clean, "=cmd|' /C calc'!A0").code == "looks_like_formula"
        assert refusal(clean, "12345").code == "no_letters"
        assert refusal(clean, 12345.0).code == "name_is_number"

    @given(st.text(max_size=80))
    def test_clean_text_is_composed_single_spaced_and_stays_as_it_is(self, raw):
        try:
            value = cleaning.text()(raw, PLAIN).value
        except CellProblem:
            return
        if value is not None:
            assert value == unicodedata.normalize("NFC", value) == " ".join(value.split())
            assert cleaning.text()(value, PLAIN).value == value


RAW = (
    st.text(max_size=40)
    | st.floats()
    | st.integers(-(10**18), 10**18)
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.from_regex(r"[0-9OIl ./,:'()+-]{1,16}[A-Za-z$€]{0,4}", fullmatch=True)
)


@pytest.mark.parametrize("column", EVERY_COLUMN)
@settings(max_examples=40)
@given(raw=RAW, order=st.sampled_from((None, "dmy", "mdy", "ymd")), sign=st.sampled_from((None, ".", ",")))
def test_whatever_a_cell_holds_it_is_taken_or_refused_in_words(column, raw, order, sign):
    context = Context(today=TODAY, date_order=order, decimal_sign=sign)
    try:
        cleaned = column.cleaner(raw, context)
    except CellProblem as problem:
        said = problem.message
    else:
        assert cleaned.value is None or type(cleaned.value) in (str, int, bool)
        said = "taken, and ready for JSON"
    assert len(said) > 10


@pytest.mark.parametrize("column", EVERY_COLUMN)
def test_examples_in_the_template_pass_their_own_column(column):
    if column.example:
        assert column.cleaner(column.example, PLAIN).value is not None
    for choice in column.choices:
        assert column.cleaner(choice, PLAIN).value is not None


ODD_CELLS = [
    "T " * 2000,
    "1 " * 2000,
    "a@" * 2000,
    "9" * 4000,
    "O" * 4000,
    "1.," * 1300,
    "(" * 4000,
    "a." * 2000 + "@",
    "é" * 4000,
    *(f"nonsense word {number} of a column" for number in range(200)),
]


@pytest.mark.parametrize("column", EVERY_COLUMN)
def test_no_cell_however_long_or_odd_keeps_a_column_busy(column):
    def clean():
        for text in ODD_CELLS:
            with suppress(CellProblem):
                column.cleaner(text, PLAIN)

    assert least_effort(clean, enough=0.3) < 0.3
