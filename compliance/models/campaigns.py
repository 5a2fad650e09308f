"""Campaigns: a random sample of a partner's files, worked through question by question, with a stated seed.

The population is frozen when the sample is drawn: its ids, their number and their hash. Whoever has the ids and the
seed draws the same sample again (``compliance/campaigns/drawing.py``).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Cohort, Pilot
from workers.models import Placement


class Campaign(models.Model):
    """One sample drawn from one partner's files."""

    class Of(models.TextChoices):
        """Whose files: by what the partner is to the placement."""

        RECRUITED = "recruited", _("Placements it recruited for")
        EMPLOYED = "employed", _("Placements it employs or employed")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", verbose_name=_("pilot"))
    partner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("partner"))
    of = models.CharField(_("files"), max_length=10, choices=Of)
    cohort = WithinPilot(Cohort, models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    definition = models.CharField(_("population in words"), max_length=300)
    population = ArrayField(models.BigIntegerField(), verbose_name=_("population"))
    population_size = models.PositiveIntegerField(_("size of the population"))
    population_hash = models.CharField(_("hash of the population"), max_length=64)
    sample_size = models.PositiveIntegerField(_("size of the sample"))
    seed = models.CharField(_("seed"), max_length=64)
    questions = ArrayField(models.CharField(max_length=24), verbose_name=_("questions"))
    drawn_on = models.DateField(_("drawn"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    who = models.CharField(_("drawn by"), max_length=150)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    # A partner never knows beforehand which of its files are looked at.
    row_policy = rows(
        programme="ri pilot", safeguarding="ri pilot", welfare="ri pilot", history="restricted", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-drawn_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sample_size__gte=1) & Q(sample_size__lte=F("population_size")),
                name="campaign_sample_within_population",
                violation_error_message=_("A sample has at least one file and at most the whole population."),
            ),
            models.CheckConstraint(
                condition=Q(population__len=F("population_size")),
                name="campaign_population_counted",
                violation_error_message=_("The population is the files that were counted."),
            ),
            models.CheckConstraint(
                condition=~Q(seed=""),
                name="campaign_states_its_seed",
                violation_error_message=_("State the seed, so that anybody can draw the same sample again."),
            ),
            models.CheckConstraint(
                condition=Q(questions__len__gte=1),
                name="campaign_asks_something",
                violation_error_message=_("Choose at least one question."),
            ),
        ]

    def __str__(self) -> str:
        return f"campaign {self.pk}"


class CampaignItem(models.Model):
    """One file of the sample, in the order in which it was drawn."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    campaign = WithinPilot(Campaign, models.PROTECT, related_name="items", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="+")
    place = models.PositiveIntegerField(_("place in the sample"))

    row_policy = rows(
        programme="ri pilot", safeguarding="ri pilot", welfare="ri pilot", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("file of a campaign")
        verbose_name_plural = _("files of a campaign")
        ordering = ["campaign", "place"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "place"], name="campaign_place_once"),
            models.UniqueConstraint(fields=["campaign", "placement"], name="campaign_file_once"),
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"


class CampaignAnswer(models.Model):
    """What a reviewer found for one question of one file. A later answer to the same question stands in its place."""

    class Answer(models.TextChoices):
        """The three answers."""

        COMPLETE = "complete", _("Complete")
        INCOMPLETE = "incomplete", _("Incomplete")
        WRONG = "wrong", _("Wrong")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    item = WithinPilot(CampaignItem, models.PROTECT, related_name="answers", db_index=False)
    question = models.CharField(_("question"), max_length=24)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)
    words = models.CharField(_("what was seen"), max_length=300, blank=True)
    reviewed_on = models.DateField(_("reviewed"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    who = models.CharField(_("reviewer"), max_length=150)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        programme="ri pilot", safeguarding="ri pilot", welfare="ri pilot", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("answer of a campaign")
        verbose_name_plural = _("answers of a campaign")
        ordering = ["id"]
        indexes = [models.Index(fields=["item", "question", "-id"], name="campaign_answer_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="complete") | (Q(answer__in=["incomplete", "wrong"]) & ~Q(words="")),
                name="campaign_answer_says_what",
                violation_error_message=_("Say what is missing or wrong."),
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
