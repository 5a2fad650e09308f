"""What somebody asked of the reader: papers that the organisation is to bring, and moves that are said to be mistakes."""

from datetime import date
from typing import Final

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Permission
from accounts.scope import Scope
from lamp_portal.home.needs import FEW, Line, Need
from workers.asking.standing import ASKED, OVERDUE, standing
from workers.journey.wording import step_words
from workers.models import MoveCorrection, PaperRequest

LOOKED_AT: Final = 50  # requests of papers, the nearest day first


def papers_asked(by: Scope, today: date) -> Need:
    """Papers that the reader's organisation is asked to bring and that are not there, the nearest day first."""
    rows = PaperRequest.objects.filter(asked=by.organisation_id, withdrawn_at__isnull=True).select_related("cohort")
    found = standing(rows.order_by("due_on", "pk")[:LOOKED_AT], by=by, today=today)
    waiting = [one for one in found if one.state in (ASKED, OVERDUE)]
    lines = [
        Line(one.asked.cohort.name, reverse("workers:paper_request", args=[one.asked.pk]), due=one.asked.due_on,
             note=ngettext("%(n)d paper is missing", "%(n)d papers are missing", one.open) % {"n": one.open})
        for one in waiting[:FEW]
    ]  # fmt: skip
    return Need(
        "asked", _("Papers asked of you"), "file-question-mark", len(waiting), reverse("workers:paper_requests"),
        _("When somebody asks your organisation for papers of people who are to depart, the request stands here until they are recorded."),
        tone="critical" if any(one.state == OVERDUE for one in waiting) else "warning", lines=lines,
    )  # fmt: skip


def corrections(by: Scope, today: date) -> Need | None:
    """Moves that are said to be mistakes and wait for the reader's decision; None for who does not decide."""
    if not by.allows(Permission.MOVE_CORRECT):
        return None
    rows = MoveCorrection.objects.filter(decision="").exclude(asked_by=by.user_id)
    rows = rows.annotate(waiting=Window(Count("*")))
    first = list(rows.select_related("placement__person", "placement__pilot").order_by("pk")[:FEW])
    lines = [
        Line(one.placement.person.name, reverse("workers:move_correction", args=[one.pk]),
             code=one.placement.person.worker_code, note=step_words(one.to_step, one.placement.pilot.scheme))
        for one in first
    ]  # fmt: skip
    return Need(
        "corrections", _("Said to be recorded by mistake"), "rotate-ccw", first[0].waiting if first else 0, reverse("workers:move_corrections"),
        _("When somebody says that a move was recorded by mistake, and its time to be taken back is over, you decide here."),
        tone="warning", lines=lines,
    )  # fmt: skip
