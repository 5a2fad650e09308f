"""The form of one's own notices: language, clock, hours, and how often each kind comes."""

from typing import Any

from django import forms
from django.utils import dates
from django.utils.translation import gettext_lazy as _

from accounts.forms import SettingsForm
from accounts.models import User
from accounts.notices.models import NoticeChoice, NoticePlan
from lamp_portal.notices.kinds import Kind

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class PlaceForm(SettingsForm):
    """The language and the clock that mails keep to."""

    theme = None  # type: ignore[assignment]  # Django’s way of leaving out a field of the form above
    time_zone = forms.ChoiceField(label=_("Time zone"))

    class Meta(SettingsForm.Meta):
        fields = ["language", "time_zone"]


class PlanForm(forms.ModelForm):
    """When mails come, and how often each kind does."""

    hour = forms.TypedChoiceField(label=_("Hour of the digest"), choices=HOURS, coerce=int)
    weekday = forms.TypedChoiceField(
        label=_("Day of the weekly digest"), choices=list(dates.WEEKDAYS.items()), coerce=int
    )
    quiet_from = forms.TypedChoiceField(label=_("Quiet from"), choices=HOURS, coerce=int)
    quiet_until = forms.TypedChoiceField(
        label=_("Quiet until"), choices=HOURS, coerce=int, help_text=_("The same hour twice: no quiet hours.")
    )

    class Meta:
        model = NoticePlan
        fields = ["hour", "weekday", "quiet_from", "quiet_until"]

    def __init__(self, *args: Any, kinds: list[Kind], chosen: dict[str, str], **options: Any):
        super().__init__(*args, **options)
        words = dict(NoticeChoice.Cadence.choices)
        self.kinds = kinds
        for kind in kinds:
            self.fields[kind.code] = forms.ChoiceField(
                label=str(kind.label), help_text=str(kind.help), initial=chosen.get(kind.code) or kind.proposed,
                choices=[(cadence, words[cadence]) for cadence in kind.cadences], widget=forms.RadioSelect,
            )  # fmt: skip

    def cadences(self) -> dict[str, str]:
        """kind → how often, of a valid form."""
        return {kind.code: self.cleaned_data[kind.code] for kind in self.kinds}

    def of_kinds(self) -> list[forms.BoundField]:
        """The questions of how often."""
        return [self[kind.code] for kind in self.kinds]


def place_form(user: User, data: Any = None) -> PlaceForm:
    """The form of the person's language and clock."""
    return PlaceForm(data, instance=user)
