"""The telephone number of a pilot that stands on its posters and cards."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rows import rows
from pilots.models import Pilot

NUMBER = r"^\+?[0-9][0-9 ()/.-]{1,28}[0-9]$"


class Hotline(models.Model):
    """Whom a worker of the pilot can call, as its programme set it. The portal knows no number by itself."""

    pilot = models.OneToOneField(Pilot, models.PROTECT, primary_key=True, related_name="+")
    number = models.CharField(_("telephone number"), max_length=30)
    # Who answers, in which languages and when; printed as it stands.
    words = models.CharField(_("who answers, and when"), max_length=120, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    set_at = models.DateTimeField(_("set"), db_default=Now())

    row_policy = rows(programme="riud pilot", safeguarding="riud pilot", welfare="riud pilot")

    class Meta:
        verbose_name = _("telephone number of a pilot")
        verbose_name_plural = _("telephone numbers of pilots")
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=NUMBER),
                name="hotline_is_a_number",
                violation_error_message=_("Write the number as it is dialled, such as +64 9 123 4567."),
            ),
        ]

    def __str__(self) -> str:
        return f"hotline {self.pk}"
