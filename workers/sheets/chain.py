"""How the rows that were left over find back to the sheet they come from.

The workbook of rows to mend carries the number of its batch in the name of its sheet, and in the name of its file; a list
that comes with such a name, of the same kind and pilot and with the same columns, is the next part of that one.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils.translation import gettext as _

from workers.models import ImportBatch

IN_SHEET: Final = re.compile(r"#([0-9]{1,18})$")
IN_FILE: Final = re.compile(r"-([0-9]{1,18})-to-mend\b")
LATEST: Final = 2**62
ANSWERED: Final = ("date_order", "currency", "decimal_sign", "mapping", "columns", "words")
LONGEST_NAME: Final = 31  # of a sheet, in every spreadsheet program


def sheet_title(batch: ImportBatch, title: str) -> str:
    """What the sheet of the rows to mend is called."""
    number = f" #{batch.pk}"
    return f"{title[: LONGEST_NAME - len(number)]}{number}"


def file_name(batch: ImportBatch) -> str:
    """What the workbook of the rows to mend is called."""
    return f"{batch.kind.replace(' ', '-')}-{batch.pk}-to-mend.xlsx"


def earlier(batch: ImportBatch, sheet: str = "") -> ImportBatch | None:
    """The own sheet of the same kind and pilot that a name says this one is the rest of: of the file's list, or of the
    file itself."""
    found = IN_SHEET.search(sheet) or IN_FILE.search(batch.file_name)
    if found is None:
        return None
    named = ImportBatch.objects.filter(
        pk=int(found[1]), pilot_id=batch.pilot_id, organisation_id=batch.organisation_id, kind=batch.kind
    )
    return named.exclude(pk=batch.pk).filter(pk__lt=batch.pk or LATEST).first()


def answers_of(earlier: ImportBatch | None) -> dict[str, Any]:
    """What its sender answered about the first part, which holds for the rest of it: orders of dates, units, words."""
    return {key: earlier.options[key] for key in ANSWERED if earlier.options.get(key)} if earlier else {}


def take_over(batch: ImportBatch, sheet: str, headers: Collection[str]) -> bool:
    """Give a rest the answers of the sheet that its list names, once; whether that changes how it is to be read. What was
    answered about the rest itself counts more."""
    found = earlier(batch, sheet) if "rest_of" not in batch.options else None
    if found is None or not {named[0] for named in found.summary.get("headers", {}).values()} <= set(headers):
        return False
    own, merged = both({}, batch.options), both(answers_of(found), batch.options)
    batch.options = merged | {"rest_of": found.pk}
    batch.save(update_fields=["options"])
    return merged != own


def both(first: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Answers of two sheets as one; where both say something, the second counts."""
    merged = {**first, **own}
    for key in ("mapping", "columns", "words"):
        of_first, of_own = first.get(key) or {}, own.get(key) or {}
        merged[key] = {
            name: {**of_first.get(name, {}), **of_own.get(name, {})} if key != "mapping" else of_own.get(name, of_first.get(name))
            for name in {**of_first, **of_own}
        }  # fmt: skip
    return merged


def first_part(batch: ImportBatch, sheet: str, headers: Mapping[str, list[str]]) -> int | None:
    """The batch whose rest this one holds, as its names say and its columns confirm; None when it stands alone."""
    found = earlier(batch, sheet)
    if found is None:
        return None
    names = {key: named[0] for key, named in found.summary.get("headers", {}).items()}
    return found.pk if names and names == {key: named[0] for key, named in headers.items()} else None


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


def with_rest(batches: QuerySet[ImportBatch]) -> QuerySet[Any]:
    """Batches with ``left``: rows that were refused or changed meanwhile and did not go on in a part that came after."""
    went_on = ImportBatch.objects.filter(part_of=OuterRef("pk"), state__in=("checked", "committed")).order_by()
    rows = went_on.values("part_of").annotate(n=Sum(_count("rows"))).values("n")
    return batches.annotate(
        left=Greatest(
            _count("refused") + _count("conflict") - Coalesce(Subquery(rows), 0), 0, output_field=IntegerField()
        )
    )


def _count(name: str) -> Coalesce:
    return Coalesce(Cast(KeyTextTransform(name, KeyTransform("counts", "summary")), IntegerField()), 0)


def part_words(number: int) -> str:
    """“second part”, in words up to a number that people still say."""
    said = {2: _("second part"), 3: _("third part"), 4: _("fourth part"), 5: _("fifth part")}
    return said.get(number) or _("part %(number)s") % {"number": number}
