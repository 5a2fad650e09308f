"""Two people and what speaks for and against their being one: pure, without a database."""

from datetime import date

import pytest

from workers.likeness import names, signs
from workers.likeness.cards import Card, card, paper, phone_keys, row_card
from workers.likeness.names import Alike, readings
from workers.likeness.parts import ASK, PARTS, STRONG, compare, sentences
from workers.likeness.signs import signs_of

SIONE = {
    "family_name": "Tau", "given_names": "Sione", "sex": "M", "birth_date": "1994-05-17", "nationality": "TO",
    "village": "Kolovai", "phone": "+676 771 2345", "passport_number": "TP104050", "passport_country": "TO",
}  # fmt: skip


def points(**changed) -> int:
    """Sione compared with himself after some facts changed; a removed fact is None."""
    return compare(row_card(SIONE), row_card(SIONE | changed)).points


def alike(a: tuple, b: tuple) -> Alike | None:
    return names.alike(readings(*a), readings(*b))


@pytest.mark.parametrize(
    ("mine", "theirs", "answer"),
    [
        (("Tau", "Sione", ""), ("Tau", "Sione", ""), Alike.SAME),
        (("Tau", "Sione", ""), ("Sione", "Tau", ""), Alike.SWAPPED),
        (("Tau", "Sione", ""), ("Tau", "Sioni", ""), Alike.NEAR),
        (("", "Sione", ""), ("Tau", "Sione", ""), Alike.PART),
        (("Tau", "Sione Mafi", ""), ("Tau", "Sione", ""), Alike.PART),
        (("Tau", "Ratu Sione", ""), ("Tau", "Sione", ""), Alike.SAME),
        (("Fa'ahau", "Mele", ""), ("Faahau", "Mele", ""), Alike.SAME),
        (("Nguyễn", "Văn An", ""), ("Nguyen", "Van An", ""), Alike.SAME),
        (("হাসান", "নাজমুল", ""), ("Hasan", "Nazmul", ""), Alike.NEAR),
        (("김", "민수", ""), ("Gim", "Minsu", ""), Alike.SAME),
        (("Tau", "Sione", ""), ("Vea", "Losa", ""), Alike.OTHER),
        (("Tau", "Sione", ""), ("X", "Y", "SIONE TAU"), Alike.SAME),
        (("", "", ""), ("Tau", "Sione", ""), None),
    ],
)
def test_names_are_compared_in_any_script_and_order_without_titles(mine, theirs, answer):
    assert alike(mine, theirs) == answer
    assert alike(theirs, mine) == answer


def test_the_code_of_a_name_is_the_same_in_either_order_and_with_a_third_name_among_them():
    assert names.codes(("tau", "sione")) == names.codes(("sione", "tau"))
    assert names.codes(("tau", "sione")) <= names.codes(("tau", "sione", "mafi"))
    assert names.codes(("tau",)) == {"t000"}


def test_a_row_of_a_sheet_has_the_signs_of_its_card():
    rows = [
        {"family_name": "Faʻahau", "given_names": "Sione Mafi", "birth_date": "1994-05-17", "nationality": "TO",
         "phone": "+6767712345", "passport_number": "PO12345", "national_id": "N-77 01I"},
        {"passport_name": "Rev. Tupou", "birth_date": "1994-01-01", "phone": "+676 771 2345; 0000000, 12"},
        {"family_name": "Ana", "birth_date": "1994-05-17", "birth_precision": "year", "passport_number": "AAAAAA"},
        {"given_names": "Vea"}, {},
    ]  # fmt: skip
    for row in rows:
        line = signs.row_line(7, tuple(row.get(key) for key in signs.OF_A_ROW)).rstrip("\n").split("\t")
        wanted = signs_of(row_card(row))
        near = {sign for sign, _on in wanted if sign.startswith("name ")}
        assert (line[0], line[1]) == ("7", row.get("birth_date") or "\\N")
        assert [set(part[1:-1].split(",")) - {""} for part in line[2:]] == [near, {sign for sign, _on in wanted} - near]
        assert {on for sign, on in wanted if sign in near} <= {
            date.fromisoformat(row["birth_date"]) if "birth_date" in row else None
        }


