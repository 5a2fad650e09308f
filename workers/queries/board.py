"""A cohort as a board: columns of phases with their steps, and on each card what comes next and who stands in its way."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from accounts.roles import KIND_LABELS, Kind
from accounts.scope import Scope
from workers.journey.missing import lacking
from workers.journey.moves import Move, moves_from
from workers.journey.steps import JOURNEY, OFF_PATH, PHASES, STEP, STEPS
from workers.journey.wording import journey_of, move_words, phase_words, step_words
from workers.models import Placement
from workers.queries.departing import HELD, MISSING, holds_on
from workers.queries.moves import OF_PLACEMENT
from workers.queries.placement import sees_lacking
from workers.queries.placements import Row

CARDS = 12  # of one step on the board; the rest stands behind a link


@dataclass(frozen=True, slots=True)
class Card(Row):
    """Somebody on the board, with the next move of the planned way and what would refuse it today."""

    next_move: str = ""
    blocks: tuple[str, ...] = ()
    holder: str = ""

    @property
    def blocked_by(self) -> list[tuple[str, str]]:
        """(what is missing, who can usually bring it) of each thing that stands in the way of the next move."""
        return [(_(MISSING[code][0]), self._owner(code)) for code in self.blocks]

    def _owner(self, code: str) -> str:
        if code == HELD and self.holder:
            return self.holder
        kind = MISSING[code][1]
        partner = {Kind.RECRUITER: self.placement.recruiter, Kind.EMPLOYER: self.placement.employer}.get(kind)
        return partner.name if partner else str(KIND_LABELS[kind])


@dataclass(slots=True)
class Column:
    """A phase of the board: its steps, each with its count and first cards."""

    phase: str
    label: str
    steps: list[dict] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Placements in the phase."""
        return sum(step["count"] for step in self.steps)


def next_move(journey: str, step: str) -> Move | None:
    """The move to the nearest step ahead that no placement of this journey leaves out; None where the way ends.

    A step that may be left out is passed over, so that what stands in the way is what the guards will ask for.
    """
    way, here = JOURNEY[journey], STEP[step]
    if here.is_end:  # what has ended is reopened by a decision, not as the next thing to do
        return None
    needed = [code for code in way.path if code not in way.optional]
    order = 0 if here.phase == OFF_PATH else here.order
    ahead = [m for m in moves_from(journey, step) if m.to_step in needed and STEP[m.to_step].order > order]
    return min(ahead, key=lambda move: STEP[move.to_step].order, default=None)


def board(rows: QuerySet[Placement], counts: dict[str, int], *, scheme: str, by: Scope, today: date) -> list[Column]:
    """Phase columns with the first cards of each step, longest there first. Three statements and the rules."""
    numbered = rows.annotate(
        place=Window(RowNumber(), partition_by=F("state__step"), order_by=[F("state__since"), F("pk")])
    )
    cards: dict[str, list[Card]] = {}
    for card in _cards(list(numbered.filter(place__lte=CARDS).order_by("place")), scheme, by, today):
        cards.setdefault(card.placement.state.step, []).append(card)
    columns = {phase: Column(phase, phase_words(phase)) for phase in PHASES}
    for step in STEPS:
        shown = cards.get(step.code, [])
        if shown:
            count = max(counts.get(step.code, 0), len(shown))
            columns[step.phase].steps.append(
                {"code": step.code, "label": step_words(step.code, scheme), "count": count, "cards": shown,
                 "more": count - len(shown)}
            )  # fmt: skip
    return list(columns.values())


def _cards(placements: list[Placement], scheme: str, by: Scope, today: date) -> list[Card]:
    journey = journey_of(scheme)
    moves = {step: next_move(journey, step) for step in {p.state.step for p in placements}}
    asked = {guard for move in moves.values() if move for guard in move.every_guard}
    guards = tuple(guard for guard in OF_PLACEMENT if guard in asked)
    no = lacking([p.pk for p in placements], by=by, today=today, guards=guards) if guards and sees_lacking(by) else {}
    holds = holds_on([p.pk for p in placements if getattr(p, "held", False)], today)
    answer = []
    for placement in placements:
        move = moves[placement.state.step]
        if move is None:
            answer.append(Card(placement, today))
            continue
        standing = holds.get(placement.pk, []) if move.blocked_by_holds else []
        held, holder = ((HELD,), getattr(standing[0].owner, "name", "")) if standing else ((), "")
        missing = [guard for guard in no.get(placement.pk, ()) if guard in move.every_guard]
        if "has_job_order" in missing:  # of no order, whether it has a place left is no question
            missing = [guard for guard in missing if guard != "job_order_has_places"]
        blocks = (*held, *missing)
        answer.append(Card(placement, today, move_words(move.code), blocks, holder))
    return answer
