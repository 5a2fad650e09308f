"""The kind of sheet ``checks``: each row answers one item about one worker, or about everybody who works at a site.

The rows of one worker, stage, round, day and way of asking are one contact and go through the door of checks. Answers
are append-only: a row that says what is recorded is the same, one that says otherwise is refused. What is kept in
confidence is not taken from a sheet at all, and leaves no trace in the kept rows.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from compliance.answers import Answered, CannotRecord
from compliance.answers import judge as judge_answers
from compliance.catalogue.reader import NO, NOT_VERIFIED, WORKER_ALONE, YES, catalogue
from compliance.checking import LONGEST_AGO, Contact, record_each
from compliance.models import Check
from workers.journey.steps import STEPS
from workers.models import ImportBatch
from workers.sheets import versions
from workers.sheets.standing import NotCommitted, Undone

# The portal knows four ways; a call with a picture, or a message, is no visit.
MODES: Final = {
    "in person": Check.Mode.IN_PERSON, "phone": Check.Mode.PHONE, "video": Check.Mode.PHONE, "message": Check.Mode.PHONE,
    "group": Check.Mode.GROUP, "document": Check.Mode.DOCUMENT,
}  # fmt: skip

# One line per row and placement: the worker of the row, or everybody whom the approved employer had at the site then.
FOUND = """
create temp table found on commit drop as
select s.n, p.id as person_id, l.id as placement_id, site.many as sites
from sheet s
left join lateral (select min(t.id) as id, count(*) as many from pilots_site t where s.worker_id is null
  and t.pilot_id = %(pilot)s and workers_fold(btrim(t.name)) = workers_fold(btrim(s.site))) site on true
left join workers_person p on p.pilot_id = %(pilot)s and p.worker_code = s.worker_id
left join lateral (
  (select t.id from workers_placement t where s.worker_id is not null and t.person_id = p.id
    and (%(cohort)s::bigint is null or t.cohort_id = %(cohort)s) order by {own} t.id desc limit 1)
  union all
  select t.id from workers_placement t
  join lateral (select e.to_step from workers_journeyevent e where e.placement_id = t.id and e.happened_on <= s.date::date
    order by e.version desc limit 1) at on at.to_step = any(%(working)s)
  where s.worker_id is null and site.many = 1 and t.site_id = site.id
    and (%(cohort)s::bigint is null or t.cohort_id = %(cohort)s)
    -- The worker's own row says more than the one for the whole site.
    and not exists (select from sheet o join workers_person q on q.worker_code = o.worker_id and q.id = t.person_id
      where q.pilot_id = %(pilot)s and o.item = s.item and o.date = s.date)
) l on true
where s.problems is null and s.answer is not null  -- what is kept apart was wiped
"""
RECORDED = """
create temp table asked on commit drop as
select f.n, f.placement_id, a.answer, c.id as check_id, c.recorded_at, min(f.n) over
    (partition by f.placement_id, s.item, s.date) as first_row
from found f join sheet s using (n)
left join lateral (select a.answer, a.check_record_id from compliance_checkanswer a
  where a.placement_id = f.placement_id and a.item = s.item and a.done_on = s.date::date order by a.id desc limit 1) a on true
left join compliance_check c on c.id = a.check_record_id
where f.placement_id is not null
"""
QUESTIONS = (
    ("worker_id", "nobody", "s.worker_id", "''", "s.worker_id is not null and f.person_id is null"),
    ("worker_id", "no_placement", "s.worker_id", "''", "f.person_id is not null and f.placement_id is null"),
    ("site", "unknown_site", "s.site", "''", "s.worker_id is null and f.sites = 0"),
    ("site", "ambiguous_site", "s.site", "''", "s.worker_id is null and f.sites > 1"),
    ("site", "nobody_there", "s.site", "s.date", "s.worker_id is null and f.sites = 1 and f.placement_id is null"),
    ("private", "site_private", "s.site", "''", "s.worker_id is null and s.private = 'True'"),
    ("date", "too_old", "s.date", "''", "s.date::date < %(oldest)s"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row, cleaned."""

    n: int
    site: bool
    item: str
    stage: str
    on: date
    mode: str
    private: bool
    round: str
    by: str
    given: Answered


def allowed(kind: str, by: Scope) -> bool:
    """Whether this scope records checks."""
    return by.allows(Permission.CHECK_RECORD) and may(Check, by.db_role, "i")


def unused(kind: str) -> tuple[str, ...]:
    """Every column is kept."""
    return ()


