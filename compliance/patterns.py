"""Patterns: where findings come in more often than chance explains, by employer, place of work and recruiter.

A case is a worker who was there in the period, with at least one finding of it (of a place, a finding about the place
itself is one too). The day of a finding is the last day of the facts it stands on, else the day it was opened: a rule
that looks back over years puts nothing into the month it was first asked. Exposure is worker-months from journey
events: with an employer from arrival until the worker left it; with a recruiter from the shortlist until the way ended.
Months are days ÷ 30.4375. A finding counts for the organisation whose duty it is: those about recruitment and contract
before departure for the recruiter, those of work and housing for employer and place. A welfare contact that was missed, a
stay that lasted too long and a ban count for neither.

What was told in confidence is not in it, and grievances are not in it: both are left out in the statement itself, for
every reader alike. The arithmetic, and why one complaint in a cohort of four tops no list, is in ``shrinkage.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.scope import Scope
from compliance.due import NOBODY_TO_SEE
from compliance.models import Finding
from compliance.shrinkage import Rate, shrunk
from workers.journey.moves import WITH_EMPLOYER

EMPLOYER, SITE, RECRUITER = "employer", "site", "recruiter"
KINDS = (EMPLOYER, SITE, RECRUITER)
DAYS_A_MONTH = 30.4375  # 365.25 / 12
# Items A and B of the catalogue, and the rules about fees, the recruiter, age and the contract before departure.
BEFORE_DEPARTURE = r"^([AB][0-9]|FEE-|REC-|AGE-|CON-02)"
# What no employer and no recruiter owes: contacts are the welfare partner's, leaving is the worker's, a ban is of who imposed it.
OWED_BY_OTHERS = r"^(WEL-|STAY-|BAN-)"
LEAST_MONTHS = 0.1


@dataclass(frozen=True, slots=True)
class Group:
    """One employer, place or recruiter: workers, worker-months, cases, findings, and the rate after shrinkage."""

    kind: str
    id: int
    name: str
    of: str
    workers: int
    months: float
    cases: int
    findings: int
    rate: Rate

    @property
    def per_hundred(self) -> tuple[float, float, float]:
        """Cases per 100 worker-months: the rate, its lower and its upper end."""
        return self.rate.value * 100, self.rate.low * 100, self.rate.high * 100

    @property
    def raw_per_hundred(self) -> float:
        """Cases per 100 worker-months as they stand, before shrinkage."""
        return (self.rate.raw or 0) * 100


@dataclass(frozen=True, slots=True)
class Pattern:
    """All groups of one kind: those that stand out by the lower end of their interval, the others by name."""

    kind: str
    stand_out: list[Group]
    others: list[Group]
    common: float

    @property
    def pooled(self) -> bool:
        """Whether all are believed to have the same rate, because they differ no more than chance makes them."""
        return len(self.groups) > 1 and len({group.rate.value for group in self.groups}) == 1

    @property
    def groups(self) -> list[Group]:
        """All of them as they are shown."""
        return [*self.stand_out, *self.others]


def patterns(scope: Scope, *, on: date, since: date, pilot_id: int | None = None) -> list[Pattern]:
    """One pattern for employers, places and recruiters each, from ``since`` to ``on``; one statement each."""
    given = _given(scope, on, since, pilot_id)
    return [_pattern(kind, given) for kind in KINDS]


def _pattern(kind: str, given: dict[str, Any]) -> Pattern:
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS.format(**_PARTS[kind]), given)
        rows = [row for row in cursor.fetchall() if float(row[4]) >= LEAST_MONTHS]
    rates = shrunk([(row[5], float(row[4])) for row in rows])
    groups = [
        Group(kind, pk, name, of, workers, float(months), cases, findings, rate)
        for (pk, name, of, workers, months, cases, findings), rate in zip(rows, rates, strict=True)
    ]
    months = sum(g.months for g in groups)
    return Pattern(
        kind,
        sorted((g for g in groups if g.rate.stands_out), key=lambda g: (-g.rate.low, g.name)),
        sorted((g for g in groups if not g.rate.stands_out), key=lambda g: (g.name, g.id)),
        sum(g.cases for g in groups) / months * 100 if months else 0.0,
    )


def behind(
    scope: Scope, *, kind: str, group_id: int, on: date, since: date, pilot_id: int | None = None, limit: int = 200
) -> Sequence[Finding]:
    """The findings of one group that were counted, the newest first. ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(kind)
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTED.format(**_PARTS[kind]) + " select c.id from counted c where c.group_id = %(group)s",
            _given(scope, on, since, pilot_id) | {"group": group_id},
        )
        ids = [row[0] for row in cursor.fetchall()]
    rows = Finding.objects.filter(pk__in=ids).select_related("placement__person", "site", "employer", "pilot")
    return list(rows.order_by("-opened_on", "-pk")[:limit])


