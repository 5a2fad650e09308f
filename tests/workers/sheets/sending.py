"""Sends a file of the book through the real door and says what came of it, in the form of its expectation."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.scope import Scope
from pilots.models import Pilot
from tests.files.casebook import HERE, Case
from tests.files.expected import begins
from workers.models import ImportBatch, ImportRow
from workers.sheets.door import check, commit, open_batch
from workers.sheets.refusals import SheetRefused

COUNTS = ("new", "changed", "same", "refused", "conflict")


def send(case: Case, content: bytes, choices: dict[str, Any], pilot: Pilot, by: Scope, today: date) -> ImportBatch:
    """The file kept and checked with these answers."""
    batch = open_batch(content, case.name, case.kind, pilot, by=by, options=dict(choices))
    return check(batch, by=by, today=today)


def told(batch: ImportBatch) -> dict[str, Any]:
    """What the sender sees of a checked batch."""
    if batch.state == ImportBatch.State.REFUSED:
        return {"state": "refused", "code": batch.summary["code"], "says": begins(batch.trouble)}
    counts = batch.summary["counts"]
    rows = list(ImportRow.objects.filter(batch=batch).order_by("row_number"))
    answer: dict[str, Any] = {"state": str(batch.state), "counts": {key: counts[key] for key in COUNTS}}
    if batch.summary.get("sheets"):
        answer["sheets"] = batch.summary["sheets"]
    if batch.summary["notes"]:
        answer["notes"] = batch.summary["notes"]
    if batch.summary["ignored"]:
        answer["ignored"] = batch.summary["ignored"]
    for name in ("problems", "warnings"):
        found = [each for row in rows for each in getattr(row, name)]
        answer[name] = [{"cell": p["cell"], "code": p["code"], "says": begins(p["message"])} for p in found]
    answer["rows"] = [{"n": row.row_number, "verdict": row.verdict, **row.clean} for row in rows]
    return {key: value for key, value in answer.items() if value != []}


def outcome(case: Case, pilot: Pilot, by: Scope, today: date) -> list[dict[str, Any]]:
    """Every run of a file: sent with each set of answers, then recorded and sent once more."""
    content = (HERE / case.name).read_bytes()
    runs = []
    for choices in case.runs:
        try:
            batch = send(case, content, choices, pilot, by, today)
        except SheetRefused as refused:
            runs.append({"choices": choices, "state": "refused", "code": refused.code, "says": begins(refused.message)})
            continue
        runs.append({"choices": choices, **told(batch)})
    if case.record and runs[-1].get("counts") and (runs[-1]["counts"]["new"] or runs[-1]["counts"]["changed"]):
        done = commit(batch, by=by, today=today)
        runs[-1]["recorded"] = {key: getattr(done, key) for key in COUNTS}
        counts = send(case, content, case.runs[-1], pilot, by, today).summary["counts"]
        runs[-1]["again"] = {key: counts[key] for key in COUNTS}
    return runs
