"""Metrics of the journey: funnel, time in stage, completion, early ends."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from reports.content import Basis, Dimension, Figure
from reports.metrics.declaring import Measured, Metric, Window, ask, dimension, share_figure
from reports.statistics import Counted, median_of
from workers.journey.steps import JOURNEY, OFF_PATH, PHASES, STEP, STEPS
from workers.journey.steps import label as step_label
from workers.journey.steps import marked as words

MILESTONES = (
    "nominated", "shortlisted", "selected", "contract_signed", "documents_complete", "visa_granted", "departed",
    "working",
)  # fmt: skip
TOLERANCE_DAYS = 7
EARLY_ENDS = tuple(step.code for step in STEPS if step.early_end)
RARE_ENDS = ("deceased",)  # shown only with the safeguarding lead's signature
RETURNED = ("left_country",)
SEXES = (("F", words("Women")), ("M", words("Men")), ("other", words("Other or not stated")))
assert OFF_PATH in PHASES


def milestones(window: Window) -> list[str]:
    """The milestones that the window's journey has, in order."""
    path = JOURNEY[window.journey].path
    return [step for step in MILESTONES if step in path]


def orders(steps: Iterable[str]) -> list[int]:
    """The order number of each step."""
    return [STEP[step].order for step in steps]


def _reached(window: Window) -> list[tuple[str, int, int]]:
    """Milestone, placements that reached it or a later one, and how many persons they are; in order."""
    steps = milestones(window)
    on_path = [s.code for s in STEPS if s.phase in {"recruitment", "preparation", "abroad"}]
    return ask(
        """
        reached as (
          select p.id, p.person_id, max(o.n) as furthest from placements p
          join events e on e.placement_id = p.id
          join unnest(%(codes)s::text[], %(numbers)s::int[]) as o (code, n) on o.code = e.to_step
          group by p.id, p.person_id
        )
        select m.code, count(r.id), count(distinct r.person_id)
        from unnest(%(steps)s::text[], %(orders)s::int[]) as m (code, n)
        left join reached r on r.furthest >= m.n group by m.code, m.n order by m.n
        """,
        window.params(codes=on_path, numbers=orders(on_path), steps=steps, orders=orders(steps)),
    )


def _steps_of(window: Window, codes: Iterable[str]) -> Dimension:
    return dimension("step", _("Step"), "nested", [(code, _(step_label(code, window.journey))) for code in codes])


def funnel(window: Window) -> Measured:
    """Placements that reached each milestone of the journey, of those nominated."""
    rows = _reached(window)
    total = rows[0][1] if rows else 0
    figures = [share_figure("funnel", n, total, {"step": code}, people) for code, n, people in rows]
    if total:  # the first step is what the others are measured against: it is no estimate
        figures[0] = replace(figures[0], value=Decimal(1), low=None, high=None, note="")
    return Measured(tuple(figures), (_steps_of(window, [row[0] for row in rows]),), base=total, missing=0)


def conversion(window: Window) -> Measured:
    """Placements that reached each milestone, of those that reached the one before."""
    rows = _reached(window)
    figures = [
        share_figure("conversion", n, before, {"step": code}, people)
        for (_code, before, _people), (code, n, people) in pairwise(rows)
    ]
    total = rows[0][1] if rows else 0
    return Measured(tuple(figures), (_steps_of(window, [row[0] for row in rows[1:]]),), base=total, missing=0)


