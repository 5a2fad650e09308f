"""Photos and papers that showed an answer of a check."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rows import WithinPilot, rows
from compliance.models.checks import CheckAnswer
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
