"""The engine's findings in the reader's words: what the evidence says, which rule of the scheme was applied, what is missing.

``EVIDENCE`` and ``MISSING`` are the tables to edit when a rule shows or misses something new; a guard test sees that no
key of a rule lacks its words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.models import Finding
from compliance.rules.table import rules
from pilots.schemes.reader import names

MONEY, DAY, NUMBER, TEXT = "money", "day", "number", "text"

# key → (kind, words)
EVIDENCE: Final[Mapping[str, tuple[str, Any]]] = {
    "after_last": (TEXT, gettext_lazy("After the last payslip")),
    "age": (NUMBER, gettext_lazy("Age in years")),
    "allowed_week": (MONEY, gettext_lazy("Allowed a week")),
    "amount": (MONEY, gettext_lazy("Amount")),
    "answer": (TEXT, gettext_lazy("Answer of the check")),
    "approved": (NUMBER, gettext_lazy("People approved")),
    "area": (NUMBER, gettext_lazy("Area, m²")),
    "area_least": (NUMBER, gettext_lazy("Least area for these people, m²")),
    "beds": (NUMBER, gettext_lazy("Beds")),
    "beyond": (MONEY, gettext_lazy("Beyond what was agreed")),
    "building": (TEXT, gettext_lazy("Building")),
    "by": (TEXT, gettext_lazy("Guaranteed by the")),
    "cost": (MONEY, gettext_lazy("Paid by the worker and not paid back")),
    "days": (NUMBER, gettext_lazy("Days")),
    "days_late": (NUMBER, gettext_lazy("Days late")),
    "days_over": (NUMBER, gettext_lazy("Days over")),
    "deductions": (MONEY, gettext_lazy("Deductions")),
    "departed": (DAY, gettext_lazy("Departed")),
    "due": (DAY, gettext_lazy("Due")),
    "earlier_days": (NUMBER, gettext_lazy("Days of earlier stays that count, on entry")),
    "ends": (DAY, gettext_lazy("Ends")),
    "entered": (DAY, gettext_lazy("Entered the country")),
    "financed_by": (TEXT, gettext_lazy("Financed by")),
    "from": (DAY, gettext_lazy("From")),
    "gross": (MONEY, gettext_lazy("Gross")),
    "gross_by_hours": (MONEY, gettext_lazy("Hours at the rate")),
    "guaranteed": (NUMBER, gettext_lazy("Hours guaranteed in the block")),
    "held_by": (TEXT, gettext_lazy("Held by")),
    "hours_a_week": (NUMBER, gettext_lazy("Hours a week")),
    "hours_worked": (NUMBER, gettext_lazy("Hours worked")),
    "imposed": (DAY, gettext_lazy("Imposed on")),
    "imposed_by": (TEXT, gettext_lazy("Imposed by")),
    "in_force": (DAY, gettext_lazy("In force from")),
    "insurance": (TEXT, gettext_lazy("Insurance")),
    "item": (TEXT, gettext_lazy("Item")),
    "items": (TEXT, gettext_lazy("Items")),
    "items_off_by": (MONEY, gettext_lazy("The items differ from the deductions by")),
    "join_by": (DAY, gettext_lazy("Join by")),
    "kind": (TEXT, gettext_lazy("Kind")),
    "lacks": (TEXT, gettext_lazy("Not stated")),
    "language": (TEXT, gettext_lazy("Language of the contract")),
    "last_contact": (DAY, gettext_lazy("Last met in person")),
    "last_day": (DAY, gettext_lazy("Last day allowed")),
    "least": (NUMBER, gettext_lazy("At least")),
    "left": (DAY, gettext_lazy("Left the country")),
    "limit": (NUMBER, gettext_lazy("Limit")),
    "lowest": (MONEY, gettext_lazy("Lowest rate allowed")),
    "lowest_rate": (MONEY, gettext_lazy("Lowest rate on a payslip")),
    "lowest_month": (MONEY, gettext_lazy("Lowest pay of a whole month")),
    "month_pay": (MONEY, gettext_lazy("Pay of a month")),
    "monthly_rate": (NUMBER, gettext_lazy("Interest a month, percent")),
    "months": (NUMBER, gettext_lazy("Months of pay")),
    "needed_to": (DAY, gettext_lazy("Needed to")),
    "most": (NUMBER, gettext_lazy("At most")),
    "net": (MONEY, gettext_lazy("Net")),
    "net_by_sum": (MONEY, gettext_lazy("Gross less tax and deductions")),
    "offered": (NUMBER, gettext_lazy("Hours offered")),
    "on": (DAY, gettext_lazy("On")),
    "paid": (TEXT, gettext_lazy("Paid")),
    "paid_back": (MONEY, gettext_lazy("Paid back")),
    "paid_to": (TEXT, gettext_lazy("Paid to")),
    "paper": (TEXT, gettext_lazy("Paper")),
    "payslips": (NUMBER, gettext_lazy("Payslips")),
    "people": (NUMBER, gettext_lazy("People in the room")),
    "rate": (MONEY, gettext_lazy("Rate of an hour")),
    "recruited": (DAY, gettext_lazy("Recruited on")),
    "rent_before": (MONEY, gettext_lazy("Lowest rent of a week in the year before")),
    "rent_week": (MONEY, gettext_lazy("Rent of a week")),
    "room": (TEXT, gettext_lazy("Room")),
    "season": (NUMBER, gettext_lazy("Season")),
    "security": (TEXT, gettext_lazy("Security given")),
    "short": (NUMBER, gettext_lazy("Hours short")),
    "signed": (DAY, gettext_lazy("Signed on")),
    "signed_rate": (MONEY, gettext_lazy("Rate signed at home")),
    "signed_wage": (MONEY, gettext_lazy("Monthly wage signed at home")),
    "tax": (MONEY, gettext_lazy("Tax")),
    "taken": (MONEY, gettext_lazy("Taken without agreement")),
    "visa_ends": (DAY, gettext_lazy("The visa ends")),
    "weeks": (NUMBER, gettext_lazy("Weeks")),
    "work_began": (DAY, gettext_lazy("Work began")),
    "worked": (NUMBER, gettext_lazy("Hours worked")),
    "worker_languages": (TEXT, gettext_lazy("Languages of the worker")),
    "worse": (TEXT, gettext_lazy("Worse than signed")),
}

FIELDS: Final[Mapping[str, Any]] = {
    "hourly_rate": gettext_lazy("hourly rate"),
    "monthly_wage": gettext_lazy("monthly wage"),
    "piece_rate": gettext_lazy("piece rate"),
    "guaranteed_hours_a_week": gettext_lazy("guaranteed hours a week"),
    "overtime_multiplier": gettext_lazy("overtime"),
    "weekly_deductions": gettext_lazy("deductions a week"),
    "days_of_work": gettext_lazy("days of work"),
    "employer": gettext_lazy("employer"),
    "site": gettext_lazy("place of work"),
}

# What a rule may miss, as the rules name it.
MISSING: Final[Mapping[str, Any]] = {
    "agreement in the currency of pay": gettext_lazy("Agreement in the currency in which pay is made"),
    "answer on the day of rest": gettext_lazy("Answer to the check on overtime and the day of rest (D07)"),
    "approved maximum": gettext_lazy("How many people were approved for the room"),
    "area of the room": gettext_lazy("Area of the room"),
    "authority approval of the deduction": gettext_lazy("Approval of the deduction by the authority"),
    "class of the room": gettext_lazy("Class of the room: people, building, bathroom"),
    "contract signed at home": gettext_lazy("Contract signed at home"),
    "date of birth": gettext_lazy("Date of birth"),
    "day": gettext_lazy("Day"),
    "day of arrival": gettext_lazy("Day of arrival"),
    "day of recruitment": gettext_lazy("Day of recruitment"),
    "day on which the worker left": gettext_lazy("Day on which the worker left the country"),
    "day on which the worker left before": gettext_lazy(
        "Day on which the worker left the country after the stay before"
    ),
    "day on which pay was due": gettext_lazy("Day on which pay was due"),
    "day on which the contract was signed": gettext_lazy("Day on which the contract was signed"),
    "day on which the permit was lodged": gettext_lazy("Day on which the permit was lodged"),
    "day on which the visa was granted": gettext_lazy("Day on which the visa was granted"),
    "deductions by item": gettext_lazy("Deductions by item"),
    "end of the passport": gettext_lazy("Day on which the passport ends"),
    "end of the visa": gettext_lazy("Day on which the visa ends"),
    "exact date of birth": gettext_lazy("Exact date of birth"),
    "exchange rate of the month": gettext_lazy("Exchange rate of the month"),
    "hours in the contract": gettext_lazy("Hours in the contract"),
    "hours offered": gettext_lazy("Hours offered"),
    "hours worked": gettext_lazy("Hours worked"),
    "insurance": gettext_lazy("Health insurance"),
    "insurances of the worker": gettext_lazy("Insurances of the worker"),
    "kind of housing": gettext_lazy("Kind of housing"),
    "language of the contract": gettext_lazy("Language of the contract"),
    "languages of the worker": gettext_lazy("Languages of the worker"),
    "licence of the recruiter": gettext_lazy("Licence of the recruiter"),
    "monthly wage": gettext_lazy("Monthly wage in the contract"),
    "passport": gettext_lazy("Passport"),
    "pay": gettext_lazy("Payslips"),
    "pay in one currency": gettext_lazy("Pay in one currency"),
    "pay in the currency of the scheme": gettext_lazy("Pay in the currency of the scheme"),
    "pay period": gettext_lazy("Pay period"),
    "payslips of the whole block": gettext_lazy("Payslips of the whole block of weeks"),
    "people in the room": gettext_lazy("People in the room"),
    "rate": gettext_lazy("Rate of an hour"),
    "rate or hours worked": gettext_lazy("Rate of an hour, or hours worked"),
    "start of the contract": gettext_lazy("Start of the contract"),
    "visa": gettext_lazy("Visa"),
    "what the cost was for": gettext_lazy("What the cost was for"),
    "where the pay went": gettext_lazy("Where the pay went"),
    "which days were worked": gettext_lazy("Which days were worked"),
    "whether the leave was paid": gettext_lazy("Whether the leave was paid"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of evidence: its words, its kind (money, day, number, text) and its value."""

    words: str
    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule of the scheme as it was applied: its words, value and unit, since when, from where, and whose override."""

    words: str
    value: str
    unit: str
    valid_from: date | None
    sources: str
    verified: bool
    override: str


def missing_words(key: str) -> str:
    """What is missing, in the reader's words."""
    return str(MISSING.get(key, key))


