"""Rules of the contract: later versions beside the one signed at home, the payslips beside it, its day and its language."""

from django.utils.translation import gettext_lazy as _

from compliance.rules.declaring import CRITICAL, MAJOR, PLACEMENT_DAYS, Rule, Subject, looked
from compliance.rules.parameters import Parameters
from compliance.rules.pay import FLOOR_PERCENT, PAYSLIPS, WAGE, whole_month
from workers.promised import DAYS_A_WEEK, contract_week

_DAYS = "pl.visa_granted_on, pl.contract_start, pl.arrived_on, pl.lodged_on"
_CURRENT = "not exists (select from workers_contractversion n where n.supersedes_id = k.id)"


def _weekly(v: str) -> str:
    """Guaranteed hours of a version as hours a week, so that 30 a week and 120 in 4 weeks are the same."""
    whole = f"{v}.guaranteed_hours * {DAYS_A_WEEK} / ({v}.ends_on - {v}.starts_on + 1)"
    return f"case when {v}.guarantee_period = 'placement' then {whole} else {contract_week(v)} end"


def _fold(column: str) -> str:
    return f"workers_fold(trim({column}))"


# field → (signed, later, when the later one is worse)
_WORSE = {
    "hourly_rate": ("a.hourly_rate", "b.hourly_rate", "b.hourly_rate < a.hourly_rate and b.currency = a.currency"),
    "monthly_wage": ("a.monthly_wage", "b.monthly_wage", "b.monthly_wage < a.monthly_wage and b.currency = a.currency"),
    "piece_rate": ("a.piece_rate", "b.piece_rate", "b.piece_rate < a.piece_rate and b.currency = a.currency"),
    "guaranteed_hours_a_week": (
        f"round({_weekly('a')}, 2)", f"round({_weekly('b')}, 2)", f"{_weekly('b')} < {_weekly('a')} - 0.01"),
    "overtime_multiplier": (
        "a.overtime_multiplier", "b.overtime_multiplier", "b.overtime_multiplier < a.overtime_multiplier"),
    "weekly_deductions": (
        "a.weekly_deductions", "b.weekly_deductions",
        "b.weekly_deductions > a.weekly_deductions and b.currency = a.currency"),
    "days_of_work": (
        "a.ends_on - a.starts_on", "b.ends_on - b.starts_on", "b.ends_on - b.starts_on < a.ends_on - a.starts_on"),
    "employer": (
        "a.employer_name", "b.employer_name",
        f"a.employer_name <> '' and b.employer_name <> '' and {_fold('a.employer_name')} <> {_fold('b.employer_name')}"),
    "site": (
        "a.site_name", "b.site_name",
        f"a.site_name <> '' and b.site_name <> '' and {_fold('a.site_name')} <> {_fold('b.site_name')}"),
}  # fmt: skip


def _versions(p: Parameters) -> str:
    """One row for each placement with a contract signed at home: every way in which what followed is worse."""
    fields = ", ".join(
        f"('{name}', ({signed})::text, ({later})::text, {worse})" for name, (signed, later, worse) in _WORSE.items()
    )
    wage, percent = p.value(WAGE, PLACEMENT_DAYS), p.value(FLOOR_PERCENT, PLACEMENT_DAYS)
    # What is paid under the lowest lawful rate is owed by PAY-01.
    lowest = f"round({wage} * coalesce({percent}, 100) / 100, 2)"
    return f"""
    select pl.placement_id, pl.pilot_id, null::bigint as site_id, pl.placement_id || ':contract' as source,
      coalesce(a.starts_on, a.signed_on) as period_start, a.ends_on as period_end, coalesce(nullif(a.currency, ''), x.currency)
      as currency, {_DAYS}, a.signed_on, a.hourly_rate as signed_rate, a.monthly_wage as signed_wage, v.worse, x.payslips, x.lowest_month, x.lowest_rate, x.short,
      x.first_start, a.id is null as nothing_signed, b.n as later_versions
    from {looked("signed")} pl
    left join lateral (
      select k.* from workers_contractversion k
      where k.placement_id = pl.placement_id and k.kind = 'signed' and {_CURRENT}
        and coalesce(k.signed_on, '-infinity') <= coalesce(pl.departed_on, 'infinity')
      order by k.signed_on desc nulls last, k.id desc limit 1
    ) a on true
    cross join lateral (
      select count(*) as n from workers_contractversion k
      where k.placement_id = pl.placement_id and k.kind in ('arrival', 'in force') and {_CURRENT}
        and coalesce(k.signed_on, '-infinity') <= %(on)s
    ) b
    left join lateral (
      select jsonb_agg(jsonb_build_object('version', b.kind, 'field', f.field, 'signed', f.signed, 'later', f.later)
        order by b.signed_on nulls first, b.id, f.field) as worse
      from workers_contractversion b
      cross join lateral (values {fields}) as f (field, signed, later, is_worse)
      where b.placement_id = pl.placement_id and b.kind in ('arrival', 'in force') and f.is_worse
        and coalesce(b.signed_on, '-infinity') <= %(on)s
        and not exists (select from workers_contractversion n where n.supersedes_id = b.id)
    ) v on true
    left join lateral (
      select count(*) as payslips, min(r.rate) as lowest_rate, min(r.period_start) as first_start,
        min(r.currency) as currency, sum(case when r.rate < a.hourly_rate
          then greatest(round((a.hourly_rate - greatest(r.rate, r.lowest)) * coalesce(r.hours_worked, 0), 2), 0)
          -- A contract with a rate as well promises hours: those that were not offered are PAY-02's.
          when a.hourly_rate is null then greatest(a.monthly_wage - greatest(r.gross, round(r.lowest * r.hours_worked, 2)), 0)
          end) as short,
        min(r.gross) filter (where r.rate is null) as lowest_month
      from (select s.*, case when s.currency = {p.currency()} then {lowest} end as lowest
            from ({PAYSLIPS} and r.placement_id = pl.placement_id) s) r
      where r.currency = a.currency and coalesce(r.pieces, 0) = 0 and (r.rate < a.hourly_rate
        -- A whole month for which a wage was promised, and in which the worker did not stay away.
        or r.rate is null and a.monthly_wage > r.gross and {whole_month("r")}
          and coalesce(r.hours_worked >= r.hours_offered, true))
    ) x on true
    where a.id is not null or b.n > 0
    """


