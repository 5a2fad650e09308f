"""The kind of sheet ``surveys``: each row notes one try at one survey of one worker, with the answers where there are any.

What a row asks is held against who is owed which survey (``surveys/standing.py``) and goes through the door of surveys.
Tries are append-only: a row that says what the sender's organisation recorded is the same; any other about a survey that
was answered is refused without a word of what was said. Once recorded, the kept rows hold no answer.
"""

import json
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from compliance.models import SurveyContact
from compliance.surveys.door import Said, Try, record
from compliance.surveys.instrument import editions
from compliance.surveys.standing import STANDING, params
from workers.models import ImportBatch, Placement
from workers.sheets.kinds_surveys import AMOUNTS, CHOICES, SCALES
from workers.sheets.standing import NotCommitted, Undone

QUESTIONS: Final = (*CHOICES, *AMOUNTS, *SCALES)

FOUND = """
create temp table found on commit drop as
select s.n, p.id as person_id, array[p.id] || same.ids as people from sheet s
left join workers_person p on p.pilot_id = %(pilot)s and p.worker_code = s.worker_id
left join (select w.person_id, array_agg(w.other_id) as ids from workers_same w group by w.person_id) same
  on same.person_id = p.id
where s.problems is null
"""
# Every survey that is owed to the people of the sheet, with all their placements.
WHO = f"""
create temp table who on commit drop as
with asked as (
  select distinct t.id from found f join workers_placement t on t.person_id = any(f.people)
  where %(cohort)s::bigint is null or t.cohort_id = %(cohort)s
), {STANDING}
select t.person_id, a.id as placement_id, s.wave, s.opens_on, s.state, s.outcome
from asked a join workers_placement t on t.id = a.id left join standing s on s.id = a.id
"""
# The answers of a row, one to a line.
ALTERED = """
create temp table altered on commit drop as
select s.n, v.question, v.choice, v.number, v.currency from sheet s cross join lateral (values {each}) v(question, choice, number, currency)
where s.problems is null and (v.choice <> '' or v.number is not null)
"""
# The survey that a row means: of several placements the newest whose survey could be asked on the day.
ASKED = """
create temp table asked on commit drop as
select q.*, min(q.n) over (partition by q.placement_id, q.wave, q.outcome = 'answered') as first_row,
  c.id as contact_id, c.recorded_at, coalesce(c.id is not null and (q.outcome <> 'answered'
    or (c.organisation_id = %(organisation)s and c.said = q.said)), false) as same
from (
  select s.n, f.person_id, s.survey as wave, s.date::date as day, coalesce(s.mode, 'phone') as mode, g.said,
    coalesce(s.reached, case when g.n is not null then 'answered' end) as outcome, w.placement_id, w.opens_on, w.state, w.outcome as last,
    exists (select from who o where o.person_id = any(f.people)) as there
  from sheet s join found f using (n)
  left join (select n, string_agg(concat(question, choice, round(number, 2), currency), ' ' order by question) as said from altered group by n) g using (n)
  left join lateral (
    select * from who w where w.person_id = any(f.people) and w.wave = s.survey
    order by w.opens_on <= s.date::date desc, w.placement_id desc limit 1) w on true
) q
left join lateral (
  select t.id, t.recorded_at, t.organisation_id, (select string_agg(concat(a.question, a.choice, round(a.number, 2), a.currency), ' ' order by a.question)
    from compliance_surveyanswer a where a.contact_id = t.id) as said
  from compliance_surveycontact t
  where t.placement_id = q.placement_id and t.wave = q.wave and t.done_on = q.day and t.outcome = q.outcome) c on true
"""
# (column, code, value, beside it, condition): what speaks against a row. A try that is recorded already is none of it.
AGAINST = (
    ("worker_id", "nobody", "s.worker_id", "''", "q.person_id is null"),
    ("worker_id", "no_placement", "s.worker_id", "''", "q.person_id is not null and not q.there"),
    ("survey", "not_planned", "s.survey", "''", "q.there and q.placement_id is null"),
    ("survey", "answered_before", "''", "''", "q.state = 'answered' and not q.same"),
    ("worker_id", "not_agreed", "s.worker_id", "''", "q.last = 'not agreed'"),
    ("worker_id", "died", "s.worker_id", "''", "q.state = 'died' and not q.same"),
    ("date", "too_early", "s.date", "to_char(q.opens_on, 'YYYY-MM-DD')", "q.state <> 'died' and q.day < q.opens_on"),
    ("reached", "reached_blank", "''", "''", "q.outcome is null"),
    ("reached", "no_answers", "''", "''", "q.outcome = 'answered' and q.said is null"),
    ("reached", "not_reached", "''", "''", "q.outcome <> 'answered' and q.said is not null"),
    ("survey", "twice_fact", "''", "q.first_row::text", "q.outcome = 'answered' and q.first_row < q.n"),
)  # fmt: skip
NOT_ASKED = """
insert into trouble select a.n, a.question, 'not_asked', '', '' from altered a join asked q using (n)
where not exists (
  select from jsonb_to_recordset(%(editions)s::jsonb) e(valid_from date, until date, wave text, question text)
  where e.wave = q.wave and e.question = a.question and q.day >= e.valid_from and (e.until is null or q.day < e.until))
"""


