"""The door: ``open_with`` (what is open with a member, and what of it can go to whom), ``hand_over`` and ``give_back``.

Only whoever manages the members of an organisation hands over, and only what they could change themselves is shown and moved.
One act is one transaction under a lock of the memberships it touches. It can be given back for a day, by whoever did it, as
far as nobody has gone on with it; cases only on their own pages.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.members import require_manager
from accounts.models import AuditEvent, Membership
from accounts.rows import may
from accounts.scope import Scope
from lamp_portal.handing_over import staying
from lamp_portal.handing_over.kinds import KINDS
from lamp_portal.handing_over.piles import Pile, To
from workers.models import Task
from workers.notes.about import SEE_PERSONS

BACK_WITHIN: Final = timedelta(days=1)
DONE, BACK = "work.hand_over", "work.hand_back"
_SAID = re.compile(r"(?P<mark>\S+) to (?P<to>\d+|team): (?P<counts>[a-z0-9, ]+)")


@dataclass(frozen=True, slots=True)
class Given:
    """What one handed over and can still give back: when, to whom (empty: whoever takes it), how many of each kind."""

    mark: str
    at: datetime
    to_user: int | None
    to_name: str
    counts: dict[str, int]


def require_handing(by: Scope) -> None:
    """PermissionDenied unless this is somebody who manages the members of an organisation that has work here, read now."""
    require_manager(by)
    if not may(Task, by.db_role):
        raise PermissionDenied("no work here")


def receivers(user_id: int, by: Scope) -> list[Membership]:
    """The colleagues whom this member's work may go to, by name: members of today who see persons; oneself too."""
    rows = Membership.objects.filter(
        organisation_id=by.organisation_id, ended_at__isnull=True, role__in=SEE_PERSONS, user__is_active=True
    )
    return list(rows.exclude(user_id=user_id).select_related("user").order_by("user__name", "pk"))


def open_with(user_id: int, *, by: Scope, today: date, to: To | None = None) -> list[Pile]:
    """What is open with this member, pile by pile, empty ones left out; with ``to``, what of it can go there and why the rest
    cannot. PermissionDenied as ``require_handing``."""
    require_handing(by)
    piles = [kind.pile(user_id, to, by) for kind in KINDS.values()]
    piles += [
        staying.cases(user_id, to, by, today), staying.sheets(user_id, by), staying.named_actions(user_id, by),
    ]  # fmt: skip
    return [pile for pile in piles if pile.total]


def hand_over(
    user_id: int,
    to: To,
    *,
    by: Scope,
    at: datetime,
    today: date,
    kinds: Collection[str] = tuple(KINDS),
    cases: Collection[int] = (),
) -> dict[str, int]:
    """What is open with one member and can go to the other does, of these kinds, and these cases; answers how many of each
    kind. ValidationError in words where nothing can go there or a case cannot; then nothing was moved.
    """
    require_handing(by)
    if to.membership and (to.user_id == user_id or to.membership.organisation_id != by.organisation_id):
        raise ValidationError(_("Choose another member of your organisation."))
    with transaction.atomic():
        _lock_open(user_id, to, by)
        done = {code: kind.hand(user_id, to, by, at) if code in kinds else 0 for code, kind in KINDS.items()}
        if any(done.values()):
            counts = ", ".join(f"{code} {n}" for code, n in done.items())
            audit.record(DONE, "user", user_id, reason=f"{at.isoformat()} to {to.user_id or 'team'}: {counts}")
        done["cases"] = staying.hand_cases(set(cases), user_id, to, by=by, on=today)
        if not any(done.values()):
            raise ValidationError(_("Nothing of what you ticked can go there, or it went to somebody else meanwhile."))
    return done


def _lock_open(user_id: int, to: To, by: Scope) -> set[int]:
    """Whoever hands over the same work, or to the same person, meets here; answers whose memberships are open now.
    ValidationError where the one it goes to has left."""
    users = [user_id, *([to.user_id] if to.user_id else [])]
    rows = Membership.objects.filter(organisation_id=by.organisation_id, user_id__in=users)
    found = rows.order_by("pk").select_for_update(of=("self",))
    here = {m.user_id for m in found if m.ended_at is None}
    if to.user_id and to.user_id not in here:
        raise ValidationError(_("%(name)s is no member any more. Choose somebody else.") % {"name": to.name})
    return here


def given(user_id: int, *, by: Scope, at: datetime) -> list[Given]:
    """What this person handed over of the member's within the last day and has not given back, the newest first."""
    rows = AuditEvent.objects.filter(
        object_kind="user", object_id=user_id, user_id=by.user_id, organisation_id=by.organisation_id,
        action__in=(DONE, BACK), at__gt=at - BACK_WITHIN,
    ).order_by("-pk")  # fmt: skip
    events = list(rows.values_list("action", "at", "reason"))
    back = {reason for action, _at, reason in events if action == BACK}
    said = [(when, _SAID.fullmatch(reason)) for action, when, reason in events if action == DONE]
    found = [(when, match) for when, match in said if match and match["mark"] not in back]
    ids = {int(match["to"]) for _when, match in found if match["to"] != "team"}
    ours = Membership.objects.filter(organisation_id=by.organisation_id, user_id__in=ids)
    names = dict(ours.values_list("user_id", "user__name"))
    return [_given(when, match, names) for when, match in found]


def _given(when: datetime, match: re.Match[str], names: dict[int, str]) -> Given:
    to_user = None if match["to"] == "team" else int(match["to"])
    counts = dict(part.split() for part in match["counts"].split(", "))
    return Given(
        match["mark"], when, to_user, names.get(to_user or 0, ""), {code: int(n) for code, n in counts.items()}
    )


def give_back(user_id: int, mark: str, *, by: Scope, at: datetime) -> dict[str, int]:
    """What was handed over at that moment, and is still open with whoever got it, goes back; answers how many of each kind.

    ValidationError where it is longer ago than a day, was given back already, or the member has left: then it needs another
    person, not the way back.
    """
    require_handing(by)
    with transaction.atomic():
        before = _member(user_id, by)
        if before is None:
            raise ValidationError(_("This person is no member any more. Hand it over to somebody else."))
        here = To(before)
        _lock_open(user_id, here, by)
        found = next((each for each in given(user_id, by=by, at=at) if each.mark == mark), None)
        if found is None:
            raise ValidationError(
                _("This was given back already, or it is longer ago than a day. Hand over what is to go back.")
            )
        now_with = To(_member(found.to_user, by)) if found.to_user else To(None)
        if found.to_user and now_with.membership is None:
            raise ValidationError(_("Whoever got it has left. Hand over what is open with them."))
        moment = datetime.fromisoformat(mark)
        done = {code: kind.back(moment, now_with, here, by, at) for code, kind in KINDS.items()}
        audit.record(BACK, "user", user_id, reason=mark)
    return done


def _member(user_id: int, by: Scope) -> Membership | None:
    rows = Membership.objects.filter(organisation_id=by.organisation_id, user_id=user_id, ended_at__isnull=True)
    return rows.select_related("user").first()
