"""``look_alikes``: who may be meant already, asked before somebody is recorded: while typing, and in a checked sheet.

Only people whom the reader sees are compared, and a recruiter's search reads its own people's signs alone, so that a
rival's look-alike changes neither what is said nor what is counted. What others' people resemble is for the programme, and
is found after recording (``finding``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.roles import Kind
from accounts.scope import Scope

from . import signs
from .cards import Card, cards, row_card
from .parts import ASK, STRONG, Likeness, compare
from .signs import candidates

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Somebody recorded who resembles the one asked about."""

    card: Card
    likeness: Likeness

    @property
    def strong(self) -> bool:
        """Very alike."""
        return self.likeness.points >= STRONG


def look_alikes(asked: list[Card], pilot_id: int, *, by: Scope) -> dict[int, list[LookAlike]]:
    """Place in ``asked`` -> the people seen who are alike enough, the most alike first. Two statements."""
    return _alike(dict(enumerate(asked)), candidates(asked, pilot_id, recruiter_id=_own(by)))


def _own(by: Scope) -> int | None:
    return by.organisation_id if by.kind == Kind.RECRUITER else None


def _alike(asked: Mapping[int, Card], near: Mapping[int, Iterable[int]]) -> dict[int, list[LookAlike]]:
    """Compare each card with its candidates."""
    recorded = cards({pk for ids in near.values() for pk in ids})
    found: dict[int, list[LookAlike]] = {}
    for n, ids in near.items():
        each = (LookAlike(recorded[pk], compare(asked[n], recorded[pk])) for pk in ids if pk in recorded)
        kept = sorted((a for a in each if a.likeness.points >= ASK), key=lambda a: (-a.likeness.points, a.card.id or 0))
        if kept:
            found[n] = kept
    return found


def warn(batch: Any, by: Scope) -> None:
    """Warnings for the rows of a sheet of workers that are new, into ``trouble``: the hook of the sheets' judge.

    Reads the working tables ``sheet`` and ``judged``; called after judging, in the same transaction. The signs of all rows
    are laid down and held against those of the pilot in one statement; only rows that share one are compared.
    """
    with signs.staged(), connection.cursor() as cursor:
        last = -1
        # A packet at a time, so that a long sheet takes no more memory than a short one.
        while rows := _rows(cursor, signs.OF_A_ROW, "s.n > %s", [last], f"order by s.n limit {PACKET}"):
            last = rows[-1][0]
            with cursor.copy("copy alike_asked from stdin") as copy:
                copy.write("".join([signs.row_line(n, cells) for n, *cells in rows]))
        for near in signs.row_candidates(batch.pilot_id, recruiter_id=_own(by)):
            found = _rows(cursor, OF_A_CARD, "s.n = any(%s)", [list(near)])
            asked = {n: dict(zip(OF_A_CARD, cells, strict=True)) for n, *cells in found}
            _tell(_alike({n: row_card(values) for n, values in asked.items()}, near), asked, cursor)


PACKET = 5000
OF_A_CARD = (
    "worker_id", "family_name", "given_names", "passport_name", "sex", "birth_date", "birth_precision", "nationality",
    "village", "phone", "email", "passport_number", "passport_country", "national_id",
)  # fmt: skip


def _rows(cursor: Any, keys: tuple[str, ...], which: str, given: list[Any], order: str = "") -> list[tuple]:
    """Cells of the rows that would add somebody, each behind the row's number."""
    cursor.execute(
        f"select s.n, {', '.join('s.' + key for key in keys)} from sheet s join judged j using (n)"
        f" where j.verdict = 'new' and s.problems is null and {which} {order}",
        given,
    )
    return cursor.fetchall()


def _tell(told: Mapping[int, list[LookAlike]], rows: Mapping[int, Mapping[str, Any]], cursor: Any) -> None:
    if told:
        cursor.execute(
            "insert into trouble select * from unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[])",
            [
                list(told), ["family_name"] * len(told),
                ["~alike_strong" if found[0].strong else "~alike" for found in told.values()],
                [str(rows[n]["worker_id"] or "") for n in told],
                [", ".join(a.card.code for a in found[:MOST_NAMED]) for found in told.values()],
            ],
        )  # fmt: skip


def words() -> dict[str, str]:
    """The sentences of ``warn``, as the judge's own are."""
    return {
        "~alike_strong": _("This may be somebody recorded already: {other}. Compare before a second record is made."),
        "~alike": _("Somebody recorded resembles this person: {other}. Check whether it is the same one."),
    }
