"""Duties of the world: employers show most of what they owed, one rule is agreed otherwise, reminders climb."""

from collections import defaultdict
from datetime import date, timedelta

from accounts.scope import acting_as
from compliance.duties import recording
from compliance.duties.door import OVERDUE, Owed, due
from compliance.duties.reminding import remind
from lamp_portal.world import plans
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import Ground
from pilots import overriding
from workers.models import Placement

EVIDENCE = {
    "1": "Permit on file, with the letter of the ministry.", "2": "Approval number on file.",
    "3": "Date agreed by e-mail, in the file.", "9": "Both policies on file.", "10": "Receipt of the department.",
    "20": "Last payslip with the repayment.", "21": "Leave balance printed on the payslip.",
}  # fmt: skip
OTHERWISE = "Receipt in the employer's file."
# Of so many overdue duties of an employer, one stays open.
ONE_IN = 6
AGREED = {
    "tonga-apples": ("deduction_stop_window", "1", "The employers of this pilot agreed to stop a withdrawn deduction within a week."),
}  # fmt: skip
INCIDENT = "A delivery van hit the gate; one worker was treated for a cut and went back to work."


def clocks(plan: PilotPlan, ground: Ground, today: date) -> None:
    """Depart from one rule, record proof of most duties, start one clock by hand, and remind of the rest."""
    pilot = ground.pilots[plan.slug]
    if plan.slug in AGREED:
        name, value, reason = AGREED[plan.slug]
        with acting_as(ground.hands.of(plan.programme, "programme_manager")) as by:
            overriding.depart(
                pilot, parameter=name, value=value, reason=reason, by=by, valid_from=today - timedelta(weeks=8),
                valid_to=today + timedelta(weeks=26),
            )  # fmt: skip
    for employer in dict.fromkeys(site.employer for site in plan.sites):
        if (employer, "employer") in ground.hands:
            _show(plan, ground, employer, today)
    _incident(plan, ground, today)
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        for days in (10, 3, 0):
            remind(today - timedelta(days=days), by=by, pilot_id=pilot.pk)


def _show(plan: PilotPlan, ground: Ground, employer: str, today: date) -> None:
    """The employer records what it did, in one proof for each kind of duty and day; every sixth was forgotten."""
    chance = plans.dice("clocks", plan.slug, employer)
    with acting_as(ground.hands.of(employer, "employer")) as by:
        found = [o for o in due(by, on=today, pilot_id=ground.pilots[plan.slug].pk) if o.state == OVERDUE]
        together: dict[tuple[str, date], list[Owed]] = defaultdict(list)
        for number, owed in enumerate(found):
            if owed.due and number % ONE_IN != ONE_IN - 1:
                done_on = min(max(owed.due - timedelta(days=chance.randrange(-1, 5)), _earliest(owed)), today)
                together[(owed.key, done_on)].append(owed)
        for (key, done_on), same in together.items():
            recording.discharge(same, done_on=done_on, evidence=EVIDENCE.get(key, OTHERWISE), by=by, today=today)


def _earliest(owed: Owed) -> date:
    return owed.starts if owed.due and owed.due >= owed.starts else date.min


def _incident(plan: PilotPlan, ground: Ground, today: date) -> None:
    """One incident that an employer has to report, where the scheme asks for it."""
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        pilot = ground.pilots[plan.slug]
        worker = next((o.about_id for o in due(by, on=today, pilot_id=pilot.pk) if o.key == "16"), None)
        if worker is None or "15" not in {clock.key for clock in recording.by_hand(pilot, by)}:
            return
        recording.start(
            pilot, key="15", about=Placement.objects.get(pk=worker), happened_on=today - timedelta(days=2),
            known_on=today - timedelta(days=1), words=INCIDENT, by=by, today=today,
        )  # fmt: skip
