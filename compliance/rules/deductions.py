"""Rules of what is taken from pay: agreed and consented, within the agreement, and rent within its cap.

The items of a payslip are matched with the agreement of the same name that is in force in the period. What was taken of
an item counts from the agreement's first day. Rent is an item named as one of ``RENT``.
"""

from django.utils.translation import gettext_lazy as _

from compliance.rules.declaring import LOOK, MAJOR, PLACEMENT_DAYS, Rule, Subject
from compliance.rules.parameters import Parameters, Use, length
from compliance.rules.pay import PAYSLIPS, whole_month
from compliance.rules.sieving import RENT
from workers.promised import month_as_weeks

_STOP = Use("deduction_stop_window", read=length, day="s.period_start")
_CONSENT = Use("deduction_written_consent", type="boolean")
_CLASS = {"people": "s.occupants", "own_bathroom": "s.own_bathroom", "building": "s.building",
          "housing": "s.housing", "meals": "s.meals"}  # fmt: skip


def _items(p: Parameters, mark: str) -> str:
    """One row for each item taken from a payslip: whether it was agreed, and how much of it goes beyond what was."""
    stop = p.value(_STOP, PLACEMENT_DAYS)
    return f"""
    select s.*, s.agreement_id is not null and s.consent_on is not null
        and s.consent_on <= coalesce(s.paid_on, s.period_end) as agreed,
      greatest(
        case when s.agreed_total is not null
          then least(s.amount, greatest(sum(s.amount) over (partition by s.agreement_id order by s.period_start,
                     s.record_id) - s.agreed_total, 0)) else 0 end,
        case when s.period_start > s.ends_on then s.amount else 0 end,
        case when coalesce(s.paid_on, s.period_end) > s.withdrawn_on + coalesce({stop}, interval '0 days')
          then s.amount else 0 end,
        case when s.per_period is not null then s.amount - s.per_period else 0 end, 0) as beyond
    from (
      select s.record_id, s.pilot_id, s.placement_id, s.period_start, s.period_end, s.paid_on, s.currency, s.visa_granted_on,
        s.contract_start, s.arrived_on, s.lodged_on, i.item, i.amount, a.agreement_id, a.agreed_total, a.per_period,
        a.ends_on, a.consent_on, a.authority_approval, a.withdrawn_on, a.agreed_currency
      from rule_line i join rule_slip s on s.record_id = i.record_id and s.look & {LOOK[mark]} > 0
      left join rule_agreed a on a.placement_id = i.placement_id and a.item = i.item
        and s.period_end between a.from_day and a.to_day
        and (a.starts_on is null or a.starts_on <= s.period_end)
      where i.amount > 0
    ) s
    """


def _lines(p: Parameters) -> str:
    """One row for each payslip with its items summed: what has no agreement, and what goes beyond one."""
    return f"""
    select s.*, l.uncovered, l.uncovered_items, l.unapproved, l.other_currency, l.beyond, l.beyond_items
    from ({PAYSLIPS} and r.look & {LOOK["deductions"]} > 0 and (r.items <> '{{}}' or r.deductions > r.pension)) s
    left join (
      select t.record_id,
        sum(t.amount) filter (where not t.agreed) as uncovered,
        string_agg(t.item, ', ' order by t.item) filter (where not t.agreed) as uncovered_items,
        bool_or(t.agreed and t.authority_approval = '') as unapproved,
        bool_or(t.agreed and t.agreed_currency <> t.currency) as other_currency,
        sum(t.beyond) filter (where t.agreed) as beyond,
        string_agg(t.item, ', ' order by t.item) filter (where t.agreed and t.beyond > 0.005) as beyond_items
      from ({_items(p, "deductions")}) t group by t.record_id
    ) l on l.record_id = s.record_id
    """


DEDUCTIONS = Subject(
    "deductions of a payslip",
    _lines,
    uses={
        "consent": _CONSENT,
        "approval": Use("deduction_authority_approval", type="boolean"),
        "stop": _STOP,
    },
    look="deductions",
)


def _rents(p: Parameters) -> str:
    """One row for each payslip that takes rent: the rent of a week, the room, and the lowest rent of that room before."""
    items = ", ".join(f"'{item}'" for item in RENT)
    consent = p.value(_CONSENT, PLACEMENT_DAYS)
    return f"""
    select s.*, g.given_back, round(s.rent / s.weeks, 2) as rent_week, k.occupants, k.own_bathroom, k.building,
      case when k.building = 'temporary' then 'temporary structure' when k.building <> '' then 'building' end as housing,
      t.monthly_wage,
      min(round(s.rent / s.weeks, 2)) over (partition by s.placement_id, k.room_id order by s.period_start
        range between interval '365 days' preceding and interval '1 day' preceding) as rent_before
    from (
      select s.*, i.rent, i.meals from ({PAYSLIPS} and r.look & {LOOK["rents"]} > 0) s
      join (
        select record_id, sum(amount) as rent, bool_or(named ~* 'meal|board') as meals from rule_line
        where item in ({items}) group by record_id
      ) i using (record_id)
      where i.rent > 0
    ) s
    left join (
      -- What PAY-03 and PAY-04 give back of the same rent.
      select s.record_id, sum(case when s.agreed then case when s.agreed_currency = s.currency then s.beyond else 0 end
        when {consent} then s.amount else 0 end) as given_back
      from ({_items(p, "rents")}) s where s.item in ({items}) group by s.record_id
    ) g on g.record_id = s.record_id
    left join rule_terms t on t.placement_id = s.placement_id and s.period_end between t.from_day and t.to_day
    left join lateral (
      select h.room_id, n.occupants, n.own_bathroom, nullif(n.building, '') as building
      from workers_housingstay h join workers_roominspection n on n.room_id = h.room_id
      where h.placement_id = s.placement_id and h.starts_on <= s.period_end
        and (h.ends_on is null or h.ends_on >= s.period_start) and n.inspected_on <= %(on)s
        and not exists (select from workers_roominspection x where x.supersedes_id = n.id)
      order by h.starts_on desc, n.inspected_on desc, n.id desc limit 1
    ) k on true
    """


