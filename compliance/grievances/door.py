"""The door: ``move`` from stage to stage, ``note``, ``say``, ``note_reading``, ``change`` what was written by staff."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.scope import Scope, acting_as, desk_scope
from compliance.grievances import notices, readers
from compliance.grievances.stages import MOVES, Move
from compliance.grievances.words import CATEGORIES, GRAVE, REMEDIES
from compliance.grievances.writing import Changed, Kind, enter, send, update
from compliance.models import Grievance

__all__ = ["Changed", "change", "move", "note", "note_reading", "raise_to_restricted", "say"]
# What staff write beside the person's own words, at any time before it is closed.
BESIDE = frozenset({
    "summary", "safe_now", "wishes", "options_told", "companion_offered", "consent_to_share", "interpreter", "language",
    "indicators", "urgent", "limits_told",
})  # fmt: skip


def require_reader(grievance: Grievance, by: Scope) -> None:
    """Whoever opened it in an emergency reads; only those named on it act."""
    by.require(Permission.CASE_HANDLE)
    if by.user_id not in grievance.reader_ids:
        raise ValidationError(_("You opened this case in an emergency: you may read it, not change it."))


def move(grievance: Grievance, code: str, *, by: Scope, on: date, day: date | None = None, **given) -> Grievance:
    """Make a move of ``MOVES`` on ``day`` (today where it is left out).

    ``given`` holds the fields the move needs. ValidationError with every reason by field; Changed where another reader was quicker.
    """
    require_reader(grievance, by)
    chosen, day = MOVES[code], day or on
    wrong = _refusals(grievance, chosen, on, day, given, by)
    if wrong:
        raise ValidationError(wrong)
    before = grievance.stage
    values = {"stage": chosen.target, "stage_since": day, "progressed_on": max(day, grievance.progressed_on)}
    update(grievance, **values, **_values(chosen.code, day, given))
    enter(
        grievance, Kind.MOVED, by=by, on=day, from_stage=before, to_stage=chosen.target, text=given.get("text", "").strip(),
        about_user_id=given.get("lead_id"),
    )  # fmt: skip
    if given.get("message", "").strip():
        send(grievance, given["message"], by=by, on=day)
    if given.get("lead_id") not in {None, by.user_id}:
        notices.tell([given["lead_id"]])
    return grievance


def _refusals(grievance: Grievance, chosen: Move, on: date, day: date, given: dict, by: Scope) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if grievance.stage not in chosen.sources:
        wrong["__all__"] = [
            _("“%(move)s” does not follow on “%(stage)s”.")
            % {"move": chosen.label, "stage": grievance.get_stage_display()}
        ]
    if not grievance.stage_since <= day <= on:
        wrong["day"] = [_("The day lies between the last stage and today.")]
    for field, words in chosen.needs.items():
        value = given.get(field)
        if value is None or value is False or (isinstance(value, str) and not value.strip()):
            wrong.setdefault(field, []).append(str(words))
    if given.get("category") and given["category"] not in CATEGORIES:
        wrong["category"] = [_("Choose what the case is about.")]
    if given.get("lead_id") and given["lead_id"] not in grievance.reader_ids:
        wrong["lead_id"] = [_("Who sees to a case is one of its readers.")]
    if given.get("remedy_kind") and given["remedy_kind"] not in REMEDIES:
        wrong["remedy_kind"] = [_("Say what kind of remedy was agreed.")]
    wrong |= _about_money(given) | _about_closing(grievance, chosen, given)
    if chosen.code == "triage" and _grave(given) and not by.allows(Permission.CASE_RESTRICTED):
        wrong["category"] = [_("This is for a safeguarding lead: restrict the case to one instead.")]
    delivered = given.get("delivered_on")
    if delivered and not grievance.opened_on <= delivered <= on:
        wrong["delivered_on"] = [_("A remedy is delivered after the case was opened, and not in the future.")]
    return wrong


def _grave(given: dict) -> bool:
    """Whether triage finds it restricted: by its category, or because whoever decides says so."""
    return given.get("category") in GRAVE or bool(given.get("restricted"))


def _about_money(given: dict) -> dict[str, list[str]]:
    amount, currency = given.get("remedy_amount"), given.get("currency", "")
    if amount is None:
        return {}
    if not isinstance(amount, Decimal) or amount <= 0:
        return {"remedy_amount": [_("An amount is above zero.")]}
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        return {"currency": [_("Write the currency as three capital letters, such as NZD.")]}
    return {}


def _about_closing(grievance: Grievance, chosen: Move, given: dict) -> dict[str, list[str]]:
    if chosen.code != "close":
        return {}
    wrong = {}
    if given.get("satisfaction") and given["satisfaction"] not in Grievance.Satisfaction.values:
        wrong["satisfaction"] = [str(chosen.needs["satisfaction"])]
    if grievance.restricted and not given.get("agreed_to_close"):
        wrong["agreed_to_close"] = [_("A case is closed only when the person agrees.")]
    return wrong


def _values(code: str, day: date, given: dict) -> dict:
    if code == "acknowledge":
        return {"acknowledged_on": day}
    if code == "triage":
        return {
            "triaged_on": day, "category": given["category"], "lead_id": given["lead_id"], "limits_told": True,
            "urgent": bool(given.get("urgent")),
            "sensitivity": Grievance.Sensitivity.RESTRICTED if _grave(given) else Grievance.Sensitivity.ORDINARY,
        }  # fmt: skip
    if code == "propose":
        return {
            "remedy_kind": given["remedy_kind"], "remedy_words": given["remedy_words"].strip(),
            "remedy_amount": given.get("remedy_amount"),
            "currency": given.get("currency", "") if given.get("remedy_amount") else "",
        }  # fmt: skip
    if code == "deliver":
        return {"delivered_on": given["delivered_on"]}
    if code == "close":
        return {
            "closed_on": day, "satisfaction": given["satisfaction"], "agreed_to_close": bool(given.get("agreed_to_close")),
            "root_cause": given.get("root_cause", "").strip(),
        }  # fmt: skip
    if code == "reopen":
        return {"closed_on": None, "satisfaction": "", "agreed_to_close": False, "reopened_on": day}
    return {}


def note_reading(grievance: Grievance, *, by: Scope, on: date) -> None:
    """The account is opened: an event that every reader sees. The trail of grievances is theirs alone.

    The common audit trail would tell a colleague who is not named that there is something to read.
    """
    enter(grievance, Kind.READ, by=by, on=on)


def note(grievance: Grievance, *, by: Scope, on: date, text: str) -> None:
    """An internal note, which the person never sees."""
    require_reader(grievance, by)
    if not text.strip():
        raise ValidationError({"text": _("Write what happened.")})
    update(grievance, progressed_on=max(on, grievance.progressed_on))
    enter(grievance, Kind.NOTE, by=by, on=on, text=text.strip())


def say(grievance: Grievance, *, by: Scope, on: date, text: str) -> None:
    """A message that the person reads with their code."""
    require_reader(grievance, by)
    if not text.strip():
        raise ValidationError({"message": _("Write the message.")})
    update(grievance, progressed_on=max(on, grievance.progressed_on))
    send(grievance, text, by=by, on=on)


def change(grievance: Grievance, *, by: Scope, on: date, **values) -> None:
    """Change what staff wrote beside the person's words (``BESIDE``); the words themselves never change."""
    require_reader(grievance, by)
    if set(values) - BESIDE:
        raise TypeError(f"not to be changed here: {sorted(set(values) - BESIDE)}")
    if grievance.stage == Grievance.Stage.CLOSED:
        raise ValidationError(_("The case is closed. Open it again to change it."))
    changed = sorted(name for name, value in values.items() if getattr(grievance, name) != value)
    if changed:
        update(grievance, **values)
        enter(grievance, Kind.CHANGED, by=by, on=on, text=", ".join(changed))


