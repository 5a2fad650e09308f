"""Forms: a decision on a pair, the undoing of a merge, and somebody new."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import offer
from pilots.models import Pilot
from workers.facts.forms import field_of
from workers.models import LikePair, Person
from workers.sheets.kinds import COLUMNS

REASON: dict[str, Any] = {
    "label": _("Why"), "max_length": 300, "widget": forms.Textarea(attrs={"rows": 2}),
    "help_text": _("What you compared or whom you asked. Kept with your name."),
}  # fmt: skip
ANSWERS = [
    (LikePair.State.SAME, _("The same person")),
    (LikePair.State.DIFFERENT, _("Different people")),
    (LikePair.State.LATER, _("Decide later")),
]
# What a page for one person asks; a sheet may hold more.
ASKED = (
    "worker_id", "family_name", "given_names", "passport_name", "sex", "birth_date", "nationality", "village", "province",
    "languages", "phone", "email", "passport_number", "passport_country", "passport_expiry", "national_id", "recruiter",
    "registered_on", "consent_date", "consent_version", "consent_language",
)  # fmt: skip


class DecisionForm(forms.Form):
    """Same, different or later; with the same, which record is kept."""

    answer = forms.ChoiceField(label=_("Decision"), choices=ANSWERS, widget=forms.RadioSelect)
    keep = forms.TypedChoiceField(
        label=_("Record that is kept"), required=False, coerce=int, empty_value=None, widget=forms.RadioSelect,
        help_text=_("For the same person. New placements go to it; the other Worker ID stays valid."),
    )  # fmt: skip
    reason = forms.CharField(**REASON)

    def __init__(self, data: Any, *, first: Person, second: Person):
        super().__init__(data)
        offer(self, "keep", [(p.pk, f"{p.worker_code}, {p.name}") for p in (first, second)])


class UndoForm(forms.Form):
    """Why a merge is undone."""

    reason = forms.CharField(**REASON)


class PersonForm(forms.Form):
    """Somebody new: the columns of a sheet of workers. Checking is the judge's of that sheet."""

    def __init__(self, data: Any, *, pilots: list[Pilot], names_recruiter: bool):
        super().__init__(data)
        self.fields["pilot"] = forms.ChoiceField(label=_("Pilot"), choices=[(p.pk, p.name) for p in pilots])
        kind = COLUMNS["workers"]
        for key in ASKED:
            if key != "recruiter" or names_recruiter:
                self.fields[key] = field_of(kind.column(key), None)
                self.fields[key].required = key == "worker_id"
        self.fields["birth_date"] = forms.CharField(
            label=self.fields["birth_date"].label, required=False, max_length=40,
            help_text=_("Year-month-day, such as 1994-05-17, or the year alone."),
        )  # fmt: skip
        self.fields["compared"] = forms.BooleanField(
            label=_("I compared: this is somebody else"), required=False, widget=forms.HiddenInput
        )

    def cells(self) -> dict[str, str]:
        """Column key -> text as typed, without what is blank."""
        typed = {key: str(self.data.get(key, "")).strip() for key in self.fields if key not in ("pilot", "compared")}
        return {key: text for key, text in typed.items() if text}

    def refuse(self, problems: dict[str, list[str]]) -> None:
        """Put each sentence to its field; what has no field goes above the form."""
        for key, sentences in problems.items():
            for sentence in sentences:
                self.add_error(key if key in self.fields else None, sentence)
