"""Trainings, and the papers that follow from where a placement stands: medical, police, visa, further consents."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from accounts.scope import acting_as
from lamp_portal.world import plans
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import Ground, dates_of
from workers.models import Consent, IdentityDocument, Placement, TrainingRecord

if TYPE_CHECKING:
    from lamp_portal.world.walking import Walk

# Courses by pilot: (course, planned hours). The last one is where somebody may fail.
COURSES: dict[str, tuple[tuple[str, int], ...]] = {
    "tonga-apples": (("Pre-departure orientation", 16),),
    "vanuatu-meat": (("Pre-departure briefing", 20), ("Knife safety", 12)),
    "nepal-greenhouse": (("Pre-departure training", 45), ("Korean, basic", 120)),
    "kenya-stay": (("Hospitality basics", 60), ("Japanese, first level", 240)),
    "guatemala-cooks": (
        ("Kitchen safety and hygiene", 24), ("High-volume kitchens", 40), ("Interview skills", 8),
        ("Culinary English", 90),
    ),
}  # fmt: skip
STARTS = {"training", "first_training"}


def trainings(plan: PilotPlan, ground: Ground, walks: "list[Walk]", today: date) -> None:
    """What was taken, and passed or not: everybody who went on passed; a language failed once may be tried again."""
    chance = plans.dice("trainings", plan.slug, walks[0].nomination.cohort.code)
    rows: dict[str, list[TrainingRecord]] = {}
    placements = placements_of(plan, ground, walks)
    for walk in walks:
        begun = walk.day_of(*STARTS) or walk.day_of("oriented")
        if not begun:
            continue
        placement = placements[walk.placement_id]
        failing = walk.nomination.fate.lacks == "training passed" or any(
            "not_passed" in word for word in walk.nomination.fate.then
        )
        still_in = walk.step in STARTS and not failing
        courses = COURSES[plan.slug][:-1] if still_in and len(COURSES[plan.slug]) > 1 else COURSES[plan.slug]
        for number, (course, hours) in enumerate(courses):
            last = number == len(courses) - 1
            held = min(begun + timedelta(days=6 + 5 * number), _limit(walk, today))
            tries = [False] if failing and last else [True]
            if last and not failing and hours > 80 and chance.random() < 0.25:
                tries = [False, True]
            for attempt, passed in enumerate(tries):
                rows.setdefault(walk.nomination.candidate.recruiter, []).append(
                    TrainingRecord(
                        pilot_id=placement.pilot_id,
                        placement=placement,
                        recruiter_id=placement.recruiter_id,
                        employer_id=placement.employer_id,
                        course=course,
                        held_on=held + timedelta(days=attempt),
                        planned_hours=hours,
                        attended_hours=hours - chance.choice((0, 0, 0, 2, 4)),
                        passed=passed,
                    )
                )
    for slug in sorted(rows):
        with acting_as(ground.hands.of(slug)):
            TrainingRecord.objects.bulk_create(rows[slug])


def _limit(walk: "Walk", today: date) -> date:
    """The last day a course may be held: before the next step where one was reached, and not today."""
    after = walk.day_of("documents_complete", "shortlisted" if walk.day_of("first_training") else "documents_complete")
    return (after or today) - timedelta(days=2)


def placements_of(plan: PilotPlan, ground: Ground, walks: "list[Walk]") -> dict[int, Placement]:
    """The rows of these placements, by id, as the programme sees them."""
    with acting_as(ground.hands.of(plan.programme, "programme_officer")):
        return Placement.objects.only(
            "id", "pilot_id", "person_id", "recruiter_id", "employer_id", "planned_end", "cohort_id"
        ).in_bulk([w.placement_id for w in walks])


def papers(plan: PilotPlan, ground: Ground, walks: "list[Walk]", today: date) -> None:
    """Certificates of those whose documents are complete, visas of those who were granted one; further consents."""
    chance = plans.dice("papers", plan.slug)
    placements = placements_of(plan, ground, walks)
    made: dict[str, list[IdentityDocument]] = {}
    for number, walk in enumerate(walks):
        placement = placements[walk.placement_id]
        own = {
            "person_id": placement.person_id, "pilot_id": placement.pilot_id, "recruiter_id": placement.recruiter_id,
        }  # fmt: skip
        found = made.setdefault(walk.nomination.candidate.recruiter, [])
        complete, granted = walk.day_of("documents_complete"), walk.day_of("visa_granted")
        if complete:
            for kind, letter, days in (("medical", "M", 270), ("police", "C", 250)):
                issued = complete - timedelta(days=chance.randint(4, 40))
                found.append(
                    IdentityDocument(
                        **own,
                        kind=kind,
                        number=f"{letter}{plan.prefix}{4000 + number}",
                        country=plan.origin,
                        issued_on=issued,
                        expires_on=_certificate_ends(walk, issued, days, today, chance),
                    )
                )
        if granted:
            found.append(
                IdentityDocument(
                    **own,
                    kind="visa",
                    number=f"V{plan.prefix}{70000 + number}",
                    country=plan.destination,
                    issued_on=granted,
                    expires_on=dates_of(walk.nomination.cohort, today)[2] + timedelta(days=14),
                )
            )
    for slug in sorted(made):
        with acting_as(ground.hands.of(slug)):
            IdentityDocument.objects.bulk_create(made[slug])
    _consents(plan, ground, walks)


def _certificate_ends(walk: "Walk", issued: date, days: int, today: date, chance) -> date:
    """Certificates run for months; some of those still waiting to go hold one that ends soon."""
    waiting = walk.step in ("documents_complete", "visa_lodged", "visa_granted", "oriented", "ready")
    if waiting and chance.random() < 0.35:
        return today + timedelta(days=chance.randint(6, 59))
    return issued + timedelta(days=days)


def _consents(plan: PilotPlan, ground: Ground, walks: "list[Walk]") -> None:
    """Consent to statistics and to contact after return, asked apart; one consent to take part was withdrawn."""
    by_recruiter: dict[str, list[Walk]] = {}
    for walk in walks:
        if walk.nomination.fresh and walk.nomination.candidate.row["Consent date"]:
            by_recruiter.setdefault(walk.nomination.candidate.recruiter, []).append(walk)
    placements = placements_of(plan, ground, walks)
    for slug in sorted(by_recruiter):
        rows = []
        for walk in by_recruiter[slug]:
            person, placement = walk.nomination.candidate, placements[walk.placement_id]
            asked = ((Consent.Purpose.STATISTICS, person.statistics), (Consent.Purpose.FOLLOW_UP, person.follow_up))
            rows += [
                Consent(
                    person_id=placement.person_id, pilot_id=placement.pilot_id, recruiter_id=placement.recruiter_id,
                    purpose=purpose, given_on=person.row["Consent date"], form_version="2",
                    language=person.consent_language,
                )
                for purpose, given in asked if given
            ]  # fmt: skip
        with acting_as(ground.hands.of(slug)):
            Consent.objects.bulk_create(rows)


def withdraw_consents(plan: PilotPlan, ground: Ground, walks: "list[Walk]", today: date) -> None:
    """Those whose fate says so take their consent back; the journey then stops for them."""
    for walk in walks:
        if walk.nomination.fate.lacks == "consent, withdrawn":
            with acting_as(ground.hands.of(walk.nomination.candidate.recruiter)):
                Consent.objects.filter(
                    person__placements=walk.placement_id, purpose=Consent.Purpose.PARTICIPATION
                ).update(withdrawn_on=today - timedelta(days=4))
