"""A value written as text by a person, read in the type that its unit asks for; and back."""

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from pilots.schemes.scheme import Scalar
from pilots.schemes.units import DECIMAL, LIST, UNITS, WHOLE, WORDS, YES_NO

YES, NO = "yes", "no"


class BadValue(ValueError):
    """The text is not a value of this unit. Says in words what is wanted."""


def read_value(text: str, unit: str) -> Scalar | tuple[str, ...]:
    """The typed value of a text: "30" of hours, "yes" of yes/no, "tent, caravan" of a list. BadValue otherwise."""
    kind, text = UNITS.get(unit), text.strip()
    if not text or kind is None:
        raise BadValue(_("Write a value."))
    if kind == YES_NO:
        if text.casefold() not in (YES, NO):
            raise BadValue(_("Write yes or no."))
        return text.casefold() == YES
    if kind == WORDS:
        return text
    if kind == LIST:
        found = tuple(one.strip() for one in text.split(",") if one.strip())
        if not found:
            raise BadValue(_("Write the items with commas between them."))
        return found
    return _number(text, kind)


def _number(text: str, kind: str) -> Decimal | int:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or number < 0 or abs(number) >= Decimal(10) ** 12:
        raise BadValue(_("Write a number that is not below zero, with a point before decimals."))
    if kind == DECIMAL:
        return number
    if kind != WHOLE or number != int(number):
        raise BadValue(_("Write a whole number."))
    return int(number)


def write_value(value: Scalar | tuple[str, ...]) -> str:
    """The text that ``read_value`` reads back as the same value."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
