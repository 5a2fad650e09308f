"""The orders of the list of placements, each walked by key: the values of the last row and its id, looked up by its id."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from workers.models import Placement


@dataclass(frozen=True, slots=True)
class Sort:
    """An order: its words, and the fields it goes by, the first first; the id comes last."""

    words: str
    fields: tuple[str, ...]


SORTS: Final[dict[str, Sort]] = {
    "name": Sort(gettext_noop("Family name"), ("person__family_name", "person__given_names")),
    "since": Sort(gettext_noop("Longest on this step"), ("state__since",)),
    "end": Sort(gettext_noop("Planned end"), ("ends_by",)),
}


def ordered(rows: QuerySet[Placement], code: str, after: int | None) -> QuerySet[Placement]:
    """The rows in an order of ``SORTS``, behind the row ``after`` where one is named and in sight."""
    fields = SORTS[code].fields
    # Who has no planned end comes last.
    rows = rows.annotate(ends_by=Coalesce(F("planned_end"), Value(date.max)))
    last = rows.filter(pk=after).values_list(*fields).first() if after else None
    if last is not None:
        rows = rows.filter(_behind(fields, last, after or 0))
    return rows.order_by(*fields, "pk")


def _behind(fields: tuple[str, ...], last: tuple, pk: int) -> Q:
    """Rows that come after this one: greater in one field and equal in those before it, or equal in all with a later id."""
    behind, same = Q(), Q()
    for name, value in zip(fields, last, strict=True):
        behind |= same & Q(**{f"{name}__gt": value})
        same &= Q(**{name: value})
    return behind | same & Q(pk__gt=pk)
