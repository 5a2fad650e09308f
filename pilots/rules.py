"""The rules of a pilot as a reader sees them: words, value with its unit, since when, from which source, by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from pilots.rulebook import Rulebook
from pilots.schemes.scheme import Class, Parameter, Source
from pilots.value_words import one_word, written

# What people ask first, in the order in which they ask.
FIRST = (
    "minimum_age", "stay_limit", "passport_margin", "hours_guarantee", "minimum_wage", "pay_floor_percent",
    "net_pay_floor", "airfare_employer_share", "worker_pays_recruitment_fee", "official_costs_only",
    "deduction_written_consent", "rent_cap", "housing_deduction_cap", "predeparture_briefing_required",
    "predeparture_training_hours", "welfare_contact_interval", "employer_change_by_worker",
)  # fmt: skip
MOST_FIRST = 10
# The closed words of the scheme files, as a reader reads them.
SELECTED = {
    "visa granted": marked("the day the visa was granted"), "contract start": marked("the day the contract begins"),
    "pay period": marked("the pay period"), "arrival": marked("the day of arrival"),
    "lodged": marked("the day the application was lodged"), "day": marked("the day itself"),
}  # fmt: skip
ROUNDED = {
    "half up to the cent": marked("rounded half up to the cent"),
    "half up to the cent, hourly rate first": marked("the hourly rate is rounded half up to the cent, then multiplied"),
    "down to the cent": marked("rounded down to the cent"), "down to the unit": marked("rounded down to the whole unit"),
}  # fmt: skip
KNOWN_TO = {"month": marked("known to the month"), "year": marked("known to the year")}


@dataclass(frozen=True, slots=True)
class Departure:
    """A pilot's own value in place of the scheme's: why, by whom, until when, and what the scheme itself says."""

    reason: str
    by: str
    instead_of: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One dated value of a rule: ``value`` and ``exceptions`` are words ready to be shown, ``terms`` how it is applied."""

    name: str
    words: str
    value: str
    exceptions: tuple[str, ...]
    since: date
    until: date | None
    since_is_known: bool
    precision: str
    terms: tuple[str, ...]
    sources: tuple[Source, ...]
    verified: bool
    note: str
    departure: Departure | None


@dataclass(frozen=True, slots=True)
class Change:
    """A rule took another value on a day. ``before`` and ``after`` are words."""

    on: date
    name: str
    words: str
    before: str
    after: str
    rule: Rule


def rules(book: Rulebook, on: date) -> list[Rule]:
    """Every rule in force on the day, in the order of the scheme's file."""
    return [rule_of(parameter) for parameter in book.on(on).values()]


@dataclass(frozen=True, slots=True)
class Compared:
    """One rule over several schemes: its words, and what each scheme says, in the order asked; None where it says nothing."""

    name: str
    words: str
    said: tuple[Rule | None, ...]


def compared(books: Iterable[Rulebook], on: date) -> list[Compared]:
    """The rules in force on a day that two or more schemes have, beside each other; what people ask first comes first."""
    found = [{rule.name: rule for rule in rules(book, on)} for book in books]
    names = dict.fromkeys((*FIRST, *(name for rows in found for name in rows)))
    lines = []
    for name in names:
        said = tuple(rows.get(name) for rows in found)
        known = [rule for rule in said if rule]
        if len(known) > 1:
            lines.append(Compared(name, known[0].words, said))
    return lines


def first_rules(book: Rulebook, on: date) -> list[Rule]:
    """The rules that people ask for first, and those from which the pilot departs."""
    found = {rule.name: rule for rule in rules(book, on)}
    own = [rule for rule in found.values() if rule.departure]
    return [*own, *(found[name] for name in FIRST if name in found and found[name] not in own)][:MOST_FIRST]


def history(book: Rulebook, name: str) -> list[Rule]:
    """Every value the rule has had for this pilot, newest first. UnknownParameter where there is no such rule."""
    return [rule_of(parameter) for parameter in reversed(book.changes(name))]


def changes(book: Rulebook) -> list[Change]:
    """What took another value and when, newest first; the first value of a rule is no change."""
    found = [change for name in book.names for change in _changes(book.changes(name))]
    return sorted(found, key=lambda change: (change.on, change.name), reverse=True)


def _changes(values: tuple[Parameter, ...]) -> Iterable[Change]:
    for before, after in pairwise(values):
        rule = rule_of(after)
        yield Change(after.valid_from, after.name, after.words, whole(before), whole(after), rule)


def rule_of(p: Parameter) -> Rule:
    """One dated value in words."""
    classes = p.classes if p.goes_by_class else p.exceptions
    value = "" if p.goes_by_class else written(p.value, p.unit, p.currency)
    departure = None
    if p.override:
        instead = p.override.instead_of
        departure = Departure(p.override.reason, p.override.by, whole(instead) if instead else "")
    return Rule(
        p.name, p.words, value, tuple(_class(row, p) for row in classes), p.valid_from, p.valid_to,
        p.from_precision != "not stated", _(KNOWN_TO[p.from_precision]) if p.from_precision in KNOWN_TO else "",
        tuple(_terms(p)), p.sources, p.verified, p.note, departure,
    )  # fmt: skip


def _terms(p: Parameter) -> Iterable[str]:
    """Which day picks the value, what is left to older cases, and how amounts are rounded."""
    if p.selected_by != "day":
        yield _("Picked by %(day)s.") % {"day": _(SELECTED[p.selected_by])}
    if p.grandfathering != "none":
        yield p.grandfathering
    if p.rounding in ROUNDED:
        yield _("Amounts: %(how)s.") % {"how": _(ROUNDED[p.rounding])}


def whole(p: Parameter) -> str:
    """The value with its exceptions or classes on one line."""
    rule = () if p.goes_by_class else (written(p.value, p.unit, p.currency),)
    rows = p.classes if p.goes_by_class else p.exceptions
    return "; ".join((*rule, *(_class(row, p) for row in rows)))


def _class(row: Class, p: Parameter) -> str:
    value = written(row.value, p.unit, p.currency)
    conditions = ", ".join(f"{name.replace('_', ' ')} {_condition(wanted)}" for name, wanted in row.when)
    if not conditions:
        return _("otherwise %(value)s") % {"value": value}
    return _("%(value)s where %(conditions)s") % {"value": value, "conditions": conditions}


def _condition(wanted: object) -> str:
    if isinstance(wanted, tuple):
        return ", ".join(one_word(str(one)) for one in wanted)
    return written(wanted, "words", "")
