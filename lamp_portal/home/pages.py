"""Which matters and which panels stand on the first page of each role. One function a role, one line in ``PAGES``."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone

from accounts.scope import Scope
from compliance.remedies.actions import DONE, OPEN
from lamp_portal.home import asked as asked_of
from lamp_portal.home import people, rights
from lamp_portal.home.given import given as tasks_given
from lamp_portal.home.hours import hours_short
from lamp_portal.home.needs import FEW, Needs
from lamp_portal.home.readers import reader
from lamp_portal.home.reports_due import reports_due
from pilots.rulebook import rulebooks_of
from workers.queries import today as asked
from workers.queries.first import first_of
from workers.queries.hours import block_parameters, blocks_by_site
from workers.queries.housing import beds_by_site
from workers.queries.waiting import lacking_soon

SITES: Final = 5
Panels = dict[str, Any]


def _yesterday(now: datetime) -> datetime:
    """The beginning of yesterday, on the reader's clock."""
    local = timezone.localtime(now)
    return timezone.make_aware(datetime.combine(local.date() - timedelta(days=1), time.min))


def programme(by: Scope, now: datetime) -> Panels:
    """Who is blocked and by whom, what rights ask for, papers that end; beside it the cohorts and what changed."""
    today, books = timezone.localdate(now), rulebooks_of(by.pilot_ids)
    overview, first = rights.overview_of(by, today, books)
    missing, actions = lacking_soon(by, today, books), rights.actions_of(today)
    ahead = list(missing)[:FEW]
    some, known = first_of(("held", "papers", "ending"), by=by, today=today, most=FEW, also=ahead)
    needs = Needs.of([
        rights.critical_findings(by, today), people.blocked(missing, [known[pk] for pk in ahead], today),
        rights.cases(by, today), rights.checks(by, overview, first), people.on_hold(some["held"], today),
        rights.to_be_verified(by, actions), rights.to_be_done(by, actions), people.papers_that_end(some["papers"], today),
        people.stays_that_end(some["ending"], today), people.alike(by, today),
        tasks_given(by, today), reports_due(by, now),
        asked_of.papers_asked(by, today), asked_of.corrections(by, today),
    ])  # fmt: skip
    changed = asked.changed_since(_yesterday(now))
    return {"needs": needs, "cohorts": asked.running_cohorts(today), "changed": changed, "duties": True}


def recruiter(by: Scope, now: datetime) -> Panels:
    """Papers to bring, candidates nobody has heard of, holds; beside it how far the own candidates are, and places to fill."""
    today = timezone.localdate(now)
    readiness = asked.readiness(by, today, rulebooks_of(by.pilot_ids))
    some, _known = first_of(("papers", "held", "quiet"), by=by, today=today, most=FEW)
    needs = Needs.of([
        people.papers_missing(readiness), people.papers_that_end(some["papers"], today),
        people.on_hold(some["held"], today), people.no_news(some["quiet"], today),
        rights.to_be_done(by, rights.actions_of(today, OPEN)),
        tasks_given(by, today),
        asked_of.papers_asked(by, today),
    ])  # fmt: skip
    return {"needs": needs, "readiness": readiness, "orders": asked.open_orders(today), "duties": True}


def employer(by: Scope, now: datetime) -> Panels:
    """Hours that will fall short, what is to be put right, who arrives, stays that end; beside it hours and housing by site."""
    today = timezone.localdate(now)
    given = block_parameters(by, today)
    blocks = blocks_by_site(given)
    some, _known = first_of(("held", "coming", "ending"), by=by, today=today, most=FEW)
    needs = Needs.of([
        hours_short(given, blocks, today), rights.to_be_done(by, rights.actions_of(today, OPEN)),
        people.on_hold(some["held"], today), people.expected(some["coming"], today),
        people.stays_that_end(some["ending"], today),
        tasks_given(by, today),
        asked_of.papers_asked(by, today),
    ])  # fmt: skip
    return {"needs": needs, "blocks": blocks, "beds": beds_by_site(today), "duties": True}


def welfare(by: Scope, now: datetime) -> Panels:
    """Checks, cases, early signs and new arrivals; beside it what each place of work owes."""
    today, books = timezone.localdate(now), rulebooks_of(by.pilot_ids)
    overview, first = rights.overview_of(by, today, books)
    some, _known = first_of(("arrived", "held", "ending"), by=by, today=today, most=FEW)
    needs = Needs.of([
        rights.critical_findings(by, today), rights.cases(by, today), rights.checks(by, overview, first),
        rights.early_signs(by, today, books), people.new_arrivals(some["arrived"], today),
        people.on_hold(some["held"], today), rights.to_be_verified(by, rights.actions_of(today, (DONE,))),
        people.stays_that_end(some["ending"], today),
        tasks_given(by, today),
    ])  # fmt: skip
    return {"needs": needs, "sites": overview.sites[:SITES], "site_count": len(overview.sites), "may_visit": True,
            "duties": True}  # fmt: skip


def safeguarding(by: Scope, now: datetime) -> Panels:
    """Cases, critical findings, unplanned ends and words that were handed over; beside it what each place of work owes."""
    today, books = timezone.localdate(now), rulebooks_of(by.pilot_ids)
    overview, first = rights.overview_of(by, today, books)
    some, _known = first_of(("early", "arrived", "held"), by=by, today=today, most=FEW)
    needs = Needs.of([
        rights.cases(by, today), rights.critical_findings(by, today), people.unplanned_ends(some["early"], today),
        people.handed_over(by, today), rights.early_signs(by, today, books), rights.checks(by, overview, first),
        rights.to_be_verified(by, rights.actions_of(today, (DONE,))), people.new_arrivals(some["arrived"], today),
        people.on_hold(some["held"], today),
        tasks_given(by, today),
    ])  # fmt: skip
    return {"needs": needs, "sites": overview.sites[:SITES], "site_count": len(overview.sites), "may_visit": True}


PAGES: Final[dict[str, tuple[str, Callable[[Scope, datetime], Panels]]]] = {
    "programme_officer": ("home/programme.html", programme),
    "programme_manager": ("home/programme.html", programme),
    "safeguarding_lead": ("home/welfare.html", safeguarding),
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
