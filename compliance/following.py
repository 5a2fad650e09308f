"""What compliance adds to the news on a followed record: checks, and what happened to findings; and findings that are followed.

Nothing that was told in confidence is counted, not even for those who may read it: news go by mail.
"""

from collections.abc import Collection
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.roles import Permission
from accounts.scope import Scope
from compliance.models import Check, Finding, FindingEvent
from compliance.words import wrong
from workers.models import Follow
from workers.notes.following import follow_keys, mine
from workers.notes.table import Record, Source


def _checks(n: int) -> str:
    return ngettext("%(n)d check", "%(n)d checks", n) % {"n": n}


def _findings(n: int) -> str:
    return ngettext("%(n)d change of a finding", "%(n)d changes of a finding", n) % {"n": n}


LIST = (
    Source("checks", _checks, Check, "recorded_at", "placement_id", "cohort_id", "user_id", Q(restricted=False),
           Permission.CHECK_VIEW),
    Source("findings", _findings, FindingEvent, "recorded_at", "finding__placement_id", "", "user_id",
           Q(restricted=False), Permission.FINDING_VIEW, "finding_id"),
)  # fmt: skip
OF_COMPLIANCE: Final = {source.code: source for source in LIST}


def follow(finding: Finding, *, by: Scope) -> None:
    """Hear of changes of this finding. PermissionDenied for one that was told in confidence: nothing of it goes by mail."""
    by.require(Permission.FINDING_VIEW)
    if finding.restricted:
        raise PermissionDenied("told in confidence")
    follow_keys({"pilot_id": finding.pilot_id, "finding_id": finding.pk}, by=by)


def unfollow(finding: Finding, *, by: Scope) -> None:
    """Hear of it no more."""
    _of(finding, by).delete()


def follows(finding: Finding, by: Scope) -> bool:
    """Whether the reader follows this finding."""
    return _of(finding, by).exists()


def _of(finding: Finding, by: Scope) -> QuerySet[Follow]:
    return mine(by).filter(finding_id=finding.pk)


def _records(ids: Collection[int], by: Scope) -> list[Record]:
    """Of these findings those that the reader sees now, and never one that was told in confidence."""
    if not by.allows(Permission.FINDING_VIEW):
        return []
    rows = Finding.objects.filter(pk__in=list(ids), restricted=False).select_related("placement__person", "site")
    return [
        Record(
            one.pk, wrong(one), one.placement.person.name if one.placement else one.site.name if one.site else "",
            reverse("compliance:finding", args=[one.pk]),
        )
        for one in rows
    ]  # fmt: skip


RECORDS: Final = {"finding": _records}
