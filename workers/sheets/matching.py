"""The judge of a sheet of workers: who is meant, what would change, and what speaks against it. All set-based.

The key is the Worker ID within the pilot; without one, a passport number with its country. Blank never matches and
never overwrites. Numbers are unique in a pilot, so "is it taken?" is asked with the owner's sight (``taken``); what is
said about a person whom the reader does not see is one neutral sentence, the same whatever the reason.
"""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.roles import Kind
from accounts.scope import Scope
from workers.models import ImportBatch

from . import staging

# What a matched person's records say, against what the sheet says: key -> (recorded, in the sheet), both as text.
COMPARED: dict[str, tuple[str, str]] = {
    "family_name": ("v.family_name", "s.family_name"),
    "given_names": ("v.given_names", "s.given_names"),
    "passport_name": ("v.passport_name", "s.passport_name"),
    "sex": ("nullif(v.sex, 'N')", "nullif(s.sex, 'N')"),
    "birth_date": ("v.birth_date::text", "s.birth_date"),
    "birth_precision": ("v.birth_precision", "case when s.birth_date is not null then coalesce(s.birth_precision,"
        # Of an estimate nothing in a cell tells; the same day is no news.
        " case when v.birth_precision = 'estimated' and v.birth_date::text = s.birth_date then 'estimated' else 'day' end) end"),
    "nationality": ("v.nationality", "s.nationality"),
    "village": ("v.village", "s.village"),
    "province": ("v.province", "s.province"),
    "languages": ("v.languages", "s.languages"),
    "registered_on": ("v.registered_on::text", "s.registered_on"),
    "phone": ("ct.phone", "s.phone"),
    "email": ("ct.email", "s.email"),
    "marital_status": ("b.marital_status", "s.marital_status"),
    "dependants": ("b.dependants::text", "s.dependants"),
    "home_income": ("b.home_income::text", "s.home_income::numeric(14,2)::text"),
    "home_income_currency": ("b.home_income_currency", "case when s.home_income is not null then s.home_income_currency end"),
    "passport_number": ("pa.number", "s.passport_number"),
    "passport_country": ("pa.country", "case when s.passport_number is not null then s.passport_country end"),
    "passport_expiry": ("pa.expires_on::text", "case when coalesce(s.passport_number, pa.number) is not null then s.passport_expiry end"),
    "national_id": ("ni.number", "s.national_id"),
    "consent_date": ("null", "case when co.person_id is null then s.consent_date end"),
    "cohort": ("null", "case when pl.id is null then h.code end"),
}  # fmt: skip

# code -> (column, condition, value shown, other shown). Aliases: s sheet, f found.
QUESTIONS: dict[str, tuple[str, str, str, str]] = {
    "unknown_cohort": ("cohort", "s.cohort is not null and f.cohort_id is null", "s.cohort", "''"),
    "unknown_recruiter": (
        "recruiter", "not %(is_recruiter)s and s.recruiter is not null and f.named_id is null", "s.recruiter", "''",
    ),
    "not_your_organisation": (
        "recruiter", "%(is_recruiter)s and s.recruiter is not null and f.named_id is distinct from %(org)s",
        "s.recruiter", "''",
    ),
    "id_unusable": ("worker_id", "f.by_code is not null and not f.sees_code", "s.worker_id", "''"),
    "passport_unusable": (
        "passport_number", "s.worker_id is not null and f.by_passport is distinct from f.person_id"
        " and f.by_passport is not null and not f.sees_passport", "s.passport_number", "''",
    ),
    "passport_of_other": (
        "passport_number", "f.by_passport is distinct from f.person_id and f.sees_passport", "s.passport_number",
        "(select o.worker_code from workers_person o where o.id = f.by_passport)",
    ),
    "national_id_unusable": (
        "national_id", "f.by_national is distinct from f.person_id and f.by_national is not null"
        " and not f.sees_national", "s.national_id", "''",
    ),
    "national_id_of_other": (
        "national_id", "f.by_national is distinct from f.person_id and f.sees_national", "s.national_id",
        "(select o.worker_code from workers_person o where o.id = f.by_national)",
    ),
    "nobody_with_passport": (
        # The same whether nobody or a rival's person has it, so that the answer tells nothing.
        "worker_id", "s.worker_id is null and not f.sees_passport", "''", "''",
    ),
    "no_name": (
        "family_name", "f.person_id is null and s.worker_id is not null and s.family_name is null"
        " and s.given_names is null", "''", "''",
    ),
    "twice_person": ("worker_id", "f.first_row < s.n", "s.worker_id", "f.first_row::text"),
    "twice_national_id": ("national_id", "f.first_national < s.n", "s.national_id", "f.first_national::text"),
    "other_recruiter": (
        "recruiter", "not %(is_recruiter)s and f.person_id is not null and f.named_id is not null"
        " and f.named_id is distinct from f.held_by", "s.recruiter", "''",
    ),
    "too_early": ("birth_date", "s.birth_date < '1920-01-01'", "s.birth_date", "''"),
    "too_large": ("home_income", "s.home_income::numeric >= 1e12", "s.home_income", "''"),
    "~consent_stands": (
        "consent_date", "f.consent_on is not null and s.consent_date is not null and f.consent_on <> s.consent_date",
        "s.consent_date", "f.consent_on",
    ),
}  # fmt: skip


