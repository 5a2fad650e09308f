"""What officers did with the people of a cohort: papers asked for, workers told, a move that was taken back, a record kept."""

from datetime import date, timedelta

from accounts.scope import acting_as
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import Ground
from pilots.models import Cohort
from workers.asking.door import ask
from workers.journey import taking_back
from workers.journey.door import move
from workers.legal_holds import place
from workers.models import LegalHold, Placement, WorkerMessage
from workers.queries.waiting import CHOSEN
from workers.telling.door import note

FEW = 12
COURT = "The labour court asked for the payslips and contracts of this season."


def act(plan: PilotPlan, ground: Ground, today: date) -> None:
    """For the cohort that departs next, where the pilot has one: its papers, a briefing, and a slip of the hand."""
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        cohort = (
            Cohort.objects.filter(pilot__slug=plan.slug, departs_on__gt=today, placements__state__step__in=CHOSEN)
            .select_related("pilot")
            .order_by("departs_on", "pk")
            .first()
        )
        if cohort is None:
            return
        rows = Placement.objects.filter(cohort=cohort, state__step__in=CHOSEN).order_by("pk")
        ids = list(rows.values_list("pk", flat=True))
        due = min(today + timedelta(days=10), cohort.departs_on)
        ask(cohort, ids, departs_on=cohort.departs_on, due_on=due, by=by)
        note(ids[:FEW], "briefing", how=WorkerMessage.How.PRINTED, by=by, day=due, place="Town hall")
        slip = move(rows.filter(pk__in=ids[:1]), "withdraw", by=by, at=today, today=today, reason="family_needs")
        events = [e for pk in slip.moved if (e := taking_back.last_move(pk))]
        for event in events:
            taking_back.take_back([event], by=by, now=event.recorded_at, why="It was meant for another line.")
    lead = (plan.programme, "safeguarding_lead")
    if lead in ground.hands:
        with acting_as(ground.hands.of(*lead)) as by:
            kept = rows.select_related("person").first()
            if kept:
                place(
                    LegalHold(person=kept.person, reason=COURT, review_on=today + timedelta(days=180)),
                    by=by,
                    today=today,
                )
