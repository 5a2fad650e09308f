"""Saved views: a list under chosen filters, kept by name for oneself or for the team. One table: ``LISTS``.

Kept is what stands in the address of the list, and of it only the parameters named here: where one stood in the list is
left out, and so are words that were searched for, because they are often somebody's name.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import SavedView
from accounts.roles import Permission
from accounts.scope import Scope

MOST: Final = 30
P = Permission


@dataclass(frozen=True, slots=True)
class SavedList:
    """A list that views may be kept of: its address, the parameters that are kept, and who may open it (any of them)."""

    address: str
    keeps: tuple[str, ...]
    verbs: tuple[Permission, ...]


LISTS: Final[dict[str, SavedList]] = {
    "placements": SavedList(
        "workers:list",
        ("waits", "pilot", "cohort", "phase", "step", "recruiter", "employer", "sort", "columns"), (P.PERSON_VIEW,),
    ),
    "findings": SavedList(
        "compliance:findings", ("state", "severity", "code", "partner", "site", "pilot"), (P.FINDING_VIEW,)
    ),
    "duties": SavedList("compliance:duties", ("state", "owner", "pilot"), (P.PERSON_VIEW,)),
    "checks": SavedList("compliance:checks", ("site", "stage"), (P.CHECK_VIEW,)),
    "cases": SavedList("compliance:cases", ("stage", "waits", "pilot"), (P.CASE_HANDLE,)),
}  # fmt: skip


def kept(listing: str, query: str) -> str:
    """Of a query string what a view of this list keeps, in the order of the table."""
    keeps = LISTS[listing].keeps
    given = [(name, value[:80]) for name, value in parse_qsl(query) if name in keeps and value]
    return urlencode(sorted(given, key=lambda pair: keeps.index(pair[0])))


def may_open(listing: str, by: Scope) -> bool:
    """Whether this list exists and the reader may open it."""
    return listing in LISTS and any(by.allows(verb) for verb in LISTS[listing].verbs)


def views_of(listing: str) -> list[SavedView]:
    """One's own views of a list and those shared with the team, by name."""
    return list(SavedView.objects.filter(listing=listing).order_by("shared", "name", "pk")[: 2 * MOST])


def keep(listing: str, name: str, query: str, *, shared: bool, may_share: bool, by: Scope) -> SavedView:
    """Keep a view; ValidationError with the sentence the user reads, PermissionDenied for a list or sharing not theirs."""
    if not may_open(listing, by) or (shared and not may_share):
        raise PermissionDenied
    own = SavedView.objects.filter(user_id=by.user_id)
    if own.count() >= MOST:
        raise ValidationError(_("You have %(n)d views. Delete one that you no longer need.") % {"n": MOST})
    view = SavedView(
        organisation_id=by.organisation_id, user_id=by.user_id, listing=listing, name=name.strip(),
        query=kept(listing, query), shared=shared,
    )  # fmt: skip
    if not view.query:
        raise ValidationError(_("Choose at least one filter first. Words that you searched for are not kept."))
    view.clean_fields(exclude=["organisation", "user"])
    view.validate_constraints()
    view.save(force_insert=True)
    return view