def time_in_stage(window: Window) -> Measured:
    """Days from one milestone to the next, for placements that took both."""
    steps = milestones(window)
    pairs = [f"{a}>{b}" for a, b in pairwise(steps)]
    rows = ask(
        """
        firsts as (
          select p.id, e.to_step as step, min(e.happened_on) as day from placements p
          join events e on e.placement_id = p.id where e.to_step = any(%(steps)s) group by p.id, e.to_step
        )
        select a.step || '>' || b.step, b.day - a.day, count(*)
        from firsts a join firsts b on b.id = a.id and a.step || '>' || b.step = any(%(pairs)s)
        group by 1, 2
        """,
        window.params(steps=steps, pairs=pairs),
    )
    found: dict[str, list[tuple[int, int]]] = {}
    for pair, days, n in rows:
        found.setdefault(pair, []).append((days, n))
    figures = []
    for pair in pairs:
        estimate = median_of(Counted(found.get(pair, [])), "days")
        figures.append(
            Figure(
                metric="time_in_stage",
                cell={"stage": pair},
                value=estimate.value,
                low=estimate.low,
                high=estimate.high,
                denominator=estimate.n,
                unit="days",
                basis=Basis(estimate.n),
                note="" if estimate.value is not None else _("Too few to say."),
            )
        )
    titles = [
        (
            pair,
            _("%(first)s to %(second)s")
            % {
                "first": _(step_label(pair.split(">")[0], window.journey)),
                "second": _(step_label(pair.split(">")[1], window.journey)),
            },
        )
        for pair in pairs
    ]
    return Measured(tuple(figures), (dimension("stage", _("Stage"), "separate", titles),))


def completion(window: Window) -> Measured:
    """Placements that ended as planned, of those that departed and whose planned end has passed."""
    rows = ask(
        """
        ended as (
          select p.id, case when p.sex in ('F', 'M') then p.sex else 'other' end as sex, p.planned_end,
            min(e.happened_on) filter (where e.to_step = any(%(back)s)) as back,
            min(e.happened_on) filter (where e.to_step = any(%(early)s)) as early
          from placements p join events e on e.placement_id = p.id
          where p.planned_end <= %(cut)s
            and exists (select from events d where d.placement_id = p.id and d.to_step = 'departed')
          group by p.id, p.sex, p.planned_end
        )
        select sex,
          count(*) filter (where back is not null or early is not null),
          count(*) filter (where early is null and back >= planned_end - %(tolerance)s),
          count(*) filter (where back is null and early is null)
        from ended group by sex
        """,
        window.params(back=list(RETURNED), early=list(EARLY_ENDS), tolerance=TOLERANCE_DAYS),
    )
    by_sex = {sex: (did, ended) for sex, ended, did, _open in rows}
    missing = sum(open_ for _sex, _ended, _did, open_ in rows)
    shown = [code for code, _title in SEXES if by_sex.get(code, (0, 0))[1]]
    did, of = sum(d for d, _n in by_sex.values()), sum(n for _d, n in by_sex.values())
    figures = [share_figure("completion", *by_sex[code], {"sex": code}) for code in shown]
    figures.append(share_figure("completion", did, of))
    titles = [(code, _(title)) for code, title in SEXES if code in shown]
    return Measured(
        tuple(figures), (dimension("sex", _("Sex"), "partition", titles),), base=of + missing, missing=missing
    )


def first_early_ends(window: Window) -> dict[str, int]:
    """Placements that departed and ended early, by the first early end of each."""
    return dict(
        ask(
            """
            firsts as (
              select distinct on (p.id) p.id, e.to_step from placements p join events e on e.placement_id = p.id
              where e.to_step = any(%(early)s)
                and exists (select from events d where d.placement_id = p.id and d.to_step = 'departed')
              order by p.id, e.happened_on, e.id
            )
            select to_step, count(*) from firsts group by to_step
            """,
            window.params(early=list(EARLY_ENDS)),
        )
    )


def early_ends(window: Window) -> Measured:
    """How many placements that departed ended early, by how they ended."""
    found = first_early_ends(window)
    started = ask(
        "d as (select distinct e.placement_id from events e join placements p on p.id = e.placement_id"
        " where e.to_step = 'departed') select count(*) from d",
        window.params(),
    )[0][0]
    # Each of them always: a line that comes and goes would tell that there was one.
    figures = [
        Figure(metric="early_ends", cell={"end": code}, value=Decimal(found.get(code, 0)), unit="placements")
        for code in EARLY_ENDS
    ]
    figures.append(Figure(metric="early_ends", value=Decimal(sum(found.values())), unit="placements"))
    titles = [(code, _(step_label(code, window.journey))) for code in EARLY_ENDS]
    return Measured(
        tuple(figures), (dimension("end", _("How it ended"), "partition", titles),), base=started, missing=0
    )


