"""Where each survey of a placement stands: to be asked, answered, not reached in its time, or not yet.

``STANDING`` is SQL that continues a statement which has a relation ``asked(id)`` of placements; pages and reports share it.
A wave is counted from the day the worker left or came back as it happened, else as the cohort planned it. After-return
surveys are owed to everybody who departed, also to those who left early or without word; not to the dead. Who did not
agree to be contacted after return is not asked, and counts as not answered: the answers do not speak for them either.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from compliance.surveys.instrument import edition_on
from workers.journey.steps import STEPS

ANSWERED, OPEN, MISSED, NOT_YET, DIED = "answered", "open", "missed", "not yet", "died"
NOT_AGREED = "not agreed"  # a state while they could be asked, and the reason afterwards
NOBODY_TRIED = "none"

STANDING = """
waves as (
  select * from jsonb_to_recordset(%(waves)s::jsonb) w(code text, anchor text, planned int, opens int, closes int)
), anchors as (
  select p.id, c.departs_on, c.returns_on, e.departed, e.left_on, coalesce(e.never, false) as never,
    coalesce(e.died, false) as died, exists (
      select from workers_consent a where a.person_id = p.person_id and a.purpose = 'follow_up' and a.given_on <= %(cut)s
        and a.recorded_at <= %(as_of)s and (a.withdrawn_on is null or a.withdrawn_on > %(cut)s)) as agreed
  from asked a join workers_placement p on p.id = a.id join pilots_cohort c on c.id = p.cohort_id
  left join lateral (
    select min(v.happened_on) filter (where v.to_step = any(%(abroad)s)) as departed,
      min(v.happened_on) filter (where v.to_step = any(%(leaves)s)) as left_on,
      bool_or(v.to_step = any(%(never)s)) as never, bool_or(v.to_step = 'deceased') as died
    from workers_journeyevent v
    where v.placement_id = p.id and v.recorded_at <= %(as_of)s and v.happened_on <= %(cut)s
  ) e on true
), owed as (
  select k.id, w.code as wave, k.died, k.agreed or w.anchor = 'departure' as agreed, x.anchor_on + w.planned as planned_on, x.anchor_on + w.opens as opens_on,
    x.anchor_on + w.closes as closes_on
  from anchors k cross join waves w cross join lateral (
    select case w.anchor when 'departure' then coalesce(k.departed, k.departs_on)
      else coalesce(k.left_on, k.returns_on) end as anchor_on) x
  where (w.anchor = 'departure' and not k.never) or (w.anchor = 'return' and k.departed is not null)
), standing as (
  select o.id, o.wave, o.planned_on, o.opens_on, o.closes_on, t.contact_id,
    coalesce(t.outcome, case when o.agreed then 'none' else 'not agreed' end) as outcome,
    t.done_on, case
      when t.outcome = 'answered' then 'answered' when o.died or t.outcome = 'died' then 'died'
      when %(cut)s < o.opens_on then 'not yet' when not o.agreed and %(cut)s <= o.closes_on then 'not agreed' when %(cut)s <= o.closes_on then 'open' else 'missed' end as state
  from owed o left join lateral (
    select s.id as contact_id, s.outcome, s.done_on from compliance_surveycontact s
    where s.placement_id = o.id and s.wave = o.wave and s.recorded_at <= %(as_of)s and s.done_on <= %(cut)s
    order by s.outcome = 'answered' desc, s.outcome = 'died' desc, s.done_on desc, s.id desc limit 1
  ) t on true
)
"""


def params(*, on: date, as_of: datetime) -> dict[str, Any]:
    """What ``STANDING`` asks for, with the waves of the edition that is asked on this day."""
    waves = [
        {"code": w.code, "anchor": w.anchor, "planned": w.planned, "opens": w.opens, "closes": w.closes}
        for w in edition_on(on).waves
    ]
    return {
        "waves": json.dumps(waves), "cut": on, "as_of": as_of, "abroad": [s.code for s in STEPS if s.is_abroad],
        "leaves": [s.code for s in STEPS if s.leaves], "never": [s.code for s in STEPS if s.never_left],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Owed:
    """One survey of one placement: its window, where it stands, and the last try."""

    placement_id: int
    name: str
    worker_code: str
    wave: str
    planned_on: date
    opens_on: date
    closes_on: date
    state: str
    outcome: str
    done_on: date | None


def of_cohort(cohort_id: int, *, on: date, as_of: datetime) -> list[Owed]:
    """Every survey owed to the placements of a cohort, in the order of waves and names. One statement."""
    return _asked("p.cohort_id = %(which)s", cohort_id, on, as_of)


def of_placements(ids: list[int], *, on: date, as_of: datetime) -> list[Owed]:
    """The surveys owed to these placements, each in the order of their days. One statement."""
    return _asked("p.id = any(%(which)s)", ids, on, as_of)


def _asked(which: str, number: int | list[int], on: date, as_of: datetime) -> list[Owed]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"with asked as (select p.id from workers_placement p where {which}), {STANDING}"
            " select s.id, trim(n.given_names || ' ' || n.family_name), n.worker_code, s.wave, s.planned_on, s.opens_on,"
            " s.closes_on, s.state, s.outcome, s.done_on from standing s join workers_placement p on p.id = s.id"
            " join workers_person n on n.id = p.person_id join waves w on w.code = s.wave"
            " order by w.anchor, w.planned, n.family_name, n.given_names, s.id",
            params(on=on, as_of=as_of) | {"which": number},
        )  # fmt: skip
        return [Owed(*row) for row in cursor.fetchall()]
