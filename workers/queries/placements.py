"""A placement as a row of a list, with its step in words and whether a hold stands."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from workers.journey.wording import step_phase, step_words
from workers.models import Hold, Placement


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
