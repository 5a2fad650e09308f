"""What needs somebody about workers' rights: checks, critical findings, corrective actions, cases, early signs, duties."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db.models import BooleanField, Case, Count, Q, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Permission
from accounts.scope import Scope
from compliance import due
from compliance.duties.door import DUE, KEPT, OVERDUE, SOON, Owed, organisations
from compliance.duties.door import due as owed_duties
from compliance.duties.words import duty_words, owner_words
from compliance.grievances import readers
from compliance.grievances.targets import due as case_due
from compliance.models import CorrectiveAction, Finding, Grievance
from compliance.overview import Overview
from compliance.queries import page_of_findings
from compliance.remedies import actions
from compliance.signals import SHOWN as SIGNS_SHOWN
from compliance.signals import Signal, signals
from compliance.words import finding_words, stage_words
from lamp_portal.home.needs import FEW, Line, Need, can_act, joined
from pilots.rulebook import Rulebook

Books = Mapping[int, Rulebook]

MOST_CASES: Final = 200  # so many are looked through for the worst


def _late(n: int) -> str:
    return ngettext("%(n)d past its day", "%(n)d past their day", n) % {"n": n} if n else ""


def critical_findings(by: Scope, today: date) -> Need:
    """Critical findings that are open, the longest due first."""
    url = f"{reverse('compliance:findings')}?severity=critical"
    critical, late, major = Q(severity="critical"), Q(severity="critical", due_on__lt=today), Q(severity="major")
    grave = Finding.objects.filter(critical | major, state=Finding.State.OPEN).annotate(
        **{
            name: Window(Count("pk", filter=which))
            for name, which in (("n", critical), ("late", late), ("also", major))
        }
    )
    found: list[Any] = page_of_findings(grave, limit=FEW)[:FEW]  # the gravest come first
    counts = (found[0].n, found[0].late, found[0].also) if found else (0, 0, 0)
    also = ngettext("%(n)d major one is open too", "%(n)d major ones are open too", counts[2]) % {"n": counts[2]}
    return Need(
        "findings", _("Critical findings"), "octagon-alert", counts[0], url,
        _("A critical finding stands here from the hour a check or a rule finds it until it is remedied or let stand by name."),
        note=joined(_late(counts[1]), also if counts[2] else ""), tone="critical",
        lines=[_finding(f) for f in found if f.severity == "critical"],
    )  # fmt: skip


def _finding(found: Finding) -> Line:
    url = reverse("compliance:finding", args=[found.pk])
    if found.placement is None:
        return Line(found.site.name if found.site else found.code, url, note=finding_words(found), due=found.due_on)
    if found.restricted:
        # This page is opened at the place of work, under the eyes of whom it may be about: who told stands one page further.
        return Line(finding_words(found), url, due=found.due_on)
    person = found.placement.person
    return Line(person.name, url, code=person.worker_code, note=finding_words(found), due=found.due_on)


def checks(by: Scope, overview: Overview, rows: list[due.DueCheck]) -> Need:
    """Checks past their day, the oldest first (``rows``); for who records them each leads to its form."""
    to = "compliance:check_new" if by.allows(Permission.CHECK_RECORD) else "compliance:placement_panel"
    lines = [
        Line(row.name, reverse(to, args=[row.placement_id]), code=row.worker_code,
             note=joined(stage_words(row.stage), row.site or row.employer), due=row.due_on)
        for row in rows
    ]  # fmt: skip
    soon = ngettext("%(n)d due within a week", "%(n)d due within a week", overview.due) % {"n": overview.due}
    late = ngettext("%(n)d overdue", "%(n)d overdue", overview.overdue) % {"n": overview.overdue}
    return Need(
        "checks", _("Checks to make"), "clipboard-check", overview.overdue + overview.due, reverse("compliance:checks"),
        _("Who is due a visit or a call stands here seven days before. The scheme says how often."),
        note=joined(late if overview.overdue else "", soon if overview.due else ""),
        tone="critical" if overview.overdue else "info", lines=lines,
    )  # fmt: skip


def overview_of(by: Scope, today: date, books: Books) -> tuple[Overview, list[due.DueCheck]]:
    """What each place of work owes in checks, and the first of them: one statement."""
    counts, first = due.tally_and_first(by, on=today, limit=FEW, books=books)
    return Overview(counts), first


def actions_of(today: date, states: tuple[str, ...] = (*actions.OPEN, actions.DONE)) -> list[Any]:
    """The first corrective actions to be done and the first to verify, each with ``n`` and ``late`` of its sort, in one
    statement. ``is_done`` tells the sorts apart."""
    sort: dict[str, Any] = {"partition_by": "is_done"}
    rows = actions.standing(CorrectiveAction.objects.all(), states).annotate(
        is_done=Case(When(state=actions.DONE, then=True), default=False, output_field=BooleanField()),
    )
    counted = rows.annotate(
        n=Window(Count("pk"), **sort), late=Window(Count("pk", filter=Q(due_on__lt=today)), **sort),
        place=Window(RowNumber(), order_by=["due_on", "pk"], **sort),
    )  # fmt: skip
    first = counted.filter(place__lte=FEW).select_related("owner", "placement__person")
    return sorted(first, key=lambda action: (action.is_done, action.place))


def to_be_done(by: Scope, found: list[Any]) -> Need:
    """Corrective actions to be done: one's own, or those of all for who follows them. ``found``: ``actions_of``."""
    return _actions(
        [a for a in found if not a.is_done], by, code="actions", label=_("Corrective actions"), icon="wrench",
        url=reverse("compliance:actions"),
        teaches=_("What your organisation is to put right stands here with its day, and what the programme asks for."),
    )  # fmt: skip


