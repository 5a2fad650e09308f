"""What colleagues note and ask of each other: a few notes and tasks in the pilot of ``PILOT``, what its officer follows, and a message
to the recruiters of two people."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import Membership
from accounts.scope import Scope, acting_as
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import Ground
from lamp_portal.world.walking import Walk
from workers.models import Note
from workers.notes import door, following, tasks
from workers.notes.about import About, about_cohort, about_placement
from workers.telling import partners

PILOT = "tonga-apples"


def noting(plan: PilotPlan, ground: Ground, walks: list[Walk], today: date) -> None:
    """Play them, a week before today."""
    if plan.slug != PILOT:
        return
    waiting = [walk.placement_id for walk in walks if walk.step in ("selected", "contract_signed", "offered")][:2]
    if len(waiting) < 2:
        return
    at = timezone.make_aware(datetime.combine(today - timedelta(days=6), time(9)))
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        colleagues = list(
            Membership.objects.filter(organisation_id=by.organisation_id, ended_at__isnull=True)
            .exclude(user_id=by.user_id).order_by("pk").values_list("user_id", flat=True)[:1]
        )  # fmt: skip
        first, second = (about_placement(pk) for pk in waiting)
        cohort = about_cohort(first.placement.cohort_id) if first.placement else first
        note = door.write(
            first, "Passport office says the new one is ready on Friday.", Note.Audience.OWN, by=by, at=at
        )
        door.correct(note, "Passport office says the new one is ready on Monday, not Friday.", by=by, at=at)
        door.write(cohort, "The flight leaves two hours earlier than planned.", Note.Audience.ALL, by=by, at=at)
        door.write(second, "Please read the offer with me before it goes out.", Note.Audience.OWN, by=by, at=at,
                   mentions=colleagues)  # fmt: skip
        _give(first, "Ask the recruiter for a scan of the passport", by, at, today + timedelta(days=2))
        _give(second, "Call the family about the departure day", by, at, today - timedelta(days=1))
        partners.send(
            waiting,
            [partners.RECRUITERS],
            "The briefing of these two is on Friday at nine. Please tell us if one of them cannot come.",
            by=by,
            at=at,
        )
        following.follow(cohort, by=by)
        following.follow(first, by=by)


def _give(about: About, words: str, by: Scope, at: datetime, due_on: date) -> None:
    own = tasks.holders(about.pilot.programme_id, by)[str(by.user_id)][0]
    tasks.give(about, words, own, by=by, at=at, due_on=due_on)
