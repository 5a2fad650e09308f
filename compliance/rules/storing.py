"""From verdicts to findings: opened once, changed when the facts change, closed when they are put right.

A finding of a rule is known by rule and facts (``source``), not by the day it was looked for: looking again opens
nothing twice. What a person settled stays settled, unless more is owed than when they settled it. What the facts no
longer show is closed by the engine in its own words; if it comes back, the same finding is opened again. Where
employer or recruiter took back or changed a record that it may stand on, it is not closed but marked: a person looks.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop

from accounts.scope import Scope
from compliance import holds
from compliance.gravity import DUE_DAYS
from compliance.marking import DOUBTS
from compliance.rules.declaring import Rule
from compliance.rules.judging import BROKEN, UNKNOWN
from compliance.rules.parameters import INTERVALS
from pilots.rulebook import Rulebook
from pilots.schemes.scheme import NoValueOnDate, UnknownParameter

GONE = gettext_noop("The facts no longer show it.")
# A length of time as PostgreSQL writes it: "1 year 2 mons", "14 days".
_LENGTH = re.compile(r"(-?\d+) (years?|mons?|days?)")


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of the findings: ids."""

    opened: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()


def store(rules: Mapping[str, Rule], given: Mapping[str, Any], who: str, by: Scope) -> Stored:
    """Bring the findings of these placements and sites to what ``rule_verdict`` says; a fixed number of statements.

    ``name_parameters`` was called before.
    """
    _say_indicators(rules.values())
    values = {**given, "gone": GONE, "broken": BROKEN, "unknown": UNKNOWN, "codes": list(rules), "who": who,
              "user": by.user_id, "organisation": by.organisation_id}  # fmt: skip
    opened = _ids(_OPEN, values)
    again = _ids(_OPEN_AGAIN, values)
    changed = _ids(_CHANGE, values)
    doubted = _ids(_DOUBT, values)
    closed = _ids(_CLOSE, values)
    told = {"opened": opened, "reopened": again, "changed": changed, "doubted": doubted, "not found": closed}
    for kind, ids in told.items():
        if ids:
            _ids(_TELL, {**values, "kind": kind, "ids": list(ids)})
    if changed:
        _ids(_TELL_OF_CHANGE, {**values, "ids": list(changed)})
    holds.place((*opened, *again, *changed))
    if closed:
        holds.lift(closed, by=by)
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, values)
        cursor.execute(_ASK, values)
    return Stored((*opened, *again), changed, closed)


def _ids(sql: str, values: Mapping[str, Any]) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return tuple(row[0] for row in cursor.fetchall())


def name_parameters(books: Mapping[int, Rulebook]) -> None:
    """``rule_applied``: each distinct choice of parameters with its dates, source and who overrode it, as it is kept."""
    with connection.cursor() as cursor:
        cursor.execute("select distinct pilot_id, chosen from rule_verdict where verdict = %s", [BROKEN])
        asked = cursor.fetchall()
        cursor.execute("create temp table rule_applied (pilot_id bigint, chosen jsonb, parameter jsonb) on commit drop")
        if asked:
            read = [(pk, chosen if isinstance(chosen, list) else json.loads(chosen)) for pk, chosen in asked]
            cursor.execute(
                "insert into rule_applied select * from unnest(%s::bigint[], %s::jsonb[], %s::jsonb[])",
                [
                    [pk for pk, _chosen in read],
                    [json.dumps(chosen) for _pk, chosen in read],
                    [
                        json.dumps(
                            [_applied(books[pk], one) for one in chosen if one["on"] and one["value"] is not None]
                        )
                        for pk, chosen in read
                    ],
                ],
            )
        cursor.execute("create index on rule_applied (pilot_id); analyze rule_applied; analyze rule_verdict")


def _applied(book: Rulebook, one: Mapping[str, Any]) -> dict[str, Any]:
    """What a finding keeps of a parameter: enough to show later which text was applied, whatever the file says then."""
    said: dict[str, Any] = {"name": one["name"], "on": one["on"], "value": one["value"]}
    try:
        row = book.parameter(one["name"], on=date.fromisoformat(one["on"]))
    except (NoValueOnDate, UnknownParameter):
        return said
    return said | {
        "value": _counted(one["value"], row.unit), "unit": row.unit,
        "valid_from": row.valid_from.isoformat(), "verified": row.verified,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "sources": [source.key for source in row.sources],
        "override": row.override.reason if row.override else None,
    }  # fmt: skip


