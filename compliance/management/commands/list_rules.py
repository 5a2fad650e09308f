"""``manage.py list_rules [--json] [--write]``: every rule, what it asks, reads and shows (docs/rules.md)."""

import json
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from compliance.rules.writing import listed, redrawn

FILE = settings.BASE_DIR / "docs" / "rules.md"


class Command(BaseCommand):
    """Prints the rules, or renews their tables in docs/rules.md."""

    help = "Print every rule with what it asks; --write renews the tables of docs/rules.md."
    requires_system_checks: list = []  # it reads the rules; no database is asked

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--json for programs, --write for the page."""
        parser.add_argument("--json", action="store_true", help="one JSON object: rules")
        parser.add_argument("--write", action="store_true", help="renew docs/rules.md")

    def handle(self, *args, **options) -> None:
        """Write the page, print JSON, or print lines."""
        if options["write"]:
            FILE.write_text(redrawn(FILE.read_text(encoding="utf-8")), encoding="utf-8")
            self.stderr.write("Wrote docs/rules.md.")
        if options["json"]:
            rows = [
                {"rule": row.rule.code, "version": row.rule.version, "severity": row.rule.severity,
                 "words": str(row.rule.words), "asks": str(row.rule.asks), "of": row.subject_names,
                 "parameters": [name.rstrip("*") for name in row.parameters], "evidence": list(row.evidence),
                 "indicators": list(row.rule.indicators), "standard": row.rule.standard}
                for row in listed()
            ]  # fmt: skip
            self.stdout.write(json.dumps({"rules": rows}, ensure_ascii=False))
        elif not options["write"]:
            for row in listed():
                self.stdout.write(f"{row.rule.code}  {row.rule.version}  {row.rule.severity:8}  {row.rule.words}")
