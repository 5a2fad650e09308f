"""Metrics of time until something happens: to departure, and with the employer. Those still waiting are counted."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.content import Basis, Figure
from reports.metrics.declaring import Measured, Metric, Window, ask, dimension, share_figure
from reports.statistics import Wait, cumulative_incidence, kaplan_meier, rounded
from workers.journey.steps import OFF_PATH, STEPS
from workers.journey.steps import marked as words

DEPARTED = "departed"
# Ends that keep somebody from departing: off the path, before anybody is abroad.
DROPPED_OUT = tuple(s.code for s in STEPS if s.phase == OFF_PATH and s.is_end and not s.early_end)
LEFT_EMPLOYER = tuple(s.code for s in STEPS if s.early_end or s.phase == "home" or s.code == "overstayed")
WITHIN = (365, 180, 120, 90, 60, 30)  # days; each part of the one before it
RETAINED = (30, 90, 180, 365)


def waits_to_departure(window: Window) -> list[Wait]:
    """Days from nomination to departure, or to dropping out, or to the cut-off for those still on the way; alike waits
    together, so that their number does not grow with the people."""
    rows = ask(
        """
        spells as (
          select p.id, min(e.happened_on) filter (where e.to_step = 'nominated') as start,
            min(e.happened_on) filter (where e.to_step = 'departed') as gone,
            min(e.happened_on) filter (where e.to_step = any(%(out)s)) as dropped
          from placements p join events e on e.placement_id = p.id group by p.id
        )
        select coalesce(gone, dropped, %(cut)s) - start,
          case when gone is not null then 'departed' when dropped is not null then 'dropped' end, count(*)
        from spells where start <= coalesce(gone, dropped, %(cut)s) group by 1, 2
        """,
        window.params(out=list(DROPPED_OUT)),
    )
    return [Wait(days, end, n) for days, end, n in rows]


def watched(waits: Iterable[Wait], *, ended: bool | None = None) -> int:
    """How many waited: all of them, those whose wait ended, or those who still wait."""
    return sum(wait.n for wait in waits if ended is None or ended == (wait.end is not None))


def departing(window: Window) -> list[Wait]:
    """The same waits, where dropping out ends the watch and not the wait."""
    return [replace(wait, end=DEPARTED if wait.end == DEPARTED else None) for wait in waits_to_departure(window)]


def departed_within(window: Window) -> Measured:
    """The share of those nominated who had departed within so many days, with those still on the way counted."""
    waits = waits_to_departure(window)
    curve, total = cumulative_incidence(waits, DEPARTED), watched(waits)
    figures = [share_figure("departed_within", total, total, {"within": "nominated"})]
    for days in WITHIN:
        did = sum(wait.n for wait in waits if wait.end == DEPARTED and wait.days <= days)
        seen = any(wait.days >= days for wait in waits) or not any(wait.end is None for wait in waits)
        moment = curve.at(days)
        enough = total >= 5 and seen
        figures.append(
            Figure(
                metric="departed_within", cell={"within": str(days)}, numerator=did, denominator=total, unit="share",
                value=rounded(moment.share if moment else Decimal(0)) if enough else None,
                low=rounded(moment.low) if moment and enough else None,
                high=rounded(moment.high) if moment and enough else None,
                note="" if enough else _("Too few to say, or too early."),
            )
        )  # fmt: skip
    titles = [("nominated", _("Nominated"))]
    titles += [(str(days), _("Departed within %(days)s days") % {"days": days}) for days in WITHIN]
    return Measured(
        tuple(figures), (dimension("within", _("Within"), "nested", titles),), base=total,
        missing=watched(waits, ended=False),
    )  # fmt: skip


def time_to_deploy(window: Window) -> Measured:
    """Days from nomination by which half, and nine of ten, of those who stayed in the running had departed."""
    waits = departing(window)
    curve, total = kaplan_meier(waits), watched(waits)
    figures = []
    for point, share in (("median", "0.5"), ("p90", "0.9")):
        day, early, late = curve.reached(share) if total >= 5 else (None, None, None)
        whole = early is not None and late is not None
        figures.append(
            Figure(
                metric="time_to_deploy", cell={"point": point}, denominator=total, unit="days",
                value=rounded(day, "days"), low=rounded(early, "days") if whole else None,
                high=rounded(late, "days") if whole else None, basis=Basis(total),
                note="" if day is not None else _("Too few have departed to say."),
            )
        )  # fmt: skip
    titles = [("median", _("Half had departed")), ("p90", _("Nine of ten had departed"))]
    return Measured(
        tuple(figures), (dimension("point", _("Point"), "separate", titles),), base=total,
        missing=watched(waits, ended=False),
    )  # fmt: skip


def retention(window: Window) -> Measured:
    """Still with the employer n days after the start, of those who started at least n days ago."""
    rows = ask(
        """
        spells as (
          select p.id, min(e.happened_on) filter (where e.to_step = 'working') as start,
            min(e.happened_on) filter (where e.to_step = any(%(left)s)) as ended, p.planned_end
          from placements p join events e on e.placement_id = p.id group by p.id, p.planned_end
        )
        select n, count(*), count(*) filter (where ended is null or ended > start + n)
        from unnest(%(days)s::int[]) n join spells on start + n <= %(cut)s and start + n <= coalesce(planned_end, 'infinity')
        group by n order by n
        """,
        window.params(left=list(LEFT_EMPLOYER), days=list(RETAINED)),
    )
    figures = [share_figure("retention", there, started, {"after": str(n)}) for n, started, there in rows]
    titles = [(str(n), _("After %(days)s days") % {"days": n}) for n, _started, _there in rows]
    base = rows[0][1] if rows else 0
    return Measured(tuple(figures), (dimension("after", _("After"), "nested", titles),), base=base, missing=0)


_EVENTS = words("Days on which moves happened, not on which they were recorded.")
METRICS = (
    Metric(
        code="departed_within", version=1, title=words("Departed within so many days"), population="placements",
        kind="share", chart="bars", measure=departed_within, counts={"numerator": "departed within"},
        definition=words(
            "The share of placements nominated that had departed within so many days of nomination. Those still on the way"
            " count for as long as they were watched, and dropping out ends the wait as well (Aalen-Johansen)."
        ),
        numerator_words=words("Placements seen to depart within the days."),
        denominator_words=words("Placements nominated."),
        exclusions=words("People registered but never nominated."),
        missing_words=words("Still on the way on the data cut-off day."),
        uncertainty_words=words("95 % interval of the cumulative incidence, on the log(−log) scale."),
        source=_EVENTS,
        statement=words(
            "It shows how fast people got away without forgetting those who wait. The share can lie above the plain count of"
            " those who departed, because some have not been watched for so long yet."
        ),
    ),
    Metric(
        code="time_to_deploy", version=1, title=words("Time to deploy"), population="placements", kind="duration",
        chart="points", measure=time_to_deploy,
        definition=words(
            "Days from nomination by which half, and nine of ten, had departed, of those who stayed in the running"
            " (Kaplan-Meier: whoever still waits or dropped out counts as waiting up to that day)."
        ),
        denominator_words=words("Placements nominated."),
        exclusions=words("People registered but never nominated."),
        missing_words=words("Not departed: still on the way, or dropped out."),
        uncertainty_words=words("95 % interval of the day (Brookmeyer and Crowley); none where it has no upper end yet."),
        source=_EVENTS,
        statement=words("It shows the wait with those still waiting counted. It does not say where the time went."),
    ),
    Metric(
        code="retention", version=1, title=words("Still with the employer"), population="placements", kind="share",
        chart="bars", measure=retention,
        definition=words(
            "Placements still with the employer so many days after the first day of work. Counted only where so many"
            " days have passed by the data cut-off and the planned end lies no earlier."
        ),
        numerator_words=words("Not ended, and not disengaged, by that day."),
        denominator_words=words("Began work at least so many days before the cut-off."),
        exclusions=words("Young placements, and those planned to be shorter."),
        missing_words=words("An end that nobody recorded counts as still there."),
        uncertainty_words=words("95 % Wilson interval."),
        source=_EVENTS,
        statement=words("It shows who stayed. It does not say whether they were free to go."),
    ),
)  # fmt: skip
