"""The kept file of a batch, read again: ``opened`` gives its cleaned rows, ``remainder`` what was not taken."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from workers.models import ImportBatch, ImportFile, ImportRow

from .checking import CheckedRows, check_rows
from .cleaning import CONTROL, FORCED, Context
from .columns import match_headers
from .kinds import COLUMNS
from .limits import LIMITS, Limits
from .reading import column_letters, read_sheet
from .refusals import refusal
from .remainder import Refused, remainder_workbook

LEFT = ("refused", "conflict")


@contextmanager
def opened(batch: ImportBatch, today: date, limits: Limits = LIMITS) -> Iterator[CheckedRows]:
    """The rows of the batch's file, cleaned as its options say; walk them once. The file lies on disk only meanwhile."""
    content = ImportFile.objects.filter(batch=batch).values_list("content", flat=True).first()
    if content is None:
        raise refusal("unreadable")
    options = batch.options
    reading = {key: options.get(key) for key in ("separator", "encoding", "sheet", "header_row")}
    remembered = options.get("mapping") or {}
    with tempfile.NamedTemporaryFile(prefix="sheet-") as file:
        file.write(content)
        file.flush()
        del content
        with read_sheet(file.name, kind=batch.kind, limits=limits, remembered=remembered, **reading) as sheet:
            # A header is shown and kept as it came; signs that cannot be seen, or cannot be stored, are not part of it.
            sheet.headers = [CONTROL.sub("", FORCED.sub("", header)) for header in sheet.headers]
            sheet.notes = [CONTROL.sub("", FORCED.sub("", note)) for note in sheet.notes]
            context = Context(
                today=today, date_order=options.get("date_order"), currency=options.get("currency"),
                decimal_sign=options.get("decimal_sign"),
            )  # fmt: skip
            yield check_rows(batch.kind, sheet, context, match_headers(batch.kind, sheet.headers, remembered))


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
                    told = [(letters.get(p["cell"].rstrip("0123456789")), p["message"]) for p in problems[row.number]]
                    yield Refused(row.cells, told)

        return remainder_workbook(_(kind.title), rows.sheet.headers, left(), as_text=texts)
