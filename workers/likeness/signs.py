"""By what two look-alikes are found at all: they share a sign. Comparing everybody with everybody is never done.

Two passes in union, as measured: the name code near the date of birth (finds wrong dates, misses a changed first letter)
and the date of birth with the nationality and the sound of one word without its first letter (finds what the first pass
misses; the date alone would make a hundred strangers of a large pilot candidates for every row). Papers and phones are signs of
their own. A date that is not known to the day is no sign, or all who "were born on 1 January" would be compared with each other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from django.db import connection

from .cards import Card, known_day, paper_key, phone_keys
from .names import codes, digits, words

NEAR_DAYS: Final = 400  # a wrong year, or day and month exchanged, and some days more
LONGEST: Final = 80


def signs_of(card: Card) -> list[tuple[str, date | None]]:
    """(sign, the date near which it counts) of a card; the date is None for a sign that needs none."""
    written = [reading.words for reading in card.names]
    born = card.born.isoformat() if card.born and card.exact else ""
    near, alone = _signs(written, born, card.nationality, (paper.key for paper in card.papers), card.phones)
    return [(sign[:LONGEST], card.born) for sign in near] + [(sign[:LONGEST], None) for sign in alone]


def _signs(
    written: list[tuple[str, ...]], born: str, nationality: str, papers: Iterable[str], phones: Iterable[str]
) -> tuple[list[str], list[str]]:
    """The signs that count near the date of birth, and those that count alone. ``born``: ISO, where known to the day."""
    near = [f"name {code}" for code in codes(*written)]
    alone = [f"paper {key}" for key in dict.fromkeys(papers)]
    alone += [f"phone {phone}" for phone in phones]
    if born:
        day = f"born {born.replace('-', '')} {nationality} "
        alone += [day + sound for sound in digits(*written)]
    return near, alone


# The columns of a row of a sheet that give signs.
OF_A_ROW: Final = (
    "family_name", "given_names", "passport_name", "birth_date", "birth_precision", "nationality", "phone",
    "passport_number", "national_id",
)  # fmt: skip


def row_line(n: int, row: Sequence[str | None]) -> str:
    """A line of COPY with the signs of a row, of its cells in the order of ``OF_A_ROW``: the same as ``signs_of`` its card,
    without making one. A sign holds small letters, figures and blanks alone, so an array of them needs no quotation marks."""
    family, given, passport, born, precision, nationality, phone, number, national = row
    written = [words(family or "") + words(given or "")]
    if passport:
        written.append(words(passport))
    known = born if born and known_day(born, precision) else ""
    papers = [key for key in (paper_key(number), paper_key(national)) if key]
    near, alone = _signs(written, known, nationality or "", papers, phone_keys(phone) if phone else ())
    return f"{n}\t{born or NONE}\t{{{','.join(near)}}}\t{{{','.join(alone)}}}\n"


NONE: Final = "\\N"


def write_signs(cards: list[Card], pilot_id: int) -> None:
    """Write the signs of these people anew, two statements for all of them. Acts as the programme."""
    rows = [(card.id, card.recruiter_id, sign, on) for card in cards for sign, on in signs_of(card)]
    with connection.cursor() as cursor:
        cursor.execute("delete from workers_likenesssign where person_id = any(%s)", [[card.id for card in cards]])
        cursor.execute(
            'insert into workers_likenesssign (pilot_id, person_id, recruiter_id, sign, "on")'
            " select %s, * from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[])",
            [pilot_id, *([row[n] for row in rows] for n in range(4))],
        )


# A name without a date of birth on either side is compared with at most so many: a blank is not a key.
MOST_UNDATED = 50


# A name without a date of birth on either side is compared with at most so many: a blank is not a key.
MOST_UNDATED = 50


def candidates(cards: list[Card], pilot_id: int, *, recruiter_id: int | None = None) -> dict[int, set[int]]:
    """Place in ``cards`` -> ids of the people who share a sign, among those the scope sees; one statement.

    ``recruiter_id`` narrows the search to that recruiter's people before any row is read, so that its cost does not
    depend on anybody else's.
    """
    asked = [(n, sign, on, card.id) for n, card in enumerate(cards) for sign, on in signs_of(card)]
    given = {key: [row[n] for row in asked] for n, key in enumerate(("n", "sign", "day", "self"))}
    with connection.cursor() as cursor:
        cursor.execute(_OF_CARDS.format(**_whose(recruiter_id)), given | _given(pilot_id, recruiter_id))
        found: dict[int, set[int]] = {}
        for n, person in cursor.fetchall():
            found.setdefault(n, set()).add(person)
    return found


@contextmanager
def staged() -> Iterator[None]:
    """The table of one transaction in which the signs of a sheet's rows are laid down by COPY, a line of ``row_line`` each."""
    with connection.cursor() as cursor:
        cursor.execute("create temp table alike_asked (n int, day date, near text[], alone text[]) on commit drop")
        yield
        cursor.execute("drop table pg_temp.alike_asked")


def row_candidates(pilot_id: int, *, recruiter_id: int | None = None) -> Iterator[Mapping[int, list[int]]]:
    """As ``candidates``, of the rows laid down: row number -> ids, in packets, in the order of the rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table alike_found on commit drop as select n, array_agg(person_id) as ids"
            f" from ({_OF_ROWS.format(**_whose(recruiter_id))}) q group by n",
            _given(pilot_id, recruiter_id),
        )
        last = -1
        while True:
            cursor.execute("select n, ids from alike_found where n > %s order by n limit %s", [last, PACKET])
            found = dict(cursor.fetchall())
            if not found:
                break
            last = max(found)
            yield found
        cursor.execute("drop table pg_temp.alike_found")


PACKET: Final = 2000


def _whose(recruiter_id: int | None) -> dict[str, str]:
    return {"whose": "recruiter_id" if recruiter_id else "pilot_id"}


def _given(pilot_id: int, recruiter_id: int | None) -> dict[str, Any]:
    return {"owner": recruiter_id or pilot_id, "near": NEAR_DAYS, "most": MOST_UNDATED, "pilot": pilot_id}


_SHARED = """
select q.n, s.person_id from {dated} q join workers_likenesssign s
  on s.{{whose}} = %(owner)s and s.sign = q.sign and s."on" between q.day - %(near)s and q.day + %(near)s
where s.person_id is distinct from q.self and s.pilot_id = %(pilot)s
union
select q.n, s.person_id from {every} q join workers_likenesssign s
  on s.{{whose}} = %(owner)s and s.sign = q.sign and s."on" is null
where s.person_id is distinct from q.self and s.pilot_id = %(pilot)s
union
select q.n, s.person_id from {undated} q cross join lateral (
  select l.person_id from workers_likenesssign l where l.{{whose}} = %(owner)s and l.sign = q.sign
    and l.pilot_id = %(pilot)s limit %(most)s
) s
where s.person_id is distinct from q.self
"""
_OF_CARDS = """
with q as materialized (
  select * from unnest(%(n)s::int[], %(sign)s::text[], %(day)s::date[], %(self)s::bigint[]) as t (n, sign, day, self)
)""" + _SHARED.format(
    dated="(select * from q where day is not null)", every="q",
    undated="(select * from q where day is null and sign like 'name %%')",
)  # fmt: skip
_LAID = "(select n, day, unnest({signs}) as sign, null::bigint as self from alike_asked where {which})"
_OF_ROWS = _SHARED.format(
    dated=_LAID.format(signs="near", which="day is not null"), every=_LAID.format(signs="near || alone", which="true"),
    undated=_LAID.format(signs="near", which="day is null"),
)  # fmt: skip
