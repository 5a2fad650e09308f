"""The two ways a grievance is written to: its row under the optimistic lock, and its events."""

from datetime import date

from django.db.models import F

from accounts.names import name_of
from accounts.scope import Scope
from compliance.models import Grievance, GrievanceEvent, GrievanceMessage

Kind = GrievanceEvent.Kind


class Changed(Exception):
    """Another reader changed it since it was read."""


def update(grievance: Grievance, **values) -> None:
    """Change the row if it still stands as it was read; raises Changed where another was quicker."""
    rows = Grievance.objects.filter(pk=grievance.pk, revision=grievance.revision)
    if not rows.update(revision=F("revision") + 1, **values):
        raise Changed
    grievance.revision += 1
    for name, value in values.items():
        setattr(grievance, name, value)


def enter(grievance: Grievance, kind: str, *, by: Scope | None, on: date, who: str = "", **fields) -> None:
    """One event. ``by`` is nobody where the person who told writes: then ``who`` is a word for them."""
    GrievanceEvent.objects.create(
        pilot_id=grievance.pilot_id, grievance=grievance, kind=kind, happened_on=on,
        user_id=by.user_id if by else None, organisation_id=by.organisation_id if by else None,
        who=who or (name_of(by) if by else ""), **fields,
    )  # fmt: skip


def send(grievance: Grievance, text: str, *, by: Scope, on: date) -> None:
    """A message that the person reads when they next type their code."""
    GrievanceMessage.objects.create(
        pilot_id=grievance.pilot_id, grievance=grievance, from_worker=False, text=text.strip(), sent_on=on,
        who=name_of(by),
    )  # fmt: skip
    enter(grievance, Kind.MESSAGE, by=by, on=on)
