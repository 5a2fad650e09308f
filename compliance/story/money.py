"""The money of a story: pay by period beside what was promised, deductions with their balance, costs with what came back."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from compliance.story.reading import Told
from workers.agreed import binds, folded, taken
from workers.models import DeductionAgreement
from workers.queries.placement import Facts, PayLine, cost_sums, pay_lines

BAR, GAP, TALL = 8, 3, 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One pay period drawn: what was paid from the ground up, and a mark at what was promised. Whole points."""

    x: int
    y: int
    height: int
    promised: int | None
    short: bool


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay of one placement, oldest first. ``short``: periods with less than promised, ``lacking`` what they lack together."""

    lines: list[PayLine]
    bars: list[Bar]
    width: int
    short: int
    lacking: Decimal
    currency: str
    net: Decimal

    @property
    def height(self) -> int:
        """Points from top to ground."""
        return TALL


def pay(told: Told) -> Pay | None:
    """The pay periods, or none where nothing is recorded."""
    if not told.pay:
        return None
    lines = pay_lines(Facts(told.placement, [], [], (), pay=told.pay))
    currency = lines[0].record.currency  # sums are of this one, and of no other added to it
    same = [line for line in lines if line.record.currency == currency]
    short = [line for line in same if line.short]
    return Pay(
        lines=lines,
        bars=_bars(lines),
        width=len(lines) * (BAR + GAP) + GAP,
        short=len(short),
        lacking=sum(((line.promised or Decimal(0)) - line.record.gross for line in short), Decimal(0)),
        currency=currency,
        net=sum((line.record.net for line in same), Decimal(0)),
    )


def _bars(lines: list[PayLine]) -> list[Bar]:
    most = max((max(line.record.gross, line.promised or Decimal(0)) for line in lines), default=Decimal(0)) or Decimal(
        1
    )

    def points(amount: Decimal) -> int:
        return round(amount / most * TALL)

    return [
        Bar(
            x=GAP + number * (BAR + GAP),
            y=TALL - points(line.record.gross),
            height=points(line.record.gross),
            promised=None if line.promised is None else TALL - points(line.promised),
            short=line.short,
        )
        for number, line in enumerate(lines)
    ]


@dataclass(frozen=True, slots=True)
class Deduction:
    """One agreement: what was taken of it so far and what is left; ``over`` once more was taken than agreed."""

    agreement: DeductionAgreement
    taken: Decimal

    @property
    def left(self) -> Decimal | None:
        """Still to be taken; none where no total was agreed."""
        total = self.agreement.agreed_total
        return None if total is None else max(total - self.taken, Decimal(0))

    @property
    def over(self) -> bool:
        """Whether more was taken than agreed."""
        return self.agreement.agreed_total is not None and self.taken > self.agreement.agreed_total


def deductions(told: Told) -> tuple[list[Deduction], list[tuple[str, Decimal, str]]]:
    """Agreements with their balance, and what was taken under no agreement: (item, amount, currency)."""
    rows = [Deduction(agreement, taken(agreement, told.pay)) for agreement in told.deductions]
    agreed = {
        (folded(agreement.item), agreement.currency)
        for agreement in told.deductions
        if binds(agreement, told.placement.employer_id)
    }
    names: dict[str, str] = {}
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for record in told.pay:
        for item, amount in (record.items or {}).items():
            names[folded(item)] = item
            sums[folded(item), record.currency] += Decimal(str(amount))
    without = [
        (names[item], amount, currency)
        for (item, currency), amount in sorted(sums.items())
        if amount and (item, currency) not in agreed and "deductions" in told.sees
    ]
    return rows, without


def worker_paid(told: Told) -> list[dict]:
    """What the worker paid for the job and got back, by currency."""
    return cost_sums(told.costs)
