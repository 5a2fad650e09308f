"""The same figure for one cohort after another, and for one pilot beside another."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from reports.content import Figure
from reports.metrics import deployments, journey, money, rights, waiting
from reports.metrics.declaring import Measured, Metric, Window, ask, dimension
from workers.journey.steps import marked as words

type Cell = dict[str, str]


def _total(found: Measured, cell: Cell) -> Figure | None:
    return next((figure for figure in found.figures if figure.cell == cell), None)


def by_cohort(code: str, measure: Callable[[Window], Measured], cell: Cell) -> Callable[[Window], Measured]:
    """Measures one figure for each cohort of the window, in the order of departure, and for all of them."""

    def measured(window: Window) -> Measured:
        rows = ask(
            "c as (select k.id, k.code, k.name from pilots_cohort k where k.id in"
            " (select q.cohort_id from workers_placement q join placements p on p.id = q.id)"
            " order by k.departs_on, k.id) select * from c",
            window.params(),
        )
        whole = measure(window)
        total = _total(whole, cell)
        figures = []
        for pk, _code, _name in rows:
            part = _total(measure(replace(window, cohort_id=pk)), cell)
            if part is not None:
                figures.append(replace(part, metric=code, cell={"cohort": str(pk)}))
        if total is not None:
            figures.append(replace(total, metric=code, cell={}))
        titles = [(str(pk), name) for pk, _code, name in rows]
        by = dimension("cohort", _("Cohort"), "partition", titles)
        return Measured(tuple(figures), (by,), base=whole.base, missing=whole.missing)

    return measured


def by_pilot(code: str, measure: Callable[[Window], Measured], cell: Cell) -> Callable[[Window], Measured]:
    """Measures one figure for each pilot of a window that spans several."""

    def measured(window: Window) -> Measured:
        figures, titles, base, missing = [], [], 0, 0
        for one in window.across:
            found = measure(one.window)
            figure = _total(found, cell)
            if figure is None:
                continue
            titles.append((one.slug, one.name))
            figures.append(replace(figure, metric=code, cell={"pilot": one.slug}))
            base, missing = base + (found.base or 0), missing + (found.missing or 0)
        by = dimension("pilot", _("Pilot"), "separate", titles)
        return Measured(tuple(figures), (by,), base=base, missing=missing)

    return measured


def _derived(source: Metric, code: str, title: str, measure: Callable[[Window], Measured], statement: str) -> Metric:
    """A metric in the words of the one it is taken from, with its own title and statement."""
    return replace(
        source, code=code, title=title, measure=measure, statement=statement, chart="points", version=source.version
    )


_COHORTS = words("It shows the cohorts one by one. The next table says whether they can be told apart.")
_PILOTS = words(
    "It shows the pilots side by side. Their people, sectors and seasons differ, so a better figure is not a better pilot."
)
_BY = {metric.code: metric for metric in (
    *journey.METRICS, *waiting.METRICS, *deployments.METRICS, *money.METRICS, *rights.METRICS,
)}  # fmt: skip


def _cohort(code: str, title: str, cell: Cell | None = None) -> Metric:
    name, source = f"{code}_by_cohort", _BY[code]
    return _derived(source, name, title, by_cohort(name, source.measure, cell or {}), _COHORTS)


def _pilot(code: str, title: str, cell: Cell | None = None) -> Metric:
    name, source = f"{code}_by_pilot", _BY[code]
    made = _derived(source, name, title, by_pilot(name, source.measure, cell or {}), _PILOTS)
    return replace(made, counts={})


COHORTS: Sequence[Metric] = (
    _cohort("completion", words("Completed as planned, by cohort")),
    _cohort("income_multiple", words("Income multiple, by cohort")),
    _cohort("check_coverage", words("Welfare checks done, by cohort")),
)
PILOTS: Sequence[Metric] = (
    _pilot("funnel", words("Departed, of those nominated, by pilot"), {"step": "departed"}),
    _pilot("departed_within", words("Departed within 180 days, by pilot"), {"within": "180"}),
    _pilot("completion", words("Completed as planned, by pilot")),
    _pilot("retention", words("With the employer after 90 days, by pilot"), {"after": "90"}),
    _pilot("women", words("Women among those who departed, by pilot"), {"step": "departed"}),
    _pilot("income_multiple", words("Income multiple, by pilot")),
    _pilot("cost_ratio", words("Recruitment cost ratio, by pilot"), {"when": "before"}),
    _pilot("check_coverage", words("Welfare checks done, by pilot")),
    _pilot("pass_rate", words("Check items that passed, by pilot")),
)
METRICS: tuple[Metric, ...] = (*COHORTS, *PILOTS)
