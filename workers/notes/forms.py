"""The forms of notes and tasks. Whom they offer is what their reader may choose: never anybody who does not see the record."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import offer
from accounts.scope import Scope
from workers.models import Note
from workers.models.notes import LONGEST_NOTE, LONGEST_TASK
from workers.notes.about import About, audiences, colleagues
from workers.notes.tasks import Holder, holders


class NoteForm(forms.Form):
    """A note, for whom it is, and who is to read it."""

    text = forms.CharField(
        label=_("Note"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nothing about health or violence: that is for the safeguarding lead."),
    )  # fmt: skip
    audience = forms.ChoiceField(label=_("Who reads it"), initial=Note.Audience.OWN, widget=forms.RadioSelect)
    mentions = forms.MultipleChoiceField(
        label=_("Mention colleagues"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("They are told that somebody mentioned them. Only colleagues who see this record are offered."),
    )  # fmt: skip

    def __init__(self, *args: Any, about: About, by: Scope, **options: Any):
        super().__init__(*args, **options)
        offer(self, "audience", list(audiences(about, by).items()))
        offered = colleagues(by)
        if offered:
            offer(self, "mentions", [(str(pk), name) for pk, name in offered.items()])
        else:
            del self.fields["mentions"]

    def mentioned(self) -> list[int]:
        """Ids of the colleagues."""
        return [int(pk) for pk in self.cleaned_data.get("mentions", ())]


class CorrectionForm(forms.Form):
    """The words of a note anew."""

    text = forms.CharField(label=_("Note"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 4}))


class HolderForm(forms.Form):
    """For whom a task is."""

    holder = forms.ChoiceField(label=_("For whom"))

    def __init__(self, *args: Any, programme_id: int, by: Scope, **options: Any):
        super().__init__(*args, **options)
        self.holders = holders(programme_id, by)
        offer(self, "holder", [(key, words) for key, (_holder, words) in self.holders.items()])

    def chosen(self) -> Holder:
        """The holder of a valid form."""
        return self.holders[self.cleaned_data["holder"]][0]


class TaskForm(HolderForm):
    """What is to be done, by whom, until when."""

    words = forms.CharField(label=_("What is to be done"), max_length=LONGEST_TASK)
    due_on = forms.DateField(label=_("Until"), required=False)
    field_order = ["words", "holder", "due_on"]

    def __init__(self, *args: Any, today: date, **options: Any):
        super().__init__(*args, **options)
        self.today = today

    def clean_due_on(self) -> date | None:
        """Not before today: nobody can do it in time."""
        due = self.cleaned_data["due_on"]
        if due and due < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        return due
