"""``manage.py check_rollups``: hold every roll-up against the rows behind it. The scheduler does the same every night."""

import json
import sys
from dataclasses import asdict

from django.core.management.base import BaseCommand

from reports.rollups.computing import check, refresh


class Command(BaseCommand):
    """Acts as the portal itself. Exit 0: all equal · 1: some differed (repaired, unless ``--dry-run``)."""

    help = "Compute marked roll-ups, then hold every cell against its rows; what differs is repaired, with a record."

    def add_arguments(self, parser):
        """The options."""
        parser.add_argument("--dry-run", action="store_true", help="only look: compute and repair nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, dry_run: bool = False, **options):
        """Check, and say what was found."""
        marks = 0 if dry_run else refresh()
        found = check(repair=not dry_run)
        if options["json"]:
            self.stdout.write(json.dumps({"marks": marks, "dry_run": dry_run, **asdict(found)}))
        else:
            done = "differ" if dry_run else "differed and were repaired"
            self.stdout.write(
                f"{marks} marks computed; {found.cells} cells held against their rows, {found.differing} {done}."
            )
        if found.differing:
            sys.exit(1)
