"""Runs of what deletes and blanks by the clock, for the operator who must know that it ran."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.rows import rows


class RetentionRun(models.Model):
    """One run of the nightly keeping, by the portal itself: numbers and no person. Also where nothing was due."""

    class Door(models.TextChoices):
        """Which of the two doors ran."""

        PEOPLE = "people", _("People and answers")
        FILES = "files", _("Files, sheets and downloads")

    door = models.CharField(_("what ran"), max_length=8, choices=Door)
    # The day the terms were counted from: another than the day it ran, where the command named one.
    counted_on = models.DateField(_("counted on"))
    counts = models.JSONField(_("what went"), default=dict)
    failed = models.PositiveIntegerField(_("could not be deleted"), default=0)
    ran_at = models.DateTimeField(_("ran"), db_default=Now())

    row_policy = rows(operator="ri all", history="none", append_only=True)

    class Meta:
        verbose_name = _("run of the keeping")
        verbose_name_plural = _("runs of the keeping")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.door} {self.pk}"
