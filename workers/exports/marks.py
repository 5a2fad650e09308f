"""What a downloaded workbook says of itself: who asked for what, when, with which filters, and what was left out."""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation, User
from accounts.roles import ROLES
from accounts.scope import Scope
from workers.models import Export

from . import deidentifying
from .listings import Listing, Plan
from .workbook import Mark


def mark_of(export: Export, listing: Listing, plan: Plan, number: int, *, by: Scope, at: datetime) -> Mark:
    """The mark of a file that is being made of ``number`` rows."""
    title = _(str(listing.title))
    who = User.objects.filter(pk=by.user_id).values_list("name", flat=True).first() or f"#{by.user_id}"
    organisation = Organisation.objects.filter(pk=by.organisation_id).values_list("name", flat=True).first() or ""
    when = f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    filters = "; ".join(f"{label}: {value}" for label, value in plan.filters) or _("none")
    facts = [
        (_("List"), title),
        (_("Counted"), rows_words(number)),
        (_("Filters"), filters),
        (_("Made for"), f"{who}, {organisation} ({_(str(ROLES[by.role_code].label))})"),
        (_("Made at"), when),
        (_("Download"), str(export.pk)),
        (_("Columns"), _("Those that this role may see in the portal.")),
    ]
    if export.deidentified:
        facts += [(_("For"), export.recipient), *deidentifying.facts()]
    elif listing.kind:
        facts.append(
            (
                _("To send back"),
                _(
                    "Edit rows and send the file on the page “Spreadsheets”. Leave the column “Row version” as it is: it tells "
                    "which record a row was, so that nothing that somebody changed meanwhile is overwritten."
                ),
            )
        )
    head = f"{title} · {rows_words(number)} · {filters}"
    return Mark(title, head, f"{who}, {organisation} · {when} · {export.pk}", facts)


def rows_words(number: int) -> str:
    """How many rows, and that the page has as many."""
    shown = localize(number)
    return ngettext("%(n)s row, as on the screen", "%(n)s rows, as on the screen", number) % {"n": shown}


def file_name(export: Export, slug: str) -> str:
    """Plain letters that tell what it is: the list, the pilot, the day, the rows, the number of the download."""
    day = timezone.localdate(export.made_at or export.asked_at).isoformat()
    parts = [
        export.listing,
        slug,
        "without-persons" if export.deidentified else "",
        day,
        f"{export.row_count}-rows",
        str(export.pk),
    ]
    return "-".join(part for part in parts if part) + f".{export.format}"
