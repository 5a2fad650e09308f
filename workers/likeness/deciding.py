"""``decide``: same, different or later, about a pair of look-alikes, by a person and with a reason.

*Different* is remembered and not asked again unless a compared fact of one of the two changes. *Later* comes back on its
own day. *Same* merges. A merge that is undone leaves the pair as *different*: that is what undoing says.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.scope import Scope
from workers.models import LikeDecision, LikePair, MergeEvent, Person

from .merging import NotMerged, merge, unmerge

# Two rounds of a weekly look at the queue: long enough to ask the recruiter or the worker, short enough not to forget.
LATER_DAYS = 14


@transaction.atomic
def decide(
    pair: LikePair, answer: str, *, by: Scope, reason: str, at: datetime, today: date, keep_id: int | None = None
) -> LikePair:
    """Record the answer ("same", "different", "later"); "same" merges into ``keep_id``. Raises NotMerged in words."""
    by.require(Permission.PERSON_MERGE)
    if not reason.strip():
        raise NotMerged(_("A decision needs a reason."))
    pair = LikePair.objects.select_for_update().get(pk=pair.pk)
    if pair.state == LikePair.State.SAME:
        raise NotMerged(_("This pair was decided already: they are one person."))
    if answer == LikePair.State.SAME:
        people = {p.pk: p for p in Person.objects.filter(pk__in=[pair.first_id, pair.second_id])}
        if keep_id not in people or len(people) != 2:
            raise NotMerged(_("Choose which of the two records is kept."))
        (other,) = people.keys() - {keep_id}
        merge(people[keep_id], people[other], by=by, reason=reason)
    return _answered(pair, answer, by=by, reason=reason, at=at, today=today)


@transaction.atomic
def undo(event: MergeEvent, *, by: Scope, reason: str, at: datetime, today: date) -> MergeEvent:
    """Undo a merge; its pair, if there is one, becomes *different*. Raises NotMerged in words."""
    undone = unmerge(event, by=by, reason=reason)
    first, second = sorted((event.keep_id, event.other_id))
    for pair in LikePair.objects.select_for_update().filter(first_id=first, second_id=second):
        _answered(pair, LikePair.State.DIFFERENT, by=by, reason=reason, at=at, today=today)
    return undone


def _answered(pair: LikePair, answer: str, *, by: Scope, reason: str, at: datetime, today: date) -> LikePair:
    pair.state, pair.reason = LikePair.State(answer), reason.strip()
    pair.decided_by_id, pair.decided_at, pair.asked_again = by.user_id, at, False
    pair.again_on = today + timedelta(days=LATER_DAYS) if answer == LikePair.State.LATER else None
    pair.save(update_fields=["state", "reason", "decided_by", "decided_at", "asked_again", "again_on"])
    LikeDecision.objects.create(
        pilot_id=pair.pilot_id, pair=pair, answer=answer, points=pair.points, reason=pair.reason, user_id=by.user_id
    )
    return pair