def _given(scope: Scope, on: date, since: date, pilot_id: int | None) -> dict[str, Any]:
    return {
        "on": on, "since": since, "pilots": [pk for pk in scope.pilot_ids if pilot_id in (None, pk)],
        "with_employer": list(WITH_EMPLOYER), "never_left": list(NOBODY_TO_SEE), "before": BEFORE_DEPARTURE, "others": OWED_BY_OTHERS,
        "month": DAYS_A_MONTH,
    }  # fmt: skip


# What differs between the three kinds: whose group it is, which findings count, and from when until when a worker is
# exposed. These are parts of the statement, never anybody's input.
_AT_EMPLOYER = {
    "about": "f.code !~ %(before)s and f.code !~ %(others)s",
    "starts": "min(e.happened_on) filter (where e.to_step = 'arrived')",
    "ends": "min(e.happened_on) filter (where e.arrived and not (e.to_step = any(%(with_employer)s)))",
}
_PARTS: dict[str, dict[str, str]] = {
    EMPLOYER: _AT_EMPLOYER | {
        "group": "p.employer_id", "group_of_finding": "coalesce(f.employer_id, p.employer_id)",
        "names": "select o.id, o.name, '' as of from accounts_organisation o",
    },
    SITE: _AT_EMPLOYER | {
        "group": "p.site_id", "group_of_finding": "coalesce(f.site_id, p.site_id)",
        "names": "select t.id, t.name, coalesce(o.name, '') as of from pilots_site t"
                 " left join accounts_organisation o on o.id = t.employer_id",
    },
    RECRUITER: {
        "group": "p.recruiter_id", "group_of_finding": "p.recruiter_id", "about": "f.code ~ %(before)s",
        "names": "select o.id, o.name, '' as of from accounts_organisation o",
        "starts": "min(e.happened_on) filter (where e.to_step = 'shortlisted')",
        "ends": "min(e.happened_on) filter (where e.to_step = any(%(never_left)s) or e.arrived"
                " and not (e.to_step = any(%(with_employer)s)))",
    },
}  # fmt: skip

_COUNTED = """
with spans as (
  select s.id, s.group_id, least(s.ends, %(on)s) - greatest(s.starts, %(since)s) as days
  from (
    select p.id, {group} as group_id, d.starts, coalesce(d.ends, %(on)s) as ends
    from workers_placement p
    cross join lateral (
      select {starts} as starts, {ends} as ends
      from (
        select v.*, bool_or(v.to_step = 'arrived') over (order by v.version) as arrived
        from workers_journeyevent v where v.placement_id = p.id and v.happened_on <= %(on)s
      ) e
    ) d
    where p.pilot_id = any(%(pilots)s)
  ) s
  where s.starts is not null and least(s.ends, %(on)s) > greatest(s.starts, %(since)s)
),
counted as (
  select f.id, {group_of_finding} as group_id, coalesce(f.placement_id, -f.id) as about
  from compliance_finding f
  left join workers_placement p on p.id = f.placement_id
  where f.pilot_id = any(%(pilots)s) and not f.restricted and {about}
    and coalesce(f.period_end, f.opened_on) between %(since)s and %(on)s
    and (f.placement_id is null or exists (
      select from spans s where s.id = f.placement_id and s.group_id = {group_of_finding}))
)
"""

_GROUPS = (
    _COUNTED
    + """,
exposed as (
  select s.group_id, count(*) as workers, sum(s.days) / %(month)s as months from spans s group by s.group_id
),
cases as (
  select c.group_id, count(distinct c.about) as cases, count(*) as findings from counted c group by c.group_id
)
select n.id, n.name, n.of, x.workers, x.months, coalesce(c.cases, 0), coalesce(c.findings, 0)
from exposed x
join ({names}) n on n.id = x.group_id
left join cases c on c.group_id = x.group_id
order by n.id
"""
)
