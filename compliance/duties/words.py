"""Duties in the reader's language."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from compliance.duties.door import Owed

OWNERS = {
    "employer": marked("Employer"), "sending unit": marked("Sending unit"), "worker": marked("Worker"),
    "welfare person": marked("Welfare person"), "destination authority": marked("Authority of the destination"),
}  # fmt: skip
STATES = {
    "overdue": marked("Overdue"), "due": marked("Due today"), "due soon": marked("Due soon"),
    "waiting": marked("Waiting"), "done": marked("Done"), "late": marked("Done late"),
}  # fmt: skip
TONES = {"overdue": "critical", "due": "warning", "due soon": "info", "done": "good", "late": "warning"}
ADDRESSEES = {
    "owner": marked("the owner"), "programme officer": marked("the programme officer"),
    "programme manager": marked("the programme manager"),
}  # fmt: skip
ABOUT = {"placement": marked("Worker"), "job_order": marked("Job order"), "site": marked("Site")}


def owner_words(owed: Owed) -> str:
    """Who owes it, one or two together."""
    return _(" and ").join(_(OWNERS[owner]) for owner in owed.owners)


def state_words(state: str) -> str:
    """Where it stands."""
    return _(STATES[state])


def addressee_words(to: str) -> str:
    """Who was reminded."""
    return _(ADDRESSEES[to])


def duty_words(owed: Owed) -> str:
    """What is owed."""
    return _(owed.words)


def as_json(owed: Owed, organisations: dict[int, str]) -> dict:
    """One line of ``list_duties --json``."""
    return {
        "duty": owed.number, "key": owed.key, "words": owed.words, "owner": " and ".join(owed.owners),
        "organisations": [organisations[pk] for pk in owed.organisation_ids if pk in organisations],
        "worker": owed.worker or None, "about": None if owed.worker else owed.name, "starts": _iso(owed.starts),
        "opens": _iso(owed.opens), "due": _iso(owed.due), "done": _iso(owed.done), "state": owed.state,
        "evidence": owed.evidence or None,
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
