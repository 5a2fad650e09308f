"""Restricted cases and their entries: for the named readers only, in the database itself."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot
from workers.models import Placement


class RestrictedCase(models.Model):
    """A case of harm that only the named readers know of: in any list it is a code, and to others it does not exist."""

    class State(models.TextChoices):
        """Where a case stands."""

        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="+", null=True, blank=True)
    code = models.CharField(_("code"), max_length=16, unique=True)
    reader_ids = ArrayField(models.BigIntegerField(), verbose_name=_("named readers"))
    # Organisations the case is about: whoever belongs to one of them is never a reader.
    concerned_ids = ArrayField(models.BigIntegerField(), default=list, verbose_name=_("organisations concerned"))
    category = models.CharField(_("category"), max_length=40)
    indicators = ArrayField(models.CharField(max_length=40), default=list)
    account = models.TextField(_("in the person's words"), max_length=8000)
    safe_now = models.BooleanField(_("is the person safe now?"), null=True)
    wishes = models.TextField(_("what the person wants to happen"), max_length=4000, blank=True)
    consent_to_share = models.BooleanField(_("agrees to share"), default=False)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    opened_on = models.DateField(_("opened"))
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    revision = models.PositiveIntegerField(default=1)

    row_policy = rows(safeguarding="riu reader", welfare="riu reader", history="restricted")

    class Meta:
        verbose_name = _("restricted case")
        verbose_name_plural = _("restricted cases")
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reader_ids__len__gte=1),
                name="case_has_reader",
                violation_error_message=_("A case has at least one named reader."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True) | Q(state="closed", closed_on__isnull=False),
                name="case_closed_has_date",
                violation_error_message=_("A closed case has the day it was closed."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="case_closed_after_opened",
                violation_error_message=_("A case is closed after it was opened."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CaseEntry(models.Model):
    """What happened in a case: opened, read, added to, changed, closed. Append-only, with the case's own readers."""

    class Kind(models.TextChoices):
        """Kinds of entries; opening the account is one, so that every reading is known."""

        OPENED = "opened", _("Opened")
        READ = "read", _("Account read")
        ADDED = "added", _("Entry added")
        CHANGED = "changed", _("Changed")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    case = WithinPilot(RestrictedCase, models.PROTECT, related_name="entries")
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    happened_on = models.DateField(_("date"))
    text = models.TextField(_("in words"), max_length=4000, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    who = models.CharField(_("who"), max_length=150)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        safeguarding="ri of my case", welfare="ri of my case", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("entry of a case")
        verbose_name_plural = _("entries of cases")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"entry {self.pk}"
