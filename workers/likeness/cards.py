"""A card: what is compared of a person, whoever they are: recorded, in a row of a sheet, or being typed."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from .names import Reading, readings, words

MOST_AT_ONCE = 5000
# National numbers have seven digits or more in all countries of origin served (ITU-T E.164 allows up to fifteen); with
# the last seven a number is the same with and without its country and its leading zero.
PHONE_TAIL = 7
_MIXED = str.maketrans("OI", "01")


@dataclass(frozen=True, slots=True)
class Paper:
    """A passport or national ID: the number as compared (O as 0, I as 1) and as written."""

    kind: str
    country: str
    key: str
    number: str


@dataclass(frozen=True, slots=True)
class Card:
    """The compared facts of one person. ``id`` is None for somebody who is not recorded yet."""

    id: int | None
    names: tuple[Reading, ...] = ()
    sex: str = ""
    born: date | None = None
    exact: bool = False
    nationality: str = ""
    village: str = ""
    phones: frozenset[str] = frozenset()
    email: str = ""
    papers: frozenset[Paper] = frozenset()
    code: str = ""
    recruiter_id: int | None = None

    def digest(self) -> str:
        """SHA-256 over what is compared: another one means that facts changed."""
        papers = sorted((p.kind, p.country, p.key) for p in self.papers)
        facts = (
            sorted(r.words for r in self.names), self.sex, self.born, self.exact, self.nationality, self.village,
            sorted(self.phones), self.email, papers,
        )  # fmt: skip
        return hashlib.sha256(repr(facts).encode()).hexdigest()


def digest_of(a: Card, b: Card) -> str:
    """One digest for the facts of two people, whichever is named first."""
    return hashlib.sha256("".join(sorted((a.digest(), b.digest()))).encode()).hexdigest()


def phone_keys(phone: str) -> frozenset[str]:
    """The last digits of each number in the cell; a number too short to tell people apart gives none."""
    if (
        phone[1:].isdecimal() and phone[0] == "+" and phone.isascii()
    ):  # as most are written: one number, no signs between
        alone = phone[-PHONE_TAIL:]
        told = len(phone) > PHONE_TAIL and phone.count(phone[1]) < len(phone) - 1
        return frozenset((alone,)) if told else frozenset()
    numbers = (re.sub(r"\D", "", part) for part in re.split(r"[,;/]", phone))
    return frozenset(number[-PHONE_TAIL:] for number in numbers if len(number) >= PHONE_TAIL and len(set(number)) > 1)


def paper_key(number: str | None) -> str:
    """The number of a paper as compared; nothing for a blank or malformed one, which matches no one."""
    key = (number or "").upper()
    if not (key.isalnum() and key.isascii()):
        key = re.sub(r"[^A-Z0-9]", "", key)
    key = key.translate(_MIXED)
    if len(key) < 5 or key.isalpha() or key.count(key[0]) == len(key):
        return ""
    return key


def paper(kind: str, country: str | None, number: str | None) -> Paper | None:
    """A paper as compared; None for a blank or malformed number."""
    key = paper_key(number)
    return Paper(kind, country or "", key, number or "") if key else None


def known_day(born: str, precision: str | None) -> bool:
    """Whether an ISO date of birth is known to the day. A record of 1 January may only mean the year: it never is."""
    return (precision or "day") == "day" and not born.endswith("-01-01")


def card(facts: Mapping[str, Any], id: int | None = None, papers: Iterable[Paper | None] = ()) -> Card:
    """A card from the columns of a person, of a cleaned row or of a form; what is blank stays blank."""
    get = facts.get
    born = get("birth_date") or None
    born = date.fromisoformat(born) if isinstance(born, str) else born
    exact = born is not None and known_day(born.isoformat(), get("birth_precision"))
    sex = get("sex") or ""
    return Card(
        id, readings(get("family_name") or "", get("given_names") or "", get("passport_name") or ""),
        "" if sex == "N" else sex, born, exact, get("nationality") or "", "".join(words(get("village") or "")),
        phone_keys(get("phone") or ""), (get("email") or "").strip().lower(),
        frozenset(p for p in papers if p is not None), get("worker_code") or get("worker_id") or "",
        get("recruiter_id"),
    )  # fmt: skip


def row_card(values: Mapping[str, Any]) -> Card:
    """The card of a cleaned row of a sheet of workers, or of the form."""
    nationality = values.get("nationality")
    return card(values, papers=[
        paper("passport", values.get("passport_country") or nationality, values.get("passport_number")),
        paper("national id", nationality, values.get("national_id")),
    ])  # fmt: skip


def cards(ids: Iterable[int]) -> dict[int, Card]:
    """The cards of these people, as far as the scope sees them, in one statement. Replaced papers count: they are how
    somebody with a new passport is known again."""
    with connection.cursor() as cursor:
        cursor.execute(_CARDS, [list(ids)])
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {
        row["id"]: card(row, row["id"], [paper(*each) for each in row["papers"] or ()]) for row in rows
    }  # fmt: skip


_CARDS = """
select p.id, p.worker_code, p.recruiter_id, p.family_name, p.given_names, p.passport_name, p.sex, p.birth_date,
  p.birth_precision, p.nationality, p.village, c.phone, c.email,
  (select array_agg(array[d.kind, d.country, d.number]) from workers_identitydocument d
   where d.person_id = p.id and d.kind in ('passport', 'national id')) as papers
from workers_person p left join workers_personcontact c on c.person_id = p.id
where p.id = any(%s)
"""
