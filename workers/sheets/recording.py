"""The judge and the writer of every kind whose rows are facts: one row of the sheet is one row of a table.

Which table, what makes two rows the same fact and what becomes of a fact that is known with other figures stands in
``ledgers.LEDGERS``. One statement finds everything about all rows (``found``), one compares, one writes.
"""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import CharField, Field, JSONField
from django.utils.translation import gettext as _

from accounts.rows import may
from accounts.scope import Scope
from workers.models import CostItem, ImportBatch

from . import undoing_facts, versions
from .columns import Kind
from .kinds import COLUMNS
from .ledgers import LEDGERS
from .ledgers_shared import OWNERS, Ledger
from .standing import Undone


def allowed(kind: str, by: Scope) -> bool:
    """Whether this scope's database role may write the table of the kind."""
    return may(LEDGERS[kind].model, by.db_role, "i")


def unused(kind: str) -> tuple[str, ...]:
    """Columns that are understood and not kept."""
    return LEDGERS[kind].unused


# Partners of whom a fact may tell: they correct what they recorded themselves.
PARTNERS = ("lamp_employer", "lamp_recruiter")


def words(batch: ImportBatch, by: Scope) -> dict[str, str]:
    """The sentences of this judge: those every kind may need, then the kind's own."""
    shared = {
        "nobody": _("“{value}” is nobody whom you see. Check the Worker ID."),
        "no_placement": _("“{value}” has no placement that you see. Check the Worker ID."),
        "needed": _("“{other}” is needed to record this row. Fill it in."),
        "twice_fact": _("The same stands in row {row}. Keep one of the two."),
        "of_another": _(
            "Somebody else recorded this, with other details ({other}). Both stay to be seen; who recorded it or the programme can change it."
        ),
        "not_yours_to_change": _("This is recorded with other details, which your role may not change. Ask the programme."),
        "unknown_site": _("There is no site “{value}” among those you see in this pilot. Write its name as the portal has it."),
        "ambiguous_site": _("Several sites are called “{value}”. Ask the programme to name them apart."),
        "unknown_recruiter": _("No recruiter called “{value}” takes part in this pilot. Write its name."),
    }  # fmt: skip
    own = LEDGERS[batch.kind].sentences
    return shared | (own() if own else {})


def versions_now(kind: str, by: Scope) -> str:
    """What each known fact stands at."""
    return "select f.n, f.version from found f"


def judge(batch: ImportBatch, by: Scope, today: date) -> None:
    """Find whom or what each row is about, and what is recorded of the same fact."""
    ledger = LEDGERS[batch.kind]
    given = _given(batch)
    with connection.cursor() as cursor:
        cursor.execute(_found(ledger, downloaded=versions.given()), given)
        cursor.execute("create index on found (n); analyze found")
        for statement in _questions(ledger, COLUMNS[batch.kind]):
            cursor.execute(statement, given)
        compared = ", ".join(
            f"('{key}', f.w_{column}::text, f.v_{column}::text)" for column, (key, _sql) in ledger.values.items()
            if column not in ledger.same
        )  # fmt: skip
        known = "f.was_id is null" if ledger.changing != "never" else "true"
        cursor.execute(
            f"""
            insert into judged (n, verdict, changes, person_id, placement_id)
            select f.n, case when f.was_id is null then 'new' when {known} or d.changes is null then 'same'
                else 'changed' end,
              case when {known} then '{{}}' else coalesce(d.changes, '{{}}') end, f.person_id, f.placement_id
            from found f left join lateral (
              select jsonb_object_agg(k.key, jsonb_build_array(k.old, k.new)) as changes
              from (values {compared}) as k (key, old, new) where k.new is not null and k.new is distinct from k.old
            ) d on true where {OWNERS[ledger.owner].there}
            """
        )
        if ledger.changing == "update" and not _may_change(ledger, by):
            shown = COLUMNS[batch.kind].columns[0].key
            cursor.execute(
                f"insert into trouble select s.n, '{shown}', 'not_yours_to_change', s.{shown}, '' from judged j"
                " join sheet s using (n) where j.verdict = 'changed'"
            )
        if by.db_role in PARTNERS and _says_who(ledger):
            cursor.execute(_of_another(ledger, COLUMNS[batch.kind]), {**given, "organisation": by.organisation_id})
        cursor.execute("analyze judged")


