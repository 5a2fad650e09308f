"""On which days checks of a cohort are due, counted: for calendars. The rules are those of ``compliance/due.py``."""

from datetime import date

from django.db import connection

from accounts.scope import Scope
from compliance.due import OBLIGATIONS, obligation_parameters
from pilots.models import Cohort

# The same obligations, of the people of one cohort alone: the work grows with that cohort, not with the pilot.
_OF_COHORT = OBLIGATIONS.replace("where not (s.step", "where p.cohort_id = %(cohort)s and not (s.step", 1)
if _OF_COHORT == OBLIGATIONS:  # the text moved, and the days of every cohort would stand in each calendar
    raise AssertionError("OBLIGATIONS has no place for a cohort any more.")


def due_days(scope: Scope, cohort: Cohort, *, on: date) -> list[tuple[date, int]]:
    """(day, placements with a check due on it), the earliest first; what is overdue stands on the day on which it was due.

    Of the regular visits at work the next one counts, also of who was visited lately.
    """
    sql = f"""
    {_OF_COHORT}
    select o.due_on, count(distinct o.placement_id) from judged o
    where o.state in ('overdue', 'due', 'later') or o.stage = 'employment' and o.due_on > %(on)s
    group by o.due_on order by o.due_on
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, obligation_parameters(scope, on, cohort.pilot_id) | {"cohort": cohort.pk})
        return cursor.fetchall()
