"""The list of placements: what a reader may filter by, and its rows, page by page by key."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.scope import Scope
from workers.journey.steps import STEPS
from workers.journey.wording import step_phase, step_words
from workers.models import Hold, Placement
from workers.queries.search import people_matching

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One placement of a list, with its state in words."""

    placement: Placement
    today: date

    @property
    def url(self) -> str:
        """The page of the placement."""
        return reverse("workers:placement", args=[self.placement.pk])

    @property
    def step(self) -> str:
        """The step in the words of its scheme."""
        return step_words(self.placement.state.step, self.placement.pilot.scheme)

    @property
    def phase(self) -> str:
        """The phase of the badge."""
        return step_phase(self.placement.state.step)

    @property
    def held(self) -> bool:
        """Whether a hold stands."""
        return bool(getattr(self.placement, "held", False))

    @property
    def picked(self) -> str:
        """The value of the row's box: id and the version that the reader saw."""
        return f"{self.placement.pk}-{self.placement.state.version}"

    @property
    def tick_words(self) -> str:
        """What the row's box says aloud."""
        return _("Tick %(name)s") % {"name": self.placement.person.name}

    @property
    def days(self) -> int:
        """Whole days on this step."""
        return (self.today - self.placement.state.since).days


def standing_holds(today: date) -> Q:
    """Holds that stop a placement on this day."""
    return Q(lifted_at__isnull=True) & (Q(until__isnull=True) | Q(until__gte=today))


def held_on(today: date) -> Exists:
    """Whether a hold stands on a placement on this day."""
    return Exists(Hold.objects.filter(standing_holds(today), placement=OuterRef("pk")))


def with_state(placements: QuerySet[Placement], today: date) -> QuerySet[Placement]:
    """Placements with everything a list shows of them, in the same statement."""
    return placements.select_related("person", "state", "cohort", "pilot", "recruiter", "employer").annotate(
        held=held_on(today)
    )


def filtered(chosen: dict, *, by: Scope, today: date) -> QuerySet[Placement]:
    """Placements under the filters of the list (``workers/forms.py: PlacementFilter``), in no order."""
    rows = with_state(Placement.objects.all(), today)
    if chosen.get("q"):
        rows = rows.filter(person__in=people_matching(chosen["q"], by))
    if chosen.get("phase"):
        rows = rows.filter(state__step__in=[s.code for s in STEPS if s.phase == chosen["phase"]])
    if chosen.get("held"):
        rows = rows.filter(held_on(today))
    own = {"pilot": "pilot", "cohort": "cohort", "step": "state__step", "employer": "employer",
           "recruiter": "recruiter"}  # fmt: skip
    return rows.filter(**{column: chosen[name] for name, column in own.items() if chosen.get(name)})


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list that is walked by key: its rows and the keys of the pages before and after."""

    rows: list[Row]
    before: int | None
    after: int | None


def page(rows: QuerySet[Placement], *, today: date, after: int | None, before: int | None) -> Page:
    """The newest placements, or those after or before a key; one row more than shown tells whether more follow."""
    if before:
        found = list(rows.filter(pk__gt=before).order_by("pk")[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE][::-1]
        newer, older = more, True
    else:
        found = list((rows.filter(pk__lt=after) if after else rows).order_by("-pk")[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE]
        newer, older = bool(after), more
    shown = [Row(placement, today) for placement in found]
    return Page(
        shown,
        before=found[0].pk if found and newer else None,
        after=found[-1].pk if found and older else None,
    )
