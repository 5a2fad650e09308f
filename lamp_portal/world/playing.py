"""The door: ``play(today)`` plays the whole world into an empty database, through the portal's own doors.

``standing()`` says whether it is there already, ``foreign()`` which other organisations are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import Organisation
from accounts.scope import acting_as, operator_scope
from compliance.rules.evaluating import evaluate_all
from lamp_portal.world import (
    acting,
    alikes,
    cases,
    clocks,
    concerns,
    delivering,
    editions,
    housing,
    left_over,
    mending,
    money,
    noting,
    papers,
    plans,
    proofs,
    researching,
    setting_up,
    settling,
    surveys,
    terms,
    visits,
    walking,
)
from pilots.models import Pilot


@dataclass(frozen=True, slots=True)
class Played:
    """What was played: the Monday on which the world stands, its ground, and every placement by pilot."""

    today: date
    ground: setting_up.Ground
    walks: dict[str, list[walking.Walk]]


def play(day: date, say: Callable[[str], None] = lambda _words: None, *, with_reports: bool = True) -> Played:
    """Play everything for the week of ``day``, in one transaction: the world is there whole or not at all."""
    today = plans.present(day)
    walks: dict[str, list[walking.Walk]] = {}
    with transaction.atomic():
        say("Organisations, people who sign in, pilots")
        ground = setting_up.set_up(today)
        for plan in plans.pilots():
            say(plan.named(today))
            walks[plan.slug] = _pilot(plan, ground, today)
        if with_reports:
            say("Reports")
            editions.editions(ground, today)
            delivering.delivering(ground, today)
            researching.research(ground, today)
        say("Rights rules")
        evaluate_all(today)
        for plan in plans.pilots():
            settling.settlements_of(plan, ground, today)
    return Played(today, ground, walks)


def _pilot(plan: plans.PilotPlan, ground: setting_up.Ground, today: date) -> list[walking.Walk]:
    walks = walking.people_of(plan, ground, today)
    papers.papers(plan, ground, walks, today)
    papers.withdraw_consents(plan, ground, walks, today)
    terms.terms(plan, ground, walks, today)
    housing.housing(plan, ground, walks, today)
    money.pay(plan, ground, walks, today)
    money.costs(plan, ground, walks, today)
    visits.visits(plan, ground, walks, today)
    visits.see_to(plan, ground, today)
    concerns.concerns(plan, ground, walks, today)
    concerns.holds(plan, ground, walks, today)
    surveys.surveys(plan, ground, today)
    cases.cases(plan, ground, walks, today)
    mending.mending(plan, ground, today)
    mending.sample(plan, ground, today)
    proofs.proofs(plan, ground, walks, today)
    clocks.clocks(plan, ground, today)
    noting.noting(plan, ground, walks, today)
    left_over.left_over(plan, ground, today)
    alikes.alikes(plan, ground, today)
    acting.act(plan, ground, today)
    return walks


def standing() -> bool:
    """Whether every organisation and pilot of the world is in the database."""
    wanted = {plan.slug for plan in plans.organisations()}
    with acting_as(operator_scope()):
        found = set(Organisation.objects.filter(slug__in=wanted).values_list("slug", flat=True))
        pilots = Pilot.objects.filter(slug__in=plans.PILOTS).count()
    return found == wanted and pilots == len(plans.PILOTS)


def foreign() -> list[str]:
    """Names of organisations that are not of the demonstration world."""
    wanted = [plan.slug for plan in plans.organisations()]
    with acting_as(operator_scope()):
        return list(Organisation.objects.exclude(slug__in=wanted).order_by("name").values_list("name", flat=True))
