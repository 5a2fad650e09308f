"""Which moves a placement could make now, and what would refuse them today."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.scope import Scope
from workers.journey.missing import lacking
from workers.journey.moves import GUARDS, Move, moves_from, moves_of
from workers.journey.steps import STEP
from workers.journey.wording import journey_of, move_words, step_words
from workers.models import Placement

# Guards that look at the placement itself; dates and reasons are asked in the form.
OF_PLACEMENT = (
    "has_job_order", "job_order_has_places", "age_at_least_minimum", "consent_given", "has_passport",
    "passport_outlasts_stay", "contract_signed", "visa_granted_recorded", "training_passed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Possible:
    """A move that leaves the current step, and what stands in its way today."""

    move: Move
    label: str
    to: str
    blocked_by: tuple[str, ...]

    @property
    def off_path(self) -> bool:
        """Whether it leaves the planned way."""
        return STEP[self.move.to_step].phase == "off_path"


def allowed(moves: tuple[Move, ...], by: Scope) -> list[Move]:
    """Those of the moves that the reader's role may make."""
    return [move for move in moves if by.allows(Permission(move.permission))]


def possible_moves(placement: Placement, *, held: bool, by: Scope, today: date) -> list[Possible]:
    """The moves this reader may make from here, those that would pass first."""
    scheme = placement.pilot.scheme
    moves = allowed(moves_from(journey_of(scheme), placement.state.step), by)
    asked = {guard for move in moves for guard in move.every_guard}
    guards = tuple(guard for guard in OF_PLACEMENT if guard in asked)
    no = set(lacking([placement.pk], by=by, today=today, guards=guards).get(placement.pk, ())) if guards else set()
    if held:
        no.add("no_hold")
    found = [
        Possible(
            move,
            move_words(move.code),
            step_words(move.to_step, scheme),
            tuple(_(GUARDS[guard]) for guard in move.every_guard if guard in no),
        )
        for move in moves
    ]
    return sorted(found, key=lambda p: (bool(p.blocked_by), p.off_path))


def moves_for_set(scheme: str, by: Scope) -> list[Move]:
    """Every move of the scheme's journey that this reader may make: the choices for many placements at once."""
    return allowed(moves_of(journey_of(scheme)), by)
