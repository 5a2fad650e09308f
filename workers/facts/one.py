"""``record``: one fact typed on a page, through the judge and the writer of its kind of sheet."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.scope import Scope
from workers.sheets import judges, staging
from workers.sheets.checking import CheckedRow, CheckedRows
from workers.sheets.cleaning import Context
from workers.sheets.columns import Mapping as Columns
from workers.sheets.kinds import COLUMNS
from workers.sheets.ledgers import LEDGERS
from workers.sheets.reading import Sheet

ROW = 1


@dataclass(frozen=True, slots=True)
class One:
    """What a judge asks of a batch, for a single row: its kind and where it belongs."""

    kind: str
    pilot_id: int
    cohort_id: int | None = None
    pk: None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the row: ``new``, ``changed``, ``same``, or ``refused`` with sentences by column (``""``: the row)."""

    verdict: str
    problems: dict[str, list[str]] = field(default_factory=dict)
    claimed: bool = False  # a number of somebody whom the writer does not see: leave a trace (``trace_of``)


def judged() -> Recorded:
    """What the judge made of the one row: its verdict, or ``refused`` with the sentences by column."""
    with connection.cursor() as cursor:
        cursor.execute("select p->>'key', p->>'message', p->>'code' from told, jsonb_array_elements(told.problems) p")
        if found := cursor.fetchall():
            claimed = any(row[2] in judges.CLAIMED_TWICE for row in found)
            return Recorded("refused", by_column(row[:2] for row in found), claimed)
        cursor.execute("select verdict from judged")
        return Recorded(cursor.fetchone()[0])


def whole_or_nothing(write: Callable[[], Recorded]) -> Recorded:
    """What ``write`` answers. Where it refuses, or a constraint of the database does, nothing of it stays."""
    try:
        with transaction.atomic():
            answer = write()
            if answer.verdict == "refused":
                transaction.set_rollback(True)
    except IntegrityError as error:
        return Recorded("refused", {"": [judges.said_by_constraint(error)]})
    return answer


def trace_of(request: PortalRequest, answer: Recorded, pilot_id: int) -> None:
    """Leave in the audit trail that a number was claimed twice. A refused request rolls back, so it is written after it;
    without a trace, trying numbers out would tell which of them somebody else has."""
    if answer.claimed:
        request.traces = [*getattr(request, "traces", []), ("number claimed twice", "person", pilot_id)]


def record(one: One, cells: Mapping[str, str], *, by: Scope, today: date) -> Recorded:
    """Record one fact. ``cells``: column key → text as typed (dates as year-month-day, repeated columns as
    ``deduction:rent``). Must run inside ``acting_as(by)``; PermissionDenied when the role may not write the table."""
    by.require(Permission.SHEET_SEND)
    if one.kind not in LEDGERS or not judges.JUDGES[one.kind].allowed(one.kind, by):
        raise PermissionDenied(one.kind)
    answer = whole_or_nothing(lambda: _record(one, cells, by, today))
    if answer.verdict in ("new", "changed"):
        audit.record(
            "fact recorded", "fact", None, scope=by, pilot_id=one.pilot_id, reason=f"{one.kind}: {answer.verdict}"
        )
    return answer


def standing(one: One, cells: Mapping[str, str], *, by: Scope, today: date) -> int | None:
    """The number of the record that this fact would change as things stand; None where it would change none, or would be
    refused. Writes nothing. As ``record`` otherwise."""
    by.require(Permission.SHEET_SEND)
    if one.kind not in LEDGERS or not judges.JUDGES[one.kind].allowed(one.kind, by):
        raise PermissionDenied(one.kind)
    kind = COLUMNS[one.kind]
    with transaction.atomic(), staging.working(kind), connection.cursor() as cursor:
        if staged(one.kind, cells, today).problems:
            return None
        judges.JUDGES[one.kind].judge(one, by, today)
        cursor.execute(
            "select f.was_id from found f join judged j using (n) where j.verdict = 'changed'"
            " and not exists (select from trouble t where t.n = f.n)"
        )
        return next((pk for (pk,) in cursor.fetchall()), None)


def _record(one: One, cells: Mapping[str, str], by: Scope, today: date) -> Recorded:
    kind = COLUMNS[one.kind]
    judge = judges.JUDGES[one.kind]
    with staging.working(kind):
        row = staged(one.kind, cells, today)
        # What a sheet leaves out with a warning, a person who types it must be told.
        kept_out = [p for p in row.warnings if p.code == "restricted"]
        problems = by_column((p.key, p.message) for p in (*row.problems, *kept_out))
        if problems:
            return Recorded("refused", problems)
        judge.judge(one, by, today)
        staging.tell(judge.words(one, by), {}, kind)
        answer = judged()
        if answer.verdict not in ("refused", "same"):
            judge.write(one, by, today)
        return answer


def staged(kind: str, cells: Mapping[str, str], today: date) -> CheckedRow:
    """The one row in ``sheet``, cleaned as a sheet's would be."""
    keys = list(cells)
    columns = Columns(dict(enumerate(keys)), [], [])
    sheet = Sheet(
        "", [], 0, [COLUMNS[kind].column(key).header for key in keys], 0, iter([(ROW, [cells[key] for key in keys])]),
        close=lambda: None,
    )  # fmt: skip
    (row,) = rows = list(CheckedRows(COLUMNS[kind], sheet, Context(today=today), columns))
    staging.stage(rows, COLUMNS[kind], lambda *_told: None)
    return row


def by_column(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Sentences by column."""
    found: dict[str, list[str]] = {}
    for key, message in pairs:
        found.setdefault(key, []).append(message)
    return found
