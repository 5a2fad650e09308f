"""Everything that can stand in the timeline of a placement: the kinds of ``workers``, and those of the apps above it.

Handed over once, when the portal starts (``PortalConfig.ready``), to ``workers/timeline/table.py``.
"""

from typing import Final

from compliance.timeline import OF_COMPLIANCE
from workers.timeline.kinds import OF_WORKERS
from workers.timeline.table import Kind

KINDS: Final[dict[str, Kind]] = {**OF_WORKERS, **OF_COMPLIANCE}
