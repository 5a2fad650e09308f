"""The forms of staff. Asked in the order of safety: is the person safe, what may not stay between us, what was told, what do they wish."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import offer
from accounts.merging import SeenForm
from compliance.grievances.readers import MOST_READERS, Reader
from compliance.grievances.stages import Move
from compliance.grievances.words import BY_STAFF, CATEGORIES, CHANNELS, GRAVE, OPTIONS, ORDINARY, REMEDIES
from compliance.models import Grievance, GrievanceOffer

SAFE = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]
CHOOSE = ("", _("Choose…"))


def _safe(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


def _text(label, *, rows: int = 3, required: bool = True, limit: int = 4000, hint="") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=limit, required=required, widget=widget, help_text=hint)


def _whom(readers: Sequence[Reader], me: int | None = None) -> list[tuple[str, str]]:
    return [(str(r.user_id), f"{r.name}, {r.organisation}") for r in readers if r.user_id != me]


class FileForm(forms.Form):
    """What is written down when a grievance is filed. The graver kinds stand only in the form for what was told unasked."""

    safe_now = forms.ChoiceField(
        label=_("Is the person safe now?"), choices=SAFE, required=False, widget=forms.RadioSelect
    )
    limits_told = forms.BooleanField(
        label=_("I told the person, before they told me more, what I may not keep to myself"), required=False,
        help_text=_("Danger to a child, danger to life, and what the law makes you report."),
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("How it came"), choices=[(c, CHANNELS[c]) for c in BY_STAFF])
    category = forms.ChoiceField(label=_("What it is about"), choices=[CHOOSE, *ORDINARY.items()])
    account = _text(
        _("What the person told, in the person's words"), rows=6, limit=8000,
        hint=_("Only what is needed. These words are never changed afterwards, by nobody."),
    )  # fmt: skip
    language = forms.CharField(label=_("In which language"), max_length=40, required=False)
    interpreter = forms.CharField(
        label=_("Interpreter"), max_length=120, required=False,
        help_text=_("By name: the interpreter may be part of the problem."),
    )  # fmt: skip
    wishes = _text(_("What the person wants to happen"), required=False)
    options_told = forms.MultipleChoiceField(
        label=_("What I told the person is possible; they choose"), choices=list(OPTIONS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    companion_offered = forms.BooleanField(label=_("I offered that a companion or adviser comes along"), required=False)
    consent_to_share = forms.BooleanField(
        label=_("The person agrees that others who can help are told"), required=False
    )
    contact = forms.CharField(label=_("How to reach the person safely"), max_length=300, required=False)
    concerned = forms.MultipleChoiceField(
        label=_("Organisations it is about"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody who belongs to one of them can read it. Employer and recruiter are always among them."),
    )  # fmt: skip
    readers = forms.MultipleChoiceField(
        label=_("Other readers"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Only those who must act. You are a reader yourself. Nobody else learns that it exists."),
    )  # fmt: skip

    def __init__(
        self, data=None, *, told: bool, readers: Sequence[Reader], me: int,
        organisations: Sequence[tuple[int, str]], **rest,
    ):  # fmt: skip
        super().__init__(data, label_suffix="", **rest)
        offer(self, "readers", _whom(readers, me))
        offer(self, "concerned", [(str(pk), name) for pk, name in organisations])
        if told:
            offer(self, "category", [CHOOSE, *GRAVE.items(), *ORDINARY.items()])
        if not organisations:
            del self.fields["concerned"]

    def clean_readers(self) -> list[int]:
        """Ids; at most five with oneself."""
        chosen = [int(pk) for pk in self.cleaned_data["readers"]]
        if len(chosen) >= MOST_READERS:
            raise forms.ValidationError(_("Name five readers at most."))
        return chosen

    def values(self) -> dict:
        """What the door takes."""
        data = dict(self.cleaned_data)
        data["safe_now"] = _safe(data["safe_now"])
        data["reader_ids"] = data.pop("readers")
        data["concerned_ids"] = [int(pk) for pk in data.pop("concerned", [])]
        return data


class MoveForm(forms.Form):
    """What one move needs (``stages.MOVES``), and the revision that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, move: Move, grievance: Grievance, readers: dict[int, str], **rest):
        rest.setdefault("auto_id", f"{move.code}_%s")
        super().__init__(data, label_suffix="", **rest)
        self.fields |= self._fields(move, grievance, readers)

    def _fields(self, move: Move, grievance: Grievance, readers: dict[int, str]) -> dict[str, forms.Field]:
        if move.code == "acknowledge":
            return {"message": _text(_("What the person will read"))}
        if move.code == "triage":
            return {
                "category": forms.ChoiceField(
                    label=_("What it is about"), choices=list(CATEGORIES.items()), initial=grievance.category
                ),
                "lead_id": forms.TypedChoiceField(
                    label=_("Who sees to it"), coerce=int, choices=list(readers.items()), initial=grievance.lead_id
                ),
                "urgent": forms.BooleanField(label=_("Urgent"), required=False, initial=grievance.urgent),
                "restricted": forms.BooleanField(
                    label=_("Restricted: only safeguarding leads and welfare officers may ever read it"), required=False,
                    initial=grievance.category in GRAVE,
                ),
                "limits_told": forms.BooleanField(
                    label=_("The person was told what cannot be kept confidential"), required=False,
                    initial=grievance.limits_told,
                ),
            }  # fmt: skip
        if move.code == "propose":
            return {
                "remedy_kind": forms.ChoiceField(label=_("Remedy"), choices=[CHOOSE, *REMEDIES.items()]),
                "remedy_words": _text(_("What was agreed with the person"), limit=2000),
                "remedy_amount": forms.DecimalField(
                    label=_("Amount"), max_digits=14, decimal_places=2, min_value=0, required=False
                ),
                "currency": forms.CharField(label=_("Currency"), max_length=3, required=False),
                "message": _text(_("What the person will read"), required=False),
            }
        if move.code == "deliver":
            return {
                "delivered_on": forms.DateField(label=_("Delivered on")),
                "text": _text(_("How it is known that the person received it")),
            }
        if move.code == "close":
            found: dict[str, forms.Field] = {
                "satisfaction": forms.ChoiceField(
                    label=_("Is the person satisfied?"),
                    choices=Grievance.Satisfaction.choices,
                    widget=forms.RadioSelect,
                ),
                "text": _text(_("How it ended, and what follow-up was offered")),
                "root_cause": forms.CharField(label=_("Root cause"), max_length=500, required=False),
                "agreed_to_close": forms.BooleanField(label=_("The person agrees to close it"), required=False),
            }
            return found
        return {"text": _text(_("In words"), required="text" in move.needs)}


