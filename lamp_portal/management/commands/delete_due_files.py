"""``manage.py delete_due_files``: delete what has been kept long enough. The scheduler does the same by itself."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time

from django.core.management.base import BaseCommand
from django.utils import timezone

from lamp_portal.deleting import delete_files
from workers.files.orphans import delete_orphans


class Command(BaseCommand):
    """Acts as the portal itself, on every pilot. Exit 0: all that was due is gone; 1: some bytes could not be deleted."""

    help = "Delete the bytes of files, and sent spreadsheets, whose time is over. Rows, hashes and days stay."

    def add_arguments(self, parser):
        """The options."""
        parser.add_argument(
            "--on", type=date.fromisoformat, default=None, metavar="DATE", help="another day than today"
        )
        parser.add_argument(
            "--orphans", action="store_true",
            help="also delete bytes for which no row stands; only where no other portal shares the storage",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, on: date | None = None, orphans: bool = False, **options):
        """Delete, and say how much."""
        now = datetime.combine(on, time(), UTC) if on else timezone.now()
        done = delete_files(now=now)
        found = delete_orphans(now=now) if orphans else 0
        if options["json"]:
            self.stdout.write(json.dumps({"on": now.date().isoformat(), **asdict(done), "orphans": found}))
        else:
            files = sum(done.files.values())
            self.stdout.write(
                f"{files} files and {done.sheets} sheets ({done.rows} rows) were deleted; {found} had no row;"
                f" {done.failed} could not be deleted."
            )
        if done.failed:
            raise SystemExit(1)
