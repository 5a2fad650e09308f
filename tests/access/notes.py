"""Notes, tasks, what is followed, and what comes by mail."""

from accounts.notices.door import token_for
from tests.access.accounts import EVERYONE
from tests.access.workers import IH, ONE, OUTSIDE, READS, STRANGERS, V1, changed
from tests.notes.conftest import BEGIN
from workers.notes import door, tasks
from workers.notes.about import about_placement


def _note(cast, code):
    with cast.acting("ines") as by:
        return door.write(about_placement(cast.placement(code).pk), "Words for all", "all", by=by, at=BEGIN).pk


def _task(cast, code):
    with cast.acting("sefo") as by:
        about = about_placement(cast.placement(code).pk)
        holder = tasks.holders(about.pilot.programme_id, by)["programme"][0]
        return tasks.give(about, "Words for the programme", holder, by=by, at=BEGIN).pk


RESOLVE = {"note": _note, "task": _task, "stop": lambda cast, name: token_for(cast.user(name).pk)}

PARTNERS = dict.fromkeys(("sefo", "tavi", "omar", "olga"), 200)
PLACEMENT = READS | ONE | STRANGERS | OUTSIDE
COHORT = READS | PARTNERS | STRANGERS | OUTSIDE
TASK = dict.fromkeys(("ines", "mara", "lena", "sefo"), 200) | dict.fromkeys(("tavi", "omar", "olga", "rosa"), 404)
TASK |= STRANGERS | OUTSIDE
ANYBODY = READS | PARTNERS | {"dana": 200, "abel": 200} | OUTSIDE
PAGES = [
    ("workers:placement_notes", IH, PLACEMENT),
    ("workers:placement_notes", IH, changed(PLACEMENT, 422), "post"),
    ("workers:placement_tasks", IH, changed(PLACEMENT, 422), "post"),
    ("workers:placement_follows", IH, changed(PLACEMENT, 303), "post"),
    ("workers:cohort_notes", V1, COHORT),
    ("workers:cohort_tasks", V1, changed(COHORT, 422), "post"),
    ("workers:cohort_follows", V1, changed(COHORT, 303), "post"),
    ("workers:note", {"pk": "note=IH-001"}, PLACEMENT),
    # Of those who read it only who wrote it may correct it.
    ("workers:note", {"pk": "note=IH-001"}, changed(PLACEMENT, 422), "post"),
    ("workers:tasks", {}, ANYBODY),
    ("workers:task", {"pk": "task=IH-001"}, TASK),
    ("workers:task_steps", {"pk": "task=IH-001"}, changed(TASK, 422), "post"),
    ("workers:news", {}, ANYBODY),
    ("notices", {}, {k: v for k, v in EVERYONE.items() if k != "opal"}),
    # Whoever holds the link of a mail, signed in or not.
    ("notices_stop", {"token": "stop=lena"}, dict.fromkeys(("ines", "fay", "zed", "nobody"), 200)),
    ("notices_stop", {"token": "x"}, dict.fromkeys(("ines", "nobody"), 404), "post"),
]
