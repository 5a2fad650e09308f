"""What becomes of each column of a kind of sheet when a list leaves without persons: ``APART``, the table to edit.

A column that is not named is left out. A word that somebody typed is a code (``CODE``) or left out, because it may name a
person or a place; words of the portal's own lists may stay where several persons share them (``GROUP``).
"""

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

from workers.models import CostItem

from .listings import AGE, CODE, DROP, GROUP, KEEP, MONTH, PERSON, SHIFT, TEXT, WHOLE, Cell

APART: Final[dict[str, str]] = {
    "worker_id": PERSON, "sex": GROUP, "birth_date": AGE, "nationality": GROUP, "province": GROUP, "languages": GROUP,
    "marital_status": GROUP, "dependants": GROUP, "home_income": KEEP, "home_income_currency": GROUP, "recruiter": CODE,
    "cohort": CODE, "registered_on": SHIFT, "consent_date": SHIFT, "step": GROUP, "date": SHIFT, "known_on": SHIFT,
    "version": GROUP, "signed_on": SHIFT, "employer": CODE, "site": CODE, "occupation": CODE, "start": SHIFT,
    "planned_end": SHIFT, "hourly_rate": KEEP, "monthly_wage": KEEP, "piece_rate": KEEP, "currency": GROUP,
    "guaranteed_hours": KEEP, "guarantee_period": GROUP, "overtime_multiplier": KEEP, "pay_cycle": GROUP,
    "weekly_deductions": KEEP, "item": GROUP, "agreed_total": KEEP, "amount_per_period": KEEP, "starts_on": SHIFT,
    "ends_on": SHIFT, "withdrawn_on": SHIFT, "hours_offered": KEEP, "hours_worked": KEEP, "overtime_hours": KEEP,
    "pieces": KEEP, "rate": KEEP, "gross": KEEP, "tax": KEEP, "pension": KEEP, "net": KEEP, "amount": KEEP,
    "paid_by": GROUP, "reimbursed_amount": KEEP, "reimbursed_on": SHIFT, "type": GROUP, "issued_on": SHIFT,
    "expires_on": SHIFT, "course": CODE, "planned_hours": KEEP, "attended_hours": KEEP, "score": KEEP, "passed": GROUP,
    "kind": GROUP, "lender": CODE, "monthly_rate": KEEP, "taken_on": SHIFT, "cleared_on": SHIFT, "premium": KEEP,
    "joined_on": SHIFT, "claim": GROUP, "claimed_on": SHIFT, "direction": GROUP, "departs_on": SHIFT, "arrives_on": SHIFT,
    "imposed_on": SHIFT, "lifted_on": SHIFT,
}  # fmt: skip
# Where a kind differs. What a person has again and again is given by the month, or the lengths of months would show
# the calendar; of pay "paid to" is one of a few words, of costs whoever was paid.
OF_KIND: Final[dict[str, dict[str, str]]] = {
    "pay": {"period_start": MONTH, "paid_to": GROUP},
    "costs": {"date": MONTH, "reimbursed_on": MONTH},
    "deductions": {"starts_on": MONTH, "ends_on": MONTH, "withdrawn_on": MONTH},
}
# Names of deductions that name nobody, in small letters as they are kept.
COMMON_ITEMS: Final = frozenset(CostItem.ITEMS) | {
    "rent", "accommodation", "dormitory", "housing", "hostel", "board", "board and lodging", "rent and meals",
    "accommodation and meals", "meals", "food", "groceries", "utilities", "power", "electricity", "water", "gas",
    "internet", "phone", "transport", "fuel", "air fare", "airfare", "airfare advance", "flight", "advance", "cash advance",
    "loan", "set-up", "setup", "clothing", "uniform", "boots", "tools", "laundry", "health insurance", "union fee", "savings",
    "tax", "pension", "superannuation", "bedding",
}  # fmt: skip


def apart_of(kind: str, key: str) -> str:
    """What becomes of this column of this kind of sheet."""
    return OF_KIND.get(kind, {}).get(key) or APART.get(key, DROP)


def _length() -> Cell:
    words = (
        "case when x.period_end - x.period_start < 8 then 'week' when x.period_end - x.period_start < 16 then 'fortnight'"
        " when x.period_end - x.period_start < 35 then 'four weeks or a month' else 'longer' end"
    )
    return Cell("length", _("Length of the period"), words, TEXT, GROUP)


def _late() -> Cell:
    late = "case when x.paid_on is not null and x.due_on is not null then greatest(x.paid_on - x.due_on, 0) end"
    return Cell("late", _("Days late"), late, WHOLE, KEEP)


def _common_item() -> Cell:
    listed = ", ".join(f"'{name}'" for name in sorted(COMMON_ITEMS))
    other = _("other").replace("'", "''").replace("%", "%%")
    return Cell("item", _("Item"), f"case when x.item in ({listed}) then x.item else '{other}' end", TEXT, GROUP)


# (kind, column) -> the column that stands in its place.
INSTEAD: Final[dict[tuple[str, str], Callable[[], Cell]]] = {
    ("pay", "period_end"): _length, ("pay", "paid_on"): _late, ("deductions", "item"): _common_item,
}  # fmt: skip
