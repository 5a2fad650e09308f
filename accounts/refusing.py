"""What a door refused, shown in the form that asked for it."""

from django.core.exceptions import ValidationError
from django.forms import BaseForm


def refuse(form: BaseForm, wrong: ValidationError) -> None:
    """Put the sentences of a door at the fields that they name, else above the form."""
    if not hasattr(wrong, "error_dict"):
        form.add_error(None, wrong.messages)
        return
    for field, words in wrong.message_dict.items():
        form.add_error(field if field in form.fields else None, words)
