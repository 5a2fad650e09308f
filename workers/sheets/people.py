"""The kind ``workers``: judged by ``matching``, written by ``committing``."""

from datetime import date

from accounts.scope import Scope
from workers.models import ImportBatch

from . import committing, matching


def judge(batch: ImportBatch, by: Scope, today: date) -> None:
    """Who is meant, what would change, what speaks against it."""
    matching.judge(batch, by)


def words(batch: ImportBatch, by: Scope) -> dict[str, str]:
    """The sentences of the judge."""
    return matching.words(by)


def write(batch: ImportBatch, by: Scope, today: date) -> None:
    """Persons, contact, background, papers, consent, nominations."""
    committing.write(batch, by, today)
