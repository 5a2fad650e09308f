"""Which forms stand on an opened case: one ``Act`` for each thing that can be done with it where it stands."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.requests import PortalRequest
from accounts.roles import Permission
from compliance.grievances import readers
from compliance.grievances.forms import (
    ChangeForm,
    ConcernedForm,
    KeepForm,
    LiftForm,
    MessageForm,
    MoveForm,
    NoteForm,
    OfferForm,
    RestrictForm,
    WhoForm,
)
from compliance.grievances.stages import MOVES, Move, moves_from
from compliance.models import Grievance, GrievanceIdentity
from pilots.models import Participation


@dataclass(frozen=True, slots=True)
class Act:
    """A form, where it goes, and the words on its button. ``first``: shown open, the usual next thing."""

    title: str | Promise
    url: str
    form: Form
    button: str | Promise
    hidden: tuple[tuple[str, str], ...] = ()
    first: bool = False


def acts_of(request: PortalRequest, found: Grievance, known: GrievanceIdentity | None) -> list[Act]:
    """Everything a named reader may do now, the usual next move first."""
    moves = [move_act(request, found, move, first=n == 0) for n, move in enumerate(moves_from(found.stage))]
    keeping = [a for name in ("hold", "lift") if (a := act(request, found, name))]
    if found.stage == Grievance.Stage.CLOSED:
        return moves + keeping
    names = (
        "message",
        "note",
        "change",
        "name",
        "remove",
        "lead",
        "release",
        "withdraw",
        "concerned",
        "restrict",
        "offer",
    )
    others = [act(request, found, name, known=known) for name in names]
    return moves[:1] + [a for a in others[:2] if a] + moves[1:] + [a for a in others[2:] if a] + keeping


def move_act(request: PortalRequest, found: Grievance, move: Move, data=None, *, first: bool = False) -> Act:
    """The form of one move."""
    names = readers.names_of(found.reader_ids)
    form = MoveForm(data, move=move, grievance=found, readers=names, initial={"revision": found.revision})
    return Act(move.label, _url(found, "moves"), form, move.label, (("move", move.code),), first)


def move_of(request: PortalRequest, found: Grievance) -> Act | None:
    """The move that was sent, with its form filled in; None for no known move."""
    move = MOVES.get(request.POST.get("move", ""))
    return None if move is None else move_act(request, found, move, request.POST, first=True)


def _url(found: Grievance, name: str) -> str:
    return reverse(f"compliance:case_{name}", args=[found.code])


def stands(found: Grievance) -> dict[str, Any]:
    """What staff keep beside the person's words, as the form has it."""
    fields = ("summary", "wishes", "options_told", "companion_offered", "consent_to_share", "interpreter", "urgent")
    now = {field: getattr(found, field) for field in fields}
    return now | {"safe_now": {True: "yes", False: "no", None: ""}[found.safe_now]}


def act(
    request: PortalRequest, found: Grievance, name: str, data=None, *, known: GrievanceIdentity | None = None
) -> Act | None:
    """The act of this name with its form; None where it does not fit (nobody to name, nothing to release)."""
    start: dict = {"data": data, "initial": {"revision": found.revision}, "auto_id": f"{name}_%s"}
    plain = {"data": data, "label_suffix": "", "auto_id": f"{name}_%s"}
    if name == "message":
        return Act(_("Write to the person"), _url(found, "messages"), MessageForm(**plain), _("Send"))
    if name == "note":
        return Act(_("Internal note"), _url(found, "notes"), NoteForm(**plain), _("Add"))
    if name == "change":
        now = stands(found)
        form = ChangeForm(data, label_suffix="", auto_id="change_%s", initial=now | {"revision": found.revision})
        form.show(now)
        return Act(_("Summary, safety and wishes"), _url(found, "changes"), form, _("Save"))
    if name in {"name", "remove", "lead"}:
        return _reader_act(request, found, name, start)
    if name in {"release", "withdraw"}:
        return _identity_act(request, found, name, start, known)
    if name in {"hold", "lift"}:
        return _keeping_act(request, found, name, start)
    if name == "concerned":
        partners = Participation.objects.filter(pilot_id=found.pilot_id, left_on__isnull=True)
        rows = partners.exclude(organisation_id__in=found.concerned_ids).order_by("organisation__name")
        names = list(rows.values_list("organisation_id", "organisation__name"))
        form_c = ConcernedForm(organisations=names, readers=readers.names_of(found.reader_ids), **start)
        return Act(_("It is also about somebody else"), _url(found, "concerned"), form_c, _("Take them off at once"))
    if name == "restrict":
        if found.restricted:
            return None
        able = readers.possible(
            found.pilot_id, Grievance.Sensitivity.RESTRICTED, found.concerned_ids, found.concerned_user_ids,
            by=request.scope,
        )  # fmt: skip
        form_r = RestrictForm(readers=able, **start)
        return Act(_("It is graver than it seemed"), _url(found, "restrictions"), form_r, _("Restrict it to them"))
    form_o = OfferForm(data, readers=readers.possible_elsewhere(found), auto_id="offer_%s")
    return Act(_("Refer it or hand it to somebody else"), _url(found, "offers"), form_o, _("Offer it"))


def _keeping_act(request: PortalRequest, found: Grievance, name: str, start: dict) -> Act | None:
    if not request.scope.allows(Permission.LEGAL_HOLD) or (name == "lift") != bool(found.legal_hold):
        return None
    hidden = (("act", name),)
    if name == "lift":
        return Act(
            _("Lift the legal hold"),
            _url(found, "legal_holds"),
            LiftForm(label_suffix="", **start),
            _("Lift it"),
            hidden,
        )
    title = _("Legal hold: nothing of this case is deleted")
    return Act(title, _url(found, "legal_holds"), KeepForm(label_suffix="", **start), _("Place it"), hidden)


def _reader_act(request: PortalRequest, found: Grievance, name: str, start: dict) -> Act | None:
    able = readers.possible(
        found.pilot_id, found.sensitivity, found.concerned_ids, found.concerned_user_ids, by=request.scope
    )
    title, button, choices = {
        "name": (_("Name another reader"), _("Name"),
                 [(r.user_id, f"{r.name}, {r.organisation}") for r in able if r.user_id not in found.reader_ids]),
        "remove": (_("Take a reader off"), _("Take off"),
                   [(pk, n) for pk, n in readers.names_of(found.reader_ids).items() if pk != request.scope.user_id]),
        "lead": (_("Hand over to another who sees to it"), _("Hand over"),
                 [(r.user_id, f"{r.name}, {r.organisation}") for r in able if r.user_id != found.lead_id]),
    }[name]  # fmt: skip
    if not choices:
        return None
    return Act(title, _url(found, "readers"), WhoForm(choices=choices, **start), button, (("act", name),))


def _identity_act(
    request: PortalRequest, found: Grievance, name: str, start: dict, known: GrievanceIdentity | None
) -> Act | None:
    if known is None:
        return None
    names = readers.names_of(found.reader_ids)
    if name == "release":
        choices = [(pk, n) for pk, n in names.items() if pk not in known.reader_ids]
        title, button, why = _("Let a reader know who the person is"), _("Release"), _("How and when the person agreed")
    else:
        choices = [(pk, n) for pk, n in names.items() if pk in known.reader_ids and pk != request.scope.user_id]
        title, button, why = _("Take it back from a reader"), _("Take back"), _("Why")
    if not choices:
        return None
    form = WhoForm(choices=choices, why=why, **start)
    return Act(title, _url(found, "identities"), form, button, (("act", name),))
