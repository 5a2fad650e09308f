"""An invented world of people in which it is known who is recorded twice: seeded, so that two runs are equal.

The mess is that of real lists: a new passport in the second season, letters lost or exchanged, names in the other order, a
name left out, a title that came later, day and month exchanged, only the year known, another phone, another village. And
strangers who share a family name, a village, a phone of the family, or a first of January.
"""

import random
from datetime import date, timedelta
from typing import Any

FIRST = date(1975, 1, 1)
DAYS = 11_000  # up to 2005
FAMILIES, GIVENS, VILLAGES = 300, 400, 80
Row = dict[str, Any]


def world(people: int, *, twice: float = 0.05, seed: int = 20261122) -> list[tuple[int, Row]]:
    """(who it truly is, the record) for ``people`` people, of whom a share is recorded a second time."""
    draw = random.Random(seed)
    families, givens = ([_name(draw) for _n in range(many)] for many in (FAMILIES, GIVENS))
    villages = [_name(draw) for _n in range(VILLAGES)]
    rows = []
    for who in range(people):
        row = _person(draw, who, families, givens, villages)
        rows.append((who, row))
        if draw.random() < twice:
            rows.append((who, _again(draw, who, row, villages)))
    draw.shuffle(rows)
    return rows


def _name(draw: random.Random) -> str:
    parts = draw.randint(2, 4)
    return "".join(draw.choice("fhklmnpstv") + draw.choice("aeiou") for _n in range(parts)).capitalize()


def _person(draw: random.Random, who: int, families: list[str], givens: list[str], villages: list[str]) -> Row:
    born = FIRST + timedelta(days=draw.randrange(DAYS))
    if draw.random() < 0.05:
        born = date(born.year, 1, 1)
    # Few surnames: the first of the list are the most common, as on islands.
    family = families[int(FAMILIES * draw.random() ** 2)]
    given = " ".join(draw.sample(givens, draw.choice((1, 1, 2))))
    home = draw.randrange(VILLAGES)
    return {
        "worker_id": f"D{who}", "family_name": family, "given_names": given, "sex": draw.choice("FM"),
        "birth_date": born.isoformat(), "nationality": "TO", "village": villages[home],
        "phone": f"77{draw.randrange(100_000):05d}" if draw.random() < 0.8 else "",
        "passport_number": f"T{draw.randrange(10**6):06d}", "passport_country": "TO",
    }  # fmt: skip


def _again(draw: random.Random, who: int, row: Row, villages: list[str]) -> Row:
    """The second record of somebody: each kind of change with its own chance."""
    again = row | {"worker_id": f"E{who}"}
    if draw.random() < 0.7:
        again["passport_number"] = f"T{draw.randrange(10**6):06d}"
    if draw.random() < 0.5:
        again["phone"] = f"88{draw.randrange(100_000):05d}" if draw.random() < 0.6 else ""
    if draw.random() < 0.2:
        again["village"] = draw.choice(villages)
    if draw.random() < 0.3:
        field = draw.choice(("family_name", "given_names"))
        again[field] = _misspelt(draw, again[field])
    if draw.random() < 0.15:
        again["family_name"], again["given_names"] = again["given_names"], again["family_name"]
    if draw.random() < 0.1:
        again["given_names"] = "Pastor " + again["given_names"]
    if draw.random() < 0.08:
        again["family_name"] = ""
    born = date.fromisoformat(row["birth_date"])
    chance = draw.random()
    if chance < 0.08 and born.day <= 12:
        again["birth_date"] = born.replace(month=born.day, day=born.month).isoformat()
    elif chance < 0.14:
        again["birth_date"] = f"{born.year}-01-01"
    elif chance < 0.2:
        again["birth_date"] = born.replace(day=draw.randint(1, 28)).isoformat()
    return again


def _misspelt(draw: random.Random, name: str) -> str:
    at = draw.randrange(1, len(name))
    return draw.choice((name[:at] + name[at + 1 :], name[:at] + draw.choice("aeiouhst") + name[at + 1 :],
                        name[:at] + name[at - 1] + name[at:]))  # fmt: skip


def truth(rows: list[tuple[int, Row]]) -> set[tuple[str, str]]:
    """The pairs of Worker IDs that are one person."""
    first: dict[int, str] = {}
    pairs = set()
    for who, row in rows:
        if who in first:
            pairs.add((min(first[who], row["worker_id"]), max(first[who], row["worker_id"])))
        first[who] = row["worker_id"]
    return pairs
