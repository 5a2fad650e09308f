"""Who told it: known to the readers to whom the person let it be released, one by one, and to nobody else."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.scope import Scope
from compliance.grievances.door import require_reader
from compliance.grievances.writing import Kind, enter
from compliance.models import Grievance, GrievanceIdentity


def of(grievance: Grievance) -> GrievanceIdentity | None:
    """Who told it, if it is known and released to the person in force."""
    found = GrievanceIdentity.objects.select_related("placement__person", "placement__site")
    return found.filter(grievance=grievance).first()


def release(grievance: Grievance, user_id: int, *, by: Scope, on: date, consent: str) -> None:
    """Let one more reader know who told it, as the person agreed (``consent``: how and when)."""
    require_reader(grievance, by)
    found = GrievanceIdentity.objects.filter(grievance=grievance).first()
    wrong = {}
    if found is None:
        wrong["reader"] = [_("Only somebody who knows who the person is can release it.")]
    elif user_id not in grievance.reader_ids:
        wrong["reader"] = [_("Only a reader of this case can learn who the person is.")]
    elif user_id in found.reader_ids:
        wrong["reader"] = [_("This reader knows already.")]
    if not consent.strip():
        wrong["consent"] = [_("Write how and when the person agreed that this reader learns it.")]
    if wrong or found is None:
        raise ValidationError(wrong)
    found.reader_ids = sorted({*found.reader_ids, user_id})
    found.save(update_fields=["reader_ids"])
    enter(grievance, Kind.RELEASED, by=by, on=on, about_user_id=user_id, text=consent.strip())


def withdraw(grievance: Grievance, user_id: int, *, by: Scope, on: date) -> None:
    """Take it back from a reader, as the person wishes. Oneself last of all: somebody must know whom to help."""
    require_reader(grievance, by)
    found = GrievanceIdentity.objects.filter(grievance=grievance).first()
    if found is None or user_id not in found.reader_ids:
        raise ValidationError({"reader": _("This reader does not know who the person is.")})
    if user_id == by.user_id:
        raise ValidationError({"reader": _("Another reader who knows can take it back from you.")})
    found.reader_ids = [pk for pk in found.reader_ids if pk != user_id]
    found.save(update_fields=["reader_ids"])
    enter(grievance, Kind.WITHDRAWN, by=by, on=on, about_user_id=user_id)
