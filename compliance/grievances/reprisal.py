"""Reprisal watch: what changed for the worker after it was filed, as signals for a person to judge, never a verdict.

Compares the eight weeks after filing with the eight before: hours, net pay and deductions a week; and lists what happened
since: moves to an end or another workplace, holds, another room, bans. Only whoever knows who the person
is can ask, because the facts are the worker's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rows import may
from accounts.scope import Scope
from compliance.grievances import identity
from compliance.models import Grievance
from workers.journey.steps import OFF_PATH, STEP
from workers.models import Ban, Hold, HousingStay, JourneyEvent, PayRecord, Placement

WEEKS = 8
# The part of the person's own average by which pay falls, or deductions rise, before it is a sign.
CHANGED = Decimal("0.30")
ELSEWHERE = {"redeployed", "on_sick_leave", "on_leave", "pre_return", "left_country"}


@dataclass(frozen=True, slots=True)
class Compared:
    """A weekly figure before and after; ``None`` where nothing is on record. ``signal``: it changed
    for the worse by 30 per cent or more."""

    words: str
    before: Decimal | None
    after: Decimal | None
    unit: str
    signal: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to the worker since it was filed."""

    on: date
    words: str
    signal: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """The comparison and the events since; ``until`` is the last day of the weeks compared."""

    since: date
    until: date
    compared: tuple[Compared, ...]
    happened: tuple[Happened, ...]

    @property
    def signals(self) -> int:
        """How many of them ask a person to look."""
        return sum(row.signal for row in self.compared) + sum(row.signal for row in self.happened)


def watch(grievance: Grievance, *, by: Scope, on: date) -> Watch | None:
    """What changed for the worker since ``grievance`` was filed; None where the placement is not known to this reader."""
    known = identity.of(grievance)
    if known is None or known.placement is None:
        return None
    placement = known.placement
    since, until = grievance.opened_on, min(on, grievance.opened_on + timedelta(weeks=WEEKS))
    return Watch(since, until, tuple(_pay(placement, since, until, by)), tuple(_events(placement, since, on, by)))


def _pay(placement: Placement, since: date, until: date, by: Scope) -> Sequence[Compared]:
    if not may(PayRecord, by.db_role):
        return []
    first = since - timedelta(weeks=WEEKS)
    rows = list(
        PayRecord.objects.filter(
            placement=placement, superseded_by__isnull=True, period_end__gte=first, period_start__lte=until
        ).order_by("period_start")
    )
    # A period that was running when it was filed is counted with the weeks before: it was agreed on before.
    before = [r for r in rows if r.period_start < since]
    after = [r for r in rows if r.period_start >= since]
    currency = rows[0].currency if rows else ""
    one = len({r.currency for r in rows}) <= 1
    found = [
        _compare(_("Hours worked a week"), _weekly(before, "hours_worked"), _weekly(after, "hours_worked"), _("hours"))
    ]
    if one:
        found.append(_compare(_("Net pay a week"), _weekly(before, "net"), _weekly(after, "net"), currency))
        found.append(
            _rise(_("Deductions a week"), _weekly(before, "deductions"), _weekly(after, "deductions"), currency)
        )
    return found


def _weekly(rows: list[PayRecord], name: str) -> Decimal | None:
    """The average of a week over these periods; None where a value or every period is missing."""
    values = [getattr(row, name) for row in rows]
    if not rows or any(value is None for value in values):
        return None
    days = sum((row.period_end - row.period_start).days + 1 for row in rows)
    return (sum(values, Decimal(0)) * 7 / days).quantize(Decimal("0.01"))


def _compare(words: str, before: Decimal | None, after: Decimal | None, unit: str) -> Compared:
    fell = before is not None and after is not None and before > 0 and after <= before * (1 - CHANGED)
    return Compared(words, before, after, unit, fell)


def _rise(words: str, before: Decimal | None, after: Decimal | None, unit: str) -> Compared:
    rose = before is not None and after is not None and after > 0 and after >= before * (1 + CHANGED)
    return Compared(words, before, after, unit, rose)


def _events(placement: Placement, since: date, on: date, by: Scope) -> list[Happened]:
    found: list[Happened] = []
    moved = JourneyEvent.objects.filter(placement=placement, happened_on__gte=since, happened_on__lte=on)
    for event in moved.order_by("happened_on", "pk"):
        step = STEP[event.to_step]
        graver = step.phase == OFF_PATH or step.early_end or event.to_step in ELSEWHERE
        found.append(Happened(event.happened_on, _("Moved to: %(step)s") % {"step": _(step.label)}, graver))
    if may(HousingStay, by.db_role):
        stays = HousingStay.objects.filter(placement=placement, starts_on__gt=since, starts_on__lte=on)
        found += [Happened(s.starts_on, _("Moved to another room"), True) for s in stays]
    if may(Hold, by.db_role):
        holds = Hold.objects.filter(placement=placement, placed_at__date__gte=since, placed_at__date__lte=on)
        found += [Happened(timezone.localdate(h.placed_at), _("A hold was placed"), True) for h in holds]
    if may(Ban, by.db_role):
        bans = Ban.objects.filter(person_id=placement.person_id, imposed_on__gte=since, imposed_on__lte=on)
        found += [Happened(b.imposed_on, _("A ban was recorded"), True) for b in bans]
    return sorted(found, key=lambda row: row.on)