def raise_to_restricted(grievance: Grievance, *, by: Scope, on: date, reader_ids: list[int]) -> None:
    """It is graver than it seemed: from now on only these confidants read it, and nobody of a programme's office.

    The desk writes it: a programme officer who hands it on stops reading with this act.
    """
    require_reader(grievance, by)
    allowed = {
        r.user_id
        for r in readers.possible(
            grievance.pilot_id, Grievance.Sensitivity.RESTRICTED, grievance.concerned_ids, grievance.concerned_user_ids,
            by=by,
        )
    }  # fmt: skip
    chosen = sorted({*reader_ids, *({by.user_id} & allowed)})
    wrong = {}
    if grievance.restricted:
        wrong["readers"] = [_("It is restricted already.")]
    elif not chosen or set(chosen) - allowed:
        wrong["readers"] = [_("Choose who reads it from now on: a safeguarding lead or a welfare officer.")]
    elif len(chosen) > readers.MOST_READERS:
        wrong["readers"] = [_("Name five readers at most.")]
    if wrong:
        raise ValidationError(wrong)
    off = set(grievance.reader_ids) - set(chosen)
    enter(grievance, Kind.CHANGED, by=by, on=on, text="sensitivity")
    for pk in sorted(off):
        enter(grievance, Kind.REVOKED, by=by, on=on, about_user_id=pk)
    for pk in sorted(set(chosen) - set(grievance.reader_ids)):
        enter(grievance, Kind.GRANTED, by=by, on=on, about_user_id=pk)
    readers.forget(grievance, off)
    with acting_as(desk_scope(grievance.code, by.user_id)):
        update(
            grievance, sensitivity=Grievance.Sensitivity.RESTRICTED, reader_ids=chosen,
            lead_id=grievance.lead_id if grievance.lead_id in chosen else chosen[0],
        )  # fmt: skip
    notices.tell([pk for pk in chosen if pk != by.user_id])
