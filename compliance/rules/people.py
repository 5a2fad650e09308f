"""Rules of the person and of who acts for them: contact, recruiter, age, bans."""

from django.utils.translation import gettext_lazy as _

from compliance.due import AT_EMPLOYMENT
from compliance.rules.declaring import CRITICAL, MAJOR, MINOR, REST_ASKED_AFTER_DAYS, REST_ITEM, Rule, Subject, looked
from compliance.rules.parameters import Parameters, Use, length

_DAYS = "pl.visa_granted_on, pl.contract_start, pl.arrived_on, pl.lodged_on"


def _contacts(_p: Parameters) -> str:
    """One row for each worker at work: when they were last met in person."""
    steps = ", ".join(f"'{step}'" for step in AT_EMPLOYMENT)
    return f"""
    select pl.placement_id, pl.pilot_id, null::bigint as site_id, pl.placement_id || ':contact' as source,
      c.last_on as period_start, null::date as period_end, ''::text as currency, {_DAYS}, pl.worked_on, c.last_on
    from {looked("contacts")} pl join workers_placementstate t on t.placement_id = pl.placement_id
    cross join lateral (
      select max(k.done_on) as last_on from compliance_check k where k.placement_id = pl.placement_id
        and not k.restricted and k.mode in ('in person', 'group') and k.done_on <= %(on)s
    ) c
    where t.step in ({steps}) and pl.worked_on is not null and pl.ended_on is null
    """


CONTACTS = Subject(
    "contact with a worker",
    _contacts,
    uses={"every": Use("welfare_contact_interval", read=length)},
    derived={"due": "(greatest(s.worked_on, s.last_on) + s.every)::date"},
    look="contacts",
)

RULES_CONTACTS = (
    Rule(
        "WEL-01", _("Welfare contact overdue"),
        _("Was the worker met in person within the scheme's interval?"),
        MAJOR, needs=("every",), broken="s.due < %(on)s::date",
        evidence={"last_contact": "s.last_on", "work_began": "case when coalesce(s.worked_on > s.last_on, true) then s.worked_on end",
                  "due": "s.due"},
        indicators=("isolation",), standard="P8; D12",
    ),
)  # fmt: skip


def _rests(_p: Parameters) -> str:
    """One row for each worker at work for four weeks: what the newest check says of a day of rest in each week."""
    steps = ", ".join(f"'{step}'" for step in AT_EMPLOYMENT)
    return f"""
    select pl.placement_id, pl.pilot_id, null::bigint as site_id, pl.placement_id || ':rest' as source,
      pl.worked_on as period_start, null::date as period_end, ''::text as currency, {_DAYS}, %(on)s::date as day,
      (select a.answer from compliance_checkanswer a where a.placement_id = pl.placement_id and a.item = '{REST_ITEM}'
         and not a.restricted and a.done_on between pl.worked_on and %(on)s order by a.done_on desc, a.id desc limit 1) as answer
    from {looked("rests")} pl join workers_placementstate t on t.placement_id = pl.placement_id
    where t.step in ({steps}) and pl.worked_on + {REST_ASKED_AFTER_DAYS} <= %(on)s and pl.ended_on is null
    """


RESTS = Subject("rest of a worker", _rests, uses={"rest_days": Use("rest_days_week", day="s.day")}, look="rests")

RULES_RESTS = (
    Rule(
        "HRS-02", _("Whether there is a day of rest in each week"),
        _("Did the worker say, or the hours table show, that there is a day of rest in each week?"),
        # Payslips say hours, not days. A check that says yes is what holds; a "no" may be about forced overtime as well,
        # and is a finding of that check. Nothing recorded proves a week without rest, so nothing is called broken.
        MAJOR, needs=("rest_days",),
        missing="case when s.answer = 'no' then 'which days were worked' when s.answer in ('yes', 'not applicable') then null"
        " else 'answer on the day of rest' end",
        broken="false", evidence={"answer": "s.answer"},
        indicators=("overtime",), standard=REST_ITEM,
    ),
)  # fmt: skip


def _recruitments(_p: Parameters) -> str:
    """One row for each placement that a recruiter brought: the licences that cover the day of recruitment."""
    return f"""
    select pl.placement_id, pl.pilot_id, null::bigint as site_id, pl.placement_id || ':recruiter' as source,
      coalesce(pl.registered_on, pl.first_on) as period_start, null::date as period_end, ''::text as currency, {_DAYS},
      l.known, l.covering
    from {looked("recruited")} pl
    cross join lateral (
      select count(*) as known, count(*) filter (where q.day between l.valid_from and coalesce(l.valid_to, 'infinity')
        and coalesce(l.withdrawn_on > q.day, true)) as covering
      from workers_recruiterlicence l, (select coalesce(pl.registered_on, pl.first_on) as day) q
      where l.recruiter_id = pl.recruiter_id and l.pilot_id = pl.pilot_id
    ) l
    where pl.recruiter_id is not null
    """


RECRUITMENTS = Subject("recruitment of a worker", _recruitments, look="recruited")

RULES_RECRUITMENTS = (
    Rule(
        "REC-01", _("Recruiter without a valid licence on the day"),
        _("Did the recruiter hold a valid licence on the day the worker was recruited?"),
        CRITICAL,
        missing="case when s.known = 0 then 'licence of the recruiter' when s.period_start is null"
        " then 'day of recruitment' end",
        broken="s.covering = 0",
        evidence={"recruited": "s.period_start"},
        indicators=("deception",), standard="IRIS A; C181; A04",
    ),
)  # fmt: skip