def words(by: Scope) -> dict[str, str]:
    """Every sentence of this judge in the reader's language."""
    told = by.kind == Kind.RECRUITER
    taken = _("This number cannot be used; the programme officer has been told.")
    unusable = taken if told else _("“{value}” belongs to somebody whom you do not see.")
    return {
        "unknown_cohort": _("There is no cohort “{value}” in this pilot. Write its code, or leave the cell blank."),
        "unknown_recruiter": _("No recruiter called “{value}” takes part in this pilot. Write its name, or leave the cell blank."),
        "not_your_organisation": _("Your sheet can name only your own organisation as recruiter. Leave the cell blank."),
        "id_unusable": unusable,
        "passport_unusable": unusable,
        "national_id_unusable": unusable,
        "passport_of_other": _("This passport is recorded for the person with the Worker ID {other}. Check both."),
        "national_id_of_other": _("This national ID is recorded for the person with the Worker ID {other}. Check both."),
        "nobody_with_passport": _("Nobody with this passport is on your list. To add a new person, give a Worker ID."),
        "no_name": _("A new person needs a family name or given names."),
        "twice_person": _("Row {row} is about the same person. Keep one of the two."),
        "twice_national_id": _("The same national ID already stands in row {row}. Keep one of the two."),
        "other_recruiter": _("This person is recorded with another recruiter, or with none. A sheet does not hand a person over."),
        "too_early": _("The date of birth lies before 1920."),
        "too_large": _("{value} is too large to be a monthly income."),
        "paper_of_another": _(
            "Somebody else recorded this passport, with the end {other}; they or the programme can change it. Empty the cell."
        ),
        "~consent_stands": _("A consent of {other} already stands; this one was not taken over."),
    }  # fmt: skip


def judge(batch: ImportBatch, by: Scope) -> None:
    """Fill ``judged`` and ``trouble`` for the workers in ``sheet``."""
    given = _given(batch, by)
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, given)
        cursor.execute("create unique index on found (n); analyze found (n, person_id)")
        cursor.execute(_ASKED, given)
        cursor.execute("select distinct unnest(codes) from asked")
        for (code,) in cursor.fetchall():
            key, _condition, value, other = QUESTIONS[code]
            cursor.execute(
                f"insert into trouble select s.n, '{key}', '{code}', {value}, {other} from asked a"
                " join sheet s using (n) join found f using (n) where %(code)s = any(a.codes)",
                given | {"code": code},
            )
        cursor.execute(_JUDGED)
        if by.kind == Kind.RECRUITER:
            cursor.execute(_PAPER_OF_ANOTHER, given)
        cursor.execute("analyze judged (n, verdict)")


def trusted(batch: ImportBatch, by: Scope) -> bool:
    """Take the rows in ``sheet`` as the new people they were at the check; False when one names what is not there any more."""
    with connection.cursor() as cursor:
        cursor.execute(_TRUSTED, _given(batch, by))
        taken = cursor.rowcount
        cursor.execute("analyze judged (n, verdict)")
        cursor.execute("select count(*) from sheet")
        return bool(cursor.fetchone()[0] == taken)


def _given(batch: ImportBatch, by: Scope) -> dict[str, Any]:
    return {
        "pilot": batch.pilot_id, "org": by.organisation_id, "is_recruiter": by.kind == Kind.RECRUITER,
        "cohort": batch.cohort_id, "origin": batch.pilot.corridor.origin, "block": staging.BLOCK,
    }  # fmt: skip


