"""What happened, in the order of the days, under the phases of the journey."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.models import ContactAttempt
from compliance.story.reading import Told
from compliance.words import finding_words, stage_words
from workers.facts.terms import insurance_words
from workers.journey.steps import RECRUITMENT, STEP, UNTOLD
from workers.journey.wording import move_words, phase_words, reason_words, step_words
from workers.models import CostItem, IdentityDocument, Insurance, Travel


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. ``late``: it became known on a later day."""

    on: date
    title: str
    text: str = ""
    tone: str = "neutral"
    late: date | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Chapter:
    """One phase of the journey with what happened in it, oldest first."""

    phase: str
    title: str
    entries: list[Entry]


def chapters(told: Told) -> list[Chapter]:
    """The phases in the order they were lived; a phase that comes again, as after a return to work, is told again."""
    turns = [(e.happened_on, STEP[e.to_step].phase) for e in sorted(told.events, key=lambda e: (e.happened_on, e.pk))
             if e.to_step in STEP]  # fmt: skip
    found: list[Chapter] = []
    for entry in sorted(_entries(told), key=lambda e: (e.on, e.title if e.tone == "critical" else "")):
        phase = next((phase for on, phase in reversed(turns) if on <= entry.on), turns[0][1] if turns else RECRUITMENT)
        if not found or found[-1].phase != phase:
            found.append(Chapter(phase, phase_words(phase), []))
        before = found[-1].entries[-1] if found[-1].entries else None
        if before and (before.on, before.title, before.text) == (entry.on, entry.title, entry.text):
            found[-1].entries[-1] = replace(before, times=before.times + 1)  # thirteen payslips of one rule
        else:
            found[-1].entries.append(entry)
    return found


def _entries(told: Told) -> Iterator[Entry]:
    yield from _moves(told)
    yield from _holds(told)
    yield from _papers(told)
    yield from _ways(told)
    yield from _contacts(told)
    for finding in told.findings:
        yield Entry(finding.opened_on, _("Finding: %(what)s") % {"what": finding_words(finding)}, tone="critical")
        if finding.closed_on and finding.state == "resolved":
            yield Entry(finding.closed_on, _("Put right: %(what)s") % {"what": finding_words(finding)}, tone="good")


def _moves(told: Told) -> Iterator[Entry]:
    scheme = told.placement.pilot.scheme
    for event in told.events:
        step = STEP.get(event.to_step)
        words = [reason_words(event.reason), event.note, event.organisation.name if event.organisation else ""]
        late = event.known_on if event.known_on != event.happened_on else None
        tone = "warning" if step is not None and step.early_end else "info"
        title = step_words(event.to_step, scheme) if event.from_step else move_words(event.move)
        if event.to_step == "closed" and event.from_step in UNTOLD:
            words.insert(0, _("Whereabouts not known"))
        yield Entry(event.happened_on, title, " · ".join(w for w in words if w), tone, late)


def _holds(told: Told) -> Iterator[Entry]:
    for hold in told.holds:
        yield Entry(timezone.localdate(hold.placed_at), _("On hold: %(why)s") % {"why": _(hold.words)}, tone="warning")
        if hold.lifted_at:
            yield Entry(timezone.localdate(hold.lifted_at), _("Hold lifted"), hold.lifted_reason, "good")


def _papers(told: Told) -> Iterator[Entry]:
    names = dict(IdentityDocument.Kind.choices)
    for paper in told.of("paper"):
        if paper.on:
            yield Entry(paper.on, _("%(paper)s issued") % {"paper": names.get(paper.what, paper.what)})
    for contract in told.contracts:
        if contract.signed_on:
            yield Entry(contract.signed_on, _("Contract: %(version)s") % {"version": contract.get_kind_display()})
    for course in told.of("training"):
        if course.on:
            words = _("%(course)s: passed") if course.flag else _("%(course)s: not passed")
            yield Entry(course.on, words % {"course": course.what}, tone="good" if course.flag else "warning")
    claims = dict(Insurance.Claim.choices)
    for cover in told.of("insurance"):
        if cover.on:
            note = str(claims.get(cover.more, "")) if cover.more != Insurance.Claim.NONE else ""
            yield Entry(cover.on, _("Insured: %(kind)s") % {"kind": insurance_words(cover.what)}, note)


def _ways(told: Told) -> Iterator[Entry]:
    names = dict(Travel.Direction.choices)
    for travel in told.of("travel"):
        if travel.on:
            met = _("Met by %(who)s") % {"who": travel.more} if travel.more else ""
            yield Entry(travel.on, _("Travel: %(where)s") % {"where": names.get(travel.what, travel.what)}, met, "info")
    for stay in told.stays:
        where = {"place": stay.room.address or stay.room.site.name, "room": stay.room.name}
        yield Entry(stay.starts_on, _("Moved in: %(place)s, room %(room)s") % where)
        if stay.ends_on:
            yield Entry(stay.ends_on, _("Moved out: %(place)s, room %(room)s") % where)
    for debt in told.debts:
        yield Entry(
            debt.taken_on, _("%(kind)s taken") % {"kind": debt.get_kind_display()}, str(debt.get_lender_display())
        )
    for cost in told.costs:
        if cost.paid_by == CostItem.Payer.WORKER:
            yield Entry(cost.paid_on, _("The worker paid: %(item)s") % {"item": cost.get_item_display()}, cost.paid_to)


def _contacts(told: Told) -> Iterator[Entry]:
    for check in told.checks:
        how = check.get_mode_display()
        words = f"{how}, {_('worker alone')}" if check.private else str(how)
        yield Entry(check.done_on, _("Check: %(stage)s") % {"stage": stage_words(check.stage)},
                    f"{words} · {check.organisation.name}", "info")  # fmt: skip
    reasons = dict(ContactAttempt.Reason.choices)
    for attempt in told.of("attempt"):
        if attempt.on:
            yield Entry(attempt.on, _("Not reached"), str(reasons.get(attempt.what, attempt.what)), "warning")
