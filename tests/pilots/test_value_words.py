"""Values of schemes stand in the reader's words; what no table names stands as the scheme has it."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pilots
from pilots.schemes.units import UNITS
from pilots.value_words import _AMOUNTS, _COUNTED, WORDS, written

# Names of offices, laws and telephone numbers, and codes of countries are no words to translate.
NAMES = {"Fair Work Ombudsman", "1800 515 131", "403", "E-9", "H-2A", "NSW", "RSE limited visa"}


def words_of(value) -> set[str]:
    """Every text of a value, through lists and classes."""
    if isinstance(value, dict):
        return words_of(value["value"])
    if isinstance(value, list):
        return set().union(*map(words_of, value))
    return {value} if isinstance(value, str) else set()


def test_every_word_of_every_scheme_is_marked_for_translation():
    left = set()
    for path in (Path(pilots.__file__).parent / "schemes").glob("*.toml"):
        for row in tomllib.loads(path.read_text()).get("parameter", []):
            if row.get("unit") in ("words", "list"):
                left |= words_of(row.get("value")) - WORDS.keys() - NAMES
    assert {word for word in left if not (len(word) == 2 and word.isupper())} == set()


def test_every_unit_has_its_words_and_agrees_with_its_number():
    own = {"money", "percent", "m", "m²", "km", "yes/no", "words", "list"}
    assert UNITS.keys() - own == _COUNTED.keys() | _AMOUNTS.keys()
    assert written(1, "days", "") == "1 day"
    assert written(30, "hours/week", "") == "30 hours/week"
    assert written(Decimal("2.5"), "months of pay", "") == "2.5 months of pay"
    assert written(Decimal("23.50"), "money/hour", "NZD").endswith("/ hour")
    assert written(50, "percent of the contract", "") == "50 % of the contract"
    assert written(("visa", "TO"), "list", "") == "visa, TO"
