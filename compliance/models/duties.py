"""What people record about duties: that a clock started, that a duty was done, and the reminders the portal wrote.

Who owes what by when is computed (``compliance/duties``) and never stored. A row names the clock by its ``duty``, the
number in the scheme's file, and what it is about: one worker, one job order or one site. ``recruiter`` and ``employer``
are filled only where the duty is theirs, so that nobody reads what another organisation owes.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import JobOrder, Pilot, Site
from workers.models import Placement
from workers.models.people import derived

ABOUT_ONE = (
    Q(placement__isnull=False, job_order__isnull=True, site__isnull=True)
    | Q(placement__isnull=True, job_order__isnull=False, site__isnull=True)
    | Q(placement__isnull=True, job_order__isnull=True, site__isnull=False)
)
ABOUT_MESSAGE = _("A duty is about one worker, one job order or one site.")
SAME = ["pilot", "duty", "placement", "job_order", "site", "started_on"]


class OfDuty(models.Model):
    """What every row about a duty carries."""

    pilot = derived(Pilot)
    duty = models.CharField(_("duty"), max_length=8, help_text=_("Its number in the scheme’s file."))
    placement = WithinPilot(Placement, models.PROTECT, null=True, blank=True, related_name="+")
    job_order = WithinPilot(JobOrder, models.PROTECT, null=True, blank=True, related_name="+")
    site = WithinPilot(Site, models.PROTECT, null=True, blank=True, related_name="+")
    recruiter = derived(Organisation, null=True, blank=True)
    employer = derived(Organisation, null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    class Meta:
        abstract = True


class RecordedOfDuty(OfDuty):
    """A row that a person wrote. A mistake is taken back by a row that supersedes it; nothing is overwritten."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    # Partners do not see each other's accounts; who recorded it is kept as the name the person had on that day.
    who = models.CharField(_("recorded by"), max_length=150)
    supersedes = WithinPilot(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", db_index=False
    )
    withdrawn = models.BooleanField(_("taken back"), default=False)

    class Meta:
        abstract = True


class DutyStart(RecordedOfDuty):
    """Something happened that starts a clock and that no other record holds: an incident, a request, a test result."""

    happened_on = models.DateField(_("happened on"))
    known_on = models.DateField(_("known on"))
    words = models.CharField(_("what happened"), max_length=500)

    row_policy = rows(
        programme="ri pilot", safeguarding="r pilot", recruiter="ri recruiter", employer="ri employer",
        welfare="ri pilot", compiler="r pilot", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("start of a clock")
        verbose_name_plural = _("starts of clocks")
        ordering = ["id"]
        indexes = [models.Index(fields=["pilot", "duty"], name="duty_start_of_pilot")]
        constraints = [
            models.CheckConstraint(
                condition=ABOUT_ONE, name="duty_start_about_one", violation_error_message=ABOUT_MESSAGE
            ),
            models.CheckConstraint(
                condition=Q(known_on__gte=F("happened_on")),
                name="duty_start_known_after",
                violation_error_message=_("A fact is known on the day it happens or later."),
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="duty_start_says_what",
                violation_error_message=_("Say in words what happened."),
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                name="duty_start_superseded_once",
                violation_error_message=_("This row was already taken back."),
            ),
        ]

    def __str__(self) -> str:
        return f"start of {self.duty}"


class DutyDischarge(RecordedOfDuty):
    """Proof that a duty was done: when, shown by what, recorded by whom. ``started_on`` says which of its clocks."""

    started_on = models.DateField(_("clock started on"))
    done_on = models.DateField(_("done on"))
    evidence = models.CharField(_("what shows it"), max_length=500)

    row_policy = rows(
        programme="ri pilot", safeguarding="r pilot", recruiter="ri recruiter", employer="ri employer",
        welfare="ri pilot", compiler="r pilot", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("proof of a duty")
        verbose_name_plural = _("proofs of duties")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=ABOUT_ONE, name="duty_discharge_about_one", violation_error_message=ABOUT_MESSAGE
            ),
            models.CheckConstraint(
                condition=~Q(evidence=""),
                name="duty_discharge_shown",
                violation_error_message=_("Say what shows that it was done."),
            ),
            models.UniqueConstraint(
                fields=SAME,
                condition=Q(supersedes__isnull=True),
                nulls_distinct=False,
                name="duty_discharged_once",
                violation_error_message=_("This duty is already recorded as done. Take that back first."),
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                name="duty_discharge_superseded_once",
                violation_error_message=_("This row was already taken back."),
            ),
        ]

    def __str__(self) -> str:
        return f"proof of {self.duty}"


class DutyReminder(OfDuty):
    """The portal reminded somebody of a duty, or took it one rung up because nobody acted. Written once for each rung."""

    started_on = models.DateField(_("clock started on"))
    due_on = models.DateField(_("due on"))
    rung = models.CharField(_("rung"), max_length=24)
    addressee = models.CharField(_("to"), max_length=24)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    reminded_on = models.DateField(_("on"))

    row_policy = rows(
        programme="ri pilot", safeguarding="r pilot", recruiter="r recruiter", employer="r employer", welfare="r pilot",
        compiler="r pilot", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("reminder of a duty")
        verbose_name_plural = _("reminders of duties")
        ordering = ["id"]
        indexes = [models.Index(fields=["pilot", "reminded_on"], name="duty_reminder_of_pilot")]
        constraints = [
            models.UniqueConstraint(
                fields=[*SAME, "due_on", "rung"],
                nulls_distinct=False,
                name="duty_reminded_once",
                violation_error_message=_("This reminder was already written."),
            ),
        ]

    def __str__(self) -> str:
        return f"reminder of {self.duty}"
