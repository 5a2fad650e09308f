"""Which records a kept file shows, so that it is handed out only while its asker may see every one of them.

A number of rows that did not become smaller tells nothing: one may have gone and another come. So the records of the file
are kept beside it as numbers, and each time it is fetched the list is asked which of them its reader would still see. What
was added or edited since changes nothing; one record that is gone from the reader's sight, for whatever reason, is enough.
"""

import hashlib
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from workers.models import Export, ExportSight

from .listings import Plan


def keep(export: Export, plan: Plan) -> int:
    """Keep which records the plan shows now; how many rows that is. Asked again it replaces what was kept."""
    ExportSight.objects.filter(export=export).delete()
    if plan.values is not None and plan.seen is None:
        told = _told(plan)
        ExportSight(
            export=export, organisation_id=export.organisation_id, user_id=export.user_id, keys=told
        ).save(force_insert=True)  # fmt: skip
        return len(told)
    keys, params = _asked(plan)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into workers_exportsight (export_id, organisation_id, user_id, keys)"
            f" select {int(export.pk)}, {int(export.organisation_id)}, {int(export.user_id)},"
            f" coalesce(array_agg(q.key), '{{}}') from ({keys}) q (key)",
            params,
        )
        cursor.execute("select cardinality(keys) from workers_exportsight where export_id = %s", [export.pk])
        return int(cursor.fetchone()[0])


def lost(export: Export, plan: Plan) -> bool:
    """Whether the file shows a record that its asker would not see in this list any more, or nobody knows what it shows."""
    if plan.values is not None and plan.seen is None:
        kept = ExportSight.objects.filter(export=export).first()
        return kept is None or not set(kept.keys) <= set(_told(plan))
    keys, params = _asked(plan)
    kept_of = f"from workers_exportsight k where k.export_id = {int(export.pk)}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select not exists (select {kept_of}) or exists (select unnest(k.keys) {kept_of} except {keys})", params
        )
        return bool(cursor.fetchone()[0])


def _asked(plan: Plan) -> tuple[str, Any]:
    """SQL of the numbers of the records, one for each row."""
    if plan.seen is not None:
        try:
            return plan.seen.order_by().values_list("pk").query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            return "select null::bigint where false", None
    if not plan.key:
        raise ValueError("a list says which record a row is")
    return f"select {plan.key} {plan.counting or plan.source}", plan.params


def _told(plan: Plan) -> list[int]:
    """The same for a list that no statement answers: a number made of the cells that tell which row it is."""
    if plan.values is None or not plan.marks:
        raise ValueError("a list says which record a row is")
    return [_number(row[: plan.marks]) for row in plan.values()]


def _number(cells: tuple) -> int:
    return int.from_bytes(hashlib.sha256(repr(cells).encode()).digest()[:8], signed=True)
