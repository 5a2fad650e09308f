"""A legal hold on a case: nothing that belongs to it is deleted while it stands. It is known to the case's readers alone.

The clock deletes nothing that was told in confidence but the bytes of photos that were taken back; those stay. And where
the person's own time is over, the case keeps name and number for its readers, though it be closed. Nothing outside the
case shows that it stands.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.scope import Scope
from compliance.grievances import writing
from compliance.grievances.door import require_reader
from compliance.grievances.writing import Kind
from compliance.models import Grievance


def hold(
    grievance: Grievance,
    reason: str,
    *,
    by: Scope,
    on: date,
    ends_on: date | None = None,
    review_on: date | None = None,
) -> None:
    """Place it, in the place of one that stands. ValidationError for the form; Changed where another reader was quicker."""
    require_reader(grievance, by)
    by.require(Permission.LEGAL_HOLD)
    day = ends_on or review_on
    if day is None or (ends_on and review_on):
        raise ValidationError(_("Say when it ends, or when somebody looks at it again: one of the two."))
    if day <= on:
        raise ValidationError({"ends_on" if ends_on else "review_on": _("Choose a day to come.")})
    writing.update(grievance, legal_hold=reason.strip(), legal_hold_ends_on=ends_on, legal_hold_review_on=review_on)
    writing.enter(grievance, Kind.HELD, by=by, on=on, text=f"{reason.strip()}\n{day.isoformat()}")


def lift(grievance: Grievance, reason: str, *, by: Scope, on: date) -> None:
    """Lift it, with a reason that stays among the events of the case."""
    require_reader(grievance, by)
    by.require(Permission.LEGAL_HOLD)
    if not grievance.legal_hold:
        raise ValidationError(_("No legal hold stands."))
    writing.update(grievance, legal_hold="", legal_hold_ends_on=None, legal_hold_review_on=None)
    writing.enter(grievance, Kind.LIFTED, by=by, on=on, text=reason.strip())
