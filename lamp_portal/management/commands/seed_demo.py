"""``manage.py seed_demo``: plays the demonstration world into an empty database; a second time it changes nothing."""

import json
import sys
import time
from argparse import ArgumentTypeError
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lamp_portal.world import playing, summary

MOST_NAMED = 3


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no day; write it as 2026-11-16.") from error


class Command(BaseCommand):
    """Plays the demonstration world through the portal's own doors. See docs/demonstration.md."""

    help = "Plays the demonstration world into an empty database. Where it stands already, nothing is changed."

    def add_arguments(self, parser):
        """The options."""
        parser.add_argument(
            "--today", type=_day, metavar="YYYY-MM-DD",
            help="the day in whose week the world stands; without it, this week",
        )  # fmt: skip
        parser.add_argument("--as-json-summary", action="store_true", help="print the summary as one JSON object")

    def handle(self, *, today: date | None, as_json_summary: bool, **options):
        """Refuse, or play, or say that it stands."""
        if not (settings.DEMO or settings.LOCAL):
            raise CommandError(
                "This installation is not for demonstrations, so its world is not played here. Set DEMO=True on a"
                " machine that holds nobody's data."
            )
        began = time.monotonic()
        fresh = not playing.standing()
        if fresh:
            self._refuse_foreign()
            playing.play(today or timezone.localdate(), self._say)
        found = summary.counts() | {"played": fresh, "seconds": round(time.monotonic() - began, 2)}
        if as_json_summary:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self.stdout.write(summary.in_words(found))
            if fresh and not settings.DEMO:
                self.stdout.write("Nobody can sign in: demonstration logins are made only where DEMO=True.")

    def _refuse_foreign(self) -> None:
        names = playing.foreign()
        if names:
            first = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
            raise CommandError(
                f"This database holds organisations that are not of the demonstration world ({first}). The world is"
                " played into an empty database only, so that invented people never stand beside real ones."
            )

    def _say(self, words: str) -> None:
        sys.stderr.write(f"  {words}\n")
