"""What a report spans: one pilot, or all pilots of the one who asks; and the targets of the reader's grants."""

from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.scope import Scope
from pilots.models import AIMED, GrantTarget, Pilot
from pilots.schemes.reader import load
from reports.comparing import Aim
from reports.content import PilotFacts
from reports.kinds import ReportKind
from reports.metrics.declaring import Alongside, Window

if TYPE_CHECKING:
    from reports.compiling import Order

# What a target of a grant is about → the figure of the report.
FIGURES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "departed": ("funnel", (("step", "departed"),)),
    "filled": ("fill_rate", (("by", "departed"),)),
    "completed": ("completion", ()),
    "women": ("women", (("step", "departed"),)),
    "income": ("income_multiple", ()),
    "cost": ("cost_ratio", (("when", "before"),)),
    "checks": ("check_coverage", ()),
}


def settled(order: "Order", kind: ReportKind, by: Scope) -> "Order":
    """The order as it is filed: a report over all pilots lies with the oldest of them, whichever was named."""
    return replace(order, pilot_id=min(by.pilot_ids)) if kind.across else order


def window_of(order: "Order", kind: ReportKind, pilot: Pilot) -> Window:
    """The window that the metrics measure in, with one for each pilot in sight where the report spans several."""
    one = Window(
        pilot.pk, pilot.scheme, order.period_from, order.period_to, order.as_of,
        employer_id=order.organisation_id if kind.own_only else None, reader_id=order.organisation_id,
    )  # fmt: skip
    if not kind.across:
        return one
    across = (
        Alongside(each.slug, f"{each.name} ({each.corridor.name})", replace(one, pilot_id=each.pk, scheme=each.scheme))
        for each in _in_sight()
    )
    return replace(one, across=tuple(across))


def _in_sight() -> list[Pilot]:
    """The pilots of the compiling hand, which is given those of the asker."""
    return list(Pilot.objects.select_related("corridor").order_by("starts_on", "id"))


def windows(window: Window) -> list[Window]:
    """The window itself, or those of the pilots that it spans."""
    return [each.window for each in window.across] or [window]


def facts_of(kind: ReportKind, pilot: Pilot) -> PilotFacts:
    """What the report says it is about."""
    if not kind.across:
        return PilotFacts(pilot.slug, pilot.name, pilot.corridor.name, load(pilot.scheme).name)
    several = _in_sight()
    return PilotFacts(
        "all-pilots",
        _("%(number)s pilots together") % {"number": len(several)},
        "; ".join(dict.fromkeys(each.corridor.name for each in several)),
        "; ".join(dict.fromkeys(load(each.scheme).name for each in several)),
    )


def _cut(order: "Order") -> date:
    return min(order.period_to, order.as_of.astimezone(UTC).date())


def aims_of(order: "Order") -> list[Aim]:
    """The targets of the reader's grants that run in the period, as agreed on the cut-off day, in the order of their days."""
    rows = GrantTarget.objects.filter(
        Q(grant__closed_on__isnull=True) | Q(grant__closed_on__gte=order.period_from),
        Q(ended_on__isnull=True) | Q(ended_on__gt=_cut(order)), Q(agreed_on__isnull=True) | Q(agreed_on__lte=_cut(order)),
        pilot_id=order.pilot_id, organisation_id=order.organisation_id, grant__starts_on__lte=order.period_to,
        grant__ends_on__gte=order.period_from, grant__recorded_at__lte=order.as_of,
    ).select_related("grant").order_by("grant__starts_on", "grant_id", "by_on", "id")  # fmt: skip
    return [
        Aim(
            row.grant.reference, *FIGURES[row.figure], str(AIMED[row.figure].label),
            row.value / 100 if AIMED[row.figure].unit == "percent" else Decimal(row.value), row.by_on,
            AIMED[row.figure].at_most,
        )
        for row in rows
    ]  # fmt: skip