def to_be_verified(by: Scope, found: list[Any]) -> Need:
    """Corrective actions that were reported done and wait for somebody else to verify them. ``found``: ``actions_of``."""
    return _actions(
        [a for a in found if a.is_done], by, code="verify", label=_("Reported done, to verify"), icon="search-check",
        url=f"{reverse('compliance:actions')}?state=reported",
        teaches=_("What an owner reports done stands here until somebody else has looked and verified it."),
    )  # fmt: skip


def _actions(first: list[Any], by: Scope, *, code: str, label: str, icon: str, url: str, teaches: str) -> Need:
    count, late = (first[0].n, first[0].late) if first else (0, 0)
    follows = by.allows(Permission.FINDING_VIEW)
    lines = [
        Line(
            _("Told in confidence") if a.restricted else a.words[:120], reverse("compliance:action", args=[a.pk]),
            due=a.due_on, code=a.placement.person.worker_code if a.placement and not a.restricted else "",
            note=can_act(a.owner.name) if follows and code == "actions" else a.owner.name if follows else "",
        )
        for a in first
    ]  # fmt: skip
    return Need(
        code, label, icon, count, url, teaches, note=_late(late), lines=lines, tone="warning" if late else "info",
    )  # fmt: skip


def cases(by: Scope, today: date) -> Need | None:
    """Open cases that name the reader: urgent and late first, by code alone. What they are about stands with them."""
    if not by.allows(Permission.CASE_HANDLE):
        return None
    rows = readers.visible(by).exclude(stage=Grievance.Stage.CLOSED).select_related("pilot__corridor").defer("account")
    found = list(rows.order_by("-urgent", "opened_on")[:MOST_CASES])
    count = rows.count() if len(found) == MOST_CASES else len(found)
    known = [(case, next(iter(case_due(case, on=today)), None)) for case in found]
    known.sort(key=lambda pair: (not pair[0].urgent, pair[1].by if pair[1] else date.max))
    late = sum(1 for _case, next_due in known if next_due and next_due.late)
    urgent = sum(1 for case, _due in known if case.urgent)
    lines = [
        Line(
            case.code, reverse("compliance:case", args=[case.code]), due=first.by if first else None,
            note=joined(_("urgent") if case.urgent else "", _("restricted") if case.restricted else "",
                        first.words if first else case.get_stage_display(), _open_for(case, today)),
        )
        for case, first in known[:FEW]
    ]  # fmt: skip
    words = ngettext("%(n)d urgent", "%(n)d urgent", urgent) % {"n": urgent} if urgent else ""
    return Need(
        "cases", _("Open cases"), "lock", count, reverse("compliance:cases"),
        _("A case that names you as its reader stands here until it is closed. Nobody else learns that it exists."),
        note=joined(words, _late(late)), tone="critical" if urgent or late else "info", lines=lines,
    )  # fmt: skip


