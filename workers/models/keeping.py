"""Legal holds: by name, with a reason, nothing of a person is deleted by the clock until it ends or is lifted."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot
from workers.models.people import Person


class LegalHold(models.Model):
    """A court, an authority or a claim needs what is known of a person: the nightly deletion leaves it, of every record
    of the same person.

    It ends by itself after ``ends_on``, or stands until somebody lifts it and is looked at again on ``review_on``.
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    person = WithinPilot(Person, models.PROTECT, related_name="legal_holds", verbose_name=_("person"))
    reason = models.CharField(_("why"), max_length=300)
    ends_on = models.DateField(_("ends after"), null=True, blank=True)
    review_on = models.DateField(_("looked at again on"), null=True, blank=True)
    placed_at = models.DateTimeField(_("placed"), db_default=Now())
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    placed_by_name = models.CharField(_("placed by"), max_length=150)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, db_constraint=False, db_index=False
    )
    lifted_by_name = models.CharField(_("lifted by"), max_length=150, blank=True)
    lifted_reason = models.CharField(_("lifted because"), max_length=300, blank=True)

    row_policy = rows(owner="ru all", programme="riu pilot", safeguarding="riu pilot")

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "reason"],
                condition=Q(lifted_at__isnull=True),
                name="legal_hold_once",
                violation_error_message=_("A legal hold for this reason already stands."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="legal_hold_has_reason", violation_error_message=_("Say why.")
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=False, review_on__isnull=True)
                | Q(ends_on__isnull=True, review_on__isnull=False),
                name="legal_hold_ends_or_is_reviewed",
                violation_error_message=_("Say when it ends, or when somebody looks at it again: one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_reason="")),
                name="legal_hold_lifted_by_name",
                violation_error_message=_("A legal hold is lifted by somebody, with a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"
