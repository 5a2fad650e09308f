"""The filters above the lists of this app: GET forms, drawn by ``{% filter_bar %}``. A list reads the address itself, and
what is no choice of a filter asks for nothing.
"""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import offer
from pilots.models import Pilot

Choices = Sequence[tuple[str, str | Promise]]


class ListFilter(forms.Form):
    """A filter by pilot, for whoever sees several; others add to it. ``choices``: field → (value, words) it offers.

    A field with at most one choice to make is left out.
    """

    pilot = forms.ChoiceField(label=gettext_lazy("Pilot"), required=False)

    def __init__(self, given: Mapping[str, str], pilots: Sequence[Pilot] = (), **choices: Choices):
        super().__init__(given, label_suffix="", auto_id="f-%s")
        offered: dict[str, Choices] = {"pilot": [(str(p.pk), p.name) for p in pilots], **choices}
        for name, field in list(self.fields.items()):
            if not isinstance(field, forms.ChoiceField):
                continue
            found = list(offered.get(name, ()))
            if any(value == "" for value, _words in found):
                offer(self, name, found)
            elif len(found) > 1:
                offer(self, name, [("", _("All")), *found])
            else:
                del self.fields[name]

    @property
    def some(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.fields)


class StateFilter(ListFilter):
    """Which state: corrective actions."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    field_order = ("state", "pilot")


class PeriodFilter(ListFilter):
    """How far back: coverage and patterns."""

    days = forms.ChoiceField(label=gettext_lazy("How far back"), required=False)
    field_order = ("days", "pilot")


class StageFilter(ListFilter):
    """Which stage of checks, at which place."""

    site = forms.ChoiceField(label=gettext_lazy("Place of work"), required=False)
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    field_order = ("site", "stage")


class DutyFilter(ListFilter):
    """Duties by state, owner and worker."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Who owes it"), required=False)
    worker = forms.CharField(label=gettext_lazy("Worker"), required=False, max_length=120)
    field_order = ("state", "owner", "worker", "pilot")


class FindingFilter(ListFilter):
    """Findings by state, severity, item or rule, and by whom or where they are about."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    severity = forms.ChoiceField(label=gettext_lazy("Severity"), required=False)
    code = forms.CharField(label=gettext_lazy("Item or rule"), required=False, max_length=20)
    partner = forms.ChoiceField(label=gettext_lazy("Employer or recruiter"), required=False)
    site = forms.ChoiceField(label=gettext_lazy("Place of work"), required=False)
    field_order = ("state", "severity", "code", "partner", "site", "pilot")


class CaseFilter(ListFilter):
    """Cases that name the reader, by stage and by what waits."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    waits = forms.ChoiceField(label=gettext_lazy("What waits"), required=False)
    field_order = ("stage", "waits", "pilot")
