"""``list_duties``: who owes what by when, as the person named by --as may see it (docs: docs/duties.md)."""

import json
import sys
from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.commanding import refuse
from accounts.roles import Permission
from accounts.scope import acting_as
from compliance.duties.door import due, organisations
from compliance.duties.words import as_json
from pilots.access import scope_of_email
from pilots.models import Pilot


class Command(BaseCommand):
    """Exit 0: listed · 1: listed, but for some no day can be told (they are named) · 2: nothing done, the message says why."""

    help = "List the duties of a pilot: owner, worker, start, due day, done day and state."

    def add_arguments(self, parser):
        """As in the contract of the commands."""
        parser.add_argument("--pilot", required=True, metavar="SLUG")
        parser.add_argument("--on", metavar="DATE", type=date.fromisoformat)
        parser.add_argument("--as", dest="email", required=True, metavar="EMAIL")
        parser.add_argument("--organisation", metavar="SLUG", help="for a person with two organisations")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        """Ask the door, answer."""
        on = options["on"] or timezone.localdate()
        try:
            scope = scope_of_email(options["email"], options["organisation"], request="command:list_duties")
            scope.require(Permission.PERSON_VIEW)
            with acting_as(scope):
                pilot = Pilot.objects.filter(slug=options["pilot"]).first()
                if pilot is None:
                    raise ValueError(f"There is no pilot “{options['pilot']}” for {options['email']}.")
                found = due(scope, on=on, pilot_id=pilot.pk)
                names = {pk: organisation.name for pk, organisation in organisations(found).items()}
        except (PermissionDenied, ValueError) as error:
            refuse(self, error, email=options["email"], as_json=options["json"])
        lines = [as_json(owed, names) for owed in found]
        undated = [line for line in lines if line["due"] is None]
        self.stderr.write(f"{len(lines)} duties of {pilot.slug} on {on.isoformat()}")
        for line in undated:
            self.stderr.write(
                f"no day: duty {line['key']} of {line['worker'] or line['about']}: the contract has no end"
            )
        if options["json"]:
            self.stdout.write(json.dumps({"duties": lines}, ensure_ascii=False))
        else:
            for line in lines:
                self.stdout.write(_text(line))
        if undated:
            sys.exit(1)


def _text(line: dict) -> str:
    whose = ", ".join(line["organisations"]) or line["owner"]
    done = f", done {line['done']}" if line["done"] else ""
    return f"{line['state']:<9} {line['due'] or '-':<10} {line['key']:>4} {line['words']}: {whose}, {line['worker'] or line['about']}{done}"
