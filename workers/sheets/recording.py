"""The kinds whose rows are facts about a placement or a person: pay, costs, training, documents.

``LEDGERS`` is the table: how a row of the sheet becomes a row of the database, what makes two rows the same fact, and
what happens to a fact that is known with other figures: it is superseded (pay), added to (training) or updated.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.scope import Scope
from workers.models import CostItem, IdentityDocument, ImportBatch, PayRecord, TrainingRecord

NUMBER = "::numeric(14,2)"
MORE = "coalesce((select sum(d.value::numeric) from jsonb_each_text(s.more) d), 0)"


@dataclass(frozen=True)
class Ledger:
    """One kind. ``values``: column of the table -> (key of the sheet, expression over ``s``). ``same``: columns that
    make it the same fact. ``known``: further condition on the recorded row ``x``. ``changing``: "supersede", "update"
    or "add". ``needs``: key -> what must be there. ``unused``: keys that are read and not kept."""

    model: type[Model]
    values: dict[str, tuple[str, str]]
    same: tuple[str, ...]
    changing: str
    known: str = "true"
    needs: tuple[str, ...] = ()
    of_person: bool = False
    unused: tuple[str, ...] = ()
    questions: dict[str, tuple[str, str]] = field(default_factory=dict)  # code -> (key, condition over s)


LEDGERS: dict[str, Ledger] = {
    "pay": Ledger(
        PayRecord,
        {
            "period_start": ("period_start", "s.period_start::date"), "period_end": ("period_end", "s.period_end::date"),
            "due_on": ("pay_due", "s.pay_due::date"), "paid_on": ("paid_on", "s.paid_on::date"),
            "hours_offered": ("hours_offered", "s.hours_offered::numeric(6,2)"),
            "hours_worked": ("hours_worked", "s.hours_worked::numeric(6,2)"),
            "rate": ("rate", "s.rate::numeric(12,2)"), "gross": ("gross", f"s.gross{NUMBER}"),
            "tax": ("tax", f"coalesce(s.tax, '0'){NUMBER}"),
            "deductions": ("deductions", f"(coalesce(s.pension, '0')::numeric + {MORE}){NUMBER}"),
            "net": ("net", f"s.net{NUMBER}"), "currency": ("currency", "s.currency"),
        },
        same=("period_start", "period_end"), changing="supersede", needs=("gross", "net", "currency"),
        known="not exists (select from workers_payrecord y where y.supersedes_id = x.id)",
        unused=("overtime_hours", "pieces", "paid_to"),
    ),
    "costs": Ledger(
        CostItem,
        {
            "item": ("item", "s.item"), "amount": ("amount", f"s.amount{NUMBER}"), "currency": ("currency", "s.currency"),
            "paid_on": ("date", "s.date::date"), "paid_by": ("paid_by", "s.paid_by"),
            "paid_to": ("paid_to", "left(coalesce(s.paid_to, ''), 120)"),
            "reimbursed": ("reimbursed_amount", f"coalesce(s.reimbursed_amount, '0'){NUMBER}"),
            "reimbursed_on": ("reimbursed_on", "s.reimbursed_on::date"),
        },
        same=("item", "amount", "currency", "paid_on", "paid_by", "paid_to"), changing="update",
        needs=("currency", "date"), unused=("receipt", "financed_by"),
        questions={
            "not_an_item": ("item", "s.item <> all(%(items)s)"),
            "not_a_payer": ("paid_by", "s.paid_by <> all(%(payers)s)"),
            "not_above_zero": ("amount", "s.amount::numeric <= 0"),
            "reimbursed_more": ("reimbursed_amount", "s.reimbursed_amount::numeric > s.amount::numeric"),
        },
    ),
    "training": Ledger(
        TrainingRecord,
        {
            "course": ("course", "left(s.course, 120)"), "held_on": ("date", "s.date::date"),
            "planned_hours": ("planned_hours", "s.planned_hours::numeric(6,2)"),
            "attended_hours": ("attended_hours", "s.attended_hours::numeric(6,2)"),
            "passed": ("passed", "s.passed::boolean"),
        },
        same=("course", "held_on"), changing="add", needs=("date", "passed"),
        known="not exists (select from workers_trainingrecord y where y.placement_id = x.placement_id"
        " and y.course = x.course and y.held_on = x.held_on and y.id > x.id)",
        unused=("provider", "score", "certificate"),
    ),
    "documents": Ledger(
        IdentityDocument,
        {
            "kind": ("type", "s.type"), "number": ("number", "s.number"), "country": ("country", "s.country"),
            "issued_on": ("issued_on", "s.issued_on::date"), "expires_on": ("expires_on", "s.expires_on::date"),
        },
        same=("kind", "number", "country"), changing="update", known="x.replaced_at is null",
        needs=("number", "country"), of_person=True, unused=("status",),
        questions={"not_received": ("status", "s.status in ('requested', 'rejected', 'returned')")},
    ),
}  # fmt: skip


def words(batch: ImportBatch, by: Scope) -> dict[str, str]:
    """The sentences of this judge."""
    return {
        "nobody": _("“{value}” is nobody whom you see. Check the Worker ID."),
        "no_placement": _("“{value}” has no placement that you see. Check the Worker ID."),
        "needed": _("“{other}” is needed to record this row. Fill it in."),
        "twice_fact": _("The same stands in row {other}. Keep one of the two."),
        "not_an_item": _("“{value}” is not an item of the list of costs. Choose a word from the list in the template."),
        "not_a_payer": _("“{value}” is not known here. Write worker, employer, recruiter, government or programme."),
        "not_above_zero": _("An amount is above zero."),
        "reimbursed_more": _("No more can be paid back than was paid."),
        "not_received": _("Only papers that were received are recorded. Send the row again once it is there."),
        "number_unusable": _("This number cannot be used; the programme officer has been told."),
    }


def judge(batch: ImportBatch, by: Scope, today: date) -> None:
    """Find the placement or person of each row, and what is recorded of the same fact."""
    ledger = LEDGERS[batch.kind]
    given = {
        "pilot": batch.pilot_id, "cohort": batch.cohort_id, "items": list(CostItem.ITEMS),
        "payers": list(CostItem.Payer.values),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_found(ledger), given)
        cursor.execute("create index on found (n); analyze found")
        for statement in _questions(ledger):
            cursor.execute(statement, given)
        compared = ", ".join(
            f"('{key}', f.w_{column}::text, f.v_{column}::text)" for column, (key, _sql) in ledger.values.items()
            if column not in ledger.same
        )  # fmt: skip
        cursor.execute(
            f"""
            insert into judged (n, verdict, changes, person_id, placement_id)
            select f.n, case when f.was_id is null then 'new' when d.changes is null then 'same' else 'changed' end,
              case when f.was_id is null then '{{}}' else coalesce(d.changes, '{{}}') end, f.person_id, f.placement_id
            from found f left join lateral (
              select jsonb_object_agg(k.key, jsonb_build_array(k.old, k.new)) as changes
              from (values {compared}) as k (key, old, new) where k.new is not null and k.new is distinct from k.old
            ) d on true where f.person_id is not null
            """
        )
        cursor.execute("analyze judged")


def _owner(ledger: Ledger) -> str:
    return "person_id" if ledger.of_person else "placement_id"


def _found(ledger: Ledger) -> str:
    table, owner = ledger.model._meta.db_table, _owner(ledger)
    values = ", ".join(f"{sql} as v_{column}" for column, (_key, sql) in ledger.values.items())
    was = ", ".join(f"x.{column} as w_{column}" for column in ledger.values)
    same = " and ".join(f"x.{column} is not distinct from q.v_{column}" for column in ledger.same)
    fact = ", ".join(f"q.{name}" for name in (owner, *(f"v_{column}" for column in ledger.same)))
    return f"""
    create temp table found on commit drop as
    with read as (
      select s.n, p.id as person_id, l.id as placement_id, l.cohort_id,
        {"p.recruiter_id" if ledger.of_person else "l.recruiter_id"} as recruiter_id, l.employer_id, {values}
      from sheet s
      left join workers_person p on p.pilot_id = %(pilot)s and p.worker_code = s.worker_id
      left join lateral (select t.* from workers_placement t where t.person_id = p.id
        and (%(cohort)s::bigint is null or t.cohort_id = %(cohort)s) order by t.id desc limit 1) l on true
      where s.problems is null
    )
    select q.*, x.id as was_id, {was}, min(q.n) over (partition by {fact}) as first_row
    from read q left join lateral (select x.* from {table} x
      where x.{owner} = q.{owner} and {same} and {ledger.known} order by x.id desc limit 1) x on true
    """


def _questions(ledger: Ledger) -> list[str]:
    start = "insert into trouble select s.n, '{}', '{}', {}, {} from sheet s join found f using (n) where {}"
    said = [start.format("worker_id", "nobody", "s.worker_id", "''", "f.person_id is null")]
    if not ledger.of_person:
        nowhere = "f.person_id is not null and f.placement_id is null"
        said.append(start.format("worker_id", "no_placement", "s.worker_id", "''", nowhere))
    for key in ledger.needs:
        said.append(start.format(key, "needed", "''", f"'{key.replace('_', ' ').capitalize()}'", f"s.{key} is null"))
    said.append(start.format("worker_id", "twice_fact", "s.worker_id", "f.first_row::text", "f.first_row < f.n"))
    for code, (key, condition) in ledger.questions.items():
        said.append(start.format(key, code, f"s.{key}", "''", condition))
    if ledger.of_person:
        # Unique in the pilot: asked with the owner's sight, answered in one neutral sentence.
        said.append(
            "insert into trouble select distinct s.n, 'number', 'number_unusable', s.number, '' from"
            " (select type, array_agg(number) as numbers, array_agg(country) as countries from sheet"
            "  where problems is null and number is not null and country is not null group by type) a"
            " cross join lateral workers_numbers_taken(%(pilot)s, a.type, a.numbers, a.countries) t"
            " join sheet s on s.type = a.type and s.number = t.number and s.country = t.country"
            " join found f on f.n = s.n where f.person_id is not null and t.person_id <> f.person_id"
        )
    return said


def write(batch: ImportBatch, by: Scope, today: date) -> None:
    """Record the judged rows: one statement for new facts, one for changed ones."""
    ledger = LEDGERS[batch.kind]
    if ledger.changing == "update":
        statements = [_update(ledger), _insert(ledger, "j.verdict = 'new'")]
    else:
        statements = [_insert(ledger, "j.verdict in ('new', 'changed')")]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"pilot": batch.pilot_id})


def _insert(ledger: Ledger, which: str) -> str:
    meta = ledger.model._meta
    own = {name: f"f.{name}" for name in ("person_id", "placement_id", "cohort_id", "recruiter_id", "employer_id")}
    columns = {f.column: own[f.column] for f in meta.local_fields if f.column in own}
    columns |= {"pilot_id": "%(pilot)s"} | {column: f"f.v_{column}" for column in ledger.values}
    if ledger.changing == "supersede":
        columns["supersedes_id"] = "f.was_id"
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
