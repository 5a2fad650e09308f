"""Writes judged workers: one statement per table, in the order of the sheet. ``write`` records, ``unwrite`` sets
changed fields back to what they were.

New people come from the cells of ``sheet``; known people from ``judged.changes`` (``{field: [before, after]}``), so
that a blank cell never overwrites and the same statements can set a change back.
"""

from datetime import date
from typing import Any

from django.db import connection

from accounts.scope import Scope
from pilots.models import Cohort
from workers.journey.enrolment import enrol
from workers.models import ImportBatch

from . import staging

BEFORE, AFTER = 0, 1

NEW_PERSON = """
insert into workers_person (pilot_id, worker_code, recruiter_id, family_name, given_names, passport_name, sex,
  birth_date, birth_precision, nationality, village, province, languages, registered_on, version)
select %(pilot)s, s.worker_id, j.recruiter_id, coalesce(s.family_name, ''), coalesce(s.given_names, ''),
  coalesce(s.passport_name, ''), coalesce(s.sex, 'N'), s.birth_date::date, coalesce(s.birth_precision, 'day'),
  coalesce(s.nationality, ''), coalesce(s.village, ''), coalesce(s.province, ''), coalesce(s.languages, ''),
  s.registered_on::date, 1
from judged j join sheet s using (n) where j.verdict = 'new' and j.n between %(first)s and %(last)s
order by s.worker_id returning id, worker_code, recruiter_id
"""
WHO = f"""
with made as ({NEW_PERSON})
insert into who select s.n, m.id, m.recruiter_id from made m join sheet s on s.worker_id = m.worker_code
where s.n between %(first)s and %(last)s
"""
NEW_PARTS = (
    """
    insert into workers_personcontact (person_id, pilot_id, recruiter_id, phone, email)
    select w.id, %(pilot)s, w.recruiter_id, coalesce(s.phone, ''), coalesce(s.email, '')
    from who w join sheet s using (n) where s.phone is not null or s.email is not null order by w.id
    """,
    """
    insert into workers_personbackground (person_id, pilot_id, recruiter_id, marital_status, dependants, home_income,
      home_income_currency)
    select w.id, %(pilot)s, w.recruiter_id, coalesce(s.marital_status, ''), s.dependants::smallint,
      s.home_income::numeric, case when s.home_income is null then '' else s.home_income_currency end
    from who w join sheet s using (n)
    where s.marital_status is not null or s.dependants is not null or s.home_income is not null order by w.id
    """,
    """
    insert into workers_identitydocument (person_id, pilot_id, recruiter_id, kind, number, country, expires_on)
    select w.id, %(pilot)s, w.recruiter_id, d.kind, d.number, d.country, d.expires_on
    from who w join sheet s using (n)
    cross join lateral (values
      ('passport', s.passport_number, s.passport_country, s.passport_expiry::date),
      ('national id', s.national_id, coalesce(s.nationality, s.passport_country, %(origin)s), null)
    ) as d (kind, number, country, expires_on)
    where d.number is not null order by w.id
    """,
    """
    insert into workers_consent (person_id, pilot_id, recruiter_id, purpose, given_on, form_version, language)
    select w.id, %(pilot)s, w.recruiter_id, 'participation', s.consent_date::date, coalesce(s.consent_version, ''),
      coalesce(s.consent_language, '')
    from who w join sheet s using (n) where s.consent_date is not null order by w.id
    """,
)


def _text(field: str, table: str) -> str:
    return (
        f"case when c.changes ? '{field}' then coalesce(c.changes->'{field}'->>%(side)s, '') else {table}.{field} end"
    )


def _plain(field: str, table: str, kind: str) -> str:
    return f"case when c.changes ? '{field}' then (c.changes->'{field}'->>%(side)s)::{kind} else {table}.{field} end"


