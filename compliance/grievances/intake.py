"""The worker's own door, without an account: tell (``file_concern``), read answers (``follow``), write again, and agree.

The portal acts as the desk, a database role that sees the one row whose key it holds. A code that does not exist is answered
like one that does, after the same work, which is then rolled back: nobody learns here whether a code exists.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import COMPILER_DB_ROLE, Kind
from accounts.scope import Scope, acting_as, desk_scope
from compliance.grievances import attachments, codes, notices, readers
from compliance.grievances.filing import LONGEST, fingerprint, insert, kept_words
from compliance.grievances.words import FOR_THE_PERSON
from compliance.grievances.writing import Kind as Event
from compliance.grievances.writing import enter, update
from compliance.models import ConcernCode, Grievance, GrievanceFile, GrievanceIdentity, GrievanceMessage
from pilots.models import Participation, Site
from workers.models import Placement

KINDS = {"programme": Kind.PROGRAMME, "welfare": Kind.WELFARE, "recruiter": Kind.RECRUITER}


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of filing: shown and printed once. ``sha256`` is the fingerprint of ``words``, ``followup`` the way back in."""

    code: str
    followup: str
    filed_on: date
    sha256: str
    words: str
    photos: int = 0
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What a person types into the public page."""

    words: str
    language: str = ""
    safe_now: bool | None = None
    contact: str = ""
    about: Collection[str] = field(default_factory=tuple)
    may_know: bool = False
    photos: Sequence[attachments.Sent] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a code leads: pilot, placement and organisations; ``real`` is False for the decoy of an unknown code."""

    pilot_id: int
    placement_id: int | None
    employer_id: int | None
    recruiter_id: int | None
    own: bool
    real: bool


@dataclass(frozen=True, slots=True)
class Following:
    """What the person reads: their own words, the messages, where it stands, and what they may still answer."""

    code: str
    opened_on: date
    words: str
    stage: str
    messages: tuple[tuple[bool, date, str], ...]
    may_release: bool
    may_withdraw: bool
    may_judge: bool
    photos: int


def file_concern(typed_code: str, told: Told, *, on: date, request: str = "") -> Receipt:
    """Take in what somebody tells under a code; ValidationError for an empty text or a slip in the code.

    The readers are named by the portal: the pilot's safeguarding leads whom it is not about, else welfare officers.
    """
    words, code = kept_words(told.words), codes.typed(typed_code)
    wrong = {}
    if not code:
        wrong["code"] = [_("There is a slip in this code. Compare it letter by letter with your card or the poster.")]
    if not words:
        wrong["words"] = [_("Write what happened, in your own words and language.")]
    elif len(words) > LONGEST:
        wrong["words"] = [_("At most %(number)s letters. You can write more afterwards.") % {"number": LONGEST}]
    if wrong:
        raise ValidationError(wrong)
    attachments.check(told.photos, code)
    followup = codes.draw(codes.PERSON)
    way = _way(code, request)
    with acting_as(desk_scope(codes.digest(followup), request=request)) as desk, transaction.atomic():
        made = _take_in(way, told, words, followup, on)
        files, troubles = attachments.hang(made, told.photos, by=desk)
        if files:
            attachments.note(made, len(files), on=on)
        if not way.real:
            attachments.leave_nothing(files)
            transaction.set_rollback(True)
    notices.tell(made.reader_ids if way.real else [])
    return Receipt(made.code, followup, on, fingerprint(words), words, len(files), tuple(troubles))


def _way(code: str, request: str) -> _Way:
    """Where the code leads; for an unknown one some way all the same, asked for by the same statements."""
    with acting_as(desk_scope(codes.digest(code), request=request)):
        found = ConcernCode.objects.first()
    with acting_as(None):
        some = Participation.objects.order_by("pilot_id").values_list("pilot_id", flat=True).first()
    pilot_id = found.pilot_id if found else some
    if pilot_id is None:
        raise ValidationError(
            {"code": [_("Concerns cannot be taken in here yet. Please call the number on your card.")]}
        )
    valid = found is not None and found.revoked_on is None
    placement_id = found.placement_id if found else None
    with acting_as(Scope(None, None, "", COMPILER_DB_ROLE, pilot_ids=(pilot_id,), request=request)):  # type: ignore[arg-type]
        employer, recruiter = Placement.objects.filter(pk__in=[placement_id or 0]).values_list(
            "employer_id", "recruiter_id"
        ).first() or (None, None)
        site = (
            Site.objects.filter(pk__in=[(found.site_id if found else 0) or 0])
            .values_list("employer_id", flat=True)
            .first()
        )
    # A withdrawn code still reaches somebody, but no longer speaks in the person's name.
    own = len(code) == codes.PERSON + 2
    return _Way(pilot_id, placement_id if valid else None, employer or site, recruiter, own, found is not None)


