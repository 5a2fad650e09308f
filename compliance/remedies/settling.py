"""A finding whose actions are verified and whose money is paid or written off by name is resolved with what was done."""

from collections.abc import Iterable
from datetime import date

from accounts.scope import Scope
from compliance import findings
from compliance.models import CorrectiveAction, CorrectiveStep, Finding
from compliance.remedies.closing import hindrances

MOST = 500


def settle(finding_ids: Iterable[int], *, by: Scope, on: date) -> list[int]:
    """Resolve those of these findings that have a verified action and nothing left in their way; answers their ids.

    A finding without any action is left to a person, who says in their own words what was done.
    """
    ids = list(finding_ids)
    verified = CorrectiveAction.objects.filter(finding_id__in=ids, steps__kind=CorrectiveStep.Kind.VERIFIED)
    mended = set(verified.values_list("finding_id", flat=True))
    in_the_way = hindrances(mended)
    ready = Finding.objects.filter(pk__in=mended - set(in_the_way), state__in=["open", "waived"]).order_by("pk")
    done = []
    for finding in ready:  # each has its own words; a verification or a payment settles one
        findings.resolve(finding, by=by, on=max(on, finding.opened_on), remedy=_what_was_done(finding.pk))
        done.append(finding.pk)
    return done


def _what_was_done(finding_id: int) -> str:
    """The owners' own words of the steps that were verified."""
    steps = CorrectiveStep.objects.filter(
        action__finding_id=finding_id, kind=CorrectiveStep.Kind.DONE, answered_by__kind=CorrectiveStep.Kind.VERIFIED
    )
    words = " · ".join(steps.order_by("action__put_on", "action_id").values_list("words", flat=True))
    return words if len(words) <= MOST else f"{words[: MOST - 1]}…"
