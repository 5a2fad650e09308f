"""Keys, passports, phones and e-mail addresses. A blank or malformed key never matches anyone.

Letters and digits that are easily mixed (O and 0, I and 1) are named, never changed. Shapes of passport numbers by
country are what is commonly seen and not taken from a standard, so a number of another shape is a doubt, not an error.
"""

from __future__ import annotations

import datetime
import re
import unicodedata

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import words
from .cleaning import NOTHING, CellProblem, Cleaned, Cleaner, Context, Raw, brief, is_empty_word, shown

PASSPORT_SHAPES = {
    "AU": r"[A-Z]{1,2}[0-9]{7}",
    "BD": r"[A-Z]{1,2}[0-9]{7,8}",
    "FJ": r"[A-Z]?[0-9]{6,7}",
    "GT": r"[0-9]{9}",
    "ID": r"[A-Z][0-9]{7}|[A-Z][0-9]{6}",
    "IN": r"[A-Z][0-9]{7}",
    "KE": r"[A-Z]{1,2}[0-9]{6,7}",
    "KH": r"N[0-9]{7,8}",
    "LK": r"N[0-9]{7,8}",
    "NP": r"[0-9]{7,8}|[A-Z]{2}[0-9]{7}",
    "NZ": r"[A-Z]{1,2}[0-9]{6}",
    "PH": r"[A-Z]{1,2}[0-9]{6,7}[A-Z]?",
    "TH": r"[A-Z]{1,2}[0-9]{6,7}",
    "VN": r"[A-Z][0-9]{7,8}",
}
_SHAPES = {country: re.compile(shape) for country, shape in PASSPORT_SHAPES.items()}
PASSPORT = re.compile(r"[A-Z0-9]{5,12}")
DOUBTFUL = re.compile(
    r"[A-Z]{0,2}[0-9]+[OI][0-9A-Z]*|[A-Z]{0,2}[OI]+[0-9]*[OI][0-9]{2,}|[OI]{1,2}[0-9]{4,}[0-9A-Z]*|[A-Z][OI][0-9]{4,}"
)
SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
EMAIL = re.compile(r"[^@\s\"(),:;<>\[\\\]]+@([\w-]+\.)+[\w-]{2,}")
# The usual shapes, taken without a closer look: nearly every cell of such a column is different, so speed matters here.
USUAL_CODE = re.compile(r"[A-Za-z]{1,8}[-/]?[0-9]{1,20}")
USUAL_PASSPORT = re.compile(r"[A-HJ-NP-Z]{1,2}[0-9]{6,8}")
USUAL_PHONE = re.compile(r"\+?[0-9]{6,15}")
USUAL_EMAIL = re.compile(r"[a-z0-9_+-]{1,30}(?:\.[a-z0-9_+-]{1,30})?@[a-z0-9-]{1,60}(?:\.[a-z]{2,20}){1,2}")
EXACT_DIGITS = 15  # a spreadsheet keeps fifteen digits of a number and puts zeros for the rest


def _key_text(raw: Raw) -> str:
    """A key as text. A number with decimals or more digits than a spreadsheet keeps is refused."""
    if isinstance(raw, datetime.date | datetime.time | datetime.timedelta):
        raise CellProblem(
            "key_is_date",
            _("The spreadsheet turned this into a date (%(value)s). Format the cell as text and type it again.")
            % {"value": shown(raw)},
        )
    value = brief(raw, 254)
    if not isinstance(raw, str) and (
        "." in value or "e" in value or len(value.lstrip("-")) > EXACT_DIGITS or value[:1] == "-"
    ):
        raise CellProblem(
            "key_is_number",
            _("The spreadsheet holds this as the number %(value)s. Format the cell as text and type it again.")
            % {"value": shown(raw)},
        )
    if SCIENTIFIC.fullmatch(value):
        raise CellProblem(
            "key_is_number",
            _("“%(value)s” is a shortened number. Format the cell as text and type all digits.")
            % {"value": shown(value)},
        )
    return value


