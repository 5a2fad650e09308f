"""Over which time an amount or hours are counted, where the sheet counts otherwise than the portal.

The portal keeps a wage by the month and a rent by the week; a sheet may have fortnights. The reader says so once for the
column. Exact: a year has 12 months, 52 weeks, 26 fortnights or 13 times four weeks, and the result is rounded to the cent.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from .row_rules import Packet

# Unit -> how often it comes in a year.
PERIODS: Final = {"week": 52, "fortnight": 26, "4 weeks": 13, "month": 12, "year": 1}
PERIOD_WORDS: Final = {
    "week": gettext_lazy("a week"), "fortnight": gettext_lazy("a fortnight"), "4 weeks": gettext_lazy("four weeks"),
    "month": gettext_lazy("a month"), "year": gettext_lazy("a year"),
}  # fmt: skip
HOURS: Final = "hours"
# Unit of hours -> how many of them make a week; without one they count for the whole period of the row.
HOURS_A_WEEK: Final = {"week": 1, "day5": 5, "day6": 6, "day7": 7}
HOUR_WORDS: Final = {
    "week": gettext_lazy("a week"), "day5": gettext_lazy("a day, five days a week"),
    "day6": gettext_lazy("a day, six days a week"), "day7": gettext_lazy("a day, seven days a week"),
}  # fmt: skip
CENT: Final = Decimal("0.01")


def counted(own: str, given: str) -> Callable[[Any], Any]:
    """The function that turns a clean amount of the unit ``given`` into the column's ``own``; the same when they agree."""
    if own not in PERIODS or given not in PERIODS or own == given:
        return lambda value: value
    often, seldom = PERIODS[given], PERIODS[own]

    def turned(value: Any) -> Any:
        return None if value is None else _rounded(Decimal(value) * often / seldom)

    return turned


def hours_of_period(packet: Packet) -> None:
    """Hours given for a day or a week become those of the row's period; guaranteed hours become those of a week."""
    for column in packet.kind.columns:
        per_week = HOURS_A_WEEK.get(packet.context.of(column.key).unit) if column.unit == HOURS else None
        values = packet.table.get(column.key)
        if per_week is None or values is None:
            continue
        if column.key == "guaranteed_hours":
            _guaranteed(packet, values, per_week)
            continue
        starts, ends = packet.column("period_start"), packet.column("period_end")
        for at, value in enumerate(values):
            if value is None or starts[at] is None or ends[at] is None:
                continue  # a period that is missing or cannot be read is told by its own cells
            days = (datetime.date.fromisoformat(ends[at]) - datetime.date.fromisoformat(starts[at])).days + 1
            if days > 0:
                values[at] = _rounded(Decimal(value) * per_week * days / 7)


def _guaranteed(packet: Packet, values: list[Any], per_week: int) -> None:
    periods = packet.column("guarantee_period")
    for at, value in enumerate(values):
        if value is None:
            continue
        if periods[at] not in (None, "week"):
            packet.problem(
                at, "guaranteed_hours", "other_period",
                _("The column was said to count hours by the week, and this row says “%(period)s”. Make them agree.")
                % {"period": periods[at]},
            )  # fmt: skip
            continue
        periods[at], values[at] = "week", _rounded(Decimal(value) * per_week)


def _rounded(number: Decimal) -> str:
    return str(number.quantize(CENT, ROUND_HALF_UP))
