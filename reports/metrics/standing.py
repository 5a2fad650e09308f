"""Metrics of where placements stand and move: the picture of the corridor, the week's review, and what is blocked by whom."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.roles import KIND_LABELS
from reports.content import Basis, Figure
from reports.metrics.declaring import Measured, Metric, Window, ask, dimension
from reports.metrics.journey import EARLY_ENDS
from workers.journey.steps import PHASES, STEPS
from workers.journey.steps import marked as words

WEEKS = 8
ENDS = (
    ("working", words("Still there")), ("returned", words("Back home")), ("early", words("Ended early")),
    ("other", words("Elsewhere")),
)  # fmt: skip
GROUPS = {
    **{s.code: "working" for s in STEPS if s.with_employer},
    **{s.code: "returned" for s in STEPS if s.phase == "home"},
    **dict.fromkeys(EARLY_ENDS, "early"),
}


def corridor_flow(window: Window) -> Measured:
    """Departed placements from the part of the country they come from to what became of them by the cut-off."""
    rows = ask(
        """
        lasts as (
          select p.id, trim(pe.province) as home, bool_or(e.to_step = any(%(early)s)) as early,
            (array_agg(e.to_step order by e.happened_on desc, e.id desc))[1] as step
          from placements p join events e on e.placement_id = p.id join workers_person pe on pe.id = p.person_id
          group by p.id, pe.province having bool_or(e.to_step = 'departed')
        )
        select home, case when early then %(ended)s else step end, count(*) from lasts group by 1, 2 order by 1, 2
        """,
        window.params(early=list(EARLY_ENDS), ended=EARLY_ENDS[0]),
    )
    sums: dict[tuple[str, str], int] = {}
    for home, step, n in rows:
        key = (home or "not stated", GROUPS.get(step, "other"))
        sums[key] = sums.get(key, 0) + n
    homes = sorted({home for home, _end in sums}, key=lambda home: (home == "not stated", home))
    ends = [code for code, _title in ENDS if any(end == code for _home, end in sums)]

    def count(n: int, **cell: str) -> Figure:
        return Figure(metric="corridor_flow", cell=cell, value=Decimal(n), unit="placements", basis=Basis(n))

    figures = [count(sums[h, e], **{"from": h, "to": e}) for h in homes for e in ends if (h, e) in sums]
    figures += [count(sum(n for (h, _e), n in sums.items() if h == home), **{"from": home}) for home in homes]
    figures += [count(sum(n for (_h, e), n in sums.items() if e == end), to=end) for end in ends]
    figures.append(count(sum(sums.values())))
    dimensions = (
        dimension("from", _("From"), "partition", [(h, _("Not stated") if h == "not stated" else h) for h in homes]),
        dimension("to", _("By the cut-off"), "partition", [(c, _(t)) for c, t in ENDS if c in ends]),
    )
    missing = sum(n for (home, _end), n in sums.items() if home == "not stated")
    return Measured(tuple(figures), dimensions, base=sum(sums.values()), missing=missing)


def standing(window: Window) -> Measured:
    """Placements by the step they stand on at the cut-off."""
    rows = ask(
        """
        lasts as (
          select distinct on (p.id) p.id, e.to_step from placements p join events e on e.placement_id = p.id
          order by p.id, e.happened_on desc, e.id desc
        )
        select to_step, count(*) from lasts group by to_step
        """,
        window.params(),
    )
    by_phase: dict[str, int] = {}
    phases = {step.code: step.phase for step in STEPS}
    for step, n in rows:
        by_phase[phases[step]] = by_phase.get(phases[step], 0) + n
    shown = [phase for phase in PHASES if phase in by_phase]
    figures = [
        Figure(metric="standing", cell={"phase": phase}, value=Decimal(by_phase[phase]), unit="placements")
        for phase in shown
    ]
    figures.append(Figure(metric="standing", value=Decimal(sum(by_phase.values())), unit="placements"))
    titles = [(phase, _(PHASES[phase])) for phase in shown]
    return Measured(
        tuple(figures), (dimension("phase", _("Where"), "partition", titles),), base=sum(by_phase.values()), missing=0
    )


def moved_by_week(window: Window) -> Measured:
    """Placements that moved on the planned path in each of the last weeks; one that moved twice counts once a week."""
    first = window.cut - timedelta(days=7 * WEEKS - 1)
    on_path = [s.code for s in STEPS if s.phase != "off_path"]
    rows = ask(
        """
        moved as (
          select distinct p.id, (%(cut)s - e.happened_on) / 7 as ago from placements p
          join events e on e.placement_id = p.id and e.happened_on >= %(first)s and e.to_step = any(%(path)s)
        )
        select ago, count(*) from moved group by ago
        """,
        window.params(first=first, path=on_path),
    )
    by_week = dict(rows)
    weeks = [(ago, window.cut - timedelta(days=7 * ago + 6)) for ago in reversed(range(WEEKS))]
    figures = tuple(
        Figure(
            metric="moved_by_week",
            cell={"week": day.isoformat()},
            value=Decimal(by_week.get(ago, 0)),
            unit="placements",
        )
        for ago, day in weeks
    )
    titles = [(day.isoformat(), _("Week from %(day)s") % {"day": day.isoformat()}) for _ago, day in weeks]
    return Measured(figures, (dimension("week", _("Week"), "separate", titles),), base=sum(by_week.values()), missing=0)


def blocked(window: Window) -> Measured:
    """Placements that a hold kept from moving on the cut-off day, by who can act."""
    rows = ask(
        """
        stopped as (
          -- The hold that stands longest says who is waited for; each placement counts once.
          select distinct on (h.placement_id) h.placement_id as id, coalesce(o.kind, 'programme') as owner
          from workers_hold h join placements p on p.id = h.placement_id
          left join pilots_participation o on o.organisation_id = h.owner_id and o.pilot_id = h.pilot_id
            and o.left_on is null
          where h.placed_at <= %(as_of)s and h.placed_at::date <= %(cut)s
            and (h.lifted_at is null or h.lifted_at > %(as_of)s) and (h.until is null or h.until >= %(cut)s)
          order by h.placement_id, h.placed_at, h.id
        )
        select null, count(*) from placements union all
        (select owner, count(*) from stopped group by owner order by owner)
        """,
        window.params(),
    )
    (_everybody, base), owners = rows[0], rows[1:]
    labels = {kind.value: label for kind, label in KIND_LABELS.items()}
    figures = [
        Figure(metric="blocked", cell={"owner": owner}, value=Decimal(n), unit="placements") for owner, n in owners
    ]
    figures.append(Figure(metric="blocked", value=Decimal(sum(n for _owner, n in owners)), unit="placements"))
    titles = [(owner, str(labels.get(owner, owner))) for owner, _n in owners]
    return Measured(tuple(figures), (dimension("owner", _("Who can act"), "partition", titles),), base=base, missing=0)


_EVENTS = words("Journey events as recorded by recruiters, employers and the programme.")
_RECORDED = words("A count of what is recorded; no interval.")
METRICS = (
    Metric(
        code="corridor_flow", version=1, title=words("Along the corridor"), population="placements", kind="count",
        chart="flow", measure=corridor_flow,
        definition=words(
            "Departed placements by the province the worker comes from and by what became of them on the data cut-off day."
        ),
        exclusions=words("Placements that never departed."), missing_words=words("Province not stated."),
        uncertainty_words=_RECORDED, source=words("The worker's home as registered; journey events."),
        statement=words(
            "It shows where workers come from and where they are now. It does not say who had the chance to go and was not"
            " asked."
        ),
    ),
    Metric(
        code="standing", version=1, title=words("Where they stand"), population="placements", kind="count", chart="bars",
        measure=standing,
        definition=words("Placements of these cohorts by the phase they are in on the data cut-off day."),
        exclusions=words("People registered but never nominated to a cohort."),
        missing_words=words("A move that was not recorded leaves somebody standing where they were."),
        uncertainty_words=_RECORDED, source=_EVENTS,
        statement=words("It shows how the work lies today. It does not show how long anybody has stood there."),
    ),
    Metric(
        code="moved_by_week", version=1, title=words("Moved on, week by week"), population="placements", kind="count",
        chart="bars", measure=moved_by_week,
        definition=words("Placements that reached a step of the planned path in each of the last eight weeks, each once a week."),
        exclusions=words("Moves off the planned path."),
        missing_words=words("A move that happened but was not recorded yet; the last week usually lacks some."),
        uncertainty_words=_RECORDED, source=_EVENTS,
        statement=words("It shows whether the work moves. A quiet week before a departure is no bad sign."),
    ),
    Metric(
        code="blocked", version=1, title=words("Blocked, and who can act"), population="placements", kind="count",
        chart="bars", measure=blocked,
        definition=words("Placements that a hold kept from their next move on the data cut-off day, by the partner who can lift it."),
        exclusions=words("What merely waits for its turn."),
        missing_words=words("An obstacle that nobody recorded as a hold."),
        uncertainty_words=_RECORDED, source=words("Holds placed by people and by findings."),
        statement=words("It shows who is waited for. A hold often protects the worker; fewer is not always better."),
    ),
)  # fmt: skip
