"""The table of what can stand in a timeline: ``KINDS``, and the filters that gather them: ``GROUPS``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Model, Q
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from workers.models import Placement

MOVES, PAY, CHECKS, FINDINGS = "moves", "pay", "checks", "findings"
CONTACTS, DOCUMENTS, NOTES = "contacts", "documents", "notes"
GROUPS: Final[dict[str, str | Promise]] = {
    MOVES: _("Moves and holds"), PAY: _("Pay"), CHECKS: _("Checks"), FINDINGS: _("Findings"), CONTACTS: _("Contacts"),
    DOCUMENTS: _("Documents"), NOTES: _("Notes"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one row: a title, and where there is more its words, its amount, who says so and where it leads."""

    title: str
    text: str = ""
    who: str = ""
    tone: str = "neutral"
    amount: Any = None
    currency: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row in a timeline.

    ``groups``: filter → which of the rows it shows. ``day`` and ``recorded``: a date and a moment of the model
    (``""`` where no column says when it was recorded). ``about``: which rows are about a placement. ``says``: the values that ``tell`` needs, as expressions whose
    results JSON can hold without loss (money as text). ``verb``: the permission that its pages ask for.
    """

    code: str
    icon: str
    model: type[Model]
    groups: Mapping[str, Q]
    day: str | Combinable
    recorded: str
    about: Callable[[Placement], Q]
    tell: Callable[[dict[str, Any], Placement], Told]
    says: Mapping[str, Any] = field(default_factory=dict)
    verb: Permission | None = None

    def seen_by(self, by: Scope) -> bool:
        """Whether this role may read its table, and its pages."""
        return may(self.model, by.db_role) and (self.verb is None or by.allows(self.verb))


KINDS: Final[dict[str, Kind]] = {}


def add(kinds: Mapping[str, Kind]) -> None:
    """Take in kinds; called once by the roof, when the portal starts. Their order settles what shares a day."""
    KINDS.update(kinds)


def groups_for(by: Scope) -> list[str]:
    """The filters that this role is offered: those with a kind that it may read, in their order."""
    seen = {group for kind in KINDS.values() if kind.seen_by(by) for group in kind.groups}
    return [group for group in GROUPS if group in seen]
