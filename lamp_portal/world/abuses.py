"""What goes wrong in the world on purpose: which worker, and how. Everything else about pay, terms and rooms is in order.

Each entry is one abuse for one worker of the pilot; the workers are taken evenly from those who have worked for two months.
The rules find these and, beside them, only what the fates and the visits tell.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from lamp_portal.world.plans import PilotPlan

if TYPE_CHECKING:
    from lamp_portal.world.walking import Walk

ABUSES: Final[dict[str, tuple[str, ...]]] = {
    "tonga-apples": ("late", "no payslips", "fee not agreed", "late contract", "beyond agreed", "late", "cash"),
    "vanuatu-meat": ("hours not paid", "low rate", "no insurance"),
    "nepal-greenhouse": ("pledged land", "worse contract"),
    "kenya-stay": ("fee not agreed", "cash"),
    "guatemala-cooks": ("worse contract", "sums wrong", "late"),
}
CROWDED: Final = "tonga-apples"  # where one room holds two people more than are approved
LONG_ENOUGH = timedelta(days=60)


def planted(plan: PilotPlan, walks: "list[Walk]", today: date) -> dict[int, str]:
    """Placement → its abuse."""
    known = [w for w in walks if (begun := w.day_of("working")) and begun <= today - LONG_ENOUGH]
    abuses = ABUSES[plan.slug]
    step = max(len(known) // (len(abuses) + 1), 1)
    return {known[(n + 1) * step % len(known)].placement_id: abuse for n, abuse in enumerate(abuses)}
