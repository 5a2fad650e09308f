"""The door: ``page`` answers one page of a placement's timeline, newest first, in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast, JSONObject

from accounts.scope import Scope
from workers.models import Placement
from workers.timeline.table import KINDS, Kind, Told

PAGE = 12
# The last row of a page: its day, the place of its kind in KINDS, its key.
type Mark = tuple[date, int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: its day, the day it was recorded, and what is told of it."""

    kind: str
    icon: str
    when: date
    recorded: datetime | None
    told: Told


@dataclass(frozen=True, slots=True)
class Page:
    """Entries newest first, and the mark of the last where earlier ones follow."""

    entries: list[Entry]
    before: str


def page(
    placement: Placement, *, by: Scope, groups: Iterable[str] = (), only: str = "", after: Mark | None = None,
    limit: int = PAGE,
) -> Page:  # fmt: skip
    """What happened to a placement, under filters (none: everything), from after the marked row on. ``only``: one kind."""
    wanted = list(groups)
    parts = [
        rows
        for rank, kind in enumerate(KINDS.values())
        if kind.seen_by(by)
        and only in ("", kind.code)
        and (rows := _rows(kind, rank, placement, wanted, after, limit)) is not None
    ]
    if not parts:
        return Page([], "")
    first, *others = parts
    rows = first.union(*others, all=True).order_by("-t_day", "-t_rank", "-t_key") if others else first
    found = list(rows[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    entries = [_entry(row, placement) for row in found]
    return Page(entries, "~".join(str(part) for part in found[-1][:3]) if more else "")


def _entry(row: tuple[Any, ...], placement: Placement) -> Entry:
    day, _rank, _key, code, recorded, said = row
    kind = KINDS[code]
    return Entry(code, kind.icon, day, recorded, kind.tell(said, placement))


def _rows(
    kind: Kind, rank: int, placement: Placement, wanted: list[str], after: Mark | None, limit: int
) -> QuerySet[Any] | None:
    """Its newest rows as (day, rank, key, code, recorded, what is said); None where the filters leave it out."""
    which = kind.groups.values() if not wanted else [q for group, q in kind.groups.items() if group in wanted]
    if not which:
        return None
    rows = kind.model._default_manager.filter(kind.about(placement))
    if wanted:
        rows = rows.filter(reduce(or_, which))
    rows = rows.annotate(
        t_day=F(kind.day) if isinstance(kind.day, str) else kind.day, t_rank=Value(rank, IntegerField()),
        t_key=Cast("pk", BigIntegerField()), t_code=Value(kind.code, CharField()),
        t_recorded=Cast(kind.recorded or Value(None), DateTimeField()), t_says=JSONObject(**dict(kind.says)),
    )  # fmt: skip
    if after is not None:
        rows = rows.filter(_beyond(rank, after))
    newest = rows.order_by("-t_day", "-t_key")[: limit + 1]
    return newest.values_list("t_day", "t_rank", "t_key", "t_code", "t_recorded", "t_says")


def _beyond(rank: int, after: Mark) -> Q:
    """Rows of a kind that stand after the marked row: on earlier days, and of its own day what is ordered behind it."""
    day, marked, key = after
    if rank > marked:
        return Q(t_day__lt=day)
    if rank < marked:
        return Q(t_day__lte=day)
    return Q(t_day__lt=day) | Q(t_day=day, t_key__lt=key)
