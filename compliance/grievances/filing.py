"""Filing by staff, for a worker or for somebody without a name."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.scope import Scope
from compliance.grievances import codes, notices, readers
from compliance.grievances.words import BY_STAFF, CATEGORIES, GRAVE
from compliance.grievances.writing import Kind, enter
from compliance.models import Grievance, GrievanceIdentity
from workers.models import Placement

LONGEST = 8000


@dataclass(frozen=True, slots=True)
class Filed:
    """What filing gives back: the row, and the code with which the person follows it (shown once, kept as a hash)."""

    grievance: Grievance
    followup: str


def fingerprint(words: str) -> str:
    """SHA-256 of what was told, as it is kept; printed on the receipt, so that nobody can change it unseen."""
    return hashlib.sha256(words.encode()).hexdigest()


def kept_words(text: str) -> str:
    """The words as they are kept: one way of writing accents and line ends, nothing else changed."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\x00", "")).strip()


def insert(fields: dict, followup: str) -> Grievance:
    """The row under a free code drawn at random."""
    words = kept_words(fields.pop("account"))
    for _try in range(20):
        code = codes.case_code()
        try:
            with transaction.atomic():
                return Grievance.objects.create(
                    code=code, account=words, words_sha256=fingerprint(words), followup_hash=codes.digest(followup),
                    stage_since=fields["opened_on"], progressed_on=fields["opened_on"], **fields,
                )  # fmt: skip
        except IntegrityError as taken:
            if "_code_" not in str(taken):
                raise
    raise RuntimeError("no free code was found in twenty draws")


def file(
    *,
    by: Scope,
    on: date,
    pilot_id: int,
    category: str,
    account: str,
    channel: str,
    restricted: bool = False,
    reader_ids: Iterable[int] = (),
    placement: Placement | None = None,
    concerned_ids: Iterable[int] = (),
    name: str = "",
    contact: str = "",
    limits_told: bool = False,
    options_told: Sequence[str] = (),
    **more,
) -> Filed:
    """File a grievance. Whoever files is a reader; others are chosen from ``readers.possible``.

    The graver categories are restricted, whatever was asked. Moves nothing, holds nothing, opens no finding: for
    everybody who is not named the world stays as it was. ValidationError carries every reason against it.
    """
    by.require(Permission.CASE_HANDLE)
    about = set(concerned_ids)
    if placement is not None:
        about |= {pk for pk in (placement.employer_id, placement.recruiter_id) if pk}
    grave = restricted or category in GRAVE
    if grave:
        by.require(Permission.CASE_RESTRICTED)
    sensitivity = Grievance.Sensitivity.RESTRICTED if grave else Grievance.Sensitivity.ORDINARY
    wrong = _wrong(category, account, channel, grave and not limits_told)
    try:
        chosen = readers.check(pilot_id, sensitivity, about, {by.user_id, *reader_ids}, by=by)
    except ValidationError as others:
        wrong |= others.message_dict
    if wrong:
        raise ValidationError(wrong)
    followup = codes.draw(codes.PERSON)
    grievance = insert(
        {
            "pilot_id": pilot_id, "sensitivity": sensitivity, "reader_ids": chosen, "concerned_ids": sorted(about),
            "category": category, "channel": channel, "account": account, "opened_on": on, "lead_id": by.user_id,
            "limits_told": limits_told, "options_told": list(options_told), **more,
        },
        followup,
    )  # fmt: skip
    enter(grievance, Kind.OPENED, by=by, on=on)
    if placement is not None or name.strip() or contact.strip():
        GrievanceIdentity.objects.create(
            pilot_id=pilot_id, grievance=grievance, placement=placement, name=name.strip(), contact=contact.strip(),
            reader_ids=[by.user_id],
        )  # fmt: skip
    notices.tell([pk for pk in chosen if pk != by.user_id])
    return Filed(grievance, followup)


def _wrong(category: str, account: str, channel: str, limits_missing: bool) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if category not in CATEGORIES:
        wrong["category"] = [_("Choose what the case is about.")]
    if not kept_words(account):
        wrong["account"] = [_("Write down what the person told, in the person's words.")]
    elif len(kept_words(account)) > LONGEST:
        wrong["account"] = [_("At most %(number)s letters.") % {"number": LONGEST}]
    if channel not in BY_STAFF:
        wrong["channel"] = [_("Say how it came to you.")]
    if limits_missing:
        wrong["limits_told"] = [_("First tell the person what cannot be kept confidential, and say so here.")]
    return wrong
