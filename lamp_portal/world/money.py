"""Payslips and recruitment costs: what employers paid from the first day of work on, and what the job cost the worker.

Pay is recorded by the employer, costs by the programme. Amounts follow the ranges of the pilot's table.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import cast

from accounts.scope import acting_as
from lamp_portal.world import abuses, papers, plans
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import Ground
from lamp_portal.world.walking import Walk, employer_of
from pilots.schemes.reader import load
from workers.journey.moves import MOVE
from workers.models import CostItem, PayRecord, Placement

WHOLE = {"KRW", "JPY", "VUV"}  # currencies without a smaller coin
ENDED_WORK = (
    "resigned", "dismissed", "disengaged", "medical_return", "family_return", "left_country", "deceased",
)  # fmt: skip
FORTNIGHT = 14
MONTH_DAYS = 30


def coins(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole coins of its currency."""
    return amount.quantize(Decimal("1") if currency in WHOLE else Decimal("0.01"), rounding=ROUND_HALF_UP)


def pay(plan: PilotPlan, ground: Ground, walks: list[Walk], today: date) -> None:
    """Payslips of everybody who worked, and corrections of a few; what is wrong with some is in ``abuses``."""
    placements = papers.placements_of(plan, ground, walks)
    wrong = abuses.planted(plan, walks, today)
    chance = plans.dice("pay", plan.slug)
    by_employer: dict[str, list[PayRecord]] = {}
    for walk in walks:
        abuse = wrong.get(walk.placement_id, "")
        rows: list[PayRecord] = []
        for begun, ended in _stints(walk):
            periods = list(enumerate(_periods(plan, begun, ended, today), len(rows)))
            rows += _payslips(plan, walk, placements[walk.placement_id], periods, today, chance, abuse)
        if rows:
            by_employer.setdefault(employer_of(plan, walk.nomination), []).extend(rows)
    for slug in sorted(by_employer):
        with acting_as(ground.hands.of(slug)):
            made = PayRecord.objects.bulk_create(by_employer[slug])
            PayRecord.objects.bulk_create(_corrections(made, plan, chance))


def _stints(walk: Walk) -> Iterator[tuple[date, date | None]]:
    """From when to when a worker worked: from the first day to the end, and again after it for who was engaged again."""
    for step in ("working", "re_engaged"):
        if begun := walk.day_of(step):
            ends = (h.on for h in walk.happenings if h.on > begun and MOVE[h.code].to_step in ENDED_WORK)
            yield begun, next(ends, None)


def _payslips(
    plan: PilotPlan, walk: Walk, placement: Placement, periods: list[tuple[int, tuple[date, date]]], today: date,
    chance: random.Random, abuse: str,
) -> Iterator[PayRecord]:  # fmt: skip
    order = next(o for o in walk.nomination.cohort.orders if o.task == walk.nomination.order)
    rate = order.rate - Decimal("3.50") if abuse == "low rate" else order.rate
    whole = MONTH_DAYS if plan.pay["every"] == "month" else FORTNIGHT
    for number, (start, end) in periods:
        if abuse == "no payslips" and number > 1:
            return
        part = min(Decimal((end - start).days + 1) / whole, Decimal(1))
        low, high = plan.pay["hours"]
        offered = Decimal(chance.randint(low * 2, high * 2)) / 2
        # In an orchard some weeks are wet; the block of four weeks still holds its hours.
        if chance.random() < 0.04 and plan.scheme == "rse" and number % 2:
            offered = (offered * Decimal("0.62")).quantize(Decimal("0.5"))
        elif abuse == "hours not paid" and number in (1, 2):
            offered = (offered * Decimal("0.6")).quantize(Decimal("0.5"))
        offered = _half_up(offered * Decimal((end - start).days + 1) / whole)
        worked = max(offered - Decimal(chance.choice((0, 0, 0, 1, 2, 4))), Decimal(0))
        gross = coins(worked * rate, plan.currency)
        tax = coins(gross * plan.pay["tax"] / 100, plan.currency)
        items = _items(plan, number, part, gross - tax, abuse)
        taken = sum(items.values(), Decimal(0))
        due = end + timedelta(days=4)
        short = Decimal(25) if abuse == "sums wrong" and number == 2 else Decimal(0)
        paid = due + timedelta(days=chance.randint(3, 9) if abuse == "late" and number % 2 else 0)
        yield PayRecord(
            pilot_id=placement.pilot_id, placement=placement, cohort_id=placement.cohort_id,
            recruiter_id=placement.recruiter_id, employer_id=placement.employer_id, period_start=start,
            period_end=end, due_on=due, paid_on=paid if paid <= today else None, hours_offered=offered,
            hours_worked=worked, rate=rate, gross=gross, tax=tax, deductions=taken,
            items={item: f"{amount:.2f}" for item, amount in items.items()},
            net=gross - tax - taken - short, currency=plan.currency, paid_to="cash" if abuse == "cash" else "own account",
        )  # fmt: skip


def _half_up(hours: Decimal) -> Decimal:
    """Hours in halves, never fewer than were earned."""
    return (hours * 2).to_integral_value(ROUND_CEILING) / 2


