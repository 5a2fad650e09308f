"""Every list that can be downloaded: those of ``workers``, and those of the apps above it, which it may not import.

Handed over once, when the portal starts (``PortalConfig.ready``), to ``workers/exports/listings.py``.
"""

from typing import Final

from compliance.lists import LISTINGS as OF_COMPLIANCE
from workers.exports.every import EVERY as OF_WORKERS
from workers.exports.listings import Listing

LISTINGS: Final[dict[str, Listing]] = {**OF_WORKERS, **OF_COMPLIANCE}
