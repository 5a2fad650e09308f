"""The first page of each role: what needs this person today. Facts come from the apps; here they are put together."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone

from accounts.roles import Permission
from accounts.scope import Scope
from pilots.models import Pilot
from workers.likeness.queries import queue
from workers.models import LikePair, WithheldText
from workers.queries import today as asked

FEW = 5
Panels = dict[str, Any]


def _yesterday(now: datetime) -> datetime:
    """The beginning of yesterday, on the reader's clock."""
    local = timezone.localtime(now)
    return timezone.make_aware(datetime.combine(local.date() - timedelta(days=1), time.min))


def programme(by: Scope, now: datetime) -> Panels:
    """Cohorts on their way, what is blocked and by whom, look-alikes to decide, papers that end, what changed."""
    today = timezone.localdate(now)
    merges = by.allows(Permission.PERSON_MERGE)
    return {
        "alike": asked.some(queue(LikePair.State.OPEN, today), FEW) if merges else None,
        "cohorts": asked.running_cohorts(today),
        "held": asked.held(today),
        "lacking": asked.not_ready(by, today),
        "papers": asked.ending_papers(today),
        "ending": asked.ending_stays(today),
        "changed": asked.changed_since(_yesterday(now)),
    }


def recruiter(by: Scope, now: datetime) -> Panels:
    """Places to fill, how far the own candidates are, papers that end, holds on own people."""
    today = timezone.localdate(now)
    return {
        "orders": asked.open_orders(today),
        "readiness": asked.readiness(by, today),
        "papers": asked.ending_papers(today),
        "held": asked.held(today),
    }


def employer(by: Scope, now: datetime) -> Panels:
    """Who arrives when, own workers by step, stays that end, holds on own workers."""
    today = timezone.localdate(now)
    return {
        "arriving": asked.arriving(today),
        "steps": asked.by_step(),
        "ending": asked.ending_stays(today),
        "held": asked.held(today),
    }


def welfare(by: Scope, now: datetime) -> Panels:
    """New arrivals, where the workers are, stays that end; checks and findings come from their own app."""
    today = timezone.localdate(now)
    return {
        "arrivals": asked.new_arrivals(today),
        "sites": list(asked.abroad_by_site()),
        "ending": asked.ending_stays(today),
        "held": asked.held(today),
    }


def safeguarding(by: Scope, now: datetime) -> Panels:
    """Unplanned ends, new arrivals and words that were handed over; findings and cases come from their own app."""
    today = timezone.localdate(now)
    return {
        "withheld": asked.some(WithheldText.objects.filter(readings=None).select_related("pilot").order_by("-id"), FEW),
        "early_ends": asked.early_ends(today),
        "arrivals": asked.new_arrivals(today),
        "held": asked.held(today),
    }


def reader(by: Scope, now: datetime) -> Panels:
    """The pilots one reads reports of; no person stands on this page."""
    pilots = Pilot.objects.select_related("corridor", "programme").annotate(
        cohort_count=Count("cohorts"), first_departure=Min("cohorts__departs_on")
    )
    return {"pilots": list(pilots)}


PAGES: dict[str, tuple[str, Callable[[Scope, datetime], Panels]]] = {
    "programme_officer": ("home/programme.html", programme),
    "programme_manager": ("home/programme.html", programme),
    "safeguarding_lead": ("home/safeguarding.html", safeguarding),
    "recruiter": ("home/recruiter.html", recruiter),
    "employer": ("home/employer.html", employer),
    "welfare_officer": ("home/welfare.html", welfare),
    "government": ("home/reader.html", reader),
    "funder": ("home/reader.html", reader),
}


def page(by: Scope, now: datetime) -> tuple[str, Panels]:
    """(template, context) of the first page for this scope."""
    template, panels = PAGES[by.role_code]
    return template, panels(by, now) | {"today": timezone.localdate(now)}
