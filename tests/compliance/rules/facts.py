"""Workers as plain facts, and one clean worker for each scheme: nothing is wrong, nothing is missing.

A test begins with ``clean("rse")`` and changes one thing. ``putting.py`` writes them into the database.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
ON = date(2026, 6, 30)


def money(amount: Decimal | int | str) -> Decimal:
    """Half up to the cent."""
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


def days(n: int) -> timedelta:
    """n days."""
    return timedelta(days=n)


def months_later(day: date, months: int) -> date:
    """The same day of a later month; its last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass
class Slip:
    """One payslip. What is None is worked out, so that it adds up."""

    start: date
    end: date
    currency: str
    rate: Decimal | None
    offered: Decimal | None = Decimal(40)
    worked: Decimal | None = Decimal(40)
    items: dict[str, Decimal] = field(default_factory=dict)
    pension: Decimal = Decimal(0)
    gross: Decimal | None = None
    tax: Decimal | None = None
    deductions: Decimal | None = None
    net: Decimal | None = None
    pieces: Decimal | None = None
    due: date | None = None
    paid: date | None = None
    paid_to: str = "own account"

    def settle(self) -> "Slip":
        """Fill in what was left open."""
        if self.gross is None:
            self.gross = money((self.rate or 0) * (self.worked or 0))
        if self.tax is None:
            self.tax = (self.gross / 10).quantize(CENT, ROUND_DOWN)
        if self.deductions is None:
            self.deductions = self.pension + sum(self.items.values(), Decimal(0))
        if self.net is None:
            self.net = self.gross - self.tax - self.deductions
        return self

    @property
    def days(self) -> int:
        """Days of the period, both ends included."""
        return (self.end - self.start).days + 1


@dataclass
class Worker:
    """Everything the rules read of one placement; dictionaries are fields of the models."""

    scheme: str
    code: str
    arrived: date
    on: date
    events: list[tuple[str, date]] = field(default_factory=list)
    season: int = 1
    nationality: str = "TO"
    birth_date: date | None = date(1995, 3, 14)
    birth_precision: str = "day"
    languages: str = "Tongan, English"
    registered_on: date | None = None
    opens_on: date | None = None
    planned_end: date | None = None
    contracts: list[dict[str, Any]] = field(default_factory=list)
    agreements: list[dict[str, Any]] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    costs: list[dict[str, Any]] = field(default_factory=list)
    debts: list[dict[str, Any]] = field(default_factory=list)
    papers: list[dict[str, Any]] = field(default_factory=list)
    insurances: list[dict[str, Any]] = field(default_factory=list)
    inspections: list[dict[str, Any]] = field(default_factory=list)
    moved_on: date | None = None
    checks: list[tuple[date, str]] = field(default_factory=list)
    rested: str | None = "yes"
    earlier: list[tuple[date | None, ...]] = field(default_factory=list)
    bans: list[dict[str, Any]] = field(default_factory=list)
    licences: list[dict[str, Any]] = field(default_factory=list)

    def happened(self, step: str) -> date:
        """The first day on this step."""
        return next(day for name, day in self.events if name == step)

    def move(self, step: str, to: date | None) -> "Worker":
        """Put an event on another day, or take it away."""
        self.events = [(name, to if name == step else day) for name, day in self.events if name != step or to]
        return self

    def paper(self, kind: str) -> dict[str, Any]:
        """The paper of a kind."""
        return next(one for one in self.papers if one["kind"] == kind)

    def slip(self, start: date, **changes: Any) -> Slip:
        """The payslip that starts on a day, with these changes."""
        one = next(one for one in self.slips if one.start == start)
        for name, value in changes.items():
            setattr(one, name, value)
        return one

    def slips_of(self, **changes: Any) -> "Worker":
        """Change every payslip alike; what depends on it is worked out anew."""
        again = {"gross": None, "tax": None, "deductions": None, "net": None} | changes
        self.slips = [replace(slip, **again) for slip in self.slips]
        return self


@dataclass(frozen=True)
class Baseline:
    """What is usual under a scheme."""

    currency: str
    rate: Decimal | None
    stay: int
    nationality: str = "TO"
    monthly: Decimal | None = None
    hours: Decimal | None = None
    per: str = ""
    item: str = ""
    taken: Decimal = Decimal(0)
    insurances: tuple[str, ...] = ("health insurance",)


BASELINES: Mapping[str, Baseline] = {
    "rse": Baseline("NZD", Decimal("30.00"), 6, item="rent", taken=Decimal(130)),
    "palm-short": Baseline("AUD", Decimal("32.00"), 8, "VU", item="rent", taken=Decimal(140)),
    "palm-long": Baseline("AUD", Decimal("32.00"), 30, "VU", item="rent", taken=Decimal(140)),
    "eps": Baseline("KRW", None, 34, "NP", monthly=Decimal(2_400_000), item="accommodation", taken=Decimal(200_000),
                    insurances=("departure guarantee", "wage guarantee", "return cost", "casualty")),
    "custom": Baseline("XXX", Decimal("11.00"), 20, "KE", hours=Decimal(30), per="week"),
    "sawp": Baseline("CAD", Decimal("20.00"), 7, "JM", hours=Decimal(120), per="4 weeks", item="rent",
                     taken=Decimal(80)),
    "h-2a": Baseline("USD", Decimal("20.00"), 9, "MX", hours=Decimal(800), per="placement",
                     insurances=("workers compensation",)),
}  # fmt: skip
SCHEMES = tuple(BASELINES)


