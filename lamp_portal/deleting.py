"""Which rules of keeping stand in all apps: ``EVERY_RULE``, and the door that deletes what is due by them.

A new table of files is named in its app's list.
"""

from datetime import datetime

from compliance import retention as compliance
from compliance.retaining.forgetting import note
from reports.research.retention import delete_expired
from workers.files import retention as workers

EVERY_RULE: tuple[workers.Rule, ...] = (*workers.RULES, *compliance.RULES)


def delete_files(*, now: datetime) -> workers.Deleted:
    """Delete the bytes of files, sheets, downloads and extracts whose time is over, and write down that it ran."""
    done = workers.delete_due(EVERY_RULE, now=now)
    counts = {name: number for name, number in done.files.items() if number}
    if extracts := delete_expired(now=now):
        counts["extracts"] = extracts
    note("files", counts | {"sheets": done.sheets, "rows": done.rows}, now=now, failed=done.failed)
    return done
