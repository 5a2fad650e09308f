"""The forms of the reports: ask for one, withdraw an edition, sign for a rare event."""

from datetime import date
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from pilots.models import Pilot
from reports.kinds import ReportKind
from reports.signing import rare_events


class OrderForm(forms.Form):
    """Pilot, kind and period; the data cut-off is now."""

    period_from = forms.DateField(
        label=_("Cohorts departing from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    period_to = forms.DateField(label=_("to"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(
        label=_("Reason for a new edition"),
        max_length=300,
        required=False,
        help_text=_("Only when you ask again for a period that already has a report; it is printed in the report."),
    )

    prices = forms.BooleanField(
        label=_("Also compare income by what money buys"), required=False,
        help_text=_("Adds the income multiple at purchasing power beside the one at market rates. The report says which is which, and of which years."),
    )  # fmt: skip

    def __init__(self, *args, kinds: list[ReportKind], today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pilot"] = forms.ModelChoiceField(
            label=_("Pilot"), queryset=Pilot.objects.order_by("name"), empty_label=None
        )
        self.fields["kind"] = forms.ChoiceField(label=_("Report"), choices=[(k.code, _(k.title)) for k in kinds])
        self.fields["period_from"].initial = date(today.year - 1, today.month, 1)
        self.fields["period_to"].initial = today

    def clean(self):
        """The period runs forwards."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("period_from"), cleaned.get("period_to")
        if first and last and last < first:
            self.add_error("period_to", _("The period ends before it begins."))
        return cleaned


class WithdrawalForm(forms.Form):
    """Why an edition should not be relied on any more."""

    reason = forms.CharField(
        label=_("Why is this edition withdrawn?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Its readers see these words above the report. Name nobody."),
    )


class SignOffForm(forms.Form):
    """One rare event of a pilot in a period: may it be shown, and why."""

    event = forms.ChoiceField(label=_("Rare event"))
    period_from = forms.DateField(
        label=_("Cohorts departing from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    period_to = forms.DateField(
        label=_("to"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A year at least, and the same days as the report."),
    )  # fmt: skip
    decision = forms.ChoiceField(
        label=_("Your decision"),
        widget=forms.RadioSelect,
        choices=[("hide", _("It stays hidden")), ("show", _("It may be shown"))],
        initial="hide",
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with your name. It is not printed in the report. Name nobody."),
    )  # fmt: skip

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pilot"] = forms.ModelChoiceField(
            label=_("Pilot"), queryset=Pilot.objects.order_by("name"), empty_label=None
        )
        cast(forms.ChoiceField, self.fields["event"]).choices = list(rare_events().items())
        self.fields["period_from"].initial = date(today.year - 1, 1, 1)
        self.fields["period_to"].initial = date(today.year - 1, 12, 31)
