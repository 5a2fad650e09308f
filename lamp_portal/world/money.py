"""Payslips and recruitment costs: what employers paid from the first day of work on, and what the job cost the worker.

Pay is recorded by the employer, costs by the programme. Amounts follow the ranges of the pilot's table.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from accounts.scope import acting_as
from lamp_portal.world import papers, plans
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import Ground
from lamp_portal.world.walking import Walk, employer_of
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
    """Payslips of everybody who worked, and corrections of a few; some workers' payslips never came."""
    placements = papers.placements_of(plan, ground, walks)
    chance = plans.dice("pay", plan.slug)
    by_employer: dict[str, list[PayRecord]] = {}
    for walk in walks:
        begun = walk.day_of("working")
        if begun and chance.random() >= 0.03:
            rows = list(_payslips(plan, walk, placements[walk.placement_id], begun, today, chance))
            by_employer.setdefault(employer_of(plan, walk.nomination), []).extend(rows)
    for slug in sorted(by_employer):
        with acting_as(ground.hands.of(slug)):
            made = PayRecord.objects.bulk_create(by_employer[slug])
            PayRecord.objects.bulk_create(_corrections(made, plan, chance))


def _payslips(
    plan: PilotPlan, walk: Walk, placement: Placement, begun: date, today: date, chance: random.Random
) -> Iterator[PayRecord]:
    order = next(o for o in walk.nomination.cohort.orders if o.task == walk.nomination.order)
    ended = walk.day_of(*ENDED_WORK) or today
    often_late = walk.nomination.candidate.code.endswith("7")  # one in ten is paid late again and again
    for number, (start, end) in enumerate(_periods(plan, begun, ended)):
        low, high = plan.pay["hours"]
        offered = Decimal(chance.randint(low * 2, high * 2)) / 2
        if chance.random() < 0.04:
            offered = (offered * Decimal("0.62")).quantize(Decimal("0.5"))
        if plan.pay["every"] == "month":
            offered = (offered * ((end - start).days + 1) / MONTH_DAYS).quantize(Decimal("0.5"))
        worked = max(offered - Decimal(chance.choice((0, 0, 0, 1, 2, 4))), Decimal(0))
        gross = coins(worked * order.rate, plan.currency)
        tax = coins(gross * plan.pay["tax"] / 100, plan.currency)
        items = _items(plan, number, gross - tax)
        taken = sum(items.values(), Decimal(0))
        due = end + timedelta(days=4)
        paid = due + timedelta(days=chance.randint(3, 9) if often_late and chance.random() < 0.5 else 0)
        yield PayRecord(
            pilot_id=placement.pilot_id, placement=placement, cohort_id=placement.cohort_id,
            recruiter_id=placement.recruiter_id, employer_id=placement.employer_id, period_start=start,
            period_end=end, due_on=due, paid_on=paid if paid <= today else None, hours_offered=offered,
            hours_worked=worked, rate=order.rate, gross=gross, tax=tax, deductions=taken, net=gross - tax - taken,
            items={item.capitalize(): str(amount) for item, amount in items.items()}, currency=plan.currency,
            paid_to=PayRecord.PaidTo.OWN_ACCOUNT,
        )  # fmt: skip


def _items(plan: PilotPlan, number: int, most: Decimal) -> dict[str, Decimal]:
    """What is taken off the payslip of this number by item, in the order of the table, and never more than there is."""
    items: dict[str, Decimal] = {}
    for planned in plan.pay["deductions"]:
        amount = min(coins(Decimal(planned["amount"]), plan.currency), most - sum(items.values(), Decimal(0)))
        if number < planned.get("periods", 10_000) and amount > 0:
            items[planned["item"]] = amount
    return items


def _periods(plan: PilotPlan, begun: date, ended: date) -> Iterator[tuple[date, date]]:
    """Whole pay periods between two days: fortnights, or calendar months of which the first may be short."""
    start = begun
    while True:
        if plan.pay["every"] == "month":
            end = (start.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        else:
            end = start + timedelta(days=FORTNIGHT - 1)
        if end > ended:
            return
        yield start, end
        start = end + timedelta(days=1)


def _corrections(made: list[PayRecord], plan: PilotPlan, chance: random.Random) -> list[PayRecord]:
    """One payslip in eighty was found to be wrong: some hours had been left out."""
    rows = []
    for record in made:
        if chance.random() < 1 / 80 and record.rate:
            added = coins(record.rate * 4, plan.currency)
            tax = coins(added * plan.pay["tax"] / 100, plan.currency)
            rows.append(
                PayRecord(
                    pilot_id=record.pilot_id,
                    placement_id=record.placement_id,
                    cohort_id=record.cohort_id,
                    recruiter_id=record.recruiter_id,
                    employer_id=record.employer_id,
                    period_start=record.period_start,
                    period_end=record.period_end,
                    due_on=record.due_on,
                    paid_on=record.paid_on,
                    hours_offered=record.hours_offered,
                    hours_worked=(record.hours_worked or 0) + 4,
                    rate=record.rate,
                    gross=record.gross + added,
                    tax=record.tax + tax,
                    deductions=record.deductions,
                    items=record.items,
                    paid_to=record.paid_to,
                    net=record.net + added - tax,
                    currency=record.currency,
                    supersedes=record,
                )
            )
    return rows


def costs(plan: PilotPlan, ground: Ground, walks: list[Walk], today: date) -> None:
    """What each placement cost and who paid; part is paid back, and a few paid far too much."""
    placements = papers.placements_of(plan, ground, walks)
    chance = plans.dice("costs", plan.slug)
    rows: list[CostItem] = []
    for walk in walks:
        signed = walk.day_of("contract_signed")
        if signed and chance.random() >= 0.08:
            rows += _ledger(plan, walk, placements[walk.placement_id], signed, today, chance)
    with acting_as(ground.hands.of(plan.programme, "programme_officer")):
        CostItem.objects.bulk_create(rows)


def _ledger(
    plan: PilotPlan, walk: Walk, placement: Placement, signed: date, today: date, chance: random.Random
) -> list[CostItem]:
    gone = walk.day_of("departed")
    lines = [(item, low, high, "worker") for item, low, high in plan.costs["worker"] if chance.random() < 0.9]
    if gone:
        lines += [(item, low, high, "employer") for item, low, high in plan.costs["employer"]]
    if chance.random() < 0.05:
        lines += [(item, low, high, "worker") for item, low, high in plan.costs["large"]]
    found = []
    for item, low, high, payer in lines:
        amount = coins(Decimal(chance.randint(low * 100, high * 100)) / 100, plan.home_currency)
        paid_on = signed + timedelta(days=chance.randint(-18, 10))
        back_on = (gone or signed) + timedelta(days=chance.randint(30, 75))
        back = payer == "worker" and gone and back_on <= today and chance.random() < 0.45
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
