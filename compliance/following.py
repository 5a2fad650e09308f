"""What compliance adds to the news on a followed record: checks, and what happened to findings.

Nothing that was told in confidence is counted, not even for those who may read it: news go by mail.
"""

from typing import Final

from django.db.models import Q
from django.utils.translation import ngettext

from accounts.roles import Permission
from compliance.models import Check, FindingEvent
from workers.notes.table import Source


def _checks(n: int) -> str:
    return ngettext("%(n)d check", "%(n)d checks", n) % {"n": n}


def _findings(n: int) -> str:
    return ngettext("%(n)d change of a finding", "%(n)d changes of a finding", n) % {"n": n}


LIST = (
    Source("checks", _checks, Check, "recorded_at", "placement_id", "cohort_id", "user_id", Q(restricted=False),
           Permission.CHECK_VIEW),
    Source("findings", _findings, FindingEvent, "recorded_at", "finding__placement_id", "", "user_id",
           Q(restricted=False), Permission.FINDING_VIEW),
)  # fmt: skip
OF_COMPLIANCE: Final = {source.code: source for source in LIST}
