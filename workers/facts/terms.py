"""What was promised, version beside version, and what is left of a deduction. Pure: rows in, lines out.

A later version is worse where it pays, guarantees or lasts less, or takes more; better where it does the opposite;
a change of place, employer or work is shown as a change, for a person to judge.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from pilots.value_words import one_word
from workers.agreed import binds, taken
from workers.models import ContractVersion, DeductionAgreement, Insurance, PayRecord

BETTER, WORSE, OTHER, SAME = "better", "worse", "other", ""
TONES: Final = {BETTER: "good", WORSE: "critical", OTHER: "warning", SAME: ""}
ORDER: Final = tuple(ContractVersion.Kind.values)
# Field → +1 where more is better for the worker, -1 where less is, 0 where it is only another.
TERMS: Final[dict[str, int]] = {
    "hourly_rate": 1, "monthly_wage": 1, "piece_rate": 1, "guaranteed_hours": 1, "overtime_multiplier": 1,
    "weekly_deductions": -1, "starts_on": 0, "ends_on": 1, "pay_cycle": 0, "employer_name": 0, "site_name": 0,
    "occupation": 0, "language": 0,
}  # fmt: skip
MONEY: Final = ("hourly_rate", "monthly_wage", "piece_rate", "weekly_deductions")


@dataclass(frozen=True, slots=True)
class Cell:
    """One term in one version: what it says, and how it stands to the version before."""

    value: Any
    version: str
    currency: str = ""
    change: str = SAME

    @property
    def words(self) -> str:
        """The change in a word."""
        return {BETTER: _("better"), WORSE: _("worse"), OTHER: _("changed"), SAME: ""}[self.change]

    @property
    def tone(self) -> str:
        """The tone of its badge."""
        return TONES[self.change]

    @property
    def day(self) -> bool:
        """Whether it is a date."""
        return isinstance(self.value, date)


@dataclass(frozen=True, slots=True)
class Line:
    """One term across the versions."""

    label: str
    cells: tuple[Cell, ...]


def in_order(versions: Iterable[ContractVersion]) -> list[ContractVersion]:
    """The newest version of each kind, in the order of the journey."""
    newest: dict[str, ContractVersion] = {}
    for version in sorted(versions, key=lambda v: (v.signed_on or date.min, v.pk)):
        newest[version.kind] = version
    return [newest[kind] for kind in ORDER if kind in newest]


def compare(versions: Sequence[ContractVersion]) -> list[Line]:
    """Term by term; a term that no version names is left out. A blank says nothing and is no change."""
    lines = []
    for name in TERMS:
        values = [getattr(version, name) for version in versions]
        if any(value not in (None, "") for value in values):
            label = str(ContractVersion._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]
            lines.append(Line(label, tuple(_cells(name, versions, values))))
    return lines


def unit_of(version: ContractVersion, name: str) -> str:
    """In what a term is counted: the currency of money, the period of guaranteed hours."""
    return version.currency if name in MONEY else version.guarantee_period if name == "guaranteed_hours" else ""


def change_of(name: str, before: Any, after: Any, unit_before: str, unit: str) -> str:
    """How a term stands to what was said of it before: same, better, worse, or another. A blank is no change."""
    better = TERMS.get(name, 0)
    if before in (None, "") or after in (None, "") or (before, unit_before) == (after, unit):
        return SAME
    if better == 0 or unit != unit_before:
        return OTHER
    return BETTER if (after > before) == (better > 0) else WORSE


def _cells(name: str, versions: Sequence[ContractVersion], values: list[Any]) -> Iterable[Cell]:
    before, unit_before = None, ""
    for version, value in zip(versions, values, strict=True):
        unit = unit_of(version, name)
        change = change_of(name, before, value, unit_before, unit)
        unit_shown = version.currency if name in MONEY else ""
        yield Cell(_shown(version, name, value), version.get_kind_display(), unit_shown, change)
        if value not in (None, ""):
            before, unit_before = value, unit


def _shown(version: ContractVersion, name: str, value: Any) -> Any:
    if name == "guaranteed_hours" and value is not None:
        words = {"hours": f"{value.normalize():f}", "period": version.get_guarantee_period_display()}
        return _("%(hours)s in %(period)s") % words
    if name == "pay_cycle" and value:
        return version.get_pay_cycle_display()
    return value


@dataclass(frozen=True, slots=True)
class Balance:
    """An agreement on a deduction: what pay records took of it, what is left, what comes next."""

    agreement: DeductionAgreement
    taken: Decimal
    today: date
    former: bool = False  # with an employer for whom the worker works no more: nothing of it comes any more

    @property
    def left(self) -> Decimal | None:
        """Of the agreed total; None where none was agreed."""
        total = self.agreement.agreed_total
        return None if total is None else total - self.taken

    @property
    def over(self) -> bool:
        """Whether more was taken than agreed."""
        return self.left is not None and self.left < 0

    @property
    def runs(self) -> bool:
        """Whether anything may still be taken."""
        ended = any(
            day is not None and day < self.today for day in (self.agreement.ends_on, self.agreement.withdrawn_on)
        )
        return not ended and not self.former and (self.left is None or self.left > 0)

    @property
    def coming(self) -> Decimal | None:
        """The next amount, when it can be told."""
        if not self.runs or self.agreement.per_period is None:
            return None
        return self.agreement.per_period if self.left is None else min(self.agreement.per_period, self.left)


def balances(
    agreements: Iterable[DeductionAgreement], pay: Iterable[PayRecord], today: date, employer_id: int | None = None
) -> list[Balance]:
    """Each agreement in force (of ``workers.agreed.held``) with what pay took of it; ``employer_id`` is the present
    employer."""
    records = list(pay)
    return [
        Balance(agreement, taken(agreement, records), today, not binds(agreement, employer_id))
        for agreement in agreements
    ]


@dataclass(frozen=True, slots=True)
class Cover:
    """One insurance that the scheme asks for, or that is recorded without being asked."""

    kind: str
    insurance: Insurance | None
    asked: bool
    lapsed: bool

    @property
    def words(self) -> str:
        """The kind in the reader's language, where a scheme names it."""
        return insurance_words(self.kind)


def covers(asked: Sequence[str], recorded: Sequence[Insurance], today: date) -> list[Cover]:
    """What the scheme asks for against what is recorded: the newest of each kind."""
    newest: dict[str, Insurance] = {}
    for insurance in sorted(recorded, key=lambda i: (i.joined_on, i.pk)):
        newest[plain(insurance.kind)] = insurance
    names = list(dict.fromkeys([*map(plain, asked), *newest]))
    wanted = set(map(plain, asked))
    return [
        Cover(name, found := newest.get(name), name in wanted, bool(found and found.ends_on and found.ends_on < today))
        for name in names
    ]


def insurance_words(kind: str) -> str:
    """A kind of insurance in the reader's language, where a scheme names it; else as it was recorded."""
    known = one_word(code := plain(kind).replace(" ", "_"))
    return kind if known == code else known


def plain(kind: str) -> str:
    """A kind of insurance in words: the scheme writes ``health_insurance``, a sheet "Health insurance"."""
    return " ".join(kind.replace("_", " ").lower().split())
