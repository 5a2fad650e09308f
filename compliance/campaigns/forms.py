"""The forms of campaigns: drawing a sample, and the questions of one file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.choices import offer
from accounts.merging import SeenForm
from compliance.campaigns.questions import QUESTIONS, Question
from compliance.models import CampaignAnswer


class DrawForm(forms.Form):
    """Whose files, how many, by which seed, and what is asked of them."""

    partner = forms.ChoiceField(label=gettext_lazy("Partner"))
    cohort = forms.ChoiceField(
        label=gettext_lazy("Only this cohort"), required=False, help_text=gettext_lazy("Leave it for all of the pilot.")
    )
    sample_size = forms.IntegerField(label=gettext_lazy("Files to draw"), min_value=1, max_value=5000)
    seed = forms.CharField(
        label=gettext_lazy("Seed"), max_length=64,
        help_text=gettext_lazy(
            "Any text that nobody can choose to suit a file: the numbers of a public lottery, or one agreed with the partner."
        ),
    )  # fmt: skip
    questions = forms.MultipleChoiceField(
        label=gettext_lazy("What is asked of each file"), widget=forms.CheckboxSelectMultiple,
        choices=[(q.code, q.words) for q in QUESTIONS.values()],
    )  # fmt: skip

    def __init__(
        self, data=None, *, partners: Sequence[tuple[str, str]], cohorts: Sequence[tuple[str, str]], **options
    ):
        super().__init__(data, label_suffix="", **options)
        offer(self, "partner", partners)
        offer(self, "cohort", [("", "–"), *cohorts])


class FileForm(SeenForm):
    """The questions of one file: an answer and what was seen for each, beside who else looks at the same file just now."""

    on = forms.DateField(label=gettext_lazy("Looked at"), widget=forms.DateInput)

    def __init__(self, data=None, *, questions: Sequence[Question], stands: Mapping[str, CampaignAnswer], **options):
        super().__init__(data, label_suffix="", **options)
        self.questions = questions
        self.now: dict[str, str] = {}
        for q in questions:
            before = stands.get(q.code)
            self.fields[q.code] = forms.ChoiceField(
                label=str(q.words), choices=CampaignAnswer.Answer, required=False, widget=forms.RadioSelect,
                help_text=str(q.hint), initial=before.answer if before else "",
            )  # fmt: skip
            self.fields[f"{q.code}-words"] = forms.CharField(
                label=gettext_lazy("What is missing or wrong"), max_length=300, required=False,
                initial=before.words if before else "",
            )  # fmt: skip
            self.now |= {q.code: before.answer if before else "", f"{q.code}-words": before.words if before else ""}
        self.show(self.now)

    def pairs(self) -> list[tuple[Any, Any]]:
        """(answer, words) of each question, as bound fields."""
        return [(self[q.code], self[f"{q.code}-words"]) for q in self.questions]

    def answers(self, data: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
        """question → (answer, what was seen), of those that have an answer in what was settled."""
        return {q.code: (data[q.code], data[f"{q.code}-words"]) for q in self.questions if data.get(q.code)}
