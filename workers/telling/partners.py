"""Writing to the recruiters and employers of many people at once: ``drafts`` says whose members would read what about whom,
``send`` writes it, ``letters`` is what was written to the reader's organisation.

A letter is a note on each of the people, for one's own organisation and those that were chosen: it stands on the page of each,
is corrected and answered there, and goes to nobody who comes later. Members hear by a notice that something came, never what.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.models import Membership
from accounts.notices.door import knock
from accounts.roles import Permission
from accounts.scope import Scope, acting_as
from workers.models import Note, Placement
from workers.notes.about import SEE_PERSONS, name_of
from workers.notes.door import LETTERS, newest, warning
from workers.sheets.restricted import tells_of_health_or_abuse

RECRUITERS, EMPLOYERS = "recruiters", "employers"
PARTNERS: Final[dict[str, tuple[str, str | Promise]]] = {
    RECRUITERS: ("recruiter", gettext_lazy("Their recruiters")),
    EMPLOYERS: ("employer", gettext_lazy("Their employers")),
}
SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class Drafts:
    """organisation → its name, and the people it would read about; and the people about whom nobody would read."""

    names: dict[int, str] = field(default_factory=dict)
    people: dict[int, list[Placement]] = field(default_factory=dict)
    left_out: list[Placement] = field(default_factory=list)

    def readers_of(self) -> dict[int, list[int]]:
        """placement → the organisations that read about it."""
        found: dict[int, list[int]] = {}
        for organisation, rows in self.people.items():
            for one in rows:
                found.setdefault(one.pk, []).append(organisation)
        return found


def drafts(placement_ids: Iterable[int], to: Collection[str], *, by: Scope) -> Drafts:
    """Whose members would read about whom: each organisation about its own people alone. One statement."""
    by.require(Permission.PARTNERS_WRITE)
    rows = Placement.objects.filter(pk__in=list(placement_ids)).select_related("person", "recruiter", "employer")
    found = Drafts()
    for one in rows.order_by("person__family_name", "person__given_names", "pk"):
        partners = [getattr(one, PARTNERS[code][0]) for code in PARTNERS if code in to]
        chosen = {each.pk: each.name for each in partners if each and each.pk != by.organisation_id}
        found.names.update(chosen)
        for pk in chosen:
            found.people.setdefault(pk, []).append(one)
        if not chosen:
            found.left_out.append(one)
    return found


def send(
    placement_ids: Iterable[int], to: Collection[str], text: str, *, by: Scope, at: datetime, harmless: bool = False
) -> Drafts:
    """Write it: a note on each of these people for their organisations, and a knock for the members who see persons.

    ValidationError where there are no words, they tell of health or abuse (unless ``harmless``; that is recorded), or nobody
    would read them."""
    found = drafts(placement_ids, to, by=by)
    words = text.strip()
    if not words:
        raise ValidationError({"text": _("Write something.")})
    grave = tells_of_health_or_abuse(words)
    if grave and not harmless:
        raise ValidationError({"text": ValidationError(warning(), code="health")})
    readers, rows = found.readers_of(), {one.pk: one for people in found.people.values() for one in people}
    if not rows:
        raise ValidationError({"to": _("None of these people has such an organisation yet.")})
    name = name_of(by)
    Note.objects.bulk_create(
        Note(
            pilot_id=one.pilot_id, placement_id=pk, organisation_id=by.organisation_id, user_id=by.user_id, person_name=name,
            audience=Note.Audience.PARTNERS, told_ids=sorted({by.organisation_id, *readers[pk]}), text=words, written_at=at,
        )
        for pk, one in rows.items()
    )  # fmt: skip
    knock(_members(found.names), LETTERS)
    pilot = next(iter(rows.values())).pilot_id
    audit.record("partners written to", "placement", pilot_id=pilot, reason=f"{len(found.names)} about {len(rows)}")
    if grave:
        audit.record("kept after a warning", "note", pilot_id=pilot)
    return found


def _members(organisations: Iterable[int]) -> list[int]:
    """Who of these organisations sees persons: read with no rows of a pilot in sight, and told to nobody."""
    with acting_as(None):
        rows = Membership.objects.filter(
            organisation_id__in=list(organisations), ended_at__isnull=True, role__in=SEE_PERSONS, user__is_active=True
        )
        return list(rows.values_list("user_id", flat=True))


@dataclass(frozen=True, slots=True)
class Letter:
    """What was written at one moment by one person: the words, and the notes on the people it is about."""

    note: Note
    about: list[Note]


def received(by: Scope, since: datetime, until: datetime) -> QuerySet[Note]:
    """Notes that another organisation sent to the reader's, or answered where the reader had written, on people they see now."""
    asked = Note.objects.filter(
        audience=Note.Audience.PARTNERS, user_id=by.user_id, organisation_id=by.organisation_id,
        placement_id=OuterRef("placement_id"),
    )  # fmt: skip
    rows = Note.objects.filter(
        told_ids__contains=[by.organisation_id], written_at__gt=since, written_at__lte=until, placement__isnull=False
    ).exclude(organisation_id=by.organisation_id)
    wanted = Q(audience=Note.Audience.PARTNERS) | Q(audience=Note.Audience.PROGRAMME) & Exists(asked)
    return rows.filter(wanted, Exists(Placement.objects.filter(pk=OuterRef("placement_id"))))


def counted(by: Scope, since: datetime, until: datetime) -> int:
    """How many letters and answers came, however many people each is about."""
    return received(by, since, until).order_by().values("user_id", "organisation_id", "written_at").distinct().count()


def letters(by: Scope, since: datetime, until: datetime) -> list[Letter]:
    """They themselves, newest first, the newest words of each; at most ``SHOWN`` of at most 500 notes."""
    rows = newest(received(by, since, until)).select_related("organisation", "placement__person")
    found: dict[tuple, Letter] = {}
    for note in rows.order_by("-written_at", "placement__person__family_name", "pk")[:500]:
        key = (note.organisation_id, note.user_id, note.written_at, note.text)
        found.setdefault(key, Letter(note, [])).about.append(note)
    return list(found.values())[:SHOWN]
