"""The same thing asked for several findings at once: who is concerned, who is refused and why, and the alike afterwards.

Nothing here goes round the doors of one action: what is refused there for one is refused here, in the same words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from compliance.models import CorrectiveAction, Finding
from compliance.remedies import actions

MOST = 200


@dataclass(frozen=True, slots=True)
class Refused:
    """A finding that is left out, and why."""

    finding: Finding
    why: str


def chosen(ids: Iterable[int]) -> list[Finding]:
    """The findings of these ids that the reader sees, worker by worker; at most 200."""
    rows = Finding.objects.filter(pk__in=list(ids)[:MOST]).select_related(
        "placement__person", "placement__employer", "placement__recruiter", "site", "employer", "pilot"
    )
    return sorted(rows, key=lambda f: (str(f.placement.person.name) if f.placement else "", f.opened_on, f.pk))


def owners(findings: Sequence[Finding]) -> dict[int, str]:
    """Organisations that an action on at least one of these findings may be put to: id → name."""
    found: dict[int, str] = {}
    of_pilot = actions.participations({f.pilot_id for f in findings})
    for finding in findings:
        for pk, name in actions.owners(finding, of_pilot.get(finding.pilot_id, ())).items():
            found.setdefault(pk, name)
    return found


def sorted_out(findings: Sequence[Finding], *, owner_id: int, words: str) -> tuple[list[Finding], list[Refused]]:
    """(those an action may be put for, those it may not with the reason). Three statements, whatever their number.

    Where the same organisation was asked for the same in these words and has not finished, it is not asked again.
    """
    of_pilot = actions.participations({f.pilot_id for f in findings})
    rows = CorrectiveAction.objects.filter(finding__in=findings, owner_id=owner_id, words=words.strip())
    asked = set(actions.standing(rows, (*actions.OPEN, actions.DONE)).values_list("finding_id", flat=True))
    able, refused = [], []
    for finding in findings:
        kinds = {p.organisation_id: p.kind for p in of_pilot.get(finding.pilot_id, ())}
        try:
            actions.may_be_put(finding, owner_id, kinds.get(owner_id, ""))
        except ValidationError as wrong:
            refused.append(Refused(finding, " ".join(wrong.messages)))
            continue
        if finding.pk in asked:
            refused.append(Refused(finding, _("They were asked for this before and have not finished.")))
        else:
            able.append(finding)
    return able, refused


def alike(action: CorrectiveAction, states: tuple[str, ...] = ()) -> QuerySet[CorrectiveAction]:
    """The other actions that were put with this one: the same words and day, to the same organisation, by the same person.

    With ``state``; with ``states``, only those that stand there. What was told in confidence stands alone.
    """
    rows = CorrectiveAction.objects.filter(
        pilot_id=action.pilot_id, owner_id=action.owner_id, user_id=action.user_id, put_on=action.put_on,
        due_on=action.due_on, words=action.words, restricted=False,
    ).exclude(pk=action.pk)  # fmt: skip
    return actions.standing(rows.none() if action.restricted else rows, states)
