"""Metrics of deployments: places filled, time worked, who goes again, who is among them, and ends for the time worked."""

from decimal import Decimal

from django.utils.translation import gettext as _

from reports.content import Basis, Figure
from reports.metrics.declaring import Measured, Metric, Window, ask, dimension, estimate_figure, share_figure
from reports.metrics.gathering import DAYS_A_MONTH
from reports.metrics.journey import EARLY_ENDS, RARE_ENDS, first_early_ends, milestones, orders
from reports.statistics import rate, ratio, rounded
from workers.journey.steps import STEPS
from workers.journey.steps import label as step_label
from workers.journey.steps import marked as words

# In the country and with the approved employer: the time that rates are counted over.
AT_WORK = tuple(s.code for s in STEPS if s.is_abroad and s.with_employer)
ON_PATH = tuple(s.code for s in STEPS if s.phase in {"recruitment", "preparation", "abroad"})
DEPARTED = "departures as (select distinct e.placement_id as id from events e where e.to_step = 'departed')"

TIME = """
spells as (
  select p.id, p.person_id, e.to_step, e.happened_on as day,
    coalesce(lead(e.happened_on) over (partition by p.id order by e.happened_on, e.id), %(cut)s + 1) as until
  from placements p join events e on e.placement_id = p.id
), time as materialized (
  select id, person_id, sum(until - day) as days from spells where to_step = any(%(work)s) group by id, person_id
)
"""


def _worked(window: Window) -> tuple[Decimal, int, int, list[Decimal]]:
    """Worker-months in the window, of how many people, of how many placements, and the two largest persons' parts."""
    row = ask(
        f"{TIME}, each as (select person_id, sum(days) as days, count(*) as n from time group by person_id)"
        " select coalesce(sum(days), 0), count(*), coalesce(sum(n), 0), max(days),"
        " (select days from each order by days desc offset 1 limit 1) from each",
        window.params(work=list(AT_WORK)),
    )[0]
    days, people, placements, *most = row
    return Decimal(days) / DAYS_A_MONTH, people, int(placements), [Decimal(n or 0) / days for n in most] if days else []


def worker_months(window: Window) -> Measured:
    """Months in the country with the approved employer, all placements together."""
    months, people, placements, most = _worked(window)
    figure = Figure(
        metric="worker_months", value=rounded(months, "months") if people else None, unit="months",
        denominator=placements, basis=Basis(people, *most),
    )  # fmt: skip
    return Measured((figure,), base=placements, missing=0)


def fill_rate(window: Window) -> Measured:
    """Placements that departed, and that were selected, against the places that employers asked for."""
    rows = ask(
        f"""
        {DEPARTED}, orders as (
          select o.id, o.places from pilots_joborder o
          join pilots_cohort c on c.id = o.cohort_id and c.departs_on between %(from)s and %(to)s
          where o.pilot_id = %(pilot)s and (%(employer)s::bigint is null or o.employer_id = %(employer)s)
        ), taken as (
          select w.job_order_id, count(*) as assigned, count(d.id) as departed
          from placements p join workers_placement w on w.id = p.id left join departures d on d.id = p.id
          group by w.job_order_id
        )
        select coalesce(sum(o.places), 0), coalesce(sum(t.assigned), 0), coalesce(sum(t.departed), 0)
        from orders o left join taken t on t.job_order_id = o.id
        """,
        window.params(),
    )
    places, assigned, departed = (int(n) for n in rows[0])
    figures = tuple(
        Figure(
            metric="fill_rate", cell={"by": by}, value=ratio(n, places, "share"), numerator=n, denominator=places,
            unit="share", basis=Basis(n),
        )
        for by, n in (("assigned", assigned), ("departed", departed))
    )  # fmt: skip
    titles = [("assigned", _("Somebody assigned")), ("departed", _("Somebody departed"))]
    return Measured(figures, (dimension("by", _("Filled by"), "nested", titles),), base=places, missing=0)


