"""The first of several matters (``workers/queries/waiting.py``) with how many there are of each, for a first page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, DateField, F, TextField, Value, Window
from django.db.models.functions import Cast, Coalesce, RowNumber, TruncDate

from accounts.scope import Scope
from workers.models import Placement
from workers.queries.waiting import WAITS


@dataclass(frozen=True, slots=True)
class First:
    """One of the first of a matter: the placement, and what the matter says of it: its day, words, whose they are, until when."""

    placement: Placement
    day: date | None = None
    words: str = ""
    owner: str = ""
    until: date | None = None


# What the matters say of a placement, by the field that says it.
_SAYS: Final[dict[str, dict[str, Any]]] = {
    "held": {"day": TruncDate("held_since"), "words": "held_words", "owner": "held_owner", "until": "held_until"},
    "papers": {"day": "paper_ends", "words": "paper_kind"},
    "ending": {"day": "planned_end"},
    "arrived": {"day": "arrived_on"},
    "coming": {"day": "planned_start"},
    "early": {"day": "ended_on"},
    "quiet": {"day": "state__since"},
}


def first_of(
    codes: Sequence[str], *, by: Scope, today: date, most: int, also: Iterable[int] = ()
) -> tuple[dict[str, tuple[list[First], int]], dict[int, Placement]]:
    """matter → (its first placements, how many there are), and every placement read, ``also`` those; two statements for
    all matters together, which are some of ``_SAYS``."""
    asked = [_first_keys(code, by, today, most) for code in codes]
    keys = list(asked[0].union(*asked[1:], all=True)) if asked else []
    wanted = {pk for _code, _place, pk, *_said in keys} | set(also)
    rows = Placement.objects.select_related("person", "state", "cohort", "pilot", "site", "employer")
    known = rows.in_bulk(wanted) if wanted else {}
    found: dict[str, tuple[list[First], int]] = {code: ([], 0) for code in codes}
    for code, _place, pk, in_all, *said in sorted(keys, key=lambda key: key[:2]):
        found[code] = ([*found[code][0], First(known[pk], *said)], in_all)
    return found, known


def _first_keys(code: str, by: Scope, today: date, most: int) -> Any:
    """(code, place, id, how many in all, and what is said) of the first of a matter; nulls are told as nothing."""
    rows, says = WAITS[code].ask(by, today), _SAYS[code]
    order: list[Any] = list(rows.query.order_by)
    told = {
        "first_day": Cast(says["day"], DateField()),
        "first_words": _text(says.get("words")),
        "first_owner": _text(says.get("owner")),
        "first_until": Cast(says["until"] if "until" in says else Value(None), DateField()),
    }
    counted = rows.annotate(
        matter=Value(code, output_field=TextField()),
        place=Window(RowNumber(), order_by=order),
        in_all=Window(Count(F("pk"))),
        **told,
    )
    return counted.values_list("matter", "place", "pk", "in_all", *told)[:most]


def _text(field: str | None) -> Any:
    nothing = Value("", output_field=TextField())
    return Coalesce(Cast(field, TextField()), nothing) if field else nothing
