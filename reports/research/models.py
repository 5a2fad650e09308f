"""Agreements under which de-identified rows are given to researchers, every extract that was made, and who fetched it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot

LEAST_K = 5
USUAL_K = 10


class ResearchAgreement(models.Model):
    """Somebody outside may have rows without persons: who, for what, until when, signed by whom, and in groups of how many."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", verbose_name=_("pilot"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    recipient = models.CharField(
        _("who receives it"), max_length=160, help_text=_("The institution, and the person who answers for it.")
    )
    purpose = models.CharField(
        _("for what"), max_length=500, help_text=_("The question of the research. Nothing else may be done with it.")
    )
    signed_by = models.CharField(
        _("signed by"), max_length=160, help_text=_("Who signed for the programme, and for the recipient.")
    )
    signed_on = models.DateField(_("signed on"))
    ends_on = models.DateField(_("ends on"), help_text=_("By then the recipient has deleted what it was given."))
    k = models.PositiveSmallIntegerField(
        _("smallest group"), default=USUAL_K,
        help_text=_("So many people at least share everything by which somebody could be recognised. Never under 5; 10 is usual."),
    )  # fmt: skip
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    ended_on = models.DateField(_("ended before its day"), null=True, blank=True)
    ended_reason = models.CharField(_("why it was ended"), max_length=300, blank=True)

    row_policy = rows(programme="r pilot, iu own report", safeguarding="r pilot")

    class Meta:
        verbose_name = _("research agreement")
        verbose_name_plural = _("research agreements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(k__gte=LEAST_K) & Q(k__lte=1000), name="research_group_large_enough",
                violation_error_message=_("A group is of 5 people at least."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("signed_on")), name="research_ends_after_signing",
                violation_error_message=_("An agreement ends after it was signed."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | (Q(ended_on__gte=F("signed_on")) & ~Q(ended_reason="")),
                name="research_ended_with_reason",
                violation_error_message=_("An agreement is ended with a reason, and not before it was signed."),
            ),
            models.CheckConstraint(
                condition=~Q(recipient="") & ~Q(purpose="") & ~Q(signed_by=""), name="research_says_who_and_why",
                violation_error_message=_("Say who receives it, for what, and who signed."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.recipient

    @property
    def last_day(self):
        """The day on which it ends, or was ended before that."""
        return min(self.ends_on, self.ended_on) if self.ended_on else self.ends_on


class ResearchExtract(models.Model):
    """One extract that was made under an agreement: the register of what was given. What it holds is told, not repeated."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    agreement = WithinPilot(ResearchAgreement, models.PROTECT, related_name="extracts", verbose_name=_("agreement"))
    period_from = models.DateField(_("departed from"))
    period_to = models.DateField(_("departed to"))
    k = models.PositiveSmallIntegerField(_("smallest group"))
    people = models.PositiveIntegerField(_("people in it"))
    left_out = models.PositiveIntegerField(_("people left out"))
    levels = models.JSONField(help_text=_("Column → how coarse it was made."))
    warnings = models.JSONField(default=list)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    job_id = models.BigIntegerField(null=True, unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)
    made_at = models.DateTimeField(_("made"), db_default=Now())
    expires_at = models.DateTimeField(_("lies ready until"))

    row_policy = rows(programme="r pilot, i own report", safeguarding="r pilot", append_only=True)

    class Meta:
        verbose_name = _("research extract")
        verbose_name_plural = _("research extracts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(people__gte=F("k")) & Q(k__gte=LEAST_K), name="research_extract_is_of_a_group",
                violation_error_message=_("An extract holds one whole group at least."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"extract {self.pk}"


class ResearchFile(models.Model):
    """The bytes of an extract, until they expire. Only those who made it in their organisation fetch it."""

    extract = models.OneToOneField(
        ResearchExtract, models.PROTECT, primary_key=True, related_name="file", db_constraint=False
    )
    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    body = models.BinaryField()

    row_policy = rows(owner="rd all", programme="rid own report", history="none")

    class Meta:
        verbose_name = _("file of a research extract")
        verbose_name_plural = _("files of research extracts")

    def __str__(self) -> str:
        return f"file of {self.extract_id}"


class ResearchDownload(models.Model):
    """Somebody fetched an extract to hand it over. Append-only."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    extract = WithinPilot(ResearchExtract, models.PROTECT, related_name="downloads")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField(_("at"), db_default=Now())

    row_policy = rows(programme="r pilot, i own report", safeguarding="r pilot", history="none", append_only=True)

    class Meta:
        verbose_name = _("download of a research extract")
        verbose_name_plural = _("downloads of research extracts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.extract_id} {self.at}"
