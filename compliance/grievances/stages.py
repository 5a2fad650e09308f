"""``MOVES``: from which stage to which, and what must be said on the way. The door is ``door.move``."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from compliance.models import Grievance

S = Grievance.Stage
OPEN = (S.NEW, S.ACKNOWLEDGED, S.TRIAGED, S.INVESTIGATING, S.PROPOSED, S.DELIVERED, S.REOPENED)


@dataclass(frozen=True, slots=True)
class Move:
    """One move: its code, its words on a button, where from, where to, and the fields that must be filled."""

    code: str
    label: str | Promise
    sources: tuple[str, ...]
    target: str
    needs: dict[str, str | Promise]


MOVES: dict[str, Move] = {
    move.code: move
    for move in (
        Move("acknowledge", _("Acknowledge"), (S.NEW,), S.ACKNOWLEDGED,
             {"message": _("Write what the person will read: that it arrived, and what happens next.")}),
        Move("triage", _("Decide who sees to it"), (S.ACKNOWLEDGED,), S.TRIAGED,
             {"category": _("Choose what the case is about."), "lead_id": _("Say who sees to it."),
              "limits_told": _("First tell the person what cannot be kept confidential, and say so here.")}),
        Move("investigate", _("Begin to look into it"), (S.TRIAGED, S.REOPENED), S.INVESTIGATING, {}),
        Move("propose", _("Agree on action"), (S.TRIAGED, S.INVESTIGATING, S.REOPENED), S.PROPOSED,
             {"remedy_kind": _("Say what kind of remedy was agreed."),
              "remedy_words": _("Write what was agreed with the person.")}),
        Move("deliver", _("Remedy delivered"), (S.PROPOSED,), S.DELIVERED,
             {"delivered_on": _("Say on which day it was delivered."),
              "text": _("Write how it is known that the person received it.")}),
        Move("close", _("Close"), OPEN, S.CLOSED,
             {"satisfaction": _("Ask the person whether they are satisfied, and write the answer."),
              "text": _("Write how it ended and what follow-up was offered.")}),
        Move("reopen", _("Open again"), (S.CLOSED,), S.REOPENED,
             {"text": _("Write why it is opened again.")}),
    )
}  # fmt: skip


def moves_from(stage: str) -> list[Move]:
    """The moves that lead away from this stage, the usual one first."""
    return [move for move in MOVES.values() if stage in move.sources]