def _items(plan: PilotPlan, number: int, part: Decimal, room: Decimal, abuse: str) -> dict[str, Decimal]:
    """What is taken of a payslip: the agreed items while they run, in full or for the part of a period, as far as pay goes."""
    items: dict[str, Decimal] = {}
    wanted = [(d["item"], d["amount"], d.get("periods", 10_000)) for d in plan.pay["deductions"]]
    if abuse == "fee not agreed" and number in (2, 3):
        wanted.append(("administration", wanted[-1][1] // 2, 10_000))
    for item, amount, periods in wanted:
        runs = number < periods or (abuse == "beyond agreed" and number < periods + 2)
        taken = coins(Decimal(amount) * part, plan.currency)
        if runs and taken <= room:
            items[item] = taken
            room -= taken
    return items


def _periods(plan: PilotPlan, begun: date, ended: date | None, today: date) -> Iterator[tuple[date, date]]:
    """Pay periods to the present: fortnights, or calendar months; the first month and the last period may be short."""
    start = begun
    while True:
        if plan.pay["every"] == "month":
            # A first stretch of less than a week is paid with the month that follows.
            within = start + timedelta(days=6)
            end = (within.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        else:
            end = start + timedelta(days=FORTNIGHT - 1)
        if ended and end >= ended:
            if start < ended:
                yield start, ended - timedelta(days=1)
            return
        if end > today:
            return
        yield start, end
        start = end + timedelta(days=1)


def _corrections(made: list[PayRecord], plan: PilotPlan, chance: random.Random) -> list[PayRecord]:
    """One payslip in eighty was found to be wrong: some hours had been left out. And one sum is still wrong."""
    rows = []
    for record in made:
        if chance.random() < 1 / 80 and record.rate:
            added = coins(record.rate * 4, plan.currency)
            tax = coins(added * plan.pay["tax"] / 100, plan.currency)
            rows.append(
                PayRecord(
                    pilot_id=record.pilot_id, placement_id=record.placement_id, cohort_id=record.cohort_id,
                    recruiter_id=record.recruiter_id, employer_id=record.employer_id,
                    period_start=record.period_start, period_end=record.period_end, due_on=record.due_on,
                    paid_on=record.paid_on, hours_offered=(record.hours_offered or 0) + 4,
                    hours_worked=(record.hours_worked or 0) + 4, rate=record.rate, gross=record.gross + added,
                    tax=record.tax + tax, deductions=record.deductions, items=record.items,
                    net=record.net + added - tax, currency=record.currency, paid_to=record.paid_to, supersedes=record,
                )
            )  # fmt: skip
    return rows


def costs(plan: PilotPlan, ground: Ground, walks: list[Walk], today: date) -> None:
    """What each placement cost and who paid; part is paid back, and a few paid far too much."""
    placements = papers.placements_of(plan, ground, walks)
    chance = plans.dice("costs", plan.slug)
    rows: list[CostItem] = []
    may_pay = cast("tuple[str, ...]", load(plan.scheme).parameter("worker_may_pay", today).value)
    for walk in walks:
        signed = walk.day_of("contract_signed")
        if signed and chance.random() >= 0.08:
            rows += _ledger(plan, walk, placements[walk.placement_id], signed, today, chance, may_pay)
    with acting_as(ground.hands.of(plan.programme, "programme_officer")):
        CostItem.objects.bulk_create(rows)


def _ledger(
    plan: PilotPlan,
    walk: Walk,
    placement: Placement,
    signed: date,
    today: date,
    chance: random.Random,
    may_pay: tuple[str, ...],
) -> list[CostItem]:
    gone = walk.day_of("departed")
    lines = [(item, low, high, "worker") for item, low, high in plan.costs["worker"] if chance.random() < 0.9]
    if gone:
        lines += [(item, low, high, "employer") for item, low, high in plan.costs["employer"]]
    if chance.random() < 0.05:
        lines += [(item, low, high, "worker") for item, low, high in plan.costs["large"]]
    found, large = [], {item for item, _low, _high in plan.costs["large"]}
    for item, low, high, payer in lines:
        amount = coins(Decimal(chance.randint(low * 100, high * 100)) / 100, plan.home_currency)
        paid_on = signed + timedelta(days=chance.randint(-18, 10))
        back_on = (gone or signed) + timedelta(days=chance.randint(30, 75))
        settled = bool(gone) and back_on <= today
        # What a worker must not pay is paid by the recruiter, or was paid back; the large sums are what went wrong.
        owed = payer == "worker" and item not in may_pay and item not in large
        if owed and not settled:
            payer = "recruiter"
        back = payer == "worker" and settled and (chance.random() < 0.45 or owed)
        found.append(
            CostItem(
                pilot_id=placement.pilot_id,
                placement=placement,
                cohort_id=placement.cohort_id,
                recruiter_id=placement.recruiter_id,
                employer_id=placement.employer_id,
                item=item,
                amount=amount,
                currency=plan.home_currency,
                paid_on=min(paid_on, today),
                paid_by=payer,
                paid_to=_payee(item),
                reimbursed=amount if back else 0,
                reimbursed_on=back_on if back else None,
            )
        )
    return found


def _payee(item: str) -> str:
    return {
        "passport": "Passport office", "visa": "Visa centre", "medical exam": "Clinic",
        "police clearance": "Police station", "international travel": "Travel agent", "informal broker": "Broker",
        "recruiter fee": "Recruiter", "gifts": "Middleman", "loan interest": "Money-lender",
    }.get(item, "Provider")  # fmt: skip
