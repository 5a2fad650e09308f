"""What stands in the demonstration world, counted as its programmes see it."""

from typing import Any

from django.db.models import Count

from accounts.scope import acting_as
from lamp_portal.world import plans
from lamp_portal.world.hands import Hands
from pilots.models import Pilot
from workers.journey.steps import STEP
from workers.models import PayRecord, Person, Placement, PlacementState


def counts() -> dict[str, Any]:
    """Numbers of people, placements and pay records by pilot."""
    hands = Hands()
    pilots = {plan.slug: _pilot(plan, hands) for plan in plans.pilots()}
    return {
        "people": sum(pilot["people"] for pilot in pilots.values()),
        "placements": sum(pilot["placements"] for pilot in pilots.values()),
        "pilots": pilots,
    }


def _pilot(plan: plans.PilotPlan, hands: Hands) -> dict[str, Any]:
    with acting_as(hands.of(plan.programme, "programme_officer")):
        pilot = Pilot.objects.get(slug=plan.slug)
        steps = dict(
            PlacementState.objects.filter(pilot=pilot).values_list("step").annotate(n=Count("pk")).order_by("step")
        )
        return {
            "name": pilot.name,
            "people": Person.objects.filter(pilot=pilot).count(),
            "placements": Placement.objects.filter(pilot=pilot).count(),
            "abroad": sum(n for step, n in steps.items() if STEP[step].is_abroad),
            "pay_records": PayRecord.objects.filter(pilot=pilot).count(),
            "steps": steps,
        }


def in_words(found: dict[str, Any]) -> str:
    """The counts as a few lines to read."""
    head = "The demonstration world was played" if found["played"] else "The demonstration world stands"
    lines = [f"{head}: {found['people']} people, {found['placements']} placements ({found['seconds']} s)."]
    lines += [
        f"  {pilot['name']}: {pilot['people']} people, {pilot['placements']} placements, {pilot['abroad']} abroad"
        for pilot in found["pilots"].values()
    ]
    return "\n".join(lines)
