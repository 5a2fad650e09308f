"""How a metric is declared: its words once, and a function that measures it in a window.

A metric counts people *or* placements (or checks, or findings), never a mixture, and says so. Its words are printed
under the number on every page and in every file; home pages, reports and exports call the same function.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from pilots.schemes.reader import load
from reports.content import Basis, Dimension, Figure, Label, Section
from reports.metrics.gathering import ask
from reports.statistics import EXACT_RANKS_UP_TO, Estimate, Thinned, median_of, share

__all__ = [
    "NOBODY", "NO_TOTAL", "Measured", "Metric", "Middle", "Total", "Window", "ask", "dimension", "estimate_figure", "middles",
    "share_figure", "totals",
]  # fmt: skip


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


# Of up to so many values all are fetched; of more those around the middle and around the bounds of its interval, which lie
# half of 1.96 √n from it. What is needed grows with neither people nor years.
_MIDDLE = f"""
grouped as (
  select key, count(*) as base, count(value) as n, count(distinct person_id) filter (where value is not null) as people
  from measured group by key
), placed as (
  select key, value, row_number() over (partition by key order by value) as place from measured where value is not null
)
select g.key, g.base, g.n, g.people, o.place, o.value from grouped g
left join placed o on o.key = g.key and (
  g.n <= {EXACT_RANKS_UP_TO} or abs(2 * o.place - g.n - 1) <= 4
  or abs(2 * o.place - g.n - 1) - 1.96 * sqrt(g.n) between -6 and 6)
order by g.key, o.place
"""


@dataclass(frozen=True, slots=True)
class Middle:
    """One group of values: rows in all, different people whose value is known, and the values in order (``median_of``)."""

    base: int = 0
    people: int = 0
    values: Thinned = field(default_factory=lambda: Thinned(0, {}))

    @property
    def missing(self) -> int:
        """Rows without a value."""
        return self.base - len(self.values)

    def figure(self, metric: str, unit: str, cell: dict[str, str] | None = None) -> Figure:
        """The median with its interval as a figure, on the people behind it."""
        return estimate_figure(metric, median_of(self.values, unit), unit, cell, self.people)


NOBODY = Middle()


def middles(measured: str, params: dict[str, Any]) -> dict[str, Middle]:
    """What medians need of the rows (key, person_id, value) that ``measured`` selects, by key: a few values each, whatever
    the number of rows. A key without rows is not in the answer."""
    found: dict[str, tuple[int, int, int, dict[int, Decimal]]] = {}
    for key, base, n, people, place, value in ask(f"measured as ({measured}), {_MIDDLE}", params):
        kept = found.setdefault(key, (base, n, people, {}))[3]
        if place is not None:
            kept[place - 1] = value
    return {key: Middle(base, people, Thinned(n, kept)) for key, (base, n, people, kept) in found.items()}


_TOTAL = """
grouped as (
  select key, count(value) as n, count(distinct person_id) filter (where value is not null) as people,
    sum(value) as total, sum(abs(value)) as sizes
  from measured group by key
), placed as (
  select key, abs(value) as size, row_number() over (partition by key order by abs(value) desc) as place
  from measured where value is not null
)
select g.key, g.n, g.people, coalesce(g.total, 0), g.sizes, one.size, two.size from grouped g
left join placed one on one.key = g.key and one.place = 1 left join placed two on two.key = g.key and two.place = 2
"""


@dataclass(frozen=True, slots=True)
class Total:
    """One group of amounts: how many, of how many people, their sum, and the parts that its two largest make of it."""

    n: int = 0
    people: int = 0
    total: Decimal = Decimal(0)
    largest: tuple[Decimal | None, Decimal | None] = (None, None)

    @property
    def basis(self) -> Basis:
        """What the disclosure rule must know."""
        return Basis(self.people, *self.largest)


NO_TOTAL = Total()


def totals(measured: str, params: dict[str, Any]) -> dict[str, Total]:
    """The sums of the rows (key, person_id, value) that ``measured`` selects, by key."""
    rows = ask(f"measured as ({measured}), {_TOTAL}", params)
    return {
        key: Total(n, people, total, largest_two((one, two), sizes)) for key, n, people, total, sizes, one, two in rows
    }


def largest_two(amounts: Sequence[Decimal | None], whole: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """The parts of a sum that its two largest amounts make, for the disclosure rule. All are sizes: losses weigh as much as
    gains."""
    if not whole:
        return None, None
    one, two = ((amount or Decimal(0)) / whole for amount in amounts)
    return one, two


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
