"""Photos and papers that a worker sends with their words, without an account; and who opens them.

They go through the door of files (``workers/files/door.py``): what they are is decided by their content, pictures are drawn
anew so that nothing of the telephone goes along, and the bytes lie under names drawn at random. A photo that is refused
costs no words. Whatever stands under no real code is looked at with the same work, and nothing of it stays.
"""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.scope import Scope, acting_as, desk_scope
from compliance.grievances import codes, pace
from compliance.grievances.writing import Kind, enter
from compliance.models import Grievance, GrievanceFile
from workers.files import storage
from workers.files.door import FileRefused, Looked, keep
from workers.files.door import withdraw as withdraw_file

AT_ONCE = 3
# Of one case, from the first word to the last; and of one code in an hour, on top of what an address may do (``pace``).
MOST, MOST_AN_HOUR = 20, 9

type Sent = Looked | FileRefused


def within_hour(code: str, number: int) -> bool:
    """Count that many files for this code; False once it used up its hour. Invented codes are counted alike, and how many
    are let in says nothing of who sent some before: the code of a poster is known to everybody."""
    return pace.counted(f"files:{codes.digest(code)[:32]}", number, MOST_AN_HOUR)


def hang(grievance: Grievance, photos: Sequence[Sent], *, by: Scope) -> tuple[list[GrievanceFile], list[str]]:
    """Hang these on the grievance that the desk sees; answers (what was kept, sentences on what was not)."""
    have = set(GrievanceFile.objects.filter(grievance=grievance).values_list("sent_sha256", flat=True))
    kept: list[GrievanceFile] = []
    troubles: list[str] = []
    for photo in photos[:AT_ONCE]:
        if isinstance(photo, FileRefused):
            troubles.append(photo.message)
        elif photo.sent_sha256 in have:
            continue
        elif len(have) >= MOST:
            troubles.append(_("No more than %(number)s photos are kept with one concern.") % {"number": MOST})
        else:
            try:
                kept.append(keep(GrievanceFile, photo, by=by, pilot_id=grievance.pilot_id, grievance=grievance))
            except FileRefused as refused:
                troubles.append(refused.message)
            else:
                have.add(photo.sent_sha256)
    return kept, list(dict.fromkeys(troubles))


def leave_nothing(files: Sequence[GrievanceFile]) -> None:
    """Take the bytes away of what is rolled back: nobody's code leaves nothing behind."""
    for file in files:
        storage.store().delete(file.stored_as)


def add(typed_code: str, photos: Sequence[Sent], *, on: date, request: str = "") -> list[str] | None:
    """The person sends photos under the follow-up code; sentences on what was not kept, or None for no real code."""
    with acting_as(desk_scope(codes.digest(codes.typed(typed_code) or "none"), request=request)) as by:
        found = Grievance.objects.first()
        if found is None:
            return None
        kept, troubles = hang(found, photos, by=by)
        if kept:
            note(found, len(kept), on=on)
    return troubles


def note(grievance: Grievance, number: int, *, on: date) -> None:
    """The event that every reader sees: so many came."""
    enter(grievance, Kind.FILES, by=None, on=on, who=_("The person"), text=str(number))


def open_file(file: GrievanceFile, *, by: Scope, on: date) -> None:
    """Write the reading down before the file is handed out: an event of the case, in no common trail."""
    enter(Grievance.objects.get(pk=file.grievance_id), Kind.FILE_READ, by=by, on=on)


def withdraw(file: GrievanceFile, *, by: Scope, on: date, reason: str) -> None:
    """A named reader takes a photo back, because the person asks for it or it shows somebody else."""
    found = Grievance.objects.get(pk=file.grievance_id)
    if by.user_id not in found.reader_ids:
        raise PermissionDenied("reader")
    with transaction.atomic():
        withdraw_file(file, by=by, reason=reason, audited=False)
        enter(found, Kind.FILE_WITHDRAWN, by=by, on=on, text=reason.strip())


def check(photos: Sequence[Sent], code: str) -> None:
    """Raise ValidationError where this code sent too many in this hour; before anything is written."""
    if photos and not within_hour(code, len(photos)):
        raise ValidationError(
            {
                "photos": [
                    _(
                        "Many photos came with this code in the last hour. Send the others later; words are always taken."
                    )
                ]
            }
        )
