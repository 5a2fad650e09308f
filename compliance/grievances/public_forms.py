"""The forms of the worker's own page: few questions, in plain words, none of them needed but the code and the words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.grievances.attachments import AT_ONCE
from compliance.grievances.intake import Told
from compliance.grievances.words import ABOUT
from workers.files.fields import LenientFilesField

SAFE = [("yes", _("Yes")), ("no", _("No, I am in danger")), ("", _("I do not want to say"))]


class PhotosField(LenientFilesField):
    """A few photos or papers at once; those that are refused cost nothing else of the form."""

    def __init__(self, **options):
        super().__init__(most=AT_ONCE, **options)


class ConcernForm(forms.Form):
    """What somebody tells."""

    code = forms.CharField(
        label=_("The code on your card, or on the poster"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    safe_now = forms.ChoiceField(label=_("Are you safe now?"), choices=SAFE, required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What happened?"), max_length=20000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("In your own words and your own language. You need not give names."),
    )  # fmt: skip
    photos = PhotosField(
        label=_("Photos or papers, if you have some"), required=False,
        help_text=_(
            "Three at most: a payslip, the contract, the room. Where and when a photo was taken is removed from it. It stays"
            " on this telephone too: delete it there if somebody else may look."
        ),
    )  # fmt: skip
    language = forms.CharField(label=_("Your language"), max_length=40, required=False)
    about = forms.MultipleChoiceField(
        label=_("Is it about one of these? They will not be able to read it."), choices=list(ABOUT.items()),
        required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    may_know = forms.BooleanField(
        label=_("Those who read this may know who I am"), required=False,
        help_text=_("If you leave this empty, they read your words and do not learn your name. You can change it later."),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("How can we reach you safely, if we may?"), max_length=300, required=False,
        help_text=_("If you leave this empty, we answer only here."),
    )  # fmt: skip

    def told(self) -> Told:
        """What the door takes."""
        data = self.cleaned_data
        return Told(
            data["words"], data["language"], {"yes": True, "no": False}.get(data["safe_now"]), data["contact"],
            tuple(data["about"]), data["may_know"], data["photos"] or (),
        )  # fmt: skip


class FollowForm(forms.Form):
    """The way back in."""

    code = forms.CharField(
        label=_("The code on your receipt"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class PhotosForm(forms.Form):
    """Photos sent afterwards."""

    photos = PhotosField(label=_("Send photos or papers"), help_text=_("Three at once, at most."))


class WriteForm(forms.Form):
    """A further message."""

    text = forms.CharField(label=_("Write to us"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
