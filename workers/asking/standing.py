"""How requests of papers stand: a line is answered as soon as what it asks for is no longer missing; nobody ticks it off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scope import Scope
from workers.models import PaperRequest, PaperRequestLine, PlacementState
from workers.queries.departing import MISSING, missing_on
from workers.queries.waiting import CHOSEN

ASKED, OVERDUE, ANSWERED, WITHDRAWN = "asked", "overdue", "answered", "withdrawn"
WORDS: Final[dict[str, str | Promise]] = {
    ASKED: gettext_lazy("Asked"), OVERDUE: gettext_lazy("Overdue"), ANSWERED: gettext_lazy("Answered"),
    WITHDRAWN: gettext_lazy("Withdrawn"),
}  # fmt: skip
TONES: Final = {ASKED: "info", OVERDUE: "critical", ANSWERED: "good", WITHDRAWN: "neutral"}
# What is brought by the same paper: a passport that came but ends too early answers no request for a passport.
SAME_PAPER: Final = (
    frozenset({"has_passport", "passport_outlasts_stay", "passport_lapses"}),
    frozenset({"visa_granted_recorded", "visa_lapses"}),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One paper of one person. ``open``: still missing; ``needed``: the person still waits for a departure."""

    line: PaperRequestLine
    open: bool
    needed: bool

    @property
    def words(self) -> str:
        """What was asked for, as a thing to bring."""
        return _(MISSING[self.line.code][0]) if self.line.code in MISSING else self.line.code


@dataclass(frozen=True, slots=True)
class Standing:
    """One request, its lines, and what it comes to on a day."""

    asked: PaperRequest
    lines: tuple[Line, ...]
    state: str

    @property
    def open(self) -> int:
        """How many papers have not come."""
        return sum(one.open for one in self.lines)

    @property
    def people(self) -> int:
        """How many people wait for them."""
        return len({one.line.placement_id for one in self.lines if one.open})

    @property
    def words(self) -> str:
        """The state, in the reader's words."""
        return str(WORDS[self.state])

    @property
    def tone(self) -> str:
        """The tone of the state."""
        return TONES[self.state]


def standing(requests: Iterable[PaperRequest], *, by: Scope, today: date) -> list[Standing]:
    """How each request stands today, in the order given. Two statements, and two for each day of departure asked for."""
    rows = list(requests)
    lines: dict[int, list[PaperRequestLine]] = {}
    asked = PaperRequestLine.objects.filter(paper_request__in=[r.pk for r in rows])
    for line in asked.select_related("placement__person").order_by("placement__person__family_name", "pk"):
        lines.setdefault(line.paper_request_id, []).append(line)
    waiting = set(
        PlacementState.objects.filter(
            placement__in={one.placement_id for of in lines.values() for one in of}, step__in=CHOSEN
        ).values_list("placement_id", flat=True)
    )
    missing = _missing([r for r in rows if r.withdrawn_at is None], lines, waiting, by)
    return [_standing(one, lines.get(one.pk, []), waiting, missing, today) for one in rows]


def _missing(
    rows: list[PaperRequest], lines: dict[int, list[PaperRequestLine]], waiting: set[int], by: Scope
) -> dict[tuple[int, date], set[str]]:
    """(placement, day of departure) → what is missing."""
    ids: dict[date, set[int]] = {}
    for one in rows:
        ids.setdefault(one.departs_on, set()).update(
            line.placement_id for line in lines.get(one.pk, ()) if line.placement_id in waiting
        )
    return {
        (pk, day): {code for code, _ends in codes}
        for day, of in ids.items()
        for pk, codes in missing_on(sorted(of), day, by=by).items()
    }


def _standing(
    one: PaperRequest, lines: list[PaperRequestLine], waiting: set[int], missing: dict, today: date
) -> Standing:
    told = []
    for line in lines:
        lacks = missing.get((line.placement_id, one.departs_on), set())
        told.append(Line(line, is_missing(line.code, lacks), line.placement_id in waiting))
    if one.withdrawn_at is not None:
        state = WITHDRAWN
    elif not any(each.open for each in told):
        state = ANSWERED
    else:
        state = OVERDUE if one.due_on < today else ASKED
    return Standing(one, tuple(told), state)


def is_missing(code: str, lacks: set[str]) -> bool:
    """Whether what was asked for is still missing: itself, or another lack of the same paper."""
    family = next((codes for codes in SAME_PAPER if code in codes), frozenset({code}))
    return bool(family & lacks)
