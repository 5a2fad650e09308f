"""What an organisation settled once about its sheets, and need not settle again: columns by their headers, and words.

``recall`` gives what holds for a kind, ``keep_columns`` and ``keep_words`` remember, ``forget`` forgets one of them.
Headers count for their kind. Words for countries, sexes, steps and reasons count for every kind, others for their own.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from django.db.models import Q, QuerySet

from accounts.scope import Scope
from workers.models import SheetHabit

from .cleaning import fold
from .columns import fold_header

HEADER, WORD = SheetHabit.Part.HEADER, SheetHabit.Part.WORD
EVERY_KIND: Final = ("country", "sex", "step", "reason")
LONGEST: Final = 120


class Recalled(NamedTuple):
    """``columns``: header as written -> key, blank to leave it out. ``words``: list -> folded word -> code."""

    columns: dict[str, str]
    words: dict[str, dict[str, str]]


def habits(kind: str, by: Scope) -> QuerySet[SheetHabit]:
    """What the organisation settled that counts for a kind, in the order of headers and words."""
    own = SheetHabit.objects.filter(organisation_id=by.organisation_id)
    return own.filter(Q(kind=kind) | Q(part=WORD, about__in=EVERY_KIND)).order_by("part", "about", "folded")


def recall(kind: str, by: Scope) -> Recalled:
    """What to read a new sheet of the kind with."""
    columns: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    for habit in habits(kind, by):
        if habit.part == HEADER:
            columns[habit.raw] = habit.means
        else:
            words.setdefault(habit.about, {})[habit.folded] = habit.means
    return Recalled(columns, words)


def keep_columns(kind: str, columns: Mapping[str, str], by: Scope) -> None:
    """Remember which column each header is: header -> key, or blank for one that is left out."""
    rows = [(kind, HEADER, "", fold_header(header), header, key) for header, key in columns.items()]
    _keep(rows, by)


def keep_words(kind: str, words: Mapping[str, Mapping[str, str]], by: Scope) -> None:
    """Remember what words mean: list -> word as written -> code."""
    rows = [
        ("" if about in EVERY_KIND else kind, WORD, about, fold(word), word, code)
        for about, of_list in words.items()
        for word, code in of_list.items()
    ]
    _keep(rows, by)


def forget(pk: int, by: Scope) -> bool:
    """Forget one of the organisation's own; whether there was such."""
    return bool(SheetHabit.objects.filter(pk=pk, organisation_id=by.organisation_id).delete()[0])


def _keep(rows: Sequence[tuple[str, str, str, str, str, str]], by: Scope) -> None:
    once = {row[:4]: row for row in rows if row[3] and len(row[3]) <= LONGEST and len(row[4]) <= LONGEST}
    SheetHabit.objects.bulk_create(
        [
            SheetHabit(
                organisation_id=by.organisation_id, user_id=by.user_id, kind=kind, part=part, about=about,
                folded=folded, raw=raw, means=means,
            )
            for kind, part, about, folded, raw, means in once.values()
        ],
        update_conflicts=True,
        unique_fields=["organisation", "kind", "part", "about", "folded"],
        update_fields=["raw", "means", "user"],
    )  # fmt: skip
