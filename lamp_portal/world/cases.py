"""Cases of the world (``data/cases.toml``): what workers told in confidence, with a code, from a poster, or to an officer."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.scope import Scope, acting_as
from compliance.checking import Answered, Contact, record_each
from compliance.grievances import codes, door, intake
from compliance.grievances.filing import file
from compliance.grievances.intake import Told
from compliance.models import ConcernCode, Grievance
from lamp_portal.world import papers, plans
from lamp_portal.world.concerns import chosen
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.proofs import slip
from lamp_portal.world.setting_up import Ground
from lamp_portal.world.walking import Walk
from pilots.models import Site
from workers.files.door import look
from workers.models import Placement


def cases(plan: PilotPlan, ground: Ground, walks: list[Walk], today: date) -> None:
    """Play every case of this pilot through its door."""
    placements = papers.placements_of(plan, ground, walks)
    officer = ground.hands.of(plan.welfare, "welfare_officer")
    lead = ground.hands.of(plan.programme, "safeguarding_lead")
    plays = {"told": _told, "own": _own, "poster": _poster, "filed": _filed}
    for kind, rows in plans.cases().items():
        for row in (row for row in rows if row["pilot"] == plan.slug):
            placement = placements[chosen(walks, row).placement_id]
            plays[kind](row, placement, officer, lead, today - timedelta(days=row["days_ago"]), today)


def _told(row: dict[str, Any], placement: Placement, officer: Scope, lead: Scope, on: date, today: date) -> None:
    """A restricted check, and a case that its two readers alone know of."""
    with acting_as(officer) as by:
        told = {row["item"]: Answered("yes", "worker alone", note=row["account"])}
        record_each([Contact(placement.pk, "employment", told, on, private=True)], by=by, today=today, told=True)
        made = file(
            by=by, on=on, pilot_id=placement.pilot_id, category=row["category"], account=row["account"],
            channel="in person", reader_ids=[lead.user_id], placement=placement, safe_now=True, wishes=row["wishes"],
            indicators=row["indicators"], limits_told=True, options_told=row["options"], companion_offered=True,
        ).grievance  # fmt: skip
    with acting_as(lead) as by:
        found = Grievance.objects.get(pk=made.pk)
        door.note_reading(found, by=by, on=on + timedelta(days=1))
        door.note(found, by=by, on=on + timedelta(days=3), text=row["note"])


def _own(row: dict[str, Any], placement: Placement, officer: Scope, lead: Scope, on: date, today: date) -> None:
    """With a code of one's own: the lead answers and looks into it."""
    with acting_as(officer) as by:
        code = codes.issue_to(placement, by=by, on=on)
    payslip = look(slip("SPECIMEN PAYSLIP"), "payslip.jpg")
    receipt = intake.file_concern(
        code, Told(row["words"], row["language"], may_know=row["may_know"], photos=[payslip]), on=on
    )
    with acting_as(lead) as by:
        found = Grievance.objects.get(code=receipt.code)
        door.move(found, "acknowledge", by=by, on=today, day=on + timedelta(days=1), message=row["answer"])
        door.move(
            found, "triage", by=by, on=today, day=on + timedelta(days=1), category=row["category"], lead_id=by.user_id,
            limits_told=True,
        )  # fmt: skip
        door.move(found, "investigate", by=by, on=today, day=on + timedelta(days=3))
        door.note(found, by=by, on=on + timedelta(days=5), text=row["note"])
    intake.add(receipt.followup, "I can show my payslips.", on=on + timedelta(days=6))


def _poster(row: dict[str, Any], placement: Placement, officer: Scope, lead: Scope, on: date, today: date) -> None:
    """From a poster, without a name; nobody has answered yet."""
    with acting_as(officer) as by:
        site = Site.objects.get(placements=placement)
        known = ConcernCode.objects.filter(site=site, revoked_on__isnull=True).first()
        code = known.poster if known else codes.issue_at(site, by=by, on=on)
    intake.file_concern(code, Told(row["words"], row["language"]), on=on)


def _filed(row: dict[str, Any], placement: Placement, officer: Scope, lead: Scope, on: date, today: date) -> None:
    """Filed by the welfare officer, put right, and closed to the worker's satisfaction."""
    with acting_as(officer) as by:
        found = file(
            by=by, on=on, pilot_id=placement.pilot_id, category=row["category"], account=row["account"],
            channel=row["channel"], placement=placement, wishes=row["wishes"], reader_ids=[],
        ).grievance  # fmt: skip
        steps: list[tuple[str, int, dict[str, Any]]] = [
            ("acknowledge", 1, {"message": row["message"]}),
            ("triage", 2, {"category": row["category"], "lead_id": by.user_id, "limits_told": True}),
            ("propose", 9, {"remedy_kind": "money", "remedy_words": row["remedy"],
                            "remedy_amount": Decimal(row["amount"]), "currency": row["currency"]}),
            ("deliver", 20, {"delivered_on": on + timedelta(days=20), "text": "Shown on the payslip."}),
            ("close", 22, {"satisfaction": "satisfied", "text": "Paid in full.", "agreed_to_close": True,
                           "root_cause": row["root_cause"]}),
        ]  # fmt: skip
        for move, after, given in steps:
            door.move(found, move, by=by, on=today, day=on + timedelta(days=after), **given)
