"""No combination of what may be known of a person is shared by fewer than five of them (k-anonymity), cell by cell.

A word that many share can still single somebody out beside two others: the one woman of a village who is widowed. So the
columns of ``QUASI`` that stand in a file are looked at together. Who shares a combination with too few loses words in the
order of the table, the least telling first, until enough others stand beside; everybody else keeps theirs. Who is alone to
the end takes one whole group along, so that those without any word are enough themselves.
"""

from collections.abc import Iterable, Sequence
from typing import Final

# What somebody may know of a person whom they look for, in the order in which it is given up.
QUASI: Final = (
    "languages", "dependants", "marital_status", "province", "recruiter", "cohort", "nationality", "birth_date", "sex",
)  # fmt: skip
Words = tuple[str | None, ...]


def settled(rows: Iterable[tuple[Words, int]], places: Sequence[int], fewest: int, other: str) -> dict[Words, Words]:
    """Combination -> what stands in the file for it, for those that change. ``rows``: (combination, person), in any order and
    as often as they come; ``places``: the order in which the places of a combination are given up. Keeps at most
    ``fewest`` persons of each combination."""
    whose: dict[Words, set[int]] = {}
    for words, person in rows:
        persons = whose.setdefault(words, set())
        if len(persons) < fewest:
            persons.add(person)
    answer: dict[Words, Words] = {}
    waiting, last = list(whose), []
    for given_up in range(len(places) + 1):
        out = set(places[:given_up])
        groups: dict[Words, list[Words]] = {}
        for words in waiting:
            groups.setdefault(tuple(other if at in out else word for at, word in enumerate(words)), []).append(words)
        waiting = []
        for stands, members in groups.items():
            if len(set().union(*(whose[words] for words in members))) >= fewest:
                answer.update(dict.fromkeys(members, stands))
                last = members
            else:
                waiting += members
    nothing: Words = (other,) * len(places)
    if waiting and nothing not in answer.values():
        waiting += last
    answer.update(dict.fromkeys(waiting, nothing))
    return {words: stands for words, stands in answer.items() if words != stands}