def _counted(value: Any, unit: str) -> Any:
    """A length of time as its number of units, as the scheme states it: "7 mons" in months is 7, "00:00:00" is 0."""
    if unit not in INTERVALS or not isinstance(value, str):
        return value
    said = {name.rstrip("s"): int(number) for number, name in _LENGTH.findall(value)}
    months, days = 12 * said.get("year", 0) + said.get("mon", 0), said.get("day", 0)
    return {"years": months // 12, "months": months, "weeks": days // 7, "days": days}[unit]


def _say_indicators(rules: Iterable[Rule]) -> None:
    rows = list(rules)
    with connection.cursor() as cursor:
        cursor.execute("create temp table rule_indicators (rule text, indicators text[]) on commit drop")
        cursor.execute(
            "insert into rule_indicators select code, coalesce(string_to_array(nullif(said, ''), '|'), array[]::text[])"
            " from unnest(%s::text[], %s::text[]) as r (code, said)",
            [[rule.code for rule in rows], ["|".join(rule.indicators) for rule in rows]],
        )


_DAYS = " ".join(f"when '{severity}' then {days}" for severity, days in DUE_DAYS.items())
_DUE = f"%(on)s::date + case v.severity {_DAYS} end"
_APPLIED = "(select a.parameter from rule_applied a where a.pilot_id = v.pilot_id and a.chosen = v.chosen limit 1)"
_IN_SCOPE = """(f.placement_id in (select placement_id from rule_place)
    or f.site_id is not null and (%(sites)s::bigint[] is null or f.site_id = any(%(sites)s)))
  and f.pilot_id = any(%(pilots)s) and f.code = any(%(codes)s) and f.source <> '' and not f.restricted"""

_OPEN = f"""
insert into compliance_finding (pilot_id, placement_id, cohort_id, employer_id, site_id, code, version, severity,
  indicators, source, period_start, period_end, evidence, parameter, owed, currency, restricted, state, opened_on, due_on,
  remedy, revision)
select v.pilot_id, v.placement_id, pl.cohort_id, coalesce(pl.employer_id, t.employer_id), v.site_id, v.rule, v.version,
  v.severity, i.indicators, v.source, v.period_start, v.period_end, v.evidence, coalesce({_APPLIED}, '[]'), v.owed,
  case when v.owed is null then '' else v.currency end, false, 'open', %(on)s, {_DUE}, '', 1
from rule_verdict v
join rule_indicators i on i.rule = v.rule
left join rule_place pl on pl.placement_id = v.placement_id
left join pilots_site t on t.id = v.site_id
where v.verdict = %(broken)s
  and not exists (select from compliance_finding f
    where f.pilot_id = v.pilot_id and f.code = v.rule and f.source = v.source and f.source <> '')
order by v.placement_id, v.rule, v.source
on conflict (pilot_id, code, source) where source <> '' do nothing
returning id
"""

_FRESH = f"""set version = v.version, severity = v.severity, evidence = v.evidence, parameter = coalesce({_APPLIED}, '[]'),
  owed = v.owed, currency = case when v.owed is null then '' else v.currency end, period_start = v.period_start,
  period_end = v.period_end, doubted = false, revision = f.revision + 1"""
_SAME_FACTS = "v.verdict = %(broken)s and f.pilot_id = v.pilot_id and f.code = v.rule and f.source = v.source"

# Closed by the engine and broken again; or settled by a person, and more is owed now than they knew.
_OPEN_AGAIN = f"""
update compliance_finding f {_FRESH}, state = 'open', closed_on = null, closed_by_id = null, remedy = '', due_on = {_DUE}
from rule_verdict v
where {_SAME_FACTS} and not f.restricted and f.state = 'resolved'
  and (f.closed_by_id is null and f.remedy = %(gone)s or coalesce(v.owed, 0) > coalesce(f.owed, 0) + 0.005)
returning f.id
"""

_CHANGE = f"""
update compliance_finding f {_FRESH}
from rule_verdict v
where {_SAME_FACTS} and not f.restricted and f.state = 'open'
  and (f.evidence, f.severity, f.version, f.owed, f.period_start, f.period_end, f.currency, f.doubted)
    is distinct from (v.evidence, v.severity, v.version, v.owed, v.period_start, v.period_end,
      case when v.owed is null then '' else v.currency end, false)
returning f.id
"""

# Since it was opened, an employer or a recruiter took back or changed a record of this placement, person, room or site.
BY_A_PARTNER = f"""
  select from compliance_partnerchange c
  join (values {", ".join(f"('{table}', '{rule}')" for table, rules in DOUBTS.items() for rule in rules)}) as d (facts, rule)
    on d.facts = c.facts and d.rule = split_part(f.code, '-', 1)
  where c.pilot_id = f.pilot_id and c.at >= f.recorded_at and (
    c.kind = 'placement' and f.placement_id = any(c.ids)
    or c.kind = 'person' and (select p.person_id from workers_placement p where p.id = f.placement_id) = any(c.ids)
    or c.kind = 'recruiter' and (select p.recruiter_id from workers_placement p where p.id = f.placement_id) = any(c.ids)
    or c.kind = 'site' and f.site_id = any(c.ids)
    or c.kind = 'room' and exists (select from workers_room r where r.site_id = f.site_id and r.id = any(c.ids)))
"""
_GONE = """not exists (
    select from rule_verdict v where v.pilot_id = f.pilot_id and v.rule = f.code and v.source = f.source)"""
_DOUBT = f"""
update compliance_finding f set doubted = true, revision = f.revision + 1
where {_IN_SCOPE} and f.state in ('open', 'waived') and not f.doubted and {_GONE} and exists ({BY_A_PARTNER})
returning f.id
"""

# What somebody was asked to mend, or has claimed money for, a person closes: facts may be corrected by whom it is about.
# A finding that says it was opened later than today was never true of today; it goes like any other.
_CLOSE = f"""
update compliance_finding f
set state = 'resolved', opened_on = least(f.opened_on, %(on)s), closed_on = %(on)s, closed_by_id = null,
  remedy = %(gone)s, revision = f.revision + 1
where {_IN_SCOPE} and f.state in ('open', 'waived') and not f.doubted and {_GONE}
  and not exists (select from compliance_correctiveaction c where c.finding_id = f.id)
  and not exists (select from compliance_remedyentry e where e.finding_id = f.id)
returning f.id
"""

_TELL = """
insert into compliance_findingevent (pilot_id, finding_id, restricted, kind, happened_on, words, user_id, organisation_id,
  who)
select f.pilot_id, f.id, false, %(kind)s, %(on)s,
  case when f.owed is null then '' else f.owed || ' ' || f.currency end, %(user)s, %(organisation)s, %(who)s
from compliance_finding f where f.id = any(%(ids)s::bigint[]) order by f.id
returning id
"""

# It still stands, with other figures, and a partner changed a record after the last time this was said.
_TELL_OF_CHANGE = f"""
insert into compliance_findingevent (pilot_id, finding_id, restricted, kind, happened_on, words, user_id, organisation_id,
  who)
select f.pilot_id, f.id, false, 'doubted', %(on)s, '', %(user)s, %(organisation)s, %(who)s
from compliance_finding f where f.id = any(%(ids)s::bigint[]) and exists ({BY_A_PARTNER} and not exists (
  select from compliance_findingevent e where e.finding_id = f.id and e.kind = 'doubted' and e.recorded_at >= c.at))
order by f.id
returning id
"""

_FORGET = """
delete from compliance_cannottell c
where c.pilot_id = any(%(pilots)s) and c.code = any(%(codes)s)
  and (c.placement_id in (select placement_id from rule_place)
    or c.site_id is not null and (%(sites)s::bigint[] is null or c.site_id = any(%(sites)s)))
  and not exists (select from rule_verdict v where v.verdict = %(unknown)s and v.pilot_id = c.pilot_id
    and v.rule = c.code and v.source = c.source)
"""

_ASK = """
insert into compliance_cannottell (pilot_id, placement_id, site_id, code, source, missing, period_start, period_end, since)
select v.pilot_id, v.placement_id, v.site_id, v.rule, v.source, left(v.missing, 80), v.period_start, v.period_end, %(on)s
from rule_verdict v where v.verdict = %(unknown)s
on conflict (pilot_id, code, source) do update set missing = excluded.missing
where compliance_cannottell.missing is distinct from excluded.missing
"""