def code(longest: int = 40, *, key: bool = True) -> Cleaner:
    """The pilot's own code of a person (Worker ID) or another number on paper. Kept as written."""

    def clean(raw: Raw, _context: Context) -> Cleaned:
        if type(raw) is str and USUAL_CODE.fullmatch(raw):
            return Cleaned(raw)
        value = _key_text(raw)
        if not value:
            return NOTHING
        if is_empty_word(value) or not any(c.isalnum() for c in value) or value[0] in "=@+'\"`‘“":
            if is_empty_word(value):
                return NOTHING
            raise CellProblem("not_a_code", _("“%(value)s” is not a code.") % {"value": shown(value)})
        if len(value) > longest:
            raise CellProblem(
                "too_long",
                _("The text has %(length)s characters; at most %(limit)s fit here. Shorten it.")
                % {"length": len(value), "limit": longest},
            )
        if not key and not isinstance(raw, str):
            return Cleaned(value, (_zeros_lost(raw),))
        return Cleaned(value)

    return clean


def _zeros_lost(raw: Raw) -> str:
    return _(
        "The cell holds a number (%(value)s), so zeros at its start are lost if there were any. Check it, or type it "
        "as text."
    ) % {"value": shown(raw)}


def passport(raw: Raw, _context: Context) -> Cleaned:
    """A passport number: capitals and digits without spaces or dashes. The country's shape is looked at by row."""
    if type(raw) is str and USUAL_PASSPORT.fullmatch(raw):
        return Cleaned(raw)
    value = _key_text(raw)
    if not value or is_empty_word(value):
        return NOTHING
    number = unicodedata.normalize("NFKC", value) if not value.isascii() else value
    number = re.sub(r"[ ./-]", "", number).upper()
    if not PASSPORT.fullmatch(number) or not any(c.isdigit() for c in number):
        raise CellProblem(
            "not_a_passport",
            _(
                "“%(value)s” is not a passport number. It has 5 to 12 capital letters and digits; copy it from the "
                "passport."
            )
            % {"value": shown(value)},
        )
    warnings: tuple[str, ...] = ()
    if not isinstance(raw, str):
        warnings = (_zeros_lost(raw),)
    mixed = easily_mixed(number)
    return Cleaned(number, (*warnings, mixed) if mixed else warnings)


def easily_mixed(number: str) -> str | None:
    """A sentence when letters of a passport number may be digits, whatever its country; else None."""
    if not ("O" in number or "I" in number) or not DOUBTFUL.fullmatch(number):
        return None
    other = number.replace("O", "0").replace("I", "1")
    # Told in words as well, because O and 0, or I and 1, look alike in many typefaces.
    return ngettext(
        "%(value)s has a letter, O or I, in place %(places)s. The passport may have a figure there, 0 or 1: %(other)s.",
        "%(value)s has letters, O or I, in the places %(places)s. The passport may have figures there, 0 or 1: %(other)s.",
        len(_unlike(number, other)),
    ) % {"value": number, "other": other, "places": _places(number, other)}


def _unlike(one: str, other: str) -> list[int]:
    return [at for at, (a, b) in enumerate(zip(one, other, strict=True), start=1) if a != b]


def _places(one: str, other: str) -> str:
    return ", ".join(map(str, _unlike(one, other)))


def looks_right(number: str, country: str | None) -> bool:
    """Whether the country's passports are known to have this shape."""
    shape = _SHAPES.get(country or "")
    return shape is not None and shape.fullmatch(number) is not None


def passport_doubt(number: str, country: str) -> str | None:
    """A sentence when the number does not look like that country's passports, else None."""
    shape = _SHAPES.get(country)
    if shape is None or shape.fullmatch(number):
        return None
    for letters, digits in (("O", "0"), ("I", "1")):
        for swapped in (number.replace(letters, digits), number.replace(digits, letters, 1)):
            if swapped != number and shape.fullmatch(swapped):
                figure = letters in number and swapped == number.replace(letters, digits)
                return (_is_it_figures() if figure else _is_it_a_letter()) % {
                    "value": number,
                    "country": country_name(country),
                    "other": swapped,
                    "found": letters if figure else digits,
                    "meant": digits if figure else letters,
                    "places": _places(number, swapped),
                }
    return _("%(value)s does not look like a passport number of %(country)s. Check it.") % {
        "value": number,
        "country": country_name(country),
    }


