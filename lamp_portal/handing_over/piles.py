"""What is open with a member, as it is shown: things in piles, and to whom they would go."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.models import Membership

SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class To:
    """Who gets it: an open membership of the same organisation, or (``membership`` None) whoever takes it."""

    membership: Membership | None

    @property
    def user_id(self) -> int | None:
        """The person, or nobody in particular."""
        return self.membership.user_id if self.membership else None

    @property
    def name(self) -> str:
        """Their name; empty for nobody in particular."""
        return self.membership.user.name if self.membership else ""


@dataclass(frozen=True, slots=True)
class Thing:
    """One open thing: what it is, where it stands, its day, and why it cannot go to whoever was chosen (empty: it can)."""

    pk: int
    words: str
    url: str
    note: str = ""
    due: date | None = None
    grave: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Pile:
    """Open things of one kind: the first ``SHOWN`` of them, how many there are and how many would go. ``note`` says what
    holds for all of them; ``stays`` where nothing of the kind has to be handed over."""

    code: str
    label: str | Promise
    icon: str
    things: list[Thing]
    total: int
    goes: int = 0
    note: str | Promise = ""
    stays: bool = False


def first(rows: QuerySet, show: Callable[[Any], Thing]) -> tuple[list[Thing], int]:
    """The first rows as things, and how many there are; counted only where there are more."""
    found = list(rows[: SHOWN + 1])
    total = len(found) if len(found) <= SHOWN else rows.count()
    return [show(row) for row in found[:SHOWN]], total


def going(things: Iterable[Thing], total: int) -> int:
    """How many of ``total`` can go, when these were looked at."""
    return total - sum(1 for thing in things if thing.why_not)
