"""People through the doors of the portal: registered, nominated, put on job orders, and taken along their moves.

Moves go through ``move_each``, one call for all placements that the same organisation takes along the same move. A
refusal stops the world: a table that asks for what the portal forbids is a mistake in the table.
"""

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.scope import Scope, acting_as
from lamp_portal.world import papers, people, plans
from lamp_portal.world.courses import EMPLOYER, PROGRAMME, Happening, course
from lamp_portal.world.people import Crowd, Nomination
from lamp_portal.world.plans import CohortPlan, PilotPlan
from lamp_portal.world.registering import RefusedByTheDoor, register
from lamp_portal.world.setting_up import Ground, dates_of
from workers.journey.door import Asked, move_each
from workers.journey.enrolment import assign, enrol
from workers.journey.moves import MOVE
from workers.models import Person

ORDER_OF_MOVES = {code: place for place, code in enumerate(MOVE)}
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Walk:
    """One placement and what happened to it."""

    nomination: Nomination
    placement_id: int
    enrolled: date
    happenings: tuple[Happening, ...]

    def day_of(self, *steps: str) -> date | None:
        """The first day on which the placement reached one of these steps."""
        return next((h.on for h in self.happenings if MOVE[h.code].to_step in steps), None)

    @property
    def step(self) -> str:
        """Where the placement stands now."""
        return MOVE[self.happenings[-1].code].to_step if self.happenings else "nominated"


def people_of(plan: PilotPlan, ground: Ground, today: date) -> list[Walk]:
    """Every placement of a pilot, cohort by cohort; trainings come first, because moves ask for them."""
    crowd = Crowd(plan, today)
    walks: list[Walk] = []
    for cohort in plan.cohorts:
        nominations = crowd.nominate(cohort)
        register(plan, ground, [n.candidate for n in nominations if n.fresh], f"{cohort.code} {cohort.name}", today)
        joined = _nominate(plan, ground, cohort, nominations, today)
        papers.trainings(plan, ground, joined, today)
        _walk(plan, ground, joined, today)
        walks += joined
    register(plan, ground, crowd.register_only(), "Registered, not yet nominated", today)
    return walks


def _nominate(
    plan: PilotPlan, ground: Ground, cohort: CohortPlan, nominations: list[Nomination], today: date
) -> list[Walk]:
    """Placements of a cohort with their courses drawn, those who will be selected put on a job order."""
    opens, _departs, _returns = dates_of(cohort, today)
    chance = plans.dice("courses", plan.slug, cohort.code)
    enrolled_on: dict[str, date] = {}
    for number, slug in enumerate(sorted({n.candidate.recruiter for n in nominations})):
        enrolled_on[slug] = opens + timedelta(days=3 + 2 * number)
        mine = [n for n in nominations if n.candidate.recruiter == slug]
        with acting_as(ground.hands.of(slug)) as by:
            codes = [n.candidate.code for n in mine]
            found = Person.objects.filter(pilot=ground.pilots[plan.slug], worker_code__in=codes)
            persons = dict(found.values_list("worker_code", "pk"))
            row = ground.cohorts[plan.slug, cohort.code]
            enrol(list(persons.values()), row, by=by, at=enrolled_on[slug])
            placed = dict(row.placements.filter(person__in=persons.values()).values_list("person_id", "pk"))
        for nomination in mine:
            nomination.placement_id = placed[persons[nomination.candidate.code]]
    walks = []
    for nomination in nominations:
        enrolled = enrolled_on[nomination.candidate.recruiter]
        steps = course(plan, nomination, enrolled, today, chance)
        walks.append(Walk(nomination, nomination.placement_id, enrolled, tuple(steps)))
    _put_on_orders(plan, ground, cohort, walks)
    return walks


def _put_on_orders(plan: PilotPlan, ground: Ground, cohort: CohortPlan, walks: list[Walk]) -> None:
    chosen = [w for w in walks if w.day_of("selected")]
    tasks = people.in_turn([o.task for o in cohort.orders], [o.places for o in cohort.orders], len(chosen))
    plans.dice("orders", plan.slug, cohort.code).shuffle(tasks)
    for walk, task in zip(chosen, tasks, strict=True):
        walk.nomination.order = task
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        for order in cohort.orders:
            mine = [w.placement_id for w in chosen if w.nomination.order == order.task]
            assign(mine, ground.orders[order.task], by=by)


def employer_of(plan: PilotPlan, nomination: Nomination) -> str:
    """The employer of the nomination's job order; empty where there is none."""
    order = next((o for o in nomination.cohort.orders if o.task == nomination.order), None)
    return plan.site(order.site).employer if order else ""


def _walk(plan: PilotPlan, ground: Ground, walks: list[Walk], today: date) -> None:
    """Always the earliest move of the journey's table that anybody waits for, for all of one organisation who do."""
    waiting = {w.placement_id: deque(w.happenings) for w in walks if w.happenings}
    actors = {w.placement_id: w.nomination for w in walks}
    while waiting:
        heads = {pk: happenings[0] for pk, happenings in waiting.items()}
        code = min((h.code for h in heads.values()), key=ORDER_OF_MOVES.__getitem__)
        groups: dict[str, list[int]] = defaultdict(list)
        for pk, head in heads.items():
            if head.code == code:
                groups[_actor(plan, actors[pk], head)].append(pk)
        for slug in sorted(groups):
            role = "programme_officer" if slug == plan.programme else ""
            _move(code, [(pk, heads[pk]) for pk in groups[slug]], ground.hands.of(slug, role), today)
            for pk in groups[slug]:
                waiting[pk].popleft()
                if not waiting[pk]:
                    del waiting[pk]


def _actor(plan: PilotPlan, nomination: Nomination, happening: Happening) -> str:
    """The organisation that records this move."""
    if happening.actor == PROGRAMME:
        return plan.programme
    return employer_of(plan, nomination) if happening.actor == EMPLOYER else nomination.candidate.recruiter


def _move(code: str, moving: list[tuple[int, Happening]], by: Scope, today: date) -> None:
    asked = [Asked(pk, h.on, h.known_on, h.reason, h.note) for pk, h in moving]
    with acting_as(by):
        outcome = move_each(asked, code, by=by, today=today)
    if outcome.refused:
        reasons = [f"{r.placement_id} at {r.step}: {'; '.join(r.reasons)}" for r in outcome.refused[:MOST_NAMED]]
        raise RefusedByTheDoor(f"{code}: {' | '.join(reasons)}")
