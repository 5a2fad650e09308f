"""The one timeline of a placement: moves, holds, papers, consents, training and pay in the order of their days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from workers.journey.steps import OFF_PATH, STEP
from workers.journey.wording import move_words, reason_words, step_words
from workers.queries.placement import Facts

KINDS = ("move", "hold", "paper", "consent", "training", "pay")
ICONS = {"move": "arrow-right", "hold": "hand", "paper": "file-text", "consent": "signature",
         "training": "graduation-cap", "pay": "banknote"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: its day, the day it was recorded, who says so, and what there is to add."""

    kind: str
    when: date
    title: str
    recorded: datetime | None = None
    who: str = ""
    text: str = ""
    tone: str = "neutral"
    currency: str = ""
    amount: object = None

    @property
    def icon(self) -> str:
        """The icon of its kind."""
        return ICONS[self.kind]


def timeline(facts: Facts) -> list[Entry]:
    """Newest first; on one day, what was recorded last stands first."""
    entries = [
        *_moves(facts), *_holds(facts), *_papers(facts), *_consents(facts), *_trainings(facts), *_pay(facts)
    ]  # fmt: skip
    floor = datetime.min.replace(tzinfo=timezone.get_current_timezone())
    return sorted(entries, key=lambda e: (e.when, e.recorded or floor), reverse=True)


def written(day: date) -> str:
    """A day inside a sentence."""
    return date_format(day, "j M Y")


def _who(user, organisation) -> str:
    """The person where the reader may know the name, and the organisation."""
    return ", ".join(str(name) for name in (user and user.name, organisation and organisation.name) if name)


def _moves(facts: Facts) -> Iterator[Entry]:
    scheme = facts.placement.pilot.scheme
    for event in facts.events:
        step = STEP.get(event.to_step)
        early = step is not None and step.early_end
        tone = "warning" if early else "info"
        if step is not None and step.phase == OFF_PATH and not early:
            tone = "neutral"
        words = [reason_words(event.reason), event.note]
        if event.known_on != event.happened_on:
            words.append(_("Known on %(day)s.") % {"day": written(event.known_on)})
        title = step_words(event.to_step, scheme) if event.from_step else move_words(event.move)
        yield Entry("move", event.happened_on, title, event.recorded_at, _who(event.user, event.organisation),
                    " · ".join(w for w in words if w), tone)  # fmt: skip


def _holds(facts: Facts) -> Iterator[Entry]:
    for hold in facts.holds:
        placed = timezone.localdate(hold.placed_at)
        can_act = _("%(name)s can act.") % {"name": hold.owner.name} if hold.owner else ""
        yield Entry("hold", placed, _("Hold placed: %(why)s") % {"why": hold.words}, hold.placed_at, "", can_act,
                    "warning" if hold.lifted_at is None else "neutral")  # fmt: skip
        if hold.lifted_at is not None:
            yield Entry("hold", timezone.localdate(hold.lifted_at), _("Hold lifted"), hold.lifted_at,
                        hold.lifted_by.name if hold.lifted_by else "", hold.lifted_reason, "good")  # fmt: skip


def _papers(facts: Facts) -> Iterator[Entry]:
    for paper in facts.documents or ():
        kind = paper.get_kind_display()
        words = _("%(paper)s issued") if paper.issued_on else _("%(paper)s recorded")
        when = paper.issued_on or timezone.localdate(paper.recorded_at)
        yield Entry("paper", when, words % {"paper": kind}, paper.recorded_at)
        if paper.replaced_at is not None:
            title = _("%(paper)s replaced by a new one") % {"paper": kind}
            yield Entry("paper", timezone.localdate(paper.replaced_at), title, paper.replaced_at)


def _consents(facts: Facts) -> Iterator[Entry]:
    for consent in facts.consents or ():
        purpose = consent.get_purpose_display()
        title = _("Consent given: %(purpose)s") % {"purpose": purpose}
        yield Entry("consent", consent.given_on, title, consent.recorded_at, tone="good")
        if consent.withdrawn_on is not None:
            title = _("Consent withdrawn: %(purpose)s") % {"purpose": purpose}
            yield Entry("consent", consent.withdrawn_on, title, tone="warning")


def _trainings(facts: Facts) -> Iterator[Entry]:
    for course in facts.trainings or ():
        words = _("%(course)s: passed") if course.passed else _("%(course)s: not passed")
        title = words % {"course": course.course}
        tone = "good" if course.passed else "warning"
        yield Entry("training", course.held_on, title, course.recorded_at, tone=tone)


def _pay(facts: Facts) -> Iterator[Entry]:
    for record in facts.pay or ():
        title = _("Pay for the period to %(day)s") % {"day": written(record.period_end)}
        yield Entry("pay", record.paid_on or record.period_end, title, record.recorded_at,
                    currency=record.currency, amount=record.net)  # fmt: skip
