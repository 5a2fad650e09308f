"""The day and the filters of the page that says who can depart."""

from datetime import date, timedelta
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import offer
from pilots.models import Cohort
from workers.forms import ANY
from workers.queries.departing import Count

BEFORE, AFTER = timedelta(days=31), timedelta(days=1000)  # of the cohort's departure and of today


class DayForm(forms.Form):
    """The day that is asked about."""

    on = forms.DateField(label=_("On the day"), widget=forms.DateInput)

    def day(self, cohort: Cohort, today: date) -> date:
        """The day that is asked about: the cohort's departure where none that can be read is given, or today after that."""
        given = cast("forms.DateField", self.fields["on"])
        try:
            asked = given.clean(self.data.get("on", ""))
        except forms.ValidationError:
            asked = None
        # Rules stand for the time around a departure; a day far from it asks for nothing.
        first, last = min(cohort.departs_on, today), max(cohort.departs_on, today)
        near = asked is not None and first - BEFORE <= asked <= last + AFTER
        return asked if asked and near else last


class ReadinessForm(DayForm):
    """Which people of the day: those who can, those who cannot, by what is missing, by who can bring it."""

    on = forms.DateField(required=False, widget=forms.HiddenInput)
    who = forms.ChoiceField(
        label=_("Who"), required=False, choices=[*ANY, ("can", _("Can fly")), ("cannot", _("Cannot fly yet"))]
    )
    lacks = forms.ChoiceField(label=_("What is missing"), required=False)
    owner = forms.ChoiceField(label=_("From whom"), required=False)

    def offer(self, matters: list[Count], owners: list[Count]) -> None:
        """Offer what is found on the day, each with its number of people."""
        for name, counts in (("lacks", matters), ("owner", owners)):
            offer(self, name, ANY + [(one.key, f"{one.words} ({one.people})") for one in counts])

    def chosen(self) -> dict[str, str]:
        """The filters in use; one that cannot be read filters nothing."""
        self.full_clean()
        return {name: self.cleaned_data[name] for name in ("who", "lacks", "owner") if self.cleaned_data.get(name)}
