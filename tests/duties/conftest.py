"""Facts for duties, written in few words."""

from datetime import date

import pytest

from compliance.duties.door import due
from pilots.models import Pilot
from workers.models import JourneyEvent, Person, Placement


class Field:
    """A pilot under any scheme, facts on any day, and the question who owes what."""

    def __init__(self, cast):
        self.cast = cast

    def scheme(self, slug: str, origin: str = "TO", destination: str = "NZ") -> None:
        """Let the pilot run under another scheme and between other countries."""
        with self.cast.acting("ines"):
            pilot = Pilot.objects.select_related("corridor").get(slug="verde")
            Pilot.objects.filter(pk=pilot.pk).update(scheme=slug)
        from accounts.scope import acting_as, operator_scope

        with acting_as(operator_scope()):
            type(pilot.corridor).objects.filter(pk=pilot.corridor_id).update(origin=origin, destination=destination)

    def placement(self, code: str) -> Placement:
        return self.cast.placement(code)

    def event(self, code: str, step: str, happened: date, known: date | None = None) -> None:
        """Something happened in the journey of a worker."""
        p = self.placement(code)
        with self.cast.acting("ines") as by:
            last = JourneyEvent.objects.filter(placement=p).order_by("-version").first()
            JourneyEvent.objects.create(
                pilot_id=p.pilot_id, placement=p, cohort_id=p.cohort_id, recruiter_id=p.recruiter_id,
                employer_id=p.employer_id, move="test", from_step=last.to_step if last else "", to_step=step,
                happened_on=happened, known_on=known or happened, user_id=by.user_id, organisation_id=by.organisation_id,
                version=(last.version if last else 0) + 1,
            )  # fmt: skip

    def nationality(self, code: str, country: str) -> None:
        p = self.placement(code)
        with self.cast.acting("ines"):
            Person.objects.filter(pk=p.person_id).update(nationality=country)

    def make(self, model, code: str, **facts):
        """A fact of a worker: a contract, an insurance, a pay record ..."""
        p = self.placement(code)
        names = {field.name for field in model._meta.fields}
        own = {"pilot_id": p.pilot_id, "placement_id": p.pk}
        own |= {
            f"{name}_id": getattr(p, f"{name}_id") for name in ("cohort", "recruiter", "employer")
            if name in names or f"{name}_id" in names
        }  # fmt: skip
        with self.cast.acting("ines"):
            return model.objects.create(**own, **facts)

    def due(self, on: date, code: str | None = None, who: str = "ines"):
        """What is owed on the day, by key; for one worker, or in all."""
        placement = self.placement(code).pk if code else None
        with self.cast.acting(who) as by:
            return due(by, on=on, placement_id=placement)

    def one(self, key: str, on: date, code: str | None = None, who: str = "ines"):
        """The one duty of this key."""
        (found,) = [owed for owed in self.due(on, code, who) if owed.key == key]
        return found


@pytest.fixture
def field(cast):
    """The cast with what duties need."""
    return Field(cast)
