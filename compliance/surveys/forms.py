"""The form of one survey: whether somebody was reached, and the questions of the wave."""

from collections.abc import Iterator, Sequence
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.models import SurveyContact
from compliance.surveys.door import Said
from compliance.surveys.instrument import CHOICE, MONEY, SCALE, SCALE_TO, Question

Rows = list[tuple[forms.BoundField, forms.BoundField | None]]


class SurveyForm(forms.Form):
    """Reached or not, when and how; then each question. A question left open is not stored."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Was the person reached?"), choices=SurveyContact.Outcome, widget=forms.RadioSelect
    )
    done_on = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput)
    mode = forms.ChoiceField(label=gettext_lazy("How"), choices=SurveyContact.Mode)

    def __init__(self, data=None, *, questions: Sequence[Question], currencies: Sequence[str], today: date) -> None:
        super().__init__(data, label_suffix="", initial={"done_on": today, "mode": SurveyContact.Mode.PHONE})
        self.questions = questions
        for question in questions:
            self.fields[question.code] = _field(question)
            if question.kind == MONEY:
                self.fields[f"{question.code}_in"] = forms.ChoiceField(
                    label=_("Currency"), choices=[(code, code) for code in currencies], required=False
                )

    @property
    def rows(self) -> Rows:
        """Each question with the field of its currency, if it has one."""
        return [(self[q.code], self[f"{q.code}_in"] if q.kind == MONEY else None) for q in self.questions]

    def answers(self) -> dict[str, Said]:
        """What was answered, of a form that is valid."""
        return dict(self._answers())

    def _answers(self) -> Iterator[tuple[str, Said]]:
        data = self.cleaned_data
        for question in self.questions:
            value = data.get(question.code)
            if value in (None, ""):
                continue
            if question.kind == CHOICE:
                yield question.code, Said(choice=value)
            else:
                yield question.code, Said(number=value, currency=data.get(f"{question.code}_in") or "")

    def clean(self) -> dict:
        """An amount says in which currency it is."""
        data = super().clean() or {}
        for question in self.questions:
            if question.kind == MONEY and data.get(question.code) is not None and not data.get(f"{question.code}_in"):
                self.add_error(question.code, _("Say in which currency."))
        return data


def _field(question: Question) -> forms.Field:
    words, hint = _(question.words), _(question.hint) if question.hint else ""
    if question.kind == CHOICE:
        choices = [(code, _(said)) for code, said in question.choices]
        return forms.ChoiceField(label=words, help_text=hint, choices=choices, required=False, widget=forms.RadioSelect)
    if question.kind == SCALE:
        return forms.IntegerField(label=words, help_text=hint, required=False, min_value=1, max_value=SCALE_TO)
    return forms.DecimalField(label=words, help_text=hint, required=False, min_value=0, max_digits=14, decimal_places=2)
