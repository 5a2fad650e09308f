"""The form with which a sheet is sent."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scope import Scope
from pilots.models import Cohort, Pilot

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


class MappingForm(ReadingForm):
    """Also which column of the kind each header means that was not understood, remembered for the organisation."""

    def __init__(self, *args: Any, kind: str, headers: list[str], mapping: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers = list(dict.fromkeys([*headers, *mapping]))[:40]
        choices = [("", _("Not used"))] + [(c.key, c.header) for c in COLUMNS[kind].columns if not c.repeated]
        for at, header in enumerate(self.headers):
            self.fields[f"header_{at}"] = forms.ChoiceField(
                label=f"“{header}”", choices=choices, required=False, initial=mapping.get(header, "")
            )

    def options(self) -> dict[str, Any]:
        """What a batch keeps of the answers."""
        data = self.cleaned_data
        mapping = {header: data[f"header_{at}"] for at, header in enumerate(self.headers) if data[f"header_{at}"]}
        return {"date_order": data["date_order"], "currency": data["currency"], "mapping": mapping}

    @property
    def header_fields(self) -> list[forms.BoundField]:
        """The questions on headers, in the order of the file."""
        return [self[f"header_{at}"] for at in range(len(self.headers))]


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
