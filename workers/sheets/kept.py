"""The kept file of a batch, read again: ``opened`` gives its cleaned rows, ``remainder`` what was not taken."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from workers.models import ImportBatch, ImportEdit, ImportFile, ImportRow

from . import chain
from .checking import CheckedRows, check_rows
from .cleaning import CONTROL, FORCED, Context, shown
from .columns import Mapping as HeaderMapping
from .columns import match_headers
from .kinds import COLUMNS
from .limits import LIMITS, Limits
from .reading import Row, Sheet, column_letters, read_sheet
from .refusals import refusal
from .remainder import Refused, remainder_workbook

LEFT = ("refused", "conflict")


def keep_file(batch: ImportBatch, content: bytes) -> None:
    """Keep the bytes of a batch. Sent in binary and not as text, which would be twice as long, here and in the server."""
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(
            "insert into workers_importfile (batch_id, pilot_id, organisation_id, content, restricted)"
            " values (%s, %s, %s, %b, %s)",
            [batch.pk, batch.pilot_id, batch.organisation_id, content, batch.restricted],
        )


PIECE = 2 * 1024 * 1024


def content_of(batch: ImportBatch) -> Iterator[bytes]:
    """The bytes of a batch, a piece at a time; none when they are not there, or not for this scope. Neither here nor in the
    server the whole file is held in memory: a part of a value that is kept as it came is read without the rest."""
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        at = 0
        while True:
            cursor.execute(
                "select substring(content from %s for %s) from workers_importfile where batch_id = %s",
                [at + 1, PIECE, batch.pk], binary=True,
            )  # fmt: skip
            found = cursor.fetchone()
            if not found or not found[0]:
                return
            yield found[0]
            at += len(found[0])
            if len(found[0]) < PIECE:
                return


@contextmanager
def opened(batch: ImportBatch, today: date, limits: Limits = LIMITS) -> Iterator[CheckedRows]:
    """The rows of the batch's file, cleaned as its options say and with the cells that were mended on the page; walk them
    once. The file lies on disk only meanwhile."""
    columns = batch.options.get("mapping") or {}
    with on_disk(batch) as path:
        with read_sheet(path, kind=batch.kind, limits=limits, remembered=columns, **how_read(batch)) as sheet:
            # A header is shown and kept as it came; signs that cannot be seen, or cannot be stored, are not part of it.
            sheet.headers = told_apart([CONTROL.sub("", FORCED.sub("", header)) for header in sheet.headers], columns)
            sheet.notes = [CONTROL.sub("", FORCED.sub("", note)) for note in sheet.notes]
            mapping = match_headers(batch.kind, sheet.headers, columns)
            sheet.rows = without_example(batch.kind, sheet, mapping, mended(batch, sheet.rows))
            yield check_rows(batch.kind, sheet, context_of(batch, today), mapping)


@contextmanager
def on_disk(batch: ImportBatch) -> Iterator[str]:
    """The path of the batch's file, on disk only meanwhile. Raises SheetRefused when it is not kept any more."""
    with tempfile.NamedTemporaryFile(prefix="sheet-") as file:
        for piece in content_of(batch):
            file.write(piece)
        if not file.tell() and not ImportFile.objects.filter(batch=batch).exists():
            raise refusal("unreadable")
        file.flush()
        yield file.name


def how_read(batch: ImportBatch) -> dict[str, Any]:
    """The reader's own answers on where the list stands in the file."""
    return {key: batch.options.get(key) for key in ("separator", "encoding", "sheet", "header_row")}


def context_of(batch: ImportBatch, today: date) -> Context:
    """How the cells of a batch are meant, for the whole file and by column."""
    options = batch.options
    return Context(
        today=today, date_order=options.get("date_order"), currency=options.get("currency"),
        decimal_sign=options.get("decimal_sign"), words=options.get("words") or {}, columns=options.get("columns") or {},
    )  # fmt: skip


def told_apart(headers: list[str], columns: Mapping[str, str]) -> list[str]:
    """Headers that stand twice, told apart as “Date (2)” where the reader has said what the second one is."""
    seen: dict[str, int] = {}
    result = []
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        second = f"{header} ({seen[header]})"
        result.append(second if seen[header] > 1 and second in columns else header)
    return result


def mended(batch: ImportBatch, rows: Iterator[Row]) -> Iterator[Row]:
    """The rows with the cells that somebody mended on the page of the batch."""
    edits: dict[int, dict[int, str]] = {}
    for number, place, value in ImportEdit.objects.filter(batch=batch).values_list("row_number", "place", "value"):
        edits.setdefault(number, {})[place] = value
    return (_with(row, edits[row[0]]) if row[0] in edits else row for row in rows) if edits else rows


def _with(row: Row, cells: dict[int, str]) -> Row:
    return row[0], [cells.get(place, cell) for place, cell in enumerate(row[1])]


def without_example(kind: str, sheet: Sheet, mapping: HeaderMapping, rows: Iterator[Row]) -> Iterator[Row]:
    """The rows without the line of examples that a template of this portal begins with."""
    examples = {place: COLUMNS[kind].column(key).example for place, key in mapping.columns.items()}
    examples = {place: example for place, example in examples.items() if example}
    first = next(rows, None)
    if first is None:
        return
    number, cells = first
    if len(examples) > 1 and all(shown(cells[place]) == example for place, example in examples.items()):
        sheet.notes.append(_("Left out as the line of examples: row %(row)s.") % {"row": number})
    else:
        yield first
    yield from rows


def remainder(batch: ImportBatch) -> bytes:
    """The .xlsx with the refused and conflicting rows. Read again from the kept file, because raw cells are not kept
    twice; what was withheld as telling of health or abuse stays out. Writes nothing."""
    kind = COLUMNS[batch.kind]
    problems = dict(ImportRow.objects.filter(batch=batch, verdict__in=LEFT).values_list("row_number", "problems"))
    with opened(batch, timezone.localdate(batch.uploaded_at)) as rows:
        offset = rows.sheet.first_column
        letters = {column_letters(offset + place): place for place in range(len(rows.sheet.headers))}
        texts = [place for place, key in rows.mapping.columns.items() if kind.column(key).as_text]

        def left() -> Iterator[Refused]:
            for row in rows:
                if row.number in problems:
                    told = [
                        (letters.get(p["cell"].rpartition("!")[2].rstrip("0123456789")), p["message"])
                        for p in problems[row.number]
                    ]
                    yield Refused(row.cells, told)

        return remainder_workbook(chain.sheet_title(batch, _(kind.title)), rows.sheet.headers, left(), as_text=texts)
