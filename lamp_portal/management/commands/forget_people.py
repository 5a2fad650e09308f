"""``manage.py forget_people``: what is kept long enough goes. The scheduler does the same every night."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time

from django.core.management.base import BaseCommand
from django.utils import timezone

from compliance.retaining.forgetting import forget


class Command(BaseCommand):
    """Acts as the portal itself, on every pilot. With ``--dry-run`` nothing changes: it says what would go. Exit 0."""

    help = "Blank people whose time is over, and what showed old answers. Figures and editions stay."

    def add_arguments(self, parser):
        """The options."""
        parser.add_argument(
            "--on", type=date.fromisoformat, default=None, metavar="DATE", help="another day than today"
        )
        parser.add_argument("--dry-run", action="store_true", help="change nothing; say what would go")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, on: date | None = None, dry_run: bool = False, **options):
        """Do it, and say how much."""
        now = datetime.combine(on, time(), UTC) if on else timezone.now()
        done = forget(now=now, really=not dry_run)
        if options["json"]:
            self.stdout.write(json.dumps({"on": now.date().isoformat(), "dry_run": dry_run, **asdict(done)}))
            return
        went = "would go" if dry_run else "went"
        self.stdout.write(
            f"{done.people} people and {done.answers} answers {went}; {done.held} people are held because something of"
            f" theirs is open; {done.review} things told in confidence wait for the yearly review."
        )
