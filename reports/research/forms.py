"""Forms of research agreements and extracts."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pilots.forms import WholeRow
from pilots.models import Pilot
from reports.research.models import ResearchAgreement


class AgreementForm(WholeRow):
    """A new agreement, as it was signed on paper."""

    class Meta:
        model = ResearchAgreement
        fields = ["pilot", "recipient", "purpose", "signed_by", "signed_on", "ends_on", "k"]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        self.fields["pilot"] = forms.ModelChoiceField(
            label=_("Pilot"), queryset=Pilot.objects.order_by("name"), empty_label=None
        )


class ExtractForm(forms.Form):
    """The period of departures that an extract is of."""

    period_from = forms.DateField(label=_("Departed from"), widget=forms.DateInput)
    period_to = forms.DateField(label=_("to"), widget=forms.DateInput)

    def __init__(self, *args: Any, today: date, given: tuple[date, date] | None = None, **kwargs: Any) -> None:
        first, last = given or (date(today.year - 2, today.month, 1), today)
        given_first = {"label_suffix": "", "initial": {"period_from": first, "period_to": last}}
        super().__init__(*args, **(given_first | kwargs))


class EndForm(forms.Form):
    """Why an agreement is ended before its day."""

    reason = forms.CharField(label=_("Why is it ended?"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