def rehire(window: Window) -> Measured:
    """The three figures that all are called return rate."""
    rows = ask(
        f"""
        {DEPARTED}, gone as (
          select w.person_id, c.departs_on from workers_placement w join departures d on d.id = w.id
          join pilots_cohort c on c.id = w.cohort_id
          where w.pilot_id = %(pilot)s and w.recorded_at <= %(as_of)s
            and (%(employer)s::bigint is null or w.employer_id = %(employer)s)
        ), ever as (
          select person_id, count(*) as times, min(departs_on) as first from gone group by person_id
        ), now as (
          select p.person_id, max(w.season) as season, min(c.departs_on) as departs
          from placements p join departures d on d.id = p.id join workers_placement w on w.id = p.id
          join pilots_cohort c on c.id = w.cohort_id group by p.person_id
        ), firsts as (
          select n.person_id, n.departs from now n join ever e on e.person_id = n.person_id
          where n.season = 1 and e.first = n.departs and n.departs + 730 <= %(cut)s
        )
        select count(*), count(*) filter (where e.times > 1),
          count(*) filter (where n.season > 1 or e.first < n.departs), (select count(*) from firsts),
          (select count(distinct f.person_id) from firsts f join workers_placement w on w.person_id = f.person_id
             join departures d on d.id = w.id join pilots_cohort c on c.id = w.cohort_id
             where w.pilot_id = %(pilot)s and c.departs_on > f.departs and c.departs_on <= f.departs + 730)
        from now n join ever e on e.person_id = n.person_id
        """,
        window.params(),
    )
    people, twice, returnees, newcomers, again = rows[0]
    found = (("twice", twice, people), ("returnees", returnees, people), ("again", again, newcomers))
    figures = tuple(share_figure("rehire", did, of, {"which": which}) for which, did, of in found)
    titles = [
        ("twice", _("Went at least twice, of all who went")),
        ("returnees", _("Had been before, of this period's workers")),
        ("again", _("Came again within two years, of first-timers")),
    ]
    return Measured(figures, (dimension("which", _("Which"), "separate", titles),), base=people, missing=0)


def deployments_per_person(window: Window) -> Measured:
    """Departures per person who departed."""
    departed, people = ask(
        f"{DEPARTED} select count(*), count(distinct p.person_id) from placements p join departures d on d.id = p.id",
        window.params(),
    )[0]
    figure = Figure(
        metric="deployments_per_person", value=ratio(departed, people, "times"), numerator=departed, denominator=people,
        unit="times", basis=Basis(people),
    )  # fmt: skip
    return Measured((figure,), base=people, missing=0)


def women(window: Window) -> Measured:
    """Women of all, at every milestone."""
    steps = milestones(window)
    rows = ask(
        """
        reached as (
          select p.id, p.sex, max(o.n) as furthest from placements p
          join events e on e.placement_id = p.id
          join unnest(%(codes)s::text[], %(numbers)s::int[]) as o (code, n) on o.code = e.to_step
          group by p.id, p.sex
        )
        select m.code, count(r.id) filter (where r.sex = 'F'), count(r.id) filter (where r.sex in ('F', 'M', 'X')),
          count(r.id)
        from unnest(%(steps)s::text[], %(orders)s::int[]) as m (code, n)
        left join reached r on r.furthest >= m.n group by m.code, m.n order by m.n
        """,
        window.params(codes=list(ON_PATH), numbers=orders(ON_PATH), steps=steps, orders=orders(steps)),
    )
    figures = tuple(share_figure("women", did, of, {"step": code}) for code, did, of, _all in rows)
    titles = [(code, _(step_label(code, window.journey))) for code in steps]
    stated, everybody = (rows[0][2], rows[0][3]) if rows else (0, 0)
    return Measured(
        figures, (dimension("step", _("Step"), "nested", titles),), base=everybody, missing=everybody - stated
    )


def ends_for_time(window: Window) -> Measured:
    """Early ends per 100 worker-months, by how they ended first."""
    months, people, placements, _most = _worked(window)
    ends = first_early_ends(window)
    shown = EARLY_ENDS  # each of them always: a line that comes and goes would tell that there was one
    base = rounded(months, "months")
    figures = [
        estimate_figure(
            "ends_for_time", rate(n, months, people=people), "rate", cell, people, numerator=n, denominator=base
        )
        for cell, n in [({"end": code}, ends.get(code, 0)) for code in shown] + [({}, sum(ends.values()))]
    ]
    titles = [(code, _(step_label(code, window.journey))) for code in shown]
    dimensions = (dimension("end", _("How it ended"), "separate", titles),)
    return Measured(tuple(figures), dimensions, base=placements, missing=0)


