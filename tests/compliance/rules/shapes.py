"""Shapes of abuse, and of facts withheld: each changes a clean worker and says what the rules must find of it.

A shape is chosen by a random generator and takes its own payslips, so that several on one worker do not meet. What it
expects is worked out when every shape has done its work, in plain arithmetic over the facts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random

from pilots.schemes.pay import hourly_floor
from pilots.schemes.reader import load
from tests.compliance.rules.facts import BASELINES, ON, Slip, Worker, clean, days, later, money, months_later

type Found = tuple[str, date | None, Decimal | None, str]
type Expected = Callable[[], Iterable[Found]]

CENT = Decimal("0.01")


@dataclass
class Plot:
    """A worker to be wronged: the generator, what is left of the payslips, and what must be found in the end."""

    worker: Worker
    random: Random
    blocks: list[list[Slip]]
    single: list[Slip]
    found: list[Expected] = field(default_factory=list)
    untold: list[tuple[str, str]] = field(default_factory=list)

    @property
    def currency(self) -> str:
        """What the worker is paid in."""
        return BASELINES[self.worker.scheme].currency

    @property
    def first(self) -> date:
        """The first day of work."""
        return self.worker.happened("working")

    def expect(
        self, rule: str, start: date | None, owed: Callable[[], Decimal] | None = None, currency: str = ""
    ) -> None:
        """One finding; what is owed is asked when all facts stand."""
        self.found.append(
            lambda: [(rule, start, money(owed()) if owed else None, currency or self.currency if owed else "")]
        )

    def cents(self, least: int, most: int) -> Decimal:
        """An amount; the boundary of one cent is as likely as all others together."""
        return CENT * (least if self.random.random() < 0.5 else self.random.randint(least, most))


def fee(plot: Plot) -> None:
    """FEE-01: a small fee, perhaps paid back in part, perhaps in the money of home."""
    home = plot.worker.scheme == "rse" and plot.random.random() < 0.5
    amount, back = plot.cents(100, 20000), Decimal(0)
    if amount > 1 and plot.random.random() < 0.5:
        back = amount - plot.cents(1, int(amount * 100) - 1)
    paid_on = date(2026, 1, plot.random.randint(1, 31))
    plot.worker.costs.append(
        {"item": plot.random.choice(["recruiter fee", "informal broker", "gifts", "bank charges"]), "amount": amount,
         "currency": "TOP" if home else plot.currency, "paid_on": paid_on, "reimbursed": back}
    )  # fmt: skip
    plot.expect("FEE-01", paid_on, lambda: amount - back, "TOP" if home else "")


def ratio(plot: Plot) -> None:
    """FEE-02: a passport at more than a month's pay."""
    plot.worker.costs.append(
        {"item": "passport", "amount": money(month_pay(plot.worker) * Decimal("1.2")), "currency": plot.currency,
         "paid_on": date(2026, 1, 15)}
    )  # fmt: skip
    plot.found.append(
        lambda: [("FEE-02", min(c["paid_on"] for c in plot.worker.costs if c["item"] != "other"), None, "")]
    )


def security(plot: Plot) -> None:
    """FEE-03: a deposit, a bond, or land behind a loan."""
    kind = plot.random.choice(["deposit", "bond", "loan"])
    amount, taken = plot.cents(1, 90000), date(2026, 1, plot.random.randint(1, 31))
    plot.worker.debts.append(
        {"kind": kind, "lender": "recruiter", "amount": amount, "currency": plot.currency, "taken_on": taken,
         "security": "land" if kind == "loan" else ""}
    )  # fmt: skip
    plot.expect("FEE-03", taken, (lambda: amount) if kind == "deposit" else None)


def substituted(plot: Plot) -> None:
    """CON-01: a later version takes something away."""
    signed = plot.worker.contracts[0]
    changes = plot.random.choice(
        [{"site_name": "Elsewhere"}, {"employer_name": "Another"}, {"ends_on": signed["ends_on"] - days(1)},
         {"weekly_deductions": (signed["weekly_deductions"] or 0) + CENT}]
    )  # fmt: skip
    later(plot.worker, plot.random.choice(["arrival", "in force"]), **changes)
    plot.expect("CON-01", signed["starts_on"])


