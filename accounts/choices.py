"""Choices that are known only when the form is made: this organisation's roles, this pilot's readers."""

from collections.abc import Sequence
from typing import Any

from django import forms


def offer(form: forms.BaseForm, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    """Let the form's choice field of this name offer these (value, words); TypeError where it offers nothing."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choices")
    field.choices = choices
