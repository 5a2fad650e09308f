"""Forms of a pilot's own things: cohorts, sites, job orders."""

from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.merging import SeenForm
from accounts.models import Organisation
from accounts.roles import Kind
from pilots.models import Cohort, JobOrder, Participation, Pilot, Site


def among(form: forms.BaseForm, name: str, rows: QuerySet) -> None:
    """Offer these rows in a field of the form."""
    cast("forms.ModelChoiceField", form.fields[name]).queryset = rows


class WholeRow(forms.ModelForm):
    """A form that asks every constraint of the table, also those over columns it does not show."""

    def validate_constraints(self) -> None:
        """The sentences of broken constraints, as errors of the form; none before each field can be read."""
        if self.errors:
            return
        try:
            self.instance.validate_constraints()
        except ValidationError as problem:
            self.add_error(None, problem)


class CohortForm(WholeRow):
    """A new cohort: its target number and the dates that everything runs towards."""

    class Meta:
        model = Cohort
        fields = ["name", "code", "season", "target", "opens_on", "departs_on", "returns_on"]


class CohortChangesForm(SeenForm, CohortForm):
    """A cohort that stands, beside whoever changes it just now."""


class SiteForm(WholeRow):
    """A new place of work of an employer that takes part."""

    class Meta:
        model = Site
        fields = ["employer", "name", "region"]

    def __init__(self, *args, pilot: Pilot, **kwargs):
        super().__init__(*args, **kwargs)
        taking_part = Participation.objects.filter(pilot=pilot, kind=Kind.EMPLOYER, left_on__isnull=True)
        among(self, "employer", Organisation.objects.filter(pk__in=taking_part.values("organisation")))


class SiteChoice(forms.ModelChoiceField):
    """Sites with their employers, for there may be two of a name."""

    def label_from_instance(self, site: Site) -> str:
        """Employer, then site."""
        return f"{site.employer.name}: {site.name}"


class JobOrderForm(WholeRow):
    """A new job order: the employer follows from the site."""

    site = SiteChoice(Site.objects.none(), label=_("Site"), help_text=_("The employer follows from the site."))

    class Meta:
        model = JobOrder
        fields = [
            "cohort",
            "site",
            "task",
            "places",
            "starts_on",
            "ends_on",
            "hourly_rate",
            "hours_per_week",
            "currency",
        ]

    def __init__(self, *args, pilot: Pilot, **kwargs):
        super().__init__(*args, **kwargs)
        among(self, "cohort", Cohort.objects.filter(pilot=pilot))
        among(self, "site", Site.objects.filter(pilot=pilot).select_related("employer"))
        self.fields["currency"].initial = pilot.currency

    def clean(self) -> dict:
        """The employer of the order is the employer of its site."""
        super().clean()
        clean = self.cleaned_data
        if clean.get("site"):
            self.instance.employer_id = clean["site"].employer_id
        return clean

    def clean_currency(self) -> str:
        """Capital letters."""
        return self.cleaned_data["currency"].strip().upper()
