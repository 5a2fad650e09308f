"""Early signs, for a person to look at on the same day: what the facts say together and no single check shows.

One statement over what the reader may see. A sign is never a verdict, opens nothing and holds nothing. Thresholds are
rules of thumb of welfare work, stated here once:

* silence: nobody spoke with a worker at work for 21 days; counted by site, with the longest
* pay fell: the net pay of the newest period lies 30 % or more under the worker's own average before (two periods or more)
* hours at risk: at the pace of the payslips so far, a worker's running block of guaranteed hours will fall short;
  counted by site, with the lowest forecast. Blocks run from the first payslip, as in the rule PAY-02; the guarantee is
  the one in force on the day; a block of which less than a week is paid says nothing yet
* indicators: open findings of one worker touch two or more indicators of forced labour, or a critical one touches any
* same answer: three workers of one site failed the same item within 30 days
* leaving: two workers or more disengaged from one site within 30 days
* what the rules have found and is open, by site: net pay under the floor in the last four weeks (PAY-05), deductions
  beyond what was agreed (PAY-04), rent above the cap (PAY-08), more people than approved (HOU-01), papers that end
  (DOC-01), recruitment cost above the limit in months of pay (FEE-02)

The same complaint of three workers is not among them: grievances are read by their named readers and counted nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.scope import Scope
from compliance.due import AT_EMPLOYMENT
from compliance.words import question
from pilots.rulebook import Rulebook
from workers.queries.hours import LEAST_PAID_DAYS, RUNNING, block_parameters

SILENT_DAYS = 21
FALLEN_PERCENT = 30
INDICATORS = 2
SAME_WORKERS = 3
LEFT_WORKERS = 2
WINDOW_DAYS = 30
SHOWN = 24
RECENT_DAYS = 28
FLOOR = "PAY-05"
OF_RULES = (FLOOR, "PAY-04", "PAY-08", "HOU-01", "DOC-01", "FEE-02")


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign: about a worker (``placement_id``) or a place of work (``site_id``), with the number behind it."""

    kind: str
    placement_id: int | None
    name: str
    worker_code: str
    site_id: int | None
    site: str
    item: str
    number: int
    most: int = 0

    @property
    def words(self) -> str:
        """The sign as a sentence with its number."""
        n = self.number
        if self.kind == "silence":
            return ngettext(
                "Nobody spoke with %(n)d worker here for 21 days or longer; the longest is %(most)d days.",
                "Nobody spoke with %(n)d workers here for 21 days or longer; the longest is %(most)d days.",
                n,
            ) % {"n": n, "most": self.most}
        if self.kind == "pay":
            return _("Net pay lies %(n)d %% under the worker's own average.") % {"n": n}
        if self.kind == "indicators" and n == 1:
            return _("A critical finding touches an indicator of forced labour. A person looks at this today.")
        if self.kind == "indicators":
            return _("Open findings touch %(n)d indicators of forced labour. A person looks at this today.") % {"n": n}
        if self.kind == "hours":
            return ngettext(
                "%(n)d worker here will miss the guaranteed hours at this pace; the lowest comes to %(most)d hours.",
                "%(n)d workers here will miss the guaranteed hours at this pace; the lowest comes to %(most)d hours.",
                n,
            ) % {"n": n, "most": self.most}
        if self.kind == "rule":
            return _of_rule(self.item, n)
        if self.kind == "leaving":
            return _("%(n)d workers disengaged here within 30 days.") % {"n": n}
        return _("%(n)d workers here failed the same item within 30 days: %(item)s") % {
            "n": n, "item": question(self.item)
        }  # fmt: skip


def _of_rule(code: str, n: int) -> str:
    """What a rule has found here, for one worker or more."""
    words = {
        FLOOR: ngettext("%(n)d worker here was paid under the floor in the last four weeks.",
                        "%(n)d workers here were paid under the floor in the last four weeks.", n),
        "PAY-04": ngettext("%(n)d worker here pays deductions beyond what was agreed.",
                           "%(n)d workers here pay deductions beyond what was agreed.", n),
        "PAY-08": ngettext("%(n)d worker here pays more rent than the cap.",
                           "%(n)d workers here pay more rent than the cap.", n),
        "HOU-01": ngettext("%(n)d room here holds more people than approved, or gives too little space.",
                           "%(n)d rooms here hold more people than approved, or give too little space.", n),
        "DOC-01": ngettext("%(n)d worker here has a paper that has ended or ends within 60 days.",
                           "%(n)d workers here have a paper that has ended or ends within 60 days.", n),
        "FEE-02": ngettext("%(n)d worker here paid more for the job than the limit in months of pay.",
                           "%(n)d workers here paid more for the job than the limit in months of pay.", n),
    }  # fmt: skip
    return words[code] % {"n": n}


def signals(scope: Scope, *, on: date, books: Mapping[int, Rulebook] | None = None) -> list[Signal]:
    """The signs in the reader's sight on this day, those about places of work first."""
    given: dict[str, Any] = block_parameters(scope, on, books) | {
        "least": LEAST_PAID_DAYS, "rules": list(OF_RULES), "floor": FLOOR,
        "recent": RECENT_DAYS,
        "pilots": list(scope.pilot_ids), "at_work": list(AT_EMPLOYMENT), "silent": SILENT_DAYS,
        "fallen": FALLEN_PERCENT, "indicators": INDICATORS, "same": SAME_WORKERS, "left": LEFT_WORKERS,
        "window": WINDOW_DAYS, "shown": SHOWN,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SQL, given)
        return [Signal(*row) for row in cursor.fetchall()]


