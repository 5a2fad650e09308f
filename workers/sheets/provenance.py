"""Where a recorded value comes from: which file, sheet, row and column, when it was recorded and by whom.

The door is ``provenance(kind, pk)``: the fields of a person, or of one fact. ``of_person`` lists every row that told of
somebody. Both read the kept rows of recorded sheets under the policies of the scope in force, so an answer holds only
sheets of the reader's own organisation, and for programme officers those of its partners: nobody learns a rival's files.
Of these it holds the kinds that the reader may send: a sheet carries what the tables keep from some roles of one organisation.
Rows are kept for 90 days; what was recorded before, or by hand, has no answer here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.scope import current
from workers.models import ImportBatch, ImportRow, JourneyEvent, Person

from .handling import seen
from .kinds import COLUMNS
from .ledgers import LEDGERS
from .preview import label_of, what
from .reading import STRIDE, row_words

PERSON: Final = "workers"
MOVES: Final = "moves"
MOST_ROWS: Final = 500


@dataclass(frozen=True)
class Origin:
    """One value: the field, the row it came from, and the cell and the column's name there when it had a column of its own.
    ``before`` is what stood there."""

    key: str
    label: str
    header: str
    value: str
    before: str | None
    batch: ImportBatch
    row: str
    cell: str
    who: str

    @property
    def sheet(self) -> str:
        """The sheet of the file; where several were read as one, the row names it."""
        summary = self.batch.summary
        return "" if len(summary.get("sheets", [])) > 1 else summary.get("sheet", "")


@dataclass(frozen=True)
class Told:
    """One row of a recorded sheet that told of somebody: what about, and where it stands."""

    kind: str
    what: str
    batch: ImportBatch
    row: str
    who: str


def provenance(kind: str, pk: int) -> list[Origin]:
    """Where the values of a person (``workers``), a move (``moves``) or a fact of a kind of sheet come from, as the last
    sheet told them; empty when none did that the reader may know of. KeyError for a kind that is none."""
    if kind == PERSON:
        person = Person.objects.filter(pk=pk).first()
        rows = list(_rows(person).filter(batch__kind=PERSON)) if person else []
        return _latest(rows)
    return _latest(_rows_of_fact(kind, pk))


def of_person(person: Person) -> list[Told]:
    """Every row that told of a person, other than those of the person's own fields, newest first."""
    rows = list(_rows(person).exclude(batch__kind=PERSON)[:MOST_ROWS])
    names = _names(row.batch for row in rows)
    return [
        Told(row.batch.kind, what(row.batch.kind, row.clean), row.batch, _row(row), names.get(row.batch.user_id, ""))
        for row in rows
    ]  # fmt: skip


def _rows(person: Person) -> QuerySet[ImportRow]:
    # Whom a row made is told by the code in it: the person was not there yet when it was judged.
    about = Q(person_id=person.pk) | Q(person_id__isnull=True, worker_code=person.worker_code)
    found = ImportRow.objects.filter(
        about, pilot_id=person.pilot_id, batch__state=ImportBatch.State.COMMITTED, verdict__in=("new", "changed")
    )
    return _told_to_reader(found).select_related("batch__organisation").order_by("-batch__committed_at", "-row_number")


def _told_to_reader(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow]:
    """The rows of sheets that the scope in force may read. Nobody reads any without one."""
    by = current()
    return rows.filter(batch__in=seen(ImportBatch.objects.all(), by)) if by else rows.none()


def _rows_of_fact(kind: str, pk: int) -> list[ImportRow]:
    """The rows that are about the very fact: of the same person or place, and with the same values where the kind says
    that they make it the same."""
    if kind == MOVES:
        event = JourneyEvent.objects.filter(pk=pk).first()
        if event is None:
            return []
        same: dict[str, Any] = {"step": event.to_step, "date": event.happened_on}
        about = Q(placement_id=event.placement_id)
        pilot: int | None = event.pilot_id
    else:
        ledger = LEDGERS[kind]
        fact: Any = ledger.model.objects.filter(pk=pk).first()  # type: ignore[attr-defined]
        if fact is None:
            return []
        same = {ledger.values[column][0]: _of(fact, column) for column in ledger.same if column in ledger.values}
        # A rate is of no pilot: then rows of every pilot that the reader sees are looked through.
        about, pilot = Q(), getattr(fact, "pilot_id", None)
        for name in ("placement_id", "person_id"):
            if getattr(fact, name, None) is not None:
                about = Q(**{name: getattr(fact, name)})
                break
    rows = ImportRow.objects.filter(
        about, batch__kind=kind, batch__state=ImportBatch.State.COMMITTED, verdict__in=("new", "changed")
    ).select_related("batch__organisation")
    rows = _told_to_reader(rows)
    if pilot is not None:
        rows = rows.filter(batch__pilot_id=pilot)
    found = rows.order_by("-batch__committed_at", "-row_number")[:MOST_ROWS]
    return [row for row in found if all(_agree(row.clean.get(key), value) for key, value in same.items())]


def _of(fact: Any, column: str) -> Any:
    name = next(field.attname for field in fact._meta.local_fields if field.column == column)
    return getattr(fact, name)


def _agree(cell: Any, value: Any) -> bool:
    """Whether a clean cell says what is recorded; blank and nothing are the same."""
    if cell in (None, "") or value in (None, ""):
        return cell in (None, "") and value in (None, "")
    if isinstance(value, date):
        return str(cell)[:10] == value.isoformat()[:10]
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        try:
            return Decimal(str(cell)) == value
        except InvalidOperation:
            return False
    return " ".join(str(cell).lower().split()) == " ".join(str(value).lower().split())


def _latest(rows: list[ImportRow]) -> list[Origin]:
    """The last row that gave each field its value; rows come newest first."""
    names = _names(row.batch for row in rows)
    told: dict[str, Origin] = {}
    for row in rows:
        headers = row.batch.summary.get("headers", {})
        values = (
            row.changes if row.verdict == "changed" else {k: [None, v] for k, v in row.clean.items() if k != "more"}
        )
        for key, (before, value) in values.items():
            header, letters = headers.get(key, ["", ""])
            told.setdefault(key, Origin(
                key, label_of(row.batch.kind, key), header, str(value), None if before is None else str(before), row.batch,
                _row(row), f"{letters}{row.row_number % STRIDE}" if letters else "", names.get(row.batch.user_id, ""),
            ))  # fmt: skip
    order = {column.key: at for at, column in enumerate(COLUMNS[rows[0].batch.kind].columns)} if rows else {}
    return sorted(told.values(), key=lambda origin: order.get(origin.key, len(order)))


def _row(row: ImportRow) -> str:
    return row_words(row.row_number, row.batch.summary.get("sheets", []))


def _names(batches: Iterable[ImportBatch]) -> dict[int, str]:
    """Names of senders, as far as the reader sees them."""
    return dict(User.objects.filter(pk__in={batch.user_id for batch in batches}).values_list("pk", "name"))
