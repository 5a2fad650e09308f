"""Following: ``follow`` and ``unfollow`` a record, and ``news``: what changed on what one follows, as far as one may read it now.

News are counted when they are asked for, under the reader's own rows: what somebody may not read is not counted, and what
they may no longer read is not either. Nothing is written when something changes, so nothing can tell of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, Exists, F, Max, OuterRef, QuerySet, Value
from django.db.models.functions import Cast

from accounts.scope import Scope
from pilots.models import Cohort
from workers.models import Follow, Mention, Placement
from workers.notes.about import About
from workers.notes.table import RECORDS, SOURCES, Record, Source, said

MOST = 500  # of records that one person follows


def follow(about: About, *, by: Scope) -> None:
    """Hear of changes on this record. Asked twice it changes nothing; nobody follows more than ``MOST``."""
    follow_keys(about.keys, by=by)


def follow_keys(keys: Mapping[str, Any], *, by: Scope) -> None:
    """The same for a record by its keys, the pilot's and its own: those of higher apps, whose door says who may."""
    if mine(by).count() < MOST:
        Follow.objects.bulk_create(
            [Follow(**keys, organisation_id=by.organisation_id, user_id=by.user_id)], ignore_conflicts=True
        )


def unfollow(about: About, *, by: Scope) -> None:
    """Hear of it no more."""
    _of(about, by).delete()


def follows(about: About, by: Scope) -> bool:
    """Whether the reader follows this record."""
    return _of(about, by).exists()


def mine(by: Scope) -> QuerySet[Follow]:
    """What the reader follows for this organisation."""
    return Follow.objects.filter(user_id=by.user_id, organisation_id=by.organisation_id)


def _of(about: About, by: Scope) -> QuerySet[Follow]:
    keys = {name: value for name, value in about.keys.items() if name != "pilot_id"}
    return mine(by).filter(**keys)


@dataclass(frozen=True, slots=True)
class News:
    """What changed on one followed record: counts by source, and the words for them."""

    about: Placement | Cohort | Record
    counts: dict[str, int]
    last: datetime

    @property
    def words(self) -> str:
        """In the reader's language."""
        return said(self.counts)


def counted(by: Scope, since: datetime, until: datetime) -> dict[tuple[str, int], dict[str, tuple[int, datetime]]]:
    """("placement", "cohort" or "finding", id) → source → (how many, the last) of what others did on followed records after ``since`` up
    to ``until``. One statement, whatever is followed."""
    parts = [
        _part(source, kind, path, by, since, until)
        for source in SOURCES.values()
        if source.seen_by(by)
        for kind, path in (("placement", source.placement), ("cohort", source.cohort), ("finding", source.finding))
        if path
    ]
    if not parts:
        return {}
    first, *others = parts
    found: dict[tuple[str, int], dict[str, tuple[int, datetime]]] = {}
    for kind, record, code, n, last in first.union(*others, all=True).order_by():
        found.setdefault((kind, record), {})[code] = (n, last)
    return found


def _part(source: Source, kind: str, path: str, by: Scope, since: datetime, until: datetime) -> QuerySet[Any]:
    key = f"{kind}_id"
    rows = source.model._default_manager.order_by().filter(
        source.only, **{f"{source.at}__gt": since, f"{source.at}__lte": until},
        **{f"{path}__in": mine(by).filter(**{f"{key}__isnull": False}).values(key)},
    )  # fmt: skip
    if source.author:
        rows = rows.exclude(**{source.author: by.user_id})
    return rows.values(
        n_kind=Value(kind, CharField()), n_record=Cast(F(path), BigIntegerField()), n_code=Value(source.code, CharField()),
    ).annotate(n=Count("pk"), n_last=Max(source.at)).values_list("n_kind", "n_record", "n_code", "n", "n_last")  # fmt: skip


def news(by: Scope, since: datetime, until: datetime) -> list[News]:
    """What changed on each followed record that the reader still sees, the newest change first."""
    found = counted(by, since, until)
    ids = {kind: [record for each, record in found if each == kind] for kind in ("placement", "cohort", *RECORDS)}
    places = Placement.objects.filter(pk__in=ids["placement"]).select_related("person", "cohort", "state")
    cohorts = Cohort.objects.filter(pk__in=ids["cohort"]).select_related("pilot")
    seen: list[tuple[str, Iterable[Any]]] = [
        ("placement", places), ("cohort", cohorts), *((kind, read(ids[kind], by)) for kind, read in RECORDS.items() if ids[kind]),
    ]  # fmt: skip
    rows = [
        News(row, {code: n for code, (n, _at) in given.items()}, max(last for _n, last in given.values()))
        for kind, records in seen
        for row in records
        if (given := found[kind, row.pk])
    ]
    return sorted(rows, key=lambda each: each.last, reverse=True)


def mentions(by: Scope, since: datetime, until: datetime) -> QuerySet[Mention]:
    """Where colleagues mentioned the reader, newest first, on records that they see now."""
    rows = Mention.objects.filter(user_id=by.user_id, organisation_id=by.organisation_id, at__gt=since, at__lte=until)
    here = Exists(Placement.objects.filter(pk=OuterRef("note__placement_id"))) | Exists(
        Cohort.objects.filter(pk=OuterRef("note__cohort_id"))
    )
    return rows.filter(here).select_related("note__placement__person", "note__cohort").order_by("-at", "-pk")
