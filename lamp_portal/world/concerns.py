"""The graver things of the world, named one by one in ``data/concerns.toml``: critical answers and what came of them,
and holds placed by hand.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organisation
from accounts.scope import Scope, acting_as
from compliance.checking import Answered, record_check
from compliance.findings import resolve, waive
from compliance.models import Finding
from lamp_portal.world import papers, plans
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import Ground
from lamp_portal.world.walking import Walk, employer_of
from workers.models import Hold, Placement

HOLD_HOUR = time(9, 30)


def chosen(walks: list[Walk], row: dict[str, Any]) -> Walk:
    """The placement that a row of the table means. IndexError where the table names one too many."""
    there = [w for w in walks if w.nomination.cohort.code == row["cohort"] and w.step == row["step"]]
    # Somebody whose file was closed without their coming home is met by nobody after the return.
    return [w for w in there if w.step != "closed" or w.day_of("home")][row["nth"]]


def concerns(plan: PilotPlan, ground: Ground, walks: list[Walk], today: date) -> None:
    """Record each concern on its day, and what came of it."""
    officer = ground.hands.of(plan.welfare, "welfare_officer")
    for row in sorted(plan.concerns, key=lambda row: -row["days_ago"]):
        walk, on = chosen(walks, row), today - timedelta(days=row["days_ago"])
        said = Answered(row["answer"], row["shown_by"], row["evidence"], critical=row.get("critical", False))
        with acting_as(officer) as by:
            made = record_check(
                walk.placement_id, row["stage"], {row["item"]: said}, by=by, done_on=on, today=today, private=True
            )
        if row["outcome"] == "resolved":
            with acting_as(officer) as by:
                closed = on + timedelta(days=row["after_days"])
                resolve(_finding(made.opened), by=by, on=closed, remedy=row["remedy"])
        elif row["outcome"] == "waived":
            with acting_as(ground.hands.of(plan.programme, "programme_manager")) as by:
                until = today + timedelta(days=row["days"])
                waive(_finding(made.opened), by=by, reason=row["reason"], until=until, on=min(on + timedelta(2), today))


def _finding(opened: tuple[int, ...]) -> Finding:
    return Finding.objects.get(pk__in=opened)


def holds(plan: PilotPlan, ground: Ground, walks: list[Walk], today: date) -> None:
    """Holds that the programme's officer placed, each with who can act; one is lifted again."""
    rows = [row for row in plans.holds() if row["pilot"] == plan.slug]
    placements = papers.placements_of(plan, ground, walks)
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        for number, row in enumerate(rows):
            walk = chosen(walks, row)
            hold = _hold(
                placements[walk.placement_id], row, _owner(plan, ground, walk, row["owner"]), by, number, today
            )
            hold.save()
            if row.get("lifted"):
                hold.lifted_at, hold.lifted_by_id, hold.lifted_reason = timezone.now(), by.user_id, row["lifted"]
                hold.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])


def _hold(placement: Placement, row: dict[str, Any], owner: Organisation, by: Scope, number: int, today: date) -> Hold:
    """A hold as the page of a placement would make it."""
    moment = datetime.combine(today, HOLD_HOUR) + timedelta(minutes=number)
    until = row.get("until_days")
    return Hold(
        pilot_id=placement.pilot_id, placement=placement, recruiter_id=placement.recruiter_id,
        employer_id=placement.employer_id, source=f"person:{by.user_id}:{moment:%Y%m%d%H%M%S}", words=row["words"],
        owner=owner, until=today + timedelta(days=until) if until else None,
    )  # fmt: skip


def _owner(plan: PilotPlan, ground: Ground, walk: Walk, kind: str) -> Organisation:
    slugs = {
        "employer": employer_of(plan, walk.nomination),
        "recruiter": walk.nomination.candidate.recruiter,
        "programme": plan.programme,
    }
    return ground.organisations[slugs[kind]]
