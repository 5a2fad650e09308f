"""A placement, its narrow moving state, the append-only events of its journey, and holds.

Every row carries ``pilot_id``, ``recruiter_id`` and ``employer_id``: who a fact concerns is fixed when it is
written, so a later employer never inherits the history of an earlier one.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Cohort, JobOrder, Pilot, Site
from workers.models.people import Person


class Placement(models.Model):
    """A person in a cohort: from nomination through one deployment to return. Counted as a placement, not a person."""

    # The person's: the composite key to the person says that the pilot is.
    pilot = models.ForeignKey(
        Pilot, models.PROTECT, related_name="placements", verbose_name=_("pilot"), db_constraint=False, db_index=False
    )
    person = WithinPilot(Person, models.PROTECT, related_name="placements", verbose_name=_("person"), db_index=False)
    cohort = WithinPilot(Cohort, models.PROTECT, related_name="placements", verbose_name=_("cohort"), db_index=False)
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    job_order = WithinPilot(JobOrder, models.PROTECT, related_name="placements", null=True, blank=True)
    site = WithinPilot(Site, models.PROTECT, related_name="placements", null=True, blank=True)
    season = models.PositiveSmallIntegerField(_("season with the scheme"), default=1)
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    planned_end = models.DateField(_("planned end"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    version = models.PositiveIntegerField(default=1)

    row_policy = rows(
        owner="rd all", programme="riu pilot", safeguarding="r pilot", recruiter="riu recruiter", employer="r employer",
        welfare="r pilot", compiler="r pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        # One for each key that is asked by, in the order of the lists; the person's is that of "once per cohort".
        indexes = [
            models.Index(fields=["pilot", "-id"], name="placement_of_pilot"),
            models.Index(fields=["cohort", "-id"], name="placement_of_cohort"),
            models.Index(fields=["employer", "person"], name="placement_of_employer"),
            models.Index(fields=["recruiter", "-id"], name="placement_of_recruiter"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "cohort"],
                name="placement_once_per_cohort",
                violation_error_message=_("This person is already in this cohort."),
            ),
            models.CheckConstraint(
                condition=Q(planned_start__isnull=True)
                | Q(planned_end__isnull=True)
                | Q(planned_end__gt=F("planned_start")),
                name="placement_ends_after_start",
                violation_error_message=_("A placement ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(job_order__isnull=True) | Q(employer__isnull=False),
                name="placement_job_order_has_employer",
                violation_error_message=_("A placement in a job order has its employer."),
            ),
        ]

    def __str__(self) -> str:
        return f"placement {self.pk}"


class PlacementState(models.Model):
    """Where a placement stands. Narrow and apart from the wide row, so that moving thousands stays cheap."""

    placement = models.OneToOneField(
        Placement, models.PROTECT, primary_key=True, db_constraint=False, related_name="state"
    )
    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    step = models.CharField(_("step"), max_length=24)
    since = models.DateField(_("since"))
    version = models.PositiveIntegerField(default=1)

    row_policy = rows(
        owner="rud all", programme="riu pilot", safeguarding="r pilot", recruiter="riu recruiter", employer="ru employer",
        welfare="r pilot", compiler="r pilot", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("state of a placement")
        verbose_name_plural = _("states of placements")
        indexes = [models.Index(fields=["cohort", "step"], name="state_of_cohort")]

    def __str__(self) -> str:
        return f"{self.step} since {self.since}"


class JourneyEvent(models.Model):
    """A placement moved. Append-only: when it happened, when it was known and recorded, by whom, and why.

    A move that was taken back stands in ``MoveTakenBack`` instead, so that nothing that counts meets it here.
    """

    # The placement's, as the composite key to it says: a pilot is not looked up again for every move.
    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    placement = WithinPilot(
        Placement, models.PROTECT, related_name="events", verbose_name=_("placement"), db_index=False
    )
    cohort_id = models.BigIntegerField()
    recruiter = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    employer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    move = models.CharField(_("move"), max_length=32)
    from_step = models.CharField(_("from"), max_length=24, blank=True)
    to_step = models.CharField(_("to"), max_length=24)
    happened_on = models.DateField(_("happened on"))
    known_on = models.DateField(_("known on"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    request = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(help_text=_("Version of the placement's state after this event."))

    row_policy = rows(
        owner="ru all, d beginning or taken back", programme="ri pilot", safeguarding="r pilot", recruiter="ri recruiter",
        employer="ri employer",
        welfare="r pilot", compiler="r pilot", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("journey event")
        verbose_name_plural = _("journey events")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["pilot", "happened_on"], name="event_of_pilot"),
            # Append-only in time order: a few kilobytes answer "what was recorded since yesterday?".
            BrinIndex(fields=["recorded_at"], name="event_recorded", autosummarize=True),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "version"],
                name="event_version_once",
                violation_error_message=_("Somebody else moved this placement at the same moment."),
            ),
            models.CheckConstraint(
                condition=Q(known_on__gte=F("happened_on")),
                name="event_known_after_it_happened",
                violation_error_message=_("A fact is known on the day it happens or later."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_step} → {self.to_step}"


class Hold(models.Model):
    """Something higher up stops the placement's next move until it is lifted. The journey refuses while one stands.

    ``source`` names what placed it ("finding:12"); ``words`` is what everybody who sees the placement may read.
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="holds", verbose_name=_("placement"))
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    source = models.CharField(_("placed by"), max_length=40)
    words = models.CharField(_("why"), max_length=200)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, verbose_name=_("who can act"), db_index=False
    )
    placed_at = models.DateTimeField(_("placed"), db_default=Now())
    until = models.DateField(_("until"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    lifted_reason = models.CharField(_("lifted because"), max_length=300, blank=True)

    row_policy = rows(
        owner="u all", programme="riu pilot", safeguarding="riu pilot", recruiter="r recruiter", employer="r employer",
        welfare="riu pilot", compiler="riu pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "source"],
                condition=Q(lifted_at__isnull=True),
                name="hold_once_per_source",
                violation_error_message=_("This hold already stands."),
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_reason="")
                | (Q(lifted_at__isnull=False) & ~Q(lifted_reason="")),
                name="hold_lifted_with_reason",
                violation_error_message=_("A hold is lifted with a reason."),
            ),
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def by_hand(self) -> bool:
        """Whether a person placed it; one that a finding placed is lifted with the finding."""
        return self.source.startswith("person:")