def _years(days: str) -> str:
    """The rows of ``days`` with the age on ``day``: the most and the least it can be, because a year alone is any of its days."""
    return f"""
    select s.*,
      -- The oldest and the youngest the person can have been on the day: a year alone is any of its days.
      extract(year from age(s.day, case s.birth_precision
        when 'month' then date_trunc('month', s.birth_date)::date
        when 'year' then make_date(extract(year from s.birth_date)::int, 1, 1)
        when 'estimated' then s.birth_date - 366 else s.birth_date end))::int as years,
      extract(year from age(s.day, case s.birth_precision
        when 'month' then (date_trunc('month', s.birth_date) + interval '1 month - 1 day')::date
        when 'year' then make_date(extract(year from s.birth_date)::int, 12, 31)
        when 'estimated' then s.birth_date + 366 else s.birth_date end))::int as years_least
    from ({days}) s
    """


def _ages(_p: Parameters) -> str:
    """One row for each placement that got as far as a contract: the age on the day of departure, or so far."""
    return _years(f"""
      select pl.placement_id, pl.pilot_id, null::bigint as site_id, pl.placement_id || ':age' as source,
        coalesce(pl.departed_on, pl.visa_granted_on, %(on)s::date) as period_start, null::date as period_end,
        ''::text as currency, {_DAYS}, pl.birth_date, pl.birth_precision,
        coalesce(pl.departed_on, pl.visa_granted_on, %(on)s::date) as day
      from {looked("ages")} pl where coalesce(pl.departed_on, pl.visa_granted_on, pl.signed_event_on) is not null
    """)


def _registrations(_p: Parameters) -> str:
    """One row for each placement: the age on the day on which the worker registered."""
    return _years(f"""
      select pl.placement_id, pl.pilot_id, null::bigint as site_id, pl.placement_id || ':oldest' as source,
        pl.registered_on as period_start, null::date as period_end, ''::text as currency, {_DAYS}, pl.birth_date,
        pl.birth_precision, coalesce(pl.registered_on, pl.first_on) as day
      from {looked("oldest")} pl
    """)


AGES = Subject(
    "age of a worker",
    _ages,
    uses={"least_age": Use("minimum_age", day="s.day")},
    look="ages",
)

RULES_AGES = (
    Rule(
        "AGE-01", _("Below the scheme's age"),
        _("Had the worker reached the scheme's age on the day of departure?"),
        CRITICAL, needs=("least_age",),
        missing="case when s.birth_date is null then 'date of birth'"
        " when s.years >= s.least_age and s.years_least < s.least_age then 'exact date of birth' end",
        broken="s.years < s.least_age",
        evidence={"age": "s.years", "least": "s.least_age", "on": "s.day"},
        indicators=("vulnerability",), standard="IRIS A.3; A06",
    ),
)  # fmt: skip


REGISTRATIONS = Subject(
    "registration of a worker",
    _registrations,
    uses={"most_age": Use("maximum_age", day="s.day")},
    look="oldest",
)

RULES_REGISTRATIONS = (
    Rule(
        "AGE-02", _("Above the scheme's oldest age"),
        _("Was the worker at most as old as the scheme takes people, on the day of registration?"),
        # Nobody is harmed by an age; who is refused at the end has paid and waited for nothing.
        MINOR, needs=("most_age",),
        missing="case when s.birth_date is null then 'date of birth'"
        " when s.years > s.most_age and s.years_least <= s.most_age then 'exact date of birth' end",
        broken="s.years_least > s.most_age",
        evidence={"age": "s.years_least", "most": "s.most_age", "on": "s.day"},
        standard="K2",
    ),
)  # fmt: skip


def _bans(_p: Parameters) -> str:
    """One row for each ban that stands, at the newest placement of the person."""
    return f"""
    select pl.placement_id, pl.pilot_id, null::bigint as site_id, pl.placement_id || ':ban:' || b.id as source,
      b.imposed_on as period_start, b.ends_on as period_end, ''::text as currency, {_DAYS}, b.imposed_by, b.reason,
      b.ends_on, b.appeal,
      concat_ws(', ', case when trim(b.reason) = '' then 'reason' end, case when b.ends_on is null then 'end' end,
                case when trim(b.appeal) = '' then 'appeal' end) as lacks
    from workers_ban b
    join rule_place pl on pl.person_id = b.person_id
    where b.imposed_on <= %(on)s and coalesce(b.lifted_on > %(on)s, true) and coalesce(b.ends_on >= %(on)s, true)
      and not exists (select from workers_placement q where q.person_id = b.person_id and q.id > pl.placement_id)
    """


BANS = Subject("ban of a person", _bans)

RULES_BANS = (
    Rule(
        "BAN-01", _("A ban without reason, end or appeal"),
        _("Does the ban state its reason, its end, and to whom the person can appeal?"),
        MAJOR, broken="s.lacks <> ''",
        evidence={"lacks": "s.lacks", "imposed_by": "s.imposed_by", "imposed": "s.period_start"},
        indicators=("vulnerability",), standard="F10",
    ),
)  # fmt: skip
