"""What is compared, what each answer weighs, and from how many points on two people are shown to somebody.

``PARTS`` is the table to edit. Weights follow Fellegi and Sunter (1969): the logarithm to base 2 of how much more often
an answer is given by one person recorded twice than by two strangers found by the same signs, rounded, as estimated on
the invented world of ``bench/likeness.py``, where the right answers are known; the reason stands beside each. The
thresholds are the least that reach the recall stated in ``docs/performance.md`` there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import DamerauLevenshtein

from . import names
from .cards import Card

ASK: Final = 10  # shown to somebody: same name and birth year, with nothing against it, reaches this
STRONG: Final = 16  # "very alike": name and day of birth, or a paper and a name

Answer = tuple[str, str]  # the code of the answer, and what the two have in common or not, as shown


@dataclass(frozen=True, slots=True)
class Part:
    """One comparison: how, and for each answer its weight and the sentence that says it."""

    code: str
    compare: Callable[[Card, Card], Answer | None]
    weighs: dict[str, tuple[int, str | Promise]]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What speaks for and against two people being one: (part, answer, weight, shown), and the sum of the weights."""

    parts: tuple[tuple[str, str, int, str], ...]

    @property
    def points(self) -> int:
        """The sum."""
        return sum(part[2] for part in self.parts)


def compare(a: Card, b: Card) -> Likeness:
    """Every part that both cards can be asked."""
    found = ((part, part.compare(a, b)) for part in PARTS)
    return Likeness(
        tuple((part.code, said[0], part.weighs[said[0]][0], said[1]) for part, said in found if said is not None)
    )


def sentences(parts: list[list]) -> list[dict[str, Any]]:
    """Kept parts as sentences with their weight, the weightiest first; a part that is no longer compared is left out."""
    known = [(PART[code].weighs[answer][1], weight, shown) for code, answer, weight, shown in parts
             if code in PART and answer in PART[code].weighs]  # fmt: skip
    return [
        {"sentence": words, "weight": weight, "shown": shown}
        for words, weight, shown in sorted(known, key=lambda row: -abs(row[1]))
        if weight
    ]


def _name(a: Card, b: Card) -> Answer | None:
    found = names.alike(a.names, b.names)
    return (found.value, "") if found else None


def _born(a: Card, b: Card) -> Answer | None:
    if a.born is None or b.born is None:
        return None
    mine, theirs = sorted((a.born, b.born))
    if not (a.exact and b.exact):
        gap = abs(a.born.year - b.born.year)
        return ("year" if gap == 0 else "near" if gap == 1 else "other"), ""
    if mine == theirs:
        return "day", ""
    if mine.year == theirs.year and (mine.month, mine.day) == (theirs.day, theirs.month):
        return "turned", ""
    same = (mine.year == theirs.year) + (mine.month == theirs.month) + (mine.day == theirs.day)
    if same == 2:
        return "digit", ""
    return ("near" if _days(mine, theirs) else "other"), ""


def _days(mine: date, theirs: date) -> bool:
    return (theirs - mine).days <= 31


def _paper(a: Card, b: Card) -> Answer | None:
    mine, theirs = {p.key: p for p in a.papers}, {p.key: p for p in b.papers}
    if not mine or not theirs:
        return None
    shared = mine.keys() & theirs.keys()
    for key in sorted(shared):
        exact = mine[key].number == theirs[key].number
        return ("number" if exact else "mixed"), mine[key].number
    close = [
        x for x in mine for y in theirs
        if mine[x].kind == theirs[y].kind and DamerauLevenshtein.distance(x, y, score_cutoff=1) <= 1
    ]  # fmt: skip
    return ("close", mine[close[0]].number) if close else ("other", "")


def _shared(name: str) -> Callable[[Card, Card], Answer | None]:
    def ask(a: Card, b: Card) -> Answer | None:
        mine, theirs = getattr(a, name), getattr(b, name)
        return (("same" if mine == theirs else "other"), "") if mine and theirs else None

    return ask


def _phone(a: Card, b: Card) -> Answer | None:
    if not a.phones or not b.phones:
        return None
    return ("same", "") if a.phones & b.phones else ("other", "")


PARTS: Final[tuple[Part, ...]] = (
    # Misspelt and shortened names are common in lists, equal ones among strangers rare outside islands of few surnames.
    Part("name", _name, {
        "same": (9, _("The names are the same.")),
        "swapped": (9, _("The names are the same with family and given names exchanged.")),
        "near": (7, _("The names differ by little.")),
        "part": (5, _("One name is a part of the other.")),
        "some": (0, _("Some of the names are alike.")),
        "other": (-7, _("The names are different.")),
    }),
    # One day in 365 and in some thirty years of age: about 2^13 to one, less what wrong dates cost. A year alone: 2^5.
    Part("born", _born, {
        "day": (8, _("Born on the same day.")),
        "turned": (6, _("The dates of birth are the same with day and month exchanged.")),
        "digit": (4, _("The dates of birth differ in the day, the month or the year alone.")),
        "year": (2, _("Born in the same year; the day is not known of both.")),
        "near": (0, _("The dates of birth are near each other.")),
        "other": (-7, _("The dates of birth are different.")),
    }),
    # A number belongs to one person; a new passport has another number, so a difference says nearly nothing.
    Part("paper", _paper, {
        "number": (12, _("The number of a paper is the same.")),
        "mixed": (11, _("The number of a paper is the same when O and 0, or I and 1, are taken for each other.")),
        "close": (5, _("The numbers of a paper differ in one place.")),
        "other": (-1, _("The papers have different numbers.")),
    }),
    # Families and villages share telephones.
    Part("phone", _phone, {
        "same": (5, _("The phone number is the same.")),
        "other": (-1, _("The phone numbers are different.")),
    }),
    Part("email", _shared("email"), {
        "same": (6, _("The e-mail address is the same.")), "other": (-1, _("The e-mail addresses are different.")),
    }),
    # People move, and villages are spelt in many ways.
    Part("village", _shared("village"), {
        "same": (2, _("They come from the same village.")), "other": (-2, _("They come from different villages.")),
    }),
    # Half of all strangers agree; few records have it wrong.
    Part("sex", _shared("sex"), {"same": (1, _("The sex is the same.")), "other": (-5, _("The sex is different."))}),
    Part("nationality", _shared("nationality"), {
        "same": (0, _("The nationality is the same.")), "other": (-4, _("The nationality is different.")),
    }),
)  # fmt: skip
PART: Final = {part.code: part for part in PARTS}
