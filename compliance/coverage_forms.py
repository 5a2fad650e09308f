"""The form of an attempt that reached nobody."""

from django import forms
from django.utils.translation import gettext_lazy

from compliance.models import ContactAttempt


class AttemptForm(forms.Form):
    """When somebody tried, and why it failed."""

    tried_on = forms.DateField(label=gettext_lazy("Tried on"), widget=forms.DateInput)
    reason = forms.ChoiceField(
        label=gettext_lazy("Why nobody was reached"), choices=ContactAttempt.Reason, widget=forms.RadioSelect
    )
    stage = forms.CharField(max_length=20, widget=forms.HiddenInput)
    due_on = forms.DateField(widget=forms.HiddenInput)

    def __init__(self, data=None, **options):
        super().__init__(data, label_suffix="", **options)
