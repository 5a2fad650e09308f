"""The hours a worker was promised, defined once: by the scheme, by the contract, by the job order, and what counts for them.

The page of a placement, the early signs, the clocks and the rule PAY-02 all read them here. A guarantee of the scheme is
hours in a block of weeks; a contract may guarantee more. A payslip that lies in two blocks is shared by days, and hours
that were worked were offered. Fragments of SQL are over an alias of ``workers_contractversion`` or ``workers_payrecord``.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from pilots.rulebook import Rulebook
from pilots.schemes.pay import Guarantee, guarantee

DAYS_A_WEEK: Final = 7
# 365.2425 days of a mean Gregorian year ÷ 7: so many weeks are twelve months.
WEEKS_A_YEAR: Final = Decimal("52.1775")


def month_as_weeks(amount: str) -> str:
    """SQL for what an amount of a month is in a week."""
    return f"{amount} * 12 / {WEEKS_A_YEAR}"


def contract_week(version: str) -> str:
    """SQL for the hours a week that a contract guarantees; null where it guarantees none, or for the whole placement."""
    hours = f"{version}.guaranteed_hours"
    return (
        f"case {version}.guarantee_period when 'week' then {hours} when '4 weeks' then {hours} / 4"
        f" when 'month' then {month_as_weeks(hours)} end"
    )


def offered(slip: str) -> str:
    """SQL for the hours of a payslip that count for a guarantee: hours that were worked were offered."""
    return f"greatest({slip}.hours_offered, {slip}.hours_worked)"


def days_in(slip: str, first: str, last: str) -> str:
    """SQL for the days of a payslip that lie between two days, both included."""
    return f"(least({slip}.period_end, {last}) - greatest({slip}.period_start, {first}) + 1)"


def share_in(slip: str, first: str, last: str) -> str:
    """SQL for the share of a payslip that lies between two days: what two blocks share is shared by days."""
    return f"({days_in(slip, first, last)}::numeric / ({slip}.period_end - {slip}.period_start + 1))"


def for_days(hours_a_week: Decimal, days: int) -> Decimal:
    """Hours promised for so many days by so many a week."""
    return hours_a_week * days / DAYS_A_WEEK


def blocks_guaranteed(books: Mapping[int, Rulebook], on: date) -> dict[int, Guarantee]:
    """pilot → what its scheme guarantees on a day, where that is hours in blocks of weeks."""
    found = {}
    for pk, book in books.items():
        if book.has("hours_guarantee", on=on):
            promised = guarantee(book.parameter("hours_guarantee", on=on))
            if promised.hours is not None and promised.weeks:
                found[pk] = promised
    return found
