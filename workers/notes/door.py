"""The door of notes: ``write`` one, ``correct`` one's own, ``withhold`` words that belong to the safeguarding lead alone."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.notices.door import knock
from accounts.scope import Scope
from workers.models import Mention, Note
from workers.notes.about import About, audiences, colleagues, name_of, told
from workers.sheets.restricted import tells_of_health_or_abuse

MENTIONS, LETTERS = "mentions", "letters"  # kinds of notices (lamp_portal/notices/kinds.py)
HEADER = "Note"


def write(
    about: About, text: str, audience: str, *, by: Scope, at: datetime, mentions: Iterable[int] = (),
    harmless: bool = False,
) -> Note:  # fmt: skip
    """Note something about a record for an audience, and mention colleagues. ValidationError in words.

    Words that tell of health or abuse are refused unless the writer says that they are ``harmless``; that is recorded."""
    if audience not in audiences(about, by):
        raise ValidationError({"audience": _("Choose for whom the note is.")})
    _careful(text, harmless)
    note = Note(
        **about.keys, organisation_id=by.organisation_id, user_id=by.user_id, person_name=name_of(by), audience=audience,
        told_ids=told(about, audience, by), text=text.strip(), written_at=at,
    )  # fmt: skip
    note.validate_constraints()
    note.save(force_insert=True)
    if harmless and tells_of_health_or_abuse(text):
        audit.record("kept after a warning", "note", note.pk, scope=by, pilot_id=about.pilot.pk)
    mention(note, mentions, by=by, at=at)
    answered(note)
    return note


def answered(note: Note) -> None:
    """Who wrote to the writer's organisation about this record hears that the programme was answered."""
    if note.audience == Note.Audience.PROGRAMME and note.placement_id is not None:
        asked = Note.objects.filter(audience=Note.Audience.PARTNERS, placement_id=note.placement_id)
        knock(asked.exclude(organisation_id=note.organisation_id).values_list("user_id", flat=True), LETTERS)


def mention(note: Note, user_ids: Iterable[int], *, by: Scope, at: datetime) -> None:
    """Have colleagues read a note. PermissionDenied for anybody who is not offered: they may not see the record."""
    wanted = set(user_ids)
    if not wanted:
        return
    known = colleagues(by)
    if not wanted <= known.keys():
        raise PermissionDenied("mention")
    Mention.objects.bulk_create(
        [
            Mention(
                pilot_id=note.pilot_id, note=note, organisation_id=by.organisation_id, user_id=user_id,
                person_name=known[user_id], at=at,
            )
            for user_id in sorted(wanted)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    knock(wanted, MENTIONS)


def correct(note: Note, text: str, *, by: Scope, at: datetime, harmless: bool = False) -> Note:
    """A new version of one's own note, for the same readers as before. ValidationError where somebody was quicker."""
    if not may_correct(note, by):
        raise PermissionDenied("note")
    _careful(text, harmless)
    version = Note(
        pilot_id=note.pilot_id, placement_id=note.placement_id, cohort_id=note.cohort_id,
        organisation_id=note.organisation_id, user_id=by.user_id, person_name=note.person_name, audience=note.audience,
        told_ids=note.told_ids, text=text.strip(), corrects=note, written_at=at,
    )  # fmt: skip
    version.validate_constraints()
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(_("This note was corrected already. Read the newest version first.")) from error
    return version


def may_correct(note: Note, by: Scope) -> bool:
    """Only who wrote it, acting for the same organisation."""
    return (note.user_id, note.organisation_id) == (by.user_id, by.organisation_id)


def _careful(text: str, harmless: bool) -> None:
    if not text.strip():
        raise ValidationError({"text": _("Write something.")})
    if not harmless and tells_of_health_or_abuse(text):
        raise ValidationError({"text": ValidationError(warning(), code="health")})


def warning() -> str:
    """What the writer of such words reads."""
    return _("This may tell of somebody’s health, or of violence. Such words are not kept where many read them.")


def is_warning(error: ValidationError) -> bool:
    """Whether the words were held back as telling of health or abuse."""
    return any(each.code == "health" for found in getattr(error, "error_dict", {}).values() for each in found)


def withhold(about: About, text: str, *, by: Scope) -> None:
    """Hand words over to the safeguarding leads of the pilot instead; the writer cannot read them back there."""
    with connection.cursor() as cursor:
        # Without RETURNING: the writer may add here and not read.
        cursor.execute(
            "insert into workers_withheldtext (pilot_id, organisation_id, user_id, row_number, worker_code, header, text)"
            " values (%s, %s, %s, 0, %s, %s, %s)",
            [
                about.pilot.pk,
                by.organisation_id,
                by.user_id,
                about.code if about.placement else "",
                HEADER,
                text.strip(),
            ],
        )
    audit.record("words handed over", "note", scope=by, pilot_id=about.pilot.pk, restricted=True)


def newest(notes: QuerySet[Note]) -> QuerySet[Note]:
    """Of each note the version that counts now."""
    return notes.filter(~Exists(Note.objects.filter(corrects=OuterRef("pk"))))


def notes_of(about: About) -> QuerySet[Note]:
    """What is noted about a record and told to the reader, newest first, with whom it mentions."""
    rows = Note.objects.filter(**_record(about)).select_related("organisation").prefetch_related("mentions")
    return newest(rows).order_by("-written_at", "-pk")


def _record(about: About) -> dict[str, int | None]:
    return {name: value for name, value in about.keys.items() if name != "pilot_id" and value is not None}


def versions(note: Note) -> list[Note]:
    """A note with the versions before it, newest first. Walked one by one: a note is corrected a few times at most."""
    found = [note]
    while found[-1].corrects_id is not None and len(found) < 50:
        found.append(Note.objects.select_related("organisation").get(pk=found[-1].corrects_id))
    return found
