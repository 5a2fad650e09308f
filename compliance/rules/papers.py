"""Rules of papers and days: documents that end, the length of the stay, insurances joined in time."""

from django.utils.translation import gettext_lazy as _

from compliance.rules.declaring import MAJOR, PLACEMENT_DAYS, Rule, Subject, looked
from compliance.rules.parameters import Parameters, Use, length
from compliance.rules.sieving_people import kinds_asked, names_of

_DAYS = "pl.visa_granted_on, pl.contract_start, pl.arrived_on, pl.lodged_on"
# Who is away for the job now: departed, and not back.
_AWAY = "pl.departed_on is not null and pl.left_on is null"
# Who is on the way: signed, and neither gone nor given up.
_PREPARING = "pl.signed_event_on is not null and pl.departed_on is null and not coalesce(pl.never_went, false)"


def _papers(_p: Parameters) -> str:
    """One row for each kind of paper that a placement needs now: the latest end that is known of it."""
    health = ", ".join(f"'{name}'" for name in names_of("health_insurance"))
    return f"""
    select pl.placement_id, pl.pilot_id, null::bigint as site_id, pl.placement_id || ':' || q.kind as source,
      null::date as period_start, d.expires_on as period_end, ''::text as currency, {_DAYS}, q.kind, d.known,
      d.expires_on, case when q.kind in ('medical', 'police') then pl.departs_on else pl.planned_end end as wanted_to
    from {looked("papers")} pl
    cross join lateral (
      select kind from (values ('passport', true, true), ('visa', true, false), ('insurance', true, false),
                               ('medical', false, true), ('police', false, true)) as k (kind, away, preparing)
      where k.away and {_AWAY} or k.preparing and {_PREPARING}
    ) q
    cross join lateral (
      select count(*) as known, max(u.expires_on) as expires_on from (
        select i.expires_on from workers_identitydocument i
        where i.person_id = any(pl.cards) and i.kind = q.kind and i.replaced_at is null
        union all
        select n.ends_on from workers_insurance n
        where q.kind = 'insurance' and n.placement_id = pl.placement_id
          and lower(replace(n.kind, '_', ' ')) in ({health})
      ) u
    ) d
    -- Papers of the preparation are asked for by the journey itself; here only whether those that are there end.
    -- Whether there is an insurance at all is asked by INS-01.
    where q.kind in ('passport', 'visa') and {_AWAY} or d.known > 0
    """


PAPERS = Subject(
    "paper with an end",
    _papers,
    uses={"notice": Use("document_end_notice", read=length), "margin": Use("passport_margin", read=length)},
    derived={
        # A paper is needed to the planned end, a passport for the scheme's margin longer, medical and police
        # certificates to the departure; where no such day is known, for as long as the notice looks ahead.
        "needed_to": "(coalesce(s.wanted_to, (%(on)s::date + s.notice)::date) + case when s.kind = 'passport'"
        " then coalesce(s.margin, interval '0 days') else interval '0 days' end)::date",
        "look_to": "(%(on)s::date + s.notice)::date",
    },
    look="papers",
)

RULES_PAPERS = (
    Rule(
        "DOC-01", _("A paper has ended, or ends soon"),
        _("Does each paper the worker needs last to the planned end, and is none of them over or ending within the"
          " scheme's notice before that?"),
        MAJOR, needs=("notice",), reads=("margin",),
        missing="case when s.known > 0 and s.expires_on is null and s.kind in ('passport', 'visa') then 'end of the ' || s.kind"
        " when s.known = 0 then s.kind end",
        broken="s.expires_on < %(on)s::date or (s.expires_on <= s.look_to and s.expires_on < s.needed_to)",
        graver="s.expires_on < %(on)s::date and s.kind in ('visa', 'insurance')",
        evidence={"paper": "s.kind", "ends": "s.expires_on", "needed_to": "s.needed_to"},
        indicators=("vulnerability",), standard="D28; B11-B14",
    ),
)  # fmt: skip

_LIMIT = Use("stay_limit", {"nationality": "s.nationality"}, read=length)
_EXTENSION = Use("stay_extension_limit", read=length)
_WINDOW = Use("stay_limit_window", read=length)


