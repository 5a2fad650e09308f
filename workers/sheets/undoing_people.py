"""Taking a sheet of workers back: people it added go, changed fields get their former values, the rest is named.

What has moved, what somebody changed since, and consent given by a person stay. A recruiter takes people back within a day:
later, who stays while others go would tell it that something is recorded of them which it does not see.
"""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.roles import Kind
from accounts.scope import Scope
from workers.models import ImportBatch

from . import committing, matching
from .standing import Undone

CANDIDATES = """
create temp table who on commit drop as
select r.row_number as n, r.clean->>'worker_id' as code, r.verdict, j.person_id as id, j.placement_id,
  r.changes, r.clean->>'passport_number' as passport_number, r.clean->>'passport_country' as passport_country,
  case
    when j.n is null or exists (select from trouble t where t.n = j.n and t.code not like '~%%') then 'gone'
    when j.verdict <> 'same' then 'changed'
    when %(partner)s and b.committed_at < now() - interval '1 day' and (r.verdict = 'new' or r.changes ? 'cohort') then 'late'
    when r.verdict = 'new' and p.version > 1 then 'changed'
    when r.verdict = 'new' and (
      exists (select from workers_identitydocument d where d.person_id = p.id and d.recorded_at > b.committed_at)
      or exists (select from workers_consent c where c.person_id = p.id and c.recorded_at > b.committed_at)
    ) then 'papers'
    when (r.verdict = 'new' or r.changes ? 'cohort') and s.version > 1 then 'moved'
    when (r.verdict = 'new' or r.changes ? 'cohort') and l.employer_id is not null then 'ordered'
    when r.changes ? 'consent_date' then 'consent'
    else ''
  end as why
from workers_importrow r
join workers_importbatch b on b.id = r.batch_id
left join judged j on j.n = r.row_number
left join workers_person p on p.id = j.person_id
left join workers_placementstate s on s.placement_id = j.placement_id
left join workers_placement l on l.id = j.placement_id
where r.batch_id = %(batch)s and r.verdict in ('new', 'changed')
"""
SET_BACK = """
create temp table altered on commit drop as
select w.n, w.id as person_id, w.changes, w.passport_number, w.passport_country
from who w where w.verdict = 'changed' and w.why in ('', 'consent')
"""
# The paper of the sheet is put aside, then the one before it is valid again.
PAPERS_BACK = (
    """
    update workers_identitydocument d set replaced_at = now() from altered a
    where d.person_id = a.person_id and d.replaced_at is null
      and ((d.kind = 'passport' and a.changes ?| array['passport_number', 'passport_country']
            and (not a.changes ? 'passport_number' or d.number = a.changes->'passport_number'->>1))
        or (d.kind = 'national id' and d.number = a.changes->'national_id'->>1))
    """,
    """
    update workers_identitydocument d set replaced_at = null from altered a
    where d.id in (
      (select o.id from workers_identitydocument o where o.person_id = a.person_id and o.kind = 'passport'
        and a.changes ?| array['passport_number', 'passport_country'] and o.replaced_at is not null
        and o.number = case when a.changes ? 'passport_number' then a.changes->'passport_number'->>0
                       else a.passport_number end
        and o.country = case when a.changes ? 'passport_country' then a.changes->'passport_country'->>0
                        else a.passport_country end
        order by o.id desc limit 1),
      (select o.id from workers_identitydocument o where o.person_id = a.person_id and o.kind = 'national id'
        and o.replaced_at is not null and o.number = a.changes->'national_id'->>0 order by o.id desc limit 1))
    """,
)
TAKEN_BACK = """
with taken as (
  select t.what, t.id from
    (select coalesce(array_agg(w.id) filter (where w.verdict = 'new'), '{}') as people,
            coalesce(array_agg(w.placement_id) filter (
              where w.placement_id is not null and (w.verdict = 'new' or w.changes ? 'cohort')), '{}') as places
     from who w where w.why = '') a,
    workers_take_back(%s, %s, a.people, a.places) t
)
update who w set why = 'stands' where w.why = ''
  and ((w.verdict = 'new' and not exists (select from taken t where t.what = 'person' and t.id = w.id))
    or (w.verdict = 'changed' and w.changes ? 'cohort' and w.placement_id is not null
        and not exists (select from taken t where t.what = 'placement' and t.id = w.placement_id)))
"""


def take_back(batch: ImportBatch, by: Scope) -> Undone:
    """Take the people of the batch back. Runs inside the working tables, with the kept rows loaded."""
    given: dict[str, Any] = {"pilot": batch.pilot_id, "origin": batch.pilot.corridor.origin, "side": committing.BEFORE}
    matching.judge(batch, by)
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, {"batch": batch.pk, "partner": by.kind == Kind.RECRUITER})
        cursor.execute(TAKEN_BACK, [batch.pk, batch.pilot_id])
        cursor.execute(SET_BACK)
        if cursor.rowcount:
            for statement in (committing.CHANGED_PERSON, *committing.CHANGED_PARTS, committing.EXPIRY):
                cursor.execute(statement, given)
            for statement in PAPERS_BACK:
                cursor.execute(statement)
        cursor.execute("select count(*) filter (where why in ('', 'consent')) from who")
        undone = cursor.fetchone()[0]
        cursor.execute("select n, coalesce(code, ''), why from who where why <> '' order by n")
        words = _words()
        kept = [{"row": n, "worker": code, "message": words[why]} for n, code, why in cursor.fetchall()]
    return Undone(undone, kept)


def _words() -> dict[str, str]:
    return {
        "gone": _("The record is not found any more, or another one now holds its number."),
        "changed": _("Somebody changed the record since; it stays as it is."),
        "late": _(
            "People are taken back within a day of being recorded; since then others may have recorded something about them. Ask the programme."
        ),
        "papers": _("Papers or consent were added since; the person stays."),
        "moved": _("The placement has moved on; its journey stays."),
        "ordered": _(
            "The placement is on a job order. Take it off the job order on the cohort’s page first, then take the sheet back."
        ),
        "stands": _("Other records refer to this person, so the person stays."),
        "consent": _("The fields are set back; the person's consent stays until the person withdraws it."),
    }