def test_a_lost_or_changed_first_letter_leaves_a_sign_of_the_day_of_birth():
    def born(family):
        card = row_card({"family_name": family, "birth_date": "1994-05-17", "nationality": "TO"})
        return {sign for sign, _on in signs_of(card) if sign.startswith("born")}

    assert born("Tupou") & born("Dupou")
    assert born("Lotu") & born("Otu")


def test_the_sound_of_a_word_is_that_of_the_patent():
    sounds = {"robert": "r163", "rupert": "r163", "tymczak": "t522", "ashcraft": "a261", "lee": "l000"}
    assert {word: names.sound(word) for word in sounds} == sounds


@pytest.mark.parametrize("number", ["", " ", "-", "n/a", "000000", "XXXXXX", "AB", "12", None])
def test_a_blank_or_malformed_number_matches_no_one(number):
    assert paper("passport", "TO", number) is None
    assert phone_keys(number or "") == frozenset()


def test_two_blank_cards_share_no_sign_and_no_point():
    blank = card({})
    assert signs_of(blank) == []
    assert compare(blank, blank).points == 0


def test_the_letter_o_and_the_digit_are_the_same_in_a_paper():
    assert paper("passport", "TO", "TPI0405O").key == paper("passport", "TO", "TP104050").key


def test_a_phone_is_the_same_with_and_without_its_country():
    assert phone_keys("+676 771 2345") == phone_keys("7712345") == phone_keys("00676-7712345, ")


def test_a_new_passport_and_a_new_village_do_not_hide_somebody():
    assert points(passport_number="TP999888", village="Nukunuku", phone="8800111") >= ASK


def test_a_misspelt_name_and_exchanged_day_and_month_are_still_asked_about():
    assert (
        compare(
            row_card(SIONE | {"birth_date": "1994-05-07"}),
            row_card(SIONE | {"given_names": "Sioni", "birth_date": "1994-07-05"}),
        ).points
        >= ASK
    )
    assert points(birth_date="1995-05-17", passport_number=None, phone=None) >= ASK


def test_two_people_of_one_name_born_in_another_decade_are_not_asked_about():
    assert points(birth_date="1979-02-03", passport_number="TP333333", phone="5551234", village="Haakio") < ASK


def test_brothers_of_one_phone_and_village_are_not_asked_about():
    assert points(given_names="Mosese", birth_date="1998-11-02", passport_number="TP777777") < ASK


def test_the_first_of_january_is_a_year_and_no_day():
    known, unknown = row_card(SIONE | {"birth_date": "1994-01-01"}), row_card(SIONE)
    assert not known.exact
    assert ("born", "year") in [part[:2] for part in compare(known, unknown).parts]
    assert not any(sign.startswith("born") for sign, _on in signs_of(known))
    weak = compare(
        row_card({"family_name": "Tau", "given_names": "Sione", "birth_date": "1994-01-01"}),
        row_card({"family_name": "Tau", "given_names": "Sione", "birth_date": "1994-01-01"}),
    )
    assert ASK <= weak.points < STRONG


def test_the_points_are_the_sum_of_sentences_that_can_be_read():
    found = compare(row_card(SIONE), row_card(SIONE | {"sex": "F"}))
    told = sentences([list(part) for part in found.parts])
    assert sum(line["weight"] for line in told) == found.points
    assert "The sex is different." in [str(line["sentence"]) for line in told]
    assert [abs(line["weight"]) for line in told] == sorted((abs(line["weight"]) for line in told), reverse=True)


def test_every_answer_of_every_part_has_a_weight_and_a_sentence():
    for part in PARTS:
        for weight, sentence in part.weighs.values():
            assert isinstance(weight, int)
            assert str(sentence).endswith(".")


def test_comparing_is_the_same_whichever_is_named_first():
    a, b = row_card(SIONE), row_card(SIONE | {"given_names": "Sioni", "passport_number": "TPI04050"})
    assert compare(a, b).points == compare(b, a).points


def test_facts_that_are_not_compared_change_no_digest():
    assert row_card(SIONE).digest() == row_card(SIONE | {"languages": "Tongan"}).digest()
    assert row_card(SIONE).digest() != row_card(SIONE | {"phone": "8811223"}).digest()


def test_a_precise_day_is_known_only_where_the_record_says_so():
    assert Card(None, born=date(1994, 5, 17)).exact is False
    assert row_card(SIONE | {"birth_precision": "year"}).exact is False