def evidence_lines(finding: Finding) -> list[Line]:
    """What a rule showed, in the order of the rule; what an older version of it showed comes after."""
    rule = rules().get(finding.code)
    order = [*(rule.evidence if rule else ()), *finding.evidence]
    keys = [key for key in dict.fromkeys(order) if key in finding.evidence]
    return [line for key in keys for line in _line(key, finding.evidence[key], finding)]


def _line(key: str, value: Any, finding: Finding) -> Iterable[Line]:
    kind, words = EVIDENCE.get(key, (TEXT, key))
    if key == "worse":
        for one in value:
            field = FIELDS.get(one["field"], one["field"])
            said = _("%(field)s: signed %(signed)s, %(version)s %(later)s") % {**one, "field": field}
            yield Line(str(words), TEXT, said)
        return
    if isinstance(value, bool):
        yield Line(str(words), TEXT, _("yes") if value else _("no"))
        return
    if key == "paid":  # a day on which pay came, or an amount
        kind = DAY if isinstance(value, str) else MONEY
    if kind == DAY:
        value = date.fromisoformat(value)
    elif kind in (MONEY, NUMBER):
        value = Decimal(str(value))
        # Without a currency of its own the amount is a plain number.
        kind = kind if kind == NUMBER or finding.currency else NUMBER
    yield Line(str(words), kind, value)


def applied_lines(finding: Finding) -> list[Applied]:
    """The rules of the scheme as they stood when the finding was made, each once."""
    words = names()
    seen = {one["name"]: one for one in finding.parameter}
    return [
        Applied(
            words=_(words.get(one["name"], one["name"])),
            value=", ".join(one["value"]) if isinstance(one["value"], list) else str(one["value"]),
            unit=one.get("unit", "") if not str(one["value"]).endswith(("days", "mons")) else "",
            valid_from=date.fromisoformat(one["valid_from"]) if one.get("valid_from") else None,
            sources=", ".join(one.get("sources", ())),
            verified=bool(one.get("verified", True)),
            override=one.get("override") or "",
        )
        for one in seen.values()
    ]
