"""A few look-alikes for one pilot, typed through the door of one person: who came back with a new passport, who went to a
second recruiter, and two who only share a name and a first of January."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.roles import Kind
from accounts.scope import acting_as
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.registering import RefusedByTheDoor
from lamp_portal.world.setting_up import Ground
from pilots.models import Participation
from workers.likeness.deciding import decide
from workers.likeness.finding import seek_in
from workers.likeness.one import record_person
from workers.models import LikePair, Person

PILOT = "tonga-apples"
NAMESAKES = {
    "family_name": "Vainikolo",
    "given_names": "Semisi",
    "birth_date": "1991",
    "sex": "M",
    "nationality": "Tonga",
}


def alikes(plan: PilotPlan, ground: Ground, today: date) -> None:
    """Record them, let look-alikes be sought, and decide one pair."""
    if plan.slug != PILOT:
        return
    pilot = ground.pilots[plan.slug]
    seek_in(pilot.pk)
    with acting_as(ground.hands.of(plan.programme, "programme_officer")):
        known = list(
            Person.objects.filter(pilot=pilot, birth_precision="day", placements__isnull=False)
            .exclude(birth_date__day=1).select_related("recruiter").order_by("pk").distinct()[:2]
        )  # fmt: skip
        partners = Participation.objects.filter(pilot=pilot, kind=Kind.RECRUITER).order_by("organisation__slug")
        slugs = list(partners.values_list("organisation__slug", flat=True))
    if len(known) < 2:
        return
    back, elsewhere = known
    own = back.recruiter.slug if back.recruiter else slugs[0]
    other = next((slug for slug in slugs if elsewhere.recruiter is None or slug != elsewhere.recruiter.slug), own)
    on = (today - timedelta(days=9)).isoformat()
    _typed(ground, plan, own, today, _of(back) | {
        "worker_id": "TA-9001", "given_names": back.given_names + "i", "passport_number": "TA990017",
        "passport_country": "Tonga", "registered_on": on,
    })  # fmt: skip
    _typed(ground, plan, other, today, _of(elsewhere) | {
        "worker_id": "TA-9002", "family_name": elsewhere.given_names, "given_names": elsewhere.family_name,
        "registered_on": on,
    })  # fmt: skip
    _typed(ground, plan, own, today, NAMESAKES | {"worker_id": "TA-9003", "village": "Kolovai", "registered_on": on})
    _typed(ground, plan, other, today, NAMESAKES | {"worker_id": "TA-9004", "village": "Pangai", "registered_on": on})
    _typed(ground, plan, own, today, NAMESAKES | {"worker_id": "TA-9005", "village": "Kolovai", "registered_on": on})
    seek_in(pilot.pk)
    _one_decided(plan, ground, today)


def _of(person: Person) -> dict[str, str]:
    """The facts that somebody would type again."""
    born = person.birth_date.isoformat() if person.birth_date else ""
    facts = {"family_name": person.family_name, "given_names": person.given_names, "birth_date": born, "sex": person.sex,
             "nationality": person.nationality, "village": person.village}  # fmt: skip
    return {key: text for key, text in facts.items() if text and text != "N"}


def _typed(ground: Ground, plan: PilotPlan, slug: str, today: date, cells: dict[str, str]) -> None:
    with acting_as(ground.hands.of(slug)) as by:
        answer = record_person(ground.pilots[plan.slug], cells, by=by, today=today)
    if answer.verdict != "new":
        raise RefusedByTheDoor(f"{cells['worker_id']}: {answer.problems}")


def _one_decided(plan: PilotPlan, ground: Ground, today: date) -> None:
    """The two namesakes of different villages were told apart by telephone."""
    at = timezone.make_aware(datetime.combine(today, time(9)))
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        codes = {"first__worker_code": "TA-9003", "second__worker_code": "TA-9004"}
        for pair in LikePair.objects.filter(pilot=ground.pilots[plan.slug], **codes):
            reason = "Both answered the telephone; two cousins of one name."
            decide(pair, LikePair.State.DIFFERENT, by=by, reason=reason, at=at, today=today)
