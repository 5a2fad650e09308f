"""``manage.py data_dictionary [--json] [--write]``: every table and field with its type, privacy class and words."""

import json
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from lamp_portal.privacy import as_plain, entries, page

FILE = settings.BASE_DIR / "docs" / "data-dictionary.md"


class Command(BaseCommand):
    """Prints the data dictionary, or writes it to docs/data-dictionary.md."""

    help = "Print every table and field with its type, privacy class and words; --write renews docs/data-dictionary.md."
    requires_system_checks: list = []  # it reads the models; no database is asked

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--json for programs, --write for the page."""
        parser.add_argument("--json", action="store_true", help="one JSON object: classes and fields")
        parser.add_argument("--write", action="store_true", help="write docs/data-dictionary.md")

    def handle(self, *args, **options) -> None:
        """Write the page, print JSON, or print columns."""
        if options["write"]:
            FILE.write_text(page(), encoding="utf-8")
            self.stderr.write("Wrote docs/data-dictionary.md.")
        if options["json"]:
            self.stdout.write(json.dumps(as_plain(), indent=2))
        elif not options["write"]:
            rows = [(e.table, e.field, e.type, e.privacy, e.words) for e in entries()]
            widths = [max(len(row[i]) for row in rows) for i in range(5)]
            for row in rows:
                self.stdout.write(
                    "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
                )
