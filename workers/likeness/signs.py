"""By what two look-alikes are found at all: they share a sign. Comparing everybody with everybody is never done.

Two passes in union, as measured: the name code near the date of birth (finds wrong dates, misses a changed first letter)
and the date of birth with the nationality (finds any spelling). Papers and phones are signs of their own. A date that is
not known to the day is no sign, or all who "were born on 1 January" would be compared with each other.
"""

from datetime import date
from typing import Any

from django.db import connection

from .cards import Card
from .names import codes

NEAR_DAYS = 400  # a wrong year, or day and month exchanged, and some days more


def signs_of(card: Card) -> list[tuple[str, date | None]]:
    """(sign, the date near which it counts) of a card; the date is None for a sign that needs none."""
    found: list[tuple[str, date | None]] = [(f"name {code}", card.born) for code in codes(card.names)]
    if card.born and card.exact:
        found.append((f"born {card.born:%Y%m%d} {card.nationality}", None))
    found += [(f"paper {paper.key}", None) for paper in card.papers]
    found += [(f"phone {phone}", None) for phone in card.phones]
    return [(sign[:80], on) for sign, on in dict.fromkeys(found)]


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


def candidates(cards: list[Card], pilot_id: int, *, recruiter_id: int | None = None) -> dict[int, set[int]]:
    """Place in ``cards`` -> ids of the people who share a sign, among those the scope sees; one statement.

    ``recruiter_id`` narrows the search to that recruiter's people before any row is read, so that its cost does not
    depend on anybody else's.
    """
    asked = [(n, sign, on, card.id) for n, card in enumerate(cards) for sign, on in signs_of(card)]
    whose, owner = ("recruiter_id", recruiter_id) if recruiter_id else ("pilot_id", pilot_id)
    given: dict[str, Any] = {"owner": owner, "near": NEAR_DAYS, "most": MOST_UNDATED, "pilot": pilot_id}
    given |= {key: [row[n] for row in asked] for n, key in enumerate(("n", "sign", "day", "self"))}
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES.format(whose=whose), given)
        found: dict[int, set[int]] = {}
        for n, person in cursor.fetchall():
            found.setdefault(n, set()).add(person)
    return found


_CANDIDATES = """
with q as materialized (
  select * from unnest(%(n)s::int[], %(sign)s::text[], %(day)s::date[], %(self)s::bigint[]) as t (n, sign, day, self)
)
select q.n, s.person_id from q join workers_likenesssign s
  on s.{whose} = %(owner)s and s.sign = q.sign and s."on" between q.day - %(near)s and q.day + %(near)s
where q.day is not null and s.person_id is distinct from q.self and s.pilot_id = %(pilot)s
union
select q.n, s.person_id from q join workers_likenesssign s
  on s.{whose} = %(owner)s and s.sign = q.sign and s."on" is null
where s.person_id is distinct from q.self and s.pilot_id = %(pilot)s
union
select q.n, s.person_id from q cross join lateral (
  select l.person_id from workers_likenesssign l where l.{whose} = %(owner)s and l.sign = q.sign
    and l.pilot_id = %(pilot)s limit %(most)s
) s
where q.day is null and q.sign like 'name %%' and s.person_id is distinct from q.self
"""
