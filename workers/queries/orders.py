"""Job orders with the places that are left."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from pilots.models import JobOrder
from workers.journey.places import places_taken


@dataclass(frozen=True, slots=True)
class Order:
    """A job order and how many of its places are taken."""

    order: JobOrder
    taken: int

    @property
    def left(self) -> int:
        """Places nobody has taken yet; never below none."""
        return max(self.order.places - self.taken, 0)

    def days_left(self, today: date) -> int:
        """Days until the work starts."""
        return (self.order.starts_on - today).days


def with_places(orders: QuerySet[JobOrder]) -> list[Order]:
    """Job orders with their places, in two statements; the count is the same whoever asks."""
    found = list(orders.select_related("cohort", "employer", "site", "pilot"))
    taken = places_taken([o.pk for o in found])
    return [Order(o, taken.get(o.pk, 0)) for o in found]
