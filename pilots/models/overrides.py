"""Where a pilot departs from a rule of its scheme: one value, for a reason, from a day to a day, by name."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rows import rows
from pilots.models.pilots import Pilot


class Days(Func):
    """The days from the first argument to the day before the second."""

    function = "daterange"
    output_field = DateRangeField()


class DayAfter(Func):
    """The next day."""

    template = "(%(expressions)s + 1)"
    output_field = models.DateField()


class ParameterOverride(models.Model):
    """In this pilot a rule has another value than the scheme's, for a time and for a reason.

    Rows are never changed or taken away. An override that ends before its time keeps what was agreed; ``ended_on``
    is the first day on which the scheme's own value holds again, and who ended it, why and when stands beside it.
    ``value`` is text in the form its ``unit`` asks for (``pilots/schemes/writing.py``).
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="overrides", verbose_name=_("pilot"))
    parameter = models.CharField(_("rule"), max_length=60)
    value = models.CharField(_("value"), max_length=500)
    unit = models.CharField(_("unit"), max_length=40)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), help_text=_("The last day. An override always has an end."))
    reason = models.CharField(
        _("reason"), max_length=500, help_text=_("Every partner of the pilot reads this. Write no names of workers.")
    )
    # Partners do not see each other's accounts; who decided is kept as the name the person had on that day.
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)
    recorded_name = models.CharField(_("recorded by"), max_length=150)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_reason = models.CharField(_("why it ended"), max_length=500, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True, db_constraint=False)
    ended_name = models.CharField(_("ended by"), max_length=150, blank=True)
    ended_at = models.DateTimeField(_("end recorded"), null=True, blank=True)

    row_policy = rows(
        operator="r all", programme="riu pilot", safeguarding="r pilot", recruiter="r pilot", employer="r pilot",
        welfare="r pilot", reader="r pilot", compiler="r pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("override of a rule")
        verbose_name_plural = _("overrides of rules")
        ordering = ["parameter", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="override_ends_after_start",
                violation_error_message=_("An override ends on or after the day on which it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(value=""),
                name="override_says_why",
                violation_error_message=_("An override has a value and a reason."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_at__isnull=True, ended_by__isnull=True, ended_reason="")
                | (Q(ended_on__isnull=False, ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_reason="")),
                name="override_ended_with_reason",
                violation_error_message=_("An override that ends early says when, why and who ended it."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("valid_from"), ended_on__lte=F("valid_to")),
                name="override_ended_within",
                violation_error_message=_("An override can only end early within its own days."),
            ),
            ExclusionConstraint(
                name="override_one_at_a_time",
                expressions=[
                    (F("pilot"), RangeOperators.EQUAL),
                    (F("parameter"), RangeOperators.EQUAL),
                    (Days(F("valid_from"), Coalesce(F("ended_on"), DayAfter(F("valid_to")))), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another override of this rule already holds on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parameter} {self.valid_from:%Y-%m-%d}"