def signed_late(plot: Plot) -> None:
    """CON-02: nothing the worker could read was signed in time."""
    plot.worker.contracts[0]["language"] = plot.random.choice(["Mandarin", "Dutch"])
    plot.expect("CON-02", plot.worker.happened("departed"))


def underpaid(plot: Plot) -> None:
    """PAY-01: below the floor of the season on the first day of the period."""
    slip, rules = plot.single.pop(), load(plot.worker.scheme)
    plot.worker.season = plot.random.randint(1, 4) if plot.worker.scheme == "rse" else 1
    floor = hourly_floor(rules, slip.start, season=plot.worker.season)
    short = plot.cents(1, 500)
    slip.rate = floor - short
    plot.worker.contracts[0]["hourly_rate"] = None
    plot.expect("PAY-01", slip.start, lambda: short * slip.worked)


def short_of_hours(plot: Plot) -> None:
    """PAY-02: a block of the guarantee is not filled, and perhaps a part of the shortfall was paid."""
    block = plot.blocks.pop(plot.random.randrange(len(plot.blocks)))
    guaranteed, weeks = GUARANTEED[plot.worker.scheme]
    for slip in block:
        slip.offered = slip.worked = Decimal(guaranteed) / weeks
    hit = block[-1]
    missing = plot.cents(1, 2000)
    hit.offered = hit.worked = hit.worked - missing
    paid = money(missing * hit.rate * plot.random.choice([0, 0, Decimal("0.5")]))
    hit.gross = money(hit.rate * hit.worked) + paid
    start = block[0].start if weeks == 4 else hit.start
    plot.expect("PAY-02", start, lambda: money(missing * hit.rate) - paid)


def short_of_first_weeks(plot: Plot) -> None:
    """PAY-02 where the scheme promises 240 hours in the first six weeks: some are not offered."""
    opening = plot.worker.slips[:OPENING_WEEKS]
    missing = plot.cents(1, 2000)
    opening[-1].offered = opening[-1].worked = opening[-1].worked - missing
    plot.expect("PAY-02", opening[0].start, lambda: missing * opening[-1].rate)


def unagreed(plot: Plot) -> None:
    """PAY-03: an item that nobody agreed to."""
    slip, amount = plot.single.pop(), plot.cents(1, 5000)
    slip.items |= {"transport": amount}
    plot.expect("PAY-03", slip.start, lambda: amount)


def over_agreement(plot: Plot) -> None:
    """PAY-04: more than the amount of a period."""
    slip, more = plot.single.pop(), plot.cents(1, 3000)
    item = BASELINES[plot.worker.scheme].item
    slip.items |= {item: BASELINES[plot.worker.scheme].taken + more}
    plot.expect("PAY-04", slip.start, lambda: more)


def little_left(plot: Plot) -> None:
    """PAY-05: what is left is under the floor of a week."""
    slip, less = plot.single.pop(), plot.cents(1, 15000)
    slip.tax = money(slip.rate * slip.worked) - sum(slip.items.values()) - Decimal(200) + less
    plot.expect("PAY-05", slip.start, lambda: less)


def late(plot: Plot) -> None:
    """PAY-06: after the tolerance, or never."""
    slip = plot.single.pop()
    never = plot.random.random() < 0.5
    slip.paid = None if never else slip.due + days(plot.random.choice([3, 4, 9]))
    if never:
        slip.due = min(slip.due, ON - days(3))
    plot.expect("PAY-06", slip.start, (lambda: slip.net) if never else None)


def wrong_sum(plot: Plot) -> None:
    """PAY-07: the net, or the gross, is less than the sums say."""
    slip = plot.single.pop()
    if plot.random.random() < 0.5:
        short = plot.cents(2, 9000)
        slip.settle()
        slip.net -= short
    else:
        short = plot.cents(6, 9000)
        slip.gross = money(slip.rate * slip.worked) - short
    plot.expect("PAY-07", slip.start, lambda: short)


