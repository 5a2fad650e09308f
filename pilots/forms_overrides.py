"""Forms to depart from a rule of the scheme, and to end that before its time."""

from datetime import date
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilots.schemes.scheme import Parameter, Scheme
from pilots.value_words import written


class OverrideForm(forms.Form):
    """One rule, another value, from a day to a day, and why."""

    parameter = forms.ChoiceField(label=gettext_lazy("Rule"))
    value = forms.CharField(
        label=gettext_lazy("Value in this pilot"), max_length=500,
        help_text=gettext_lazy("In the unit that stands beside the rule. It replaces all exceptions and classes too."),
    )  # fmt: skip
    valid_from = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput)
    valid_to = forms.DateField(
        label=gettext_lazy("To"), widget=forms.DateInput,
        help_text=gettext_lazy("The last day. An override always has an end."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Every partner of the pilot reads this. Write no names of workers."),
    )  # fmt: skip

    def __init__(self, *args, scheme: Scheme, today: date, **options):
        super().__init__(*args, **({"label_suffix": ""} | options))
        offered = [(name, _offer(scheme.changes(name), today)) for name in scheme.names]
        choice = cast("forms.ChoiceField", self.fields["parameter"])
        choice.choices = [("", _("Choose a rule")), *sorted(offered, key=lambda pair: pair[1])]

    def clean(self) -> dict:
        """The end is not before the beginning; the database says the same, in a place where no field is named."""
        clean = super().clean() or {}
        if clean.get("valid_from") and clean.get("valid_to") and clean["valid_to"] < clean["valid_from"]:
            raise ValidationError({"valid_to": _("An override ends on or after the day on which it begins.")})
        return clean


def _offer(values: tuple[Parameter, ...], today: date) -> str:
    """The rule in words, with what the scheme says today or said last."""
    value = next((row for row in values if row.holds_on(today)), values[-1])
    says = _("by class") if value.goes_by_class else written(value.value, value.unit, value.currency)
    if value.goes_by_class:
        says = f"{says}, {value.unit.replace('money', value.currency)}"
    return f"{value.words} ({says})"


class EndForm(forms.Form):
    """From which day the scheme's own value holds again, and why."""

    on = forms.DateField(
        label=gettext_lazy("The scheme’s own value holds again from"), widget=forms.DateInput,
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why it ends early"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **({"label_suffix": ""} | options))
