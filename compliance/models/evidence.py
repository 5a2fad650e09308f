"""Photos and papers: what showed an answer of a check, what shows that something was mended, what a worker sent with their words."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.rows import WithinPilot, rows
from compliance.models.checks import CheckAnswer
from compliance.models.grievances import Grievance
from compliance.models.remedies import CorrectiveStep
from compliance.random_ids import random_id
from workers.models import StoredFile


class AnswerFile(StoredFile):
    """A photo or paper that showed an answer. Read by whoever reads the answer, never by the employer.

    ``restricted``: given in confidence, as everything is that was said to an officer alone; then welfare officers and
    the safeguarding lead read it and nobody else, also where the answer itself is open.
    """

    answer = WithinPilot(CheckAnswer, models.PROTECT, related_name="files", verbose_name=_("answer"))
    restricted = models.BooleanField(_("restricted"), default=False)

    row_policy = rows(
        programme="r not restricted", safeguarding="riu pilot", welfare="riu pilot", history="none"
    )  # fmt: skip

    class Meta(StoredFile.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")


class StepFile(StoredFile):
    """What shows that an action was done: sent by the owner with its report, read by the owner and by those who verify.

    Only the organisation that had to act hangs files on its report, so that it can read all of them.
    """

    step = WithinPilot(CorrectiveStep, models.PROTECT, related_name="files", verbose_name=_("step"))
    # Of the step, by a key of the database (remedies/guards.py): the row policies compare with them.
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    restricted = models.BooleanField(_("restricted"), default=False)

    row_policy = rows(
        programme="riu not restricted", safeguarding="riu pilot", welfare="riu pilot",
        employer="r put to me, i shows what I did", recruiter="r put to me, i shows what I did", history="none",
    )  # fmt: skip

    class Meta(StoredFile.Meta):
        verbose_name = _("evidence of a corrective action")
        verbose_name_plural = _("evidence of corrective actions")
        constraints = [
            *StoredFile.Meta.constraints,
            models.CheckConstraint(
                condition=Q(organisation_id=F("owner_id")),
                name="stepfile_by_the_owner",
                violation_error_message=_("What shows a report is sent by the organisation that had to act."),
            ),
        ]


class GrievanceFile(StoredFile):
    """A photo or paper that a worker sent with their words, without an account. Read by the readers of the case.

    Under a number drawn at random; its readings are events of the case and stand in no common trail.
    """

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    grievance = WithinPilot(Grievance, models.PROTECT, related_name="files", verbose_name=_("grievance"))

    row_policy = rows(
        programme="ru of my grievance", safeguarding="ru of my grievance", welfare="ru of my grievance",
        desk="ri of my grievance", owner="u all", history="none",
    )  # fmt: skip

    class Meta(StoredFile.Meta):
        ordering = ["recorded_at", "id"]
        verbose_name = _("photo or paper of a grievance")
        verbose_name_plural = _("photos and papers of grievances")

    @property
    def audit_pilot_id(self) -> int | None:
        """No pilot: nobody but its readers knows that there is a case."""
        return None