RENTS = Subject(
    "rent on a payslip",
    _rents,
    uses={
        "cap_class": Use("rent_cap_by_class", _CLASS),
        "cap_highest": Use("rent_cap", {"rent_class": "'highest'"}),
        "cap_lowest": Use("rent_cap", {"rent_class": "'lowest'"}),
        "share_cap": Use("housing_deduction_cap", _CLASS),
        "free": Use("housing_free", day="s.period_start", type="boolean"),
        "may_rise": Use("rent_rise_allowed", day="s.period_start", type="boolean"),
        "rise_percent": Use("rent_rise_limit_percent", day="s.period_start"),
        "rise_amount": Use("rent_rise_limit_amount", day="s.period_start"),
    },
    derived={
        # The lesser of the share and the amount: 120 may rise by 15, 80 by 12 (domain figure V37).
        "risen_to": "s.rent_before + case when s.may_rise = false then 0 else"
        " least(trunc(s.rent_before * s.rise_percent / 100, 2), s.rise_amount) end",
        # A share of the monthly wage, down to the unit: 15 percent of 2,060,740 is 309,111 (V40), spread over its weeks.
        "share_week": month_as_weeks("floor(s.monthly_wage * s.share_cap / 100)"),
        "share_period": f"case when {whole_month('s')} then floor(s.monthly_wage * s.share_cap / 100)"
        " else round(s.share_week * s.weeks, 2) end",
        "cap_week": "least(case when s.free then 0 end, coalesce(s.cap_class, s.cap_highest), s.risen_to)",
        "cap_period": "least(round(s.cap_week * s.weeks, 2), s.share_period)",
    },
    look="rents",
)

RULES_DEDUCTIONS = (
    Rule(
        "PAY-03", _("Deduction without agreement or consent"),
        _("Is every item taken from pay agreed in writing, with the worker's consent, by the day of pay?"),
        MAJOR, needs=("consent",), reads=("approval",), when="s.consent",
        missing="case when s.items = '{}' then 'deductions by item'"
        " when s.uncovered is null and s.approval and s.unapproved then 'authority approval of the deduction' end",
        broken="s.uncovered > 0", owed="s.uncovered",
        evidence={"items": "s.uncovered_items", "taken": "s.uncovered"},
        indicators=("wages_withheld",), standard="D05",
    ),
    Rule(
        "PAY-04", _("Deduction beyond what was agreed"),
        _("Is what was taken within the agreed total, the amount of a period, the last day, and the worker's"
          " withdrawal with its notice?"),
        MAJOR, reads=("stop",), when="s.items <> '{}'",
        missing="case when s.other_currency then 'agreement in the currency of pay' end",
        broken="s.beyond > 0.005", owed="round(s.beyond, 2)",
        evidence={"items": "s.beyond_items", "beyond": "round(s.beyond, 2)"},
        indicators=("wages_withheld",), standard="D05",
    ),
)  # fmt: skip

RULES_RENTS = (
    Rule(
        "PAY-08", _("Rent above the cap or the allowed rise"),
        _("Is the rent of a week within the cap of the room's class, and within the rise allowed in a year?"),
        MAJOR, version="2", reads=("cap_class", "cap_highest", "share_cap", "free", "may_rise", "rise_percent", "rise_amount"),
        missing="case when s.cap_class is null and s.cap_lowest is not null and s.rent_week > s.cap_lowest"
        "   and s.rent_week <= s.cap_highest then 'class of the room'"
        " when s.has_share_cap and s.share_cap is null then 'kind of housing'"
        " when s.has_share_cap and s.monthly_wage is null then 'monthly wage' end",
        broken="s.rent > s.cap_period + 0.005", owed="s.rent - s.cap_period - coalesce(s.given_back, 0)",
        evidence={"rent_week": "s.rent_week", "allowed_week": "round(s.cap_period / s.weeks, 2)",
                  "rent_before": "s.rent_before", "people": "s.occupants", "building": "s.building"},
        indicators=("wages_withheld",), standard="C09",
    ),
)  # fmt: skip
