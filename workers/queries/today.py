"""What needs somebody today, one question a function: each a statement or two, however many rows there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from accounts.scope import Scope
from pilots.models import Cohort, JobOrder
from pilots.rulebook import Rulebook
from workers.journey import missing
from workers.journey.wording import PAPERS, step_words
from workers.models import JourneyEvent, Placement, PlacementState
from workers.queries.cohorts import CohortLine, lines
from workers.queries.orders import Order, with_places
from workers.queries.waiting import ABROAD, BEFORE

SHOWN = 10
NEXT = 3  # cohorts, job orders and moves that stand on a first page


def running_cohorts(today: date) -> list[CohortLine]:
    """Cohorts on their way: not yet back for a month, or with somebody still abroad; the nearest date first."""
    abroad = PlacementState.objects.filter(cohort=OuterRef("pk"), step__in=ABROAD)
    on_the_way = Q(returns_on__gte=today - timedelta(days=30)) | Exists(abroad)
    found = lines(Cohort.objects.filter(on_the_way).order_by("-departs_on", "id")[: 2 * SHOWN])
    return sorted(found, key=lambda line: abs((line.next_date(today)[1] - today).days))[:NEXT]


@dataclass(frozen=True, slots=True)
class Changed:
    """How many placements of a cohort came to a step."""

    cohort_id: int
    cohort: str
    step: str
    label: str
    count: int


def changed_since(moment: datetime) -> list[Changed]:
    """Moves recorded since a moment, counted by cohort and step; the largest first."""
    cohort = Cohort.objects.filter(pk=OuterRef("cohort_id"))
    rows = (
        JourneyEvent.objects.filter(recorded_at__gte=moment)
        .values_list("cohort_id", "to_step")
        .annotate(n=Count("pk"), name=Subquery(cohort.values("name")), scheme=Subquery(cohort.values("pilot__scheme")))
        .order_by("-n", "cohort_id", "to_step")[:NEXT]
    )
    return [Changed(pk, name, step, step_words(step, scheme), n) for pk, step, n, name, scheme in rows if name]


def open_orders(today: date) -> list[Order]:
    """Job orders whose work has not begun, with places left, the nearest start first."""
    found = with_places(JobOrder.objects.filter(starts_on__gte=today).order_by("starts_on", "pk")[: 3 * SHOWN])
    return [order for order in found if order.left][:NEXT]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Candidates before departure: nothing missing, only steps missing, or a paper missing (those first to depart)."""

    ready: int
    nearly: int
    paper: int
    rows: list[tuple[Placement, tuple[str, ...]]]


def readiness(by: Scope, today: date, books: Mapping[int, Rulebook] | None = None) -> Readiness:
    """How far the reader's own candidates are."""
    asked = PlacementState.objects.filter(step__in=BEFORE).values_list("pk", flat=True)
    found = missing.readiness(asked, papers=PAPERS, by=by, today=today, shown=SHOWN, books=books)
    rows = Placement.objects.select_related("person", "cohort").in_bulk([pk for pk, _no in found.first])
    return Readiness(found.ready, found.steps, found.papers, [(rows[pk], no) for pk, no in found.first])