_JOURNEY = words("Journey events as recorded by recruiters, employers and the programme.")
METRICS = (
    Metric(
        code="fill_rate", version=1, title=words("Places filled"), population="placements", kind="ratio", chart="bars",
        measure=fill_rate,
        definition=words("Placements assigned to job orders, and departed with them, for each place that employers asked for."),
        numerator_words=words("Placements assigned to a job order; of those, departed."),
        denominator_words=words("Places of the job orders of these cohorts."),
        exclusions=words("Placements without a job order."),
        missing_words=words("A place offered without a job order."),
        uncertainty_words=words("A count of all places; no interval."),
        source=words("Job orders of employers and journey events."),
        statement=words("It can exceed one where somebody was replaced. It does not say whether more places were wanted."),
    ),
    Metric(
        code="worker_months", version=1, title=words("Worker-months"), population="placements", kind="ratio",
        measure=worker_months,
        definition=words(
            "Days in the country with the approved employer, divided by 30.4375, all placements together. It is the base"
            " of the rates below."
        ),
        denominator_words=words("Placements that were in the country."),
        exclusions=words("Leave at home, and days after somebody left the employer."),
        missing_words=words("An end that nobody recorded lengthens the time."),
        uncertainty_words=words("A count of days; no interval."),
        source=_JOURNEY,
        statement=words("It shows how much work time the figures stand on. It does not say how many hours were worked."),
    ),
    Metric(
        code="rehire", version=1, title=words("Going again"), population="people", kind="share", chart="bars",
        measure=rehire,
        definition=words(
            "Three different figures that are all called return rate: people with two deployments or more, of all people"
            " who went; people who had been before, of this period's workers; and first-timers who came again within two"
            " years, of those for whom two years have passed."
        ),
        numerator_words=words("As each line says."),
        denominator_words=words("As each line says; people, each once."),
        exclusions=words("First-timers for whom two years have not passed, in the third figure."),
        missing_words=words("Deployments before the portal was used, other than the season recorded."),
        uncertainty_words=words("95 % Wilson interval of each share."),
        source=_JOURNEY,
        statement=words("It shows who goes again. It does not say who wanted to and was not asked."),
    ),
    Metric(
        code="deployments_per_person", version=1, title=words("Deployments per person"), population="people",
        kind="ratio", measure=deployments_per_person,
        definition=words("Departures in the period divided by the people who departed."),
        numerator_words=words("Departures."), denominator_words=words("People who departed."),
        exclusions=words("Placements that never departed."), missing_words=words("Deployments outside this pilot."),
        uncertainty_words=words("A count of all; no interval."), source=_JOURNEY,
        statement=words("Arrivals are not people: whoever went three times is one person."),
    ),
    Metric(
        code="women", version=1, title=words("Women at each step"), population="placements", kind="share", chart="bars",
        measure=women,
        definition=words("Women of all placements that reached each step or a later one, where sex is stated."),
        numerator_words=words("Women."), denominator_words=words("Placements of people whose sex is stated."),
        exclusions=words("Sex not stated."), missing_words=words("Sex not stated."),
        uncertainty_words=words("95 % Wilson interval of each share."), source=_JOURNEY,
        statement=words("It shows where women drop out more than men. It does not say why."),
    ),
    Metric(
        code="ends_for_time", version=1, title=words("Early ends for the time worked"), population="placements",
        kind="ratio", chart="points", measure=ends_for_time, counts={"numerator": "early ends"}, rare=RARE_ENDS,
        definition=words("Placements that ended before their plan, per 100 worker-months, by how they ended first."),
        numerator_words=words("Early ends."), denominator_words=words("Worker-months in the country with the employer."),
        exclusions=words("Drop-outs before departure."), missing_words=words("An end that nobody recorded."),
        uncertainty_words=words("95 % mid-P interval of a Poisson count."), source=_JOURNEY,
        statement=words(
            "It makes short and long placements comparable. A worker may leave because of how the work was, and the word for"
            " the end does not tell."
        ),
    ),
)  # fmt: skip