# The cohorts and recruiters that the sheet names, each name asked once.
_NAMED = """
cohorts as materialized (
  select distinct on (q.cohort) q.cohort, c.id from (select distinct cohort from sheet where cohort is not null) q
  join pilots_cohort c on c.pilot_id = %(pilot)s
    and (workers_fold(c.code) = workers_fold(q.cohort) or workers_fold(c.name) = workers_fold(q.cohort))
  order by q.cohort, workers_fold(c.code) = workers_fold(q.cohort) desc, c.id
), recruiters as materialized (
  select distinct on (q.recruiter) q.recruiter, o.id
  from (select distinct recruiter from sheet where recruiter is not null) q
  join accounts_organisation o on workers_fold(o.name) = workers_fold(q.recruiter) or o.slug = q.recruiter
  join pilots_participation t on t.organisation_id = o.id and t.pilot_id = %(pilot)s and t.kind = 'recruiter'
    and t.left_on is null
  order by q.recruiter, o.id
"""
_FOUND = f"""
create temp table found on commit drop as
with codes as materialized (
  -- Asked in blocks of rows, one after the other: the arrays of a million rows at once would be a matter of memory.
  select distinct t.* from (select distinct n / %(block)s as at from sheet where worker_id is not null) b
  cross join lateral (select array_agg(worker_id) as codes from sheet
    where worker_id is not null and n >= b.at * %(block)s and n < (b.at + 1) * %(block)s) a
  cross join lateral workers_codes_taken(%(pilot)s, a.codes) t
), passports as materialized (
  select distinct t.* from (select distinct n / %(block)s as at from sheet where passport_number is not null) b
  cross join lateral (select array_agg(passport_number) as numbers, array_agg(passport_country) as countries from sheet
    where passport_number is not null and n >= b.at * %(block)s and n < (b.at + 1) * %(block)s) a
  cross join lateral workers_numbers_taken(%(pilot)s, 'passport', a.numbers, a.countries) t
), nationals as materialized (
  select distinct t.* from (select distinct n / %(block)s as at from sheet where national_id is not null) b
  cross join lateral (select array_agg(national_id) as numbers,
      array_agg(coalesce(nationality, passport_country, %(origin)s)) as countries from sheet
    where national_id is not null and n >= b.at * %(block)s and n < (b.at + 1) * %(block)s) a
  cross join lateral workers_numbers_taken(%(pilot)s, 'national id', a.numbers, a.countries) t
), seen as materialized (
  -- Of those who have one of these numbers, whom the sender sees: nobody else is looked up.
  select p.id, p.recruiter_id from workers_person p where p.id = any(array(
    select person_id from codes union select person_id from passports union select person_id from nationals))
), {_NAMED}), keyed as materialized (
  select s.n, c.person_id as by_code, p.person_id as by_passport, i.person_id as by_national,
         coalesce(c.person_id, case when s.worker_id is null then p.person_id end) as key_id,
         case when s.cohort is null then %(cohort)s::bigint else h.id end as cohort_id, r.id as named_id,
         s.national_id, s.problems is null as good, coalesce(s.nationality, s.passport_country, %(origin)s) as id_country
  from sheet s
  left join codes c on c.code = s.worker_id
  left join passports p on p.number = s.passport_number and p.country = s.passport_country
  left join nationals i on i.number = s.national_id
    and i.country = coalesce(s.nationality, s.passport_country, %(origin)s)
  left join cohorts h on h.cohort = s.cohort
  left join recruiters r on r.recruiter = s.recruiter
), people_again as materialized (
  select key_id, min(n) filter (where good) as first from keyed where key_id is not null group by 1 having count(*) > 1
), nationals_again as materialized (
  select national_id, id_country, min(n) filter (where good) as first from keyed where national_id is not null
  group by 1, 2 having count(*) > 1
)
select k.n, k.by_code, k.by_passport, k.by_national, v.id as person_id, v.recruiter_id as held_by, k.cohort_id,
       k.named_id, case when %(is_recruiter)s then %(org)s else k.named_id end as recruiter_id,
       k.by_code is not null and vc.id is not null as sees_code,
       k.by_passport is not null and vp.id is not null as sees_passport,
       k.by_national is not null and vn.id is not null as sees_national,
       pa.first as first_row, na.first as first_national,
       case when v.id is not null then (select max(c.given_on)::text from workers_consent c where c.person_id = v.id
         and c.purpose = 'participation' and c.withdrawn_on is null) end as consent_on
from keyed k
left join seen v on v.id = k.key_id
left join seen vc on vc.id = k.by_code
left join seen vp on vp.id = k.by_passport
left join seen vn on vn.id = k.by_national
left join people_again pa on pa.key_id = v.id
left join nationals_again na on na.national_id = k.national_id and na.id_country = k.id_country
"""