def _stays(p: Parameters) -> str:
    """One row for each stay that began: its last allowed day by the scheme and by the visa, and when it ended."""
    counts = p.day_counts("stay_count_includes_entry_day")
    return f"""
    select s.*, least(s.by_limit, s.by_window, s.visa_ends) as last_day
    from (select s.*, w.by_window, coalesce(w.earlier_open, false) as earlier_open, w.earlier_days from (
      -- A month without such a day ends the stay on its last day, as a date does that does not exist.
      select s.*, (s.until - case when {counts} and extract(day from s.until) = extract(day from s.entered_on)
        then interval '1 day' else interval '0 days' end)::date as by_limit
      from (select s.*, s.entered_on + s.stay_length as until from (
        select s.*, {p.value(_LIMIT, PLACEMENT_DAYS)} + case when s.extended_on is null then interval '0 days'
          else coalesce({p.value(_EXTENSION, PLACEMENT_DAYS)}, interval '0 days') end as stay_length,
          {p.value(_WINDOW, PLACEMENT_DAYS)} as window_length
      from (
        select pl.placement_id, pl.pilot_id, null::bigint as site_id, pl.placement_id || ':stay' as source,
          m.placements, pl.arrived_on as period_start, pl.gone_on as period_end, ''::text as currency, {_DAYS}, pl.nationality,
          coalesce(pl.arrived_on, pl.departed_on) as entered_on, pl.gone_on as left_on,
          pl.left_on is not null as closed, pl.departed_on, pl.extended_on,
          (select max(i.expires_on) from workers_identitydocument i where i.person_id = any(pl.cards) and i.kind = 'visa'
             and i.replaced_at is null and coalesce(i.issued_on, pl.departed_on) <= coalesce(pl.gone_on, %(on)s)) as visa_ends
        from {looked("stays")} pl
        cross join lateral (
          select array_agg(q.id) as placements from workers_placement q
          where q.person_id = any(pl.cards) and q.id <> pl.placement_id
        ) m
        where pl.departed_on is not null
      ) s
      ) s
      ) s
    ) s
    {_within_window(p)}
    ) s
    """


def _within_window(p: Parameters) -> str:
    """Of a person with other stays: the last day on which all stays of the window ("7 months in any 11") keep the limit.

    The limit in days is that of this stay alone. Each day of it, days of earlier stays fall out of the window behind.
    """
    if not any("stay_limit_window" in book.names for book in p.books.values()):
        return "cross join (select null::date as by_window, false as earlier_open, null::int as earlier_days) w"
    inside = "greatest(least(x.last_on, {day}) - greatest(x.first_on, ({day} - s.window_length)::date + 1) + 1, 0)"
    return f"""
    left join lateral (
      select a.earlier_open, coalesce((
          select sum({inside.format(day="s.entered_on")}) from unnest(a.firsts, a.lasts) as x (first_on, last_on)
        ), 0)::int as earlier_days, (
          select min(d.day) - 1 from (select d::date as day from generate_series(s.entered_on, s.by_limit, interval '1 day') d) d
          where d.day - s.entered_on + coalesce((
            select sum({inside.format(day="d.day")}) from unnest(a.firsts, a.lasts) as x (first_on, last_on)), 0)
            > s.by_limit - s.entered_on
        ) as by_window
      from (
        select array_agg(e.entered_on) filter (where e.left_on is not null) as firsts,
          -- Whoever left the country only from a later placement was there for both: each day counts once.
          array_agg(least(e.left_on, s.entered_on - 1)) filter (where e.left_on is not null) as lasts,
          bool_or(e.left_on is null and e.entered_on + s.stay_length > s.entered_on - s.window_length) as earlier_open
        from (
          select coalesce(min(j.happened_on) filter (where j.to_step = 'arrived'),
              min(j.happened_on) filter (where j.to_step = 'departed')) as entered_on,
            min(j.happened_on) filter (where j.to_step = any(%(gone)s)) as left_on
          from workers_placement q join workers_journeyevent j on j.placement_id = q.id
          where q.id = any(s.placements) and s.window_length is not null and j.happened_on <= %(on)s
          group by q.id
        ) e where e.entered_on < s.entered_on
      ) a where a.firsts is not null or a.earlier_open
    ) w on true
    """


