"""The forms of restricted cases. Asked in the order of safety: is the person safe, what was told, what does the person wish."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import offer
from compliance.cases import CATEGORIES, MOST_READERS, Reader

SAFE = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]


def _safe(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


class _Readers(forms.Form):
    """Who reads the case; the person who fills in the form always does."""

    readers = forms.MultipleChoiceField(
        label=_("Other readers"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Only those who must act. You are a reader yourself. Nobody else learns that this case exists."),
    )  # fmt: skip

    def set_readers(self, readers: Sequence[Reader], me: int) -> None:
        """Offer these people, without the one who fills in the form."""
        offer(self, "readers", [(str(r.user_id), f"{r.name}, {r.organisation}") for r in readers if r.user_id != me])

    def clean_readers(self) -> list[int]:
        """Ids; at most five with oneself."""
        chosen = [int(pk) for pk in self.cleaned_data["readers"]]
        if len(chosen) >= MOST_READERS:
            raise forms.ValidationError(_("Name five readers at most."))
        return chosen


class CaseForm(_Readers):
    """What is written down when a case is opened."""

    safe_now = forms.ChoiceField(
        label=_("Is the person safe now?"), choices=SAFE, required=False, widget=forms.RadioSelect
    )
    category = forms.ChoiceField(label=_("What it is about"), choices=[("", _("Choose…")), *CATEGORIES.items()])
    account = forms.CharField(
        label=_("What the person told, in the person's words"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Only what is needed. Do not ask for more than the person wants to tell."),
    )  # fmt: skip
    wishes = forms.CharField(
        label=_("What the person wants to happen"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    consent_to_share = forms.BooleanField(
        label=_("The person agrees that others who can help are told"), required=False
    )
    concerned = forms.MultipleChoiceField(
        label=_("Organisations the case is about"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody who belongs to one of them can read the case. Employer and recruiter are always among them."),
    )  # fmt: skip
    field_order = ["safe_now", "category", "account", "wishes", "consent_to_share", "concerned", "readers"]

    def __init__(
        self, data=None, *, readers: Sequence[Reader], me: int, organisations: Sequence[tuple[int, str]], **rest
    ):
        super().__init__(data, label_suffix="", **rest)
        self.set_readers(readers, me)
        offer(self, "concerned", [(str(pk), name) for pk, name in organisations])
        if not organisations:
            del self.fields["concerned"]

    def values(self) -> dict:
        """What the door takes."""
        data = self.cleaned_data
        return {
            "category": data["category"], "account": data["account"], "wishes": data["wishes"],
            "consent_to_share": data["consent_to_share"], "safe_now": _safe(data["safe_now"]),
            "reader_ids": data["readers"], "concerned_ids": [int(pk) for pk in data.get("concerned", [])],
        }  # fmt: skip


class ChangeForm(_Readers):
    """What may change while a case is open."""

    safe_now = forms.ChoiceField(
        label=_("Is the person safe now?"), choices=SAFE, required=False, widget=forms.RadioSelect
    )
    wishes = forms.CharField(
        label=_("What the person wants to happen"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    consent_to_share = forms.BooleanField(
        label=_("The person agrees that others who can help are told"), required=False
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ["safe_now", "wishes", "consent_to_share", "readers", "revision"]

    def __init__(self, data=None, *, readers: Sequence[Reader], me: int, **rest):
        super().__init__(data, label_suffix="", **rest)
        self.set_readers(readers, me)


class EntryForm(forms.Form):
    """What happened since."""

    text = forms.CharField(
        label=_("What happened, what was done"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CloseForm(forms.Form):
    """How a case ended."""

    agreed = forms.BooleanField(label=_("The person agrees to close the case"), required=False)
    text = forms.CharField(
        label=_("How it ended, and what follow-up was offered"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReopenCaseForm(forms.Form):
    """Why a closed case is opened again."""

    text = forms.CharField(label=_("Why it is opened again"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    revision = forms.IntegerField(widget=forms.HiddenInput)
