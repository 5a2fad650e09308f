"""Forms of a grant and of its targets."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.merging import SeenForm
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


class GrantChangeForm(SeenForm, WholeRow):
    """What may be set right of a grant: everything but whose it is."""

    class Meta:
        model = Grant
        fields = ["name", "reference", "amount", "currency", "starts_on", "ends_on"]

    def clean_currency(self) -> str:
        """Capital letters."""
        return self.cleaned_data["currency"].strip().upper()


class ClosingForm(SeenForm, WholeRow):
    """The day on which a grant was closed before its time, and why. Empty days open it again."""

    class Meta:
        model = Grant
        fields = ["closed_on", "closed_reason"]

    def clean(self) -> dict:
        """A day and its reason go together."""
        super().clean()
        day, why = self.cleaned_data.get("closed_on"), (self.cleaned_data.get("closed_reason") or "").strip()
        if day and not why:
            self.add_error("closed_reason", _("Say why it was closed; the funder reads it."))
        if why and not day:
            self.add_error("closed_on", _("Say on which day it was closed."))
        return self.cleaned_data


class TargetChangeForm(forms.Form):
    """A target is another one from a day on, or none any more."""

    on = forms.DateField(label=_("From"), widget=forms.DateInput)
    value = forms.DecimalField(
        label=_("New value"), required=False, min_value=0, max_digits=12, decimal_places=2,
        help_text=_("Left open: from that day it is no target any more."),
    )  # fmt: skip
    by_on = forms.DateField(label=_("To be reached by"), required=False, widget=forms.DateInput)
    reason = forms.CharField(label=_("Why"), max_length=300)

    def __init__(self, *args, target: GrantTarget, **kwargs):
        super().__init__(*args, **({"label_suffix": "", "initial": {"by_on": target.by_on}} | kwargs))
        self.target = target

    def clean(self) -> dict:
        """The change is not before the target was agreed, and the new one passes the rules of the table."""
        data = super().clean() or {}
        on, target = data.get("on"), self.target
        if on and on < (target.agreed_on or target.grant.starts_on):
            self.add_error("on", _("This target was agreed later than that."))
        if data.get("value") is not None and not self.errors and on:
            self.new = GrantTarget(
                pilot_id=target.pilot_id, organisation_id=target.organisation_id, grant=target.grant, figure=target.figure,
                value=data["value"], by_on=data.get("by_on") or target.by_on, agreed_on=on,
            )  # fmt: skip
            try:
                self.new.clean_fields()
                self.new.validate_constraints(exclude={"grant", "by_on"} if self.new.by_on == target.by_on else None)
            except forms.ValidationError as problem:
                self.add_error(None, problem)
            if self.new.by_on < target.grant.starts_on:
                self.add_error("by_on", BEFORE)
        return data

    def save(self) -> None:
        """End the old target; write the new one, if there is one. Call it inside a transaction."""
        self.target.ended_on, self.target.ended_reason = self.cleaned_data["on"], self.cleaned_data["reason"]
        self.target.save(update_fields=["ended_on", "ended_reason"])
        if self.cleaned_data.get("value") is not None:
            self.new.save()


class TargetForm(WholeRow):
    """A new target of a grant."""

    class Meta:
        model = GrantTarget
        fields = ["figure", "value", "by_on", "agreed_on"]

    def clean(self) -> dict:
        """A target lies within the days of its grant, or after: what it brought may show later."""
        super().clean()
        by_on = self.cleaned_data.get("by_on")
        if by_on and by_on < self.instance.grant.starts_on:
            self.add_error("by_on", forms.ValidationError(BEFORE, code="before"))
        return self.cleaned_data
