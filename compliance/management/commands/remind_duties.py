"""``remind_duties``: every open duty climbs its ladder of reminders. Runs every night; running it again does no harm."""

from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from compliance.duties.reminding import sweep_duties


class Command(BaseCommand):
    """Writes what is due by today, or by the day given."""

    help = "Write the reminders that open duties have reached."

    def add_arguments(self, parser):
        """The day, for a night that was missed."""
        parser.add_argument("--on", metavar="DATE", type=date.fromisoformat)

    def handle(self, *args, **options):
        """Remind, and say how many."""
        made = sweep_duties(options["on"] or timezone.localdate())
        self.stdout.write(f"{len(made)} reminders written.")
