"""The arithmetic of pay once more, in plain Python and payslip by payslip: what the statements are compared with.

Written from the rules' questions, not from their SQL. Exact fractions, rounded half up at the end as the rules say.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pilots.schemes.pay import hourly_floor
from pilots.schemes.reader import load
from tests.compliance.rules.facts import BASELINES, Slip, Worker, days

type Found = tuple[str, date, Decimal | None]

RULES = {"PAY-01", "PAY-02", "PAY-03", "PAY-04", "PAY-05", "PAY-06", "PAY-07", "PAY-10", "HRS-01"}
SAME_PAYSLIP = ("PAY-01", "PAY-03", "PAY-04", "PAY-07", "PAY-08")
BLOCKS = {"rse": (120, 4), "palm-short": (120, 4), "palm-long": (38, 1)}
LIMIT = 60  # hours a week, in all three schemes
STOP = {"rse": 14, "palm-short": 0, "palm-long": 0}  # days in which a withdrawn deduction must stop


def cents(amount: Fraction) -> Decimal:
    """Half up to the cent."""
    whole = (abs(amount) * 100 + Fraction(1, 2)).__floor__()
    return Decimal(whole if amount >= 0 else -whole) / 100


def exact(value: Decimal | None) -> Fraction:
    """The decimal as a fraction."""
    return Fraction(value or 0)


def expected(worker: Worker) -> set[Found]:
    """Everything that is wrong with the pay of this worker."""
    found = {*_hours(worker), *_taken(worker)}
    for slip in worker.slips:
        found |= set(_slip(worker, slip))
    return set(_once(worker, found))


def _once(worker: Worker, found: set[Found]) -> Iterator[Found]:
    """PAY-05 owes what nobody else owes for the same payslip, nor for the block in which it begins."""
    owed = {(rule, start): amount or Decimal(0) for rule, start, amount in found}
    weeks = BLOCKS[worker.scheme][1]
    blocks = {start: amount for (rule, start), amount in owed.items() if rule == "PAY-02"}
    for rule, start, amount in sorted(found, key=lambda one: one[1]):
        if rule != "PAY-05" or amount is None:
            yield rule, start, amount
            continue
        left = amount - sum(owed.get((other, start), Decimal(0)) for other in SAME_PAYSLIP)
        for first in blocks:
            if left > 0 and first <= start < first + days(7 * weeks):
                covered = min(left, blocks[first])
                blocks[first] -= covered
                left -= covered
        yield rule, start, left if left > 0 else None


def _slip(worker: Worker, slip: Slip) -> Iterator[Found]:
    floor = hourly_floor(load(worker.scheme), slip.start, season=worker.season)
    if slip.rate < floor:
        yield "PAY-01", slip.start, cents(exact(floor - slip.rate) * exact(slip.worked))
    weeks = Fraction(slip.days, 7)
    if worker.scheme != "rse" and slip.net < (least := cents(200 * weeks)):
        yield "PAY-05", slip.start, least - slip.net
    paid = slip.paid if slip.paid and slip.paid <= worker.on else None
    if (paid or worker.on) > slip.due + days(2):
        yield "PAY-06", slip.start, None if paid or slip.net <= 0 else slip.net
    short = slip.gross - slip.tax - slip.deductions - slip.net
    low = cents(exact(slip.rate) * exact(slip.worked)) - slip.gross
    items = slip.deductions - slip.pension - sum(slip.items.values(), Decimal(0)) if slip.items else Decimal(0)
    if abs(short) > Decimal("0.01") or abs(items) > Decimal("0.01") or low > Decimal("0.05"):
        owed = (short if short > Decimal("0.01") else 0) + (low if low > Decimal("0.05") else 0)
        yield "PAY-07", slip.start, owed or None
    if paid and slip.paid_to != "own account":
        yield "PAY-10", slip.start, None
    if cents(exact(slip.worked) / weeks) > LIMIT:
        yield "HRS-01", slip.start, None


def _hours(worker: Worker) -> Iterator[Found]:
    guaranteed, weeks = BLOCKS[worker.scheme]
    start, last = worker.slips[0].start, worker.slips[-1].end
    while (end := start + days(7 * weeks - 1)) <= last:
        offered = worked = gross = Fraction(0)
        rate = Decimal(0)
        for slip in worker.slips:
            shared = (min(slip.end, end) - max(slip.start, start)).days + 1
            if shared > 0:
                share = Fraction(shared, slip.days)
                offered += share * max(exact(slip.offered), exact(slip.worked))
                worked, gross = worked + share * exact(slip.worked), gross + share * exact(slip.gross)
                rate = max(rate, slip.rate)
        short = guaranteed - offered
        owed = cents(short * exact(rate)) - max(cents(gross) - cents(worked * exact(rate)), Decimal(0))
        if short > Fraction(1, 200) and owed > 0:
            yield "PAY-02", start, owed
        start = end + days(1)


def _taken(worker: Worker) -> Iterator[Found]:
    (agreed,) = worker.agreements
    so_far = Decimal(0)
    for slip in worker.slips:
        day = slip.paid if slip.paid and slip.paid <= worker.on else slip.end
        consented = agreed["consent_on"] and agreed["consent_on"] <= day and agreed["starts_on"] <= slip.end
        amounts = {item: amount for item, amount in slip.items.items() if amount > 0}
        rent = amounts.get(BASELINES[worker.scheme].item, Decimal(0))
        if agreed["starts_on"] <= slip.end:
            so_far += rent
        if other := sum((a for item, a in amounts.items() if item != "rent" or not consented), Decimal(0)):
            yield "PAY-03", slip.start, other
        if not consented or not rent:
            continue
        total, withdrawn = agreed.get("agreed_total"), agreed.get("withdrawn_on")
        beyond = [rent - agreed["per_period"], min(rent, so_far - total) if total is not None else Decimal(0)]
        if agreed.get("ends_on") and slip.start > agreed["ends_on"]:
            beyond.append(rent)
        if withdrawn and day > withdrawn + days(STOP[worker.scheme]):
            beyond.append(rent)
        if max(beyond) > 0:
            yield "PAY-04", slip.start, max(beyond)
