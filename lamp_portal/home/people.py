"""What needs somebody about workers: blocked, held, papers and stays that end, arrivals, candidates nobody has heard of."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Count, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Permission
from accounts.scope import Scope
from lamp_portal.home.needs import FEW, Line, Need, about, can_act, joined
from workers.journey.wording import PAPERS, lacking_owner, lacking_words, step_words
from workers.likeness.queries import queue
from workers.models import IdentityDocument, LikePair, Placement, WithheldText
from workers.queries import today as asked
from workers.queries.first import First
from workers.queries.waiting import END_DAYS, QUIET_DAYS

SOON: Final = 14  # days from which on an end is pressing
Some = tuple[list[First], int]
"""The first of a matter, and how many there are (``workers/queries/first.py``)."""


def _list(code: str) -> str:
    return f"{reverse('workers:list')}?waits={code}"


def _listed(
    code: str, label: str, icon: str, found: Some, teaches: str, line: Callable[[First], Line], **more: Any
) -> Need:
    """One of ``WAITS``: its first placements, how many there are, and its whole list behind the count."""
    rows, count = found
    return Need(code, label, icon, count, _list(code), teaches, lines=[line(row) for row in rows], **more)


def days_away(day: date, today: date) -> str:
    """A day as seen from today, in words."""
    n = (day - today).days
    if n == 0:
        return _("today")
    if n > 0:
        return ngettext("in %(n)d day", "in %(n)d days", n) % {"n": n}
    return ngettext("%(n)d day ago", "%(n)d days ago", -n) % {"n": -n}


def blocked(missing: Mapping[int, Iterable[str]], first: list[Placement], today: date) -> Need:
    """Chosen people who cannot depart: what each lacks, who can bring it, and the departure; ``first`` of them."""
    lines = [about(p, note=_lacks(missing[p.pk]), due=p.cohort.departs_on) for p in first]
    late = bool(first) and (first[0].cohort.departs_on - today).days <= SOON
    return Need(
        "blocked", _("Cannot depart yet"), "plane", len(missing), _list("blocked"),
        _("When somebody who is chosen lacks a passport, a consent or a visa, it stands here with who can bring it."),
        note=_departs(first, today), tone="critical" if late else "warning", lines=lines,
    )  # fmt: skip


def _departs(first: list[Placement], today: date) -> str:
    if not first:
        return ""
    cohort = first[0].cohort
    return _("%(cohort)s departs %(when)s") % {"cohort": cohort.name, "when": days_away(cohort.departs_on, today)}


def _lacks(guards: Iterable[str]) -> str:
    """What is missing, and who can act on the first of it."""
    given = list(guards)
    shown = ", ".join(lacking_words(g) for g in given[:2])
    if len(given) > 2:
        shown = _("%(some)s and %(n)d more") % {"some": shown, "n": len(given) - 2}
    return joined(shown, can_act(lacking_owner(given[0])))


def on_hold(some: Some, today: date) -> Need:
    """Placements on which a hold stands, with the reason, who can act and since when."""
    since = next((one.day for one in some[0]), None)
    return _listed(
        "held", _("Held"), "hand", some,
        _("A hold stops the next decision on a placement until somebody who can act has acted; going home is never stopped."),
        lambda one: about(one.placement, note=joined(_(one.words) if one.words else "", can_act(one.owner)), due=one.until),
        note=_("the oldest: %(when)s") % {"when": days_away(since, today)} if since else "", tone="warning",
    )  # fmt: skip


def _step(one: First) -> str:
    return step_words(one.placement.state.step, one.placement.pilot.scheme)


def _site(one: First) -> str:
    return one.placement.site.name if one.placement.site else ""


def _from(one: First, today: date) -> str:
    """The day of the matter as seen from today; each of those that ask has one."""
    return days_away(one.day or today, today)


def _ago(day: date, today: date) -> str:
    n = (today - day).days
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n} if n else _("today")


def papers_that_end(some: Some, today: date) -> Need:
    """People whose paper ends within 60 days, or has ended."""
    kinds = dict(IdentityDocument.Kind.choices)
    pressing = any(one.day and (one.day - today).days <= SOON for one in some[0][:1])
    return _listed(
        "papers", _("Papers that end"), "file-clock", some,
        _("A passport, visa or certificate stands here from 60 days before it ends, so that a new one is there in time."),
        lambda one: about(one.placement, note=str(kinds.get(one.words, one.words)), due=one.day),
        note=_("within 60 days"), tone="warning" if pressing else "info",
    )  # fmt: skip


def stays_that_end(some: Some, today: date) -> Need:
    """Workers abroad whose stay ends within 60 days, or is over."""
    over = any(one.day and one.day < today for one in some[0][:1])
    return _listed(
        "ending", _("Stays that end"), "calendar-clock", some,
        _("Sixty days before a planned stay ends, flights home, last pay and refunds are prepared from here."),
        lambda one: about(one.placement, note=_step(one), due=one.day),
        note=ngettext("within %(n)d day", "within %(n)d days", END_DAYS) % {"n": END_DAYS},
        tone="warning" if over else "info",
    )  # fmt: skip


def new_arrivals(some: Some, today: date) -> Need:
    """Who arrived in the last two weeks."""
    return _listed(
        "arrived", _("New arrivals"), "plane-landing", some,
        _("Whoever arrives stands here for 14 days. The checks on arrival are due in a worker’s first two weeks."),
        lambda one: about(one.placement, note=_site(one), side=_("arrived %(when)s") % {"when": _from(one, today)}),
        note=_("in their first 14 days"), tone="info",
    )  # fmt: skip


def expected(some: Some, today: date) -> Need:
    """Who arrives at the employer, and when."""
    return _listed(
        "coming", _("Who arrives when"), "plane-landing", some,
        _("People selected for your job orders stand here from selection until they arrive, with the day they start."),
        lambda one: about(one.placement, note=joined(_site(one), _step(one)),
                          side=_("starts %(when)s") % {"when": _from(one, today)}),
        note=_("by planned start"), tone="info",
    )  # fmt: skip


def no_news(some: Some, today: date) -> Need:
    """Candidates of whom nothing was recorded for 90 days."""
    return _listed(
        "quiet", _("No contact for 90 days"), "phone-missed", some,
        _("A candidate of whom nothing was recorded for 90 days stands here: no move, no paper, no consent, no course."),
        lambda one: about(one.placement, note=joined(_step(one), one.placement.cohort.name), side=_ago(one.day or today, today)),
        note=ngettext("nothing recorded for %(n)d day", "nothing recorded for %(n)d days", QUIET_DAYS) % {"n": QUIET_DAYS},
        tone="warning",
    )  # fmt: skip


def papers_missing(readiness: asked.Readiness) -> Need:
    """A recruiter's candidates who lack a paper, the nearest departure first."""
    lines = [
        about(p, note=joined(", ".join(lacking_words(g) for g in no if g in PAPERS), p.cohort.name), due=p.cohort.departs_on)
        for p, no in readiness.rows[:FEW]
    ]  # fmt: skip
    return Need(
        "missing", _("Papers to bring"), "file-question-mark", readiness.paper, _list("paperless"),
        _("Candidates without a passport, consent or date of birth stand here, the nearest departure first."),
        note=_("passport, consent or date of birth"), tone="warning", lines=lines,
    )  # fmt: skip


