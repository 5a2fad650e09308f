"""Forms of a grant and of its targets."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import Kind
from pilots.forms import WholeRow, among
from pilots.models import Grant, GrantTarget, Participation, Pilot

BEFORE = _("A target lies on or after the day on which the grant begins.")


class GrantForm(WholeRow):
    """A new grant of a funder that takes part in the pilot."""

    class Meta:
        model = Grant
        fields = ["organisation", "name", "reference", "amount", "currency", "starts_on", "ends_on"]

    def __init__(self, *args, pilot: Pilot, **kwargs):
        super().__init__(*args, **kwargs)
        taking_part = Participation.objects.filter(pilot=pilot, kind=Kind.FUNDER, left_on__isnull=True)
        among(self, "organisation", Organisation.objects.filter(pk__in=taking_part.values("organisation")))
        self.initial["currency"] = self.initial.get("currency") or pilot.currency

    def clean_currency(self) -> str:
        """Capital letters."""
        return self.cleaned_data["currency"].strip().upper()


class TargetForm(WholeRow):
    """A new target of a grant."""

    class Meta:
        model = GrantTarget
        fields = ["figure", "value", "by_on"]

    def clean(self) -> dict:
        """A target lies within the days of its grant, or after: what it brought may show later."""
        super().clean()
        by_on = self.cleaned_data.get("by_on")
        if by_on and by_on < self.instance.grant.starts_on:
            self.add_error("by_on", forms.ValidationError(BEFORE, code="before"))
        return self.cleaned_data
