"""Two people change one record, and neither loses a word: what one saw, what stands now, and what the other wrote.

A form that changes a record carries what its reader saw (``Seen``, signed, so that nobody forges it). When it comes back,
``settle`` compares three sides field by field: what only one of the two changed is taken; what both changed otherwise is
shown side by side, and the writer chooses for each field: theirs, mine, or for running text both. Nothing is written
until everything is chosen, and if the record changed once more meanwhile, it is asked again.

Every form that changes a record is a ``SeenForm`` or carries the number of the version it was read at;
``tests/guards/test_two_writers.py`` holds that. What can be done once only (a hold is lifted, a target ends) is not
weighed: who comes second reads what the first did beside the words they wrote themselves (``overtaken``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, cast

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from accounts.amounts import day_words
from accounts.requests import PortalRequest

SALT: Final = "what a reader saw of a record"
MINE, THEIRS, BOTH = "mine", "theirs", "both"
LOCK: Final = 7308


def text_of(value: Any) -> str:
    """A value of a form as text, the same for what a row holds and for what a form made of it."""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    if isinstance(value, datetime):  # a form asks for no parts of a second, and in its reader's time zone
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return "" if value is None or value is False else str(value)


class SeenForm(forms.Form):
    """A form over a record that others may change too. ``seen`` carries what its reader saw of the fields it changes."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def show(self, now: Mapping[str, Any]) -> None:
        """Put down what stands in the record as this form is shown."""
        self.initial["seen"] = sealed(now)

    def was_seen(self) -> dict[str, str]:
        """What its reader saw, as text; nothing where the form carries nothing that we sealed."""
        try:
            return signing.Signer(salt=SALT).unsign_object(self.data.get("seen", ""))
        except signing.BadSignature:
            return {}


def sealed(now: Mapping[str, Any]) -> str:
    """What stands in a record, signed, for a hidden field. The same record gives the same text: no time stands in it."""
    return signing.Signer(salt=SALT).sign_object({name: text_of(value) for name, value in now.items()}, compress=True)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that both changed: what stood there when the writer began, what stands now, and what the writer wrote."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    joins: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """The values to write, by field; the fields that both changed and nobody settled; the fields only others changed."""

    values: dict[str, Any]
    open: list[Difference]
    taken: list[Difference]


def alone_with(what: str, pk: int) -> None:
    """Wait until nobody else changes this record by hand, to the end of the transaction: for what has no row to lock, or
    none that its writers may lock."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, f"{what} {pk}"])


def settle(form: SeenForm, now: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> Settled:
    """Weigh a valid form against what stands in the record now (field → value; the row should be locked).

    ``given``: what the form says, where that is not its ``cleaned_data``.

    ``keep-<field>`` in the form's data says what was chosen where both had changed it; a choice counts only as long as
    the record is as it was when it was made.
    """
    seen = form.was_seen()
    values, waiting, taken = dict(form.cleaned_data if given is None else given), [], []
    values.pop("seen", None)
    for name, standing in now.items():
        theirs, mine, before = text_of(standing), text_of(values[name]), seen.get(name)
        choice = form.data.get(f"keep-{name}", "")
        if mine == theirs:
            continue
        if before == theirs:  # nobody else touched it since the writer saw it
            if choice == THEIRS:
                values[name] = standing
            elif choice == BOTH and _joins(form, name):
                values[name] = f"{theirs}\n{mine}"
            continue
        difference = Difference(
            name, str(form.fields[name].label or name), _shown(form, name, before or ""), _shown(form, name, theirs),
            _shown(form, name, mine), _joins(form, name),
        )  # fmt: skip
        if before == mine:
            values[name] = standing
            taken.append(difference)
        else:
            waiting.append(difference)
    return Settled(values, waiting, taken)


def _joins(form: forms.Form, name: str) -> bool:
    """Whether a field is running text, where both sides can stand one after the other."""
    return isinstance(form.fields[name].widget, forms.Textarea)


def _shown(form: forms.BaseForm, name: str, text: str) -> str:
    """A value as its reader knows it: the words of a choice, not its code."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        found = field.queryset.filter(pk=text).first() if text.isdecimal() else None  # type: ignore[union-attr]
        return "" if found is None else field.label_from_instance(found)
    if isinstance(field, forms.MultipleChoiceField):
        words = dict(field.choices)  # type: ignore[arg-type]
        return ", ".join(str(words.get(each, each)) for each in text.split(", ") if each)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(text, text))  # type: ignore[arg-type]
    if isinstance(field, forms.BooleanField):
        return "✓" if text else "–"
    if isinstance(field, forms.DateField) and text:
        try:
            return day_words(date.fromisoformat(text))
        except ValueError:
            return text  # as it was typed
    return text


def ask(
    request: PortalRequest, form: SeenForm, found: Settled, now: Mapping[str, Any], *, title: str, back: str,
    action: str = "",
) -> HttpResponse:  # fmt: skip
    """Answer 409: both sides of every field that both changed, to choose from; everything else the writer wrote goes with it."""
    said = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"seen", "csrfmiddlewaretoken"} and not name.startswith("keep-")
        for value in values
    ]
    said += [(f"keep-{each.name}", THEIRS) for each in found.taken]
    context = {
        "title": title, "back": back, "action": action or request.path, "said": said, "seen": sealed(now),
        "open": found.open, "taken": found.taken,
    }  # fmt: skip
    return render(request, "merge.html", context, status=409)


def overtaken(
    request: PortalRequest, form: forms.BaseForm, theirs: Mapping[str, str], *, title: str, back: str
) -> HttpResponse:
    """Answer 409 where somebody else did it first: what they did (label → words) beside what this form says, so that its
    words can be put elsewhere. Nothing is written."""
    form.full_clean()
    mine = {
        str(field.label): _shown(form, field.name, text_of(form.cleaned_data.get(field.name, field.data)))
        for field in form.visible_fields()
        if field.data not in (None, "", [], False)
    }
    return render(request, "overtaken.html", {"title": title, "back": back, "theirs": theirs, "mine": mine}, status=409)


def read_again(form: forms.BaseForm, revision: int) -> None:
    """A form that was read at an older revision, with all its words, as if it had been opened on this one."""
    data = cast("QueryDict", form.data).copy()
    data["revision"] = str(revision)
    form.data = data


def write_row(
    request: PortalRequest, form: SeenForm, row: Model, now: Mapping[str, Any], *, title: str, back: str
) -> HttpResponse | None:
    """Write what a valid form over one locked row settles. The page that asks, where both sides changed a field; else
    None: written, or refused by the table, whose sentences then stand in the form's errors."""
    settled = settle(form, now)
    if settled.open:
        return ask(request, form, settled, now, title=title, back=back)
    for name in now:
        setattr(row, name, settled.values[name])
    try:
        row.validate_constraints()
    except ValidationError as problem:  # each side alone was sound, both together are not
        form.add_error(None, problem)
    else:
        row.save(update_fields=list(now))
    return None