def rent_where_free(plot: Plot) -> None:
    """PAY-08: rent where housing is free."""
    slip, amount = plot.single.pop(), plot.cents(1, 9000)
    plot.worker.agreements.append({"item": "rent", "currency": plot.currency, "consent_on": plot.worker.arrived})
    slip.items |= {"Rent": amount}
    plot.expect("PAY-08", slip.start, lambda: amount)


def no_payslip(plot: Plot) -> None:
    """PAY-09: a payslip in the middle is not there."""
    slip = next(one for one in plot.single if one.start != plot.first)
    plot.single.remove(slip)
    plot.worker.slips.remove(slip)
    plot.expect("PAY-09", slip.start)
    # A week and a fortnight after its end the block is asked about.
    if GUARANTEED.get(plot.worker.scheme, (0, 0))[1] == 1 and slip.end + days(21) <= ON:
        plot.untold.append(("PAY-02", "payslips of the whole block"))


def not_own_account(plot: Plot) -> None:
    """PAY-10: the money went elsewhere."""
    slip = plot.single.pop()
    slip.paid_to = plot.random.choice(["cash", "other"])
    plot.expect("PAY-10", slip.start)


def copied(plot: Plot) -> None:
    """PAY-11: the very same hours four times."""
    block = plot.blocks.pop(plot.random.randrange(len(plot.blocks)))
    for slip in block:
        slip.offered = slip.worked = Decimal("38.37")
    plot.expect("PAY-11", block[0].start)


def too_long(plot: Plot) -> None:
    """HRS-01: more hours than the week's limit."""
    slip = plot.single.pop()
    slip.offered = slip.worked = Decimal(60) + plot.cents(1, 2000)
    plot.expect("HRS-01", slip.start)


def paper_ends(plot: Plot) -> None:
    """DOC-01: the passport ends within sixty days, or has ended."""
    plot.worker.planned_end = max(plot.worker.planned_end, ON + days(61))
    plot.worker.paper("visa")["expires_on"] = plot.worker.planned_end
    plot.worker.paper("passport")["expires_on"] = ON + days(plot.random.choice([60, -1, plot.random.randint(-90, 59)]))
    plot.expect("DOC-01", None)


def uninsured(plot: Plot) -> None:
    """INS-01: joined a day late, or later."""
    plot.worker.insurances[0]["joined_on"] = plot.worker.arrived + days(plot.random.choice([1, 30]))
    plot.expect("INS-01", plot.worker.arrived)


def crowded(plot: Plot) -> None:
    """HOU-01: one more than approved."""
    plot.worker.inspections[0]["approved_maximum"] = 1
    plot.expect("HOU-01", plot.worker.inspections[0]["inspected_on"])


def forgotten(plot: Plot) -> None:
    """WEL-01: met a day too long ago, or never."""
    every = int(load(plot.worker.scheme).parameter("welfare_contact_interval", on=ON).value)
    met = ON - days(every + 1)
    plot.worker.checks = [(met, "in person")] if plot.random.random() < 0.5 and met > plot.first else [(ON, "phone")]
    plot.expect("WEL-01", met if plot.worker.checks[0][1] == "in person" else None)


def unlicensed(plot: Plot) -> None:
    """REC-01: the licence ended the day before."""
    plot.worker.licences[0]["valid_to"] = plot.worker.registered_on - days(plot.random.choice([1, 99]))
    plot.expect("REC-01", plot.worker.registered_on)


def too_young(plot: Plot) -> None:
    """AGE-01: eighteen the day after departure, or a year later."""
    gone = plot.worker.happened("departed")
    plot.worker.birth_date = gone.replace(year=gone.year - 18) + days(plot.random.choice([1, 300]))
    plot.expect("AGE-01", gone)


def banned(plot: Plot) -> None:
    """BAN-01: without a reason, an end or an appeal."""
    ban = {"imposed_by": "Agency", "imposed_on": date(2026, 3, 1), "reason": "said so", "ends_on": date(2027, 1, 1),
           "appeal": "to the ministry"}  # fmt: skip
    lacking = plot.random.choice(["reason", "ends_on", "appeal"])
    plot.worker.bans.append(ban | {lacking: None if lacking == "ends_on" else ""})
    plot.expect("BAN-01", date(2026, 3, 1))


