"""How a metric is declared: its words once, and a function that measures it in a window.

A metric counts people *or* placements (or checks, or findings), never a mixture, and says so. Its words are printed
under the number on every page and in every file; home pages, reports and exports call the same function.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from pilots.schemes.reader import load
from reports.content import Basis, Dimension, Figure, Label, Section
from reports.statistics import Estimate, median, share


@dataclass(frozen=True, slots=True)
class Window:
    """What is measured: one pilot (of one employer or cohort, when given), cohorts departing in a period, as known at ``as_of``.

    A report over several pilots has a window of its own for each of them in ``across``. ``reader_id`` is the organisation
    that reads, for what is its own (its grants).

    Facts recorded after ``as_of`` are not seen, nor what happened after the period's end.
    """

    pilot_id: int
    scheme: str
    period_from: date
    period_to: date
    as_of: datetime
    employer_id: int | None = None
    cohort_id: int | None = None
    reader_id: int | None = None
    across: "tuple[Alongside, ...]" = ()

    @property
    def cut(self) -> date:
        """The last day that counts."""
        return min(self.period_to, self.as_of.astimezone(UTC).date())

    @property
    def journey(self) -> str:
        """The journey that the pilot's scheme follows."""
        return load(self.scheme).journey

    def params(self, **more: Any) -> dict[str, Any]:
        """Parameters of the SQL that measures in this window."""
        return {
            "pilot": self.pilot_id, "from": self.period_from, "to": self.period_to, "as_of": self.as_of,
            "cut": self.cut, "employer": self.employer_id, "cohort": self.cohort_id,
            "reader": self.reader_id, **more,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alongside:
    """One of the pilots that a window spans: how a figure names it, and its own window."""

    slug: str
    name: str
    window: Window


@dataclass(frozen=True, slots=True)
class Measured:
    """What measuring gave: the figures, what they are broken down by, the base and how many lacked what was needed."""

    figures: tuple[Figure, ...]
    dimensions: tuple[Dimension, ...] = ()
    base: int | None = None
    missing: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric: code, version, words, unit and how it is measured. The words are marked, translated when asked."""

    code: str
    version: int
    title: str
    definition: str
    population: str
    kind: str
    measure: Callable[[Window], Measured]
    statement: str
    numerator_words: str = ""
    denominator_words: str = ""
    exclusions: str = ""
    missing_words: str = ""
    uncertainty_words: str = ""
    source: str = ""
    chart: str = "none"
    sensitive: bool = False
    rare: tuple[str, ...] = ()  # values of its dimensions that go out only with the safeguarding lead's signature
    counts: dict[str, str] = field(default_factory=dict)

    def section(self, window: Window) -> Section:
        """The metric measured in this window, with its words; not yet disclosed to anybody."""
        found = self.measure(window)
        words: dict[str, Any] = {
            name: _(text) if (text := getattr(self, name)) else ""
            for name in (
                "title", "definition", "statement", "numerator_words", "denominator_words", "exclusions",
                "missing_words", "uncertainty_words", "source",
            )
        }  # fmt: skip
        return Section(
            metric=self.code, population=self.population, kind=self.kind, chart=self.chart,
            sensitive=self.sensitive, rare=self.rare, counts=self.counts, figures=found.figures, dimensions=found.dimensions,
            base=found.base, missing=found.missing, **words,
        )  # fmt: skip


# The placements of a window and the events that count. Every metric begins with these two.
POPULATION = """
events as materialized (
  select e.placement_id, e.to_step, e.happened_on, e.id from workers_journeyevent e
  where e.pilot_id = %(pilot)s and e.recorded_at <= %(as_of)s and e.happened_on <= %(cut)s
), placements as materialized (
  -- Two records that were merged by then are one person.
  select p.id, coalesce(m.keep_id, p.person_id) as person_id, p.planned_end, pe.sex
  from workers_placement p
  join pilots_cohort c on c.id = p.cohort_id and c.departs_on between %(from)s and %(to)s
  join workers_person pe on pe.id = p.person_id
  left join workers_mergedperson m on m.person_id = p.person_id and m.merged_at <= %(as_of)s
  where p.pilot_id = %(pilot)s and p.recorded_at <= %(as_of)s
    and (%(employer)s::bigint is null or p.employer_id = %(employer)s)
    and (%(cohort)s::bigint is null or p.cohort_id = %(cohort)s)
    and exists (select from events e where e.placement_id = p.id)
)
"""


def ask(sql: str, params: dict[str, Any]) -> list[tuple]:
    """Rows of one statement that begins with the window's population."""
    with connection.cursor() as cursor:
        cursor.execute(f"with {POPULATION}, {sql}", params)
        return cursor.fetchall()


def largest_two(amounts: Sequence[Decimal]) -> tuple[Decimal | None, Decimal | None]:
    """The parts of a sum that its two largest amounts make, for the disclosure rule; losses weigh as much as gains."""
    sizes = sorted((abs(amount) for amount in amounts), reverse=True)
    whole = sum(sizes, Decimal(0))
    if not whole:
        return None, None
    return sizes[0] / whole, sizes[1] / whole if len(sizes) > 1 else Decimal(0)


def dimension(name: str, title: str, relation: str, values: Sequence[tuple[str, str]]) -> Dimension:
    """A dimension with its values' words."""
    return Dimension(name=name, title=title, relation=relation, values=tuple(Label(v, t) for v, t in values))


def share_figure(
    metric: str, did: int, of: int, cell: dict[str, str] | None = None, people: int | None = None
) -> Figure:
    """``did`` of ``of`` as a share with its Wilson interval, both counts kept."""
    found = share(did, of)
    return Figure(
        metric=metric, cell=cell or {}, value=found.value, low=found.low, high=found.high, numerator=did,
        denominator=of, unit="share", basis=Basis(people) if people is not None else None,
        note="" if found.value is not None else _("Too few to say."),
    )  # fmt: skip


def estimate_figure(
    metric: str, found: Estimate, unit: str, cell: dict[str, str] | None = None, people: int | None = None,
    numerator: int | Decimal | None = None, denominator: int | Decimal | None = None,
) -> Figure:  # fmt: skip
    """An estimate as a figure; ``people`` are the different persons behind it, its base unless ``denominator`` says."""
    return Figure(
        metric=metric, cell=cell or {}, value=found.value, low=found.low, high=found.high, numerator=numerator,
        denominator=found.n if denominator is None else denominator, unit=unit,
        basis=Basis(found.n if people is None else people), note="" if found.value is not None else _("Too few to say."),
    )  # fmt: skip


def median_figure(
    metric: str, values: Sequence[Decimal | int], unit: str, cell: dict[str, str] | None = None,
    people: int | None = None,
) -> Figure:  # fmt: skip
    """The median of values with its interval, on so many people."""
    return estimate_figure(metric, median(values, unit), unit, cell, people)
