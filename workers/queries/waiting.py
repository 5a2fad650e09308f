"""What waits with placements, one matter a line: the same question for a count on a first page and for the list it opens.

Each answers placements in sight with what the page says of them, the most pressing first. All are set-based: people with
a paper that ends are found by the papers, not by asking everybody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import (
    Case,
    Exists,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.rows import may
from accounts.scope import Scope
from pilots.rulebook import Rulebook
from workers.journey.missing import BEFORE_DEPARTURE, lacking
from workers.journey.steps import PREPARATION, RECRUITMENT, STEPS
from workers.journey.wording import PAPERS
from workers.models import (
    Consent,
    Hold,
    IdentityDocument,
    JourneyEvent,
    PayRecord,
    Placement,
    PlacementState,
    TrainingRecord,
)
from workers.queries.hours import block_parameters, short_of_hours
from workers.queries.placements import standing_holds, with_state

PAPER_DAYS: Final = 60
END_DAYS: Final = 60
DEPARTURE_DAYS: Final = 60
DEPARTED_DAYS: Final = 14  # a departure that was missed still counts for so long
ARRIVAL_DAYS: Final = 14
QUIET_DAYS: Final = 90
EARLY_DAYS: Final = 30
MOST: Final = 10_000

BEFORE = [s.code for s in STEPS if s.phase in (RECRUITMENT, PREPARATION)]
CHOSEN = [s.code for s in STEPS if s.phase == PREPARATION or s.code in ("selected", "offered")]
ABROAD = [s.code for s in STEPS if s.with_employer]
STILL_ABROAD = [s.code for s in STEPS if s.is_abroad or s.with_employer]
VISA = IdentityDocument.Kind.VISA
FOR_THE_STAY = [IdentityDocument.Kind.PASSPORT, IdentityDocument.Kind.NATIONAL_ID]

EARLY = [s.code for s in STEPS if s.early_end]
PAPER_GUARDS = tuple(guard for guard in BEFORE_DEPARTURE if guard in PAPERS)

# Placements with what was annotated beside them.
type Answer = QuerySet[Any]
_OF_HOLD: Final = {"since": "placed_at", "words": "words", "owner": "owner__name", "until": "until"}


def held(by: Scope, today: date) -> Answer:
    """Placements on which a hold stands, the longest first; of the oldest hold ``held_since``, ``held_words``,
    ``held_owner`` (a name) and ``held_until``."""
    holds = Hold.objects.filter(standing_holds(today), placement=OuterRef("pk")).order_by("placed_at", "pk")
    told = {f"held_{name}": Subquery(holds.values(field)[:1]) for name, field in _OF_HOLD.items()}
    rows = Placement.objects.filter(Exists(holds)).annotate(**told)
    found: Answer = with_state(rows, today)
    return found.order_by("held_since", "pk")


def papers(by: Scope, today: date) -> Answer:
    """People with a paper that ends within 60 days, or has ended; ``paper_kind``, ``paper_ends``.

    Medical and police certificates are asked for before departure and count until then. A visa counts while its owner
    is abroad: who prepares gets a new one, which the journey itself asks for. Of each kind only the paper that ends last
    counts.
    """
    later = IdentityDocument.objects.filter(
        person=OuterRef("person"), kind=OuterRef("kind"), replaced_at__isnull=True, expires_on__gt=OuterRef("expires_on"),
    )  # fmt: skip
    ending = IdentityDocument.objects.filter(
        ~Exists(later), replaced_at__isnull=True, expires_on__lte=today + timedelta(days=PAPER_DAYS)
    )
    away, before = ending.filter(kind__in=[*FOR_THE_STAY, VISA]), ending.exclude(kind=VISA)
    own = Q(state__step__in=STILL_ABROAD, person__in=away.values("person")) | Q(
        state__step__in=BEFORE, person__in=before.values("person")
    )
    rows = with_state(Placement.objects.filter(own), today).annotate(
        paper_kind=_first(away, before, "kind"), paper_ends=_first(away, before, "expires_on")
    )
    return rows.order_by("paper_ends", "pk")


def _first(away: QuerySet, before: QuerySet, fact: str) -> Case:
    """The fact of the paper that ends first, of those that count where the placement stands."""
    of = [
        Subquery(rows.filter(person=OuterRef("person")).order_by("expires_on", "pk").values(fact)[:1])
        for rows in (away, before)
    ]
    return Case(When(state__step__in=STILL_ABROAD, then=of[0]), default=of[1])


def ending(by: Scope, today: date) -> Answer:
    """Workers abroad whose planned stay ends within 60 days, or is over."""
    rows = with_state(Placement.objects.filter(state__step__in=ABROAD), today)
    return rows.filter(planned_end__lte=today + timedelta(days=END_DAYS)).order_by("planned_end", "pk")


def arrived(by: Scope, today: date) -> Answer:
    """Who arrived in the last 14 days, the newest first; ``arrived_on``."""
    arrivals = JourneyEvent.objects.filter(placement=OuterRef("pk"), to_step="arrived").order_by("-happened_on")
    rows = with_state(Placement.objects.filter(state__step__in=ABROAD), today).select_related("site")
    # Who arrived came to their step no earlier.
    recent = today - timedelta(days=ARRIVAL_DAYS)
    rows = rows.filter(state__since__gte=recent).annotate(arrived_on=Subquery(arrivals.values("happened_on")[:1]))
    return rows.filter(arrived_on__gte=recent).order_by("-arrived_on", "pk")


def coming(by: Scope, today: date) -> Answer:
    """Who is expected: people on a job order who have not arrived, by planned start."""
    rows = Placement.objects.filter(state__step__in=[*CHOSEN, "departed"], planned_start__isnull=False)
    soon = rows.filter(planned_start__gte=today - timedelta(days=30))
    return with_state(soon, today).select_related("site").order_by("planned_start", "pk")


def blocked(by: Scope, today: date) -> Answer:
    """Chosen people who lack something for a departure within 60 days, the nearest departure first."""
    return with_state(Placement.objects.filter(pk__in=lacking_soon(by, today)), today).order_by(
        "cohort__departs_on", "pk"
    )


def lacking_soon(by: Scope, today: date, books: Mapping[int, Rulebook] | None = None) -> dict[int, tuple[str, ...]]:
    """placement id → what chosen people still lack for a departure within 60 days, the nearest departure first; two
    statements and the rules."""
    near = (today - timedelta(days=DEPARTED_DAYS), today + timedelta(days=DEPARTURE_DAYS))
    chosen = PlacementState.objects.filter(cohort__departs_on__range=near, step__in=CHOSEN)
    order = list(chosen.order_by("cohort__departs_on", "pk").values_list("pk", flat=True))
    found = lacking(order, by=by, today=today, books=books)
    return {pk: found[pk] for pk in order if found.get(pk)}


def paperless(by: Scope, today: date) -> Answer:
    """Candidates who lack a paper before departure, the nearest departure first; asked of everybody before departure."""
    before = PlacementState.objects.filter(step__in=BEFORE).values_list("pk", flat=True)
    without = [pk for pk, no in lacking(before, by=by, today=today, guards=PAPER_GUARDS).items() if no]
    return with_state(Placement.objects.filter(pk__in=without), today).order_by("cohort__departs_on", "pk")


def early(by: Scope, today: date) -> Answer:
    """Who left before the planned end, as told in the last 30 days; the newest first."""
    ends = JourneyEvent.objects.filter(to_step__in=EARLY, happened_on__gte=today - timedelta(days=EARLY_DAYS))
    last = ends.filter(placement=OuterRef("pk")).order_by("-happened_on").values("happened_on")[:1]
    rows = Placement.objects.filter(pk__in=ends.values("placement")).annotate(ended_on=Subquery(last))
    found: Answer = with_state(rows, today)
    return found.order_by("-ended_on", "-pk")


def hours(by: Scope, today: date) -> Answer:
    """Workers whose running block of guaranteed hours will end short at the pace so far."""
    short = [row.placement_id for row in short_of_hours(block_parameters(by, today), MOST)]
    return with_state(Placement.objects.filter(pk__in=short), today).order_by("planned_end", "pk")


def quiet(by: Scope, today: date) -> Answer:
    """Candidates of whom nothing was recorded for 90 days (no move, paper, consent or course), the longest first.

    The portal keeps no book of telephone calls; what is recorded is the trace that a contact leaves.
    """
    since = today - timedelta(days=QUIET_DAYS)
    rows = Placement.objects.filter(state__step__in=BEFORE, state__since__lt=since)
    traces: tuple[tuple[type[Model], str, dict], ...] = (
        (IdentityDocument, "recorded_at__date__gte", {"person": OuterRef("person")}),
        (Consent, "given_on__gte", {"person": OuterRef("person")}),
        (TrainingRecord, "held_on__gte", {"placement": OuterRef("pk")}),
    )
    for model, newer, of in traces:
        if may(model, by.db_role):
            rows = rows.exclude(Exists(model._default_manager.filter(**of, **{newer: since})))
    return with_state(rows, today).order_by("state__since", "pk")


@dataclass(frozen=True, slots=True)
class Wait:
    """One matter: its words as a filter, its question, and the tables that the reader must be able to read."""

    words: str
    ask: Callable[[Scope, date], Answer]
    reads: tuple[type[Model], ...] = ()


WAITS: Final[dict[str, Wait]] = {
    "held": Wait(gettext_noop("Held"), held, (Hold,)),
    "blocked": Wait(gettext_noop("Cannot depart yet"), blocked, (IdentityDocument, Consent)),
    "paperless": Wait(gettext_noop("A paper is missing"), paperless, (IdentityDocument, Consent)),
    "papers": Wait(gettext_noop("A paper ends within 60 days"), papers, (IdentityDocument,)),
    "ending": Wait(gettext_noop("The stay ends within 60 days"), ending),
    "arrived": Wait(gettext_noop("Arrived in the last 14 days"), arrived),
    "coming": Wait(gettext_noop("Expected at the employer"), coming),
    "early": Wait(gettext_noop("Ended early in the last 30 days"), early),
    "hours": Wait(gettext_noop("Hours under the guarantee"), hours, (PayRecord,)),
    "quiet": Wait(gettext_noop("Nothing recorded for 90 days"), quiet, (IdentityDocument,)),
}


def waits_for(by: Scope) -> list[tuple[str, str]]:
    """(code, words) of the matters that this reader may ask for."""
    readable = [code for code, wait in WAITS.items() if all(may(model, by.db_role) for model in wait.reads)]
    return [(code, _(WAITS[code].words)) for code in readable]


def waiting(code: str, by: Scope, today: date) -> Answer:
    """The placements of one matter; KeyError for a code that is none or that the reader may not ask for."""
    if code not in dict(waits_for(by)):
        raise KeyError(code)
    return WAITS[code].ask(by, today)