def overstayed(plot: Plot) -> None:
    """STAY-01: the visa ended yesterday, and with it DOC-01."""
    plot.worker.paper("visa")["expires_on"] = ON - days(plot.random.choice([1, 2, 20]))
    plot.worker.planned_end = plot.worker.paper("visa")["expires_on"]
    plot.expect("STAY-01", plot.worker.arrived)
    plot.expect("DOC-01", None)


def came_back_early(plot: Plot) -> None:
    """STAY-01 over several stays: so many days of the eleven months were spent before that the limit is over since a day."""
    arrived = plot.worker.arrived
    plot.worker.paper("visa")["expires_on"] = max(plot.worker.paper("visa")["expires_on"], ON + days(400))
    over = plot.random.choice([1, 2, 20])
    allowed = (months_later(arrived, 7) - arrived).days
    used = allowed - (ON - arrived).days - 1 + over
    last = arrived - days(plot.random.choice([1, 9]))
    plot.worker.earlier.append((last - days(used - 1), last))
    plot.expect("STAY-01", arrived)


def too_old(plot: Plot) -> None:
    """AGE-02: forty on the day of registration, or older."""
    day = plot.worker.registered_on
    plot.worker.birth_date = day.replace(year=day.year - 40) - days(plot.random.choice([0, 400]))
    plot.expect("AGE-02", day)


def withhold(rule: str, missing: str, change: Callable[[Plot], None]) -> Callable[[Plot], None]:
    """A fact that is not there: the rule cannot be told."""

    def _shape(plot: Plot) -> None:
        change(plot)
        plot.untold.append((rule, missing))

    return _shape


def no_birth_date(plot: Plot) -> None:
    """Neither age can be told where the scheme has an oldest one too."""
    plot.worker.birth_date = None
    if plot.worker.scheme == "eps":
        plot.untold.append(("AGE-02", "date of birth"))


def other_cost(plot: Plot) -> None:
    """A small cost, and nobody says what for."""
    plot.worker.costs.append(
        {"item": "other", "amount": Decimal(1), "currency": plot.currency, "paid_on": date(2026, 2, 1)}
    )


def month_pay(worker: Worker) -> Decimal:
    """Average pay of a month, from the payslips as they stand."""
    slips = [slip.settle() for slip in worker.slips]
    return money(sum(s.gross for s in slips) * Decimal("30.4375") / sum(s.days for s in slips))


# Weeks that a scheme without blocks promises hours for as a whole; its contracts' blocks begin after them.
OPENING_WEEKS = 6
# scheme → hours guaranteed, in so many weeks
GUARANTEED = {"rse": (120, 4), "palm-short": (120, 4), "palm-long": (38, 1), "sawp": (120, 4), "custom": (30, 1)}
WEEKLY = ("rse", "palm-short", "palm-long", "sawp", "custom", "h-2a")
ALL = (*WEEKLY, "eps")
WAGED = ("rse", "palm-short", "palm-long", "h-2a")
HOUSED = ("rse", "palm-short", "palm-long", "sawp")
INSURED = tuple(one for one in ALL if one != "eps")

