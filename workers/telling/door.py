"""Doors: ``drafts`` says what each worker would be told and who cannot be told, ``note`` records that they were."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Permission
from accounts.scope import Scope
from workers.journey.steps import STEP
from workers.models import Consent, Placement, WorkerMessage
from workers.telling.texts import Language, texts


@dataclass(frozen=True, slots=True)
class Draft:
    """What one worker would be told, in their language; ``plain``: the same in English, for who reads it out."""

    placement: Placement
    language: Language
    words: str
    plain: str


@dataclass(frozen=True, slots=True)
class Drafts:
    """Who would be told what, and who is not told, each with why."""

    drafts: tuple[Draft, ...]
    refused: tuple[tuple[Placement, str], ...]


def drafts(placement_ids: Iterable[int], key: str, *, by: Scope, day: date | None = None, place: str = "") -> Drafts:
    """What each of these workers would be told. Two statements, however many they are."""
    by.require(Permission.WORKERS_TELL)
    agreed = Consent.objects.filter(
        person=OuterRef("person"), purpose=Consent.Purpose.PARTICIPATION, withdrawn_on__isnull=True
    )
    rows = Placement.objects.filter(pk__in=list(placement_ids)).select_related("person", "state", "pilot")
    plain = texts().languages["en"].say(key, day=day, place=place)
    told, refused = [], []
    for one in rows.annotate(agrees=Exists(agreed)).order_by("person__family_name", "person__given_names", "pk"):
        if STEP[one.state.step].is_end:
            refused.append((one, _("The placement has ended.")))
        elif not one.agrees:
            refused.append((one, _("There is no consent to keep the record, or it was withdrawn.")))
        else:
            language = texts().for_person(one.person.languages)
            told.append(Draft(one, language, language.say(key, day=day, place=place), plain))
    return Drafts(tuple(told), tuple(refused))


def note(
    placement_ids: Iterable[int], key: str, *, how: str, by: Scope, day: date | None = None, place: str = ""
) -> int:
    """Record that these workers were told; answers how many. Who cannot be told is left out."""
    found = drafts(placement_ids, key, by=by, day=day, place=place).drafts
    WorkerMessage.objects.bulk_create(
        WorkerMessage(
            pilot_id=one.placement.pilot_id, placement=one.placement, recruiter_id=one.placement.recruiter_id,
            employer_id=one.placement.employer_id, text=key, language=one.language.code, day=day, place=place[:120],
            how=how, user_id=by.user_id, organisation_id=by.organisation_id,
        )
        for one in found
    )  # fmt: skip
    if found:
        audit.record(
            "workers told", "placement", scope=by, pilot_id=found[0].placement.pilot_id, reason=f"{len(found)} told"
        )
    return len(found)
