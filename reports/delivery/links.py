"""Links to an edition: ``issue`` one for a person of its reader, ``open_for`` whoever follows it, ``revoke``.

The token is 256 bits of randomness that only the person's mailbox sees: the database keeps its SHA-256. It opens nothing by
itself. Whoever follows it signs in, and it must be that person, acting for that organisation, which may still read the edition.
"""

import secrets
from datetime import datetime, timedelta

from accounts import audit
from accounts.invitations import digest
from accounts.scope import Scope
from reports.delivery.schedules import require_schedule
from reports.models import Edition, EditionLink

VALID_FOR = timedelta(days=30)


def issue(edition: Edition, user_id: int, person_name: str, *, at: datetime) -> tuple[EditionLink, str]:
    """A link for this person, and the token for its mail (never readable again). Those sent before end with it."""
    _open(at).filter(edition_id=edition.pk, user_id=user_id).update(revoked_at=at)
    token = secrets.token_urlsafe(32)
    link = EditionLink.objects.create(
        pilot_id=edition.pilot_id, organisation_id=edition.organisation_id, edition_id=edition.pk, user_id=user_id,
        person_name=person_name, token_hash=digest(token), made_at=at, expires_at=at + VALID_FOR,
    )  # fmt: skip
    return link, token


def open_for(token_hash: str, *, by: Scope, at: datetime) -> EditionLink | None:
    """The link behind a token's hash for the person who follows it, or None: unknown, outlived, taken back, somebody else's
    and for an edition that the scope may not read look the same."""
    return (
        _open(at)
        .filter(token_hash=token_hash, user_id=by.user_id, organisation_id=by.organisation_id)
        .filter(edition__in=Edition.objects.all())
        .select_related("edition", "edition__pilot", "edition__organisation")
        .first()
    )


def revoke(link: EditionLink, *, by: Scope, at: datetime) -> bool:
    """Take a link back, for the programme; it is dead at once. False when it was already."""
    require_schedule(by)
    changed = _open(at).filter(pk=link.pk).update(revoked_at=at)
    if changed:
        audit.record("edition_link.revoke", "edition", link.edition_id, pilot_id=link.pilot_id)
    return bool(changed)


def _open(at: datetime):
    return EditionLink.objects.filter(revoked_at__isnull=True, expires_at__gt=at)
