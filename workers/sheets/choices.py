"""The pilot's own codes for the drop-downs of an empty sheet: cohorts, recruiters, employers and sites, as far as the
reader sees them. Nothing is offered that the role would not see on its pages."""

from typing import Final

from accounts.models import Organisation
from accounts.roles import Kind
from accounts.scope import Scope
from pilots.models import Cohort, Site

from .kinds import COLUMNS

MOST: Final = 500
KIND_OF: Final = {"employer": "employer", "recruiter": "recruiter"}


def choices_of(kind: str, by: Scope) -> dict[str, list[str]]:
    """Column key -> the words to choose from, for the columns of a kind that name something of the pilots."""
    keys = {column.key for column in COLUMNS[kind].columns}
    found: dict[str, list[str]] = {}
    if "cohort" in keys:
        found["cohort"] = list(Cohort.objects.order_by("-departs_on", "code").values_list("code", flat=True)[:MOST])
    if "site" in keys:
        found["site"] = list(Site.objects.order_by("name").values_list("name", flat=True).distinct()[:MOST])
    for key, of_kind in KIND_OF.items():
        if key in keys and not (key == "recruiter" and by.kind == Kind.RECRUITER):
            names = Organisation.objects.filter(participations__kind=of_kind).order_by("name").distinct()
            found[key] = list(names.values_list("name", flat=True)[:MOST])
    return {key: words for key, words in found.items() if words}