def _says_who(ledger: Ledger) -> bool:
    return ledger.changing in ("supersede", "update") and any(
        field.column == "recorded_by" for field in ledger.model._meta.local_fields
    )


def _of_another(ledger: Ledger, kind: Kind) -> str:
    """What a partner's row would change of a fact that somebody else recorded is refused, and named: both stay to be seen."""
    shown = kind.columns[0].key
    names = " ".join(
        f"when '{c.key}' then '{c.header.replace(chr(39), chr(39) * 2).replace('%', '%%')}'" for c in kind.columns
    )
    return (
        f"insert into trouble select s.n, '{shown}', 'of_another', s.{shown}, d.told from judged j"
        f" join sheet s using (n) join found f using (n) join {ledger.model._meta.db_table} x on x.id = f.was_id"
        f" cross join lateral (select string_agg(concat(case k.key {names} else k.key end, ': ',"
        "   coalesce(k.value->>0, '–')), '; ' order by k.key) as told from jsonb_each(j.changes) k) d"
        " where j.verdict = 'changed' and x.recorded_by is distinct from %(organisation)s"
    )


def _may_change(ledger: Ledger, by: Scope) -> bool:
    return ledger.changing == "update" and may(ledger.model, by.db_role, "u")


def write(batch: ImportBatch, by: Scope, today: date) -> None:
    """Record the judged rows: one statement for changed facts, one for new ones, after what a kind prepares."""
    ledger = LEDGERS[batch.kind]
    if ledger.changing in ("update", "never"):
        # A role that may add and not change has no row left to change: ``judge`` refused them.
        update = [_update(ledger)] if _may_change(ledger, by) else []
        statements = [*update, _insert(ledger, "j.verdict = 'new'")]
    else:
        statements = [_insert(ledger, "j.verdict in ('new', 'changed')")]
    with connection.cursor() as cursor:
        for statement in (*OWNERS[ledger.owner].prepare, *statements):
            cursor.execute(statement, _given(batch))


def take_back(batch: ImportBatch, by: Scope, today: date) -> Undone:
    """Facts that were added go, what was changed returns."""
    judge(batch, by, today)
    return undoing_facts.take_back(batch, LEDGERS[batch.kind], by)


def _given(batch: ImportBatch) -> dict[str, Any]:
    return {
        "pilot": batch.pilot_id, "cohort": batch.cohort_id, "items": list(CostItem.ITEMS),
        "payers": list(CostItem.Payer.values),
    }  # fmt: skip


def version_of(ledger: Ledger) -> str:
    """SQL: the version of the fact x."""
    return versions.of("x.id", [f"x.{column}" for column in ledger.values])


def _found(ledger: Ledger, *, downloaded: bool) -> str:
    """``found``. In a downloaded list a row names its record, and with it the placement of a person who has several."""
    table, owner = ledger.model._meta.db_table, OWNERS[ledger.owner]
    joins, version = owner.joins, "null::text"
    if downloaded:
        version = f"case when q.{versions.KEY} is not null then {version_of(ledger)} end"
        if ledger.owner == "placement":
            own = f"t.id = (select r.placement_id from {table} r where r.id = {versions.POINTED}) desc nulls last,"
            joins = joins.replace("order by t.id desc", f"order by {own} t.id desc")
    values = ", ".join(f"{sql} as v_{column}" for column, (_key, sql) in ledger.values.items())
    more = f", {ledger.more}" if ledger.more else ""
    was = ", ".join(f"x.{column} as w_{column}" for column in ledger.values)
    same = " and ".join(f"x.{column} is not distinct from q.v_{column}" for column in ledger.same)
    mine = f"x.{owner.key} = q.{owner.key} and " if owner.key else ""
    order = "x.id desc"
    if ledger.by_employer:
        was += ", x.employer_id as was_employer"
        its = "x.employer_id is null or x.employer_id = q.employer_id"
        if downloaded:  # a row that was downloaded names its fact, be it a former employer's
            pointed = f"x.id = {versions.POINTED.replace('s.', 'q.')}"
            its, order = f"{its} or {pointed}", f"({pointed}) desc nulls last, {order}"
        mine += f"({its}) and "
    fact = ", ".join([*owner.whose, *(f"q.v_{column}" for column in ledger.same)])
    return f"""
    create temp table found on commit drop as
    with read as (
      select s.n, s.{versions.KEY}, {owner.columns}, {values}{more} from sheet s {joins} {ledger.joins}
      where s.problems is null
    )
    select q.*, x.id as was_id, {version} as version, {was}, min(q.n) over (partition by {fact}) as first_row
    from read q left join lateral (select x.* from {table} x
      where {mine}{same} and {ledger.known} order by {order} limit 1) x on true
    """


