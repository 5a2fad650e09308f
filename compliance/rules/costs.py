"""Rules of what a worker paid or owes for the job: fees, the cost ratio, deposits and debts with security."""

from django.utils.translation import gettext_lazy as _

from compliance.rules.declaring import CRITICAL, MAJOR, Rule, Subject, looked
from compliance.rules.parameters import Parameters, Use
from compliance.rules.pay import PAYSLIPS

_DAYS = "pl.visa_granted_on, pl.contract_start, pl.arrived_on, pl.lodged_on"


# What was paid back by the day of the evaluation counts; a day that is not stated counts as past.
_OPEN = "(c.amount - case when c.reimbursed_on > %(on)s then 0 else c.reimbursed end)"


def _costs(_p: Parameters) -> str:
    """One row for each cost that a worker paid."""
    return f"""
    select c.placement_id, c.pilot_id, null::bigint as site_id, c.placement_id || ':cost:' || c.id as source,
      c.paid_on as period_start, c.paid_on as period_end, c.currency, {_DAYS}, c.item, c.amount, c.reimbursed, c.paid_to,
      {_OPEN} as open, c.security, c.financed_by
    from workers_costitem c join rule_place pl on pl.placement_id = c.placement_id
    where c.paid_by = 'worker' and c.paid_on <= %(on)s
    """


COSTS = Subject(
    "cost paid by a worker",
    _costs,
    uses={
        "may_pay": Use("worker_may_pay", day="s.period_start", type="text[]"),
        "never": Use("worker_never_pays", day="s.period_start", type="text[]"),
    },
)

RULES_COSTS = (
    Rule(
        "FEE-01", _("The worker paid what a worker must not pay"),
        _("Is every cost the worker paid one that the scheme lets workers bear, or was it paid back?"),
        CRITICAL, reads=("may_pay", "never"), when="s.item <> 'deposit' and s.open > 0",
        missing="case when s.item = 'other' then 'what the cost was for' end",
        # Without a list of the scheme the ILO definition holds: a worker pays nothing for the job.
        broken="not (s.item = any(coalesce(s.may_pay, array[]::text[])))",
        owed="s.open",
        evidence={"item": "s.item", "amount": "s.amount", "paid_back": "s.reimbursed", "paid_to": "nullif(s.paid_to, '')"},
        indicators=("debt_bondage",), standard="ILO fees; Dhaka 1; IRIS 1; A01, A02",
    ),
    Rule(
        "FEE-03", _("Deposit, bond or debt with security"),
        _("Was nothing deposited, pledged or kept for the job?"),
        CRITICAL, when="(s.item = 'deposit' or s.security <> '') and s.open > 0",
        broken="true",
        owed="case when s.item = 'deposit' then s.open end",
        evidence={"item": "s.item", "amount": "s.amount", "security": "nullif(s.security, '')",
                  "financed_by": "nullif(s.financed_by, '')"},
        indicators=("debt_bondage",), standard="ILO fees; IRIS 2; A03, A14",
    ),
)  # fmt: skip


def _debts(_p: Parameters) -> str:
    return f"""
    select d.placement_id, d.pilot_id, null::bigint as site_id, d.placement_id || ':debt:' || d.id as source,
      d.taken_on as period_start, d.cleared_on as period_end, d.currency, {_DAYS}, d.kind, d.lender, d.amount, d.security,
      d.monthly_rate,
      -- A deposit of the same amount among the costs is the same deposit, and owed there.
      exists (select from workers_costitem c where c.placement_id = d.placement_id and c.paid_by = 'worker' and c.item = 'deposit'
        and c.paid_on <= %(on)s and c.currency = d.currency and c.amount = d.amount) as entered_twice
    from workers_debt d join rule_place pl on pl.placement_id = d.placement_id
    where d.taken_on <= %(on)s and coalesce(d.cleared_on > %(on)s, true)
    """


DEBTS = Subject("debt of a worker", _debts)

RULES_DEBTS = (
    Rule(
        "FEE-03", _("Deposit, bond or debt with security"),
        _("Was nothing deposited, pledged or kept for the job?"),
        CRITICAL,
        broken="s.kind in ('deposit', 'bond') or s.security <> ''",
        owed="case when s.kind = 'deposit' and not s.entered_twice then s.amount end",
        evidence={"kind": "s.kind", "held_by": "s.lender", "amount": "s.amount", "security": "nullif(s.security, '')",
                  "monthly_rate": "s.monthly_rate"},
        indicators=("debt_bondage",), standard="ILO fees; IRIS 2; A03, A14",
    ),
)  # fmt: skip


def _ratios(_p: Parameters) -> str:
    """One row for each placement with costs the worker paid: in the currency of pay, over average pay of a month."""
    return f"""
    select pl.placement_id, pl.pilot_id, null::bigint as site_id, pl.placement_id || ':ratio' as source,
      c.first_on as period_start, c.last_on as period_end, w.currency, {_DAYS}, round(c.cost, 2) as cost, c.unconverted,
      round(w.gross * 30.4375 / w.days, 2) as month_pay, w.currencies, pl.worked_on
    from {looked("costs")} pl
    cross join lateral (
      select sum(r.gross) as gross, sum(r.days)::numeric as days, min(r.currency) as currency,
        count(distinct r.currency) as currencies
      from ({PAYSLIPS} and r.placement_id = pl.placement_id) r
    ) w
    cross join lateral (
      select sum({_OPEN} * x.rate) as cost, bool_or(x.rate is null) as unconverted,
        min(c.paid_on) as first_on, max(c.paid_on) as last_on
      from workers_costitem c
      cross join lateral (
        select case when c.currency = w.currency then 1::numeric else coalesce(
          (select e.rate from pilots_exchangerate e where e.month = date_trunc('month', c.paid_on)::date
             and e.from_currency = c.currency and e.to_currency = w.currency),
          (select 1 / e.rate from pilots_exchangerate e where e.month = date_trunc('month', c.paid_on)::date
             and e.from_currency = w.currency and e.to_currency = c.currency)) end as rate
      ) x
      where c.placement_id = pl.placement_id and c.paid_by = 'worker' and c.paid_on <= %(on)s
        and {_OPEN} > 0
    ) c
    where c.first_on is not null
    """


# A month of work and a fortnight: by then there is a first payslip in every cycle of pay.
FIRST_PAY_DAYS = 45

RATIOS = Subject(
    "worker's costs beside pay", _ratios, uses={"limit_months": Use("recruitment_cost_ratio_limit")}, look="costs"
)

RULES_RATIOS = (
    Rule(
        "FEE-02", _("Recruitment cost above the limit in months of pay"),
        _("Is what the worker paid and did not get back at most the limit, in months of the worker's own pay?"),
        # Before a first payslip can be there nothing is missing: nobody has been paid yet.
        MAJOR, needs=("limit_months",), when=f"s.month_pay > 0 or s.worked_on + {FIRST_PAY_DAYS} <= %(on)s::date",
        missing="case when s.month_pay is null or s.month_pay = 0 then 'pay'"
        " when s.currencies > 1 then 'pay in one currency'"
        " when s.unconverted then 'exchange rate of the month' end",
        broken="round(s.cost / s.month_pay, 2) > s.limit_months",
        evidence={"cost": "s.cost", "month_pay": "s.month_pay", "months": "round(s.cost / s.month_pay, 2)",
                  "limit": "s.limit_months"},
        indicators=("debt_bondage",), standard="SDG 10.7.1 style; A02",
    ),
)  # fmt: skip
