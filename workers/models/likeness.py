"""The same person? Signs by which look-alikes are found, pairs to be decided, and merges that can be undone.

A merge rewrites nothing: ``MergedPerson`` says for which person another one now stands too, and whatever asks for
"the same person" reads through the view ``workers_same``. So nothing is lost, undoing is exact, and a recruiter whose
person was found to be another's sees nothing change (decision 0025).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot
from workers.models.people import Person, derived


def beside(name: str = "+", **options) -> models.ForeignKey:
    """The person a derived row is about. Without a constraint: who is taken back with a sheet goes, and the seeker
    clears up after them."""
    return models.ForeignKey(Person, models.PROTECT, related_name=name, db_index=False, db_constraint=False, **options)


class LikenessSign(models.Model):
    """One thing that two records of a person would share: a name code, a birth date, a paper, a phone.

    Derived from the person by ``workers/likeness/signs.py`` and written anew when the person changes. ``on`` is the date
    of birth where the sign counts only near it.
    """

    pilot = derived(Pilot)
    person = beside()
    recruiter = derived(Organisation, null=True)
    sign = models.CharField(max_length=80)
    on = models.DateField(null=True)

    row_policy = rows(owner="rd all", programme="rid pilot", recruiter="r recruiter", history="none")

    class Meta:
        verbose_name = _("sign of likeness")
        verbose_name_plural = _("signs of likeness")
        indexes = [
            models.Index(fields=["pilot", "sign", "on"], include=["person"], name="sign_of_pilot"),
            # A recruiter's own index, so that how many rivals share a sign changes nothing in its search.
            models.Index(fields=["recruiter", "sign", "on"], include=["person"], name="sign_of_recruiter"),
            models.Index(fields=["person"], name="sign_of_person"),
        ]

    def __str__(self) -> str:
        return f"sign {self.pk}"


class LikenessMark(models.Model):
    """People whose compared facts changed since look-alikes were last sought: one row for each statement, by trigger."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_constraint=False)
    ids = ArrayField(models.BigIntegerField())
    at = models.DateTimeField(db_default=Now())

    row_policy = rows(owner="ri all", operator="r all", programme="rd pilot", history="none")

    class Meta:
        verbose_name = _("mark of changed people")
        verbose_name_plural = _("marks of changed people")

    def __str__(self) -> str:
        return f"mark {self.pk}"


class LikePair(models.Model):
    """Two people who may be one, with what speaks for and against it. Only the programme sees pairs."""

    class State(models.TextChoices):
        """What was decided, if anything."""

        OPEN = "open", _("To decide")
        SAME = "same", _("The same person")
        DIFFERENT = "different", _("Different people")
        LATER = "later", _("Later")
        FADED = "faded", _("No longer alike")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    first = beside(verbose_name=_("first"))
    second = beside(verbose_name=_("second"))
    points = models.SmallIntegerField(_("points"))
    parts = models.JSONField(_("parts"), default=list)
    facts = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(_("found"), db_default=Now())
    asked_again = models.BooleanField(_("asked again"), default=False)
    again_on = models.DateField(_("again on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_constraint=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    row_policy = rows(owner="rd all", programme="riud pilot", history="none")

    class Meta:
        verbose_name = _("pair of look-alikes")
        verbose_name_plural = _("pairs of look-alikes")
        indexes = [
            models.Index(fields=["pilot", "state", "-points", "id"], name="pair_queue"),
            models.Index(fields=["second"], name="pair_second"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], name="pair_once", violation_error_message=_("This pair is already known.")
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="pair_in_order",
                violation_error_message=_("A pair names its two people in the order they were recorded."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "faded"]) | (Q(decided_at__isnull=False) & ~Q(reason="")),
                name="pair_decision_has_reason",
                violation_error_message=_("A decision needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"pair {self.pk}"


class LikeDecision(models.Model):
    """What somebody decided about a pair, and why. Append-only; the pair shows the last one."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    pair = models.ForeignKey(
        LikePair, models.PROTECT, related_name="decisions", db_constraint=False, verbose_name=_("pair")
    )
    answer = models.CharField(_("answer"), max_length=9, choices=LikePair.State)
    points = models.SmallIntegerField(_("points"))
    reason = models.CharField(_("reason"), max_length=300)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(owner="rd all", programme="ri pilot", history="none", append_only=True)

    class Meta:
        verbose_name = _("decision on a pair")
        verbose_name_plural = _("decisions on pairs")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.answer} {self.pk}"


class MergeEvent(models.Model):
    """Somebody merged a person into another, or undid that. Append-only."""

    class Kind(models.TextChoices):
        """What was done."""

        MERGE = "merge", _("Merged")
        UNMERGE = "unmerge", _("Merge undone")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    # Without constraints: once a merge is undone its people may be taken back with their sheet, and the event stays. While
    # it stands the row of ``MergedPerson`` keeps them; that both are of the pilot is asked when the event is written.
    keep = beside(verbose_name=_("kept"))
    other = beside(verbose_name=_("merged into it"))
    undoes = models.OneToOneField(
        "self", models.PROTECT, related_name="undone_by", null=True, blank=True, db_constraint=False
    )
    reason = models.CharField(_("reason"), max_length=300)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    request = models.CharField(max_length=64, blank=True)

    row_policy = rows(
        owner="r all", programme="ri pilot", safeguarding="r pilot", history="none", append_only=True
    )  # fmt: skip

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(keep=F("other")),
                name="merge_of_two",
                violation_error_message=_("A person cannot be merged into itself."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="merge_has_reason", violation_error_message=_("A merge needs a reason.")
            ),
            models.CheckConstraint(
                condition=Q(kind="merge", undoes__isnull=True) | Q(kind="unmerge", undoes__isnull=False),
                name="merge_undoes_one",
                violation_error_message=_("What is undone is one merge."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class MergedPerson(models.Model):
    """For whom a merged person now stands: always the last of a chain, so that one step answers.

    A recruiter reads the row only where both are its own, an employer where both worked for it. ``workers_same`` (``workers/likeness/same.py``) turns
    these rows into "who else is this?".
    """

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, db_constraint=False, related_name="merged")
    pilot = derived(Pilot)
    keep = WithinPilot(Person, models.PROTECT, related_name="stands_for")
    recruiter = derived(Organisation, null=True)
    merged_at = models.DateTimeField(_("merged"), db_default=Now())

    row_policy = rows(
        owner="rud all", programme="riud pilot", safeguarding="r pilot", recruiter="r recruiter",
        employer="r employs both", welfare="r pilot", compiler="r pilot", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("merged person")
        verbose_name_plural = _("merged people")
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("keep")),
                name="merged_into_another",
                violation_error_message=_("A person cannot be merged into itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"merged {self.person_id}"
