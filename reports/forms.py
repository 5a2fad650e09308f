"""The form that asks for a report."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from pilots.models import Pilot
from reports.kinds import ReportKind


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
