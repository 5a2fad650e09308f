"""What still stands between a finding and its end: actions nobody has verified, money that is still owed."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.amounts import amount_words
from compliance.models import CorrectiveAction, Finding
from compliance.remedies.balances import balances

ENDS = ("verified", "withdrawn")


def hindrances(finding_ids: Iterable[int]) -> dict[int, list[str]]:
    """finding id → why it cannot be resolved yet, in sentences; a finding with nothing in its way is not in it.

    What a rule counted, and counts no more because a partner changed the record, is for the person who closes to judge:
    only what was claimed or agreed stands in the way then. Three statements, whatever the number of findings.
    """
    ids = list(finding_ids)
    found: dict[int, list[str]] = {}
    waiting: dict[int, int] = {}
    rows = CorrectiveAction.objects.filter(finding_id__in=ids).exclude(steps__kind__in=ENDS)
    for pk in rows.order_by().values_list("finding_id", flat=True):
        waiting[pk] = waiting.get(pk, 0) + 1
    for pk, n in waiting.items():
        words = ngettext(
            "%(n)d corrective action is not verified yet.", "%(n)d corrective actions are not verified yet.", n
        )
        found.setdefault(pk, []).append(words % {"n": n})
    doubted = set(Finding.objects.filter(pk__in=ids, doubted=True).values_list("pk", flat=True))
    for pk, balance in balances(ids).items():
        if balance.outstanding > 0 and (pk not in doubted or balance.asked > 0):
            words = _("%(amount)s is neither paid nor written off.")
            amount = amount_words(balance.outstanding, balance.currency)
            found.setdefault(pk, []).append(words % {"amount": amount})
    return found
