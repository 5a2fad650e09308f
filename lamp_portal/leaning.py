"""Everything that can stand on a move: the facts of ``workers``, and those of the apps above it.

Handed over once, when the portal starts (``PortalConfig.ready``), to ``workers/journey/leaning.py``.
"""

from typing import Final

from compliance.leaning import OF_COMPLIANCE
from reports.leaning import OF_REPORTS
from workers.journey.leaning import OF_WORKERS, Leaning

ALL: Final[dict[str, Leaning]] = {**OF_WORKERS, **OF_COMPLIANCE, **OF_REPORTS}
