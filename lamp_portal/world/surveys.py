"""Surveys before departure and after return through their door: most are reached before, fewer half a year later."""

import random
from datetime import date
from decimal import Decimal

from django.utils import timezone

from accounts.scope import acting_as
from compliance.surveys.door import Said, Try, record
from compliance.surveys.standing import MISSED, NOT_AGREED, OPEN, Owed, of_cohort
from lamp_portal.world import plans
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import Ground
from workers.models import Placement

REACHED = {"baseline": 0.9, "midline": 0.68, "endline": 0.52}
NOTED = 0.8  # of those not reached, those of whom somebody wrote down why
WHY_NOT = ("no answer", "no answer", "no answer", "no number", "no number", "away", "declined")
USED_FOR = ("living", "house", "house", "school", "school", "business", "debt", "saved", "community")
BEFORE = {"TOP": 520, "VUV": 36_000, "GTQ": 2_600, "KES": 19_000, "NPR": 17_000}  # invented, near what is earned there


def surveys(plan: PilotPlan, ground: Ground, today: date) -> None:
    """What was asked of every cohort of the pilot by now, by its welfare partner."""
    chance = plans.dice("surveys", plan.slug)
    pilot = ground.pilots[plan.slug]
    with acting_as(ground.hands.of(plan.welfare, "welfare_officer")) as by:
        placements = Placement.objects.filter(pilot=pilot).in_bulk()
        tries = []
        for cohort in plan.cohorts:
            standing = of_cohort(ground.cohorts[plan.slug, cohort.code].pk, on=today, as_of=timezone.now())
            for owed in standing:
                if (
                    owed.outcome != NOT_AGREED
                    and owed.state in (OPEN, MISSED)
                    and (made := _tried(owed, placements[owed.placement_id], plan, chance, today))
                ):
                    tries.append(made)
        if tries:
            record(tries, by=by, today=today)


def _tried(owed: Owed, placement: Placement, plan: PilotPlan, chance: random.Random, today: date) -> Try | None:
    on = min(owed.planned_on, today)
    if on < owed.opens_on:
        return None
    if chance.random() < REACHED[owed.wave] * (1 if owed.state == MISSED else 0.5):
        return Try(placement, owed.wave, "answered", on, answers=_answers(owed, plan, chance))
    if owed.state == MISSED and chance.random() < NOTED:
        return Try(placement, owed.wave, chance.choice(WHY_NOT), on)
    return None


def _answers(owed: Owed, plan: PilotPlan, chance: random.Random) -> dict[str, Said]:
    home = plan.home_currency
    usual = BEFORE.get(home, 500) * chance.uniform(0.4, 1.8)
    after = 1 if owed.wave == "baseline" else chance.uniform(0.8, 1.6)
    said = {
        "work_now": Said(choice=chance.choice(("wage", "own", "own", "home", "looking"))),
        "income_month": Said(number=Decimal(round(usual * after, -1)), currency=home),
    }
    if owed.wave == "baseline":
        return said
    content = chance.random() < 0.85
    said |= {
        "used_for": Said(choice=chance.choice(USED_FOR)), "family": Said(choice=chance.choice(("better", "same", "same", "worse"))),
        "satisfied": Said(number=Decimal(chance.randint(7, 10) if content else chance.randint(2, 6))),
        "recommend": Said(choice="yes" if content else chance.choice(("yes", "no"))),
        "go_again": Said(choice=chance.choice(("yes", "yes", "yes", "no")) if content else "no"),
    }  # fmt: skip
    if owed.wave == "midline":
        sent = round(chance.uniform(300, 1200), -1)
        said["sent_month"] = Said(number=Decimal(sent), currency=plan.currency)
        if chance.random() < 0.7:
            said["sent_cost"] = Said(
                number=round(Decimal(sent) * Decimal(chance.randint(3, 11)) / 100, 2), currency=plan.currency
            )
    return said