class NoteForm(forms.Form):
    """An internal note."""

    text = _text(_("What happened, what was done"), hint=_("The person never sees notes."))


class MessageForm(forms.Form):
    """A message to the person."""

    message = _text(
        _("What the person will read"), hint=_("In the person's language. Name nobody who may not be named.")
    )


class ChangeForm(SeenForm):
    """What staff keep beside the person's words."""

    summary = _text(_("Summary"), required=False)
    safe_now = forms.ChoiceField(
        label=_("Is the person safe now?"), choices=SAFE, required=False, widget=forms.RadioSelect
    )
    wishes = _text(_("What the person wants to happen"), required=False)
    options_told = forms.MultipleChoiceField(
        label=_("What the person was told is possible"), choices=list(OPTIONS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    companion_offered = forms.BooleanField(label=_("A companion or adviser was offered"), required=False)
    consent_to_share = forms.BooleanField(
        label=_("The person agrees that others who can help are told"), required=False
    )
    interpreter = forms.CharField(label=_("Interpreter"), max_length=120, required=False)
    urgent = forms.BooleanField(label=_("Urgent"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> dict:
        """What the door takes."""
        data = {k: v for k, v in self.cleaned_data.items() if k not in {"revision", "seen"}}
        return data | {"safe_now": _safe(data["safe_now"])}


class WhoForm(forms.Form):
    """One person, and a reason: for readers, handing over, and releasing who told it."""

    reader = forms.TypedChoiceField(label=_("Who"), coerce=int)
    why = forms.CharField(label=_("Why"), max_length=500)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, choices: Sequence[tuple[int, str]], why: str = "", **rest):
        super().__init__(data, label_suffix="", **rest)
        offer(self, "reader", [(str(pk), name) for pk, name in choices])
        if why:
            self.fields["why"].label = why


class ConcernedForm(forms.Form):
    """Organisations and readers whom it is about, found out later."""

    concerned = forms.MultipleChoiceField(label=_("Organisations"), required=False, widget=forms.CheckboxSelectMultiple)
    persons = forms.MultipleChoiceField(
        label=_("Readers it is about themselves"), required=False, widget=forms.CheckboxSelectMultiple
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, organisations: Sequence[tuple[int, str]], readers: dict[int, str], **rest):
        super().__init__(data, label_suffix="", **rest)
        offer(self, "concerned", [(str(pk), name) for pk, name in organisations])
        offer(self, "persons", [(str(pk), name) for pk, name in readers.items()])

    def clean(self):
        """Something must be chosen."""
        data = super().clean() or {}
        if not data.get("concerned") and not data.get("persons"):
            raise forms.ValidationError(_("Choose whom it is about."))
        return data


class RestrictForm(forms.Form):
    """Who reads it from now on, where it is graver than it seemed."""

    readers = forms.MultipleChoiceField(label=_("Readers from now on"), widget=forms.CheckboxSelectMultiple)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, readers: Sequence[Reader], **rest):
        super().__init__(data, label_suffix="", **rest)
        offer(self, "readers", _whom(readers))


class KeepForm(forms.Form):
    """A legal hold on the case: why, and when it ends or is looked at again."""

    reason = _text(
        _("Why"),
        rows=2,
        limit=300,
        hint=_("The court, authority or claim that needs it. Only readers of this case see it."),
    )
    ends_on = forms.DateField(label=_("Ends after"), required=False, help_text=_("After this day it ends by itself."))
    review_on = forms.DateField(
        label=_("Looked at again on"), required=False,
        help_text=_("Or it stands until somebody lifts it, and is looked at again on this day."),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)


class LiftForm(forms.Form):
    """Why the legal hold is lifted."""

    reason = _text(_("Why it is lifted"), rows=2, limit=300)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class OfferForm(forms.Form):
    """To whom, what for, and how the person agreed."""

    kind = forms.ChoiceField(label=_("What is offered"), choices=GrievanceOffer.Kind.choices, widget=forms.RadioSelect)
    to_user = forms.TypedChoiceField(label=_("To somebody of this pilot"), coerce=int, empty_value=None, required=False)
    to_name = forms.CharField(label=_("Or to somebody outside the portal"), max_length=200, required=False)
    purpose = _text(
        _("What for"), rows=2, limit=500, hint=_("They read this before they accept: tell nothing of what happened.")
    )
    with_identity = forms.BooleanField(label=_("They may know who the person is"), required=False)
    consent_on = forms.DateField(label=_("The person agreed on"))
    consent_how = forms.CharField(label=_("How the person agreed"), max_length=200)

    def __init__(self, data=None, *, readers: Sequence[Reader], **rest):
        super().__init__(data, label_suffix="", **rest)
        offer(self, "to_user", [CHOOSE, *_whom(readers)])


class AnswerForm(forms.Form):
    """Accept or reject an offer."""

    accept = forms.ChoiceField(
        label=_("Your answer"), choices=[("yes", _("I accept")), ("no", _("I do not"))], widget=forms.RadioSelect
    )
    answer = _text(_("Why not"), rows=2, required=False, limit=500)


class OpeningForm(forms.Form):
    """Open a case one is not named on."""

    code = forms.CharField(label=_("Code of the case"), max_length=16)
    reason = _text(_("Why it must be opened now"), rows=3, limit=1000)


class ReviewForm(forms.Form):
    """Was the opening needed?"""

    justified = forms.ChoiceField(
        label=_("Was it needed?"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect
    )
    review = _text(_("Why you think so"), rows=2, limit=1000)


class HotlineForm(SeenForm):
    """The number on the posters and cards of a pilot; left empty, none stands there."""

    number = forms.CharField(
        label=_("Telephone number"), max_length=30, required=False,
        help_text=_("As it is dialled from where they work. Leave it empty and none is printed."),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Who answers, and when"), max_length=120, required=False,
        help_text=_("Printed as you write it, such as: Ana and Tevita, every day from 8 to 20, also on WhatsApp."),
    )  # fmt: skip