def allowed(kind: str, by: Scope) -> bool:
    """Whether this scope notes surveys."""
    return by.allows(Permission.SURVEY_RECORD) and may(SurveyContact, by.db_role, "i")


def unused(kind: str) -> tuple[str, ...]:
    """Every column is kept."""
    return ()


def versions_now(kind: str, by: Scope) -> str:
    """A try does not change, and no list of them is given out: a row has no version."""
    return "select f.n, null::text as version from found f"


def words(batch: ImportBatch, by: Scope) -> dict[str, str]:
    """The sentences of this judge."""
    return {
        "nobody": _("“{value}” is nobody whom you see. Check the Worker ID."),
        "no_placement": _("“{value}” has no placement that you see. Check the Worker ID."),
        "not_planned": _("This survey is not planned for this worker: who never left is not asked after return."),
        "answered_before": _("This survey was already answered, and answers are not overwritten. Leave the row out."),
        "not_agreed": _("This person did not agree to be contacted after return. Leave the row out."),
        "died": _("This person has died. Nobody is asked any more."),
        "too_early": _("This survey is asked from {other} on. Check the date and which survey it is."),
        "reached_blank": _("There is no answer in this row. Write under “Reached” why, such as no answer."),
        "no_answers": _("The person was reached, and no answer stands in the row. Fill in one at least, or write why there is none."),
        "not_reached": _("There are answers in this row, so the person was reached. Correct this cell or empty the answers."),
        "not_asked": _("This question is not asked in this survey. Leave the cell blank, or correct which survey it is."),
        "twice_fact": _("Row {row} holds answers of the same worker to the same survey. Keep one of the two."),
    }  # fmt: skip


