"""Names of the pilot's own things that a sheet spells in its own way: which cohort, or which recruiter, is meant by "Batch 1"?

One answer on the page settles a name for the whole file. It is not remembered for the next one, in which "Batch 1" is
another cohort.
"""

from typing import Final

from pilots.models import Cohort, Participation
from workers.models import ImportBatch

from . import cleaning
from .cleaning import NOTHING, Cleaned, Cleaner, Context, Raw

# The problem of a name that nobody has -> what it names.
ASKED: Final = {"unknown_cohort": "cohort", "unknown_recruiter": "recruiter"}
MOST: Final = 200


def named(about: str, longest: int) -> Cleaner:
    """A text that names one of the pilot's own; what the reader said it means counts in its place."""
    plain = cleaning.text(longest)

    def clean(raw: Raw, context: Context) -> Cleaned:
        found = plain(raw, context)
        if found is NOTHING or not (settled := context.words.get(about)):
            return found
        meant = settled.get(cleaning.fold(str(found.value)))
        return Cleaned(meant) if meant else found

    return clean


def choices(batch: ImportBatch, about: str) -> list[tuple[str, str]]:
    """(what stands in the cell, words) of those that the batch's pilot has; nothing for what is no such name."""
    if about == "cohort":
        rows = (
            Cohort.objects.filter(pilot_id=batch.pilot_id).order_by("-departs_on", "code").values_list("code", "name")
        )
        return [(code, f"{code} · {name}" if name != code else code) for code, name in rows[:MOST]]
    if about == "recruiter":
        taking_part = Participation.objects.filter(pilot_id=batch.pilot_id, kind="recruiter", left_on__isnull=True)
        names = taking_part.order_by("organisation__name").values_list("organisation__name", flat=True)
        return [(name, name) for name in names[:MOST]]
    return []
