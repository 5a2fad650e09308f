"""The list of who can depart on a day, and what is missing from whom: the same answer as its page, one row a person."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from accounts.scope import Scope
from pilots.models import Cohort
from workers.forms_departing import ReadinessForm
from workers.models import Placement
from workers.queries.departing import departures
from workers.queries.placement import sees_lacking
from workers.queries.placements import Row, with_state

from .listings import TEXT, YES, Asked, Cell, Listing, Plan
from .of_screens import words_of

PACKET = 500


def _cells() -> tuple[Cell, ...]:
    heads = (
        ("worker_id", _("Worker ID"), TEXT), ("name", _("Name"), TEXT), ("step", _("Step"), TEXT), ("can", _("Can fly"), YES),
        ("missing", _("What is missing"), TEXT), ("from", _("From whom"), TEXT), ("employer", _("Employer"), TEXT),
        ("recruiter", _("Recruiter"), TEXT),
    )  # fmt: skip
    return tuple(Cell(key, header, "", form) for key, header, form in heads)


def plan(asked: Asked) -> Plan:
    """The people behind the page's filters, by family name."""
    cohort = Cohort.objects.select_related("pilot").filter(pk=asked.number("readiness_page") or 0).first()
    if cohort is None:
        return Plan(_cells(), filters=((_("Cohort"), _("none")),), values=tuple, marks=1)
    form = ReadinessForm(asked.given)
    answer = departures(cohort, form.day(cohort, asked.today), by=asked.by)
    form.offer(answer.by_matter(), answer.by_owner())
    chosen = form.chosen()
    people = answer.only(**chosen)
    rows = with_state(Placement.objects.filter(pk__in=list(people)), answer.on)
    ordered = rows.order_by("person__family_name", "person__given_names", "pk")

    def values() -> Iterator[tuple]:
        for placement in ordered.iterator(chunk_size=PACKET):
            lacks, person = people[placement.pk].lacks, placement.person
            owners = dict.fromkeys(answer.owner(lack) for lack in lacks)
            yield (
                person.worker_code, person.name, Row(placement, answer.on).step, "no" if lacks else "yes",
                "; ".join(lack.words for lack in lacks) or None, "; ".join(owners) or None,
                getattr(placement.employer, "name", None), getattr(placement.recruiter, "name", None),
            )  # fmt: skip

    words = ((_("Cohort"), cohort.name), (_("On the day"), answer.on.isoformat()), *words_of(form, chosen))
    return Plan(_cells(), filters=words, values=values, pilot_id=cohort.pilot_id, total=lambda: len(people), seen=rows)


def _allowed(by: Scope) -> bool:
    return by.allows(Permission.PERSON_VIEW) and sees_lacking(by)


LISTINGS: Final[dict[str, Listing]] = {
    "readiness": Listing(
        "readiness",
        gettext_lazy("Who can depart on a day"),
        plan,
        _allowed,
        page="workers:readiness",
        own="readiness_page",
    ),
}