_SQL = f"""
with working as (
  select p.id as placement_id, p.person_id, p.site_id, s.since,
         (select min(e.happened_on) from workers_journeyevent e where e.placement_id = p.id and e.to_step = 'working')
           as began
  from workers_placement p join workers_placementstate s on s.placement_id = p.id
  where p.pilot_id = any(%(pilots)s) and s.step = any(%(at_work)s)
),
contact as (
  select w.placement_id, greatest(w.began, max(k.done_on)) as last_on
  from working w
  left join compliance_check k on k.placement_id = w.placement_id and k.done_on <= %(on)s and not k.restricted
  group by w.placement_id, w.began
),
pay as (
  select r.placement_id, r.net, r.currency,
         row_number() over newest as place, count(*) over earlier as periods, avg(r.net) over earlier as mean
  from workers_payrecord r
  join working w on w.placement_id = r.placement_id
  where r.period_end between %(on)s - 366 and %(on)s
    and not exists (select from workers_payrecord c where c.supersedes_id = r.id)
  window newest as (partition by r.placement_id, r.currency order by r.period_end desc, r.id desc),
         earlier as (partition by r.placement_id, r.currency order by r.period_end desc, r.id desc
                     rows between 1 following and unbounded following)
),
{RUNNING},
touched as (
  select f.placement_id, count(distinct i) as n, bool_or(f.severity = 'critical') as critical
  from compliance_finding f cross join unnest(f.indicators) as i
  where f.pilot_id = any(%(pilots)s) and f.state = 'open' and not f.restricted and f.placement_id is not null
  group by f.placement_id
),
told as (
  select 'pay' as kind, placement_id, round(100 * (1 - net / mean))::int as n from pay
  where place = 1 and periods >= 2 and mean > 0 and 100 * (1 - net / mean) >= %(fallen)s
  union all
  select 'indicators', placement_id, n from touched where n >= %(indicators)s or critical
),
found as (
  (select 'same answer' as kind, null::bigint as placement_id, '' as name, '' as worker_code, k.site_id,
          t.name as site, a.item, count(distinct a.placement_id)::int as n, 0 as most, 0 as part
   from compliance_checkanswer a
   join compliance_check k on k.id = a.check_record_id
   join pilots_site t on t.id = k.site_id
   where k.pilot_id = any(%(pilots)s) and a.failed and not a.restricted
     and a.done_on between %(on)s - %(window)s and %(on)s
   group by k.site_id, t.name, a.item having count(distinct a.placement_id) >= %(same)s)
  union all
  (select 'leaving', null, '', '', p.site_id, t.name, '', count(distinct p.id)::int, 0, 0
   from workers_journeyevent e
   join workers_placement p on p.id = e.placement_id
   join pilots_site t on t.id = p.site_id
   where e.pilot_id = any(%(pilots)s) and e.to_step = 'disengaged'
     and e.happened_on between %(on)s - %(window)s and %(on)s
   group by p.site_id, t.name having count(distinct p.id) >= %(left)s)
  union all
  (select 'silence', null, '', '', w.site_id, coalesce(t.name, ''), '', count(*)::int, max(%(on)s - c.last_on), 0
   from contact c
   join working w on w.placement_id = c.placement_id
   left join pilots_site t on t.id = w.site_id
   where c.last_on < %(on)s - %(silent)s
   group by w.site_id, t.name)
  union all
  (select 'hours', null, '', '', r.site_id, coalesce(t.name, ''), '', count(*)::int, floor(min(r.forecast))::int, 0
   from running r
   left join pilots_site t on t.id = r.site_id
   where r.paid_days >= %(least)s and r.paid_days < r.days and r.forecast < r.promised
   group by r.site_id, t.name)
  union all
  (select 'rule', null, '', '', coalesce(f.site_id, p.site_id), coalesce(t.name, ''), f.code,
          count(distinct coalesce(f.placement_id, -f.id))::int, 0, 0
   from compliance_finding f
   left join workers_placement p on p.id = f.placement_id
   left join pilots_site t on t.id = coalesce(f.site_id, p.site_id)
   where f.pilot_id = any(%(pilots)s) and f.state = 'open' and not f.restricted and f.code = any(%(rules)s)
     and (f.code <> %(floor)s or f.period_end >= %(on)s - %(recent)s)
   group by coalesce(f.site_id, p.site_id), t.name, f.code)
  union all
  (select told.kind, told.placement_id, trim(pe.given_names || ' ' || pe.family_name), pe.worker_code, p.site_id,
          coalesce(t.name, ''), '', told.n::int, 0, 1
   from told
   join workers_placement p on p.id = told.placement_id
   join workers_person pe on pe.id = p.person_id
   left join pilots_site t on t.id = p.site_id)
)
select kind, placement_id, name, worker_code, site_id, site, item, n, most from found
order by part, kind, n desc, site, worker_code limit %(shown)s
"""
