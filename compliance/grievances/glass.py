"""Opening in an emergency: somebody who may read grievances but is not named on this one reads it for an hour.

A reason and a second factor shown just now are the price. The readers and the safeguarding leads are told, and somebody
else reviews it within seven days. Nobody whom the grievance is about gets through: for them the code leads nowhere.
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.names import name_of
from accounts.roles import Permission
from accounts.scope import Scope, acting_as, desk_scope
from compliance.grievances import notices, readers
from compliance.grievances.writing import Kind, enter
from compliance.models import Grievance, GrievanceOpening
from compliance.models.casework import LONGEST_OPENING

REVIEW_WITHIN = timedelta(days=7)


def open_now(code: str, reason: str, *, by: Scope, at: datetime) -> GrievanceOpening | None:
    """Open the case of this code for an hour; None where the code leads nowhere for this person, for whatever reason.

    The page must have asked for the second factor first (``accounts.fresh``). ValidationError without a reason.
    """
    by.require(Permission.CASE_HANDLE)
    if len(reason.strip()) < 20:
        raise ValidationError({"reason": [_("Say in a sentence why it must be opened now: others will review it.")]})
    who, today = name_of(by), timezone.localdate(at)
    with acting_as(None):
        mine = set(
            Membership.objects.filter(user_id=by.user_id, ended_at__isnull=True).values_list(
                "organisation_id", flat=True
            )
        )
    with acting_as(desk_scope(code.strip().upper() or "none", by.user_id, by.request)):
        found = Grievance.objects.first()
        if found is None or not _may(found, by, mine):
            return None
        opening = GrievanceOpening.objects.create(
            pilot_id=found.pilot_id, grievance=found, code=found.code, user_id=by.user_id,
            organisation_id=by.organisation_id, who=who, reason=reason.strip(), opened_at=at, until=at + LONGEST_OPENING,
            review_by=today + REVIEW_WITHIN, concerned_ids=found.concerned_ids,
            concerned_user_ids=found.concerned_user_ids,
        )  # fmt: skip
        enter(found, Kind.GLASS, by=by, on=today, who=who, text=reason.strip(), about_user_id=by.user_id)
        leads, _sensitivity = readers.for_intake(found.pilot_id, found.concerned_ids)
    notices.tell(sorted({*found.reader_ids, *leads} - {by.user_id}))
    return opening


def _may(found: Grievance, by: Scope, mine: set[int]) -> bool:
    """Of this pilot, with the right role for its sensitivity, not named already, and not one whom it is about."""
    return (
        found.pilot_id in by.pilot_ids
        and by.role_code in readers.roles_for(found.sensitivity)
        and by.user_id not in found.reader_ids
        and by.user_id not in found.concerned_user_ids
        and not mine & set(found.concerned_ids)
    )


def to_review(by: Scope) -> list[GrievanceOpening]:
    """Openings that wait for this person's review: others' openings that they may see, the most urgent first."""
    rows = GrievanceOpening.objects.filter(reviewed_on__isnull=True).exclude(user_id=by.user_id)
    return list(rows.select_related("pilot").order_by("review_by", "pk")[:100])


def review(opening: GrievanceOpening, *, by: Scope, at: datetime, justified: bool | None, words: str) -> None:
    """Somebody else says whether it was needed. ValidationError with every reason against it."""
    by.require(Permission.CASE_HANDLE)
    wrong: dict[str, list[str]] = {}
    if opening.user_id == by.user_id:
        wrong["__all__"] = [_("Somebody else reviews an emergency opening, in words.")]
    if opening.reviewed_on is not None:
        wrong["__all__"] = [_("It was reviewed before.")]
    if justified is None:
        wrong["justified"] = [_("Say whether it was needed.")]
    if not words.strip():
        wrong["review"] = [_("Say why you think so.")]
    if wrong:
        raise ValidationError(wrong)
    today, who = timezone.localdate(at), name_of(by)
    changed = GrievanceOpening.objects.filter(pk=opening.pk, reviewed_on__isnull=True).update(
        reviewed_on=today, reviewed_by=by.user_id, reviewed_by_name=who, justified=justified, review=words.strip()
    )
    if not changed:
        raise ValidationError(_("It was reviewed before."))
    with acting_as(desk_scope(opening.code, by.user_id)):
        enter(Grievance.objects.get(), Kind.REVIEWED, by=by, on=today, who=who, about_user_id=opening.user_id)
