"""A rare event, such as a death, stands in a report only when a safeguarding lead signs for it by name, with a reason.

What is signed is one event in every figure that counts it, for a whole pilot and a period of a year at least. The newest decision
counts, so a signature can be taken back for editions to come; what went out stays out.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Permission
from accounts.scope import Scope
from reports.delivery.taking import name_of
from reports.metrics import METRICS
from reports.models import SignOff
from workers.journey.steps import STEP

YEAR = timedelta(days=364)


def rare_events() -> dict[str, str]:
    """Every event that needs a signature, with its words."""
    codes = dict.fromkeys(value for metric in METRICS for value in metric.rare)
    return {code: _(str(STEP[code].label)) if code in STEP else code for code in codes}


def sign(
    pilot_id: int, event: str, period_from: date, period_to: date, *, by: Scope, may_be_shown: bool, reason: str
) -> SignOff:
    """Decide whether the event may be shown for a pilot and a period; append-only.

    Raises PermissionDenied without the verb, ValidationError with a sentence for a period under a year or no reason.
    """
    by.require(Permission.REPORT_SIGN)
    errors = {}
    if period_to - period_from < YEAR:
        errors["period_to"] = _("A rare event is shown for a year at least: a shorter period points at somebody.")
    if not reason.strip():
        errors["reason"] = _("Say why the figure may or may not be shown.")
    if errors:
        raise ValidationError(errors)
    made = SignOff.objects.create(
        pilot_id=pilot_id, organisation_id=by.organisation_id, event=event,
        period_from=period_from, period_to=period_to, may_be_shown=may_be_shown, reason=reason.strip(),
        user_id=by.user_id, signed_name=name_of(by),
    )  # fmt: skip
    audit.record("report.sign", "sign_off", made.pk, pilot_id=pilot_id)
    return made