def clean(scheme: str, code: str = "", *, arrived: date = date(2026, 2, 2), on: date = ON) -> Worker:
    """A worker for whom every rule of the scheme holds on the day ``on``, at work since a week after arrival."""
    base = BASELINES[scheme]
    worker = Worker(scheme, code, arrived, on, nationality=base.nationality)
    worker.registered_on, worker.opens_on = arrived - days(150), arrived - days(120)
    worker.planned_end = months_later(arrived, base.stay) - days(1)
    worker.events = [
        ("nominated", arrived - days(149)), ("contract_signed", arrived - days(60)),
        ("visa_granted", arrived - days(20)), ("departed", arrived - days(1)), ("arrived", arrived),
        ("briefed", arrived + days(2)), ("working", arrived + days(7)),
    ]  # fmt: skip
    worker.contracts = [_contract(base, worker, "signed", arrived - days(60))]
    worker.papers = [
        {"kind": "passport", "expires_on": arrived + days(3000), "issued_on": arrived - days(600)},
        {"kind": "visa", "expires_on": worker.planned_end, "issued_on": arrived - days(20)},
    ]
    worker.insurances = [{"kind": kind, "joined_on": arrived - days(1)} for kind in base.insurances]
    worker.inspections = [
        {"inspected_on": arrived - days(30), "area": Decimal("9"), "beds": 2, "occupants": 2, "approved_maximum": 2,
         "building": "newer", "own_bathroom": True}
    ]  # fmt: skip
    worker.checks = [(on - days(5), "in person")]
    worker.licences = [{"valid_from": date(2020, 1, 1), "valid_to": date(2030, 12, 31)}]
    if base.item:
        worker.agreements = [
            {"item": base.item, "per_period": base.taken, "currency": base.currency, "starts_on": arrived,
             "consent_on": arrived - days(60), "authority_approval": "approved with the permit"}
        ]  # fmt: skip
    worker.slips = monthly(worker, base) if base.monthly else every(worker, 7)
    return worker


def _contract(base: Baseline, worker: Worker, kind: str, signed: date) -> dict[str, Any]:
    return {
        "kind": kind, "signed_on": signed, "language": "English", "employer_name": "Orchard Bay", "site_name": "Main",
        "starts_on": worker.arrived + days(7), "ends_on": worker.planned_end, "hourly_rate": base.rate,
        "monthly_wage": base.monthly, "currency": base.currency, "guaranteed_hours": base.hours,
        "guarantee_period": base.per, "pay_cycle": "monthly" if base.monthly else "weekly",
        "weekly_deductions": base.taken,
    }  # fmt: skip


def later(worker: Worker, kind: str = "in force", **changes: Any) -> dict[str, Any]:
    """A later version of the signed contract, a week after arrival, with these changes."""
    one = dict(worker.contracts[0], kind=kind, signed_on=worker.arrived + days(7)) | changes
    worker.contracts.append(one)
    return one


def every(worker: Worker, length: int, *, start: date | None = None, until: date | None = None,
          edit: Callable[[Slip], None] = lambda slip: None) -> list[Slip]:  # fmt: skip
    """Payslips of so many days each from the first day of work, paid three days after their end."""
    base = BASELINES[worker.scheme]
    slips, first = [], start or worker.happened("working")
    while (last := first + days(length - 1)) + days(3) <= (until or worker.on):
        slip = Slip(first, last, base.currency, base.rate, due=last + days(3), paid=last + days(3))
        slip.offered = slip.worked = Decimal(40 * length) / 7 if length % 7 == 0 else Decimal(8 * length)
        slip.items = {base.item: base.taken * (length // 7 or 1)} if base.item else {}
        edit(slip)
        slips.append(slip)
        first = last + days(1)
    return slips


def monthly(worker: Worker, base: Baseline) -> list[Slip]:
    """Payslips of calendar months for a monthly wage; a month begun is paid by its days."""
    assert base.monthly
    slips, first = [], worker.happened("working")
    while (last := first.replace(day=monthrange(first.year, first.month)[1])) + days(3) <= worker.on:
        share = Decimal((last - first).days + 1) / last.day
        hours = (Decimal(174) * share).quantize(CENT)
        taken = (base.taken * share).quantize(Decimal(1), ROUND_DOWN)
        slips.append(
            Slip(first, last, base.currency, None, hours, hours, {base.item: taken}, gross=money(base.monthly * share),
                 due=last + days(3), paid=last + days(3))
        )  # fmt: skip
        first = last + days(1)
    return slips
