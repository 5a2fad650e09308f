"""The forms with which a sheet is sent, and the list of those sent is narrowed."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scope import Scope
from pilots.models import Cohort, Pilot
from workers.models import ImportBatch

from . import chain
from .judges import offered
from .kinds import COLUMNS

DATE_ORDERS = (
    ("", gettext_lazy("Only dates that can be read one way")),
    ("dmy", gettext_lazy("Day, month, year: 3/4/2026 is 3 April")),
    ("mdy", gettext_lazy("Month, day, year: 3/4/2026 is 4 March")),
    ("ymd", gettext_lazy("Year, month, day: 2026/4/3 is 3 April")),
)


class ReadingForm(forms.Form):
    """How the dates and amounts of a file are meant."""

    date_order = forms.ChoiceField(label=gettext_lazy("Dates are written as"), choices=DATE_ORDERS, required=False)
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$", label=gettext_lazy("Currency"), required=False, max_length=3,
        help_text=gettext_lazy("For amounts without their own, such as TOP."),
        error_messages={"invalid": gettext_lazy("Write the three letters of the currency, such as TOP.")},
    )  # fmt: skip

    def clean_currency(self) -> str:
        """In capitals."""
        return self.cleaned_data["currency"].upper()


class UploadForm(ReadingForm):
    """A file, what it is and where it belongs, and how it is read."""

    field_order = ("file", "kind", "pilot", "cohort", "date_order", "currency")
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Excel (.xlsx, .xls), OpenDocument (.ods) or text (.csv)."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.tsv,.txt"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What is in it"))
    pilot = forms.ModelChoiceField(label=gettext_lazy("Pilot"), queryset=Pilot.objects.none(), empty_label=None)
    cohort = forms.ModelChoiceField(
        label=gettext_lazy("Cohort"), queryset=Cohort.objects.none(), required=False,
        help_text=gettext_lazy("For rows that name no cohort of their own. New people are nominated for it."),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(code, _(COLUMNS[code].title)) for code in offered(by)]  # type: ignore[attr-defined]
        self.fields["pilot"].queryset = Pilot.objects.select_related("corridor").order_by("name")  # type: ignore[attr-defined]
        self.fields["cohort"].queryset = Cohort.objects.order_by("-departs_on", "id")  # type: ignore[attr-defined]
        self.fields["cohort"].empty_label = _("None")  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """At most the size that is read."""
        file = self.cleaned_data["file"]
        if file.size > settings.SHEET_MAX_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)s; at most %(limit)s are read. Split the list, or take pictures out of it.")
                % {"size": filesizeformat(file.size), "limit": filesizeformat(settings.SHEET_MAX_BYTES)}
            )
        return file

    def clean(self) -> dict[str, Any]:
        """The cohort belongs to the pilot."""
        data = super().clean() or self.cleaned_data
        cohort, pilot = data.get("cohort"), data.get("pilot")
        if cohort and pilot and cohort.pilot_id != pilot.pk:
            self.add_error("cohort", _("This cohort belongs to another pilot."))
        return data


class HistoryFilter(forms.Form):
    """Which of the sheets that were sent are listed."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    pilot = forms.ModelChoiceField(label=gettext_lazy("Pilot"), queryset=Pilot.objects.none(), required=False)
    q = forms.CharField(label=gettext_lazy("Name contains"), required=False, max_length=80)
    from_day = forms.DateField(label=gettext_lazy("Sent from"), required=False)
    until = forms.DateField(label=gettext_lazy("Sent until"), required=False)

    def __init__(self, *args: Any, by: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(code, words) for code, words in state_words().items()]
        self.fields["kind"].choices = [("", _("Everything")), *((c, _(COLUMNS[c].title)) for c in COLUMNS)]  # type: ignore[attr-defined]
        self.fields["state"].choices = [("", _("Any")), *states, ("left", _("With rows to mend"))]  # type: ignore[attr-defined]
        self.fields["pilot"].queryset = Pilot.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["pilot"].empty_label = _("Every pilot")  # type: ignore[attr-defined]

    @property
    def in_use(self) -> bool:
        """Whether anything is asked for."""
        return self.is_valid() and any(self.cleaned_data.values())

    def narrowed(self, found: QuerySet[ImportBatch]) -> QuerySet[ImportBatch]:
        """The batches that are asked for; a field that is filled wrongly asks for nothing."""
        asked = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        if asked.get("kind"):
            found = found.filter(kind=asked["kind"])
        if asked.get("state") == "left":
            found = chain.with_rest(found).filter(left__gt=0)
        elif asked.get("state"):
            found = found.filter(state=asked["state"])
        if asked.get("pilot"):
            found = found.filter(pilot=asked["pilot"])
        if asked.get("q"):
            found = found.filter(file_name__icontains=asked["q"])
        if asked.get("from_day"):
            found = found.filter(uploaded_at__date__gte=asked["from_day"])
        if asked.get("until"):
            found = found.filter(uploaded_at__date__lte=asked["until"])
        return found


def state_words() -> dict[str, str]:
    """Where a sheet stands, in the words of the buttons."""
    return {
        "uploaded": _("Being read"), "checked": _("Not recorded yet"), "refused": _("Could not be read"),
        "committed": _("Recorded"), "undone": _("Taken back"),
    }  # fmt: skip
