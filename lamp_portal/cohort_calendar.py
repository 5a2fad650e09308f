"""The dates of a cohort: a month by week and as a grid, and the dates to come as a calendar file without names."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import requires
from lamp_portal.cohort_days import Entry, entries, weeks_of
from lamp_portal.ics import AllDay, calendar_file
from workers.views.cohorts import cohort_or_404

MOST_YEARS = 100


def _month(given: str, today: date, found: list[Entry]) -> date:
    """The first day of the month in the address ("2027-03"). Where none can be read or meant: of the next date, else of today."""
    usual = next((entry.day for entry in found if entry.day >= today), today).replace(day=1)
    try:
        asked = date.fromisoformat(f"{given}-01")
    except ValueError:
        return usual
    return asked if abs(asked.year - today.year) <= MOST_YEARS else usual


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _tab(month: date, found: list[Entry], shown: date) -> dict:
    inside = sum((entry.day.year, entry.day.month) == (month.year, month.month) for entry in found)
    return {"month": month, "code": f"{month:%Y-%m}", "count": inside, "current": month == shown}


@require_safe
@requires(Permission.PERSON_VIEW)
def calendar(request: PortalRequest, pk: int) -> HttpResponse:
    """One month of the cohort's dates, with a link to every month that has one."""
    cohort, today = cohort_or_404(pk), timezone.localdate()
    found = entries(cohort, by=request.scope, now=timezone.now(), today=today)
    shown = _month(request.GET.get("month", ""), today, found)
    weeks = weeks_of(shown, found)
    months = sorted({entry.day.replace(day=1) for entry in found} | {shown})
    context = {
        "cohort": cohort, "today": today, "month": shown, "weeks": weeks,
        "busy": [week for week in weeks if week.busy],
        "months": [_tab(month, found, shown) for month in months],
        "before": f"{shown - timedelta(days=1):%Y-%m}", "after": f"{_next(shown):%Y-%m}",
        "coming": sum(entry.day >= today for entry in found),
    }  # fmt: skip
    return render(request, "home/cohort_calendar.html", context)


@require_safe
@requires(Permission.PERSON_VIEW)
def calendar_ics(request: PortalRequest, pk: int) -> HttpResponse:
    """The dates to come as a file for a calendar: counts and the cohort's code, never a name."""
    cohort, now, today = cohort_or_404(pk), timezone.now(), timezone.localdate()
    found = entries(cohort, by=request.scope, now=now, today=today)
    days = [
        AllDay(
            f"cohort-{cohort.pk}-{entry.code}-{entry.day:%Y%m%d}@{request.get_host()}", entry.day,
            _("%(cohort)s: %(words)s") % {"cohort": cohort.code, "words": entry.words},
        )
        for entry in found
        if entry.day >= today
    ]  # fmt: skip
    # The file of a day is the same at every hour of it, whatever else happened.
    made = now.replace(hour=0, minute=0, second=0, microsecond=0)
    response = HttpResponse(calendar_file(cohort.code, days, at=made), content_type="text/calendar; charset=utf-8")
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in cohort.code).lower()
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
