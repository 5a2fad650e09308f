"""Grievances: what a worker told, who may read it, and, apart from it, who the worker is.

Nothing here is counted by a sequence, and no role reads by being a role: a row names its readers. Whoever belongs to an
organisation the grievance is about reads nothing, whatever the list says; the row policy asks at every statement.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.rows import WithinPilot, rows
from compliance.random_ids import random_id
from pilots.models import CURRENCY, CURRENCY_MESSAGE, Pilot
from workers.models import Placement


class Grievance(models.Model):
    """What somebody told: in any list it is a code, and to whoever is not named on it, it does not exist."""

    class Sensitivity(models.TextChoices):
        """How few may read: a restricted one never a programme officer, and it closes only as the person agrees."""

        ORDINARY = "ordinary", _("Ordinary")
        RESTRICTED = "restricted", _("Restricted")

    class Stage(models.TextChoices):
        """Where it stands, in order; the moves between them are in ``compliance/grievances/stages.py``."""

        NEW = "new", _("New")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        TRIAGED = "triaged", _("Triaged")
        INVESTIGATING = "investigating", _("Being looked into")
        PROPOSED = "proposed", _("Action agreed")
        DELIVERED = "delivered", _("Remedy delivered")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Opened again")

    class Satisfaction(models.TextChoices):
        """What the person says of the result, asked at closing."""

        SATISFIED = "satisfied", _("Satisfied")
        NOT_SATISFIED = "not satisfied", _("Not satisfied")
        NOT_REACHED = "not reached", _("Could not be asked")

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(_("code"), max_length=16, unique=True)
    sensitivity = models.CharField(_("who may read"), max_length=10, choices=Sensitivity)
    reader_ids = ArrayField(models.BigIntegerField(), verbose_name=_("named readers"))
    lead_id = models.BigIntegerField(_("who sees to it"), null=True, blank=True)
    # Organisations and people it is about: never a reader, never the one who sees to it, never the one who closes.
    concerned_ids = ArrayField(models.BigIntegerField(), default=list, verbose_name=_("organisations concerned"))
    concerned_user_ids = ArrayField(models.BigIntegerField(), default=list, verbose_name=_("people concerned"))
    category = models.CharField(_("what it is about"), max_length=40)
    channel = models.CharField(_("how it came"), max_length=24)
    language = models.CharField(_("language"), max_length=40, blank=True)
    interpreter = models.CharField(_("interpreter"), max_length=120, blank=True)
    account = models.TextField(_("in the person's words"), max_length=8000)
    words_sha256 = models.CharField(_("fingerprint of the words"), max_length=64)
    summary = models.TextField(_("summary by those who see to it"), max_length=4000, blank=True)
    indicators = ArrayField(models.CharField(max_length=40), default=list)
    urgent = models.BooleanField(_("urgent"), default=False)
    safe_now = models.BooleanField(_("is the person safe now?"), null=True)
    limits_told = models.BooleanField(_("told what cannot be kept confidential"), default=False)
    options_told = ArrayField(models.CharField(max_length=24), default=list, verbose_name=_("possibilities told"))
    wishes = models.TextField(_("what the person wants to happen"), max_length=4000, blank=True)
    companion_offered = models.BooleanField(_("a companion or adviser was offered"), default=False)
    consent_to_share = models.BooleanField(_("agrees that helpers are told"), default=False)
    followup_hash = models.CharField(max_length=64, unique=True)
    stage = models.CharField(_("stage"), max_length=14, choices=Stage, default=Stage.NEW)
    stage_since = models.DateField(_("since"))
    opened_on = models.DateField(_("opened"))
    reopened_on = models.DateField(_("opened again"), null=True, blank=True)
    acknowledged_on = models.DateField(_("acknowledged"), null=True, blank=True)
    triaged_on = models.DateField(_("triaged"), null=True, blank=True)
    progressed_on = models.DateField(_("last progress"))
    remedy_kind = models.CharField(_("remedy"), max_length=24, blank=True)
    remedy_words = models.TextField(_("what was agreed"), max_length=2000, blank=True)
    remedy_amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    delivered_on = models.DateField(_("delivered"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    satisfaction = models.CharField(_("satisfaction"), max_length=14, choices=Satisfaction, blank=True)
    agreed_to_close = models.BooleanField(_("the person agreed to close"), default=False)
    legal_hold = models.CharField(_("legal hold"), max_length=300, blank=True)
    legal_hold_ends_on = models.DateField(_("legal hold ends after"), null=True, blank=True)
    legal_hold_review_on = models.DateField(_("legal hold looked at again on"), null=True, blank=True)
    root_cause = models.CharField(_("root cause"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    revision = models.PositiveIntegerField(default=1)

    row_policy = rows(
        programme="r ordinary grievance, iu named ordinary grievance", safeguarding="r grievance, iu named grievance",
        welfare="r grievance, iu named grievance", desk="riu keyed", history="restricted",
    )  # fmt: skip

    class Meta:
        verbose_name = _("grievance")
        verbose_name_plural = _("grievances")
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.CheckConstraint(
                # What comes in without staff may find nobody whom it is not about; a safeguarding lead takes it up.
                condition=Q(reader_ids__len__gte=1) | Q(channel__in=["own code", "poster"]),
                name="grievance_has_reader",
                violation_error_message=_("A case has at least one named reader."),
            ),
            models.CheckConstraint(
                condition=Q(sensitivity="ordinary") | ~Q(stage="closed") | Q(agreed_to_close=True),
                name="grievance_restricted_closed_agreed",
                violation_error_message=_("A case is closed only when the person agrees."),
            ),
            models.CheckConstraint(
                condition=Q(stage="closed", closed_on__isnull=False) & ~Q(satisfaction="")
                | ~Q(stage="closed") & Q(closed_on__isnull=True),
                name="grievance_closed_has_end",
                violation_error_message=_("A closed case has its day, and says whether the person is satisfied."),
            ),
            models.CheckConstraint(
                condition=Q(stage_since__gte=F("opened_on")),
                name="grievance_stage_after_opened",
                violation_error_message=_("A stage is reached on or after the day the case was opened."),
            ),
            models.CheckConstraint(
                condition=~Q(stage="delivered") | Q(delivered_on__isnull=False) & ~Q(remedy_kind=""),
                name="grievance_delivered_has_remedy",
                violation_error_message=_("A delivered remedy has its kind and its day."),
            ),
            models.CheckConstraint(
                condition=Q(remedy_amount__isnull=True) | Q(remedy_amount__gt=0) & CURRENCY,
                name="grievance_amount_has_currency",
                violation_error_message=CURRENCY_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(legal_hold="", legal_hold_ends_on__isnull=True, legal_hold_review_on__isnull=True)
                | ~Q(legal_hold="")
                & (
                    Q(legal_hold_ends_on__isnull=False, legal_hold_review_on__isnull=True)
                    | Q(legal_hold_ends_on__isnull=True, legal_hold_review_on__isnull=False)
                ),
                name="grievance_legal_hold_ends_or_is_reviewed",
                violation_error_message=_("Say when it ends, or when somebody looks at it again: one of the two."),
            ),
            models.CheckConstraint(
                condition=~Q(account=""),
                name="grievance_has_words",
                violation_error_message=_("Write down what the person told, in the person's words."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def restricted(self) -> bool:
        """Whether it is one of the few for the fewest."""
        return self.sensitivity == self.Sensitivity.RESTRICTED


class GrievanceIdentity(models.Model):
    """Who told it, apart from what was told. Read only by those readers to whom the person let it be released."""

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    grievance = WithinPilot(Grievance, models.PROTECT, related_name="identities")
    placement = WithinPilot(Placement, models.PROTECT, related_name="+", null=True, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    contact = models.CharField(_("how to reach the person safely"), max_length=300, blank=True)
    reader_ids = ArrayField(models.BigIntegerField(), default=list, verbose_name=_("released to"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        programme="riu released", safeguarding="riu released", welfare="riu released", desk="riu of my grievance",
        owner="u all", history="restricted",
    )  # fmt: skip

    class Meta:
        verbose_name = _("who told it")
        verbose_name_plural = _("who told it")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["grievance"], name="grievance_identity_once"),
            models.CheckConstraint(
                condition=Q(placement__isnull=False) | ~Q(name="") | ~Q(contact=""),
                name="grievance_identity_says_something",
                violation_error_message=_("Say who the person is, or how to reach them."),
            ),
        ]

    def __str__(self) -> str:
        return f"identity {self.pk}"


class ConcernCode(models.Model):
    """What a worker types to be understood without an account: a person's own secret, or the code of a place's poster.

    Says nothing about use: whoever may see that a code was given does not learn whether it was ever typed.
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+")
    placement = WithinPilot(Placement, models.PROTECT, related_name="+", null=True, blank=True)
    site = WithinPilot("pilots.Site", models.PROTECT, related_name="+", null=True, blank=True)
    poster = models.CharField(_("code on the poster"), max_length=16, blank=True)
    code_hash = models.CharField(max_length=64, unique=True)
    issued_on = models.DateField(_("given on"))
    issued_by = models.CharField(_("given by"), max_length=150)
    revoked_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        programme="riu pilot", safeguarding="riu pilot", welfare="riu pilot", desk="r keyed code", history="restricted",
    )  # fmt: skip

    class Meta:
        verbose_name = _("code to raise a concern")
        verbose_name_plural = _("codes to raise a concern")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(revoked_on__isnull=True, placement__isnull=False),
                name="concern_code_person_once",
                violation_error_message=_("This person has a code already. Withdraw it to give a new one."),
            ),
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(revoked_on__isnull=True, site__isnull=False),
                name="concern_code_site_once",
                violation_error_message=_("This place has a code already. Withdraw it to make a new one."),
            ),
            models.CheckConstraint(
                condition=Q(placement__isnull=False, site__isnull=True, poster="")
                | Q(placement__isnull=True) & ~Q(poster=""),
                name="concern_code_person_or_poster",
                violation_error_message=_("A code belongs to one person, or stands on a poster."),
            ),
        ]

    def __str__(self) -> str:
        return f"code {self.pk}"
