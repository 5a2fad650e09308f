"""``seek``: look-alikes among those whose facts changed, in every pilot; ``seek_all``: among everybody.

Seeking is the portal's own work, with the programme's eyes, one pilot at a time: a pair across two recruiters is the
programme's to see, and no recruiter's act or page depends on it. What was decided stays decided until a compared fact of
one of the two changes.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import connection, transaction

from accounts.scope import Scope, acting_as, operator_scope
from pilots.models import Pilot
from workers.models import LikenessMark

from .cards import MOST_AT_ONCE, Card, cards, digest_of
from .parts import ASK, Likeness, compare
from .signs import candidates, write_signs

LOCK = 7304
PROGRAMME_DB_ROLE = "lamp_programme"


@dataclass(frozen=True, slots=True)
class Sought:
    """How many people were looked at, how many pairs compared, and how many are alike."""

    people: int = 0
    compared: int = 0
    alike: int = 0

    def __add__(self, other: "Sought") -> "Sought":
        return Sought(self.people + other.people, self.compared + other.compared, self.alike + other.alike)


def seek() -> Sought:
    """Look at everybody marked since the last time, in every pilot."""
    with acting_as(operator_scope(request="likeness")):
        pilots = sorted(set(LikenessMark.objects.values_list("pilot_id", flat=True)))
    return sum((_in_pilot(pilot_id, _marked) for pilot_id in pilots), Sought())


def seek_all() -> Sought:
    """Look at everybody in every pilot: what was missed, and what other weights now say."""
    with acting_as(operator_scope(request="likeness")):
        pilots = list(Pilot.objects.order_by("pk").values_list("pk", flat=True))
    return sum((_in_pilot(pilot_id, _everybody) for pilot_id in pilots), Sought())


def seek_in(pilot_id: int) -> Sought:
    """Look at everybody of one pilot."""
    return _in_pilot(pilot_id, _everybody)


def hand_of(pilot_id: int) -> Scope:
    """The portal's own hand with the programme's eyes on one pilot."""
    return replace(operator_scope(request="likeness"), db_role=PROGRAMME_DB_ROLE, pilot_ids=(pilot_id,))


def _in_pilot(pilot_id: int, whom) -> Sought:
    """One pilot, in one transaction. Two seekers of a pilot wait for each other."""
    with transaction.atomic(), acting_as(hand_of(pilot_id)), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, pilot_id % 2**31])
        ids = whom(pilot_id)
        packets = [ids[at : at + MOST_AT_ONCE] for at in range(0, len(ids), MOST_AT_ONCE)]
        people = [_signed(packet, pilot_id) for packet in packets]
        # Signs of all stand before the first is compared: two who changed together find each other.
        return sum((_pairs(found, pilot_id) for found in people), Sought())


def _marked(pilot_id: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("delete from workers_likenessmark where pilot_id = %s returning ids", [pilot_id])
        return sorted({pk for (ids,) in cursor.fetchall() for pk in ids})


def _everybody(pilot_id: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("delete from workers_likenessmark where pilot_id = %s", [pilot_id])
        cursor.execute("select id from workers_person where pilot_id = %s order by id", [pilot_id])
        return [pk for (pk,) in cursor.fetchall()]


def _signed(ids: list[int], pilot_id: int) -> list[Card]:
    """The cards of those who are still there, their signs written; who is gone leaves no sign and no pair."""
    found = cards(ids)
    gone = [pk for pk in ids if pk not in found]
    if gone:
        with connection.cursor() as cursor:
            cursor.execute("delete from workers_likenesssign where person_id = any(%s)", [gone])
            cursor.execute("delete from workers_likepair where first_id = any(%s) or second_id = any(%s)", [gone, gone])
    write_signs(list(found.values()), pilot_id)
    return list(found.values())


def _pairs(people: list[Card], pilot_id: int) -> Sought:
    """Compare these people with their candidates and keep what came of it."""
    near = candidates(people, pilot_id)
    others = cards({pk for ids in near.values() for pk in ids})
    found: dict[tuple[int, int], tuple[Likeness, str]] = {}
    compared = 0
    for n, mine in enumerate(people):
        for pk in near.get(n, ()):
            theirs = others.get(pk)
            if theirs is None or mine.id is None:
                continue
            compared += 1
            likeness = compare(mine, theirs)
            if likeness.points >= ASK:
                found[min(mine.id, pk), max(mine.id, pk)] = likeness, digest_of(mine, theirs)
    _keep([card.id for card in people if card.id is not None], found, pilot_id)
    return Sought(len(people), compared, len(found))


def _keep(looked_at: Iterable[int], found: dict[tuple[int, int], tuple[Likeness, str]], pilot_id: int) -> None:
    rows = [(a, b, like.points, json.dumps(like.parts), facts) for (a, b), (like, facts) in sorted(found.items())]
    given = {key: [row[n] for row in rows] for n, key in enumerate(("first", "second", "points", "parts", "facts"))}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, given | {"pilot": pilot_id})
        cursor.execute(_FADE, {"ids": list(looked_at), "first": given["first"], "second": given["second"]})


# Who is merged into each other already is not asked about.
_KEEP = """
insert into workers_likepair as p (pilot_id, first_id, second_id, points, parts, facts, state, asked_again, reason)
select %(pilot)s, q.a, q.b, q.points, q.parts, q.facts, 'open', false, '' from unnest(
  %(first)s::bigint[], %(second)s::bigint[], %(points)s::int[], %(parts)s::jsonb[], %(facts)s::text[]
) as q (a, b, points, parts, facts)
where not exists (select from workers_same s where s.person_id = q.a and s.other_id = q.b)
on conflict (first_id, second_id) do update set points = excluded.points, parts = excluded.parts,
  facts = excluded.facts,
  asked_again = p.asked_again or (p.state <> 'open' and p.facts <> excluded.facts),
  state = case when p.state = 'faded' or p.facts <> excluded.facts then 'open' else p.state end
where (p.points, p.facts, p.state) is distinct from (excluded.points, excluded.facts, excluded.state)
  or p.parts <> excluded.parts
"""
# An open question whose two people are no longer alike is not asked; a decision stays.
_FADE = """
update workers_likepair p set state = 'faded' where p.state in ('open', 'later')
  and (p.first_id = any(%(ids)s) or p.second_id = any(%(ids)s))
  and not exists (select from unnest(%(first)s::bigint[], %(second)s::bigint[]) as q (a, b)
                  where q.a = p.first_id and q.b = p.second_id)
"""
