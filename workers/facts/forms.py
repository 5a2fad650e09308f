"""A form for one fact, made of the columns of its kind of sheet, so that both ask for the same in the same words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.merging import SeenForm
from workers.agreed import folded
from workers.models import CostItem
from workers.sheets.columns import Column
from workers.sheets.kinds import COLUMNS
from workers.sheets.ledgers import LEDGERS

ITEMS = "deduction:"
CURRENCY = "currency"


class FactForm(SeenForm):
    """The columns of a kind but those that say whom it is about. Checking is the judge's, not the form's."""

    def __init__(self, data: Any, *, kind: str, without: frozenset[str], choices: Mapping[str, list[tuple[str, str]]]):
        super().__init__(data)
        self.kind = kind
        for column in COLUMNS[kind].columns:
            if column.key not in without and not column.carried:
                self.fields[column.key] = field_of(column, choices.get(column.key))

    def texts(self) -> dict[str, str]:
        """Field → what was typed there, line ends as we write them."""
        told = {key: str(self.data.get(key, "")) for key in self.fields if key != "seen"}
        return {key: text.replace("\r\n", "\n").strip() for key, text in told.items()}

    def cells(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Column key → text, as the door takes it; each line of items is a column of its own."""
        self.full_clean()
        cells = dict(texts)
        for line in cells.pop(ITEMS, "").splitlines():
            item, _colon, amount = line.partition(":")
            if item.strip():
                cells[ITEMS + folded(item)] = amount.strip()
        return cells

    def refuse(self, problems: Mapping[str, list[str]]) -> None:
        """Put each sentence to its field; what has no field goes above the form."""
        for key, sentences in problems.items():
            name = ITEMS if key.startswith(ITEMS) else key
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def field_of(column: Column, choices: list[tuple[str, str]] | None) -> forms.Field:
    """The field of a column, in the words of the sheet."""
    given: dict[str, Any] = {
        "label": _(column.header),
        "required": column.required,
        "help_text": _(column.help) if column.help else "",
    }
    if choices is None and column.choices:
        choices = [(word, _(word).capitalize()) for word in column.choices]
    if column.key == ITEMS:
        hint = _("One item a line with its amount, such as “rent: 140.00”.")
        return forms.CharField(
            **given | {"label": _("Deductions by item"), "help_text": hint}, widget=forms.Textarea(attrs={"rows": 3})
        )
    if choices is not None:
        return forms.ChoiceField(
            **given, choices=choices if column.required and len(choices) == 1 else [("", "–"), *choices]
        )
    if column.as_date:
        return forms.DateField(**given, widget=forms.DateInput)
    return forms.CharField(**given, max_length=500)


def initial_of(kind: str, row: Any) -> dict[str, str]:
    """What is recorded, as the form shows it."""
    found = {}
    for name, (key, _sql) in LEDGERS[kind].values.items():
        value = getattr(row, name)
        if key == ITEMS:
            value = "\n".join(f"{item}: {amount}" for item, amount in sorted(value.items()))
        found[key] = _text(value)
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def cost_items() -> list[tuple[str, str]]:
    """The items of the ledger of costs."""
    return [(item, _(item).capitalize()) for item in CostItem.ITEMS]
