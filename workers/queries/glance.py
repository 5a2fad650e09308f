"""What the first screen of a placement says: where it stands, until when, and what was promised against what was paid."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.rows import may
from accounts.scope import Scope
from workers.facts.terms import in_order
from workers.journey.steps import STEP
from workers.journey.wording import step_words
from workers.models import ContractVersion, Placement
from workers.queries.placement import PayLine

SHOWN_PERIODS = 12
HIGH = 48  # units of the drawing, not pixels: the picture grows with its place
STEP_WIDE, BAR_WIDE = 20, 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A pay period in the drawing: a bar for what was paid, a stroke at what was promised (none where nothing was)."""

    x: int
    y: int
    height: int
    promised: int | None
    short: bool

    @property
    def wide(self) -> int:
        """The width of the bar."""
        return BAR_WIDE

    @property
    def stroke(self) -> tuple[int, int]:
        """From where to where the stroke of the promise goes."""
        return self.x - 3, self.x + BAR_WIDE + 3


@dataclass(frozen=True, slots=True)
class Drawing:
    """The last pay periods as bars, oldest first."""

    bars: list[Bar]
    width: int
    height: int
    short: int


@dataclass(frozen=True, slots=True)
class Glance:
    """Where the placement stands in words, the day that comes next, and the newest contract the reader may see."""

    step: str
    phase: str
    abroad: bool
    before: bool
    ended: bool
    contract: ContractVersion | None


def glance(placement: Placement, *, by: Scope) -> Glance:
    """For the first screen; the contract takes one statement, and none where the role may not read contracts."""
    step = STEP[placement.state.step]
    contract = None
    if may(ContractVersion, by.db_role):
        rows = ContractVersion.objects.filter(placement=placement, superseded_by__isnull=True)
        contract = next(reversed(in_order(rows)), None)
    return Glance(
        step=step_words(step.code, placement.pilot.scheme), phase=step.phase, abroad=step.is_abroad,
        before=step.phase in ("recruitment", "preparation"), ended=step.is_end, contract=contract,
    )  # fmt: skip


def drawing(lines: list[PayLine]) -> Drawing | None:
    """The last periods of one currency, each against its promise; none with fewer than two."""
    newest = sorted(lines, key=_day)[-SHOWN_PERIODS:]
    if len(newest) < 2 or len({line.record.currency for line in newest}) > 1:
        return None
    most = max(max(line.record.gross, line.promised or Decimal(0)) for line in newest)
    if most <= 0:
        return None
    bars = []
    for place, line in enumerate(newest):
        paid = int(line.record.gross * HIGH / most)
        promised = None if line.promised is None else HIGH + 3 - int(line.promised * HIGH / most)
        bars.append(Bar(4 + place * STEP_WIDE, HIGH + 3 - paid, paid, promised, line.short))
    return Drawing(bars, len(newest) * STEP_WIDE, HIGH + 4, sum(line.short for line in newest))


def _day(line: PayLine) -> date:
    return line.record.period_end
