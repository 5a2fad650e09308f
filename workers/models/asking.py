"""Requests of papers: one for each organisation that can bring them, with a line for each person and paper.

Whether a line is answered is not kept: it is as soon as what is missing is on record (``workers/asking/standing.py``).
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Cohort, Pilot
from workers.models.journey import Placement


class PaperRequest(models.Model):
    """One organisation is asked to bring papers for people of a cohort, so that they can depart on a day."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    cohort = WithinPilot(Cohort, models.PROTECT, related_name="paper_requests", verbose_name=_("cohort"))
    asked = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("who is asked"))
    departs_on = models.DateField(_("for a departure on"))
    due_on = models.DateField(_("due"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"), db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(_("asked"), db_default=Now())
    reminded_on = models.DateField(_("reminded"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True, db_index=False)

    row_policy = rows(
        programme="riu pilot", recruiter="r asked", employer="r asked", safeguarding="r pilot", welfare="r asked",
    )  # fmt: skip

    class Meta:
        verbose_name = _("request of papers")
        verbose_name_plural = _("requests of papers")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__lte=F("departs_on")),
                name="papers_due_before_departure",
                violation_error_message=_("Papers are due on the day of the departure at the latest."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="papers_withdrawn_by_somebody",
                violation_error_message=_("A request is withdrawn by somebody."),
            ),
        ]

    def __str__(self) -> str:
        return f"request of papers {self.pk}"


class PaperRequestLine(models.Model):
    """One paper of one person in a request. ``code`` is a matter of ``MISSING`` in ``workers/queries/departing.py``."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    paper_request = WithinPilot(PaperRequest, models.PROTECT, related_name="lines")
    placement = WithinPilot(Placement, models.PROTECT, related_name="asked_papers", verbose_name=_("placement"))
    asked = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(_("what is missing"), max_length=32)

    row_policy = rows(
        programme="ri pilot", recruiter="r asked", employer="r asked", safeguarding="r pilot", welfare="r asked",
        history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("line of a request of papers")
        verbose_name_plural = _("lines of requests of papers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper_request", "placement", "code"],
                name="paper_asked_once_in_a_request",
                violation_error_message=_("This is asked twice in one request."),
            )
        ]

    def __str__(self) -> str:
        return self.code