# Of its own and counted, because the rest of ``judged`` may be a hundred thousand new people.
ALTERED = """
create temp table altered on commit drop as
select j.n, j.person_id, j.changes, s.passport_number, s.passport_country, s.passport_expiry, s.national_id,
  s.nationality, s.consent_date, s.consent_version, s.consent_language
from judged j join sheet s using (n) where j.verdict = 'changed'
"""
_CHANGED = "altered c"
_PERSON_TEXTS = ("family_name", "given_names", "passport_name", "nationality", "village", "province", "languages")
CHANGED_PERSON = f"""
update workers_person p set {", ".join(f"{field} = {_text(field, 'p')}" for field in _PERSON_TEXTS)},
  sex = coalesce(nullif({_text("sex", "p")}, ''), 'N'),
  birth_date = {_plain("birth_date", "p", "date")},
  birth_precision = coalesce(nullif({_text("birth_precision", "p")}, ''), 'day'),
  registered_on = {_plain("registered_on", "p", "date")}, version = p.version + 1
from {_CHANGED} where p.id = c.person_id
"""
CHANGED_PARTS = (
    f"""
    insert into workers_personcontact as k (person_id, pilot_id, recruiter_id, phone, email)
    select p.id, p.pilot_id, p.recruiter_id, coalesce({_text("phone", "o")}, ''), coalesce({_text("email", "o")}, '')
    from {_CHANGED} join workers_person p on p.id = c.person_id
    left join workers_personcontact o on o.person_id = p.id where c.changes ?| array['phone', 'email'] order by p.id
    on conflict (person_id) do update set phone = excluded.phone, email = excluded.email
    """,
    f"""
    insert into workers_personbackground as k (person_id, pilot_id, recruiter_id, marital_status, dependants,
      home_income, home_income_currency)
    select p.id, p.pilot_id, p.recruiter_id, coalesce({_text("marital_status", "o")}, ''),
      {_plain("dependants", "o", "smallint")}, {_plain("home_income", "o", "numeric")},
      coalesce({_text("home_income_currency", "o")}, '')
    from {_CHANGED} join workers_person p on p.id = c.person_id
    left join workers_personbackground o on o.person_id = p.id
    where c.changes ?| array['marital_status', 'dependants', 'home_income', 'home_income_currency'] order by p.id
    on conflict (person_id) do update set marital_status = excluded.marital_status, dependants = excluded.dependants,
      home_income = excluded.home_income, home_income_currency = excluded.home_income_currency
    """,
)
# The paper that the sheet was compared with is the newest that is not replaced.
REPLACED_PAPER = """
update workers_identitydocument d set replaced_at = now() from (
  select a.person_id, 'passport' as kind, a.changes->'passport_number'->>0 as number from altered a
  where a.changes ?| array['passport_number', 'passport_country']
  union all
  select a.person_id, 'national id', a.changes->'national_id'->>0 from altered a where a.changes ? 'national_id'
) c where d.person_id = c.person_id and d.kind = c.kind and d.replaced_at is null
  and (c.number is null or d.number = c.number)
"""
NEW_PAPER = """
insert into workers_identitydocument (person_id, pilot_id, recruiter_id, kind, number, country, expires_on)
select p.id, p.pilot_id, p.recruiter_id, d.kind, d.number, d.country, d.expires_on
from altered a join workers_person p on p.id = a.person_id
cross join lateral (values
  ('passport', case when a.changes ?| array['passport_number', 'passport_country'] then a.passport_number end,
   a.passport_country, a.passport_expiry::date),
  ('national id', case when a.changes ? 'national_id' then a.national_id end,
   coalesce(a.nationality, a.passport_country, nullif(p.nationality, ''), %(origin)s), null)
) as d (kind, number, country, expires_on)
where d.number is not null order by p.id
"""
EXPIRY = """
update workers_identitydocument d set expires_on = (a.changes->'passport_expiry'->>%(side)s)::date
from altered a
where a.changes ? 'passport_expiry' and not a.changes ?| array['passport_number', 'passport_country']
  and d.person_id = a.person_id and d.kind = 'passport' and d.replaced_at is null
  and d.id = (select i.id from workers_identitydocument i where i.person_id = a.person_id and i.kind = 'passport'
    and i.replaced_at is null order by (i.number = a.passport_number) desc nulls last, i.id desc limit 1)
"""
CHANGED_CONSENT = """
insert into workers_consent (person_id, pilot_id, recruiter_id, purpose, given_on, form_version, language)
select p.id, p.pilot_id, p.recruiter_id, 'participation', a.consent_date::date, coalesce(a.consent_version, ''),
  coalesce(a.consent_language, '')
from altered a join workers_person p on p.id = a.person_id where a.changes ? 'consent_date' order by p.id
"""
# A nomination is dated by the registration; without one by the day the cohort opened, when that is past.
ENROLLED = """
select j.cohort_id, coalesce(s.registered_on::date, least(c.opens_on, %(today)s)) as at,
       array_agg(coalesce(j.person_id, w.id) order by j.n)
from judged j join sheet s using (n) left join who w using (n) join pilots_cohort c on c.id = j.cohort_id
where {which} group by 1, 2 order by 1, 2
"""
_ENROLLED_CHANGED = ENROLLED.format(which="j.verdict = 'changed' and j.changes ? 'cohort'")
_ENROLLED_NEW = ENROLLED.format(which="j.verdict = 'new' and j.n between %(first)s and %(last)s")


def write(batch: ImportBatch, by: Scope, today: date) -> None:
    """Record what ``judged`` says is new or changed. Runs in the transaction of the commit."""
    given = _given(batch, AFTER) | {"today": today}
    with connection.cursor() as cursor:
        cursor.execute("create temp table who (n int, id bigint, recruiter_id bigint) on commit drop")
        # Changes first: the planner's figures of the tables still hold before a hundred thousand rows are added.
        cursor.execute(ALTERED)
        if cursor.rowcount:
            cursor.execute("analyze altered")
            for statement in (CHANGED_PERSON, *CHANGED_PARTS, REPLACED_PAPER, NEW_PAPER, EXPIRY, CHANGED_CONSENT):
                cursor.execute(statement, given)
            _enrol(cursor, _ENROLLED_CHANGED, given, by)
        for block in staging.blocks():
            cursor.execute("truncate who")
            for statement in (WHO, *NEW_PARTS):
                cursor.execute(statement, given | block)
            _enrol(cursor, _ENROLLED_NEW, given | block, by)
        cursor.execute("drop table pg_temp.who, pg_temp.altered")


def _enrol(cursor: Any, statement: str, given: dict[str, Any], by: Scope) -> None:
    cursor.execute(statement, given)
    enrolled = cursor.fetchall()
    cohorts = {c.pk: c for c in Cohort.objects.filter(pk__in={cohort for cohort, _at, _people in enrolled})}
    for cohort, at, people in enrolled:
        enrol(people, cohorts[cohort], by=by, at=at)


def _given(batch: ImportBatch, side: int) -> dict[str, Any]:
    return {"pilot": batch.pilot_id, "origin": batch.pilot.corridor.origin, "side": side}