# rule or withheld fact → (shape, schemes in which it can happen); those that need whole blocks come first
SHAPES: dict[str, tuple[Callable[[Plot], None], tuple[str, ...]]] = {
    "PAY-02": (short_of_hours, tuple(GUARANTEED)), "first weeks": (short_of_first_weeks, ("sawp",)), "PAY-11": (copied, WEEKLY), "PAY-01": (underpaid, WAGED),
    "PAY-03": (unagreed, WEEKLY), "PAY-04": (over_agreement, HOUSED), "PAY-05": (little_left, WAGED[1:3]),
    "PAY-06": (late, ALL), "PAY-07": (wrong_sum, WEEKLY), "PAY-08": (rent_where_free, ("h-2a",)),
    "PAY-09": (no_payslip, WEEKLY), "PAY-10": (not_own_account, ALL), "HRS-01": (too_long, WEEKLY),
    "FEE-01": (fee, ALL), "FEE-02": (ratio, ALL), "FEE-03": (security, ALL), "CON-01": (substituted, ALL),
    "CON-02": (signed_late, ALL), "DOC-01": (paper_ends, ALL), "STAY-01": (overstayed, ALL),
    "STAY-01 again": (came_back_early, ("rse",)), "AGE-02": (too_old, ("eps",)), "INS-01": (uninsured, INSURED), "HOU-01": (crowded, ALL), "WEL-01": (forgotten, ALL), "REC-01": (unlicensed, ALL),
    "AGE-01": (too_young, ALL), "BAN-01": (banned, ALL),
    "no day of pay": (withhold("PAY-06", "day on which pay was due", lambda p: setattr(p.single.pop(), "due", None)), ALL),
    "no account": (withhold("PAY-10", "where the pay went", lambda p: setattr(p.single.pop(), "paid_to", "")), ALL),
    "no language": (withhold("CON-02", "language of the contract",
                             lambda p: p.worker.contracts[0].update(language="")), ALL),
    "no birth date": (withhold("AGE-01", "date of birth", no_birth_date), ALL),
    "no licence": (withhold("REC-01", "licence of the recruiter", lambda p: p.worker.licences.clear()), ALL),
    "no end of the passport": (withhold("DOC-01", "end of the passport",
                                        lambda p: p.worker.paper("passport").update(expires_on=None)), ALL),
    "HRS-02": (withhold("HRS-02", "which days were worked", lambda p: setattr(p.worker, "rested", "no")), ALL),
    "not asked for rest": (withhold("HRS-02", "answer on the day of rest", lambda p: setattr(p.worker, "rested", None)), ALL),
    "no purpose": (withhold("FEE-01", "what the cost was for", other_cost), ALL),
    "no approval": (withhold("HOU-01", "approved maximum",
                             lambda p: p.worker.inspections[0].update(approved_maximum=None)), ALL),
}  # fmt: skip
# Shapes of the same fact: of these a worker has one at most.
APART = ({"STAY-01 again", "REC-01"}, {"STAY-01 again", "AGE-01"}, {"CON-02", "no language"}, {"HRS-02", "not asked for rest"}, {"AGE-01", "AGE-02", "no birth date"}, {"REC-01", "no licence"},
         {"DOC-01", "no end of the passport", "STAY-01", "STAY-01 again"}, {"HOU-01", "no approval"}, {"FEE-02", "FEE-01", "no purpose"})  # fmt: skip


def wronged(scheme: str, code: str, random: Random) -> tuple[Worker, list[Found], list[tuple[str, str]]]:
    """A worker with up to three shapes, or a clean one; what must be found of it, and what cannot be told."""
    worker = clean(scheme, code, arrived=date(2026, 1, 5) + days(7 * random.randint(0, 9)))
    slips = worker.slips[OPENING_WEEKS:] if scheme == "sawp" else worker.slips
    blocks = [slips[4 * n : 4 * n + 4] for n in range(len(slips) // 4)] if scheme != "eps" else []
    possible = [name for name, (_shape, schemes) in SHAPES.items() if scheme in schemes]
    chosen: list[str] = []
    for name in random.sample(possible, random.choice([0, 1, 1, 2, 3])):
        if not any(name in group and group & set(chosen) for group in APART):
            chosen.append(name)
    plot = Plot(worker, random, blocks, [])
    for name in sorted(chosen, key=list(SHAPES).index):
        if not plot.single and name not in ("PAY-02", "PAY-11", "first weeks"):
            # The last payslip stays: without it there is a stretch at the end, which is another shape.
            left = worker.slips if scheme == "eps" else [slip for block in plot.blocks for slip in block]
            plot.single = left[:-1]
            random.shuffle(plot.single)
        SHAPES[name][0](plot)
    for slip in worker.slips:
        slip.settle()
    return worker, [one for expected in plot.found for one in expected()], plot.untold
