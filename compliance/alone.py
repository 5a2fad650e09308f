"""A worker answers alone, on the officer's phone: the form, and the key that makes sending it twice harmless."""

import hashlib
import re
from dataclasses import dataclass

from django import forms
from django.forms import BoundField

from compliance.answers import Answered
from compliance.catalogue.reader import NO, WORKER_ALONE, YES
from compliance.catalogue.spoken import PLAIN, Language, spoken

KEY = re.compile(r"[0-9a-f]{32}")


def visit_key(text: str) -> str:
    """The key of a visit as it stands in an address; empty where it is none."""
    return text if KEY.fullmatch(text) else ""


def key_of_talk(visit: str, placement_id: int) -> str:
    """The key of one worker's talk at a visit: the same talk sent again is kept once."""
    return hashlib.sha256(f"{visit}/{placement_id}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its answers; ``plain``: the same in English, where it is asked in another language."""

    question: str
    plain: str
    answer: BoundField


class AloneForm(forms.Form):
    """Few questions with three answers each; what is left out, or not said, is not stored."""

    visit = forms.CharField(max_length=32, widget=forms.HiddenInput)

    def __init__(self, data=None, *, stage: str, language: Language, **options):
        super().__init__(data, label_suffix="", **options)
        self.stage, self.language = stage, language
        self.codes = spoken().stages[stage]
        choices = [(YES, language.yes), (NO, language.no), ("", language.skip)]
        for code in self.codes:
            self.fields[code] = forms.ChoiceField(choices=choices, required=False, widget=forms.RadioSelect)

    def clean_visit(self) -> str:
        """The key of the visit."""
        return visit_key(self.cleaned_data["visit"])

    def questions(self) -> list[Asked]:
        """The questions in their order."""
        plain = spoken().language(PLAIN)
        return [
            Asked(
                self.language.items[code], "" if self.language.code == PLAIN else plain.items[code], self[code]
            )
            for code in self.codes
        ]  # fmt: skip

    def answers(self) -> dict[str, Answered]:
        """What the worker said."""
        given = {code: self.cleaned_data.get(code, "") for code in self.codes}
        return {code: Answered(said, shown_by=WORKER_ALONE) for code, said in given.items() if said}
