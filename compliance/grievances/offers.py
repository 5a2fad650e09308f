"""Offering a grievance to somebody else: to help as well (referral) or to take it over (transfer), with consent as the gate.

Offered, then accepted or rejected by the other, or withdrawn: an accepted one too, when the person no longer agrees;
then the other stops reading at the next request.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.names import name_of
from accounts.roles import Permission
from accounts.scope import Scope, acting_as, desk_scope
from compliance.grievances import notices, readers
from compliance.grievances.door import require_reader
from compliance.grievances.writing import Kind, enter, update
from compliance.models import Grievance, GrievanceIdentity, GrievanceOffer

State = GrievanceOffer.State


def offer(
    grievance: Grievance,
    *,
    by: Scope,
    on: date,
    kind: str,
    purpose: str,
    consent_on: date | None,
    consent_how: str,
    to_user_id: int | None = None,
    to_name: str = "",
    with_identity: bool = False,
) -> GrievanceOffer:
    """Offer it to a person of the portal (``to_user_id``) or note that somebody outside was asked (``to_name``)."""
    require_reader(grievance, by)
    wrong: dict[str, list[str]] = {}
    if grievance.stage == Grievance.Stage.CLOSED:
        wrong["__all__"] = [_("The case is closed. Open it again first.")]
    elsewhere = {r.user_id: r for r in readers.possible_elsewhere(grievance)}
    if to_user_id is not None and to_user_id not in elsewhere:
        wrong["to_user"] = [_("This person may not read this case.")]
    if to_user_id is None and not to_name.strip():
        wrong["to_name"] = [_("Say to whom it is offered.")]
    if kind == GrievanceOffer.Kind.TRANSFER and to_user_id is None:
        wrong["kind"] = [_("Only somebody who works with this portal can take a case over.")]
    if not purpose.strip():
        wrong["purpose"] = [_("Say what for.")]
    if consent_on is None or consent_on > on or not consent_how.strip():
        wrong["consent_how"] = [_("Nothing is offered to others before the person agreed. Say when and how they did.")]
    if with_identity and not GrievanceIdentity.objects.filter(grievance=grievance).exists():
        wrong["with_identity"] = [_("Only somebody who knows who the person is can release it.")]
    if wrong or consent_on is None:
        raise ValidationError(wrong)
    made = GrievanceOffer.objects.create(
        pilot_id=grievance.pilot_id, grievance=grievance, code=grievance.code, kind=kind, to_user_id=to_user_id,
        to_name=elsewhere[to_user_id].name if to_user_id else to_name.strip(), purpose=purpose.strip(),
        with_identity=with_identity, consent_on=consent_on, consent_how=consent_how.strip(), offered_on=on,
        offered_by=by.user_id, offered_by_name=name_of(by), concerned_ids=grievance.concerned_ids,
        concerned_user_ids=grievance.concerned_user_ids,
    )  # fmt: skip
    enter(grievance, Kind.OFFERED, by=by, on=on, about_user_id=to_user_id, text=f"{kind}: {made.to_name}")
    if to_user_id is not None:
        notices.tell([to_user_id])
    return made


def offered_to(by: Scope) -> list[GrievanceOffer]:
    """What waits for this person's answer."""
    rows = GrievanceOffer.objects.filter(to_user_id=by.user_id, state=State.OFFERED)
    return list(rows.select_related("pilot").order_by("-recorded_at", "-pk")[:100])


def answer(made: GrievanceOffer, *, by: Scope, on: date, accept: bool, words: str = "") -> None:
    """The one it was offered to accepts or rejects. Accepting names them as a reader, by the desk's hand."""
    by.require(Permission.CASE_HANDLE)
    if made.to_user_id != by.user_id or made.state != State.OFFERED:
        raise ValidationError(_("This offer no longer waits for your answer."))
    if not accept and not words.strip():
        raise ValidationError({"answer": [_("Say why not, so that somebody else can be asked.")]})
    state = State.ACCEPTED if accept else State.REJECTED
    _state(made, State.OFFERED, state=state, answered_on=on, answer=words.strip())
    who = name_of(by)
    with acting_as(desk_scope(made.code, by.user_id)):
        grievance = Grievance.objects.get()
        if accept:
            _take(grievance, made, by)
        enter(grievance, Kind.ANSWERED, by=by, on=on, who=who, about_user_id=by.user_id, text=str(State(state).label))
        told = [made.offered_by]
    notices.tell(told)


def _take(grievance: Grievance, made: GrievanceOffer, by: Scope) -> None:
    """The new reader comes in; with a transfer the one who offered it goes out, and the new one sees to it."""
    away = set(readers.gone(grievance))
    transfer = made.kind == GrievanceOffer.Kind.TRANSFER
    if transfer:
        away.add(made.offered_by)
    kept = sorted(({*grievance.reader_ids} - away) | {by.user_id})
    if len(kept) > readers.MOST_READERS:
        raise ValidationError(_("This case has five readers already. One of them must step back first."))
    lead = by.user_id if transfer else grievance.lead_id if grievance.lead_id in kept else None
    update(grievance, reader_ids=kept, lead_id=lead)
    for identity in GrievanceIdentity.objects.filter(grievance=grievance):
        told = set(identity.reader_ids) - away
        identity.reader_ids = sorted(told | {by.user_id} if made.with_identity else told)
        identity.save(update_fields=["reader_ids"])


def revoke(made: GrievanceOffer, grievance: Grievance, *, by: Scope, on: date, why: str) -> None:
    """Withdraw an offer; after it was accepted, the other stops reading (the person may withdraw consent at any time)."""
    require_reader(grievance, by)
    if made.state not in {State.OFFERED, State.ACCEPTED}:
        raise ValidationError(_("This offer was answered or withdrawn before."))
    if not why.strip():
        raise ValidationError({"why": [_("Say why.")]})
    if made.to_user_id == by.user_id:
        raise ValidationError(_("Another reader can withdraw it."))
    _state(made, made.state, state=State.REVOKED, answered_on=on, answer=why.strip())
    if made.to_user_id in grievance.reader_ids:
        readers.remove(grievance, made.to_user_id, by=by, on=on, why=why)
    enter(grievance, Kind.ANSWERED, by=by, on=on, about_user_id=made.to_user_id, text=str(State.REVOKED.label))


def note_answer(made: GrievanceOffer, grievance: Grievance, *, by: Scope, on: date, accept: bool, words: str) -> None:
    """What somebody outside the portal answered, as they told a reader."""
    require_reader(grievance, by)
    if made.to_user_id is not None or made.state != State.OFFERED:
        raise ValidationError(_("This offer no longer waits for an answer."))
    state = State.ACCEPTED if accept else State.REJECTED
    _state(made, State.OFFERED, state=state, answered_on=on, answer=words.strip())
    enter(grievance, Kind.ANSWERED, by=by, on=on, text=f"{made.to_name}: {State(state).label}")


def _state(made: GrievanceOffer, before: str, **values) -> None:
    if not GrievanceOffer.objects.filter(pk=made.pk, state=before).update(**values):
        raise ValidationError(_("This offer was answered or withdrawn before."))
    for name, value in values.items():
        setattr(made, name, value)
