"""Coverage of checks: of those whose day has come, who was reached, who was not, why, and how often in a row.

A check before departure, at arrival, before and after the return is owed once, as ``due`` says. At work the scheme
asks for a contact in every interval: intervals of its length run from the day work began until it ended, and one is
reached if a check of arrival or employment lies in it (its first day belongs to the interval before, its last day to
it; the day work began to the first). Only intervals that are over count. A check that is late counts as missed until
it is done, and an interval that went by without a contact stays missed (coverage as in ``docs/checks.md`` 7).

Everything is one statement over journey events, checks and attempts; nothing is stored but the attempts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.scope import Scope
from compliance.catalogue.reader import catalogue
from compliance.due import OBLIGATIONS, obligation_parameters
from compliance.models import ContactAttempt
from workers.models import Placement

REACHED, OVERDUE, NOT_REACHED = "reached", "overdue", "not reached"
# What a number of the table may be opened as; the view has the words of each list.
SHOWS = ("owed", "reached", "late", "overdue", "not reached", "missed")
NO_SITE = -1
NOBODY_TRIED = "none"
LONGEST_AGO = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Line:
    """One site and stage. ``late``: done after its day, part of ``reached``. ``in_a_row``: the longest run of missed
    intervals that stands now."""

    site_id: int | None
    site: str
    employer: str
    stage: str
    owed: int
    reached: int
    late: int
    overdue: int
    not_reached: int
    in_a_row: int

    @property
    def missed(self) -> int:
        """Overdue now, or gone by."""
        return self.overdue + self.not_reached

    @property
    def site_key(self) -> int:
        """The site as the address of the list names it."""
        return self.site_id or NO_SITE


@dataclass(frozen=True, slots=True)
class Owed:
    """One check that was owed: whose, when, whether it was reached, and the newest attempt where it was not."""

    placement_id: int
    name: str
    worker_code: str
    site: str
    employer: str
    stage: str
    due_on: date
    state: str
    done_on: date | None
    in_a_row: int
    reason: str
    tried_on: date | None

    @property
    def reason_words(self) -> str:
        """Why nobody was reached; empty where no attempt is recorded."""
        return str(ContactAttempt.Reason(self.reason).label) if self.reason else ""


def coverage(scope: Scope, *, on: date, since: date, pilot_id: int | None = None) -> list[Line]:
    """Counts by site and stage of checks due from ``since`` to ``on``; the most missed first."""
    sql = f"""
    {_OWED}
    select o.site_id, coalesce(t.name, ''), coalesce(g.name, ''), o.stage, count(*),
           count(*) filter (where o.state = 'reached'), count(*) filter (where o.late),
           count(*) filter (where o.state = 'overdue'), count(*) filter (where o.state = 'not reached'),
           coalesce(max(o.in_a_row) filter (where o.newest), 0)
    from owed o
    left join pilots_site t on t.id = o.site_id
    left join accounts_organisation g on g.id = o.employer_id
    group by o.site_id, t.name, g.name, o.stage
    order by count(*) filter (where o.state <> 'reached') desc, t.name, o.stage
    """
    return [Line(*row) for row in _ask(sql, _given(scope, on, since, pilot_id))]


def reasons(scope: Scope, *, on: date, since: date, pilot_id: int | None = None) -> dict[str, int]:
    """Why checks were missed: reason → how many, the most frequent first; ``none`` where nobody noted an attempt."""
    sql = f"{_OWED} select coalesce(o.reason, %(none)s), count(*) from owed o where o.state <> 'reached' group by 1 order by 2 desc, 1"
    return dict(_ask(sql, _given(scope, on, since, pilot_id) | {"none": NOBODY_TRIED}))


def behind(
    scope: Scope,
    *,
    on: date,
    since: date,
    pilot_id: int | None = None,
    site_id: int | None = None,
    stage: str = "",
    show: str = "missed",
    reason: str = "",
    after: tuple[date, int, str] | None = None,
    limit: int = 50,
) -> list[Owed]:
    """The checks behind one number, by day; ``site_id`` -1 means no site, ``after`` the last row of the page before."""
    given = _given(scope, on, since, pilot_id) | {
        "site": site_id, "stage": stage, "show": show, "reason": reason, "none": NOBODY_TRIED, "limit": limit,
        "after_on": after[0] if after else None, "after_id": after[1] if after else None,
        "after_stage": after[2] if after else "",
    }  # fmt: skip
    sql = f"""
    {_OWED}
    select o.placement_id, trim(pe.given_names || ' ' || pe.family_name), pe.worker_code, coalesce(t.name, ''),
           coalesce(g.name, ''), o.stage, o.due_on, o.state, o.done_on, o.in_a_row, coalesce(o.reason, ''), o.tried_on
    from owed o
    join workers_person pe on pe.id = o.person_id
    left join pilots_site t on t.id = o.site_id
    left join accounts_organisation g on g.id = o.employer_id
    where (%(site)s::bigint is null or coalesce(o.site_id, -1) = %(site)s)
      and (%(stage)s = '' or o.stage = %(stage)s)
      and (%(show)s = 'owed' or o.state = %(show)s or %(show)s = 'late' and o.late
           or %(show)s = 'missed' and o.state <> 'reached')
      and (%(reason)s = '' or o.state <> 'reached' and coalesce(o.reason, %(none)s) = %(reason)s)
      and (%(after_on)s::date is null
           or (o.due_on, o.placement_id, o.stage) > (%(after_on)s::date, %(after_id)s::bigint, %(after_stage)s))
    order by o.due_on, o.placement_id, o.stage
    limit %(limit)s
    """
    return [Owed(*row) for row in _ask(sql, given)]


def note_attempts(
    placement_ids: Iterable[int], *, stage: str, due_on: date, tried_on: date, reason: str, by: Scope, today: date
) -> int:
    """Record that these workers were not reached, and why; answers how many are new. The same twice is one.

    Raises ValidationError with the sentence the user reads, Placement.DoesNotExist for one out of sight.
    """
    by.require(Permission.CHECK_RECORD)
    if reason not in ContactAttempt.Reason.values:
        raise ValidationError({"reason": _("Say why nobody was reached, in the words of the list.")})
    if stage not in {s.code for s in catalogue().stages}:
        raise ValidationError({"stage": _("The catalogue has no stage of this name.")})
    if tried_on > today:
        raise ValidationError({"tried_on": _("The date lies in the future.")})
    if tried_on < today - LONGEST_AGO:
        raise ValidationError({"tried_on": _("The date lies more than a year back.")})
    ids = set(placement_ids)
    found = dict(Placement.objects.filter(pk__in=ids).values_list("pk", "pilot_id"))
    if len(found) < len(ids):
        raise Placement.DoesNotExist
    before = ContactAttempt.objects.filter(placement_id__in=ids, stage=stage, tried_on=tried_on, reason=reason).count()
    ContactAttempt.objects.bulk_create(
        [
            ContactAttempt(
                pilot_id=pilot_id, placement_id=pk, stage=stage, due_on=due_on, tried_on=tried_on, reason=reason,
                user_id=by.user_id, organisation_id=by.organisation_id,
            )
            for pk, pilot_id in sorted(found.items())
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return len(found) - before


def _ask(sql: str, given: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def _given(scope: Scope, on: date, since: date, pilot_id: int | None) -> dict[str, Any]:
    return obligation_parameters(scope, on, pilot_id) | {"since": since}


_OWED = f"""
{OBLIGATIONS},
employed as (
  select l.placement_id, l.person_id, l.site_id, l.employer_id, l.worked, l.every,
    case when l.step = any(%(at_work)s) then %(on)s::date
         else (select min(e.happened_on) from workers_journeyevent e
               where e.placement_id = l.placement_id and e.version > (
                 select max(a.version) from workers_journeyevent a
                 where a.placement_id = l.placement_id and a.to_step = any(%(at_work)s))) end as until
  from live l where l.worked is not null
),
intervals as (
  select p.*, n, p.worked + (n - 1) * p.every as after_on, p.worked + n * p.every as due_on
  from employed p
  cross join lateral generate_series(1, greatest((least(p.until, %(on)s) - p.worked) / p.every, 0)) as n
),
met as (
  select i.placement_id, i.n, min(k.done_on) as done_on
  from intervals i
  join compliance_check k on k.placement_id = i.placement_id and k.stage in ('arrival', 'employment')
    and not k.restricted and k.done_on <= i.due_on
    and (k.done_on > i.after_on or i.n = 1 and k.done_on = i.worked)
  group by i.placement_id, i.n
),
runs as (
  select i.placement_id, i.person_id, i.site_id, i.employer_id, i.after_on, i.due_on, m.done_on,
         i.n - coalesce(max(m.n) over before, 0) as in_a_row,
         i.n = max(i.n) over (partition by i.placement_id) as newest
  from intervals i left join met m on m.placement_id = i.placement_id and m.n = i.n
  window before as (partition by i.placement_id order by i.n)
),
owed as (
  select w.*, a.reason, a.tried_on
  from (
    select 'employment' as stage, r.due_on, r.placement_id, r.person_id, r.site_id, r.employer_id, r.after_on,
           case when r.done_on is null then 'not reached' else 'reached' end as state, r.done_on, false as late,
           r.in_a_row, r.newest
    from runs r where r.due_on >= %(since)s
    union all
    select j.stage, j.due_on, j.placement_id, j.person_id, j.site_id, j.employer_id, null::date,
           case j.state when 'done' then 'reached' else j.state end, case j.state when 'done' then j.last_on end,
           j.state = 'done' and j.last_on > j.due_on, 0, false
    from judged j
    where j.stage <> 'employment' and j.state in ('done', 'overdue', 'not reached')
      and j.due_on between %(since)s and %(on)s
  ) w
  left join lateral (
    select c.reason, c.tried_on from compliance_contactattempt c
    where c.placement_id = w.placement_id and c.stage = w.stage and c.tried_on <= %(on)s and w.state <> 'reached'
      and (w.after_on is null or c.tried_on > w.after_on and c.tried_on <= w.due_on)
    order by c.tried_on desc, c.id desc limit 1
  ) a on true
)
"""
