"""Reminders: every night each open duty climbs its ladder, and who has to hear of it gets one row for each rung."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Q

from accounts.scope import Scope, acting_as, operator_scope
from compliance.duties import mailing
from compliance.duties.clocks import EMPLOYER, SENDING
from compliance.duties.door import KEPT, Owed, due, subject_of
from compliance.duties.ladder import OFFICER, OWNER, Rung, ladder_for
from compliance.duties.starts import JOB_ORDER, PLACEMENT, SITE
from compliance.models import DutyReminder
from pilots.models import Pilot


def remind(on: date, *, by: Scope, pilot_id: int | None = None) -> list[DutyReminder]:
    """Write the highest rung that each open duty has reached and that was not written yet; answers the new rows.

    Asked twice it writes nothing new. A duty whose day was moved by a corrected fact climbs again.
    """
    programme = dict(Pilot.objects.filter(pk__in=by.pilot_ids).values_list("pk", "programme_id"))
    reached = [(owed, rung) for owed in due(by, on=on, pilot_id=pilot_id, since=on - KEPT) if (rung := _rung(owed, on))]
    known = _known(by.pilot_ids, since=on - KEPT)
    fresh = [_row(owed, rung, on, programme) for owed, rung in reached if _mark(owed, rung) not in known]
    return DutyReminder.objects.bulk_create(fresh, ignore_conflicts=True)


def _rung(owed: Owed, on: date) -> Rung | None:
    if not owed.is_open or owed.right or owed.due is None:
        return None
    return ladder_for(owed.unit).reached(owed.due, on)


def _mark(owed: Owed, rung: Rung) -> tuple:
    return *owed.subject, owed.key, owed.starts, owed.due, rung.code


def _known(pilots: Iterable[int], since: date) -> set[tuple]:
    """The marks of the rungs written before, of what was due since that day."""
    return {
        (row.pilot_id, *subject_of(row), row.duty, row.started_on, row.due_on, row.rung)
        for row in DutyReminder.objects.filter(pilot__in=list(pilots), due_on__gte=since).iterator()
    }


def _row(owed: Owed, rung: Rung, on: date, programme: dict[int, int]) -> DutyReminder:
    """To the owner while it has a log-in; the worker has none, so the programme officer hears of it."""
    assert owed.due is not None, "a rung is reached from a day"
    owner = owed.organisation_ids[0] if owed.organisation_ids else None
    to = rung.to if rung.to != OWNER or owner else OFFICER
    return DutyReminder(
        pilot_id=owed.pilot_id, duty=owed.key, **{f"{owed.about}_id": owed.about_id},
        recruiter_id=owed.recruiter_id if SENDING in owed.owners else None,
        employer_id=owed.employer_id if EMPLOYER in owed.owners else None, started_on=owed.starts, due_on=owed.due,
        rung=rung.code, addressee=to, organisation_id=owner if to == OWNER else programme[owed.pilot_id], reminded_on=on,
    )  # fmt: skip


def sweep_duties(today: date) -> list[DutyReminder]:
    """``remind`` for every pilot, by the portal itself; each person whom a new row is for hears of it with their next notices."""
    with acting_as(operator_scope(request="duties")):
        pilots = tuple(Pilot.objects.order_by("pk").values_list("pk", flat=True))
    portal = replace(operator_scope(request="duties"), db_role="lamp_programme", pilot_ids=pilots)
    with acting_as(portal):
        fresh = remind(today, by=portal)
        mailing.tell(fresh)
    return fresh


def latest(found: Sequence[Owed]) -> dict[tuple, DutyReminder]:
    """(pilot, about, id, key, start) → the last reminder that was written of it, for what these duties are about."""
    about = Q(pk__in=[])
    for name in (PLACEMENT, JOB_ORDER, SITE):
        about |= Q(**{f"{name}_id__in": {owed.about_id for owed in found if owed.about == name}})
    rows = DutyReminder.objects.filter(about, pilot__in={owed.pilot_id for owed in found}).order_by("pk")
    return {(row.pilot_id, *subject_of(row), row.duty, row.started_on): row for row in rows}
