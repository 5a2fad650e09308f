"""Rounding as a rule's data says it, and the lowest hourly pay that follows from two rules. Pure.

``rules`` is a ``Rulebook`` or a ``Scheme``: whatever answers ``parameter(name, on=day)`` and ``has(name, on=day)``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from pilots.schemes.scheme import Parameter

CENT, UNIT = Decimal("0.01"), Decimal(1)
HOURLY_FIRST = "half up to the cent, hourly rate first"
_ROUNDED: dict[str, Callable[[Decimal], Decimal]] = {
    "none": lambda amount: amount,
    "half up to the cent": lambda amount: amount.quantize(CENT, ROUND_HALF_UP),
    HOURLY_FIRST: lambda amount: amount.quantize(CENT, ROUND_HALF_UP),
    "down to the cent": lambda amount: amount.quantize(CENT, ROUND_DOWN),
    "down to the unit": lambda amount: amount.quantize(UNIT, ROUND_DOWN),
}


class Rules(Protocol):
    """What answers for the rules of a pilot or a scheme."""

    def parameter(self, name: str, on: date) -> Parameter: ...

    def has(self, name: str, on: date) -> bool: ...


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Hours guaranteed in each block of ``weeks``; ``weeks`` is None where the whole placement is one block.

    ``percent`` is set instead of hours where the guarantee is a share of the contract's own hours.
    """

    hours: Decimal | None
    weeks: int | None
    percent: Decimal | None = None


_BLOCKS: dict[str, tuple[int | None, int]] = {
    "hours/week": (1, 1),
    "hours/4 weeks": (4, 1),
    "hours/week over 4 weeks": (4, 4),
    "hours/week over the placement": (None, 1),
}


def rounded(amount: Decimal, rule: str) -> Decimal:
    """The amount under a rounding rule of ``units.ROUNDING``; KeyError for a rule nobody declared."""
    return _ROUNDED[rule](amount)


def guarantee(parameter: Parameter) -> Guarantee:
    """What ``hours_guarantee`` means: 120 hours/4 weeks and 30 hours/week over 4 weeks are both 120 in 4 weeks.

    Over the whole placement ``hours`` are those of each week, to be multiplied by its weeks. ValueError for a unit
    that is no guarantee of hours.
    """
    if parameter.unit == "percent of the contract":
        return Guarantee(None, None, _number(parameter.value))
    if parameter.unit not in _BLOCKS:
        raise ValueError(f"{parameter.name} in {parameter.unit} is no guarantee of hours")
    weeks, times = _BLOCKS[parameter.unit]
    return Guarantee(_number(parameter.value) * times, weeks)


def hourly_floor(rules: Rules, on: date, **facts: Any) -> Decimal:
    """The lowest hourly pay on the day: the minimum wage, times the floor's share for this season, rounded as it says.

    ``hourly_floor(book, on=day, season=3)``. NoValueOnDate or UnknownParameter where there is no minimum wage, NoClass
    where it goes by a fact that was not given.
    """
    wage = _number(rules.parameter("minimum_wage", on=on).value_for(**facts))
    if not rules.has("pay_floor_percent", on=on):
        return wage
    floor = rules.parameter("pay_floor_percent", on=on)
    return rounded(wage * _number(floor.value_for(**facts)) / 100, floor.rounding)


def block_floor(rules: Rules, on: date, hours: Decimal, *, holiday_pay: bool = False, **facts: Any) -> Decimal:
    """The lowest pay for so many hours, with holiday pay on top where it is paid as you go.

    Where the rule says "hourly rate first", the rate with holiday pay is rounded before it is multiplied.
    """
    rate = hourly_floor(rules, on, **facts)
    if not holiday_pay:
        return rounded(rate * hours, "half up to the cent")
    extra = rules.parameter("holiday_pay_percent", on=on)
    factor = 1 + _number(extra.value_for(**facts)) / 100
    if extra.rounding == HOURLY_FIRST:
        return rounded(rounded(rate * factor, extra.rounding) * hours, "half up to the cent")
    return rounded(rate * factor * hours, extra.rounding)


def _number(value: object) -> Decimal:
    return Decimal(str(value))
