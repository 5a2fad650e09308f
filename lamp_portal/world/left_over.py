"""A recruiter's list of last week, half understood: read and looked through, and not recorded yet.

Shows in the demonstration what a new recruiter meets: columns settled, words that wait for an answer, cells to mend.
"""

import csv
import io
from datetime import date, timedelta

from accounts.scope import acting_as
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.registering import RefusedByTheDoor
from lamp_portal.world.setting_up import Ground
from workers.sheets import door, habits

PILOT, RECRUITER = "tonga-apples", "coral-gate"
HEADERS = ("ID", "Surname", "First names", "M/F", "DOB", "Citizen of", "Mobile", "Where from", "Reg date")
COLUMNS = {"ID": "worker_id", "Where from": "village", "Reg date": "registered_on"}
# All of them invented. The date of registration is added.
PEOPLE = (
    ("LEFT-01", "Vaimoana", "Lisiate", "M", "14/03/1998", "{origin}", "+676 770 1201", "Vaini"),
    ("LEFT-02", "Halafihi", "Seini", "F", "02/01/1996", "{origin}", "+676 770 1202", "Vaini"),
    ("LEFT-03", "Tuimavave", "Folau", "1", "31/04/1990", "{origin}", "", "Houma"),
    ("LEFT-04", "Fifita", "Mele", "2", "19/12/2001", "{origin}", "", "Houma"),
    ("LEFT-04", "Fifita", "Melenaite", "2", "19/12/2001", "{origin}", "", "Houma"),
)


def left_over(plan: PilotPlan, ground: Ground, today: date) -> None:
    """Send the list as a recruiter of the pilot of ``PILOT``, and leave it where it waits for answers."""
    if plan.slug != PILOT:
        return
    pilot = ground.pilots[plan.slug]
    with acting_as(ground.hands.of(RECRUITER)) as by:
        habits.keep_columns("workers", COLUMNS, by)
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(HEADERS)
        registered = (today - timedelta(days=4)).isoformat()
        for person in PEOPLE:
            writer.writerow([*(cell.format(origin=pilot.corridor.origin) for cell in person), registered])
        batch = door.open_batch(text.getvalue().encode(), "registration-day.csv", "workers", pilot, by=by)
        door.check(batch, by=by, today=today)
        if batch.state != batch.State.CHECKED:
            raise RefusedByTheDoor(batch.trouble)
