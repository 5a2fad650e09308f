"""The log of downloads: who took which file of which edition, when, from the page or by a link."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.scope import Scope
from reports.models import Download, Edition, EditionLink


def name_of(by: Scope) -> str:
    """The person's name as it stands now, kept beside what they did: a partner's people are not read by others."""
    return User.objects.filter(pk=by.user_id).values_list("name", flat=True).first() or ""


def take(edition: Edition, file_name: str, *, by: Scope, link: EditionLink | None = None) -> None:
    """Write down that this person takes this file. Call it in the transaction that hands it out."""
    # In bulk: the ORM would read the new row back, and need not be able to.
    Download.objects.bulk_create(
        [
            Download(
                pilot_id=edition.pilot_id, organisation_id=edition.organisation_id, edition_id=edition.pk,
                file_name=file_name, user_id=by.user_id, person_name=name_of(by),
                by_organisation_id=by.organisation_id, link=link,
            )
        ]
    )  # fmt: skip


def taken() -> QuerySet[Download]:
    """What was taken, newest first, as far as the scope in force may read: the programme all, a reader what its own people took."""
    return Download.objects.select_related("edition", "edition__pilot", "organisation", "by_organisation").defer(
        "edition__content"
    ).order_by("-id")  # fmt: skip