# All questions in one pass over the rows; nearly every row has no answer worth a second look.
# A row that is refused already is asked these too, so that everything is told at once.
_ALWAYS = {
    "unknown_cohort", "unknown_recruiter", "not_your_organisation", "id_unusable", "passport_unusable",
    "passport_of_other", "national_id_unusable", "national_id_of_other",
}  # fmt: skip
_CASES = ", ".join(
    f"case when {condition} {'' if code in _ALWAYS else 'and s.problems is null'} then '{code}' end"
    for code, (_key, condition, _value, _other) in QUESTIONS.items()
)
_ASKED = f"""
create temp table asked on commit drop as
select q.n, q.codes from (
  select s.n, array_remove(array[{_CASES}]::text[], null) as codes from sheet s join found f using (n)
) q where q.codes <> '{{}}'
"""

# New people as the check left them. What they name is looked up again: a recruiter may have left meanwhile.
_TRUSTED = f"""
with {_NAMED})
insert into judged (n, verdict, changes, cohort_id, recruiter_id)
select s.n, 'new', '{{}}', case when s.cohort is null then %(cohort)s::bigint else h.id end,
       case when %(is_recruiter)s then %(org)s else r.id end
from sheet s
left join cohorts h on h.cohort = s.cohort
left join recruiters r on r.recruiter = s.recruiter
where (s.cohort is null or h.id is not null)
  and (s.recruiter is null or (r.id is not null and (not %(is_recruiter)s or r.id = %(org)s)))
"""

# A recruiter corrects a paper that it recorded itself; a paper with another number is a new one, and may always be sent.
_PAPER_OF_ANOTHER = """
insert into trouble select s.n, 'passport_expiry', 'paper_of_another', s.passport_expiry,
  coalesce(j.changes->'passport_expiry'->>0, '–')
from judged j join sheet s using (n)
cross join lateral (select i.recorded_by from workers_identitydocument i
  where i.person_id = j.person_id and i.kind = 'passport' and i.replaced_at is null
  order by (i.number = s.passport_number) desc nulls last, i.id desc limit 1) pa
where j.verdict = 'changed' and j.changes ? 'passport_expiry'
  and not j.changes ?| array['passport_number', 'passport_country'] and pa.recorded_by is distinct from %(org)s
"""

_PAIRS = ", ".join(f"('{key}', nullif({old}, ''), {new})" for key, (old, new) in COMPARED.items())
_JUDGED = f"""
insert into judged (n, verdict, changes, person_id, placement_id, cohort_id, recruiter_id)
select f.n, 'new', '{{}}', null, null, f.cohort_id, f.recruiter_id from found f where f.person_id is null
union all
select f.n, case when d.changes is null then 'same' else 'changed' end, coalesce(d.changes, '{{}}'), v.id, pl.id,
       f.cohort_id, v.recruiter_id
from found f
join sheet s using (n)
join workers_person v on v.id = f.person_id
left join workers_personcontact ct on ct.person_id = v.id
left join workers_personbackground b on b.person_id = v.id
left join lateral (select i.number, i.country, i.expires_on from workers_identitydocument i
  where i.person_id = v.id and i.kind = 'passport' and i.replaced_at is null
  order by (i.number = s.passport_number) desc nulls last, i.id desc limit 1) pa on true
left join lateral (select i.number from workers_identitydocument i
  where i.person_id = v.id and i.kind = 'national id' and i.replaced_at is null
  order by (i.number = s.national_id) desc nulls last, i.id desc limit 1) ni on true
left join lateral (select c.person_id from workers_consent c
  where c.person_id = v.id and c.purpose = 'participation'
    and (c.withdrawn_on is null or c.withdrawn_on >= s.consent_date::date) limit 1) co on true
left join pilots_cohort h on h.id = f.cohort_id
left join workers_placement pl on pl.person_id = v.id and pl.cohort_id = f.cohort_id
left join lateral (select jsonb_object_agg(x.key, jsonb_build_array(x.old, x.new)) as changes
  from (values {_PAIRS}) as x (key, old, new) where x.new is not null and x.new is distinct from x.old) d on true
"""
