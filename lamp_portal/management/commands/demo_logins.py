"""``manage.py demo_logins [--all] [--json]``: who can sign in to the demonstration, and with what."""

import json
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lamp_portal.demo import PASSWORD, logins


class Command(BaseCommand):
    """Prints the demonstration's logins; a code holds for the seconds shown and works once."""

    help = "Print the logins of the demonstration: name, role, organisation, e-mail, password and the code in force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One log-in for each role; --all for everybody, --json for programs (everybody)."""
        parser.add_argument("--all", action="store_true", help="everybody, not only one for each role")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args, **options) -> None:
        """Print the list, or say why there is none."""
        if not settings.DEMO:
            raise CommandError("This is not a demonstration (DEMO is not True), so there are no logins to show.")
        found = logins()
        if options["json"]:
            self.stdout.write(json.dumps([login.as_dict() for login in found], indent=2))
            return
        if not found:
            raise CommandError("The demonstration has no people yet: run seed_demo first.")
        if not options["all"]:
            found = list({login.role: login for login in reversed(found)}.values())[::-1]
        rows = [("Name", "Role", "Organisation", "E-mail", "Code")]
        rows += [(login.name, login.role, login.organisation, login.email, login.code) for login in found]
        widths = [max(len(row[i]) for row in rows) for i in range(5)]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        self.stdout.write(f"Password of everybody: {PASSWORD}")
        self.stdout.write(
            f"The codes hold for {found[0].code_seconds} more seconds and each works once; the page /demo/ always shows"
            " the ones in force, and signs you in at a press."
        )
