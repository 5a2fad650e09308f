"""How the rows that were left over find back to the sheet they come from.

The workbook of rows to mend carries the number of its batch in the name of its sheet, and in the name of its file; a list
that comes with such a name, of the same kind and pilot and with the same columns, is the next part of that one.
"""

import re
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from workers.models import ImportBatch

IN_SHEET: Final = re.compile(r"#([0-9]{1,18})$")
IN_FILE: Final = re.compile(r"-([0-9]{1,18})-to-mend\b")
LONGEST_NAME: Final = 31  # of a sheet, in every spreadsheet program


def sheet_title(batch: ImportBatch, title: str) -> str:
    """What the sheet of the rows to mend is called."""
    number = f" #{batch.pk}"
    return f"{title[: LONGEST_NAME - len(number)]}{number}"


def file_name(batch: ImportBatch) -> str:
    """What the workbook of the rows to mend is called."""
    return f"{batch.kind.replace(' ', '-')}-{batch.pk}-to-mend.xlsx"


def first_part(batch: ImportBatch, sheet: str, headers: Mapping[str, list[str]]) -> int | None:
    """The batch whose rest this one holds, as its names say and its columns confirm; None when it stands alone."""
    found = IN_SHEET.search(sheet) or IN_FILE.search(batch.file_name)
    if found is None:
        return None
    earlier = ImportBatch.objects.filter(
        pk=int(found[1]),
        pk__lt=batch.pk,
        pilot_id=batch.pilot_id,
        organisation_id=batch.organisation_id,
        kind=batch.kind,
    ).first()
    if earlier is None:
        return None
    names = {key: named[0] for key, named in earlier.summary.get("headers", {}).items()}
    return earlier.pk if names and names == {key: named[0] for key, named in headers.items()} else None


def of(batch: ImportBatch) -> tuple[int, list[ImportBatch], list[ImportBatch]]:
    """(which part this is, counted from 1, the parts before it with the first one first, the parts that follow it)."""
    found = ImportBatch.objects.raw(
        """
        with recursive before as (
          select b.id, b.part_of_id, 0 as back from workers_importbatch b where b.id = %s
          union all
          select b.id, b.part_of_id, e.back + 1 from workers_importbatch b join before e on b.id = e.part_of_id
          where e.back < 100
        )
        select b.* from before e join workers_importbatch b using (id) where e.back > 0 order by e.back desc
        """,
        [batch.pk],
    )
    before = list(found) if batch.part_of_id else []
    return len(before) + 1, before, list(ImportBatch.objects.filter(part_of=batch).order_by("pk"))


def part_words(number: int) -> str:
    """“second part”, in words up to a number that people still say."""
    said = {2: _("second part"), 3: _("third part"), 4: _("fourth part"), 5: _("fifth part")}
    return said.get(number) or _("part %(number)s") % {"number": number}
