"""What a cohort's board and the pilot's page count and list."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.scope import Scope
from pilots.models import Cohort
from workers.journey.missing import lacking
from workers.journey.steps import PHASES, STEP, STEPS
from workers.journey.wording import lacking_words, step_phase, step_words
from workers.models import Placement
from workers.queries import rolled
from workers.queries.placement import sees_lacking
from workers.queries.placements import Row, held_on, with_state

PAGE = 100

# The way of a placement in seven words that fit every journey.
MILESTONES = ("nominated", "selected", "contract_signed", "documents_complete", "visa_granted", "departed", "home")
UP_TO_DEPARTURE = ("nominated", "selected", "contract_signed", "visa_granted", "departed")


def counts_by_step(cohort_ids: list[int]) -> dict[int, dict[str, int]]:
    """cohort → step → placements that stand there now."""
    answer: dict[int, dict[str, int]] = {pk: {} for pk in cohort_ids}
    for cohort, step, n in rolled.standing(cohort_ids):
        answer[cohort][step] = n
    return answer


def reached(cohort_ids: list[int]) -> dict[int, dict[str, int]]:
    """cohort → milestone → placements that have reached it, or a later step of the planned path, at any time.

    A file that was closed on somebody who had left the employer abroad is no return home.
    """
    answer = {pk: dict.fromkeys(MILESTONES, 0) for pk in cohort_ids}
    for cohort, milestone, n in rolled.reached(cohort_ids, {code: STEP[code].order for code in MILESTONES}):
        if milestone in answer[cohort]:
            answer[cohort][milestone] = n
    return answer


@dataclass(slots=True)
class CohortLine:
    """A cohort with its counts: how many reached each milestone, how many stand in each phase now."""

    cohort: Cohort
    reached: dict[str, int]
    now: dict[str, int]

    @property
    def phases(self) -> dict[str, int]:
        """phase → placements that stand there now."""
        answer = dict.fromkeys(PHASES, 0)
        for step, n in self.now.items():
            answer[STEP[step].phase] += n
        return answer

    @property
    def abroad(self) -> int:
        """In the destination country now."""
        return sum(n for step, n in self.now.items() if STEP[step].is_abroad)

    @property
    def milestones(self) -> list[dict]:
        """Rows for the funnel; each opens the placements that it counts."""
        scheme, page = self.cohort.pilot.scheme, reverse("workers:cohort", args=[self.cohort.pk])
        return [
            {"label": step_words(m, scheme), "count": n, "code": m, "url": f"{page}?reached={m}#members"}
            for m, n in self.reached.items()
        ]

    @property
    def milestone_choices(self) -> list[tuple[str, str]]:
        """The milestones to filter by, in words."""
        return [(row["code"], row["label"]) for row in self.milestones]

    @property
    def strip(self) -> list[dict]:
        """The way up to departure in five counts, each with the width of its bar against the target, in percent."""
        scheme, most = self.cohort.pilot.scheme, max(self.cohort.target, *self.reached.values(), 1)
        return [
            {"label": step_words(m, scheme), "count": self.reached[m], "width": f"{100 * self.reached[m] / most:.1f}"}
            for m in UP_TO_DEPARTURE
        ]

    def next_date(self, today: date) -> tuple[str, date]:
        """("departure" or "return", its day): the next date that this cohort runs towards."""
        if self.cohort.departs_on >= today:
            return "departure", self.cohort.departs_on
        return "return", self.cohort.returns_on


def lines(cohorts: QuerySet[Cohort]) -> list[CohortLine]:
    """Cohorts with their counts, in three statements however many they are."""
    found = list(cohorts.select_related("pilot"))
    ids = [c.pk for c in found]
    far, now = reached(ids), counts_by_step(ids)
    return [CohortLine(c, far[c.pk], now[c.pk]) for c in found]


@dataclass(frozen=True, slots=True)
class BoardRow(Row):
    """A row of the cohort's table, with what is still missing before departure."""

    missing: tuple[str, ...] = ()

    @property
    def missing_words(self) -> str:
        """What is missing, as a list in words."""
        return ", ".join(lacking_words(guard) for guard in self.missing)


def in_cohort(cohort: Cohort, chosen: dict, today: date) -> QuerySet[Placement]:
    """Placements of the cohort under the filters of the board."""
    rows = with_state(Placement.objects.filter(cohort=cohort), today)
    if chosen.get("held"):
        rows = rows.filter(held_on(today))
    if chosen.get("abroad"):
        rows = rows.filter(state__step__in=[s.code for s in STEPS if s.is_abroad])
    if chosen.get("reached"):
        rows = rows.filter(rolled.has_reached(STEP[chosen["reached"]].order))
    own = {"step": "state__step", "employer": "employer", "recruiter": "recruiter", "job_order": "job_order"}
    return rows.filter(**{column: chosen[name] for name, column in own.items() if chosen.get(name)})


def by_name(rows: QuerySet[Placement], after: int | None) -> tuple[list[Placement], int | None]:
    """One page of placements by family name, and the key of the next page."""
    ordered = rows.order_by("person__family_name", "person__given_names", "pk")
    if after:
        last = Placement.objects.select_related("person").filter(pk=after).first()
        if last is not None:
            family, given = last.person.family_name, last.person.given_names
            ordered = ordered.filter(
                Q(person__family_name__gt=family)
                | Q(person__family_name=family, person__given_names__gt=given)
                | Q(person__family_name=family, person__given_names=given, pk__gt=last.pk)
            )
    found = list(ordered[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    return found, found[-1].pk if more else None


def table(rows: QuerySet[Placement], *, by: Scope, today: date, after: int | None) -> tuple[list[BoardRow], int | None]:
    """One page of the table by family name, and the key of the next page."""
    found, further = by_name(rows, after)
    before_departure = [p.pk for p in found if step_phase(p.state.step) == "before"]
    missing = lacking(before_departure, by=by, today=today) if sees_lacking(by) else {}
    return [BoardRow(p, today, missing.get(p.pk, ())) for p in found], further


def step_counts(counts: dict[str, int], scheme: str) -> list[tuple[str, str, int]]:
    """(step, words, count) of the steps somebody stands on, in the order of the path."""
    return [(s.code, step_words(s.code, scheme), counts[s.code]) for s in STEPS if counts.get(s.code)]
