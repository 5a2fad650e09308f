"""``manage.py end_waivers``: bring back the findings whose waivers have ended. The scheduler does the same by itself."""

import json
from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from compliance.findings import sweep_waivers


class Command(BaseCommand):
    """Acts as the portal itself, on every pilot; exit 0 whether or not a waiver had ended."""

    help = "Bring back findings and holds whose waivers ended before today."

    def add_arguments(self, parser):
        """``--on``: another day than today. ``--json``: one JSON object on standard output."""
        parser.add_argument("--on", type=date.fromisoformat, default=None, metavar="DATE")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, on: date | None = None, json: bool = False, **options):
        """Sweep, and say how many came back."""
        day = on or timezone.localdate()
        back = sweep_waivers(day)
        if json:
            self.stdout.write(_json({"on": day.isoformat(), "ended": len(back), "findings": back}))
        else:
            self.stdout.write(f"{len(back)} waivers ended before {day.isoformat()}; their findings are open again.")


def _json(answer: dict) -> str:
    return json.dumps(answer)