def judge(batch: ImportBatch, by: Scope, today: date) -> None:
    """Find the survey that each row means, and say why it cannot be noted."""
    given = params(on=today, as_of=timezone.now()) | {
        "pilot": batch.pilot_id, "cohort": batch.cohort_id, "organisation": by.organisation_id, "editions": _editions(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FOUND, given)
        cursor.execute("create unique index on found (n); analyze found")
        cursor.execute(WHO, given)
        cursor.execute("create index on who (person_id); analyze who")
        cursor.execute(ALTERED.format(each=", ".join(_line(code) for code in QUESTIONS)))
        cursor.execute("create index on altered (n); analyze altered")
        cursor.execute(ASKED, given)
        cursor.execute("create unique index on asked (n); analyze asked")
        for key, code, value, other, condition in AGAINST:
            cursor.execute(
                f"insert into trouble select q.n, '{key}', '{code}', {value}, {other} from asked q join sheet s using (n)"
                f" where {condition}"
            )
        cursor.execute(NOT_ASKED, given)
        cursor.execute(
            "insert into judged (n, verdict, changes, person_id, placement_id)"
            " select q.n, case when q.same then 'same' else 'new' end,"
            " '{}', q.person_id, q.placement_id from asked q where q.placement_id is not null and q.outcome is not null"
        )
        cursor.execute("analyze judged")


def _line(code: str) -> str:
    if code in CHOICES:
        return f"('{code}', s.{code}, null::numeric, '')"
    currency = f"coalesce(s.{AMOUNTS[code][1]}, '')" if code in AMOUNTS else "''"
    return f"('{code}', '', s.{code}::numeric, {currency})"


def _editions() -> str:
    """Which question is asked in which wave, and when: the first edition also counts for the days before it."""
    found, known = [], editions()
    for place, edition in enumerate(known):
        begins = edition.valid_from.isoformat() if place else "0001-01-01"
        until = known[place + 1].valid_from.isoformat() if place + 1 < len(known) else None
        found += [
            {"valid_from": begins, "until": until, "wave": wave, "question": question.code}
            for question in edition.all_questions
            for wave in question.waves
        ]
    return json.dumps(found)


def write(batch: ImportBatch, by: Scope, today: date) -> None:
    """Note the tries of the rows that are judged new, and take the answers out of the kept rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select a.n, a.question, a.choice, a.number, a.currency from altered a join judged j using (n)"
            " where j.verdict = 'new'"
        )
        answers: dict[int, dict[str, Said]] = {}
        for n, question, choice, number, currency in cursor.fetchall():
            answers.setdefault(n, {})[question] = Said(choice, number, currency)
        cursor.execute(
            "select q.n, q.placement_id, q.wave, q.outcome, q.day, q.mode from asked q join judged j using (n)"
            " where j.verdict = 'new' order by q.n"
        )
        rows = cursor.fetchall()
        placements = Placement.objects.in_bulk({row[1] for row in rows})
        tries = [
            Try(placements[pk], wave, outcome, on, mode, answers.get(n, {})) for n, pk, wave, outcome, on, mode in rows
        ]
        try:
            record(tries, by=by, today=today)
        except ValidationError as refused:  # judged before, so only what changed in this very moment comes here
            raise NotCommitted(" ".join(refused.messages)) from refused
        _forget_answers(cursor, batch.pk)


def _forget_answers(cursor: Any, batch_id: int) -> None:
    cursor.execute(
        "update workers_importrow r set clean = (r.clean - %s::text[]) || jsonb_build_object('reached', q.outcome)"
        " from asked q join judged j using (n) where r.batch_id = %s and r.row_number = q.n and j.verdict in ('new', 'same')",
        [[*QUESTIONS, *dict.fromkeys(currency for _header, currency in AMOUNTS.values())], batch_id],
    )


def take_back(batch: ImportBatch, by: Scope, today: date) -> Undone:
    """Take the batch's tries back with their answers. Runs inside the working tables."""
    judge(batch, by, today)
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.row_number, coalesce(r.clean->>'worker_id', ''), case when q.recorded_at <= b.committed_at then q.contact_id end"
            " from workers_importrow r join workers_importbatch b on b.id = r.batch_id left join asked q on q.n = r.row_number"
            " where r.batch_id = %s and r.verdict = 'new' order by 1",
            [batch.pk],
        )
        rows = cursor.fetchall()
        ids = sorted({contact for _n, _who, contact in rows if contact})
        cursor.execute("select * from compliance_take_back_surveys(%s, %s, %s)", [batch.pk, batch.pilot_id, ids])
        gone = {contact for (contact,) in cursor.fetchall()}
    missing = _("The record is not found any more, or another one now holds its place.")
    kept = [{"row": n, "worker": who, "message": missing} for n, who, contact in rows if contact not in gone]
    return Undone(len(rows) - len(kept), kept)
