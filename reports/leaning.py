"""What reports know to stand on a move: an edition of the pilot that was compiled since, and counted it."""

from typing import Final

from django.utils.translation import gettext_noop

from reports.models import Edition
from workers.journey.leaning import Leaning

OF_REPORTS: Final[dict[str, Leaning]] = {
    "edition": Leaning(
        Edition, gettext_noop("a report that was compiled since"),
        """exists (select from reports_edition x where x.pilot_id = e.pilot_id and x.as_of > e.recorded_at
          and e.happened_on <= x.period_to)""",
    ),
}  # fmt: skip