VERSIONS = Subject("versions of a contract", _versions, look="signed")

RULES_VERSIONS = (
    Rule(
        "CON-01", _("What holds is worse than the contract signed at home"),
        _("Are wage, hours, term, deductions, place and employer of every later version, and the pay on the payslips,"
          " at least what was signed at home?"),
        CRITICAL, version="2",
        missing="case when s.nothing_signed then 'contract signed at home' end",
        broken="s.worse is not null or s.payslips > 0",
        owed="nullif(s.short, 0)",
        evidence={"worse": "s.worse", "signed_rate": "case when s.payslips > 0 then s.signed_rate end",
                  "lowest_rate": "s.lowest_rate",
                  "signed_wage": "case when s.lowest_month is not null then s.signed_wage end",
                  "lowest_month": "s.lowest_month", "payslips": "nullif(s.payslips, 0)", "from": "s.first_start"},
        indicators=("deception",), standard="IRIS 3; B03, C04",
    ),
)  # fmt: skip


def _signing(_p: Parameters) -> str:
    """One row for each placement that departed: what was signed before, in which language."""
    return f"""
    select pl.placement_id, pl.pilot_id, null::bigint as site_id, pl.placement_id || ':signing' as source,
      pl.departed_on as period_start, null::date as period_end, ''::text as currency, {_DAYS}, pl.departed_on,
      pl.languages, c.versions, c.first_signed, c.undated, c.language,
      c.language <> '' and pl.languages <> '' and workers_fold(pl.languages) !~ ('(^|[^a-z])' ||
        regexp_replace(workers_fold(trim(c.language)), '[^a-z ]', '', 'g') || '($|[^a-z])') as other_language
    from {looked("signing")} pl
    cross join lateral (
      select count(*) as versions, min(k.signed_on) filter (where k.kind <> 'offer') as first_signed,
        coalesce(bool_or(k.kind = 'signed' and k.signed_on is null), false) as undated,
        (array_agg(k.language order by k.signed_on desc, k.id desc)
          filter (where k.kind = 'signed' and k.signed_on <= pl.departed_on))[1] as language
      from workers_contractversion k where k.placement_id = pl.placement_id and {_CURRENT}
    ) c
    where pl.departed_on is not null
    """


SIGNING = Subject("contract before departure", _signing, look="signing")

RULES_SIGNING = (
    Rule(
        "CON-02", _("No contract signed before departure, or not in a language of the worker"),
        _("Was a written contract signed on or before the day of departure, in a language the worker has?"),
        MAJOR,
        missing="case when s.versions = 0 then 'contract signed at home'"
        " when s.first_signed is null or s.undated and s.first_signed > s.departed_on"
        " then 'day on which the contract was signed'"
        " when s.first_signed <= s.departed_on and coalesce(s.language, '') = '' then 'language of the contract'"
        " when s.first_signed <= s.departed_on and s.languages = '' then 'languages of the worker' end",
        broken="s.first_signed > s.departed_on or coalesce(s.other_language, false)",
        evidence={"departed": "s.departed_on", "signed": "s.first_signed", "language": "s.language",
                  "worker_languages": "case when s.other_language then s.languages end"},
        indicators=("deception",), standard="Dhaka 2; IRIS 3; B01",
    ),
)  # fmt: skip