def versions_now(kind: str, by: Scope) -> str:
    """An answer does not change: what a row says is recorded, or it is another answer."""
    return "select distinct f.n, null::text as version from found f"


def words(batch: ImportBatch, by: Scope) -> dict[str, str]:
    """The sentences of this judge; those of the catalogue come ready made."""
    return {
        "nobody": _("“{value}” is nobody whom you see. Check the Worker ID."),
        "no_placement": _("“{value}” has no placement that you see. Check the Worker ID."),
        "unknown_site": _("There is no site “{value}” among those you see in this pilot. Write its name as the portal has it."),
        "ambiguous_site": _("Several sites are called “{value}”. Write a row for each worker instead."),
        "nobody_there": _("Nobody whom you see worked at “{value}” on {other}. Write a row for each worker instead."),
        "site_private": _("A whole site is not a worker alone. Write a row for each worker who was asked in private."),
        "worker_alone": _("This item is asked to each worker alone. Write a row for each worker instead of the site."),
        "too_old": _("The date lies more than two years back."),
        "unknown_item": _("The catalogue has no item “{value}”."),
        "kept_apart": _("“{value}” is not taken from a sheet. Record it in the portal, where only few may read it."),
        "answer": "{other}",
        "twice_fact": _("Row {row} answers the same item about the same worker on the same day. Keep one of the two."),
        "answered_otherwise": _(
            "On this day “{other}” is recorded for this item. Answers are not overwritten; record a new contact in the portal."
        ),
        "~no_evidence": _("Without evidence, and not asked in private, this is kept as “not verified”."),
        "~moded": _("“{value}” is kept as a contact by phone."),
    }  # fmt: skip


def judge(batch: ImportBatch, by: Scope, today: date) -> None:
    """Find the placements of each row, ask the catalogue about each answer, compare with what is recorded."""
    given = {
        "pilot": batch.pilot_id, "cohort": batch.cohort_id, "oldest": today - LONGEST_AGO,
        "working": [step.code for step in STEPS if step.with_employer],
    }  # fmt: skip
    with connection.cursor() as cursor:
        _keep_apart(cursor)
        # A downloaded row names its answer, and with it the placement, of a person who has several.
        own = f"t.id = (select a.placement_id from compliance_checkanswer a where a.id = {versions.POINTED}) desc nulls last,"
        cursor.execute(FOUND.replace("{own}", own if versions.given() else ""), given)
        cursor.execute("create index on found (n); analyze found")
        for key, code, value, other, condition in QUESTIONS:
            cursor.execute(
                f"insert into trouble select distinct s.n, '{key}', '{code}', {value}, {other}"
                f" from sheet s join found f using (n) where {condition}", given,
            )  # fmt: skip
        cursor.execute(RECORDED)
        cursor.execute("create index on asked (n); analyze asked")
        _ask_the_catalogue(cursor)
        cursor.execute(
            "insert into trouble select s.n, 'item', 'twice_fact', s.item, min(a.first_row)::text"
            " from asked a join sheet s using (n) where a.first_row < a.n group by s.n, s.item"
        )
        cursor.execute(
            "insert into trouble select s.n, 'answer', 'answered_otherwise', s.answer, min(a.answer)"
            " from asked a join sheet s using (n) join altered k using (n) where a.answer <> k.kept group by s.n, s.answer"
        )
        cursor.execute(
            "insert into judged (n, verdict, changes, person_id, placement_id)"
            " select a.n, case when bool_and(a.check_id is not null) then 'same' else 'new' end, '{}',"
            " min(f.person_id), case when count(*) = 1 then min(a.placement_id) end"
            " from asked a join found f on f.n = a.n and f.placement_id = a.placement_id group by a.n"
        )
        cursor.execute("analyze judged")


def _keep_apart(cursor: Any) -> None:
    """Rows of items that few may read are refused, and what they say is wiped from the working table."""
    apart = [item.code for item in catalogue().items if item.restricted or item.disclosure_led]
    cursor.execute(
        "insert into trouble select n, 'item', 'kept_apart', item, '' from sheet where item = any(%s)", [apart]
    )
    cursor.execute(
        "update sheet set answer = null, evidence = null, note = null, worker_id = null, site = null where item = any(%s)",
        [apart],
    )


