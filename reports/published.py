"""What has gone out before: every cell of every edition that readers who may meet were given.

A register of figures and of what they were counted over, never of persons. The disclosure rule reads it before a new
edition is made; `reports/register.py` keeps it.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from reports.content import Figure, Section
from reports.tables import Cell


@dataclass(frozen=True, slots=True)
class Selection:
    """What a figure was counted over: the cohorts of a pilot departing in a period, of one employer or of all."""

    pilot: str
    period_from: date
    period_to: date
    employer: int | None = None

    @property
    def fingerprint(self) -> str:
        """The name of the selection: a hash of what was asked for, not of who was found."""
        asked = [self.pilot, self.period_from.isoformat(), self.period_to.isoformat(), self.employer]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()

    def holds(self, other: "Selection") -> bool:
        """Whether everybody in ``other`` is in this selection too."""
        return (
            self.pilot == other.pilot
            and self.employer in (None, other.employer)
            and self.period_from <= other.period_from
            and other.period_to <= self.period_to
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of one edition, as its readers got it: shown with its numbers, or hidden with none."""

    selection: Selection
    as_of: datetime
    figure: Figure

    @property
    def place(self) -> tuple[str, Cell]:
        """Metric and cell."""
        return self.figure.metric, self.figure.key


@dataclass(slots=True)
class Published:
    """The entries, oldest first, found by selection and place."""

    entries: Sequence[Entry] = ()
    _at: dict[tuple[Selection, str, Cell], list[Entry]] = field(default_factory=dict)
    _of: dict[str, list[Entry]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.entries:
            self._at.setdefault((entry.selection, *entry.place), []).append(entry)
            self._of.setdefault(entry.figure.metric, []).append(entry)

    def of(self, selection: Selection | None, metric: str, key: Cell) -> list[Entry]:
        """What was published of one cell of the same selection, oldest first."""
        return self._at.get((selection, metric, key), []) if selection else []

    def elsewhere(self, selection: Selection, metric: str) -> dict[tuple[Selection, Cell], Figure]:
        """What other selections of the pilot were last given of a metric; a shown figure outlives a hidden one.

        Those that nobody is in together with this one count too: a third may hold both.
        """
        found: dict[tuple[Selection, Cell], Figure] = {}
        for entry in self._of.get(metric, ()):
            if entry.selection != selection and entry.selection.pilot == selection.pilot:
                place = entry.selection, entry.figure.key
                if not entry.figure.suppressed or place not in found or found[place].suppressed:
                    found[place] = entry.figure
        return found

    @classmethod
    def with_sections(cls, selection: Selection, as_of: datetime, sections: Iterable[Section]) -> "Published":
        """A register that holds one edition: what its sections showed and hid."""
        return cls([Entry(selection, as_of, figure) for section in sections for figure in section.figures])
