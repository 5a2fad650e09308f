"""The form that asks for papers."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

LEAD = timedelta(days=14)  # before the departure, as proposed


class AskForm(forms.Form):
    """For which departure, by when, and a word to whoever is asked."""

    departs_on = forms.DateField(label=_("For a departure on"), widget=forms.DateInput)
    due_on = forms.DateField(label=_("To be here by"), widget=forms.DateInput)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Read by the members of the organisations that are asked. No names: the list says who."),
    )  # fmt: skip

    def __init__(self, data=None, *, today: date, **options):
        super().__init__(data, **options)
        self.today = today

    @staticmethod
    def proposed(departs_on: date, today: date) -> dict[str, date]:
        """What stands in the form first: two weeks before the departure, or tomorrow where that is over."""
        return {"departs_on": departs_on, "due_on": min(max(departs_on - LEAD, today + timedelta(days=1)), departs_on)}

    def clean(self) -> dict:
        """Due from today on, on the day of the departure at the latest."""
        clean = super().clean() or {}
        due, departs = clean.get("due_on"), clean.get("departs_on")
        if due and due < self.today:
            self.add_error("due_on", _("The day has passed."))
        if due and departs and due > departs:
            self.add_error("due_on", _("Papers are due on the day of the departure at the latest."))
        return clean