def _open_for(case: Grievance, today: date) -> str:
    n = (today - (case.reopened_on or case.opened_on)).days
    return ngettext("open for %(n)d day", "open for %(n)d days", n) % {"n": n}


def early_signs(by: Scope, today: date, books: Books) -> Need:
    """Falling pay, hours at risk, silence, clusters: for a person to look at on the same day."""
    found = signals(by, on=today, books=books)
    order = ("indicators", "pay", "hours", "silence", "leaving", "same answer", "rule")
    found.sort(key=lambda sign: order.index(sign.kind) if sign.kind in order else len(order))
    return Need(
        "signs", _("Early signs"), "radar", len(found), f"{reverse('compliance:checks')}#signs",
        _("Falling pay or hours, silence, several people of one site with the same answer: such signs stand here. None is a verdict."),
        note=_("the gravest; more may follow") if len(found) == SIGNS_SHOWN else _("pay, hours, silence, clusters"),
        tone="warning", lines=[_sign(sign) for sign in found[:FEW]],
    )  # fmt: skip


def _sign(sign: Signal) -> Line:
    if sign.placement_id:
        url = reverse("workers:placement", args=[sign.placement_id])
        return Line(sign.name, url, code=sign.worker_code, note=joined(sign.words, sign.site))
    url = (
        f"{reverse('compliance:checks')}?site={sign.site_id}#workers" if sign.site_id else reverse("compliance:checks")
    )
    return Line(sign.site or _("No place of work yet"), url, note=sign.words)


def duties(by: Scope, today: date) -> Need:
    """What is owed now: overdue, due today, due within days; the most overdue first."""
    found = owed_duties(by, on=today, since=today - KEPT)
    urgent = [owed for owed in found if owed.state in (OVERDUE, DUE, SOON) and not owed.right]
    counts = Counter(owed.state for owed in urgent)
    first = urgent[:FEW]
    names = {pk: o.name for pk, o in organisations(first).items()} if first else {}
    late = ngettext("%(n)d overdue", "%(n)d overdue", counts[OVERDUE]) % {"n": counts[OVERDUE]}
    soon = counts[DUE] + counts[SOON]
    return Need(
        "duties", _("Duties"), "alarm-clock", len(urgent), reverse("compliance:duties"),
        _("Who owes what by when stands here once a fact has started the clock: a report, a meeting, a payment."),
        note=joined(late if counts[OVERDUE] else "", ngettext("%(n)d due soon", "%(n)d due soon", soon) % {"n": soon} if soon else ""),
        tone="critical" if counts[OVERDUE] else "info", lines=[_duty(owed, names) for owed in first],
    )  # fmt: skip


def _duty(owed: Owed, names: dict[int, str]) -> Line:
    who = next((names[pk] for pk in owed.organisation_ids if pk in names), owner_words(owed))
    return Line(
        duty_words(owed), f"{reverse('compliance:duties')}?state={owed.state.replace(' ', '+')}", code=owed.worker,
        note=joined(who, "" if owed.worker else owed.name), due=owed.due,
    )  # fmt: skip
