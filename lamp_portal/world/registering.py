"""Lists of workers as recruiters send them: one spreadsheet for each cohort, through the door of spreadsheets."""

import csv
import io
from collections import defaultdict
from datetime import date

from accounts.scope import acting_as
from lamp_portal.world.people import Candidate
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import Ground
from workers.sheets import door

SHEET = "workers"


class RefusedByTheDoor(Exception):
    """The portal refused something that the world asked for; its own sentences say why."""


def register(plan: PilotPlan, ground: Ground, candidates: list[Candidate], name: str, today: date) -> None:
    """Bring people in, each recruiter with a sheet of its own; every row must be taken."""
    by_recruiter: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_recruiter[candidate.recruiter].append(candidate)
    for slug in sorted(by_recruiter):
        with acting_as(ground.hands.of(slug)) as by:
            batch = door.open_batch(
                sheet_of(by_recruiter[slug]), f"{name}.csv", SHEET, ground.pilots[plan.slug], by=by,
                options={"date_order": "ymd"},
            )  # fmt: skip
            door.check(batch, by=by, today=today)
            if batch.state != batch.State.CHECKED:
                raise RefusedByTheDoor(batch.trouble)
            done = door.commit(batch, by=by, only_accepted=False, today=today)
            if done.new != len(by_recruiter[slug]):
                raise RefusedByTheDoor(f"{name}: {done.new} of {len(by_recruiter[slug])} people were taken")


def sheet_of(candidates: list[Candidate]) -> bytes:
    """The people as a file of comma-separated values, with the columns of the kind ``workers``."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(candidates[0].row))
    writer.writeheader()
    writer.writerows(candidate.row for candidate in candidates)
    return text.getvalue().encode()
