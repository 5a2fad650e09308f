"""Columns that several kinds of sheet have in common: the keys of a person, and lists of choices."""

from __future__ import annotations

from typing import Final

from workers.journey.steps import marked as _

from . import identity, words
from .columns import IDENTITY, PLAIN, Column

COUNTRY_CHOICES: Final[tuple[str, ...]] = ()  # too many for a drop-down; names and codes are both taken
BY_PERSON: Final = (("worker_id",), ("passport_number", "passport_country"))


def worker_id() -> Column:
    """The pilot's own code of a person, the usual key."""
    return Column(
        "worker_id",
        "Worker ID",
        identity.code(40),
        privacy=PLAIN,
        example="TON-0042",
        as_text=True,
        help=_("The pilot's own code of the person, the same in every sheet."),
    )


def passport_key() -> tuple[Column, Column]:
    """The second key of a person: a passport number with its country."""
    return (
        Column(
            "passport_number",
            "Passport number",
            identity.passport,
            privacy=IDENTITY,
            example="P123456",
            as_text=True,
        ),
        Column(
            "passport_country",
            "Passport country",
            words.country,
            privacy=IDENTITY,
            example="Tonga",
        ),
    )
