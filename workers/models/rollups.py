"""Roll-ups: counts and sums per cohort and month, and the marks of cohorts whose rows changed since.

The roof of the reports computes them (``reports/rollups/``); pages of this floor read them, so the tables stand here
(decision 0027). A marked cohort is read from its rows: a page never shows an old number.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.rows import WithinPilot, rows
from pilots.models import Cohort, Pilot


class Rollup(models.Model):
    """One cell: so many of a cohort in a month, and the sum of an amount where the measure is one.

    ``measure`` and ``key`` are named in ``reports/rollups/sources.py``. ``value`` is a whole number of days where the
    cells of a measure are a histogram of them, otherwise 0.
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    cohort = WithinPilot(Cohort, models.PROTECT, related_name="+", db_index=False)
    measure = models.CharField(_("measure"), max_length=12)
    month = models.DateField(_("month"))
    key = models.CharField(_("of which"), max_length=48, blank=True, db_default="")
    value = models.IntegerField(_("days"), default=0, db_default=0)
    n = models.BigIntegerField(_("count"))
    amount = models.DecimalField(_("sum"), max_digits=20, decimal_places=2, null=True)

    row_policy = rows(
        programme="r pilot", safeguarding="r pilot", welfare="r pilot", compiler="rid pilot", history="none"
    )

    class Meta:
        verbose_name = _("roll-up")
        verbose_name_plural = _("roll-ups")
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "measure", "cohort", "month", "key", "value"], include=["n", "amount"],
                name="rollup_cell_once", violation_error_message=_("This cell is rolled up already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.measure} {self.key} {self.month}"


class RollupMark(models.Model):
    """Cohorts of which rows changed: one row for each statement and pilot, written by a trigger, whoever wrote.

    ``cohorts`` and ``months`` go together; without a month all months of the cohort are computed again. Computing takes
    the marks away.
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_constraint=False)
    source = models.CharField(max_length=8)
    cohorts = ArrayField(models.BigIntegerField())
    months = ArrayField(models.DateField(null=True))
    at = models.DateTimeField(db_default=Now())

    row_policy = rows(
        owner="ri all", operator="r all", programme="r pilot", safeguarding="r pilot", welfare="r pilot",
        compiler="rd pilot", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("mark of cohorts to roll up")
        verbose_name_plural = _("marks of cohorts to roll up")

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"
