"""Notes, mentions, tasks and what people follow: what colleagues tell each other about a placement or a cohort.

``told_ids`` names the organisations that a row was written for, fixed when it is written: who comes later does not inherit
it. Names of people stand beside their keys, because partners do not read each other's accounts.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Cohort, Pilot
from workers.models.journey import Placement

LONGEST_NOTE, LONGEST_TASK = 2000, 300
ONE_RECORD = Q(placement__isnull=False, cohort__isnull=True) | Q(placement__isnull=True, cohort__isnull=False)
ONE_RECORD_MESSAGE = _("Say whether this is about a worker or about a cohort.")


class Note(models.Model):
    """What somebody noted about a placement or a cohort, for the organisations it names. Append-only: a correction is a
    new version, and the former one stays readable."""

    class Audience(models.TextChoices):
        """For whom a note is; the narrowest first."""

        OWN = "own", _("Our own organisation")
        PROGRAMME = "programme", _("Our own organisation and the programme")
        ALL = "all", _("Everybody who sees this record")
        # Written to many at once (workers/telling/partners.py), never chosen on the page of a record.
        PARTNERS = "partners", _("Our own organisation and those it was sent to")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="notes", null=True, blank=True)
    cohort = WithinPilot(Cohort, models.PROTECT, related_name="notes", null=True, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    person_name = models.CharField(_("by"), max_length=150)
    audience = models.CharField(_("for"), max_length=9, choices=Audience, default=Audience.OWN)
    told_ids = ArrayField(models.BigIntegerField(), verbose_name=_("organisations it was written for"))
    text = models.CharField(_("note"), max_length=LONGEST_NOTE)
    corrects = WithinPilot("self", models.PROTECT, related_name="corrections", null=True, blank=True, db_index=False)
    written_at = models.DateTimeField(_("written"), db_default=Now())

    row_policy = rows(
        owner="ru all", programme="r told, i told by me", safeguarding="r told, i told by me",
        recruiter="r told, i told by me", employer="r told, i told by me", welfare="r told, i told by me",
        history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=ONE_RECORD, name="note_about_one_record", violation_error_message=ONE_RECORD_MESSAGE
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="note_says_something", violation_error_message=_("Write something.")
            ),
            models.UniqueConstraint(
                fields=["corrects"], name="note_corrected_once",
                violation_error_message=_("This note was corrected already. Read the newest version first."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"note {self.pk}"


class Mention(models.Model):
    """A colleague is to read a note. Only people of the writer's own organisation are named, who see the record too."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    note = WithinPilot(Note, models.PROTECT, related_name="mentions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)
    person_name = models.CharField(_("to"), max_length=150)
    at = models.DateTimeField(_("at"), db_default=Now())

    row_policy = rows(
        programme="ri ours", safeguarding="ri ours", recruiter="ri ours", employer="ri ours", welfare="ri ours",
        history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "user"], name="mention_once",
                violation_error_message=_("This person is mentioned already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"mention {self.pk}"


class Task(models.Model):
    """Something to be done about a placement or a cohort, by one person or by whoever of an organisation takes it."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="tasks", null=True, blank=True)
    cohort = WithinPilot(Cohort, models.PROTECT, related_name="tasks", null=True, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)
    person_name = models.CharField(_("given by"), max_length=150)
    told_ids = ArrayField(models.BigIntegerField(), verbose_name=_("organisations that see it"))
    words = models.CharField(_("what is to be done"), max_length=LONGEST_TASK)
    due_on = models.DateField(_("due"), null=True, blank=True)
    for_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("for"))
    for_user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True, db_constraint=False)
    for_name = models.CharField(_("for whom"), max_length=150, blank=True)
    given_at = models.DateTimeField(_("given"), db_default=Now())
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_name = models.CharField(_("done by"), max_length=150, blank=True)

    row_policy = rows(
        owner="ru all", programme="ru told, i told by me", safeguarding="ru told, i told by me",
        recruiter="ru told, i told by me", employer="ru told, i told by me", welfare="ru told, i told by me",
        history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["for_organisation", "for_user", "due_on"], name="task_open", condition=Q(done_at__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=ONE_RECORD, name="task_about_one_record", violation_error_message=ONE_RECORD_MESSAGE
            ),
            models.CheckConstraint(
                condition=~Q(words=""), name="task_says_something",
                violation_error_message=_("Write what is to be done."),
            ),
            models.CheckConstraint(
                condition=Q(for_user__isnull=True, for_name="") | (Q(for_user__isnull=False) & ~Q(for_name="")),
                name="task_person_has_name", violation_error_message=_("A task for one person names that person."),
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_name="") | (Q(done_at__isnull=False) & ~Q(done_name="")),
                name="task_done_by_somebody", violation_error_message=_("A task that is done says who did it."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"task {self.pk}"


class TaskStep(models.Model):
    """What became of a task: given, handed on, done, opened again. Append-only."""

    class Kind(models.TextChoices):
        """What happened."""

        GIVEN = "given", _("Given")
        HANDED = "handed on", _("Handed on")
        DONE = "done", _("Done")
        OPENED = "opened again", _("Opened again")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    task = WithinPilot(Task, models.PROTECT, related_name="steps")
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    person_name = models.CharField(_("by"), max_length=150)
    to_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    to_user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_constraint=False)
    to_name = models.CharField(_("to"), max_length=150, blank=True)
    told_ids = ArrayField(models.BigIntegerField(), verbose_name=_("organisations that see it"))
    at = models.DateTimeField(_("at"), db_default=Now())

    row_policy = rows(
        programme="r told, i told by me", safeguarding="r told, i told by me", recruiter="r told, i told by me",
        employer="r told, i told by me", welfare="r told, i told by me", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("step of a task")
        verbose_name_plural = _("steps of tasks")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.task_id}"


class Follow(models.Model):
    """A person wants to hear when something changes on a placement, a cohort or a finding. Keeps the bare key: that somebody follows
    a record must never be the reason why it stays when a sheet is taken back."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    placement_id = models.BigIntegerField(null=True)
    cohort_id = models.BigIntegerField(null=True)
    finding_id = models.BigIntegerField(null=True)
    since = models.DateTimeField(_("since"), db_default=Now())

    row_policy = rows(
        programme="rid mine here", safeguarding="rid mine here", recruiter="rid mine here", employer="rid mine here",
        welfare="rid mine here", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("followed record")
        verbose_name_plural = _("followed records")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "placement_id", "cohort_id", "finding_id"], name="follow_once", nulls_distinct=False,
                violation_error_message=_("You follow this already."),
            ),
            models.CheckConstraint(
                condition=Q(placement_id__isnull=False, cohort_id__isnull=True, finding_id__isnull=True)
                | Q(placement_id__isnull=True, cohort_id__isnull=False, finding_id__isnull=True)
                | Q(placement_id__isnull=True, cohort_id__isnull=True, finding_id__isnull=False),
                name="follow_one_record", violation_error_message=ONE_RECORD_MESSAGE,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"follow {self.pk}"
