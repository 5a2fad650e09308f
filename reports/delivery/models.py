"""What delivery keeps: schedules and what they asked for, links and notices, acknowledgements and comments.

An edition itself is never touched by any of it.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Grant, Pilot
from reports.of_edition import OfEdition


class Schedule(models.Model):
    """A report that a reader gets again and again: of which kind, for which periods, from when.

    It is compiled in the name of one person of the programme (``user``), with that person's rights at the time.
    """

    class Period(models.TextChoices):
        """What one edition covers."""

        MONTH = "month", _("Every month")
        QUARTER = "quarter", _("Every quarter of a year")
        SEASON = "season", _("Every season")
        GRANT = "grant", _("Once, the period of a grant")

    class State(models.TextChoices):
        """Whether editions come."""

        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        ENDED = "ended", _("Ended")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", verbose_name=_("pilot"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("reader"))
    kind = models.CharField(_("report"), max_length=24)
    period = models.CharField(_("period"), max_length=8, choices=Period)
    grant = WithinPilot(Grant, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("grant"))
    time_zone = models.CharField(_("the reader’s time zone"), max_length=64)
    days_after = models.PositiveSmallIntegerField(_("days after the end of the period"), default=1)
    counts_from = models.DateField(_("periods that end on or after"))
    waits_for_signature = models.BooleanField(_("wait for the safeguarding lead"), default=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ACTIVE)
    programme = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)
    person_name = models.CharField(_("in the name of"), max_length=150)
    made_at = models.DateTimeField(_("made"), db_default=Now())

    row_policy = rows(
        programme="riu pilot", safeguarding="r pilot", employer="r own report", reader="r own report",
        welfare="r own report", recruiter="r own report",
    )  # fmt: skip

    class Meta:
        verbose_name = _("schedule of reports")
        verbose_name_plural = _("schedules of reports")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "organisation", "kind", "period", "grant"], name="schedule_once",
                condition=~Q(state="ended"), nulls_distinct=False,
                violation_error_message=_("This reader has a schedule for this report and period already."),
            ),
            models.CheckConstraint(
                condition=Q(period="grant", grant__isnull=False) | (~Q(period="grant") & Q(grant__isnull=True)),
                name="schedule_of_a_grant_names_it",
                violation_error_message=_("A schedule for the period of a grant names the grant; no other does."),
            ),
            models.CheckConstraint(
                condition=Q(days_after__gte=1, days_after__lte=90), name="schedule_due_in_time",
                violation_error_message=_("A report is due 1 to 90 days after its period."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.period} {self.pk}"


class ScheduledRun(models.Model):
    """The job that a schedule asked for one period. What came of it stands in the job. Append-only."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    schedule = WithinPilot(Schedule, models.PROTECT, related_name="runs")
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    due_at = models.DateTimeField(_("due"))
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    job_id = models.BigIntegerField(unique=True)

    row_policy = rows(
        programme="ri pilot", safeguarding="r pilot", employer="r own report", reader="r own report",
        welfare="r own report", recruiter="r own report", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("report asked for by a schedule")
        verbose_name_plural = _("reports asked for by schedules")
        ordering = ["-period_to", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "period_from", "period_to"], name="schedule_asks_once",
                violation_error_message=_("This period was asked for already."),
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="scheduled_period_in_order",
                violation_error_message=_("A period ends on or after its start."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.period_from}"


class EditionLink(OfEdition):
    """A way to one edition for one person of its reader. The token is stored hashed; whoever is not that person, acting
    for that organisation, finds nothing behind it."""

    edition = WithinPilot("reports.Edition", models.PROTECT, related_name="links")
    person_name = models.CharField(_("for"), max_length=150)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("sent"), db_default=Now())
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    row_policy = rows(
        programme="riu pilot", safeguarding="r pilot", employer="r mine in report", reader="r mine in report",
        welfare="r mine in report", recruiter="r mine in report", history="restricted",
    )  # fmt: skip

    class Meta:
        verbose_name = _("link to an edition")
        verbose_name_plural = _("links to editions")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="edition_link_expires",
                violation_error_message=_("A link ends after it was made."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"link {self.pk}"


class EditionNotice(OfEdition):
    """One person is told once that an edition is there. Written first, sent after: what was not sent is tried again."""

    edition = WithinPilot("reports.Edition", models.PROTECT, related_name="notices")
    person_name = models.CharField(_("told"), max_length=150)
    written_at = models.DateTimeField(_("written"), db_default=Now())
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    row_policy = rows(programme="riu pilot", safeguarding="r pilot", history="none")

    class Meta:
        verbose_name = _("notice of an edition")
        verbose_name_plural = _("notices of editions")
        ordering = ["-id"]
        indexes = [models.Index(fields=["written_at"], name="notice_to_send", condition=Q(sent_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "user"], name="edition_notice_once",
                violation_error_message=_("This person was told already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Acknowledgement(OfEdition):
    """One person of the reader says that they have read an edition. Once, and not taken back. Append-only."""

    edition = WithinPilot("reports.Edition", models.PROTECT, related_name="acknowledgements")
    person_name = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("at"), db_default=Now())

    row_policy = rows(
        programme="r pilot, i mine in report", safeguarding="r pilot, i mine in report",
        employer="r own report, i mine in report", reader="r own report, i mine in report",
        welfare="r own report, i mine in report", recruiter="r own report, i mine in report",
        history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("acknowledgement of an edition")
        verbose_name_plural = _("acknowledgements of editions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "user"], name="acknowledged_once",
                violation_error_message=_("You have acknowledged this edition already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"acknowledgement {self.pk}"


class EditionComment(OfEdition):
    """What somebody of the reader says to an edition or to one of its figures, and what the programme answers.

    ``organisation`` is the edition's reader: nobody but that organisation and the officers of the programme reads a word (a
    safeguarding lead may belong to a partner). Append-only.
    """

    edition = WithinPilot("reports.Edition", models.PROTECT, related_name="comments")
    answers = WithinPilot("self", models.PROTECT, related_name="replies", null=True, blank=True)
    metric = models.CharField(_("figure"), max_length=60, blank=True)
    text = models.CharField(_("comment"), max_length=2000)
    person_name = models.CharField(_("by"), max_length=150)
    by_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("at"), db_default=Now())

    row_policy = rows(
        programme="ri pilot", safeguarding="r own report, i mine in report",
        employer="r own report, i mine in report", reader="r own report, i mine in report",
        welfare="r own report, i mine in report", recruiter="r own report, i mine in report",
        history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("comment on an edition")
        verbose_name_plural = _("comments on editions")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="comment_says_something", violation_error_message=_("Write something."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"comment {self.pk}"