def _take_in(way: _Way, told: Told, words: str, followup: str, on: date) -> Grievance:
    concerned = _concerned(way, told.about)
    # Nobody may be left to read it. That is not said here, because no invented code would be told so; it waits for a
    # safeguarding lead whom it is not about, and the receipt tells everybody when to call.
    named, sensitivity = readers.for_intake(way.pilot_id, concerned)
    grievance = insert(
        {
            "pilot_id": way.pilot_id, "sensitivity": sensitivity, "reader_ids": named,
            "concerned_ids": concerned, "category": "other", "channel": "own code" if way.own else "poster",
            "language": told.language[:40], "account": words, "safe_now": told.safe_now, "opened_on": on,
            "urgent": told.safe_now is False,
        },
        followup,
    )  # fmt: skip
    if way.placement_id or told.contact.strip() or (way.own and not way.real):
        GrievanceIdentity.objects.create(
            pilot_id=way.pilot_id, grievance=grievance, placement_id=way.placement_id,
            contact=told.contact.strip()[:300] or ("" if way.real else "-"), reader_ids=named if told.may_know else [],
        )  # fmt: skip
    enter(grievance, Event.OPENED, by=None, on=on, who=_("The person"))
    return grievance


def _concerned(way: _Way, about: Collection[str]) -> list[int]:
    """Employer and recruiter always; and every partner of the kinds that the person named."""
    found = {pk for pk in (way.employer_id, way.recruiter_id) if pk}
    kinds = [
        kind.value for word, kind in KINDS.items() if word in about and not (word == "recruiter" and way.recruiter_id)
    ]
    with acting_as(None):
        partners = Participation.objects.filter(pilot_id=way.pilot_id, left_on__isnull=True, kind__in=kinds)
        found |= set(partners.values_list("organisation_id", flat=True))
    return sorted(found)


def follow(typed_code: str) -> Following | None:
    """What stands under a follow-up code; None for any other code, whatever it is."""
    with acting_as(_desk(typed_code)):
        found = Grievance.objects.first()
        identity = GrievanceIdentity.objects.filter(grievance=found).first()
        rows = GrievanceMessage.objects.filter(grievance=found).values_list("from_worker", "sent_on", "text")
        messages = tuple(rows)
        photos = GrievanceFile.objects.filter(grievance=found, withdrawn_at__isnull=True).count()
    if found is None:
        return None
    asked = found.stage == Grievance.Stage.DELIVERED or (
        found.stage == Grievance.Stage.CLOSED and found.satisfaction == Grievance.Satisfaction.NOT_REACHED
    )
    return Following(
        found.code, found.opened_on, found.account, str(FOR_THE_PERSON[found.stage]), messages,
        may_release=identity is not None and not set(found.reader_ids) <= set(identity.reader_ids),
        may_withdraw=identity is not None and bool(identity.reader_ids), may_judge=asked, photos=photos,
    )  # fmt: skip


def _desk(typed_code: str, request: str = "") -> Scope:
    return desk_scope(codes.digest(codes.typed(typed_code) or "none"), request=request)


def add(typed_code: str, text: str, *, on: date, request: str = "") -> bool:
    """The person writes again; False for a code that leads nowhere. ValidationError for an empty text."""
    words = kept_words(text)
    if not words:
        raise ValidationError({"text": [_("Write the message.")]})
    if len(words) > 4000:
        raise ValidationError({"text": [_("At most %(number)s letters.") % {"number": 4000}]})
    with acting_as(_desk(typed_code, request)):
        found = Grievance.objects.first()
        if found is None:
            return False
        GrievanceMessage.objects.create(
            pilot_id=found.pilot_id, grievance=found, from_worker=True, text=words, sent_on=on, who=_("The person")
        )
        enter(found, Event.RECEIVED, by=None, on=on, who=_("The person"))
        told = found.reader_ids
    notices.tell(told)
    return True


def release(typed_code: str, *, on: date, request: str = "") -> bool:
    """The person lets those who read it now know who they are; later readers need a new word of theirs."""
    with acting_as(_desk(typed_code, request)):
        found = Grievance.objects.first()
        identity = GrievanceIdentity.objects.filter(grievance=found).first()
        if found is None or identity is None:
            return False
        new = sorted(set(found.reader_ids) - set(identity.reader_ids))
        identity.reader_ids = sorted({*identity.reader_ids, *new})
        identity.save(update_fields=["reader_ids"])
        for pk in new:
            enter(found, Event.RELEASED, by=None, on=on, who=_("The person"), about_user_id=pk)
    return True


def withdraw(typed_code: str, *, on: date, request: str = "") -> bool:
    """The person takes it back: the portal shows nobody any more who they are. What somebody has read, they have read."""
    with acting_as(_desk(typed_code, request)):
        found = Grievance.objects.first()
        identity = GrievanceIdentity.objects.filter(grievance=found).first()
        if found is None or identity is None:
            return False
        told = identity.reader_ids
        identity.reader_ids = []
        identity.save(update_fields=["reader_ids"])
        for pk in told:
            enter(found, Event.WITHDRAWN, by=None, on=on, who=_("The person"), about_user_id=pk)
    return True


def judge(typed_code: str, satisfied: bool, *, on: date, request: str = "") -> bool:
    """The person says whether what was done is good: kept as a message, and as the answer of a case closed without one."""
    words = _("It is good.") if satisfied else _("It is not good.")
    if not add(typed_code, words, on=on, request=request):
        return False
    with acting_as(_desk(typed_code, request)):
        found = Grievance.objects.select_for_update().get()  # a reader who writes just now is waited for
        if found.stage == Grievance.Stage.CLOSED and found.satisfaction == Grievance.Satisfaction.NOT_REACHED:
            states = Grievance.Satisfaction
            update(found, satisfaction=states.SATISFIED if satisfied else states.NOT_SATISFIED)
    return True
