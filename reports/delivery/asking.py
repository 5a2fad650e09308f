"""The hand that asks: each schedule's periods that are due and were not asked for, once each, whenever it comes by.

What was missed while nothing ran is asked for as soon as it runs again, with the data cut-off it would have had: the moment at
which it was due. The same period asked for twice is one job, because its order has the same key.
"""

import logging
from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.scope import Scope, acting_as, operator_scope
from pilots.access import scope_of
from pilots.models import Pilot
from reports.compiling import Order, ask_for
from reports.delivery.models import Schedule, ScheduledRun
from reports.delivery.periods import Span, due
from reports.delivery.schedules import unsigned

log = logging.getLogger(__name__)
Asked = tuple[Schedule, Span]


def portal(request: str) -> Scope:
    """The portal's own hand over all pilots: reads schedules and editions as the programme of each would."""
    with acting_as(operator_scope(request=request)):
        pilots = tuple(Pilot.objects.order_by("pk").values_list("pk", flat=True))
    return replace(operator_scope(request=request), db_role="lamp_programme", pilot_ids=pilots)


def ask_due(now: datetime) -> list[ScheduledRun]:
    """Ask for every report that is due by now; answers the new rows. Asked again it asks for nothing new.

    A period waits while a signature is missing, while the person in whose name it is compiled is no longer there, and while
    the reader takes no part in the pilot: it is asked for when that is over.
    """
    with acting_as(portal("schedules")):
        asked = open_periods(now)
    by_person: dict[tuple[int, int], list[Asked]] = defaultdict(list)
    for schedule, span in asked:
        by_person[schedule.user_id, schedule.programme_id].append((schedule, span))
    made: list[ScheduledRun] = []
    for (user_id, organisation_id), theirs in by_person.items():
        try:
            with acting_as(None):
                scope = scope_of(user_id, organisation_id, request="schedules")
        except PermissionDenied:
            log.warning("schedules wait for another person: %s", sorted({s.pk for s, _span in theirs}))
            continue
        made += [run for schedule, span in theirs if (run := _ask(schedule, span, scope))]
    return made


def open_periods(now: datetime) -> list[Asked]:
    """Periods of active schedules that are due, not asked for and not waiting for a signature."""
    schedules = list(Schedule.objects.filter(state=Schedule.State.ACTIVE).select_related("pilot", "grant"))
    known = set(
        ScheduledRun.objects.filter(schedule__in=schedules).values_list("schedule_id", "period_from", "period_to")
    )
    found = [(s, span) for s in schedules for span in due(s, now) if (s.pk, span.first, span.last) not in known]
    waiting = unsigned(found)
    return [(s, span) for s, span in found if (s.pk, span) not in waiting]


def _ask(schedule: Schedule, span: Span, scope: Scope) -> ScheduledRun | None:
    order = Order(schedule.kind, schedule.pilot_id, schedule.organisation_id, span.first, span.last, span.due_at)
    try:
        with acting_as(scope), transaction.atomic():
            # A schedule that is paused or ended at this moment is waited for, and then not asked.
            still = Schedule.objects.select_for_update().filter(pk=schedule.pk, state=Schedule.State.ACTIVE)
            if still.first() is None:
                return None
            job = ask_for(order, by=scope)
            run, new = ScheduledRun.objects.get_or_create(
                pilot_id=schedule.pilot_id, schedule=schedule, period_from=span.first, period_to=span.last,
                defaults={"organisation_id": schedule.organisation_id, "due_at": span.due_at, "job_id": job.pk},
            )  # fmt: skip
            return run if new else None
    except PermissionDenied:
        log.warning("schedule %s: its reader or its person takes no part now", schedule.pk)
        return None
