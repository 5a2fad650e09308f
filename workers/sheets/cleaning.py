"""Cleaning one cell: what every cleaner shares, and the cleaners of text, names, numbers, choices and notes.

A cleaner is ``clean(raw, context) -> Cleaned`` and raises ``CellProblem``. ``raw`` is what the file held: text, a
number,
a date, a time or a duration. A blank cell becomes ``Cleaned(None)``; blank is never zero. Values are plain and ready
for
JSON: text, whole numbers, true and false, decimals and dates as text (``"1500.00"``, ``"2024-04-03"``).
Dates are in ``dates``, money and hours in ``amounts``, passports, phones and keys in ``identity``, words in ``words``.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

Raw = str | int | float | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None


class Cleaned(NamedTuple):
    """A clean value, sentences of doubt about it, and a ``hint`` for a neighbouring column (a currency, a
    precision)."""

    value: Any
    warnings: tuple[str, ...] = ()
    hint: str | None = None


class CellProblem(Exception):
    """A cell that cannot be taken as it is. ``message`` says what was found and what to write instead."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Context:
    """What the reader chose for the whole file, and the day on which it is read (time is an argument).

    ``date_order`` is ``dmy``, ``mdy``, ``ymd`` or None (then an ambiguous date is refused). ``currency`` is an ISO code
    for amounts without their own. ``decimal_sign`` is ``.``, ``,`` or None. ``words`` are the reader's own readings of
    words, by column: ``{"sex": {"1": "M"}}``. ``date1904``: the workbook counts days from 1904.
    ``columns`` are choices for one column, which come before those for the file: ``{"issued_on": {"date_order": "mdy"}}``;
    a ``unit`` there says over which time an amount or hours are counted (``units``).
    """

    today: datetime.date
    date_order: str | None = None
    currency: str | None = None
    decimal_sign: str | None = None
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    date1904: bool = False
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    unit: str = ""

    def of(self, key: str) -> Context:
        """The same for one column, with what was chosen for it alone."""
        chosen = self.columns.get(key)
        if not chosen:
            return self
        return replace(
            self,
            date_order=chosen.get("date_order", self.date_order),
            currency=chosen.get("currency", self.currency),
            decimal_sign=chosen.get("decimal_sign", self.decimal_sign),
            unit=chosen.get("unit", self.unit),
        )


Cleaner = Callable[[Raw, Context], Cleaned]

NOTHING = Cleaned(None)
DASHES = frozenset({"-", "--", "---", "–", "—", ".", "..", "?", "??", "n/a", "N/A", "#"})
EMPTY_WORDS = frozenset(
    {"na", "n.a.", "n.a", "nil", "none", "null", "nan", "unknown", "not known", "tba", "tbc", "xxx"}
)
EXCEL_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!"}
)
# Directions forced on the reader's eye: a name can be made to read as another.
FORCED = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufff0-\ufff8\ufffe\uffff]")
UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
SPACES = re.compile(r"\s+")
TITLE = re.compile(
    r"(?i)(mr|mrs|ms|miss|mister|madam|mme|monsieur|sr|sra|dr|prof|rev|reverend|pastor|fr|father|sister|bishop|hon|chief|"
    r"capt|captain|sgt|haji|hj|shri|smt)(\.\s*|\s+)\S"
)
GARBLED = re.compile("[\u00c2-\u00c5][\u0080-\u00bf]|\u00e2\u20ac")


def number_text(raw: float) -> str:
    """A number as a person would have typed it: 12.0 is ``12``, and no noise behind the fifteenth digit."""
    if raw != raw or raw in (float("inf"), float("-inf")):
        raise CellProblem("not_a_number", _("The cell holds a number too large to be true. Type the value again."))
    if isinstance(raw, int) or raw.is_integer():
        return str(int(raw))
    return format(raw, ".15g")


