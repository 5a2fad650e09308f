"""The list behind a figure of an edition, as it stands today, for those who may open such a list."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.scope import Scope
from reports.content import Figure, Section
from reports.kinds import KINDS
from reports.models import Edition
from workers.journey.steps import marked as words

# What a section counts → the list of it, the verb that opens the list, and what the link says. People are listed by their
# placements.
_PLACEMENTS = ("workers:list", Permission.PERSON_VIEW, words("Placements, as they stand today"))
LISTS = {
    "people": _PLACEMENTS,
    "placements": _PLACEMENTS,
    "findings": ("compliance:findings", Permission.FINDING_VIEW, words("Findings, as they stand today")),
    "checks": ("compliance:coverage", Permission.CHECK_VIEW, words("Coverage of welfare checks, as it stands today")),
    "duties": ("compliance:duties", Permission.PERSON_VIEW, words("Duties, as they stand today")),
}
NARROWED = {"phase", "cohort"}  # of a cell, where the list of placements knows it under the same name


@dataclass(frozen=True, slots=True)
class Behind:
    """Where the list is and what the link to it says."""

    url: str
    words: str


def list_behind(edition: Edition, section: Section, figure: Figure, by: Scope) -> Behind | None:
    """The list of the edition's pilot, narrowed to the phase or cohort of the figure; None where this person may open none, where
    several pilots stand together, and for records that no list has."""
    found = LISTS.get(section.population)
    if found is None or KINDS[edition.kind].across or edition.pilot_id not in by.pilot_ids or not by.allows(found[1]):
        return None
    asked = {"pilot": str(edition.pilot_id)}
    if found[0] == _PLACEMENTS[0]:
        asked |= {name: value for name, value in figure.cell.items() if name in NARROWED}
    return Behind(f"{reverse(found[0])}?{urlencode(asked)}", _(found[2]))
