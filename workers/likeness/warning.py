"""``alike``: who may be meant already, asked before somebody is recorded: while typing, and in a checked sheet.

Only people whom the reader sees are compared, and a recruiter's search reads its own people's signs alone, so that a
rival's look-alike changes neither what is said nor what is counted. What others' people resemble is for the programme, and
is found after recording (``finding``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.roles import Kind
from accounts.scope import Scope
from workers.models import LikePair

from .cards import Card, cards, row_card
from .parts import ASK, STRONG, Likeness, compare
from .signs import candidates

PACKET = 2000
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


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """A row of a sheet, the sentence of its warning, and whom it resembles, the most alike first."""

    row: int
    sentence: str
    look_alikes: tuple[LookAlike, ...]


def alike(pilot_id: int, rows: Mapping[int, Mapping[str, Any]], *, by: Scope) -> list[AlikeRow]:
    """Warnings for rows of a sheet of workers that would add somebody: row number -> clean values. Never a refusal."""
    answer = []
    for packet in _packets(rows):
        found = look_alikes([row_card(values) for _n, values in packet], pilot_id, by=by)
        answer += [
            AlikeRow(number, sentence(found[at]), tuple(found[at])) for at, (number, _v) in enumerate(packet) if at in found
        ]  # fmt: skip
    return answer


def look_alikes(asked: list[Card], pilot_id: int, *, by: Scope) -> dict[int, list[LookAlike]]:
    """Place in ``asked`` -> the people seen who are alike enough, the most alike first. Two statements."""
    own = by.organisation_id if by.kind == Kind.RECRUITER else None
    near = candidates(asked, pilot_id, recruiter_id=own)
    recorded = cards({pk for ids in near.values() for pk in ids})
    found: dict[int, list[LookAlike]] = {}
    for n, ids in near.items():
        each = (LookAlike(recorded[pk], compare(asked[n], recorded[pk])) for pk in ids if pk in recorded)
        kept = sorted((a for a in each if a.likeness.points >= ASK), key=lambda a: (-a.likeness.points, a.card.id or 0))
        if kept:
            found[n] = kept
    return found


def sentence(found: list[LookAlike]) -> str:
    """The warning: whom the row resembles, by Worker ID."""
    codes = ", ".join(a.card.code for a in found[:MOST_NAMED])
    if found[0].strong:
        return _("This may be somebody recorded already: %(codes)s. Compare before a second record is made.") % {
            "codes": codes
        }
    return _("Somebody recorded resembles this person: %(codes)s. Check whether it is the same one.") % {"codes": codes}


def warn(batch: Any, by: Scope) -> None:
    """Warnings for the rows of a sheet of workers that are new, into ``trouble``: the hook of the sheets' judge.

    Reads the working tables ``sheet`` and ``judged``; called after judging, in the same transaction.
    """
    keys = (
        "worker_id", "family_name", "given_names", "passport_name", "sex", "birth_date", "birth_precision", "nationality",
        "village", "phone", "email", "passport_number", "passport_country", "national_id",
    )  # fmt: skip
    last = -1
    with connection.cursor() as cursor:
        while True:
            # A packet at a time, so that a long sheet takes no more memory than a short one.
            cursor.execute(
                f"select s.n, {', '.join('s.' + key for key in keys)} from sheet s join judged j using (n)"
                " where j.verdict = 'new' and s.problems is null and s.n > %s order by s.n limit %s",
                [last, PACKET],
            )
            rows = {row[0]: dict(zip(keys, row[1:], strict=True)) for row in cursor.fetchall()}
            if not rows:
                return
            last = max(rows)
            _tell(alike(batch.pilot_id, rows, by=by), rows, cursor)


def _tell(told: list[AlikeRow], rows: Mapping[int, Mapping[str, Any]], cursor: Any) -> None:
    if told:
        cursor.execute(
            "insert into trouble select * from unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[])",
            [
                [row.row for row in told], ["family_name"] * len(told),
                ["~alike_strong" if row.look_alikes[0].strong else "~alike" for row in told],
                [str(rows[row.row]["worker_id"] or "") for row in told],
                [", ".join(a.card.code for a in row.look_alikes[:MOST_NAMED]) for row in told],
            ],
        )  # fmt: skip


def words() -> dict[str, str]:
    """The sentences of ``warn``, as the judge's own are."""
    return {
        "~alike_strong": _("This may be somebody recorded already: {other}. Compare before a second record is made."),
        "~alike": _("Somebody recorded resembles this person: {other}. Check whether it is the same one."),
    }


def _packets(rows: Mapping[int, Mapping[str, Any]]) -> Iterator[list[tuple[int, Mapping[str, Any]]]]:
    every = list(rows.items())
    yield from (every[at : at + PACKET] for at in range(0, len(every), PACKET))


def open_pairs(by: Scope) -> int:
    """How many pairs wait for a decision, among those this scope sees; capped at a hundred."""
    return LikePair.objects.filter(state=LikePair.State.OPEN)[:100].count() if by.kind == Kind.PROGRAMME else 0
