"""The tallies of due checks, put together for the pages: by site and by stage."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from compliance.due import DONE, DUE, NOT_REACHED, OVERDUE, Tally
from compliance.words import stage_words


@dataclass(slots=True)
class SiteLine:
    """What one site owes now. ``site_id`` is empty for workers without a place of work yet."""

    site_id: int | None
    site: str
    employer: str
    overdue: int = 0
    due: int = 0


@dataclass(slots=True)
class StageLine:
    """How the checks of one stage stand: each placement counts once per check that was owed."""

    stage: str
    done: int = 0
    overdue: int = 0
    due: int = 0
    not_reached: int = 0

    @property
    def label(self) -> str:
        """The stage in words."""
        return stage_words(self.stage)

    @property
    def owed(self) -> int:
        """Checks whose day has come: done, overdue or not reached."""
        return self.done + self.overdue + self.not_reached


@dataclass
class Overview:
    """Sites with what they owe, the latest first; stages in the catalogue's order; and the sums."""

    rows: Iterable[Tally]
    sites: list[SiteLine] = field(default_factory=list)
    stages: list[StageLine] = field(default_factory=list)

    def __post_init__(self) -> None:
        sites: dict[int | None, SiteLine] = {}
        stages: dict[str, StageLine] = {}
        for row in self.rows:
            site = sites.setdefault(row.site_id, SiteLine(row.site_id, row.site, row.employer))
            stage = stages.setdefault(row.stage, StageLine(row.stage))
            site.overdue += row.placements if row.state == OVERDUE else 0
            site.due += row.placements if row.state == DUE else 0
            for state, name in ((DONE, "done"), (OVERDUE, "overdue"), (DUE, "due"), (NOT_REACHED, "not_reached")):
                if row.state == state:
                    setattr(stage, name, getattr(stage, name) + row.placements)
        owing = [line for line in sites.values() if line.overdue or line.due]
        self.sites = sorted(owing, key=lambda s: (-s.overdue, -s.due, s.site))
        order = ("recruitment", "pre-departure", "arrival", "employment", "pre-return", "after-return")
        self.stages = [stages[code] for code in order if code in stages]

    @property
    def overdue(self) -> int:
        """Checks past their day."""
        return sum(s.overdue for s in self.stages)

    @property
    def due(self) -> int:
        """Checks due within a week."""
        return sum(s.due for s in self.stages)

    @property
    def not_reached(self) -> int:
        """Checks whose time went by."""
        return sum(s.not_reached for s in self.stages)

    @property
    def done(self) -> int:
        """Checks done."""
        return sum(s.done for s in self.stages)

    @property
    def owed(self) -> int:
        """Checks whose day has come."""
        return sum(s.owed for s in self.stages)
