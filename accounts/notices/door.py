"""The doors: ``knock`` when something came for somebody, ``plan_for`` and ``choose`` for one's own plan, ``stop`` and ``resume``
by the link of a mail."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core import signing
from django.db import connection

from accounts.notices.models import NoticeChoice, NoticePlan

SALT = "notices.stop"


def knock(user_ids: Iterable[int], kind: str) -> None:
    """Say that something of this kind came for these people; whoever wants to hear at once does, with the next sweep.

    Called in the transaction of the act. Writes no more than that, so that nothing is told of what came or of whom."""
    ids = sorted(set(user_ids))
    if not ids:
        return
    with connection.cursor() as cursor:
        # Without RETURNING: whoever knocks reads no knocks, not even their own.
        cursor.execute(
            "insert into accounts_noticeknock (user_id, kind) select i, %s from unnest(%s::bigint[]) i on conflict do nothing",
            [kind, ids],
        )


def plan_for(user_id: int) -> NoticePlan:
    """One's own plan, or that of somebody who has not chosen yet (not saved). Asked as the person, or as the operator."""
    return NoticePlan.objects.filter(pk=user_id).first() or NoticePlan(user_id=user_id)


def choices_of(user_id: int) -> dict[str, str]:
    """kind → how often, where the person chose."""
    rows = NoticeChoice.objects.filter(user_id=user_id).exclude(cadence="")
    return dict(rows.values_list("kind", "cadence"))


def choose(plan: NoticePlan, cadences: Mapping[str, str]) -> None:
    """Keep the plan and how often each kind comes. Mail begins again where it was stopped or a mailbox had refused it.

    The plan is checked against the constraints of its table before (``plan.validate_constraints()``)."""
    plan.stopped_at = plan.refused_at = plan.next_try_at = None
    plan.tries = 0
    plan.save()
    NoticeChoice.objects.bulk_create(
        [NoticeChoice(user_id=plan.pk, kind=kind, cadence=cadence) for kind, cadence in cadences.items()],
        update_conflicts=True, unique_fields=["user", "kind"], update_fields=["cadence"],
    )  # fmt: skip


def token_for(user_id: int) -> str:
    """What the link of a mail carries: whose mail it stops, signed, so that nobody can stop another's by guessing."""
    return signing.dumps(user_id, salt=SALT)


def user_of(token: str) -> int | None:
    """Whose mail the token stops, or None for one that the portal never signed. It does not run out: mails are old."""
    try:
        found = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None


def stop(user_id: int, *, at: datetime) -> None:
    """No more mail of this kind to the person. Asked twice it changes nothing."""
    plan = plan_for(user_id)
    if plan.stopped_at is None:
        plan.stopped_at = at
        plan.save()


def resume(user_id: int) -> None:
    """Mail comes again, as the person had chosen."""
    NoticePlan.objects.filter(pk=user_id).update(stopped_at=None)