def _rows(cursor: Any) -> list[Row]:
    cursor.execute(
        "select s.n, s.worker_id is null, s.item, s.date::date, coalesce(s.mode, 'in person'),"
        " coalesce(s.private, '') = 'True', coalesce(s.round, ''), coalesce(s.by, ''), s.answer,"
        " coalesce(s.evidence, ''), coalesce(s.note, '') from sheet s where s.problems is null and s.answer is not null"
        " order by s.n"
    )
    stages = {item.code: item for item in catalogue().items}
    rows = []
    for n, site, code, on, mode, private, name, who, answer, evidence, note in cursor.fetchall():
        item = stages.get(code)
        shown = WORKER_ALONE if item and private and WORKER_ALONE in item.answered_by else ""
        stage = item.stage if item else ""
        given = Answered(answer, shown, evidence, note)
        rows.append(Row(n, site, code, stage, on, MODES[mode], private, name, who, given))
    return rows


def _ask_the_catalogue(cursor: Any) -> None:
    """``altered (n, kept)``: each answer as it will be stored; and what the catalogue has against it."""
    trouble: list[tuple[int, str, str, str, str]] = []
    kept: list[tuple[int, str]] = []
    for row in _rows(cursor):
        if not row.stage:
            trouble.append((row.n, "item", "unknown_item", row.item, ""))
            continue
        judged, against = judge_answers(
            row.stage, {row.item: row.given}, mode=row.mode, private=row.private, told=False
        )  # fmt: skip
        if against:
            trouble.append(
                (row.n, "answer", "answer", row.given.answer, " ".join(problem.words for problem in against))
            )
        elif row.private and row.mode == Check.Mode.GROUP:
            trouble.append((row.n, "private", "answer", "", _("A worker in a group is not alone.")))
        elif row.site and judged[0].item.private and not row.given.evidence:
            trouble.append((row.n, "site", "worker_alone", row.item, ""))
        else:
            kept.append((row.n, judged[0].answer))
            if judged[0].answer == NOT_VERIFIED and row.given.answer in (YES, NO):
                trouble.append((row.n, "evidence", "~no_evidence", "", ""))
    cursor.execute("create temp table altered (n int, kept text) on commit drop")
    if kept:
        cursor.execute("insert into altered select * from unnest(%s::int[], %s::text[])", _columns(kept))
    if trouble:
        cursor.execute(
            "insert into trouble select * from unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[])",
            _columns(trouble),
        )


def _columns(rows: list[tuple]) -> list[list]:
    return [list(column) for column in zip(*rows, strict=True)]


def write(batch: ImportBatch, by: Scope, today: date) -> None:
    """Record the contacts of the rows that are judged new."""
    with connection.cursor() as cursor:
        rows = {row.n: row for row in _rows(cursor)}
        cursor.execute(
            "select a.n, a.placement_id from asked a join judged j using (n) where j.verdict = 'new' and a.check_id is null"
            " order by a.placement_id, a.n"
        )
        pairs = cursor.fetchall()
    contacts: dict[tuple, dict[str, Answered]] = defaultdict(dict)
    for n, placement in pairs:
        row = rows[n]
        contacts[placement, row.stage, row.round, row.on, row.mode, row.private, row.by][row.item] = row.given
    if not contacts:
        return
    asked = [
        Contact(
            placement, stage, answers, on, mode, private, note=_("Checked by %(name)s.") % {"name": who} if who else ""
        )
        for (placement, stage, _round, on, mode, private, who), answers in contacts.items()
    ]
    try:
        record_each(asked, by=by, today=today)
    except CannotRecord as refused:  # judged before, so only what changed in this very moment comes here
        raise NotCommitted(str(refused)) from refused


def take_back(batch: ImportBatch, by: Scope, today: date) -> Undone:
    """Take the batch's checks back, as far as nothing followed from them. Runs inside the working tables."""
    judge(batch, by, today)
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.row_number, coalesce(r.clean->>'worker_id', r.clean->>'site', ''),"
            " coalesce(array_agg(a.check_id) filter (where a.recorded_at <= b.committed_at), '{}')"
            " from workers_importrow r join workers_importbatch b on b.id = r.batch_id left join asked a on a.n = r.row_number"
            " where r.batch_id = %s and r.verdict = 'new' group by 1, 2 order by 1",
            [batch.pk],
        )
        rows = cursor.fetchall()
        ids = sorted({check for _n, _who, checks in rows for check in checks})
        cursor.execute("select * from compliance_take_back_checks(%s, %s, %s)", [batch.pk, batch.pilot_id, ids])
        gone = {check for (check,) in cursor.fetchall()}
    stays = _("A finding, a file or another record stands on this check, so it stays.")
    missing = _("The record is not found any more, or another one now holds its place.")
    kept = [
        {"row": n, "worker": who, "message": stays if checks else missing}
        for n, who, checks in rows
        if not checks or not gone.issuperset(checks)
    ]
    return Undone(len(rows) - len(kept), kept)
