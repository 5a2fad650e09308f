"""That workers were told something: which text of the table, in which language, when and how. The words are the table's."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot
from workers.models.journey import Placement


class WorkerMessage(models.Model):
    """One worker was told one text. Append-only. ``text`` is a key of ``workers/telling/texts.toml``."""

    class How(models.TextChoices):
        """How the text reached the worker; the portal itself sends nothing to a worker."""

        PRINTED = "printed", _("Handed over on paper")
        READ = "read", _("Read out")
        SENT = "sent", _("Sent from our own phone")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="messages", verbose_name=_("placement"))
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    text = models.CharField(_("text"), max_length=32)
    language = models.CharField(_("language"), max_length=8)
    day = models.DateField(_("day"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    how = models.CharField(_("how"), max_length=8, choices=How)
    # May be null so that who may not read the person's account still reads the row.
    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(_("told"), db_default=Now())

    row_policy = rows(
        programme="ri pilot", recruiter="ri recruiter", welfare="ri pilot", safeguarding="ri pilot", history="none",
        append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("message to a worker")
        verbose_name_plural = _("messages to workers")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.text} ({self.language})"
