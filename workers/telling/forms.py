"""The form that chooses what to tell."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workers.forms import offer
from workers.models import WorkerMessage
from workers.telling.texts import texts


class TellForm(forms.Form):
    """Which text, and what stands in its gaps. There is no free text: what goes to many is nobody's own affair."""

    text = forms.ChoiceField(label=gettext_lazy("What to tell them"))
    day = forms.DateField(
        label=gettext_lazy("Day"), required=False, widget=forms.DateInput,
        help_text=gettext_lazy("For the texts that say one."),
    )  # fmt: skip
    place = forms.CharField(
        label=gettext_lazy("Place"), required=False, max_length=120,
        help_text=gettext_lazy("As it is written in the place itself, such as a hall and its street."),
    )  # fmt: skip
    how = forms.ChoiceField(label=gettext_lazy("How they were told"), required=False, choices=WorkerMessage.How)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "text", [("", _("Choose a text")), *((t.key, _(t.words)) for t in texts().texts.values())])

    def clean(self) -> dict:
        """The gaps of the chosen text are filled."""
        clean = super().clean() or {}
        text = texts().texts.get(clean.get("text", ""))
        if text:
            if "day" in text.needs and not clean.get("day"):
                self.add_error("day", _("This text says a day."))
            if "place" in text.needs and not clean.get("place", "").strip():
                self.add_error("place", _("This text says a place."))
        return clean

    def given(self) -> dict:
        """Arguments of the door: the key, the day and the place."""
        clean = self.cleaned_data
        return {"key": clean["text"], "day": clean.get("day"), "place": clean.get("place", "").strip()}
