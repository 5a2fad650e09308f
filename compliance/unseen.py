"""Who was not met in person: workers at work without a contact face to face, or in a group, for so many days.

Other schemes ask for other intervals (``compliance/due.py`` knows them); this counts days, as the field asks. The days run
from the last such contact, or from the day work began where there was none. What was told in confidence is counted nowhere.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from accounts.scope import Scope
from compliance.due import AT_EMPLOYMENT
from compliance.models import Check

IN_PERSON = (Check.Mode.IN_PERSON.value, Check.Mode.GROUP.value)


@dataclass(frozen=True, slots=True)
class Unseen:
    """A worker, and since when nobody met them in person; ``met`` is None where nobody ever did."""

    placement_id: int
    name: str
    worker_code: str
    site: str
    employer: str
    since: date
    met: date | None


def unseen(by: Scope, *, on: date, days: int, after: tuple[date, int] | None = None, limit: int = 50) -> list[Unseen]:
    """Workers not met in person for ``days`` days or longer, the longest first; one statement, walked by key."""
    given: dict[str, Any] = {
        "pilots": list(by.pilot_ids), "at_work": list(AT_EMPLOYMENT), "modes": list(IN_PERSON), "on": on,
        "latest": on - timedelta(days=days), "after_on": after[0] if after else None, "after_id": after[1] if after else None,
        "limit": limit,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SQL, given)
        return [Unseen(*row) for row in cursor.fetchall()]


_SQL = """
select p.id, trim(pe.given_names || ' ' || pe.family_name), pe.worker_code, coalesce(t.name, ''), coalesce(g.name, ''),
       m.since, m.met
from workers_placementstate s
join workers_placement p on p.id = s.placement_id
cross join lateral (
  select (select min(e.happened_on) from workers_journeyevent e where e.placement_id = p.id and e.to_step = 'working')
           as began,
         (select max(k.done_on) from compliance_check k
          where k.placement_id = p.id and k.mode = any(%(modes)s) and not k.restricted and k.done_on <= %(on)s) as met
) f
cross join lateral (select greatest(f.began, f.met) as since, f.met) m
join workers_person pe on pe.id = p.person_id
left join pilots_site t on t.id = p.site_id
left join accounts_organisation g on g.id = p.employer_id
where p.pilot_id = any(%(pilots)s) and s.step = any(%(at_work)s) and m.since <= %(latest)s
  and (%(after_on)s::date is null or (m.since, p.id) > (%(after_on)s::date, %(after_id)s::bigint))
order by m.since, p.id
limit %(limit)s
"""