STAYS = Subject("stay abroad", _stays, uses={"limit": _LIMIT, "extension": _EXTENSION, "in_any": _WINDOW}, look="stays")

RULES_STAYS = (
    Rule(
        "STAY-01", _("Past the allowed stay"),
        _("Did the worker leave, or is there still time, by the last day of the scheme's stay and of the visa?"),
        MAJOR, version="2", reads=("limit", "extension", "in_any"),
        missing="case when s.last_day is null then 'end of the visa'"
        " when s.earlier_open and coalesce(s.left_on, %(on)s::date) <= s.last_day then 'day on which the worker left before'"
        " when s.closed and s.left_on is null and s.last_day < %(on)s::date then 'day on which the worker left' end",
        broken="coalesce(s.left_on, %(on)s::date) > s.last_day",
        evidence={"entered": "s.entered_on", "last_day": "s.last_day", "visa_ends": "s.visa_ends", "left": "s.left_on",
                  "earlier_days": "nullif(s.earlier_days, 0)",
                  "days_over": "s.left_on - s.last_day"},
        indicators=("vulnerability",), standard="R4, P1, K5",
    ),
)  # fmt: skip

_KINDS = Use("insurance_kinds", type="text[]")


def _insurances(p: Parameters) -> str:
    """One row for each placement and each insurance its scheme asks for: by when, and since when it is in force."""
    return "\nunion all\n".join(_insurance(p, kind) for kind in kinds_asked(p))


def _insurance(p: Parameters, kind: str) -> str:
    names = ", ".join(f"'{name}'" for name in names_of(kind))
    by = Use(f"{kind}_join_by", read=length)
    document = "or i.kind = 'insurance'" if kind == "health_insurance" else ""
    return f"""
    select s.*, (s.begins + s.within)::date as join_by,
      {p.value(_KINDS, PLACEMENT_DAYS)} @> array['{kind}'] as asked
    from (
      select s.*, {p.day(by, PLACEMENT_DAYS)} as begins, {p.value(by, PLACEMENT_DAYS)} as within
      from (
        select pl.placement_id, pl.pilot_id, null::bigint as site_id, pl.placement_id || ':{kind}' as source,
          pl.arrived_on as period_start, null::date as period_end, ''::text as currency, {_DAYS}, '{kind}' as kind,
          (select min(n.joined_on) from workers_insurance n where n.placement_id = pl.placement_id
             and lower(replace(n.kind, '_', ' ')) in ({names}) and coalesce(n.ends_on >= pl.arrived_on, true)) as insured_on,
          (select min(coalesce(i.issued_on, pl.arrived_on)) from workers_identitydocument i
           where i.person_id = any(pl.cards) and i.replaced_at is null and (false {document})
             and coalesce(i.expires_on >= pl.arrived_on, true)) as papered_on,
          (select count(*) from workers_insurance n where n.placement_id = pl.placement_id)
            + (select count(*) from workers_identitydocument i where i.person_id = any(pl.cards) and (false {document}))
            as recorded
        from {looked("insured")} pl where pl.arrived_on is not null
      ) s
    ) s
    """


INSURANCES = Subject(
    "insurance the scheme asks for",
    _insurances,
    uses={"kinds": _KINDS},
    derived={"in_force": "least(s.insured_on, s.papered_on)"},
    look="insured",
)

RULES_INSURANCES = (
    Rule(
        "INS-01", _("Insurance not joined in time"),
        _("Was each insurance the scheme asks for in force by its day?"),
        MAJOR, needs=("kinds",), when="s.asked and s.join_by < %(on)s::date",
        missing="case when s.recorded = 0 then 'insurances of the worker' end",
        broken="s.in_force is null or s.in_force > s.join_by",
        graver="s.in_force is null and s.kind in ('health_insurance', 'workers_compensation')",
        evidence={"insurance": "s.kind", "join_by": "s.join_by", "in_force": "s.in_force"},
        indicators=("vulnerability",), standard="B14; K4c, K4d, R6",
    ),
)  # fmt: skip
