"""What needs somebody today, one question a function: each a statement or two, however many rows there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from accounts.scope import Scope
from pilots.models import Cohort, JobOrder, Site
from workers.journey import missing
from workers.journey.missing import lacking_by_cohort
from workers.journey.steps import PREPARATION, RECRUITMENT, STEPS
from workers.journey.wording import PAPERS, lacking_owner, lacking_words, reason_words, step_words
from workers.models import Hold, IdentityDocument, JourneyEvent, Placement, PlacementState
from workers.queries.cohorts import CohortLine, lines
from workers.queries.orders import Order, with_places
from workers.queries.placements import Row, standing_holds, with_state

SHOWN = 10
PAPER_DAYS = 60
DEPARTURE_DAYS = 60
ARRIVAL_DAYS = 14

BEFORE = [s.code for s in STEPS if s.phase in (RECRUITMENT, PREPARATION)]
CHOSEN = [s.code for s in STEPS if s.phase == PREPARATION or s.code in ("selected", "offered")]
ABROAD = [s.code for s in STEPS if s.with_employer]
ENDED = [s.code for s in STEPS if s.is_end]
STILL_ABROAD = [s.code for s in STEPS if s.is_abroad or s.with_employer]
VISA = IdentityDocument.Kind.VISA
FOR_THE_STAY = [IdentityDocument.Kind.PASSPORT, IdentityDocument.Kind.NATIONAL_ID]
EARLY = [s.code for s in STEPS if s.early_end]


@dataclass(frozen=True, slots=True)
class Some:
    """The first rows of an answer, and whether there are more; ``count`` only where these are all."""

    rows: list
    more: bool

    @property
    def count(self) -> int | None:
        """How many there are, if they are all here."""
        return None if self.more else len(self.rows)


def some(rows: QuerySet, most: int = SHOWN, shown_as: Callable = lambda row: row) -> Some:
    """The first rows of a query, in one statement."""
    found = list(rows[: most + 1])
    return Some([shown_as(row) for row in found[:most]], len(found) > most)


def running_cohorts(today: date) -> list[CohortLine]:
    """Cohorts on their way: not yet back for a month, or with somebody still abroad; the nearest date first."""
    abroad = PlacementState.objects.filter(cohort=OuterRef("pk"), step__in=ABROAD)
    on_the_way = Q(returns_on__gte=today - timedelta(days=30)) | Exists(abroad)
    found = lines(Cohort.objects.filter(on_the_way).order_by("-departs_on", "id")[: 2 * SHOWN])
    return sorted(found, key=lambda line: abs((line.next_date(today)[1] - today).days))[:SHOWN]


def held(today: date) -> Some:
    """Holds that stand, the oldest first, with the placement and who can act."""
    rows = Hold.objects.filter(standing_holds(today))
    return some(rows.select_related("placement__person", "placement__cohort", "owner").order_by("placed_at", "pk"))


@dataclass(frozen=True, slots=True)
class Lacking:
    """How many chosen people of a cohort lack one thing, and who can bring it."""

    cohort: Cohort
    what: str
    who: str
    count: int


def not_ready(by: Scope, today: date) -> list[Lacking]:
    """What chosen people of the cohorts that depart soon still lack, nearest departure first."""
    soon = Cohort.objects.filter(
        departs_on__range=(today - timedelta(days=14), today + timedelta(days=DEPARTURE_DAYS))
    ).in_bulk()
    chosen = PlacementState.objects.filter(cohort__in=soon, step__in=CHOSEN).values_list("pk", flat=True)
    counts = lacking_by_cohort(chosen, by=by, today=today)
    found = [Lacking(soon[c], lacking_words(g), lacking_owner(g), n) for c, g, n in counts]
    return sorted(found, key=lambda row: (row.cohort.departs_on, row.cohort.pk, -row.count))[: 2 * SHOWN]


def ending_papers(today: date) -> Some:
    """Papers that end within 60 days, or have ended, of people who prepare or are abroad; ``placement_id`` leads there.

    Medical and police certificates are asked for before departure and count until then. A visa counts while its owner
    is abroad: who prepares gets a new one, which the journey itself asks for. Of each kind only the paper that ends last
    counts.
    """
    stands = Placement.objects.filter(person=OuterRef("person_id"), state__step__in=[*BEFORE, *STILL_ABROAD])
    before, away = (Exists(stands.filter(state__step__in=steps)) for steps in (BEFORE, STILL_ABROAD))
    followed = IdentityDocument.objects.filter(
        person=OuterRef("person_id"),
        kind=OuterRef("kind"),
        replaced_at__isnull=True,
        expires_on__gt=OuterRef("expires_on"),
    )
    return some(
        IdentityDocument.objects.filter(replaced_at__isnull=True, expires_on__lte=today + timedelta(days=PAPER_DAYS))
        .annotate(placement_id=Subquery(stands.order_by("-pk").values("pk")[:1]))
        .filter(~Exists(followed))
        .filter(Exists(stands))
        .filter(Q(kind__in=FOR_THE_STAY) | Q(away, kind=VISA) | Q(before, ~Q(kind__in=[*FOR_THE_STAY, VISA])))
        .select_related("person")
        .order_by("expires_on", "pk")
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """How many placements of a cohort came to a step."""

    cohort: Cohort
    step: str
    label: str
    count: int


def changed_since(moment: datetime) -> list[Changed]:
    """Moves recorded since a moment, counted by cohort and step; the largest first."""
    rows = list(
        JourneyEvent.objects.filter(recorded_at__gte=moment)
        .values_list("cohort_id", "to_step")
        .annotate(n=Count("pk"))
        .order_by("-n", "cohort_id", "to_step")[:SHOWN]
    )
    cohorts = Cohort.objects.select_related("pilot").in_bulk({cohort for cohort, _step, _n in rows})
    return [
        Changed(cohorts[c], step, step_words(step, cohorts[c].pilot.scheme), n) for c, step, n in rows if c in cohorts
    ]


def open_orders(today: date) -> list[Order]:
    """Job orders whose work has not begun, with places left, the nearest start first."""
    found = with_places(JobOrder.objects.filter(starts_on__gte=today).order_by("starts_on", "pk")[: 3 * SHOWN])
    return [order for order in found if order.left][:SHOWN]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Candidates before departure: nothing missing, only steps missing, or a paper missing (those first to depart)."""

    ready: int
    nearly: int
    paper: int
    rows: list[tuple[Placement, str]]


