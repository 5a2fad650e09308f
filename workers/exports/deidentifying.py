"""The de-identified variant of a list of persons: for analysis by somebody who need not know who anybody is.

What is left out: names, contact, numbers of papers, free text, who recorded what, and every column that is not said
to stay (``Cell.apart``). What is changed, the same way for every list of one pilot that goes to one recipient:

* a person is a code, made with a secret key from pilot and recipient: two recipients cannot join their files, nobody
  can reckon back, and the same person is the same code in the next file;
* all days of a person are moved by the same number of days, half a year back or on at most and never none, and given
  by the Monday of their week. A row of months would show the calendar through any move (28 days are a February), so what
  comes again and again, as pay, costs and deductions do, is given by a month, moved by whole months;
* a year of birth is a span of five years; a word that fewer than five persons of the file share is "other"; a word that
  somebody typed (an employer, a site, an occupation) is a code, because it may name anybody; no combination of what may
  be known of a person (``crowds.QUASI``) is shared by fewer than five;
* rows come in an order that tells nothing.

A file is always of a whole pilot and of twenty persons at least: two files that differ by a filter would tell who is in
the one and not in the other. It lowers what can be guessed and does not make a file public: amounts stay exact.
"""

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from . import crowds
from .listings import AGE, CODE, DAY, DROP, GROUP, MONTH, PERSON, SHIFT, TEXT, Cell, Plan
from .rows import stream, typed

DAYS: Final = 182
MONTH_DAYS: Final = 30.4
FEWEST: Final = 5
CROWD: Final = 20  # so many persons at least; among fewer somebody who knows them finds each
SPAN: Final = 5
WHOLE: Final = frozenset({"pilot"})  # the one filter that a file may have: its key is of the pilot
Change = Callable[[Any, int, "Moved"], Any]


class TooNarrow(ValueError):
    """A list that would single persons out; the sentence says why and what to ask for instead."""


@dataclass(frozen=True, slots=True)
class Key:
    """The secret of one pilot and one recipient."""

    secret: bytes

    def code(self, person_id: int) -> str:
        """The code of a person: the same for ever, for this recipient."""
        return "P-" + base64.b32encode(self._hash("code", person_id)).decode()[:12]

    def word(self, column: str, word: str) -> str:
        """The code of a word that somebody typed: the same in every list in which the column stands."""
        plain = " ".join(word.casefold().split())
        return "W-" + base64.b32encode(self._hash(f"word {column} {plain}", 0)).decode()[:8]

    def moved(self, person_id: int) -> "Moved":
        """By how much everything about this person is moved."""
        drawn = int.from_bytes(self._hash("days", person_id)[:8]) % (2 * DAYS)
        days = drawn - DAYS if drawn < DAYS else drawn - DAYS + 1
        return Moved(days, round(days / MONTH_DAYS) or (1 if days > 0 else -1))

    def order(self) -> str:
        """Letters to mix the order of rows with."""
        return self._hash("order", 0).hex()[:16]

    def _hash(self, what: str, number: int) -> bytes:
        return hmac.digest(self.secret, f"{what}:{number}".encode(), hashlib.sha256)


