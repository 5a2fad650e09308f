"""Rules of one payslip: the rate, the net, the day of pay, the arithmetic, the account, the hours.

A parameter that is selected by the pay period is the one in force on the period's first day.
"""

from django.utils.translation import gettext_lazy as _

from compliance.rules.declaring import LOOK, MAJOR, Rule, Subject
from compliance.rules.parameters import Parameters, Use, length

# The payslips that stand, as gathered; a subject adds its own conditions on ``r``.
PAYSLIPS = "select r.* from rule_slip r where true"


WAGE = Use("minimum_wage", {"season": "s.season", "nationality": "s.nationality"})
FLOOR_PERCENT = Use("pay_floor_percent", {"season": "s.season"})


def whole_month(slip: str) -> str:
    """SQL for whether a payslip covers one month, from any day of it to the day before in the next."""
    return f"{slip}.period_end + 1 = ({slip}.period_start + interval '1 month')::date"


def _payslips(_p: Parameters) -> str:
    return f"""
    select r.*, l.items_sum from ({PAYSLIPS} and r.look & {LOOK["pay"]} > 0) r
    left join (select record_id, sum(amount) as items_sum from rule_line group by record_id) l using (record_id)
    where r.odd or r.deductions - r.pension <> l.items_sum
    """


PAY = Subject(
    "payslip",
    _payslips,
    uses={
        "wage": WAGE,
        "floor_percent": FLOOR_PERCENT,
        "net_floor": Use("net_pay_floor"),
        "tolerance": Use("pay_due_tolerance", read=length),
        "hours_limit": Use("hours_limit_week"),
    },
    derived={
        # Half up to the cent: 23.15 x 1.10 = 25.465 is 25.47 (domain figure V18).
        "rate_floor": "round(s.wage * coalesce(s.floor_percent, 100) / 100, 2)",
        "hourly": "case when coalesce(s.pieces, 0) > 0 or s.rate is null"
        " then round(s.gross / nullif(s.hours_worked, 0), 4) else s.rate end",
        "net_least": "round(s.net_floor * s.weeks, 2)",
        "off_net": "s.gross - s.tax - s.deductions - s.net",
        "off_items": "coalesce(s.deductions - s.pension - s.items_sum, 0)",
        "off_hours": "case when coalesce(s.pieces, 0) = 0 then round(s.rate * s.hours_worked, 2) - s.gross else 0 end",
        "hours_a_week": "round(s.hours_worked / s.weeks, 2)",
        "late_from": "(s.due_on + coalesce(s.tolerance, interval '0 days'))::date",
    },
    look="pay",
)

RULES = (
    Rule(
        "PAY-01", _("Paid below the lowest rate of the scheme"),
        _("Is the hourly rate, or pay for pieces divided by the hours, at least the lowest rate for this season?"),
        MAJOR, needs=("wage",), reads=("floor_percent",), when="s.rate_floor is not null",
        missing="case when s.currency <> s.scheme_currency then 'pay in the currency of the scheme'"
        " when s.hourly is null and s.gross > 0 then 'rate or hours worked' end",
        # By the piece the whole pay counts, to the cent; a rate is rounded as the scheme rounds its floor.
        broken="case when coalesce(s.pieces, 0) > 0 or s.rate is null"
        " then s.gross < round(s.rate_floor * s.hours_worked, 2) else round(s.rate, 2) < s.rate_floor end",
        owed="case when coalesce(s.pieces, 0) > 0 or s.rate is null"
        " then round(s.rate_floor * s.hours_worked, 2) - s.gross"
        " else round((s.rate_floor - s.rate) * s.hours_worked, 2) end",
        evidence={"rate": "round(s.hourly, 2)", "lowest": "s.rate_floor", "hours_worked": "s.hours_worked",
                  "season": "s.season"},
        indicators=("wages_withheld",), standard="Dhaka 5; D04",
    ),
    Rule(
        "PAY-05", _("Net pay under the floor"),
        _("Is what is left after tax and deductions at least the floor for each week?"),
        MAJOR, version="2", needs=("net_floor",),
        missing="case when s.currency <> s.scheme_currency then 'pay in the currency of the scheme' end",
        broken="s.net < s.net_least", owed="s.net_least - s.net",
        evidence={"net": "s.net", "least": "s.net_least", "weeks": "round(s.weeks, 2)", "deductions": "s.deductions"},
        indicators=("wages_withheld",), standard="D06",
    ),
    Rule(
        "PAY-06", _("Paid late or not at all"),
        _("Was pay there on the day it was due, or within the tolerance?"),
        MAJOR, reads=("tolerance",),
        missing="case when s.due_on is null then 'day on which pay was due' end",
        broken="coalesce(s.paid_on, %(on)s::date) > s.late_from",
        owed="case when s.paid_on is null then greatest(s.net, 0) end",
        evidence={"due": "s.due_on", "paid": "s.paid_on", "days_late": "s.paid_on - s.due_on",
                  "net": "s.net"},
        indicators=("wages_withheld",), standard="Dhaka 5; D01",
    ),
    Rule(
        "PAY-07", _("The payslip does not add up"),
        _("Is gross less tax and deductions the net, do the items make up the deductions, and is gross at least the"
          " hours at the rate?"),
        MAJOR,
        broken="abs(s.off_net) > 0.01 or abs(s.off_items) > 0.01 or s.off_hours > 0.05",
        owed="nullif(greatest(case when s.off_net > 0.01 then s.off_net else 0 end, 0)"
        " + case when s.off_hours > 0.05 then s.off_hours else 0 end, 0)",
        evidence={"gross": "s.gross", "tax": "s.tax", "deductions": "s.deductions", "net": "s.net",
                  "net_by_sum": "s.gross - s.tax - s.deductions", "items_off_by": "nullif(s.off_items, 0)",
                  "gross_by_hours": "round(s.rate * s.hours_worked, 2)"},
        indicators=("wages_withheld",), standard="D02",
    ),
    Rule(
        "PAY-10", _("Pay did not go to the worker's own account"),
        _("Was pay sent to an account of the worker's own?"),
        MAJOR, when="s.paid_on is not null",
        missing="case when s.paid_to = '' then 'where the pay went' end",
        broken="s.paid_to <> 'own account'",
        evidence={"paid_to": "s.paid_to", "paid": "s.paid_on", "net": "s.net"},
        indicators=("wages_withheld",), standard="Dhaka 5; C10, D01",
    ),
    Rule(
        "HRS-01", _("More hours than the limit"),
        _("Are the hours worked, on average over the weeks of the payslip, within the weekly limit?"),
        MAJOR, needs=("hours_limit",),
        missing="case when s.hours_worked is null then 'hours worked' end",
        broken="s.hours_a_week > s.hours_limit",
        evidence={"hours_a_week": "s.hours_a_week", "limit": "s.hours_limit", "hours_worked": "s.hours_worked"},
        indicators=("overtime",), standard="D07",
    ),
)  # fmt: skip
