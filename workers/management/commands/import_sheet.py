"""``manage.py import_sheet KIND FILE --pilot SLUG --as EMAIL``: check a sheet and commit its accepted rows."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.commanding import refuse
from accounts.jobs import Progress
from accounts.scope import Scope, acting_as
from pilots.access import scope_of_email
from pilots.models import Cohort, Pilot
from workers.models import ImportBatch, ImportRow
from workers.sheets.door import NotCommitted, check, commit, open_batch
from workers.sheets.judges import JUDGES
from workers.sheets.refusals import SheetRefused


class Refused(Exception):
    """Nothing is done; the sentence says why."""


class ToStandardError(Progress):
    """Says on standard error what is being done, each thing once."""

    def say(self, words: str, done: int | None = None, total: int | None = None) -> None:
        """As ``Progress.say``."""
        if words != self.words:
            sys.stderr.write(f"{words}\n")
        super().say(words, done, total)


class Command(BaseCommand):
    """Exit 0: done, nothing refused · 1: done, some rows refused (they are listed) · 2: nothing done, said why."""

    help = "Check a spreadsheet and commit its accepted rows, as the person named by --as."

    def add_arguments(self, parser: CommandParser) -> None:
        """As in the contract of the commands."""
        parser.add_argument("kind", metavar="KIND", help=", ".join(JUDGES))
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--pilot", required=True, metavar="SLUG")
        parser.add_argument("--as", dest="email", required=True, metavar="EMAIL")
        parser.add_argument("--organisation", metavar="SLUG", help="for a person with two organisations")
        parser.add_argument("--cohort", metavar="CODE", help="for rows that name no cohort")
        parser.add_argument("--date-order", choices=["dmy", "mdy", "ymd"])
        parser.add_argument("--currency", metavar="XXX", type=_currency, help="for amounts without their own")
        parser.add_argument("--check", action="store_true", dest="only_check", help="stop after the preview")
        parser.add_argument("--all-or-nothing", action="store_true", help="commit only when no row is refused")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, commit unless told otherwise, answer."""
        try:
            scope = scope_of_email(options["email"], options["organisation"], request="command:import_sheet")
            answer = self._run(scope, options)
        except (PermissionDenied, Refused, NotCommitted, SheetRefused, OSError) as error:
            refuse(self, error, email=options["email"], as_json=options["json"])
        self._tell(answer, options["json"])
        if answer["refused"] or answer["conflicts"]:
            sys.exit(1)

    def _run(self, scope: Scope, options: dict[str, Any]) -> dict[str, Any]:
        if options["kind"] not in JUDGES:
            raise Refused(f"“{options['kind']}” is not a kind of sheet that is taken: {', '.join(JUDGES)}.")
        content = options["file"].read_bytes()
        today = timezone.localdate()
        progress = ToStandardError()
        with acting_as(scope):
            pilot, cohort = self._pilot(options), None
            if options["cohort"]:
                cohort = Cohort.objects.filter(pilot=pilot, code=options["cohort"]).first()
                if cohort is None:
                    raise Refused(f"There is no cohort “{options['cohort']}” in the pilot {pilot.slug}.")
            given = {"date_order": options["date_order"], "currency": options["currency"]}
            batch = open_batch(
                content, options["file"].name, options["kind"], pilot, by=scope, cohort=cohort, options=given
            )
            check(batch, by=scope, progress=progress, today=today)
            if batch.state == ImportBatch.State.REFUSED:
                raise SheetRefused(batch.trouble)
            counts = batch.summary["counts"]
            if not options["only_check"] and (counts["new"] or counts["changed"]):
                with transaction.atomic():
                    commit(batch, by=scope, only_accepted=not options["all_or_nothing"], progress=progress, today=today)
            elif not options["only_check"] and options["all_or_nothing"] and counts["refused"]:
                raise NotCommitted("Some rows are refused, and all rows or none were asked for.")
            return answer_of(batch)

    def _pilot(self, options: dict[str, Any]) -> Pilot:
        pilot = Pilot.objects.select_related("corridor").filter(slug=options["pilot"]).first()
        if pilot is None:
            raise Refused(f"There is no pilot “{options['pilot']}” for {options['email']}.")
        return pilot

    def _tell(self, answer: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(
            "Import {batch} ({state}): {rows} rows, {new} new, {changed} changed, {same} same, {refused} refused".format(
                **answer
            )
        )
        for error in answer["errors"]:
            self.stdout.write(f"  {error['cell']} {error['column']}: {error['message']}")
        for note in answer["notes"]:
            self.stdout.write(f"  note: {note}")


def _currency(text: str) -> str:
    if len(text) != 3 or not text.isalpha():
        raise argparse.ArgumentTypeError("three letters, such as NZD")
    return text.upper()


def answer_of(batch: ImportBatch) -> dict[str, Any]:
    """What the command says about a batch, as it stands: the JSON of the contract, with its state and notes."""
    counts = batch.summary["counts"]
    errors: list[dict[str, Any]] = []
    conflicts: list[dict[str, Any]] = []
    rows = ImportRow.objects.filter(batch=batch, verdict__in=["refused", "conflict"]).order_by("row_number")
    for row_problems, verdict in rows.values_list("problems", "verdict"):
        said = [{key: p[key] for key in ("row", "column", "cell", "value", "message")} for p in row_problems]
        (conflicts if verdict == "conflict" else errors).extend(said)
    return {
        "batch": batch.pk, "state": batch.state, **{k: counts[k] for k in ("rows", "new", "changed", "same", "refused")},
        "errors": errors, "conflicts": conflicts, "notes": batch.summary.get("notes", []),
    }  # fmt: skip
