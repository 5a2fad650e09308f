"""The rules of a scheme as a reader sees them: words, value with its unit, since when, from which source."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from pilots.schemes.reader import load
from pilots.schemes.scheme import Class, Parameter, Source

# What people ask first, in the order in which they ask.
FIRST = (
    "minimum_age", "stay_limit", "passport_margin", "hours_guarantee", "minimum_wage", "pay_floor_percent",
    "net_pay_floor", "airfare_employer_share", "worker_pays_recruitment_fee", "official_costs_only",
    "deduction_written_consent", "rent_cap", "housing_deduction_cap", "predeparture_briefing_required",
    "predeparture_training_hours", "welfare_contact_interval", "employer_change_by_worker",
)  # fmt: skip
MOST_FIRST = 10


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in force: ``value`` and ``exceptions`` are words ready to be shown."""

    name: str
    words: str
    value: str
    exceptions: tuple[str, ...]
    since: date
    since_is_known: bool
    sources: tuple[Source, ...]
    verified: bool
    note: str


def rules(scheme: str, on: date) -> list[Rule]:
    """Every rule of the scheme in force on the day, in the order of its file."""
    return [_rule(parameter) for parameter in load(scheme).on(on).values()]


def first_rules(scheme: str, on: date) -> list[Rule]:
    """The rules that people ask for first."""
    by_name = {rule.name: rule for rule in rules(scheme, on)}
    return [by_name[name] for name in FIRST if name in by_name][:MOST_FIRST]


def _rule(p: Parameter) -> Rule:
    own = tuple(row for row in p.value if isinstance(row, Class)) if isinstance(p.value, tuple) else ()
    classes = own if p.goes_by_class else p.exceptions
    value = "" if p.goes_by_class else written(p.value, p.unit, p.currency)
    return Rule(
        p.name, p.words, value, tuple(_class(row, p) for row in classes), p.valid_from,
        p.from_precision != "not stated", p.sources, p.verified, p.note,
    )  # fmt: skip


def _class(row: Class, p: Parameter) -> str:
    value = written(row.value, p.unit, p.currency)
    conditions = ", ".join(f"{name.replace('_', ' ')} {_condition(wanted)}" for name, wanted in row.when)
    if not conditions:
        return _("otherwise %(value)s") % {"value": value}
    return _("%(value)s where %(conditions)s") % {"value": value, "conditions": conditions}


def _condition(wanted: object) -> str:
    if isinstance(wanted, tuple):
        return ", ".join(str(one) for one in wanted)
    return written(wanted, "words", "")


def written(value: object, unit: str, currency: str) -> str:
    """A value with its unit, in the reader's number format."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    if isinstance(value, Decimal | int) and unit not in {"words", "list"}:
        amount = number_format(int(value) if value % 1 == 0 else value, force_grouping=True)
        if unit.startswith("money"):
            per = unit.partition("/")[2]
            return f"{currency} {amount}" + (f" / {per}" if per else "")
        return f"{amount} %" if unit == "percent" else f"{amount} {unit}"
    return str(value)
