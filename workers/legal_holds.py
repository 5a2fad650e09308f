"""The door of legal holds: who may, places one on a person by name and lifts it; what is deleted by the clock asks here.

Rows are never taken away: a hold that was lifted stays, with who lifted it and why.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.names import name_of
from accounts.roles import Permission
from accounts.scope import Scope
from workers.models import LegalHold, Person


def held(person: str, today: str) -> str:
    """SQL for whether a legal hold stands on a person or on another record of the same. ``person``: SQL of the id;
    ``today``: SQL of the day. Asked as a role that reads ``workers_legalhold``."""
    return f"""exists (select from workers_legalhold y where y.lifted_at is null and coalesce(y.ends_on >= {today}, true)
      and (y.person_id = {person} or y.person_id in (
        select o.other_id from workers_same o where o.person_id = {person})))"""


def standing(today: date) -> QuerySet[LegalHold]:
    """The holds that stand on a day, as far as the reader sees."""
    return LegalHold.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), lifted_at__isnull=True)


def place(hold: LegalHold, *, by: Scope, today: date) -> None:
    """Place a hold on ``hold.person``: reason, and when it ends or is looked at again. ValidationError where a day is not
    to come or a constraint is not met; PermissionDenied without the verb."""
    by.require(Permission.LEGAL_HOLD)
    for name in ("ends_on", "review_on"):
        if (day := getattr(hold, name)) and day <= today:
            raise ValidationError({name: _("Choose a day to come.")})
    hold.pilot_id = hold.person.pilot_id
    hold.placed_by_id, hold.placed_by_name = by.user_id, name_of(by)
    hold.full_clean()
    hold.save()
    _tell("legal hold placed", hold.person, by)


def lift(hold: LegalHold, reason: str, *, by: Scope, now: datetime) -> bool:
    """Lift a hold with a reason; False where somebody else was quicker. PermissionDenied without the verb."""
    by.require(Permission.LEGAL_HOLD)
    if not reason.strip():
        raise ValidationError({"reason": _("A legal hold is lifted by somebody, with a reason.")})
    values = {"lifted_at": now, "lifted_by": by.user_id, "lifted_by_name": name_of(by), "lifted_reason": reason.strip()}
    lifted = LegalHold.objects.filter(pk=hold.pk, lifted_at__isnull=True).update(**values)
    if lifted:
        _tell("legal hold lifted", hold.person, by)
    return bool(lifted)


def _tell(action: str, person: Person, by: Scope) -> None:
    # Without the reason: it goes with the person, and the trail stays.
    audit.record(action, "person", person.pk, scope=by, pilot_id=person.pilot_id)