def _is_it_figures() -> str:
    return _(
        "%(value)s does not look like a passport number of %(country)s. Is it %(other)s, with the figure %(meant)s and not "
        "the letter %(found)s in place %(places)s?"
    )


def _is_it_a_letter() -> str:
    return _(
        "%(value)s does not look like a passport number of %(country)s. Is it %(other)s, with the letter %(meant)s and not "
        "the figure %(found)s in place %(places)s?"
    )


def country_name(code: str) -> str:
    """A country as it is called; its code when it has no name here."""
    return words.vocabulary("country").names.get(code, code)


def phone(raw: Raw, _context: Context) -> Cleaned:
    """One or two phone numbers: digits, with + where the country stands in front; two are joined by ``, ``."""
    if type(raw) is str and USUAL_PHONE.fullmatch(raw) and not raw.startswith("00"):
        return Cleaned(raw)
    if isinstance(raw, datetime.date | datetime.time | datetime.timedelta):
        raise _no_phone(raw)
    value = brief(raw, 254)
    if not value or is_empty_word(value):
        return NOTHING
    if SCIENTIFIC.fullmatch(value):
        raise CellProblem(
            "key_is_number",
            _("“%(value)s” is a shortened number. Format the cell as text and type all digits.")
            % {"value": shown(value)},
        )
    numbers = []
    for part in re.split(r"[/,;|&]| or | and ", value):
        number = _one_phone(part, raw)
        if number and number not in numbers:
            numbers.append(number)
    if not numbers:
        raise _no_phone(raw)
    if len(numbers) > 2:
        raise CellProblem(
            "many_phones",
            _("“%(value)s” holds %(count)s phone numbers. Keep the two that reach the person best.")
            % {"value": shown(raw), "count": len(numbers)},
        )
    warnings: tuple[str, ...] = ()
    if not isinstance(raw, str):
        warnings = (
            _("The cell holds a number (%(value)s), so a 0 or + at its start is lost if there was one. Check it.")
            % {"value": shown(raw)},
        )
    return Cleaned(", ".join(numbers), warnings)


def _one_phone(part: str, raw: Raw) -> str:
    part = re.sub(r"(?i)\b(tel|phone|ph|mob|mobile|cell|whatsapp|wa|viber|home)\b[.:]?", "", part).strip(" .:'`")
    if not part:
        return ""
    part = re.sub(r"\(0\)", "", part) if part.startswith(("+", "00")) else part
    part = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", part))
    bare = re.sub(r"[ .()\u2010-\u2015-]", "", part)
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    if not re.fullmatch(r"\+?[0-9]{5,15}", bare, re.ASCII):
        raise _no_phone(raw)
    return bare


def _no_phone(raw: Raw) -> CellProblem:
    return CellProblem(
        "not_a_phone",
        _("“%(value)s” is not a phone number. Write it with the country in front, such as +678 555 1234.")
        % {"value": shown(raw)},
    )


def email(raw: Raw, _context: Context) -> Cleaned:
    """One e-mail address, the domain in small letters."""
    if type(raw) is str and USUAL_EMAIL.fullmatch(raw):
        return Cleaned(raw)
    value = brief(raw, 254)
    if not value or is_empty_word(value):
        return NOTHING
    value = re.sub(r"(?i)^mailto:", "", value).strip("<> ;,")
    if len(value) > 254 or not EMAIL.fullmatch(value) or ".." in value:
        raise CellProblem(
            "not_an_email",
            _("“%(value)s” is not an e-mail address. Write one address, such as name@example.org.")
            % {"value": shown(raw)},
        )
    local, _at, domain = value.rpartition("@")
    return Cleaned(f"{local}@{domain.lower()}")