def alike(by: Scope, today: date) -> Need | None:
    """Pairs of records that may be one person; only for whoever decides."""
    if not by.allows(Permission.PERSON_MERGE):
        return None
    rows = list(queue(LikePair.State.OPEN, today).annotate(in_all=Window(Count("pk")))[:FEW])
    count = rows[0].in_all if rows else 0
    lines = [
        Line(f"{pair.first.name} · {pair.second.name}", reverse("workers:pair", args=[pair.pk]),
             code=f"{pair.first.worker_code} · {pair.second.worker_code}", note=pair.pilot.name)
        for pair in rows
    ]  # fmt: skip
    return Need(
        "alike", _("The same person?"), "users", count, reverse("workers:alike"),
        _("Two records that may be one person stand here until you decide. Nothing is merged by itself."),
        note=_("to decide"), tone="info", lines=lines,
    )  # fmt: skip


def handed_over(by: Scope, today: date) -> Need:
    """Words about health or abuse that were handed over from a spreadsheet: that there are some, never what they say."""
    unread = WithheldText.objects.filter(readings=None)
    rows = list(unread.select_related("pilot").order_by("-id").annotate(in_all=Window(Count("pk")))[:FEW])
    count = rows[0].in_all if rows else 0
    url = reverse("workers:import_withheld")
    lines = [
        Line(t.pilot.name, url, code=t.worker_code, side=days_away(timezone.localdate(t.handed_at), today))
        for t in rows
    ]
    return Need(
        "withheld", _("Comments handed over to you"), "lock", count, url,
        _("Words about health or abuse that somebody met in a spreadsheet stand here until they are read. Every look is recorded."),
        note=_("to be read on their own page"), tone="warning", lines=lines,
    )  # fmt: skip


def unplanned_ends(some: Some, today: date) -> Need:
    """Who left before the planned end in the last 30 days."""

    def line(one: First) -> Line:
        employer = one.placement.employer.name if one.placement.employer else ""
        return about(one.placement, note=joined(step_words(one.placement.state.step), employer), side=_from(one, today))

    return _listed(
        "early", _("Unplanned ends"), "route-off", some,
        _("After an unplanned end, somebody who is not the employer speaks with the worker. Those of the last 30 days stand here."),
        line, note=_("in the last 30 days"), tone="critical",
    )  # fmt: skip
