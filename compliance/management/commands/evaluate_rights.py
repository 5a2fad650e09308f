"""``evaluate_rights``: apply the rules to a pilot, store the findings, place and lift holds (docs/rules.md).

Findings say what holds today. As of another day the command answers what would be found, and stores nothing.
"""

import json
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.commanding import refuse
from accounts.jobs import Progress
from accounts.scope import Scope, acting_as
from compliance.rules.evaluating import Evaluated, Found, Untold, evaluate
from pilots.access import scope_of_email
from pilots.models import Pilot


class Command(BaseCommand):
    """Exit 0: every rule was applied, whatever it found or could not tell · 2: nothing done, the message says why."""

    help = (
        "Apply the rights rules to a pilot, as the person named by --as. Findings and holds are stored only as of today;"
        " with --on and another day the command answers what would be found on it, and stores nothing."
    )

    def add_arguments(self, parser):
        """As in the contract of the commands."""
        parser.add_argument("--pilot", required=True, metavar="SLUG")
        parser.add_argument(
            "--on",
            metavar="DATE",
            type=date.fromisoformat,
            help="as of this day, today if left out; for any day but today it only answers and nothing is stored",
        )
        parser.add_argument("--as", dest="email", required=True, metavar="EMAIL")
        parser.add_argument("--organisation", metavar="SLUG", help="for a person with two organisations")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        """Evaluate, answer."""
        today = timezone.localdate()
        on = options["on"] or today
        try:
            scope = scope_of_email(options["email"], options["organisation"], request="command:evaluate_rights")
            done = self._evaluate(scope, options, on, store=on == today)
        except (PermissionDenied, ValueError) as error:
            refuse(self, error, email=options["email"], as_json=options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(_answer(done, on, stored=on == today), ensure_ascii=False))
            return
        self._say(done)
        if on != today:
            self.stdout.write(
                f"Only an answer as of {on.isoformat()}: nothing was stored. Today is {today.isoformat()}."
            )

    def _evaluate(self, scope: Scope, options: dict, on: date, *, store: bool) -> Evaluated:
        with acting_as(scope):
            pilot = Pilot.objects.filter(slug=options["pilot"]).first()
            if pilot is None:
                raise ValueError(f"There is no pilot “{options['pilot']}” for {options['email']}.")
            return evaluate([pilot.pk], on=on, by=scope, progress=_Told(self), listing=True, store=store)

    def _say(self, done: Evaluated) -> None:
        for one in done.found:
            owed = f", owed {_open(one)} {one.currency}" if one.owed is not None else ""
            self.stdout.write(f"{one.rule} {one.worker or one.site} {one.period_start or ''}{owed}")
        for unknown in done.untold:
            self.stdout.write(
                f"{unknown.rule} {unknown.worker or unknown.site} {unknown.period_start or ''}".rstrip()
                + f": cannot tell, missing: {unknown.missing}"
            )
        self.stdout.write(
            f"{done.placements} placements: {done.broken} broken, {done.cannot_tell} cannot be told;"
            f" {len(done.opened)} findings opened, {len(done.changed)} changed, {len(done.closed)} closed."
        )


class _Told(Progress):
    """Progress on standard error, so that standard output holds the answer alone."""

    def __init__(self, command: BaseCommand) -> None:
        super().__init__()
        self.command = command

    def say(self, words: str, done: int | None = None, total: int | None = None) -> None:
        super().say(words, done, total)
        self.command.stderr.write(f"{min(self.done + 1, self.total)} of {self.total}: {words}")


def _answer(done: Evaluated, on: date, *, stored: bool) -> dict:
    return {
        "on": on.isoformat(),
        "stored": stored,
        "findings": [_finding(one) for one in done.found],
        "cannot_tell": [_untold(one) for one in done.untold],
        "evaluated": done.placements,
        "opened": len(done.opened),
        "changed": len(done.changed),
        "closed": len(done.closed),
    }


def _finding(one: Found) -> dict:
    return {
        "rule": one.rule, "version": one.version, "severity": one.severity, "worker": one.worker, "site": one.site,
        "period_start": one.period_start and one.period_start.isoformat(),
        "period_end": one.period_end and one.period_end.isoformat(),
        "evidence": _plain(one.evidence), "parameter": _plain(one.parameter),
        "owed": None if one.owed is None else {"amount": _plain(_open(one)), "currency": one.currency},
        "state": one.state or None,
    }  # fmt: skip


def _open(one: Found) -> Decimal:
    """What is still owed: what the rule counts, less what the ledger shows paid or written off."""
    return max(one.owed - (one.settled or 0), Decimal(0))


def _untold(one: Untold) -> dict:
    return {
        "rule": one.rule, "worker": one.worker, "site": one.site, "missing": one.missing,
        "period_start": one.period_start and one.period_start.isoformat(),
        "period_end": one.period_end and one.period_end.isoformat(),
    }  # fmt: skip


def _plain(value):
    """JSON values: an exact amount as the shortest number that reads back the same."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