def _questions(ledger: Ledger, kind: Kind) -> list[str]:
    start = "insert into trouble select s.n, '{}', '{}', {}, {} from sheet s join found f using (n) where {}"
    owner, merged = OWNERS[ledger.owner], _merged(ledger)
    said = [start.format(key, code, f"s.{key}", "''", condition) for code, key, condition in owner.questions]
    columns = {key: column for column, (key, _sql) in ledger.values.items()}
    for key in ledger.needs:
        # What is recorded already need not be said again; an empty text says nothing.
        blank = f"nullif({merged[columns[key]]}::text, '') is null and {owner.there}"
        said.append(start.format(key, "needed", "''", f"'{kind.column(key).header}'", blank))
    shown = kind.columns[0].key
    said.append(start.format(shown, "twice_fact", f"s.{shown}", "f.first_row::text", "f.first_row < f.n"))
    for code, (key, condition, *more) in ledger.questions.items():
        said.append(start.format(key, code, f"s.{key}", more[0] if more else "''", condition.format_map(merged)))
    return said + [each.format_map(merged) for each in ledger.asked]


def _merged(ledger: Ledger) -> dict[str, str]:
    """Column -> what would stand there: the sheet's value, else the recorded one, else the column's own blank."""
    fields = {field.column: field for field in ledger.model._meta.local_fields}
    return {column: f"coalesce(f.v_{column}, f.w_{column}{_blank(fields[column])})" for column in ledger.values}


def _blank(field: Field) -> str:
    """The value of a column that nobody filled, as a last argument of ``coalesce``."""
    if field.null:
        return ""
    if isinstance(field, JSONField):
        return ", jsonb_build_object()"
    if field.has_default() and not callable(field.default):
        return f", '{field.default}'" if isinstance(field, CharField) else f", {field.default}"
    return ", ''" if isinstance(field, CharField) else ""


def _insert(ledger: Ledger, which: str) -> str:
    meta, merged = ledger.model._meta, _merged(ledger)
    own = {name: f"f.{name}" for name in ("person_id", "placement_id", "cohort_id", "recruiter_id", "employer_id")}
    own |= {"pilot_id": "%(pilot)s", "site_id": "f.site_id"}
    columns = {f.column: own[f.column] for f in meta.local_fields if f.column in own and f.column not in ledger.values}
    if ledger.owner == "room":
        columns["room_id"] = "f.room_id"
    columns |= merged | {column: sql.format_map(merged) for column, sql in ledger.derived.items()}
    if ledger.changing == "supersede":
        columns["supersedes_id"] = "f.was_id"
        if ledger.by_employer:  # a correction belongs to whom the corrected fact belongs to
            columns["employer_id"] = "coalesce(f.was_employer, f.employer_id)"
    return (
        f"insert into {meta.db_table} ({', '.join(columns)}) select {', '.join(columns.values())}"
        f" from judged j join found f using (n) where {which} order by f.n"
    )


def _update(ledger: Ledger) -> str:
    told = [column for column in ledger.values if column not in ledger.same]
    sets = ", ".join(f"{column} = coalesce(f.v_{column}, x.{column})" for column in told)
    return (
        f"update {ledger.model._meta.db_table} x set {sets} from judged j join found f using (n)"
        " where x.id = f.was_id and j.verdict = 'changed'"
    )
