"""``compile_report KIND``: compile an edition now and write its files (docs: the commands in docs/sheets.md)."""

import json
import sys
from datetime import date, datetime
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.commanding import refuse
from accounts.jobs import Progress
from accounts.scope import Scope, acting_as
from pilots.access import scope_of_email
from pilots.models import Pilot
from reports.compiling import Order, compile_report
from reports.content import Content
from reports.kinds import KINDS
from reports.metrics.purchasing import MARKET, PURCHASING
from reports.models import Edition, EditionFile


class Command(BaseCommand):
    """Exit 0: every figure shown · 1: some figures hidden (they are listed) · 2: nothing done, the message says why."""

    help = "Compile an edition as the person named by --as and write its files into --out."

    def add_arguments(self, parser):
        """As in the contract of the commands."""
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument("--pilot", required=True, metavar="SLUG")
        parser.add_argument("--from", dest="period_from", required=True, metavar="DATE", type=date.fromisoformat)
        parser.add_argument("--to", dest="period_to", required=True, metavar="DATE", type=date.fromisoformat)
        parser.add_argument("--as-of", metavar="TIME", type=datetime.fromisoformat)
        parser.add_argument("--as", dest="email", required=True, metavar="EMAIL")
        parser.add_argument("--organisation", metavar="SLUG", help="for a person with two organisations")
        parser.add_argument("--out", required=True, metavar="DIR", type=Path)
        parser.add_argument("--reason", default="", help="why there is a new edition; printed in it")
        parser.add_argument(
            "--purchasing-power", action="store_true", help="also the income multiple by what money buys"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        """Compile, write, answer."""
        try:
            scope = scope_of_email(options["email"], options["organisation"], request="command:compile_report")
            edition, files = self._compile(scope, options)
        except (PermissionDenied, ValueError) as error:
            refuse(self, error, email=options["email"], as_json=options["json"])
        hidden = self._answer(edition, files, options["json"])
        if hidden:
            sys.exit(1)

    def _compile(self, scope: Scope, options: dict) -> tuple[Edition, list[str]]:
        as_of = options["as_of"] or timezone.now()
        if timezone.is_naive(as_of):
            as_of = timezone.make_aware(as_of)
        with acting_as(scope):
            pilot = Pilot.objects.filter(slug=options["pilot"]).first()
            if pilot is None:
                raise ValueError(f"There is no pilot “{options['pilot']}” for {options['email']}.")
            order = Order(
                options["kind"], pilot.pk, scope.organisation_id, options["period_from"], options["period_to"], as_of,
                options["reason"], PURCHASING if options["purchasing_power"] else MARKET,
            )  # fmt: skip
            edition = compile_report(order, by=scope, progress=Progress())
            written = [
                self._write(options["out"], file) for file in EditionFile.objects.filter(edition=edition).order_by("id")
            ]
        return edition, written

    def _write(self, folder: Path, file: EditionFile) -> str:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / file.name
            path.write_bytes(bytes(file.body))
        except OSError as error:
            raise ValueError(f"Cannot write into {folder}: {error.strerror}.") from error
        return str(path)

    def _answer(self, edition: Edition, files: list[str], as_json: bool) -> int:
        figures = [
            {
                "metric": f.metric, "cell": f.cell, "value": _plain(f.value), "numerator": _plain(f.numerator),
                "denominator": _plain(f.denominator), "unit": f.unit, "low": _plain(f.low), "high": _plain(f.high),
                "suppressed": f.suppressed, "note": f.note,
            }
            for section in Content.from_json(edition.content).sections for f in section.figures
        ]  # fmt: skip
        hidden = [f for f in figures if f["suppressed"]]
        if as_json:
            answer = {
                "id": edition.pk,
                "edition": edition.number,
                "sha256": edition.sha256,
                "figures": figures,
                "files": files,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(f"Edition {edition.number} (id {edition.pk}), SHA-256 {edition.sha256}")
            for path in files:
                self.stdout.write(f"  {path}")
            for figure in hidden:
                self.stdout.write(f"  hidden: {figure['metric']} {figure['cell'] or 'total'}")
        return len(hidden)


def _plain(value):
    """A JSON number: whole where it is whole, else the shortest decimal that reads back as the same value."""
    return value if value is None or isinstance(value, int) else float(value)
