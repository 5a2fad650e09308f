"""The de-identified variant of a list of persons: for analysis by somebody who need not know who anybody is.

What is left out: names, contact, numbers of papers, free text, who recorded what, and every column that is not said
to stay (``Cell.apart``). What is changed, the same way for every list of one pilot that goes to one recipient:

* a person is a code, made with a secret key from pilot and recipient: two recipients cannot join their files, nobody
  can reckon back, and the same person is the same code in the next file;
* all days of a person are moved by the same number of days, between 90 back and 90 on and never none: how long something
  took stays true;
* a year of birth is a span of five years; a word that fewer than five persons of the file share is "other";
* rows come in an order that tells nothing.

It lowers what can be guessed and does not make a file public: amounts stay exact.
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

from .listings import AGE, DAY, DROP, GROUP, PERSON, SHIFT, TEXT, Cell, Plan
from .rows import stream, typed

DAYS: Final = 90
FEWEST: Final = 5
SPAN: Final = 5


@dataclass(frozen=True, slots=True)
class Key:
    """The secret of one pilot and one recipient."""

    secret: bytes

    def code(self, person_id: int) -> str:
        """The code of a person: the same for ever, for this recipient."""
        return "P-" + base64.b32encode(self._hash("code", person_id)).decode()[:12]

    def days(self, person_id: int) -> int:
        """By how many days everything about this person is moved: -90…-1 or 1…90."""
        drawn = int.from_bytes(self._hash("days", person_id)[:8]) % (2 * DAYS)
        return drawn - DAYS if drawn < DAYS else drawn - DAYS + 1

    def order(self) -> str:
        """Letters to mix the order of rows with."""
        return self._hash("order", 0).hex()[:16]

    def _hash(self, what: str, number: int) -> bytes:
        return hmac.digest(self.secret, f"{what}:{number}".encode(), hashlib.sha256)


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


def without_persons(plan: Plan, recipient: str) -> Apart:
    """The de-identified rows of a list of persons. ValueError for a list that is not about persons."""
    if not plan.person or plan.values is not None:
        raise ValueError("only lists of persons have a de-identified variant")
    key = key_for(plan.pilot_id, recipient)
    kept = [_banded(cell) for cell in plan.cells if cell.apart != DROP]
    if kept[0].apart != PERSON:
        raise ValueError("the first column that stays is the person's code")
    mixed = replace(plan, order=f"md5({plan.person}::text || '{key.order()}'), {plan.person}")
    general = {n: _general(plan, cell) for n, cell in enumerate(kept) if cell.apart == GROUP}
    changes = [_change(cell, key, general.get(n, {})) for n, cell in enumerate(kept)]
    expressions = [plan.person if cell.apart == PERSON else _plain(cell) for cell in kept]
    rows = stream(mixed, [*expressions, plan.person])
    shown = tuple(replace(cell, form=TEXT) if cell.apart == GROUP else cell for cell in kept)
    return Apart(shown, _changed(key, rows, changes))


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


def _change(cell: Cell, key: Key, general: dict[str, str]) -> Callable[[Any, int, int], Any]:
    if cell.apart == PERSON:
        return lambda _value, person, _days: key.code(person)
    if cell.apart == SHIFT:
        return lambda value, _person, days: value + timedelta(days=days) if isinstance(value, date) else None
    if cell.apart == GROUP:
        return lambda value, _person, _days: None if value is None else general.get(str(value), str(value))
    return lambda value, _person, _days: value


def _changed(key: Key, rows: Iterable[tuple], changes: list[Callable[[Any, int, int], Any]]) -> Iterator[tuple]:
    before, days = None, 0
    for *values, person in rows:
        if person != before:  # rows of one person stand together
            before, days = person, key.days(person)
        yield tuple(change(value, person, days) for change, value in zip(changes, values, strict=True))


def facts() -> list[tuple[str, str]]:
    """What was done, in words, for the file itself."""
    return [
        (_("Left out"), _("Names, contact details, numbers of papers, free text and notes.")),
        (_("Persons"), _("Each person is a code that only this recipient gets and that nobody can reckon back. The same person has the same code in every file of this pilot for this recipient.")),
        (_("Days"), _("All days of one person are moved by the same number of days, between %(n)s back and %(n)s on. How long something took is true; the day is not.") % {"n": DAYS}),
        (_("Years of birth"), _("In spans of %(n)s years.") % {"n": SPAN}),
        (_("Rare words"), _("What fewer than %(n)s persons of this file share is “other”.") % {"n": FEWEST}),
        (_("Please"), _("Do not try to find out who anybody is, and do not pass the file on.")),
    ]  # fmt: skip
