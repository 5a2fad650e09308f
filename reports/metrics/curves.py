"""Metrics drawn as curves: the share still waiting, and still with the employer, day by day, with those still watched.

A curve that falls at every single departure would tell the day on which one person left. So the curve is given on a few
fixed days, and the days on which it moved by too few people are hidden like any other small count.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from reports.content import Figure
from reports.metrics.declaring import Measured, Metric, Window, ask, dimension, share_figure
from reports.metrics.waiting import LEFT_EMPLOYER, WITHIN, departing, watched
from reports.statistics import Wait, kaplan_meier, rounded
from workers.journey.steps import marked as words

WAITING_DAYS = tuple(sorted({*WITHIN, 240, 300}))
THERE_DAYS = (30, 60, 90, 120, 150, 180, 240, 300, 365)


def _curve(metric: str, name: str, waits: Sequence[Wait], days: Sequence[int]) -> tuple[Figure, ...]:
    """The share for whom the end has not come, on each of the days; the days nobody was watched for are left out."""
    curve = kaplan_meier(waits)
    n = watched(waits)
    figures = [share_figure(metric, n, n, {name: "0"})]
    for day in days:
        if not any(wait.days >= day for wait in waits):
            break
        moment = curve.at(day)
        left = n - sum(wait.n for wait in waits if wait.end is not None and wait.days <= day)
        enough = n >= 5
        figures.append(
            Figure(
                metric=metric, cell={name: str(day)}, numerator=left, denominator=n, unit="share",
                value=rounded(moment.share if moment else 1) if enough else None,
                low=rounded(moment.low) if moment and enough and moment.low is not None else None,
                high=rounded(moment.high) if moment and enough and moment.high is not None else None,
                note="" if enough else _("Too few to say."),
            )
        )  # fmt: skip
    if figures[0].value is not None:  # everybody waits on the first day: that is no estimate
        figures[0] = Figure(metric=metric, cell={name: "0"}, value=rounded(1), numerator=n, denominator=n, unit="share")
    return tuple(figures)


def _titles(figures: Sequence[Figure], name: str) -> list[tuple[str, str]]:
    days = [figure.cell[name] for figure in figures]
    return [(day, _("At the start") if day == "0" else _("After %(days)s days") % {"days": day}) for day in days]


def still_waiting(window: Window) -> Measured:
    """The share not yet departed after so many days from nomination; dropping out ends the watch, not the wait."""
    waits = departing(window)
    figures = _curve("still_waiting", "within", waits, WAITING_DAYS)
    return Measured(
        figures, (dimension("within", _("After"), "nested", _titles(figures, "within")),), base=watched(waits),
        missing=watched(waits, ended=False),
    )  # fmt: skip


def still_there(window: Window) -> Measured:
    """The share still with the employer after so many days of work; the planned end and the cut-off end the watch."""
    rows = ask(
        """
        spells as (
          select p.id, min(e.happened_on) filter (where e.to_step = 'working') as start,
            min(e.happened_on) filter (where e.to_step = any(%(left)s)) as ended, p.planned_end
          from placements p join events e on e.placement_id = p.id group by p.id, p.planned_end
        )
        select least(ended, planned_end, %(cut)s) - start,
          ended is not null and ended < coalesce(planned_end, 'infinity'), count(*)
        from spells where start <= least(ended, planned_end, %(cut)s) group by 1, 2
        """,
        window.params(left=list(LEFT_EMPLOYER)),
    )
    waits = [Wait(days, "left" if left else None, n) for days, left, n in rows]
    figures = _curve("still_there", "after", waits, THERE_DAYS)
    return Measured(
        figures, (dimension("after", _("After"), "nested", _titles(figures, "after")),), base=watched(waits),
        missing=watched(waits, ended=False),
    )  # fmt: skip


_EVENTS = words("Days on which moves happened, not on which they were recorded.")
_BAND = words("95 % interval of the curve on each day, on the log(−log) scale; it widens as fewer are still watched.")
METRICS = (
    Metric(
        code="still_waiting", version=1, title=words("Still waiting to depart"), population="placements", kind="share",
        chart="steps", measure=still_waiting, counts={"numerator": "departed within"},
        definition=words(
            "The share of placements that had not departed so many days after nomination, of those who stayed in the running"
            " (Kaplan-Meier: whoever still waits or dropped out counts as waiting up to that day)."
        ),
        numerator_words=words("Placements not seen to depart by that day."),
        denominator_words=words("Placements nominated."),
        exclusions=words("Days that nobody has been watched for yet."),
        missing_words=words("Watched to no end: still on the way on the data cut-off day, or dropped out."),
        uncertainty_words=_BAND, source=_EVENTS,
        statement=words(
            "It shows how the wait runs down. Those still waiting hold the curve up until their day comes, so a young cohort"
            " does not look quick. It does not say where the time went."
        ),
    ),
    Metric(
        code="still_there", version=1, title=words("Still with the employer, day by day"), population="placements",
        kind="share", chart="steps", measure=still_there,
        definition=words(
            "The share of placements that had not left the employer before the planned end, so many days after the first day of"
            " work (Kaplan-Meier: whoever is still there counts up to the planned end or the data cut-off day)."
        ),
        numerator_words=words("Placements not seen to leave early by that day."),
        denominator_words=words("Placements that began work."),
        exclusions=words("Days that nobody has been watched for yet."),
        missing_words=words("Watched to no early end: still there, or back as planned."),
        uncertainty_words=_BAND, source=_EVENTS,
        statement=words("It shows when people left early. It does not say whether they were free to, or right to."),
    ),
)  # fmt: skip
