"""What compliance knows to stand on a move: a finding that somebody opened or acted on since.

What a rule found and nobody touched goes with the facts by itself; what was told in confidence is never named here.
"""

from typing import Final

from django.utils.translation import gettext_noop

from compliance.models import Finding
from workers.journey.leaning import Leaning

OF_COMPLIANCE: Final[dict[str, Leaning]] = {
    "finding": Leaning(
        Finding, gettext_noop("a finding"),
        """exists (select from compliance_finding x where x.placement_id = e.placement_id and not x.restricted
          and x.recorded_at > e.recorded_at and (x.source = '' or exists (
            select from compliance_findingevent v where v.finding_id = x.id
              and v.kind not in ('opened', 'seen again', 'changed', 'not found'))))""",
    ),
}  # fmt: skip
