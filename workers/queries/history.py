"""Who changed what: the history of a placement's rows, in words. Values before and after, never raw columns."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import History, Organisation
from accounts.privacy import MASK, SENSITIVE, class_of
from accounts.rows import may
from accounts.scope import Scope
from workers.models import Consent, Hold, IdentityDocument, Person, PersonBackground, PersonContact, Placement
from workers.privacy import FIELDS
from workers.queries.panels import masked

MOST = 100
# Columns that are the portal's own bookkeeping.
SILENT = {"id", "pilot_id", "person_id", "placement_id", "version", "search", "recorded_at"}
MASKED = {"number"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one row, before and after."""

    at: datetime
    what: str
    field: str
    before: object
    after: object
    who: str


def _of_person(placement: Placement) -> list[int]:
    return [placement.person_id]


# Which rows belong to a placement, by model.
_TABLES: dict[type[models.Model], Callable[[Placement], list[int]]] = {
    Placement: lambda p: [p.pk],
    Person: _of_person,
    PersonContact: _of_person,
    PersonBackground: _of_person,
    IdentityDocument: lambda p: list(IdentityDocument.objects.filter(person=p.person_id).values_list("pk", flat=True)),
    Consent: lambda p: list(Consent.objects.filter(person=p.person_id).values_list("pk", flat=True)),
    Hold: lambda p: list(Hold.objects.filter(placement=p).values_list("pk", flat=True)),
}


def changes(placement: Placement, *, by: Scope) -> list[Change]:
    """The last changes, newest first, of the rows whose tables the reader's role may read."""
    tables = {model: ids for model, of in _TABLES.items() if may(model, by.db_role) and (ids := of(placement))}
    wanted = Q(pk__in=[])
    for model, ids in tables.items():
        wanted |= Q(table_name=model._meta.db_table, row_id__in=ids)
    rows = list(History.objects.filter(wanted, operation="U").order_by("-pk")[:MOST])
    later = _now(tables)
    users = get_user_model().objects.in_bulk({r.user_id for r in rows if r.user_id})
    organisations = Organisation.objects.in_bulk({r.organisation_id for r in rows if r.organisation_id})
    found = []
    for row in rows:
        key = (row.table_name, row.row_id or 0)
        who = ", ".join(
            str(x.name) for x in (users.get(row.user_id), organisations.get(row.organisation_id)) if x is not None
        )
        found += _fields(row, later.get(key, {}), who)
        later[key] = row.before or {}
    return _named(found)


def _now(tables: dict[type[models.Model], list[int]]) -> dict[tuple[str, int], dict]:
    """The rows as they stand, in the form in which the history keeps them."""
    parts, params = [], []
    for model, ids in tables.items():
        table, key = model._meta.db_table, model._meta.pk.column
        parts.append(f"select '{table}', t.{key}, to_jsonb(t) from {table} t where t.{key} = any(%s)")
        params.append(ids)
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(parts), params)
        return {(table, pk): json.loads(row) if isinstance(row, str) else row for table, pk, row in cursor.fetchall()}


def _fields(row: History, after: dict, who: str) -> list[Change]:
    model = next(m for m in apps.get_app_config("workers").get_models() if m._meta.db_table == row.table_name)
    found = []
    for column, before in (row.before or {}).items():
        now = after.get(column)
        field = _field_of(model, column)
        if column in SILENT or before == now or field is None:
            continue
        values = (_value(field, before), _value(field, now))
        found.append(Change(row.at, str(model._meta.verbose_name), _label(field), *values, who))
    return found


def _label(field: models.Field) -> str:
    """What a field is called; one that leads to another record and has no name of its own, as that record."""
    if field.related_model is not None and field.verbose_name == field.name.replace("_", " "):
        return str(field.related_model._meta.verbose_name)
    return str(field.verbose_name)


def _field_of(model: type[models.Model], column: str) -> models.Field | None:
    """The model's field of a column; none for a column that no field has any more."""
    return next((field for field in model._meta.concrete_fields if field.column == column), None)


def _value(field: models.Field, value: Any) -> Any:
    """A value of the history for a reader: a day in words, a choice by its label, the end of a number, a mask."""
    if value in (None, ""):
        return None
    if field.name in MASKED:
        return masked(str(value))
    if class_of(FIELDS[field.model.__name__], field.name).rank >= SENSITIVE.rank:
        return MASK  # this page is no reading of a sensitive record: it tells that something changed
    if isinstance(field, models.ForeignKey):
        return Other(field.remote_field.model, value)
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(str(value))) is not None:
        return date_format(timezone.localdate(moment), "j M Y")
    if isinstance(field, models.DateField) and (day := parse_date(str(value))) is not None:
        return date_format(day, "j M Y")
    return dict(field.flatchoices).get(value, value)


@dataclass(frozen=True, slots=True)
class Other:
    """Another record that a field points at, until its name is known."""

    model: type[models.Model]
    pk: int


def _named(found: list[Change]) -> list[Change]:
    """The same changes with the names of the records they point at, asked once for each kind of record."""
    wanted: dict[type[models.Model], set[int]] = {}
    for change in found:
        for value in (change.before, change.after):
            if isinstance(value, Other):
                wanted.setdefault(value.model, set()).add(value.pk)
    names = {model: model._default_manager.in_bulk(pks) for model, pks in wanted.items()}

    def name(value: Any) -> Any:
        if not isinstance(value, Other):
            return value
        return str(names[value.model].get(value.pk) or _("a record you do not see"))

    return [replace(change, before=name(change.before), after=name(change.after)) for change in found]
