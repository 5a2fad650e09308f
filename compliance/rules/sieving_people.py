"""The sieve for what is not pay: papers, stays, insurances, the signing, ages, licences, contacts and rest.

Each is read once for all placements and held against bounds at least as strict as the rule. Who passes has nothing that
the exact statement could find or not tell; ``sieving.py`` puts the marks beside those of pay.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from compliance.due import AT_EMPLOYMENT
from compliance.rules.declaring import REST_ASKED_AFTER_DAYS, REST_ITEM, of
from compliance.rules.parameters import Parameters, literal
from pilots.rulebook import Rulebook
from pilots.schemes.scheme import Parameter

# The names under which each kind of insurance of the scheme files is found in the records.
INSURANCE_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "health_insurance": ("health insurance", "health", "medical", "medical insurance")
}
# The shortest and the longest a unit of time can be, in days.
_SHORTEST = {"days": 1, "weeks": 7, "months": 28, "years": 365}
_LONGEST = {"days": 1, "weeks": 7, "months": 31, "years": 366}
# An age known by its month or year, or estimated, may be off by this much.
_AGE_MARGIN_YEARS = 2


def names_of(kind: str) -> tuple[str, ...]:
    """Under what names an insurance of the scheme files may be recorded."""
    return INSURANCE_NAMES.get(kind, (kind.replace("_", " "),))


def kinds_asked(p: Parameters) -> list[str]:
    """Every kind of insurance that one of the rulebooks has ever asked for, and health insurance."""
    return sorted({"health_insurance"} | {kind for book in p.books.values() for kind in _asked(book)})


def _asked(book: Rulebook) -> set[str]:
    rows = book.changes("insurance_kinds") if "insurance_kinds" in book.names else ()
    return {
        kind for row in rows for kind in (row.value if isinstance(row.value, tuple) else ())
        if isinstance(kind, str) and f"{kind}_join_by" in book.names
    }  # fmt: skip


def _values(book: Rulebook, name: str, read: Callable[[Parameter, Any], int]) -> list[int]:
    """Every value a parameter has ever had, in any class; none where the scheme has no such rule."""
    return [
        read(row, value)
        for row in (book.changes(name) if name in book.names else ())
        for value in (*(one.value for one in (*row.exceptions, *row.classes)), row.value)
        if value is not None
    ]


def _in_days(units: Mapping[str, int]) -> Callable[[Parameter, Any], int]:
    return lambda row, value: int(value) * units[row.unit]


def _number(_row: Parameter, value: Any) -> int:
    return int(value)


def _shortest_stay(row: Parameter, value: Any) -> int:
    """Days that a stay of this length has at the least, the day of entry and the shortest months taken off."""
    return int(value) * (30 if row.unit == "months" else _SHORTEST[row.unit]) - 3


def tables(p: Parameters) -> str:
    """The tables that are read once, as members of a WITH."""
    health = ", ".join(f"'{name}'" for name in names_of("health_insurance"))
    joined = ", ".join(
        f"min(n.joined_on) filter (where n.named in ({', '.join(literal(name) for name in names_of(kind))})) as joined_{n}"
        for n, kind in enumerate(kinds_asked(p))
    )
    steps = ", ".join(f"'{step}'" for step in AT_EMPLOYMENT)
    return f"""
    paper as (
      select coalesce(m.keep_id, i.person_id) as who, max(i.expires_on) filter (where i.kind = 'passport') as passport,
        max(i.expires_on) filter (where i.kind = 'visa') as visa, max(i.issued_on) filter (where i.kind = 'visa') as visa_issued,
        min(i.expires_on) filter (where i.kind = 'insurance') as insurance_ends
      from workers_identitydocument i left join workers_mergedperson m on m.person_id = i.person_id
      where i.pilot_id = any(%(pilots)s) and i.replaced_at is null and (%(placements)s::bigint[] is null
        or i.person_id = any(array(select unnest(cards) from rule_place)))
      group by coalesce(m.keep_id, i.person_id)
    ),
    insured as (
      select n.placement_id, min(n.ends_on) as ends, min(n.ends_on) filter (where n.named in ({health})) as health_ends, {joined}
      from (select n.placement_id, n.joined_on, n.ends_on, lower(replace(n.kind, '_', ' ')) as named
            from workers_insurance n where {of("n")}) n
      group by n.placement_id
    ),
    licensed as (
      select recruiter_id, pilot_id, count(*) as n, min(valid_from) as since, max(coalesce(valid_to, 'infinity')) as until,
        bool_or(withdrawn_on is not null) as withdrawn
      from workers_recruiterlicence where pilot_id = any(%(pilots)s) group by recruiter_id, pilot_id
    ),
    again as (
      select coalesce(m.keep_id, q.person_id) as who
      from workers_placement q left join workers_mergedperson m on m.person_id = q.person_id
      where q.pilot_id = any(%(pilots)s) and (%(placements)s::bigint[] is null
        or q.person_id = any(array(select unnest(cards) from rule_place)))
      group by 1 having count(*) > 1
    ),
    at_work as (
      select t.placement_id from workers_placementstate t where {of("t")} and t.step in ({steps})
    ),
    met as (
      select k.placement_id, max(k.done_on) as last_on from compliance_check k
      where {of("k")} and not k.restricted and k.mode in ('in person', 'group') and k.done_on <= %(on)s
      group by k.placement_id
    ),
    rested as (
      select a.placement_id, min(a.done_on) as first_on, bool_and(a.answer in ('yes', 'not applicable')) as always
      from compliance_checkanswer a
      where {of("a")} and a.item = '{REST_ITEM}' and not a.restricted and a.done_on <= %(on)s
      group by a.placement_id
    )
    """


JOINS: Final = """
      left join paper d on d.who = s.who
      left join insured n on n.placement_id = s.placement_id
      left join licensed q on q.recruiter_id = s.recruiter_id and q.pilot_id = s.pilot_id
      left join again a on a.who = s.who
      left join at_work w on w.placement_id = s.placement_id
      left join met m on m.placement_id = s.placement_id
      left join rested t on t.placement_id = s.placement_id
