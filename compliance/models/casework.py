"""What happens in a grievance: events, messages, offers to others, and openings in an emergency."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from compliance.models.grievances import Grievance
from compliance.random_ids import random_id
from pilots.models import Pilot

LONGEST_OPENING = timedelta(minutes=60)


class _OfGrievance(models.Model):
    """A row of one grievance, under a number drawn at random."""

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    class Meta:
        abstract = True


class GrievanceEvent(_OfGrievance):
    """What was done, by whom, and every reading: the grievance's own audit trail, for its readers alone."""

    class Kind(models.TextChoices):
        """Kinds of events."""

        OPENED = "opened", _("Opened")
        READ = "read", _("Account read")
        NOTE = "note", _("Internal note")
        MOVED = "moved", _("Next stage")
        CHANGED = "changed", _("Changed")
        GRANTED = "granted", _("Reader added")
        REVOKED = "revoked", _("Reader removed")
        LEAD = "lead", _("Handed over")
        CONCERNED = "concerned", _("Organisation or person concerned")
        MESSAGE = "message", _("Message sent")
        RECEIVED = "received", _("Message received")
        RELEASED = "released", _("Identity released")
        WITHDRAWN = "withdrawn", _("Identity withdrawn")
        OFFERED = "offered", _("Offered to somebody else")
        ANSWERED = "answered", _("Offer answered")
        GLASS = "glass", _("Opened in an emergency")
        REVIEWED = "reviewed", _("Emergency opening reviewed")
        FILES = "files", _("Photos or papers received")
        FILE_READ = "file read", _("Photo or paper opened")
        FILE_WITHDRAWN = "file back", _("Photo or paper taken back")
        HELD = "held", _("Legal hold placed")
        LIFTED = "lifted", _("Legal hold lifted")

    grievance = WithinPilot(Grievance, models.PROTECT, related_name="events")
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    from_stage = models.CharField(_("from"), max_length=14, blank=True)
    to_stage = models.CharField(_("to"), max_length=14, blank=True)
    happened_on = models.DateField(_("date"))
    text = models.TextField(_("in words"), max_length=4000, blank=True)
    about_user_id = models.BigIntegerField(_("whom it concerns"), null=True, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    who = models.CharField(_("who"), max_length=150)

    row_policy = rows(
        programme="ri of my grievance", safeguarding="ri of my grievance", welfare="ri of my grievance",
        desk="ri of my grievance", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("event of a grievance")
        verbose_name_plural = _("events of grievances")
        ordering = ["recorded_at", "id"]
        indexes = [models.Index(fields=["grievance", "recorded_at"], name="grievance_event_of")]

    def __str__(self) -> str:
        return f"event {self.pk}"


class GrievanceMessage(_OfGrievance):
    """What was said between the person and those who see to it: all that the person reads."""

    grievance = WithinPilot(Grievance, models.PROTECT, related_name="messages")
    from_worker = models.BooleanField(_("from the person"))
    text = models.TextField(_("message"), max_length=4000)
    sent_on = models.DateField(_("date"))
    who = models.CharField(_("who"), max_length=150, blank=True)

    row_policy = rows(
        programme="ri of my grievance", safeguarding="ri of my grievance", welfare="ri of my grievance",
        desk="ri of my grievance", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("message of a grievance")
        verbose_name_plural = _("messages of grievances")
        ordering = ["recorded_at", "id"]
        indexes = [models.Index(fields=["grievance", "recorded_at"], name="grievance_message_of")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="grievance_message_not_empty",
                violation_error_message=_("Write the message."),
            )
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class GrievanceOffer(_OfGrievance):
    """A grievance offered to somebody else: to help with it (referral) or to take it over (transfer).

    Offered only with the person's consent. Somebody without an account here is named, and told outside the portal.
    """

    class Kind(models.TextChoices):
        """What is offered."""

        REFERRAL = "referral", _("Referral: somebody else helps as well")
        TRANSFER = "transfer", _("Transfer: somebody else takes it over")

    class State(models.TextChoices):
        """Where an offer stands."""

        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        REVOKED = "revoked", _("Withdrawn")

    grievance = WithinPilot(Grievance, models.PROTECT, related_name="offers")
    code = models.CharField(_("code"), max_length=16)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    to_user_id = models.BigIntegerField(_("to"), null=True, blank=True)
    to_name = models.CharField(_("to whom"), max_length=200)
    purpose = models.CharField(_("what for"), max_length=500)
    with_identity = models.BooleanField(_("with who the person is"), default=False)
    consent_on = models.DateField(_("the person agreed on"))
    consent_how = models.CharField(_("how the person agreed"), max_length=200)
    concerned_ids = ArrayField(models.BigIntegerField(), default=list)
    concerned_user_ids = ArrayField(models.BigIntegerField(), default=list)
    offered_on = models.DateField(_("offered"))
    offered_by = models.BigIntegerField()
    offered_by_name = models.CharField(_("offered by"), max_length=150)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OFFERED)
    answered_on = models.DateField(_("answered"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)

    row_policy = rows(
        programme="riu offered", safeguarding="riu offered", welfare="riu offered", desk="riu of my grievance",
        history="restricted",
    )  # fmt: skip

    class Meta:
        verbose_name = _("offer of a grievance")
        verbose_name_plural = _("offers of grievances")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consent_on__lte=F("offered_on")) & ~Q(consent_how=""),
                name="grievance_offer_with_consent",
                violation_error_message=_("Nothing is offered to others before the person agreed."),
            ),
            models.CheckConstraint(
                condition=Q(state="offered", answered_on__isnull=True) | Q(answered_on__isnull=False),
                name="grievance_offer_answered_has_day",
                violation_error_message=_("An answer has its day."),
            ),
            models.UniqueConstraint(
                fields=["grievance", "to_user_id"],
                condition=Q(state__in=["offered", "accepted"], to_user_id__isnull=False),
                name="grievance_offer_once",
                violation_error_message=_("It was offered to this person before."),
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"


class GrievanceOpening(_OfGrievance):
    """Somebody who may read grievances, but is not named on this one, opened it in an emergency, for an hour."""

    grievance = WithinPilot(Grievance, models.PROTECT, related_name="openings")
    code = models.CharField(_("code"), max_length=16)
    user_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    who = models.CharField(_("who"), max_length=150)
    reason = models.CharField(_("why"), max_length=1000)
    opened_at = models.DateTimeField(_("opened"))
    until = models.DateTimeField(_("until"))
    review_by = models.DateField(_("review by"))
    concerned_ids = ArrayField(models.BigIntegerField(), default=list)
    concerned_user_ids = ArrayField(models.BigIntegerField(), default=list)
    reviewed_on = models.DateField(_("reviewed"), null=True, blank=True)
    reviewed_by = models.BigIntegerField(null=True)
    reviewed_by_name = models.CharField(_("reviewed by"), max_length=150, blank=True)
    justified = models.BooleanField(_("was needed"), null=True)
    review = models.CharField(_("review"), max_length=1000, blank=True)

    row_policy = rows(
        safeguarding="ru opening", programme="ru of my grievance", welfare="ru of my grievance",
        desk="riu of my grievance", history="restricted",
    )  # fmt: skip

    class Meta:
        verbose_name = _("emergency opening")
        verbose_name_plural = _("emergency openings")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__lte=F("opened_at") + LONGEST_OPENING, until__gt=F("opened_at")),
                name="grievance_opening_ends",
                violation_error_message=_("An emergency opening lasts an hour at most."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="grievance_opening_has_reason",
                violation_error_message=_("Say why it must be opened now."),
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_on__isnull=True, justified__isnull=True)
                | Q(reviewed_by__isnull=False, reviewed_on__isnull=False, justified__isnull=False)
                & ~Q(reviewed_by=F("user_id"))
                & ~Q(review=""),
                name="grievance_opening_reviewed_by_another",
                violation_error_message=_("Somebody else reviews an emergency opening, in words."),
            ),
        ]

    def __str__(self) -> str:
        return f"opening {self.pk}"
