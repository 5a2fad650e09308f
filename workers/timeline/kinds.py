"""The kinds of a timeline that this app owns: moves, holds, pay, papers, consents, trainings, contracts."""

from typing import Any, Final

from django.db.models import CharField, DateField, F, Q
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.roles import Permission
from workers.journey.steps import OFF_PATH, STEP
from workers.journey.wording import move_words, reason_words, step_words
from workers.models import (
    Consent,
    ContractVersion,
    Hold,
    IdentityDocument,
    JourneyEvent,
    MoveTakenBack,
    Note,
    PayRecord,
    TrainingRecord,
    WorkerMessage,
)
from workers.models.journey import Placement
from workers.telling.texts import texts
from workers.timeline.table import CONTACTS, DOCUMENTS, MOVES, NOTES, PAY, Kind, Told

Said = dict[str, Any]


def written(day: str | None) -> str:
    """A day as JSON holds it, inside a sentence."""
    found = parse_date(day) if day else None
    return date_format(found, "j M Y") if found else ""


def of_placement(placement: Placement) -> Q:
    """Rows about this placement."""
    return Q(placement=placement.pk)


def _of_person(placement: Placement) -> Q:
    return Q(person=placement.person_id)


def _joined(*names: str | None) -> str:
    return ", ".join(name for name in names if name)


def _move(said: Said, placement: Placement) -> Told:
    scheme = placement.pilot.scheme
    step = STEP.get(said["to"])
    early = step is not None and step.early_end
    tone = "warning" if early else "neutral" if step is not None and step.phase == OFF_PATH else "info"
    words = [reason_words(said["reason"]), said["note"]]
    if said["known"] != said["on"]:
        words.append(_("Known on %(day)s.") % {"day": written(said["known"])})
    title = step_words(said["to"], scheme) if said["from"] else move_words(said["move"])
    return Told(title, " · ".join(w for w in words if w), _joined(said["who"], said["where"]), tone)


def _taken_back(said: Said, placement: Placement) -> Told:
    title = _("Taken back: %(step)s") % {"step": step_words(said["to"], placement.pilot.scheme)}
    words = [said["why"], _("It had been recorded for %(day)s.") % {"day": written(said["on"])}]
    return Told(title, " · ".join(w for w in words if w), _joined(said["who"], said["where"]), "neutral")


def _told(said: Said, placement: Placement) -> Told:
    text, language = texts().texts.get(said["text"]), texts().languages.get(said["language"])
    title = _("Told: %(what)s") % {"what": _(text.words) if text else said["text"]}
    how = str(WorkerMessage.How(said["how"]).label)
    return Told(title, _joined(how, language.name if language else ""), _joined(said["who"], said["where"]), "info")


def _held(said: Said, placement: Placement) -> Told:
    can_act = _("%(name)s can act.") % {"name": said["owner"]} if said["owner"] else ""
    title = _("Hold placed: %(why)s") % {"why": _(said["words"])}
    return Told(title, can_act, tone="warning" if said["stands"] else "neutral")


def _lifted(said: Said, placement: Placement) -> Told:
    return Told(_("Hold lifted"), said["why"] or "", said["who"] or "", "good")


def _paid(said: Said, placement: Placement) -> Told:
    title = _("Pay for the period to %(day)s") % {"day": written(said["end"])}
    own = said["to"] in ("", "own account")
    text = "" if own else str(PayRecord.PaidTo(said["to"]).label)
    return Told(title, text, tone="neutral" if own else "warning", amount=said["net"], currency=said["currency"])


def _paper(said: Said, placement: Placement) -> Told:
    words = _("%(paper)s issued") if said["issued"] else _("%(paper)s recorded")
    return Told(words % {"paper": IdentityDocument.Kind(said["kind"]).label})


def _replaced(said: Said, placement: Placement) -> Told:
    return Told(_("%(paper)s replaced by a new one") % {"paper": IdentityDocument.Kind(said["kind"]).label})


def _given(said: Said, placement: Placement) -> Told:
    return Told(_("Consent given: %(purpose)s") % {"purpose": Consent.Purpose(said["purpose"]).label}, tone="good")


def _withdrawn(said: Said, placement: Placement) -> Told:
    title = _("Consent withdrawn: %(purpose)s") % {"purpose": Consent.Purpose(said["purpose"]).label}
    return Told(title, tone="warning")


def _trained(said: Said, placement: Placement) -> Told:
    words = _("%(course)s: passed") if said["passed"] else _("%(course)s: not passed")
    return Told(words % {"course": said["course"]}, tone="good" if said["passed"] else "warning")


