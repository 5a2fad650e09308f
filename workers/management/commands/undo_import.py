"""``manage.py undo_import BATCH --as EMAIL --reason TEXT``: take a committed sheet back."""

import json
import sys
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandParser

from accounts.commanding import refuse
from accounts.scope import acting_as
from pilots.access import scope_of_email
from workers.models import ImportBatch
from workers.sheets.door import NotCommitted, undo


class Command(BaseCommand):
    """Exit 0: all of it is taken back · 1: some of it stays (listed, with why) · 2: nothing done, said why."""

    help = "Take a committed spreadsheet back, as the person named by --as; says what stays and why."

    def add_arguments(self, parser: CommandParser) -> None:
        """As in the contract of the commands."""
        parser.add_argument("batch", metavar="BATCH", type=int)
        parser.add_argument("--as", dest="email", required=True, metavar="EMAIL")
        parser.add_argument("--organisation", metavar="SLUG", help="for a person with two organisations")
        parser.add_argument("--reason", required=True, metavar="TEXT")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take back, answer."""
        try:
            scope = scope_of_email(options["email"], options["organisation"], request="command:undo_import")
            with acting_as(scope):
                batch = ImportBatch.objects.select_related("pilot__corridor").filter(pk=options["batch"]).first()
                if batch is None:
                    raise NotCommitted(f"There is no import {options['batch']} for {options['email']}.")
                done = undo(batch, by=scope, reason=options["reason"])
        except (PermissionDenied, NotCommitted) as error:
            refuse(self, error, email=options["email"], as_json=options["json"])
        if options["json"]:
            self.stdout.write(
                json.dumps({"batch": batch.pk, "undone": done.undone, "kept": done.kept}, ensure_ascii=False)
            )
        else:
            self.stdout.write(f"Import {batch.pk}: {done.undone} rows taken back, {len(done.kept)} stay")
            for row in done.kept:
                self.stdout.write(f"  row {row['row']} {row['worker']}: {row['message']}")
        if done.kept:
            sys.exit(1)
