"""Reports that schedules will ask for soon, and those that wait for somebody: a signature, a person, or another try."""

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.scope import Scope
from lamp_portal.home.needs import FEW, Line, Need, joined
from reports.delivery.models import Schedule
from reports.delivery.periods import Span
from reports.delivery.schedules import Became, became, dates, visible
from reports.kinds import title_of
from workers.queries.waiting import END_DAYS

WAITING = ("person", "signature")
RECENT = timedelta(days=END_DAYS)
"""What failed longer ago was asked for anew, or is missed by nobody; the schedule's page keeps it."""


def reports_due(by: Scope, now: datetime) -> Need:
    """Periods that wait for somebody, the oldest first, then those that are due within the days in which papers are told to end."""
    schedules = list(visible(by).exclude(state=Schedule.State.ENDED))
    today = timezone.localdate(now)
    stopped, coming = _stopped(schedules, now, by), _coming(schedules, now, today)
    late = len(stopped)
    note = (
        ngettext("%(n)d waits for somebody", "%(n)d wait for somebody", late) % {"n": late}
        if late
        else ngettext("within %(n)d day", "within %(n)d days", END_DAYS) % {"n": END_DAYS}
    )
    return Need(
        "reports", _("Reports due"), "file-clock", late + len(coming), reverse("reports:schedules"),
        _("A report that a schedule makes stands here from 60 days before it is due, and when it waits for a signature or a person."),
        note=note, tone="critical" if late else "info", lines=[*stopped, *coming][:FEW],
    )  # fmt: skip


def _stopped(schedules: list[Schedule], now: datetime, by: Scope) -> list[Line]:
    """One line for every period that was due and comes no further, the oldest first."""
    found = became(schedules, now, by=by) if schedules else {}
    known = {schedule.pk: schedule for schedule in schedules}
    periods = [
        (known[pk], one) for pk, every in found.items() for one in every
        if one.state in WAITING or (one.state == "failed" and now - one.span.due_at <= RECENT)
    ]  # fmt: skip
    return [_line(s, one.span, _why(one)) for s, one in sorted(periods, key=lambda pair: pair[1].span.due_at)]


def _coming(schedules: list[Schedule], now: datetime, today: date) -> list[Line]:
    """One line for every schedule whose next period is due soon, the nearest first."""
    following = dates(schedules, now)
    soon = [(s, following[s.pk][0]) for s in schedules if following[s.pk]]
    near = [(s, span) for s, span in soon if (_day(span) - today).days <= END_DAYS]
    return [_line(s, span) for s, span in sorted(near, key=lambda pair: pair[1].due_at)]


def _day(span: Span) -> date:
    return timezone.localdate(span.due_at)


def _line(schedule: Schedule, span: Span, why: str = "") -> Line:
    return Line(
        title_of(schedule.kind), reverse("reports:schedule", args=[schedule.pk]), due=_day(span),
        note=joined(why, schedule.organisation.name, schedule.pilot.name),
    )  # fmt: skip


def _why(one: Became) -> str:
    return {"signature": _("Waits for a signature"), "person": _("Waits for a person"), "failed": _("Failed")}[
        one.state
    ]
