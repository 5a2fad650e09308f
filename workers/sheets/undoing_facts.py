"""Taking a sheet of facts back: what it added goes, what it brought up to date returns, what others lean on stays.

A row stands for the fact that now says what the row said, unless it was recorded after the sheet. A correction that goes
makes the corrected fact valid again.
"""

from django.db import connection
from django.db.models import Field
from django.utils.translation import gettext as _

from accounts.scope import Scope
from workers.models import ImportBatch

from .ledgers_shared import Ledger
from .standing import Undone

CANDIDATES = """
create temp table who on commit drop as
select r.row_number as n, coalesce(r.clean->>'worker_id',
    concat_ws(' ', r.clean->>'recruiter', r.clean->>'site', r.clean->>'room')) as code, r.verdict, r.changes, f.was_id as id,
  case
    when j.n is null or f.was_id is null then 'gone'
    when j.verdict <> 'same' then 'changed'
    when x.recorded_at > b.committed_at and (r.verdict = 'new' or %(adding)s) then 'changed'
    else ''
  end as why
from workers_importrow r join workers_importbatch b on b.id = r.batch_id
left join judged j on j.n = r.row_number left join found f on f.n = r.row_number
left join {table} x on x.id = f.was_id
where r.batch_id = %(batch)s and r.verdict in ('new', 'changed')
"""
TAKEN = """
with taken as (
  select t.id from (select coalesce(array_agg(distinct w.id), '{{}}') as ids from who w
    where w.why = '' and (w.verdict = 'new' or %(adding)s)) a,
  workers_take_back_facts(%(batch)s, %(pilot)s, '{table}', a.ids) t (id)
)
update who w set why = 'stands' where w.why = '' and (w.verdict = 'new' or %(adding)s)
  and not exists (select from taken t where t.id = w.id)
"""
# A room that came with the inspection goes with it, unless another inspection or a stay is recorded in it.
ROOMS = """
select t from (select coalesce(array_agg(distinct r.id), '{}') as ids from who w join rooms_of o on o.id = w.id
  join workers_importbatch b on b.id = %(batch)s
  join workers_room r on r.id = o.room_id and r.recorded_at between b.uploaded_at and o.recorded_at
  where w.why = '') a,
  workers_take_back_facts(%(batch)s, %(pilot)s, 'workers_room', a.ids) t
"""


def take_back(batch: ImportBatch, ledger: Ledger, by: Scope) -> Undone:
    """Take the batch's facts back. Runs inside the working tables, after the judge."""
    if ledger.changing == "never":
        return _all_stay(batch)
    table = ledger.model._meta.db_table
    given = {"batch": batch.pk, "pilot": batch.pilot_id, "adding": ledger.changing != "update"}
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES.format(table=table), given)
        if ledger.owner == "room":
            cursor.execute(
                "create temp table altered on commit drop as select x.id, x.room_id, x.recorded_at"
                " from workers_roominspection x join who w on w.id = x.id"
            )
        cursor.execute(TAKEN.format(table=table), given)
        if ledger.changing == "update":
            cursor.execute("select exists (select from who where why = '' and verdict = 'changed')")
            if cursor.fetchone()[0]:
                cursor.execute(_set_back(ledger))
        if ledger.owner == "room":
            cursor.execute(ROOMS.replace("rooms_of", "altered"), given)
        cursor.execute("select count(*) filter (where why = '') from who")
        undone = cursor.fetchone()[0]
        cursor.execute("select n, code, why from who where why <> '' order by n")
        words = _words()
        return Undone(undone, [{"row": n, "worker": code, "message": words[why]} for n, code, why in cursor.fetchall()])


def _set_back(ledger: Ledger) -> str:
    """Give each changed field its former value: ``changes`` holds [before, after]."""
    fields = {field.column: field for field in ledger.model._meta.local_fields}
    sets = ", ".join(
        f"{column} = case when w.changes ? '{key}' then {_former(fields[column], key)} else x.{column} end"
        for column, (key, _sql) in ledger.values.items()
        if column not in ledger.same
    )
    table = ledger.model._meta.db_table
    return f"update {table} x set {sets} from who w where x.id = w.id and w.why = '' and w.verdict = 'changed'"


def _former(field: Field, key: str) -> str:
    value = f"(w.changes->'{key}'->>0)::{field.db_type(connection)}"
    return value if field.null else f"coalesce({value}, x.{field.column})"


def _words() -> dict[str, str]:
    return {
        "gone": _("The record is not found any more, or another one now holds its place."),
        "changed": _("The record was corrected or changed since; it stays as it is."),
        "stands": _("Another record stands on this one, so it stays."),
    }


def _all_stay(batch: ImportBatch) -> Undone:
    why = _("A rate that was recorded stays: reports may have been made with it.")
    rows = batch.rows.filter(verdict="new").order_by("row_number").values_list("row_number", flat=True)
    return Undone(0, [{"row": n, "worker": "", "message": why} for n in rows])