def _contract(said: Said, placement: Placement) -> Told:
    words = _("Contract: %(version)s")
    terms = reverse("workers:terms", args=[placement.pk])
    return Told(words % {"version": ContractVersion.Kind(said["kind"]).label}, url=terms)


def _noted(said: Said, placement: Placement) -> Told:
    title = _("Note, corrected") if said["corrects"] else _("Note")
    return Told(
        title, said["text"], _joined(said["who"], said["where"]), url=reverse("workers:note", args=[said["id"]])
    )


def _text(field: str) -> Cast:
    return Cast(field, CharField())


ALL: Final = Q()
NEWEST: Final = Q(corrections__isnull=True)  # of a note that was corrected, the version that counts now
LIST = (
    Kind("contract", "file-pen", ContractVersion, {DOCUMENTS: ALL}, Coalesce("signed_on", TruncDate("recorded_at"), output_field=DateField()),
         "recorded_at", of_placement, _contract, {"kind": F("kind")}),
    Kind("paper", "file-text", IdentityDocument, {DOCUMENTS: ALL}, Coalesce("issued_on", TruncDate("recorded_at"), output_field=DateField()),
         "recorded_at", _of_person, _paper, {"kind": F("kind"), "issued": _text("issued_on")}),
    Kind("paper replaced", "file-text", IdentityDocument, {DOCUMENTS: ALL}, TruncDate("replaced_at"), "replaced_at",
         lambda p: _of_person(p) & Q(replaced_at__isnull=False), _replaced, {"kind": F("kind")}),
    Kind("consent", "signature", Consent, {DOCUMENTS: ALL}, "given_on", "recorded_at", _of_person, _given,
         {"purpose": F("purpose")}),
    Kind("consent withdrawn", "signature", Consent, {DOCUMENTS: ALL}, "withdrawn_on", "",
         lambda p: _of_person(p) & Q(withdrawn_on__isnull=False), _withdrawn, {"purpose": F("purpose")}),
    Kind("training", "graduation-cap", TrainingRecord, {DOCUMENTS: ALL}, "held_on", "recorded_at", of_placement, _trained,
         {"course": F("course"), "passed": F("passed")}),
    Kind("pay", "banknote", PayRecord, {PAY: ALL}, Coalesce("paid_on", "period_end"), "recorded_at",
         lambda p: of_placement(p) & Q(superseded_by__isnull=True), _paid,
         {"end": _text("period_end"), "net": _text("net"), "currency": F("currency"), "to": F("paid_to")},
         Permission.PAY_VIEW),
    Kind("note", "message-square-text", Note, {NOTES: ALL}, TruncDate("written_at"), "", lambda p: of_placement(p) & NEWEST, _noted,
         {"id": F("pk"), "text": F("text"), "corrects": F("corrects_id"), "who": F("person_name"),
          "where": F("organisation__name")}),
    Kind("hold", "hand", Hold, {MOVES: ALL}, TruncDate("placed_at"), "placed_at", of_placement, _held,
         {"words": F("words"), "owner": F("owner__name"), "stands": Q(lifted_at__isnull=True)}),
    Kind("hold lifted", "hand", Hold, {MOVES: ALL, NOTES: ~Q(lifted_reason="")}, TruncDate("lifted_at"), "lifted_at",
         lambda p: of_placement(p) & Q(lifted_at__isnull=False), _lifted,
         {"why": F("lifted_reason"), "who": F("lifted_by__name")}),
    Kind("move", "arrow-right", JourneyEvent, {MOVES: ALL, NOTES: ~Q(note="")}, "happened_on", "recorded_at", of_placement, _move,
         {"move": F("move"), "from": F("from_step"), "to": F("to_step"), "reason": F("reason"), "note": F("note"),
          "on": _text("happened_on"), "known": _text("known_on"), "who": F("user__name"), "where": F("organisation__name")}),
    Kind("move taken back", "rotate-ccw", MoveTakenBack, {MOVES: ALL, NOTES: ~Q(why="")}, TruncDate("taken_back_at"), "taken_back_at",
         of_placement, _taken_back, {"to": F("to_step"), "why": F("why"), "on": _text("happened_on"),
         "who": F("taken_back_by__name"), "where": F("taken_back_for__name")}),
    Kind("told", "message-square", WorkerMessage, {CONTACTS: ALL}, TruncDate("recorded_at"), "recorded_at", of_placement, _told,
         {"text": F("text"), "language": F("language"), "how": F("how"), "who": F("user__name"), "where": F("organisation__name")}),
)  # fmt: skip
OF_WORKERS: Final = {kind.code: kind for kind in LIST}