"""


def marks(p: Parameters) -> Mapping[str, str]:
    """name of a mark → SQL for whether a placement must be looked at closer, over ``s`` and the tables above."""
    working = "w.placement_id is not null and s.worked_on is not null and s.ended_on is null"
    return {
        "papers": p.by_pilot(_papers),
        "stays": f"s.departed_on is not null and ({p.by_pilot(_stays)})",
        "insured": f"s.arrived_on is not null and not coalesce({p.by_pilot(lambda book: _insured(p, book))}, false)",
        "signing": f"s.departed_on is not null and not coalesce({_SIGNED}, false)",
        "ages": "coalesce(s.departed_on, s.visa_granted_on, s.signed_event_on) is not null"
        f" and not coalesce({p.by_pilot(_old_enough)}, false)",
        "oldest": f"not coalesce({p.by_pilot(_young_enough)}, false)",
        "recruited": "s.recruiter_id is not null and not coalesce(q.n = 1 and not q.withdrawn"
        " and coalesce(s.registered_on, s.first_on) between q.since and q.until, false)",
        "contacts": f"{working} and {p.by_pilot(_not_met)}",
        "rests": f"{working} and {p.by_pilot(_not_asked_for_rest)}",
    }


def _papers(book: Rulebook) -> str:
    notice = max(_values(book, "document_end_notice", _in_days(_LONGEST)), default=None)
    if notice is None:
        return "false"
    ahead = f"%(on)s::date + {notice}"
    # Whoever is on the way is looked at; whoever is away passes with papers beyond the notice, or to the planned end.
    return f"""(s.departed_on is null and s.signed_event_on is not null or s.departed_on is not null and s.left_on is null and (
      not coalesce(d.passport > {ahead}, false)
      or not coalesce(d.visa >= %(on)s::date and (d.visa > {ahead} or d.visa >= s.planned_end), false)
      or coalesce(least(d.insurance_ends, n.health_ends) <= {ahead}
        and not coalesce(least(d.insurance_ends, n.health_ends) >= greatest(s.planned_end, %(on)s::date) and s.planned_end is not null, false),
        false)))"""


def _stays(book: Rulebook) -> str:
    days = "coalesce(s.gone_on, %(on)s::date)"
    # Visas that were all issued by that day: the last of their ends is the one that counts.
    in_time = [f"d.visa >= {days}", f"coalesce(d.visa_issued <= {days}, true)"]
    limits = _values(book, "stay_limit", _shortest_stay)
    if limits:
        in_time.append(f"{days} - coalesce(s.arrived_on, s.departed_on) <= {min(limits)}")
    again = " or a.who is not null" if "stay_limit_window" in book.names else ""
    return f"not coalesce({' and '.join(in_time)}, false){again}"


def _insured(p: Parameters, book: Rulebook) -> str:
    kinds = _asked(book)
    if not all(
        row.selected_by in ("arrival", "contract start") for kind in kinds for row in book.changes(f"{kind}_join_by")
    ):
        return "false"
    began = "least(s.arrived_on, s.contract_start)"
    asked = [f"n.joined_{n} <= {began}" for n, kind in enumerate(kinds_asked(p)) if kind in kinds]
    return " and ".join([*asked, "coalesce(n.ends >= s.arrived_on, true)"]) if asked else "true"


# One version signed at home and none corrected, before the departure, in a language that stands among the worker's own.
_SIGNED: Final = """(c.n_signed = 1 and not c.corrected and c.signed_on <= s.departed_on and c.language <> ''
  and translate(lower(c.language), 'abcdefghijklmnopqrstuvwxyz ', '') = ''
  and strpos(', ' || s.languages || ',', ', ' || c.language || ',') > 0)"""


def _old_enough(book: Rulebook) -> str:
    most = max(_values(book, "minimum_age", _number), default=None)
    if most is None:
        return "true"
    return (
        f"s.birth_date + {(most + _AGE_MARGIN_YEARS) * 366} <= coalesce(s.departed_on, s.visa_granted_on, %(on)s::date)"
    )


def _young_enough(book: Rulebook) -> str:
    least = min(_values(book, "maximum_age", _number), default=None)
    if least is None:
        return "true"
    return f"s.birth_date + {(least - _AGE_MARGIN_YEARS) * 365} > coalesce(s.registered_on, s.first_on)"


def _not_met(book: Rulebook) -> str:
    every = min(_values(book, "welfare_contact_interval", _in_days(_SHORTEST)), default=None)
    return "false" if every is None else f"greatest(s.worked_on, m.last_on) + {every} < %(on)s::date"


def _not_asked_for_rest(book: Rulebook) -> str:
    if "rest_days_week" not in book.names:
        return "false"
    return f"s.worked_on + {REST_ASKED_AFTER_DAYS} <= %(on)s::date and not coalesce(t.always and t.first_on >= s.worked_on, false)"
