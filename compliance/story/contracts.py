"""What changed between the versions of a contract, term by term; and whether it got worse for the worker.

Which way a term is worse stands in ``workers.facts.terms``. Whether a change breaks a rule is for the rule to find; here a
reader sees what the papers say.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from workers.facts.terms import WORSE, change_of, unit_of
from workers.models import ContractVersion

ORDER = {kind: place for place, kind in enumerate(ContractVersion.Kind.values)}
# Field → how a template writes it.
TERMS: dict[str, str] = {
    "employer_name": "text", "site_name": "text", "occupation": "text", "starts_on": "day", "ends_on": "day",
    "hourly_rate": "money", "monthly_wage": "money", "piece_rate": "money", "guaranteed_hours": "number",
    "guarantee_period": "text", "overtime_multiplier": "number", "pay_cycle": "text", "weekly_deductions": "money",
    "language": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One term that differs from the version before. ``kind``: money, day, number or text."""

    label: str
    kind: str
    before: Any
    after: Any
    currency: str
    worse: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A version with its main terms and what changed since the one before; the first has no changes."""

    contract: ContractVersion
    first: bool
    changes: list[Change]

    @property
    def worse(self) -> bool:
        """Whether any term got worse."""
        return any(change.worse for change in self.changes)


def versions(contracts: list[ContractVersion]) -> list[Version]:
    """In the order of the journey: offer, signed at home, on arrival, in force."""
    ordered = sorted(
        contracts, key=lambda c: (ORDER.get(c.kind, len(ORDER)), c.signed_on or timezone.localdate(c.recorded_at), c.pk)
    )
    answer: list[Version] = []
    for number, contract in enumerate(ordered):
        before = ordered[number - 1] if number else None
        answer.append(Version(contract, before is None, changes(before, contract) if before else []))
    return answer


def changes(before: ContractVersion, after: ContractVersion) -> list[Change]:
    """Terms that both papers name and that differ. A term that one of them leaves out is not a change."""
    found = []
    for name, kind in TERMS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old in (None, "") or new in (None, "") or old == new:
            continue
        if kind == "money" and before.currency != after.currency:
            continue
        bad = change_of(name, old, new, unit_of(before, name), unit_of(after, name)) == WORSE
        field = ContractVersion._meta.get_field(name)
        if getattr(field, "choices", None):
            old, new = getattr(before, f"get_{name}_display")(), getattr(after, f"get_{name}_display")()
        found.append(Change(str(field.verbose_name).capitalize(), kind, old, new, after.currency, bad))  # type: ignore[union-attr]
    if before.currency and after.currency and before.currency != after.currency:
        found.append(Change(_("Currency"), "text", before.currency, after.currency, "", False))
    return found
