"""The forms of checks: every item of a stage as four big answers, with what showed it and a private note.

A form keeps what was typed when something is wrong, and refuses a failing answer to a grave item that nothing showed:
silently stored as "not verified" it would be lost.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import offer
from compliance.answers import Answered, Problem
from compliance.catalogue.reader import MINOR, NO, WORKER_ALONE, YES, Item, catalogue
from compliance.models import Check
from compliance.words import answers, question, shown_by
from workers.files.door import Looked
from workers.files.fields import LenientUploadField, UploadField
from workers.files.refusals import FileRefused

GROUP_WAYS = ("worker in group", "employer", "document", "observation")


@dataclass(frozen=True, slots=True)
class Row:
    """One item on the form with its bound fields. ``errors`` are those of the answer."""

    item: Item
    question: str
    answer: BoundField
    shown_by: BoundField
    evidence: BoundField
    note: BoundField | None
    critical: BoundField | None
    photo: BoundField | None = None
    photo_words: str = ""

    @property
    def has_errors(self) -> bool:
        """Whether something about this item must be mended."""
        return bool(self.answer.errors or self.shown_by.errors or self.evidence.errors)


class ContactForm(forms.Form):
    """When and how the contact was held; the items are added by ``stage``."""

    done_on = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput)
    mode = forms.ChoiceField(label=gettext_lazy("How"), choices=Check.Mode, initial=Check.Mode.IN_PERSON)
    private = forms.BooleanField(
        label=gettext_lazy("The worker is alone with me"), required=False,
        help_text=gettext_lazy("Hides the name and the marks on this screen, and keeps all words private."),
    )  # fmt: skip
    interpreter = forms.CharField(
        label=gettext_lazy("Interpreter"), max_length=120, required=False,
        help_text=gettext_lazy("Who helped with the language. Leave empty when nobody did."),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Private note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Read by welfare officers and the safeguarding lead only."),
    )  # fmt: skip
    key = forms.CharField(max_length=32, widget=forms.HiddenInput)
    stage = forms.CharField(max_length=20, widget=forms.HiddenInput)
    whole_group = False

    def __init__(self, data=None, files=None, *, items: Sequence[Item], stage: str, today: date, **options):
        super().__init__(
            data, files, initial={"done_on": today, "key": uuid.uuid4().hex, "stage": stage}, label_suffix="", **options
        )
        self.items = items
        self.today = today
        if self.whole_group:
            for name in ("private", "note", "interpreter"):
                del self.fields[name]
        for item in items:
            self._add(item)

    def _add(self, item: Item) -> None:
        ways = [w for w in item.answered_by if not self.whole_group or w in GROUP_WAYS]
        self.fields[item.code] = forms.ChoiceField(
            label=item.code, choices=list(answers().items()), required=False,
            widget=forms.RadioSelect,
        )  # fmt: skip
        self.fields[f"{item.code}-by"] = forms.ChoiceField(
            label=_("Shown by"), choices=[("", _("Nothing yet")), *((w, shown_by()[w]) for w in ways)], required=False
        )
        self.fields[f"{item.code}-evidence"] = forms.CharField(label=_("What was seen"), max_length=280, required=False)
        self.fields[f"{item.code}-photo"] = LenientUploadField(label=_("Photo"), required=False, camera=True)
        if not self.whole_group:
            self.fields[f"{item.code}-note"] = forms.CharField(
                label=_("Private note"), max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )
        if item.critical_if or item.severity_as_found:
            self.fields[f"{item.code}-critical"] = forms.BooleanField(
                label=_("It is critical: %(condition)s") % {"condition": item.critical_if}, required=False
            )

    def groups(self) -> Iterator[tuple[str, str, list[Row]]]:
        """(heading, hint, rows): asked alone, looked at, read in papers. Empty groups are left out."""
        heads = (
            (_("Ask the worker alone"), _("Out of sight and hearing of the employer and of other workers.")),
            (_("Ask and look"), _("On site, in the housing, with the worker.")),
            (_("From papers"), _("What a document, the employer or a register shows.")),
        )
        rows: tuple[list[Row], list[Row], list[Row]] = ([], [], [])
        for item in self.items:
            rows[_kind(item)].append(self.row(item))
        for (heading, hint), part in zip(heads, rows, strict=True):
            if part:
                yield heading, hint, part

    def row(self, item: Item) -> Row:
        """The bound fields of one item."""
        own = {
            name: self[f"{item.code}-{name}"]
            for name in ("note", "critical", "photo")
            if f"{item.code}-{name}" in self.fields
        }
        return Row(
            item, question(item), self[item.code], self[f"{item.code}-by"], self[f"{item.code}-evidence"],
            own.get("note"), own.get("critical"), own.get("photo"), self._photo_words(item),
        )  # fmt: skip

    def _photo_words(self, item: Item) -> str:
        """What became of the photo, on a form that comes back: a browser forgets which file was chosen."""
        sent = getattr(self, "cleaned_data", {}).get(f"{item.code}-photo")
        if isinstance(sent, FileRefused):
            return sent.message
        return _("The photo was fine. Please choose it once more: the browser forgets it.") if sent else ""

    def photos(self) -> dict[str, Looked]:
        """item → the photo of its answer, for those that may be kept and whose item was answered."""
        return {
            item.code: found
            for item in self.items
            if self.cleaned_data.get(item.code) and isinstance(found := self._photo(item), Looked)
        }

    def refused_photos(self) -> list[str]:
        """A sentence on each photo that is not kept, or whose item was left open."""
        told = []
        for item in self.items:
            found = self._photo(item)
            if isinstance(found, FileRefused):
                told.append(f"{item.code}: {found.message}")
            elif found and not self.cleaned_data.get(item.code):
                told.append(
                    _("%(item)s: the photo was not kept, because the item was not answered.") % {"item": item.code}
                )
        return told

    def _photo(self, item: Item) -> Looked | FileRefused | None:
        return self.cleaned_data.get(f"{item.code}-photo")

    def clean_done_on(self) -> date:
        """A contact lies not in the future."""
        day = self.cleaned_data["done_on"]
        if day > self.today:
            raise forms.ValidationError(_("The date lies in the future."))
        return day

    def clean(self) -> dict:
        """At least one answer, and nothing grave without what showed it."""
        super().clean()
        data = self.cleaned_data
        if not any(data.get(item.code) for item in self.items) and not any(i.code in self.errors for i in self.items):
            raise forms.ValidationError(_("Answer at least one item."))
        for item in self.items:
            answer = data.get(item.code)
            if answer not in (YES, NO) or data.get(f"{item.code}-by") or data.get(f"{item.code}-evidence", "").strip():
                continue
            if isinstance(self._photo(item), Looked):
                continue
            if self._alone(data, item):
                data[f"{item.code}-by"] = WORKER_ALONE
            elif catalogue().fails(item, answer) and item.severity != MINOR:
                self.add_error(item.code, _("Say who or what showed this, so that somebody can act on it."))
        return data

    def _alone(self, data: dict, item: Item) -> bool:
        """With the worker alone, what the worker says is what showed it."""
        return bool(data.get("private")) and WORKER_ALONE in item.answered_by

    def answers(self) -> dict[str, Answered]:
        """What was answered, as the door takes it; items left open are not in it."""
        data = self.cleaned_data
        return {
            item.code: Answered(
                data[item.code],
                shown_by=data.get(f"{item.code}-by", ""),
                evidence=data.get(f"{item.code}-evidence", ""),
                note=data.get(f"{item.code}-note", ""),
                critical=bool(data.get(f"{item.code}-critical")),
                photo=isinstance(self._photo(item), Looked),
            )
            for item in self.items
            if data.get(item.code)
        }

    def refuse(self, problems: Sequence[Problem]) -> None:
        """Show what the door refused where it belongs."""
        for problem in problems:
            self.add_error(problem.item if problem.item in self.fields else None, problem.words)


class EvidenceForm(forms.Form):
    """A photo or paper for one of the answers of a check."""

    item = forms.ChoiceField(label=gettext_lazy("What it shows"))
    file = UploadField(label=gettext_lazy("Photo or PDF"))

    def __init__(self, *args, items: Sequence[str], **options):
        super().__init__(*args, **options)
        offer(self, "item", [(code, f"{code} {question(code)}") for code in items])


class VisitForm(ContactForm):
    """The items that can be answered for all workers of a site at once: nothing that is asked alone."""

    whole_group = True
    workers = forms.MultipleChoiceField(
        label=gettext_lazy("Workers met"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one worker.")},
    )  # fmt: skip
    shown_by = forms.ChoiceField(
        label=gettext_lazy("How I know"), required=False, widget=forms.RadioSelect,
        help_text=gettext_lazy("Counts for every answer below that says nothing else. Without it, a yes counts as not verified."),
    )  # fmt: skip

    def __init__(self, data=None, files=None, *, workers: Sequence[tuple[int, str]], **options):
        super().__init__(data, files, **options)
        offer(self, "shown_by", [(way, shown_by()[way]) for way in GROUP_WAYS])
        offer(self, "workers", [(str(pk), name) for pk, name in workers])
        offer(self, "mode", [(m.value, m.label) for m in (Check.Mode.GROUP, Check.Mode.DOCUMENT)])
        self.fields["mode"].initial = Check.Mode.GROUP

    def clean(self) -> dict:
        """What the officer said once for all stands for each item that it can show and that says nothing else."""
        way = self.cleaned_data.get("shown_by")
        for item in self.items:
            if way in item.answered_by and not self.cleaned_data.get(f"{item.code}-by"):
                self.cleaned_data[f"{item.code}-by"] = way
        return super().clean()


def for_a_group(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items of a routine form that may be answered for several workers at once."""
    return tuple(i for i in items if not i.private and not i.restricted and set(i.answered_by) & set(GROUP_WAYS))


def _kind(item: Item) -> int:
    if item.private or item.answered_by == (WORKER_ALONE,):
        return 0
    return 1 if {"observation", "worker in group"} & set(item.answered_by) else 2


class RemedyForm(forms.Form):
    """What was done about a finding."""

    remedy = forms.CharField(
        label=gettext_lazy("What was done for the worker"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What changed, and how you know. Read by officers of the pilot."),
    )  # fmt: skip
    on = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class WaiverForm(forms.Form):
    """Why a finding may stand, and until when."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Your name stands beside it."),
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput,
        help_text=gettext_lazy("At most 90 days. After that day the finding and its hold are back."),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReopenForm(forms.Form):
    """Why a closed finding is opened again."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is opened again"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