def shown(raw: Raw, longest: int = 60) -> str:
    """A cell as a person sees it, for messages and for the kept raw cell."""
    if raw is None:
        return ""
    if isinstance(raw, float):
        text = format(raw, ".15g")
    elif isinstance(raw, datetime.datetime):
        text = raw.isoformat(" ", "minutes") if raw.time() != datetime.time() else raw.date().isoformat()
    elif isinstance(raw, datetime.timedelta):
        minutes = int(raw.total_seconds() // 60)
        text = f"{minutes // 60}:{minutes % 60:02d}"
    elif isinstance(raw, datetime.date | datetime.time):
        text = raw.isoformat()
    else:
        text = SPACES.sub(" ", CONTROL.sub("\ufffd", FORCED.sub("\ufffd", str(raw)))).strip()
    return text if len(text) <= longest else text[: longest - 1] + "…"


def tidy(raw: Raw) -> str:
    """The cell as one line of text: composed letters, single spaces, no invisible signs. Blank gives ``""``."""
    if type(raw) is str:
        if raw.isascii() and raw.isprintable():
            text = raw.strip()
            if "  " in text:
                text = SPACES.sub(" ", text)
        else:
            text = _tidy_rare(raw)
        if text in DASHES:
            return ""
        if text in EXCEL_ERRORS:
            raise CellProblem(
                "excel_error",
                _("The cell shows the error %(value)s of a formula. Type the value itself.") % {"value": text},
            )
        return text
    if raw is None:
        return ""
    return number_text(raw) if isinstance(raw, int | float) else shown(raw)


def _tidy_rare(raw: str) -> str:
    if FORCED.search(raw):
        raise CellProblem(
            "forced_direction",
            _("The cell contains invisible signs that turn the direction of writing. Type the text again by hand."),
        )
    text = unicodedata.normalize("NFC", UNSEEN.sub("", raw))
    if CONTROL.search(text):
        raise CellProblem("control_signs", _("The cell contains control characters. Type the text again by hand."))
    if "\ufffd" in text:
        raise CellProblem(
            "lost_letters",
            _("Letters were lost when the file was saved (�). Save the list as .xlsx, or type the text again."),
        )
    return SPACES.sub(" ", text).strip()


def brief(raw: Raw, longest: int = 100) -> str:
    """``tidy`` for cells that hold a date, a number or a word. Longer text is refused before anything looks at it, so that
    no pattern can be made to work for ever."""
    value = tidy(raw)
    if len(value) > longest:
        raise CellProblem(
            "too_long",
            _("The text has %(length)s characters; at most %(limit)s fit here. Shorten it.")
            % {"length": len(value), "limit": longest},
        )
    # An apostrophe in front of a number tells a spreadsheet to keep it as text; it is no part of it.
    return value[1:] if value[:1] == "'" and value[1:2].isdigit() else value


def is_empty_word(text: str) -> bool:
    """Whether a text only says that nothing is known: ``n.a.``, ``nil``, ``unknown``."""
    return text.lower() in EMPTY_WORDS


def fold(word: str) -> str:
    """A word for look-up, as the data files fold theirs: no accents, lower case, no full stops or apostrophes, ``&``
    read as ``and``, every other run of punctuation or blanks one blank."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).casefold()
    plain = re.sub(r"[.'’‘`´ʻ]", "", plain).replace("&", " and ")
    return re.sub(r"[\W_]+", " ", plain).strip()


def text(longest: int = 200, key: str = "") -> Cleaner:
    """Free text of at most ``longest`` characters."""

    def clean(raw: Raw, _context: Context) -> Cleaned:
        value = tidy(raw)
        if not value:
            return NOTHING
        if len(value) > longest:
            raise CellProblem(
                "too_long",
                _("The text has %(length)s characters; at most %(limit)s fit here. Shorten it.")
                % {"length": len(value), "limit": longest},
            )
        if not value.isascii() and GARBLED.search(value):
            return Cleaned(value, (_garbled(value),))
        if value[0] in "=@" or (value[0] in "+-" and not value[1:2].isdigit()):
            return Cleaned(value, (_like_formula(value),))
        return Cleaned(value)

    return clean


def _like_formula(value: str) -> str:
    return _("“%(value)s” begins like a formula. It is kept as text and never computed. Check that it is meant so.") % {
        "value": shown(value)
    }


def _garbled(value: str) -> str:
    return _("“%(value)s” looks like letters read in the wrong encoding. Check it.") % {"value": shown(value)}


def name(longest: int = 120) -> Cleaner:
    """A person's name: letters of any script. Kept as written; nothing is split, swapped or re-cased."""
    plain = text(longest)

    def clean(raw: Raw, context: Context) -> Cleaned:
        if raw is not None and not isinstance(raw, str):
            raise CellProblem(
                "name_is_number",
                _("A name was expected and %(value)s was found.") % {"value": shown(raw)},
            )
        result = plain(raw, context)
        value = result.value
        if value is None or (value.isascii() and value.replace(" ", "").isalpha() and not TITLE.match(value)):
            return result
        if value[0] in "=@+" or (value[0] == "-" and value[1:2].isdigit()):
            raise CellProblem("looks_like_formula", _("“%(value)s” is not a name.") % {"value": shown(value)})
        if not any(c.isalpha() for c in value):
            raise CellProblem(
                "no_letters", _("“%(value)s” has no letters, so it is not a name.") % {"value": shown(value)}
            )
        warnings = result.warnings
        if TITLE.match(value):
            warnings += (
                _("The name “%(value)s” begins with a title. A name as in the passport has none.")
                % {"value": shown(value)},
            )
        if any(c.isdigit() for c in value):
            warnings += (_("The name “%(value)s” contains digits. Check it.") % {"value": shown(value)},)
        return Cleaned(value, warnings)

    return clean


def whole_number(least: int = 0, most: int = 1_000_000) -> Cleaner:
    """A whole number between two bounds."""

    def clean(raw: Raw, _context: Context) -> Cleaned:
        value = brief(raw)
        if not value or is_empty_word(value):
            return NOTHING
        if isinstance(raw, datetime.date | datetime.time | datetime.timedelta) or not re.fullmatch(
            r"-?[0-9]{1,12}(?:\.0{1,4})?", value
        ):
            raise CellProblem(
                "not_whole",
                _("“%(value)s” is not a whole number. Write digits only, such as 3.") % {"value": shown(raw)},
            )
        number = int(value.partition(".")[0])
        if not least <= number <= most:
            raise CellProblem(
                "out_of_range",
                _("%(value)s lies outside %(least)s to %(most)s.") % {"value": number, "least": least, "most": most},
            )
        return Cleaned(number)

    return clean


def choice(key: str, meanings: dict[str, str], known: tuple[str, ...] = ()) -> Cleaner:
    """One of a few words. ``meanings`` maps folded words to the code; ``known`` are the words a message proposes."""
    proposals = ", ".join(known or dict.fromkeys(meanings.values()))
    codes = {fold(code): code for code in meanings.values()}

    def clean(raw: Raw, context: Context) -> Cleaned:
        value = brief(raw)
        if not value:
            return NOTHING
        word = fold(value)
        found = context.words.get(key, {}).get(word) or meanings.get(word) or codes.get(word)
        if found is None:
            if is_empty_word(value):
                return NOTHING
            raise CellProblem(
                "unknown_word",
                _("“%(value)s” is not known here. Write one of: %(proposals)s.")
                % {"value": shown(value), "proposals": proposals},
            )
        return Cleaned(found)

    return clean


YES_WORDS = "yes y true t 1 x ja oui si sim s ok done ✓ ✔ io ya"
NO_WORDS = "no n false f 0 non nao nein not tidak leai ikai"


def yes_no(key: str) -> Cleaner:
    """True or False, from the words and signs people tick with."""
    meanings = {fold(word): True for word in YES_WORDS.split()} | {fold(word): False for word in NO_WORDS.split()}
    meanings.pop("", None)

    def clean(raw: Raw, _context: Context) -> Cleaned:
        value = brief(raw)
        if not value or is_empty_word(value):
            return NOTHING
        if value in "✓✔☑":
            return Cleaned(True)
        found = meanings.get(fold(value))
        if found is None:
            raise CellProblem(
                "not_yes_no", _("“%(value)s” is neither yes nor no. Write yes or no.") % {"value": shown(value)}
            )
        return Cleaned(found)

    return clean
