"""The list of placements: what a reader may filter by, and its rows, page by page by key."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.scope import Scope
from workers.journey.missing import lacking
from workers.journey.steps import STEPS
from workers.journey.wording import lacking_owner, lacking_words
from workers.models import Hold, IdentityDocument, Placement
from workers.queries.placements import Row, standing_holds, with_state
from workers.queries.search import people_matching
from workers.queries.sorting import ordered
from workers.queries.waiting import waiting

PAGE = 50


def filtered(chosen: dict, *, by: Scope, today: date) -> QuerySet[Placement]:
    """Placements under the filters of the list (``workers/forms.py: PlacementFilter``), in no order."""
    code = chosen.get("waits")
    rows = waiting(code, by, today).order_by() if code else with_state(Placement.objects.all(), today)
    if chosen.get("q"):
        rows = rows.filter(person__in=people_matching(chosen["q"], by))
    if chosen.get("phase"):
        rows = rows.filter(state__step__in=[s.code for s in STEPS if s.phase == chosen["phase"]])
    rows = rows.filter(_in_pilots(by))
    own = {"pilot": "pilot", "cohort": "cohort", "step": "state__step", "employer": "employer",
           "recruiter": "recruiter"}  # fmt: skip
    return rows.filter(**{column: chosen[name] for name, column in own.items() if chosen.get(name)})


def _in_pilots(by: Scope) -> Q:
    """The reader's pilots as numbers. It hides nothing: the policy says the same of a setting, of which the server cannot know
    how many rows it leaves; of numbers it does, and walks the key backwards or sorts the few, whichever is less."""
    if len(by.pilot_ids) == 1:
        return Q(pilot=by.pilot_ids[0])
    return Q(pilot__in=by.pilot_ids) if by.pilot_ids else Q()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list that is walked by key: its rows and the keys of the pages before and after."""

    rows: list[Row]
    before: int | None
    after: int | None


def page(rows: QuerySet[Placement], *, today: date, after: int | None, before: int | None, sort: str = "") -> Page:
    """The newest placements, or those after or before a key; one row more than shown tells whether more follow.

    In another order (``workers/queries/sorting.py``) the list is walked forwards.
    """
    if sort:
        found = _shown(rows, ordered(rows, sort, after))
        last = found[PAGE - 1].pk if len(found) > PAGE else None
        return Page([Row(placement, today) for placement in found[:PAGE]], before=None, after=last)
    if before:
        found = _shown(rows, rows.filter(pk__gt=before).order_by("pk"))
        more, found = len(found) > PAGE, found[:PAGE][::-1]
        newer, older = more, True
    else:
        found = _shown(rows, (rows.filter(pk__lt=after) if after else rows).order_by("-pk"))
        more, found = len(found) > PAGE, found[:PAGE]
        newer, older = bool(after), more
    shown = [Row(placement, today) for placement in found]
    return Page(
        shown,
        before=found[0].pk if found and newer else None,
        after=found[-1].pk if found and older else None,
    )


def _shown(rows: QuerySet[Placement], walked: QuerySet[Placement]) -> list[Placement]:
    """The placements of a page and one more. Their keys are asked for first, through the filters and nothing else: with
    all that a row shows joined to it, the server takes a page for a few rows, and joins half a million to show fifty."""
    keys = list(walked.values_list("pk", flat=True)[: PAGE + 1])
    found = {placement.pk: placement for placement in rows.filter(pk__in=keys)}
    return [found[key] for key in keys]


@dataclass(frozen=True, slots=True)
class Listed(Row):
    """A row of a list of one matter: why it stands there, in words, and the day that counts."""

    why: str = ""
    when: date | None = None


# The day that counts in the matters that have one.
_WHEN = {"papers": "paper_ends", "arrived": "arrived_on", "early": "ended_on", "coming": "planned_start"}


def told(found: Page, code: str, *, by: Scope, today: date) -> Page:
    """The page with why each row is on the list of this matter: what is missing and from whom, which paper, which hold;
    one statement at most."""
    ids = [row.placement.pk for row in found.rows]
    why: dict[int, str] = {}
    if code in ("blocked", "paperless"):
        known = lacking(ids, by=by, today=today)
        why = {pk: ", ".join(f"{lacking_words(g)} ({lacking_owner(g)})" for g in no) for pk, no in known.items()}
    elif code == "held":
        holds = Hold.objects.filter(standing_holds(today), placement__in=ids).order_by("-placed_at")
        why = {hold.placement_id: _(hold.words) for hold in holds}
    elif code == "papers":
        kinds = dict(IdentityDocument.Kind.choices)
        why = {row.placement.pk: str(kinds.get(getattr(row.placement, "paper_kind", ""), "")) for row in found.rows}
    rows: list[Row] = [
        Listed(row.placement, today, why.get(row.placement.pk, ""), getattr(row.placement, _WHEN.get(code, ""), None))
        for row in found.rows
    ]
    return replace(found, rows=rows)
