"""A person, and apart from the person, under stricter policies: contact, background, identity documents, consent.

An employer sees who works for it, never the home income, the phone or the passport of a worker.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat, Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot
from workers.models.authors import recorded_by


def derived(to: type[models.Model], **options) -> models.ForeignKey:
    """The person's pilot or recruiter, repeated where a policy compares it.

    The composite key to the person says that they exist, and lists go through the person: another key and index on
    each part of a person would only make a sheet of workers slower, by about a third.
    """
    return models.ForeignKey(to, models.PROTECT, related_name="+", db_index=False, db_constraint=False, **options)


class Fold(Func):
    """Small letters without accents, so that a name is found however it is typed (``workers_fold`` of the database)."""

    function = "workers_fold"
    arity = 1
    output_field = models.TextField()


class Person(models.Model):
    """A worker or candidate of a pilot. One person may have many placements over seasons and employers."""

    class Sex(models.TextChoices):
        """As stated by the person."""

        FEMALE = "F", _("Female")
        MALE = "M", _("Male")
        OTHER = "X", _("Other")
        NOT_STATED = "N", _("Not stated")

    class Precision(models.TextChoices):
        """How exactly a date of birth is known; a record of 1 January may only mean the year."""

        DAY = "day", _("day")
        MONTH = "month", _("month")
        YEAR = "year", _("year")
        ESTIMATED = "estimated", _("estimated")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="people", verbose_name=_("pilot"), db_index=False)
    worker_code = models.CharField(_("worker ID"), max_length=40, help_text=_("The pilot's own code of the person."))
    recruiter = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("recruiter"),
        db_index=False,
    )  # fmt: skip
    family_name = models.CharField(_("family name"), max_length=120, blank=True)
    given_names = models.CharField(_("given names"), max_length=120, blank=True)
    passport_name = models.CharField(_("name as in passport"), max_length=200, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, default=Sex.NOT_STATED)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    birth_precision = models.CharField(_("precision"), max_length=9, choices=Precision, default=Precision.DAY)
    nationality = models.CharField(_("nationality"), max_length=2, blank=True)
    village = models.CharField(_("village"), max_length=120, blank=True)
    province = models.CharField(_("province"), max_length=120, blank=True)
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    version = models.PositiveIntegerField(default=1)
    # A stored column, because under row security only a plain comparison of a column may use its index.
    search = models.GeneratedField(
        expression=Fold(
            Concat(
                "family_name", Value(" "), "given_names", Value(" "), "passport_name", Value(" "), "worker_code",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )  # fmt: skip

    row_policy = rows(
        owner="rud all", programme="riu pilot", safeguarding="r pilot", recruiter="riu recruiter", employer="r employed",
        welfare="r pilot", compiler="r pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(fields=["pilot", "-id"], name="person_of_pilot"),
            models.Index(fields=["recruiter", "-id"], name="person_of_recruiter"),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="person_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "worker_code"],
                name="person_code_once",
                violation_error_message=_("Another person of this pilot has this worker ID."),
            ),
            models.CheckConstraint(
                condition=~Q(worker_code=""),
                name="person_has_code",
                violation_error_message=_("A person needs a worker ID."),
            ),
            models.CheckConstraint(
                condition=~Q(family_name="", given_names=""),
                name="person_has_a_name",
                violation_error_message=_("A person needs a family name or given names."),
            ),
            models.CheckConstraint(
                condition=Q(birth_date__isnull=True)
                | Q(birth_date__gte="1920-01-01", birth_date__lte=F("recorded_at__date")),
                name="person_birth_date_plausible",
                violation_error_message=_("The date of birth lies before 1920 or in the future."),
            ),
        ]

    def __str__(self) -> str:
        return self.worker_code

    @property
    def name(self) -> str:
        """Given names then family name, as people are addressed."""
        return f"{self.given_names} {self.family_name}".strip()


class PersonContact(models.Model):
    """How to reach a person. Not for employers: somebody who left must not be found through the portal."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, db_constraint=False, related_name="contact")
    pilot = derived(Pilot)
    recruiter = derived(Organisation, null=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)

    row_policy = rows(
        owner="rd all", programme="riu pilot", safeguarding="r pilot", recruiter="riu recruiter", welfare="r pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("contact details")
        verbose_name_plural = _("contact details")
        indexes = [GinIndex(fields=["phone"], opclasses=["gin_trgm_ops"], name="contact_phone")]

    def __str__(self) -> str:
        return f"contact of {self.person_id}"


class PersonBackground(models.Model):
    """Home situation, asked for the outcome measures. Neither employers nor welfare partners read it."""

    person = models.OneToOneField(
        Person, models.PROTECT, primary_key=True, db_constraint=False, related_name="background"
    )
    pilot = derived(Pilot)
    recruiter = derived(Organisation, null=True)
    marital_status = models.CharField(_("marital status"), max_length=20, blank=True)
    dependants = models.PositiveSmallIntegerField(_("dependants"), null=True, blank=True)
    home_income = models.DecimalField(_("home monthly income"), max_digits=14, decimal_places=2, null=True, blank=True)
    home_income_currency = models.CharField(_("home income currency"), max_length=3, blank=True)

    row_policy = rows(
        owner="rd all", programme="riu pilot", safeguarding="r pilot", recruiter="riu recruiter", compiler="r pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("background")
        verbose_name_plural = _("backgrounds")
        constraints = [
            models.CheckConstraint(
                condition=Q(home_income__isnull=True)
                | (Q(home_income__gte=0) & Q(home_income_currency__regex=r"^[A-Z]{3}$")),
                name="background_income_has_currency",
                violation_error_message=_("An income needs its currency and is not negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"background of {self.person_id}"


class IdentityDocument(models.Model):
    """A passport, national ID, visa or other paper with its number and dates. Apart from the person."""

    class Kind(models.TextChoices):
        """Kinds of paper that the journey asks for."""

        PASSPORT = "passport", _("Passport")
        NATIONAL_ID = "national id", _("National ID")
        VISA = "visa", _("Visa")
        MEDICAL = "medical", _("Medical certificate")
        POLICE = "police", _("Police certificate")
        INSURANCE = "insurance", _("Insurance policy")
        TEST = "test", _("Language or skills test")
        LICENCE = "licence", _("Driving or machine licence")

    person = WithinPilot(Person, models.PROTECT, related_name="documents", verbose_name=_("person"), db_index=False)
    pilot = derived(Pilot)
    recruiter = derived(Organisation, null=True)
    kind = models.CharField(_("type"), max_length=12, choices=Kind)
    number = models.CharField(_("number"), max_length=40)
    country = models.CharField(_("country"), max_length=2)
    issued_on = models.DateField(_("issued"), null=True, blank=True)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)
    recorded_by = recorded_by()

    row_policy = rows(
        owner="rud all", programme="riu pilot", safeguarding="r pilot", recruiter="riu recruiter", compiler="r pilot"
    )

    class Meta:
        verbose_name = _("identity document")
        verbose_name_plural = _("identity documents")
        indexes = [
            models.Index(fields=["person", "kind"], name="document_of_person"),
            models.Index(fields=["pilot", "expires_on"], name="document_expiry"),
            GinIndex(fields=["number"], opclasses=["gin_trgm_ops"], name="document_number"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "kind", "country", "number"],
                condition=Q(replaced_at__isnull=True),
                name="document_number_once",
                violation_error_message=_("This document number is already recorded for somebody else."),
            ),
            models.CheckConstraint(
                condition=~Q(number=""),
                name="document_has_number",
                violation_error_message=_("A document needs its number."),
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(expires_on__isnull=True) | Q(expires_on__gt=F("issued_on")),
                name="document_expires_after_issue",
                violation_error_message=_("A document expires after it was issued."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Consent(models.Model):
    """A person agreed to one purpose, in a version of the form and a language, until withdrawn."""

    class Purpose(models.TextChoices):
        """What the data may be used for; each is asked for apart."""

        PARTICIPATION = "participation", _("Taking part in the pilot")
        STATISTICS = "statistics", _("Reports without names")
        FOLLOW_UP = "follow_up", _("Being contacted after return")

    person = WithinPilot(Person, models.PROTECT, related_name="consents", verbose_name=_("person"))
    pilot = derived(Pilot)
    recruiter = derived(Organisation, null=True)
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose)
    given_on = models.DateField(_("given on"))
    form_version = models.CharField(_("form version"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=40, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        owner="rud all", programme="riu pilot", safeguarding="r pilot", recruiter="riu recruiter", welfare="r pilot",
        compiler="r pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_on__isnull=True),
                name="consent_once",
                violation_error_message=_("This person has already agreed to this."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_withdrawn_after_given",
                violation_error_message=_("Consent is withdrawn after it was given."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
