"""Let a pilot depart from a rule of its scheme, and end that early. The only place where overrides are written."""

from datetime import date
from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.names import name_of
from accounts.roles import Permission
from accounts.scope import Scope
from pilots.models import ParameterOverride, Pilot
from pilots.schemes.reader import load
from pilots.schemes.scheme import Parameter
from pilots.schemes.writing import BadValue, read_value, write_value

# A hundred years in each unit of time.
CENTURY: Final = {
    "hours": 876_600, "days": 36_525, "business days": 26_100, "weeks": 5_218, "months": 1_200, "years": 100,
}  # fmt: skip


def depart(
    pilot: Pilot, *, parameter: str, value: str, valid_from: date, valid_to: date, reason: str, by: Scope
) -> ParameterOverride:
    """Give a rule another value in this pilot, from a day to a day, for a reason.

    The unit is the one the scheme's own value has on the first day. ValidationError with sentences by field for a
    rule the scheme does not have, a value that is none of its unit, a unit that changes on the way, no reason, or days
    on which another override of the rule holds.
    """
    by.require(Permission.PILOT_EDIT)
    # Asked before the table is: a range that runs backwards is an error to PostgreSQL, not an answer.
    if valid_to < valid_from:
        raise ValidationError({"valid_to": _("An override ends on or after the day on which it begins.")})
    like = _scheme_value(pilot, parameter, valid_from, valid_to)
    try:
        typed = read_value(value, like.unit)
    except BadValue as wrong:
        raise ValidationError({"value": str(wrong)}) from wrong
    # Neither the calendar nor an interval of PostgreSQL reaches much further, and one override would stop every rule.
    if like.unit in CENTURY and isinstance(typed, int | Decimal) and typed > CENTURY[like.unit]:
        raise ValidationError({"value": _("A length of time is a hundred years at most.")})
    row = ParameterOverride(
        pilot=pilot, parameter=parameter, value=write_value(typed), unit=like.unit, currency=like.currency,
        valid_from=valid_from, valid_to=valid_to, reason=reason.strip(), recorded_by_id=by.user_id,
        recorded_name=name_of(by) or _("the programme"),
    )  # fmt: skip
    row.validate_constraints()
    row.save(force_insert=True)
    audit.record("rule overridden", "override", row.pk, pilot_id=pilot.pk, reason=row.reason)
    return row


def _scheme_value(pilot: Pilot, name: str, first: date, last: date) -> Parameter:
    """The scheme's value on the first day; without one, any it has had. One unit must hold for all the days."""
    scheme = load(pilot.scheme)
    if name not in scheme.names:
        raise ValidationError({"parameter": _("The scheme has no such rule.")})
    values = scheme.changes(name)
    meant = [v for v in values if v.valid_from <= last and (v.valid_to is None or v.valid_to >= first)]
    if len({(v.unit, v.currency) for v in meant}) > 1:
        words = _(
            "The unit of this rule changes on %(day)s. Record one override up to the day before, and another after."
        )
        raise ValidationError({"valid_to": words % {"day": meant[1].valid_from.isoformat()}})
    return meant[0] if meant else values[-1]


def end(row: ParameterOverride, *, on: date, reason: str, by: Scope) -> ParameterOverride:
    """End an override before its time: from ``on`` the scheme's own value holds again. What was agreed stays readable.

    ValidationError for a day outside its days, no reason, or one that was ended already.
    """
    by.require(Permission.PILOT_EDIT)
    if row.ended_on:
        raise ValidationError({"on": _("This override was ended already.")})
    if not row.valid_from <= on <= row.valid_to:
        raise ValidationError({"on": _("An override can only end early within its own days.")})
    row.ended_on, row.ended_reason = on, reason.strip()
    row.ended_by_id, row.ended_name, row.ended_at = by.user_id, name_of(by) or _("the programme"), timezone.now()
    row.validate_constraints()
    changed = ParameterOverride.objects.filter(pk=row.pk, ended_on__isnull=True).update(
        ended_on=on, ended_reason=row.ended_reason, ended_by=row.ended_by_id, ended_name=row.ended_name,
        ended_at=row.ended_at,
    )  # fmt: skip
    if not changed:
        raise ValidationError({"on": _("This override was ended already.")})
    audit.record("override ended", "override", row.pk, pilot_id=row.pilot_id, reason=row.ended_reason)
    return row
