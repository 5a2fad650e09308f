"""Columns that several kinds of sheet have in common: the keys of a person, and lists of choices."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from workers.journey.steps import marked as _

from . import amounts, cleaning, dates, identity, versions, words
from .columns import IDENTITY, MONEY, PLAIN, Column

COUNTRY_CHOICES: Final[tuple[str, ...]] = ()  # too many for a drop-down; names and codes are both taken
MOST_RATE: Final = Decimal("9999999999")  # what a column of four decimals holds
BY_PERSON: Final = (("worker_id",), ("passport_number", "passport_country"))


def worker_id() -> Column:
    """The pilot's own code of a person, the usual key."""
    return Column(
        "worker_id",
        "Worker ID",
        identity.code(40),
        privacy=PLAIN,
        as_text=True,
        help=_("The pilot's own code of the person, the same in every sheet."),
    )


def row_version() -> Column:
    """The last column of a downloaded list: which record the row was, and how it stood (``versions``). An upload whose
    record stands otherwise by then is a conflict. Every kind has it; a list made by hand leaves it out."""
    return Column(
        versions.KEY,
        "Row version",
        versions.clean,
        privacy=PLAIN,
        as_text=True,
        carried=True,
        help=_("Filled by the portal when a list is downloaded. Leave it as it is; new rows have none."),
    )


def passport_key() -> tuple[Column, Column]:
    """The second key of a person: a passport number with its country."""
    return (
        Column(
            "passport_number",
            "Passport number",
            identity.passport,
            privacy=IDENTITY,
            as_text=True,
        ),
        Column(
            "passport_country",
            "Passport country",
            words.country,
            privacy=IDENTITY,
        ),
    )


def values(meanings: dict[str, str]) -> tuple[str, ...]:
    """The codes that a table of words leads to, each once."""
    return tuple(dict.fromkeys(meanings.values()))


def amount(
    key: str, header: str, *, required: bool = False, decimals: int = 2, narrow: bool = False, unit: str = ""
) -> Column:
    """An amount of money; four decimals for what is paid for an hour or a piece."""
    return Column(
        key,
        header,
        amounts.money(decimals, most=MOST_RATE if narrow or decimals == 4 else amounts.MOST),
        required=required,
        privacy=MONEY,
        hint_key="currency",
        unit=unit,
    )


def currency() -> Column:
    """The currency of the row's amounts."""
    return Column("currency", "Currency", amounts.currency, privacy=PLAIN)


def date(key: str, header: str, *, meaning: str = "any", required: bool = False) -> Column:
    """A day; ``meaning`` as in ``dates.date``."""
    return Column(key, header, dates.date(meaning), required=required, privacy=PLAIN, as_date=True)


def one_of(key: str, header: str, meanings: dict[str, str], *, required: bool = False) -> Column:
    """One of a few words."""
    return Column(
        key,
        header,
        cleaning.choice(key, meanings),
        required=required,
        privacy=MONEY,
        choices=values(meanings),
    )