METRICS = (
    Metric(
        code="funnel", version=1, title=words("From nomination to work"), population="placements", kind="share",
        chart="funnel", measure=funnel, counts={"numerator": "reached"},
        definition=words(
            "Placements of cohorts that depart in the period, counted at every step they reached or passed by the data"
            " cut-off."
        ),
        numerator_words=words("Placements that reached the step or a later one."),
        denominator_words=words("Placements nominated to these cohorts."),
        exclusions=words("People registered but never nominated to a cohort."),
        missing_words=words("A move that was not recorded counts as not reached."),
        uncertainty_words=words("95 % Wilson interval of each share."),
        source=words("Journey events as recorded by recruiters, employers and the programme."),
        statement=words(
            "It shows how far placements came. It does not say why some went no further, and those still on the way"
            " count as not there yet."
        ),
    ),
    Metric(
        code="conversion", version=1, title=words("From one step to the next"), population="placements", kind="share",
        chart="bars", measure=conversion, counts={"numerator": "reached"},
        definition=words(
            "Placements of these cohorts that reached each step or a later one, of those that reached the step before."
        ),
        numerator_words=words("Reached the step or a later one."),
        denominator_words=words("Reached the step before or a later one."),
        exclusions=words("People registered but never nominated."),
        missing_words=words("A move that was not recorded counts as not reached."),
        uncertainty_words=words("95 % Wilson interval of each share."),
        source=words("Journey events as recorded by recruiters, employers and the programme."),
        statement=words("It shows at which step placements end. Those still on the way count as not there yet."),
    ),
    Metric(
        code="time_in_stage", version=1, title=words("Time in stage"), population="placements", kind="duration",
        chart="points", measure=time_in_stage,
        definition=words("Median number of days from the first day at one step to the first day at the next."),
        denominator_words=words("Placements that reached both steps."),
        exclusions=words("Placements still waiting for the second step: waits that are not over are not in the median."),
        missing_words=words("A step that was skipped gives no duration on either side."),
        uncertainty_words=words("95 % interval of the median from the order of the values; none under six values."),
        source=words("Days on which moves happened, not on which they were recorded."),
        statement=words(
            "It shows the wait of those who got through. Long waits that have not ended yet would make it longer."
        ),
    ),
    Metric(
        code="completion", version=1, title=words("Completed as planned"), population="placements", kind="share",
        chart="bars", measure=completion, counts={"numerator": "completed"},
        definition=words(
            "Placements that left the country on or after their planned end less seven days, of all departed placements"
            " that ended and whose planned end has passed."
        ),
        numerator_words=words("Ended on or after the planned end less seven days, with no early end before."),
        denominator_words=words("Departed, planned end passed, and ended."),
        exclusions=words("Placements whose planned end lies after the data cut-off, and those without one."),
        missing_words=words("Planned end passed, but no end recorded."),
        uncertainty_words=words("95 % Wilson interval."),
        source=words("Journey events and planned dates of the job order."),
        statement=words(
            "It shows whether placements ran their course. It does not say whether leaving early was good or bad for the"
            " worker."
        ),
    ),
    Metric(
        code="early_ends", version=1, title=words("Early ends"), population="placements", kind="count", chart="bars",
        measure=early_ends, counts={"count": "early ends"}, rare=RARE_ENDS,
        definition=words("Departed placements that ended before their plan, by how they ended first."),
        exclusions=words("Drop-outs before departure, which the funnel shows."),
        missing_words=words("An end that nobody recorded."),
        uncertainty_words=words("A count of what was recorded; no interval."),
        source=words("Journey events with their reasons."),
        statement=words(
            "It shows how placements ended early. A worker may leave because of how the work was, and the word for the"
            " end does not tell."
        ),
    ),
)  # fmt: skip
