"""How long each step may take: ``due(grievance, on=)`` reads ``targets.toml``, which is the table to edit."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from compliance.duties.calendar import add_business_days
from compliance.models import Grievance


@dataclass(frozen=True, slots=True)
class Target:
    """One dated row of the table."""

    code: str
    words: str
    days: int
    unit: str
    since: str
    until: str
    valid_from: date
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is due: by when, and by how many days it is late (0 where it is not)."""

    code: str
    words: str
    by: date
    late: int


@cache
def targets() -> tuple[Target, ...]:
    """Every row of ``targets.toml``."""
    rows = tomllib.loads((Path(__file__).parent / "targets.toml").read_text(encoding="utf-8"))["target"]
    return tuple(Target(**row) for row in rows)


def target(code: str, on: date) -> Target:
    """The row of this code in force on a day; KeyError before the first one."""
    rows = [t for t in targets() if t.code == code and t.valid_from <= on]
    if not rows:
        raise KeyError(code)
    return max(rows, key=lambda t: t.valid_from)


def add_days(start: date, days: int, unit: str, countries: tuple[str, ...] = ()) -> date:
    """So many days after ``start``; working days are those on which people work in each of the countries."""
    return (
        add_business_days(start, days, countries or ("",)) if unit == "working days" else start + timedelta(days=days)
    )


def due(grievance: Grievance, *, on: date) -> list[Due]:
    """What is still due on this day, the soonest first; nothing for a closed one.

    Its readers may sit at either end of the corridor: weekends and public holidays of both countries do not count.
    """
    if grievance.stage == Grievance.Stage.CLOSED:
        return []
    began = grievance.reopened_on or grievance.opened_on
    starts = {"opened": began, "progressed": grievance.progressed_on}
    corridor = grievance.pilot.corridor
    codes = ["progress", "close"]
    if grievance.triaged_on is None:
        codes.append("triage-urgent" if grievance.urgent else "triage")
    if grievance.acknowledged_on is None:
        codes.append("acknowledge")
    found = []
    for code in codes:
        row = target(code, began)
        by = add_days(starts[row.since], row.days, row.unit, (corridor.origin, corridor.destination))
        found.append(Due(code, _words(code), by, max(0, (on - by).days)))
    return sorted(found, key=lambda d: (d.by, d.code))


def _words(code: str) -> str:
    return {
        "acknowledge": _("Acknowledge"), "triage": _("Decide who sees to it"),
        "triage-urgent": _("Decide who sees to it, urgent"), "progress": _("Go on with it"), "close": _("Close"),
    }[code]  # fmt: skip
