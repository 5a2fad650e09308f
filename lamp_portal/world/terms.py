"""What was promised and protects: contracts, agreements on deductions, insurances, travel, debts, recruiters' licences.

The recruiter's paper is signed at home; what is met on arrival says the same, but for what ``abuses`` plants.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Model

from accounts.scope import acting_as
from lamp_portal.world import abuses, papers
from lamp_portal.world.plans import OrderPlan, PilotPlan
from lamp_portal.world.setting_up import Ground, dates_of
from lamp_portal.world.walking import Walk
from workers.models import (
    ContractVersion,
    Debt,
    DeductionAgreement,
    Insurance,
    Placement,
    RecruiterLicence,
    Travel,
)

# Hours that the contract guarantees, where it does; EPS pays a month's wage for a month's hours.
GUARANTEED: Final[dict[str, tuple[int, str]]] = {
    "tonga-apples": (120, "4 weeks"), "vanuatu-meat": (38, "week"), "kenya-stay": (140, "month"),
    "guatemala-cooks": (32, "week"),
}  # fmt: skip
MONTH_HOURS: Final = 209  # hours for which the Korean wage of a month is paid
CARRIERS: Final = {
    "tonga-apples": "NF 84", "vanuatu-meat": "VB 32", "nepal-greenhouse": "HL 717", "kenya-stay": "SK 550",
    "guatemala-cooks": "MC 209",
}  # fmt: skip
# Insurance → days after the start from which it runs, and who pays. The start is the departure, or the contract's first day.
COVERS: Final[dict[str, tuple[tuple[str, int, str], ...]]] = {
    "eps": (("health insurance", 0, "employer"), ("departure guarantee", 5, "employer"), ("wage guarantee", 5, "employer"),
            ("return cost", 2, "worker"), ("casualty", 2, "worker")),
}  # fmt: skip
USUAL: Final = (("health insurance", 0, "worker"),)


def terms(plan: PilotPlan, ground: Ground, walks: list[Walk], today: date) -> None:
    """Everything of a pilot, by the hands of its programme; a few statements in all."""
    placements = papers.placements_of(plan, ground, walks)
    wrong = abuses.planted(plan, walks, today)
    rows: dict[type[Model], list[Any]] = {}
    for walk in walks:
        placement = placements[walk.placement_id]
        for row in _of_worker(plan, ground, walk, placement, wrong.get(walk.placement_id, ""), today):
            rows.setdefault(type(row), []).append(row)
    with acting_as(ground.hands.of(plan.programme, "programme_officer")):
        for model, made in rows.items():
            model._default_manager.bulk_create(made)
        _licences(plan, ground, today)


def _of_worker(
    plan: PilotPlan, ground: Ground, walk: Walk, placement: Placement, abuse: str, today: date
) -> Iterator[Any]:
    signed, gone = walk.day_of("contract_signed"), walk.day_of("departed")
    if not signed:
        return
    own: dict[str, Any] = {
        "pilot_id": placement.pilot_id, "placement": placement, "recruiter_id": placement.recruiter_id,
        "employer_id": placement.employer_id,
    }  # fmt: skip
    yield from _contracts(plan, ground, walk, own, abuse, today)
    if gone:
        yield from _agreements(plan, walk, own, signed)
        if abuse != "no insurance":
            yield from _insurances(plan, walk, own, gone, today)
        yield from _ways(plan, walk, own, gone)
    if abuse == "pledged land":
        yield _debt(plan, own, signed, "money-lender", "land of the family", Decimal(3))
    elif walk.nomination.candidate.code.endswith("9"):
        yield _debt(plan, own, signed, "family", "", None)


def _contracts(
    plan: PilotPlan, ground: Ground, walk: Walk, own: dict[str, Any], abuse: str, today: date
) -> Iterator[ContractVersion]:
    signed, arrived = walk.day_of("contract_signed"), walk.day_of("arrived")
    said = _said(plan, ground, walk, today)
    offered = walk.day_of("offered") or signed
    yield ContractVersion(**own, kind="offer", signed_on=offered, **said)
    if abuse == "late contract" and arrived:
        signed = arrived + timedelta(days=2)
    yield ContractVersion(**own, kind="signed", signed_on=signed, **said)
    if arrived and abuse != "late contract":
        if abuse == "worse contract":
            said |= {"weekly_deductions": (said["weekly_deductions"] * Decimal("1.4")).quantize(Decimal("0.01")),
                     "site_name": f"{said['site_name']}, annexe"}  # fmt: skip
        yield ContractVersion(**own, kind="arrival", signed_on=arrived, **said)


def _said(plan: PilotPlan, ground: Ground, walk: Walk, today: date) -> dict[str, Any]:
    order = order_of(walk)
    site = plan.site(order.site)
    _opens, departs, returns = dates_of(walk.nomination.cohort, today)
    weekly = _weekly(plan)
    said: dict[str, Any] = {
        "language": walk.nomination.candidate.row["Languages"].split(",")[0].strip(),
        "employer_name": ground.organisations[site.employer].name, "site_name": site.name, "occupation": order.task,
        "starts_on": departs, "ends_on": returns, "hourly_rate": order.rate, "currency": plan.currency,
        "overtime_multiplier": Decimal("1.5"), "pay_cycle": "monthly" if plan.pay["every"] == "month" else "fortnightly",
        "weekly_deductions": weekly,
    }  # fmt: skip
    if plan.slug in GUARANTEED:
        hours, period = GUARANTEED[plan.slug]
        said |= {"guaranteed_hours": hours, "guarantee_period": period}
    if plan.scheme == "eps":
        said["monthly_wage"] = order.rate * MONTH_HOURS
    return said


def order_of(walk: Walk) -> OrderPlan:
    """The job order of somebody who was selected."""
    return next(order for order in walk.nomination.cohort.orders if order.task == walk.nomination.order)


def _weekly(plan: PilotPlan) -> Decimal:
    total = Decimal(sum(d["amount"] for d in plan.pay["deductions"]))
    weeks = Decimal("4.345") if plan.pay["every"] == "month" else Decimal(2)
    return (total / weeks).quantize(Decimal("0.01"))


def _agreements(plan: PilotPlan, walk: Walk, own: dict[str, Any], signed: date) -> Iterator[DeductionAgreement]:
    """One for each item: what is taken for a number of periods has a total."""
    approval = "Labour Inspectorate 2026-031" if plan.scheme == "rse" else ""
    for item in plan.pay["deductions"]:
        amount = Decimal(item["amount"])
        yield DeductionAgreement(
            **own, item=item["item"], per_period=amount, currency=plan.currency, consent_on=signed,
            agreed_total=amount * item["periods"] if "periods" in item else None,
            starts_on=walk.day_of("departed"), authority_approval=approval,
        )  # fmt: skip


def _insurances(plan: PilotPlan, walk: Walk, own: dict[str, Any], gone: date, today: date) -> Iterator[Insurance]:
    ends = dates_of(walk.nomination.cohort, today)[2] + timedelta(days=14)
    start = min(gone, dates_of(walk.nomination.cohort, today)[1]) if plan.scheme == "eps" else gone
    for kind, days, payer in COVERS.get(plan.scheme, USUAL):
        joined = start + timedelta(days=days)
        if joined <= today:
            yield Insurance(
                **own, kind=kind, insurer="Common Shelter Mutual", policy_number=f"CS-{walk.nomination.candidate.code}",
                paid_by=payer, joined_on=joined, ends_on=ends,
            )  # fmt: skip


def _ways(plan: PilotPlan, walk: Walk, own: dict[str, Any], gone: date) -> Iterator[Travel]:
    arrived, home = walk.day_of("arrived"), walk.day_of("left_country")
    give = {"carrier": CARRIERS[plan.slug], "paid_by": "employer"}
    yield Travel(**own, direction="out", departs_on=gone, arrives_on=arrived, met_by="The employer's driver", **give)
    if home:
        yield Travel(**own, direction="back", departs_on=home, arrives_on=home + timedelta(days=1), **give)


def _debt(plan: PilotPlan, own: dict[str, Any], day: date, lender: str, security: str, rate: Decimal | None) -> Debt:
    small = {name: own[name] for name in ("pilot_id", "placement")}
    amount = Decimal(plan.costs["worker"][0][1]) * 4
    return Debt(
        **small, kind="loan", lender=lender, amount=amount, currency=plan.home_currency, monthly_rate=rate,
        security=security, taken_on=day,
    )  # fmt: skip


def _licences(plan: PilotPlan, ground: Ground, today: date) -> None:
    pilot = ground.pilots[plan.slug]
    RecruiterLicence.objects.bulk_create(
        RecruiterLicence(
            pilot=pilot, recruiter=ground.organisations[slug], number=f"{plan.origin}-{2200 + number}",
            authority="Ministry of Labour", valid_from=today - timedelta(weeks=160), valid_to=today + timedelta(weeks=40),
            looked_up_on=today - timedelta(weeks=6),
        )
        for number, slug in enumerate(plan.recruiters)
    )  # fmt: skip
