"""Who changed what: the history of a placement's rows, in words. Values before and after, never raw columns."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import History, Organisation
from workers.models import Consent, Hold, IdentityDocument, Person, PersonBackground, PersonContact, Placement

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


def _tables(placement: Placement) -> dict[type[models.Model], list[int]]:
    """Which rows belong to this placement, by model."""
    person = placement.person_id
    return {
        Placement: [placement.pk],
        Person: [person],
        PersonContact: [person],
        PersonBackground: [person],
        IdentityDocument: list(IdentityDocument.objects.filter(person_id=person).values_list("pk", flat=True)),
        Consent: list(Consent.objects.filter(person_id=person).values_list("pk", flat=True)),
        Hold: list(Hold.objects.filter(placement=placement).values_list("pk", flat=True)),
    }


def changes(placement: Placement, readable: set[type[models.Model]]) -> list[Change]:
    """The last changes, newest first, of the rows whose tables the reader's role may read."""
    tables = {model: ids for model, ids in _tables(placement).items() if model in readable and ids}
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
    return found


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
        if column in SILENT or before == now:
            continue
        words = _field_words(model, column)
        if words is None:
            continue
        if column.endswith("_id") or column in MASKED:
            before, now = _short(column, before), _short(column, now)
        found.append(Change(row.at, str(model._meta.verbose_name), words, before, now, who))
    return found


def _field_words(model: type[models.Model], column: str) -> str | None:
    """The field's own words; none for a column that no field has."""
    for field in model._meta.concrete_fields:
        if field.column == column:
            return str(field.verbose_name)
    return None


def _short(column: str, value: object) -> object:
    """A number by its last three characters; another record by the fact that there is one."""
    if value in (None, ""):
        return None
    return f"…{str(value)[-3:]}" if column in MASKED else _("another record (%(id)s)") % {"id": value}