def readiness(by: Scope, today: date) -> Readiness:
    """How far the reader's own candidates are."""
    asked = PlacementState.objects.filter(step__in=BEFORE).values_list("pk", flat=True)
    found = missing.readiness(asked, papers=PAPERS, by=by, today=today, shown=SHOWN)
    rows = Placement.objects.select_related("person", "cohort").in_bulk([pk for pk, _no in found.first])
    listed = [(rows[pk], ", ".join(lacking_words(g) for g in no if g in PAPERS)) for pk, no in found.first]
    return Readiness(found.ready, found.steps, found.papers, listed)


def arriving(today: date) -> Some:
    """Who arrives when: people on a job order who have not arrived yet, in the order of the planned start."""
    steps = [*CHOSEN, "departed"]
    found = with_state(Placement.objects.filter(state__step__in=steps, planned_start__isnull=False), today)
    rows = found.select_related("person", "state", "cohort", "pilot", "site").order_by("planned_start", "pk")
    soon = rows.filter(planned_start__gte=today - timedelta(days=30))
    return some(soon, 3 * SHOWN, lambda p: Row(p, today))


def by_step() -> list[dict]:
    """How many placements stand on each step now, in the order of the way; those that have ended are left out."""
    open_now = PlacementState.objects.exclude(step__in=ENDED)
    counts = dict(open_now.values_list("step").annotate(Count("pk")).order_by())
    return [
        {"label": step_words(s.code), "count": counts[s.code], "url": f"{reverse('workers:list')}?step={s.code}"}
        for s in STEPS
        if counts.get(s.code)
    ]


def ending_stays(today: date) -> Some:
    """Workers abroad whose planned stay ends within 60 days, or is over."""
    rows = with_state(Placement.objects.filter(state__step__in=ABROAD), today)
    soon = rows.filter(planned_end__lte=today + timedelta(days=PAPER_DAYS)).order_by("planned_end", "pk")
    return some(soon, 2 * SHOWN, lambda p: Row(p, today))


def new_arrivals(today: date) -> Some:
    """Who arrived in the last 14 days, with the day of arrival, the newest first."""
    arrived = JourneyEvent.objects.filter(placement=OuterRef("pk"), to_step="arrived").order_by("-happened_on")
    rows = (
        with_state(Placement.objects.filter(state__step__in=ABROAD), today)
        .annotate(arrived_on=Subquery(arrived.values("happened_on")[:1]))
        .filter(arrived_on__gte=today - timedelta(days=ARRIVAL_DAYS))
        .select_related("person", "state", "cohort", "pilot", "site", "employer")
    )
    return some(rows.order_by("-arrived_on", "pk"), 2 * SHOWN, lambda p: (Row(p, today), p.arrived_on))


def abroad_by_site() -> QuerySet[Site]:
    """Sites with the workers who are there now; a site without anybody is left out."""
    there = Count("placements", distinct=True)
    rows = Site.objects.filter(placements__state__step__in=ABROAD).annotate(workers=there)
    return rows.select_related("employer").order_by("-workers", "name")[: 2 * SHOWN]


def early_ends(today: date) -> list[tuple[JourneyEvent, str, str]]:
    """Unplanned ends recorded for the last 30 days, with step and reason in words."""
    events = (
        JourneyEvent.objects.filter(to_step__in=EARLY, happened_on__gte=today - timedelta(days=30))
        .select_related("placement__person", "placement__employer")
        .order_by("-happened_on", "-pk")[:SHOWN]
    )
    return [(e, step_words(e.to_step), reason_words(e.reason)) for e in events]
