"""Cells of a sheet mended on its page, without a new file: ``mend_row`` keeps what was typed, the next check reads it.

The sent file stays as it is; what was typed stands beside it and goes with it after 90 days. Only cells of rows that are
left to mend are taken, and only what differs from what is shown. Text that tells of health or abuse is not kept here.
"""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any, Final

from django.utils.translation import gettext_lazy

from accounts.scope import Scope
from workers.models import ImportBatch, ImportEdit, ImportRow

from . import versions
from .cleaning import CONTROL, FORCED
from .columns import NOTE
from .kinds import COLUMNS
from .restricted import tells_of_health_or_abuse

LONGEST: Final = 1000
MOST_EDITS: Final = 2000
CODES: Final = frozenset(
    {"worker_id", "passport_number", "national_id", "number", "policy_number"}
)  # copied sign by sign


class Mended(Enum):
    """What came of it."""

    KEPT = "kept"
    NOTHING = "nothing"
    NO_ROW = "no row"
    APART = "apart"
    TOO_MANY = "too many"

    @property
    def words(self) -> str:
        """The sentence for the page."""
        return str(WORDS[self])


WORDS: Final = {
    Mended.KEPT: gettext_lazy("Kept."),
    Mended.NOTHING: gettext_lazy("Nothing was changed in this row."),
    Mended.NO_ROW: gettext_lazy("This row is not among those to mend any more."),
    Mended.APART: gettext_lazy(
        "What you typed seems to tell of health or abuse, so it was not kept. Record it as a check or a complaint, where "
        "only few may read it."
    ),
    Mended.TOO_MANY: gettext_lazy("Too many cells were mended here. Download the rows to mend and send that file."),
}


def cells_to_mend(batch: ImportBatch, row: ImportRow) -> list[dict[str, Any]]:
    """The cells of a row that can be typed anew on the page: place in the file, name, what stands there, what is wrong."""
    offered: dict[int, dict[str, Any]] = {}
    for problem in row.problems:
        place = _place(batch, problem)
        if place is None:
            continue
        cell = offered.setdefault(
            place,
            {
                "place": place,
                "cell": problem["cell"],
                "column": problem["column"],
                "value": problem["value"],
                "as_code": problem["key"] in CODES,
                "told": [],
            },
        )
        cell["told"].append(problem["message"])
    return list(offered.values())


def changes_of(row: ImportRow) -> dict[str, list[str | None]]:
    """Field -> (before, after); of a date of birth as much as is known of it, in the place of the date and its precision."""
    changes, clean = dict(row.changes), row.clean
    if not {"birth_date", "birth_precision"} & changes.keys():
        return changes
    known = changes.get("birth_precision") or [clean.get("birth_precision") or "day"] * 2
    if not {*known} <= {None, "", "day", "month", "year"}:
        return changes
    days = changes.pop("birth_date", None) or [clean.get("birth_date")] * 2
    changes.pop("birth_precision", None)
    return {"birth_date": [born(day, precision) for day, precision in zip(days, known, strict=True)], **changes}


def born(day: str | None, precision: str | None) -> str | None:
    """A date of birth as it is known: a year alone, a month, or the day."""
    return day and {"year": day[:4], "month": day[:7]}.get(precision or "", day)


def settle_row(batch: ImportBatch, number: int, theirs: Collection[str], *, by: Scope) -> Mended:
    """Settle a row whose record changed after the list was downloaded: for the columns in ``theirs`` what is recorded
    stays, for the others the row's value is taken. The batch is to be checked again afterwards; what would be written is
    then shown as any other change, and nothing is written before."""
    row = ImportRow.objects.filter(batch=batch, row_number=number, verdict="conflict").first()
    if row is None:
        return Mended.NO_ROW
    places = {key: _place_of(batch, letters) for key, (_header, letters) in batch.summary.get("headers", {}).items()}
    blank = [places[key] for key in changes_of(row) if key in theirs and places.get(key) is not None]
    if places.get(versions.KEY) is not None:
        blank.append(places[versions.KEY])  # the reader has seen what is recorded now
    _keep(batch, number, dict.fromkeys((place for place in blank if place is not None), ""), by)
    return Mended.KEPT


def mend_row(batch: ImportBatch, number: int, cells: Mapping[str, str], *, by: Scope) -> Mended:
    """Keep the typed cells of a row: place in the file -> text. The batch is to be checked again afterwards."""
    row = ImportRow.objects.filter(batch=batch, row_number=number, verdict__in=("refused", "conflict")).first()
    if row is None:
        return Mended.NO_ROW
    offered = {cell["place"]: cell for cell in cells_to_mend(batch, row)}
    typed = {
        int(place): CONTROL.sub("", FORCED.sub("", text)).strip()[:LONGEST]
        for place, text in cells.items()
        if place.isdecimal() and len(place) < 4 and int(place) in offered
    }
    changed = {place: text for place, text in typed.items() if text != offered[place]["value"]}
    if not changed:
        return Mended.NOTHING
    notes = {column.header for column in COLUMNS[batch.kind].columns if column.privacy == NOTE}
    if any(offered[place]["column"] in notes and tells_of_health_or_abuse(text) for place, text in changed.items()):
        return Mended.APART
    if ImportEdit.objects.filter(batch=batch).count() + len(changed) > MOST_EDITS:
        return Mended.TOO_MANY
    _keep(batch, number, changed, by)
    return Mended.KEPT


def _keep(batch: ImportBatch, number: int, cells: Mapping[int, str], by: Scope) -> None:
    ImportEdit.objects.bulk_create(
        [
            ImportEdit(
                pilot_id=batch.pilot_id, organisation_id=batch.organisation_id, batch=batch, row_number=number,
                place=place, value=text, user_id=by.user_id, restricted=batch.restricted,
            )
            for place, text in cells.items()
        ],
        update_conflicts=True, unique_fields=["batch", "row_number", "place"], update_fields=["value", "user"],
    )  # fmt: skip


def _place(batch: ImportBatch, problem: Mapping[str, Any]) -> int | None:
    return _place_of(batch, problem["cell"].rpartition("!")[2].rstrip("0123456789"))


def _place_of(batch: ImportBatch, letters: str) -> int | None:
    """The column's place in the file; None for a column that the file does not have."""
    if not letters.isalpha():
        return None
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1 - int(batch.summary.get("first_column", 0))
