"""Forms of lists: which pilot and cohort, in which format, for whom without persons."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import offer
from pilots.models import Cohort, Pilot
from workers.models import Export

from .listings import Listing


class ListFilter(forms.Form):
    """The filters of a list that has no page of its own."""

    pilot = forms.ChoiceField(label=_("Pilot"), required=False)
    cohort = forms.ChoiceField(label=_("Cohort"), required=False)

    def __init__(self, data: Any, *, listing: Listing, pilot_id: int | None):
        super().__init__(data)
        pilots = list(Pilot.objects.order_by("name", "pk").values_list("pk", "name"))
        offer(self, "pilot", [(str(pk), name) for pk, name in pilots])
        rows = Cohort.objects.filter(pilot=pilot_id).order_by("-departs_on", "pk").values_list("pk", "name")
        offer(self, "cohort", [("", _("Any")), *((str(pk), name) for pk, name in rows)])
        for name in list(self.fields):
            if name not in listing.filters or (name == "pilot" and len(pilots) < 2):
                del self.fields[name]


class DownloadForm(forms.Form):
    """How a list is wanted."""

    format = forms.ChoiceField(
        label=_("Format"), choices=Export.Format.choices, initial=Export.Format.XLSX, widget=forms.RadioSelect
    )
    without_persons = forms.BooleanField(
        label=_("Without persons, for analysis"), required=False,
        help_text=_("Codes instead of names, moved days, no contact, no numbers of papers, rare words made general. Of a whole pilot, and of twenty persons at least."),
    )  # fmt: skip
    recipient = forms.CharField(
        label=_("Who gets it"), required=False, max_length=120,
        help_text=_("Only for a file without persons. Each recipient gets other codes, so that files cannot be joined."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, deidentified: bool):
        super().__init__(data)
        if not deidentified:
            del self.fields["without_persons"], self.fields["recipient"]

    def clean(self) -> dict[str, Any]:
        """A file without persons names who gets it; the name alone is no wish for one."""
        data = super().clean() or self.cleaned_data
        recipient = (data.get("recipient") or "").strip()
        if data.get("without_persons") and len(recipient) < 3:
            self.add_error("recipient", _("Write who gets the file; the codes are made for them."))
        data["recipient"] = recipient if data.get("without_persons") else ""
        return data
