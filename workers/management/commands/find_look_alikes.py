"""``manage.py find_look_alikes --pilot SLUG --as EMAIL``: seek look-alikes among everybody of a pilot, now."""

import json
import sys
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.roles import Permission
from accounts.scope import acting_as
from pilots.access import scope_of_email
from pilots.models import Pilot
from workers.likeness.finding import seek_in
from workers.models import LikePair


class Command(BaseCommand):
    """Exit 0: sought · 2: nothing done, the message says why."""

    help = "Seek look-alikes among everybody of a pilot, as the person named by --as; lists the pairs to decide."

    def add_arguments(self, parser: CommandParser) -> None:
        """As in the contract of the commands."""
        parser.add_argument("--pilot", required=True, metavar="SLUG")
        parser.add_argument("--as", dest="email", required=True, metavar="EMAIL")
        parser.add_argument("--organisation", metavar="SLUG", help="for a person with two organisations")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seek, list."""
        try:
            scope = scope_of_email(options["email"], options["organisation"], request="command:find_look_alikes")
            with acting_as(scope):
                scope.require(Permission.PERSON_MERGE)
                pilot = Pilot.objects.filter(slug=options["pilot"]).first()
                if pilot is None:
                    raise CommandError(f"There is no pilot {options['pilot']} for {options['email']}.")
            sought = seek_in(pilot.pk)
            with acting_as(scope):
                rows = LikePair.objects.filter(pilot=pilot, state=LikePair.State.OPEN).order_by("-points", "pk")
                pairs = list(rows.values_list("first__worker_code", "second__worker_code", "points"))
        except (PermissionDenied, CommandError) as error:
            self.stderr.write(str(error) or type(error).__name__)
            sys.exit(2)
        if options["json"]:
            named = [{"workers": [a, b], "points": points} for a, b, points in pairs]
            answer = {"people": sought.people, "compared": sought.compared, "alike": sought.alike, "open": named}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"{sought.people} people, {sought.compared} compared, {len(pairs)} pairs to decide")
        for a, b, points in pairs:
            self.stdout.write(f"  {a} {b}: {points} points")
