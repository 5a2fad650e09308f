"""The ground of the world: organisations, people who sign in, pilots, rates, sites, cohorts and job orders."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings

from accounts.models import Membership, Organisation, User
from accounts.scope import acting_as, operator_scope
from lamp_portal import demo
from lamp_portal.world import plans
from lamp_portal.world.hands import Hands
from lamp_portal.world.plans import CohortPlan, OrderPlan, PilotPlan
from pilots.models import Cohort, Corridor, ExchangeRate, JobOrder, Participation, Pilot, Site


@dataclass(slots=True)
class Ground:
    """What was set up, by the short names of the tables."""

    organisations: dict[str, Organisation]
    hands: Hands
    pilots: dict[str, Pilot] = field(default_factory=dict)
    cohorts: dict[tuple[str, str], Cohort] = field(default_factory=dict)
    orders: dict[str, JobOrder] = field(default_factory=dict)


def set_up(today: date) -> Ground:
    """Everything that stands before the first person is registered."""
    by_slug = _organisations()
    _people(by_slug)
    made = {plan.slug: _pilot(plan, by_slug, today) for plan in plans.pilots()}
    ground = Ground(by_slug, Hands(), made)
    for plan in plans.pilots():
        with acting_as(ground.hands.of(plan.programme, "programme_officer")):
            _rates(plan, today)
            _cohorts(plan, ground, today)
    return ground


def _organisations() -> dict[str, Organisation]:
    with acting_as(operator_scope()):
        return {
            plan.slug: Organisation.objects.create(slug=plan.slug, name=plan.name, kind=plan.kind, country=plan.country)
            for plan in plans.organisations()
        }


def _people(by_slug: dict[str, Organisation]) -> None:
    """Accounts and memberships; whoever stands in two organisations has one account."""
    users = User.objects
    made: dict[str, User] = {}
    with acting_as(None):
        for plan in plans.organisations():
            for member in plan.people:
                user = made.get(member.email) or users.create_user(member.email, name=member.name)
                made[member.email] = user
                Membership.objects.create(
                    user=user, organisation=by_slug[plan.slug], role=member.role, manages_members=member.manages
                )
        keeper = plans.operator()
        made[keeper.email] = users.create_superuser(keeper.email, name=keeper.name)
    if settings.DEMO:
        for user in made.values():
            demo.make_login(user)


def _pilot(plan: PilotPlan, by_slug: dict[str, Organisation], today: date) -> Pilot:
    starts, ends = (today + timedelta(weeks=week) for week in plan.weeks)
    with acting_as(operator_scope()):
        route = Corridor.objects.create(
            name=plan.corridor, origin=plan.origin, destination=plan.destination, sector=plan.sector
        )
        pilot = Pilot.objects.create(
            slug=plan.slug, name=plan.named(today), scheme=plan.scheme, corridor=route,
            programme=by_slug[plan.programme], starts_on=starts, ends_on=ends, currency=plan.currency,
            home_currency=plan.home_currency,
        )  # fmt: skip
        Participation.objects.bulk_create(
            Participation(pilot=pilot, organisation=by_slug[slug], kind=by_slug[slug].kind, joined_on=starts)
            for slug in plan.organisations
        )
    return pilot


def _rates(plan: PilotPlan, today: date) -> None:
    """One rate a month from the pilot's start to the present, wandering a little."""
    chance = plans.dice("rates", plan.slug)
    month = (today + timedelta(weeks=plan.weeks[0])).replace(day=1)
    rows, rate = [], plan.rate
    while month <= today:
        rows.append(
            ExchangeRate(
                month=month,
                from_currency=plan.currency,
                to_currency=plan.home_currency,
                rate=rate,
                source="Invented for the demonstration",
            )
        )
        rate = (rate * Decimal(1000 + chance.randint(-9, 9)) / 1000).quantize(Decimal("0.00000001"))
        month = (month + timedelta(days=32)).replace(day=1)
    ExchangeRate.objects.bulk_create(rows)


def _cohorts(plan: PilotPlan, ground: Ground, today: date) -> None:
    pilot = ground.pilots[plan.slug]
    sites = {
        site.slug: Site.objects.create(
            pilot=pilot, employer=ground.organisations[site.employer], name=site.name, region=site.region
        )
        for site in plan.sites
    }
    for cohort_plan in plan.cohorts:
        opens, departs, returns = (today + timedelta(weeks=week) for week in cohort_plan.weeks)
        cohort = Cohort.objects.create(
            pilot=pilot, name=cohort_plan.name, code=cohort_plan.code, season=cohort_plan.season,
            target=cohort_plan.target, opens_on=opens, departs_on=departs, returns_on=returns,
        )  # fmt: skip
        ground.cohorts[plan.slug, cohort_plan.code] = cohort
        for order in cohort_plan.orders:
            ground.orders[order.task] = _order(pilot, cohort, sites[order.site], order)


def _order(pilot: Pilot, cohort: Cohort, site: Site, plan: OrderPlan) -> JobOrder:
    return JobOrder.objects.create(
        pilot=pilot, cohort=cohort, site=site, employer_id=site.employer_id, task=plan.task, places=plan.places,
        starts_on=cohort.departs_on, ends_on=cohort.returns_on, hourly_rate=plan.rate, hours_per_week=plan.hours,
        currency=pilot.currency,
    )  # fmt: skip


def dates_of(plan: CohortPlan, today: date) -> tuple[date, date, date]:
    """Opening, departure and planned return of a cohort."""
    opens, departs, returns = (today + timedelta(weeks=week) for week in plan.weeks)
    return opens, departs, returns