@dataclass(frozen=True, slots=True)
class Moved:
    """By how many days (-182…-1 or 1…182), and by how many months (never none) what is given by the month."""

    days: int
    months: int

    def week(self, day: date) -> date:
        """The Monday of the week in which the moved day lies."""
        moved = day + timedelta(days=self.days)
        return moved - timedelta(days=moved.weekday())

    def month(self, day: date) -> date:
        """The first day of the moved month. Months are counted, so that their lengths tell nothing."""
        number = day.year * 12 + day.month - 1 + self.months
        return date(number // 12, number % 12 + 1, 1)


def key_for(pilot_id: int | None, recipient: str) -> Key:
    """The key for a recipient, whose name counts without case, accents and double blanks."""
    plain = unicodedata.normalize("NFKD", recipient.casefold())
    whom = " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())
    return Key(salted_hmac("workers.exports", f"{pilot_id or 0}|{whom}", algorithm="sha256").digest())


@dataclass(frozen=True, slots=True)
class Apart:
    """A plan without who it is about: the columns that stay and the rows."""

    cells: tuple[Cell, ...]
    rows: Iterable[tuple]


def refuse_narrow(plan: Plan, given: Iterable[str]) -> None:
    """Raise TooNarrow for a list with a filter (``given``: their names), or of too few persons."""
    if set(given) - WHOLE:
        raise TooNarrow(
            _("A file without persons is of the whole pilot: beside another one, a part of it would tell who is in it. Take the filters away.")
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(plan.select([f"count(distinct {plan.person})"], ordered=False), plan.params)
        (persons,) = cursor.fetchone()
    if persons < CROWD:
        raise TooNarrow(
            _("This list is about fewer than %(n)s persons. So few can be told apart by what is left of them, so no file without persons is made.") % {"n": CROWD}
        )  # fmt: skip


def without_persons(plan: Plan, recipient: str) -> Apart:
    """The de-identified rows of a list of persons. ValueError for a list that is not about persons."""
    if not plan.person or plan.values is not None:
        raise ValueError("only lists of persons have a de-identified variant")
    key = key_for(plan.pilot_id, recipient)
    standing = [cell.instead or cell for cell in plan.cells]
    kept = [_banded(cell) for cell in standing if cell.apart != DROP]
    if kept[0].apart != PERSON:
        raise ValueError("the first column that stays is the person's code")
    mixed = replace(plan, order=f"md5({plan.person}::text || '{key.order()}'), {plan.person}")
    general = {n: _general(plan, cell) for n, cell in enumerate(kept) if cell.apart in (GROUP, CODE)}
    changes = [_change(cell, key, general.get(n, {})) for n, cell in enumerate(kept)]
    expressions = [plan.person if cell.apart == PERSON else _plain(cell) for cell in kept]
    together = _together(plan, kept, general)
    rows = (_crowded(row, together) for row in stream(mixed, [*expressions, plan.person]))
    shown = tuple(replace(cell, form=TEXT) if cell.apart in (GROUP, CODE) else cell for cell in kept)
    return Apart(shown, _changed(key, rows, changes))


@dataclass(frozen=True, slots=True)
class _Together:
    """The places of the columns that are looked at together, what the words there are made first, and what stands in the file
    for each combination that too few share."""

    places: tuple[int, ...]
    general: tuple[dict[str, str], ...]
    stands: dict[crowds.Words, crowds.Words]

    def words(self, row: tuple) -> crowds.Words:
        """The combination of a row."""
        return tuple(
            None if row[at] is None else general.get(str(row[at]), str(row[at]))
            for at, general in zip(self.places, self.general, strict=True)
        )


def _together(plan: Plan, kept: list[Cell], general: dict[int, dict[str, str]]) -> _Together:
    places = tuple(at for at, cell in enumerate(kept) if cell.key in crowds.QUASI and cell.apart in (GROUP, CODE))
    looked = _Together(places, tuple(general[at] for at in places), {})
    if not places:
        return looked
    order = sorted(range(len(places)), key=lambda n: crowds.QUASI.index(kept[places[n]].key))
    narrow = replace(looked, places=tuple(range(len(places))))
    found = stream(replace(plan, order=""), [*(_plain(kept[at]) for at in places), plan.person])
    stands = crowds.settled(((narrow.words(row), row[-1]) for row in found), order, FEWEST, _("other"))
    return replace(looked, stands=stands)


def _crowded(row: tuple, together: _Together) -> tuple:
    stands = together.stands.get(together.words(row)) if together.stands else None
    if stands is None:
        return row
    changed = list(row)
    for at, word in zip(together.places, stands, strict=True):
        changed[at] = word
    return tuple(changed)


def _banded(cell: Cell) -> Cell:
    """A date of birth as its span of years, which is then a word among words."""
    if cell.apart != AGE:
        return cell
    year = f"substring(({cell.sql})::text from '[0-9]{{4}}')::int"
    band = f"case when {cell.sql} is not null then {year} / {SPAN} * {SPAN} || '–' || {year} / {SPAN} * {SPAN} + {SPAN - 1} end"
    return replace(cell, sql=band, form=TEXT, apart=GROUP)


def _plain(cell: Cell) -> str:
    return cell.sql if cell.form == DAY else typed(cell)


def _general(plan: Plan, cell: Cell) -> dict[str, str]:
    """Word -> "other", for the words of fewer than five persons, and for the next rarest while those are too few together."""
    with connection.cursor() as cursor:
        cursor.execute(
            plan.select([f"({typed(cell)})::text", f"count(distinct {plan.person})"], ordered=False) + " group by 1", plan.params
        )  # fmt: skip
        found = sorted(((n, word) for word, n in cursor.fetchall() if word not in (None, "")), key=lambda pair: pair)
    other, together = _("other"), 0
    answer: dict[str, str] = {}
    for number, word in found:
        if number >= FEWEST and (not answer or together >= FEWEST):
            break
        answer[word], together = other, together + number
    return answer


def _change(cell: Cell, key: Key, general: dict[str, str]) -> Change:
    if cell.apart == PERSON:
        return lambda _value, person, _moved: key.code(person)
    if cell.apart == SHIFT:
        return lambda value, _person, moved: moved.week(value) if isinstance(value, date) else None
    if cell.apart == MONTH:
        return lambda value, _person, moved: moved.month(value) if isinstance(value, date) else None
    if cell.apart == GROUP:
        return lambda value, _person, _moved: None if value is None else general.get(str(value), str(value))
    if cell.apart == CODE:
        codes: dict[str, str] = {}
        return lambda value, _person, _moved: (
            None if value in (None, "") else _coded(key, cell, str(value), general, codes)
        )
    return lambda value, _person, _moved: value


def _coded(key: Key, cell: Cell, word: str, general: dict[str, str], codes: dict[str, str]) -> str:
    if word not in codes:
        codes[word] = general.get(word) or (word if word == _("other") else key.word(cell.key, word))
    return codes[word]


def _changed(key: Key, rows: Iterable[tuple], changes: list[Change]) -> Iterator[tuple]:
    before, moved = None, Moved(0, 0)
    for *values, person in rows:
        if person != before:  # rows of one person stand together
            before, moved = person, key.moved(person)
        yield tuple(change(value, person, moved) for change, value in zip(changes, values, strict=True))


def facts() -> list[tuple[str, str]]:
    """What was done, in words, for the file itself."""
    return [
        (_("Left out"), _("Names, contact details, numbers of papers, free text and notes.")),
        (_("Persons"), _("Each person is a code that only this recipient gets and that nobody can reckon back. The same person has the same code in every file of this pilot for this recipient.")),
        (_("Days"), _("All days of one person are moved by the same number of days, between %(n)s back and %(n)s on, and given by the Monday of their week. Pay, costs and deductions are given by a month, moved by whole months. How long something took is true to the week; the day is not.") % {"n": DAYS}),
        (_("Years of birth"), _("In spans of %(n)s years.") % {"n": SPAN}),
        (_("Rare words"), _("What fewer than %(n)s persons of this file share is “other”.") % {"n": FEWEST}),
        (_("Together"), _("No combination of sex, years of birth, nationality, province, languages, family, cohort and recruiter is shared by fewer than %(n)s persons of this file; where it would be, some of them are “other”.") % {"n": FEWEST}),
        (_("Typed words"), _("Employers, sites, recruiters, lenders, occupations and courses are codes, the same in every file of this pilot for this recipient. Deductions under names that are not common are one column.")),
        (_("Whom it is about"), _("A whole pilot, and %(n)s persons at least.") % {"n": CROWD}),
        (_("Please"), _("Do not try to find out who anybody is, and do not pass the file on.")),
    ]  # fmt: skip
