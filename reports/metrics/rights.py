"""Metrics of welfare and rights: check coverage, pass rate, open critical findings."""

from decimal import Decimal

from django.utils.translation import gettext as _

from compliance.catalogue.reader import catalogue
from pilots.schemes.reader import load
from reports.content import Basis, Figure
from reports.metrics.declaring import Measured, Metric, Window, ask, dimension, share_figure
from workers.journey.steps import STEPS
from workers.journey.steps import marked as words

LEFT_WORK = tuple(s.code for s in STEPS if s.early_end or s.phase == "home")
SECTIONS = (
    ("A", words("Recruitment")), ("B", words("Contract and pre-departure")), ("C", words("Arrival")),
    ("D", words("During employment")), ("E", words("Before return")), ("F", words("After return")),
)  # fmt: skip


# How each finding stood on the cut-off day: the last event that opens or closes it. What is noted beside (seen again, a
# corrective action put or verified) changes nothing of that.
STANDS = """
stands as (
  select distinct on (h.finding_id) h.finding_id, h.kind, h.happened_on from compliance_findingevent h
  where h.pilot_id = %(pilot)s and h.recorded_at <= %(as_of)s and h.happened_on <= %(cut)s
    and h.kind in ('opened', 'resolved', 'waived', 'waiver ended', 'reopened')
  order by h.finding_id, h.id desc
)
"""


def check_coverage(window: Window) -> Measured:
    """Welfare checks done within their window, of those due by the cut-off."""
    frequency = load(window.scheme).check_frequency
    rows = ask(
        """
        stays as (
          select p.id, p.person_id,
            min(e.happened_on) filter (where e.to_step = 'arrived') as arrived,
            coalesce(min(e.happened_on) filter (where e.to_step = any(%(left)s)), %(cut)s) as until
          from placements p join events e on e.placement_id = p.id group by p.id, p.person_id
        ), due as (
          select id, person_id, arrived as opens, arrived + %(arrival)s as closes from stays
          where arrived is not null and arrived + %(arrival)s <= least(until, %(cut)s)
          union all
          select s.id, s.person_id, g::date, g::date + %(every)s from stays s
          cross join lateral generate_series(s.arrived + %(arrival)s, s.until, make_interval(days => %(every)s)) g
          where g::date + %(every)s <= least(s.until, %(cut)s)
        )
        select count(*), count(*) filter (where exists (
            select from compliance_check c where c.placement_id = d.id and c.recorded_at <= %(as_of)s
              and c.done_on between d.opens and d.closes)),
          count(distinct d.person_id)
        from due d
        """,
        window.params(left=list(LEFT_WORK), arrival=frequency.arrival_days, every=frequency.employment_days),
    )
    due, done, people = rows[0]
    return Measured((share_figure("check_coverage", done, due, people=people),), base=due, missing=0)


def pass_rate(window: Window) -> Measured:
    """Items that passed, of items answered yes or no, by part of the catalogue."""
    rows = ask(
        """
        answers as (
          select left(a.item, 1) as part, a.failed, a.answer, p.person_id from compliance_checkanswer a
          join placements p on p.id = a.placement_id
          join compliance_check c on c.id = a.check_record_id and c.recorded_at <= %(as_of)s
          where a.done_on between %(from)s and %(cut)s
        )
        select part, count(*) filter (where answer in ('yes', 'no')),
          count(*) filter (where answer in ('yes', 'no') and not failed),
          count(*) filter (where answer = 'not verified') from answers group by part order by part
        """,
        window.params(),
    )
    shown = {part: (passed, answered) for part, answered, passed, _nv in rows if answered}
    missing = sum(not_verified for _p, _a, _d, not_verified in rows)
    passed, answered = sum(p for p, _a in shown.values()), sum(a for _p, a in shown.values())
    figures = [share_figure("pass_rate", *pair, {"part": part}) for part, pair in shown.items()]
    figures.append(share_figure("pass_rate", passed, answered))
    titles = [(part, _(title)) for part, title in SECTIONS if part in shown]
    dimensions = (dimension("part", _("Part of the catalogue"), "partition", titles),)
    return Measured(tuple(figures), dimensions, base=answered + missing, missing=missing)


def open_critical(window: Window) -> Measured:
    """Critical findings open on the cut-off day, by part of the catalogue; restricted ones are never counted."""
    rows = ask(
        f"""
        {STANDS}, open as (
          select left(f.code, 1) as part, p.person_id from compliance_finding f
          join stands s on s.finding_id = f.id and s.kind not in ('resolved', 'waived')
          join placements p on p.id = f.placement_id
          where f.severity = 'critical' and not f.restricted
        )
        select part, count(*), count(distinct person_id) from open group by part order by part
        """,
        window.params(),
    )
    known = dict(SECTIONS)
    figures = [
        Figure(metric="open_critical", cell={"part": part}, value=Decimal(n), unit="findings", basis=Basis(people))
        for part, n, people in rows
    ]
    figures.append(Figure(metric="open_critical", value=Decimal(sum(n for _p, n, _q in rows)), unit="findings"))
    titles = [(part, _(known.get(part, part))) for part, _n, _q in rows]
    dimensions = (dimension("part", _("Part of the catalogue"), "partition", titles),)
    return Measured(tuple(figures), dimensions, base=sum(n for _p, n, _q in rows), missing=0)


def catalogue_version() -> str:
    """The version of the check catalogue that the rights metrics speak of."""
    return catalogue().version


METRICS = (
    Metric(
        code="check_coverage", version=1, title=words("Welfare checks done of those due"), population="checks",
        kind="share", measure=check_coverage, counts={"numerator": "checks done"},
        definition=words(
            "One check is due within the first days after arrival and one in each following interval while the worker is"
            " with the employer, both as the scheme sets them. It is done when a check was recorded within its interval."
        ),
        numerator_words=words("Due intervals with at least one check."),
        denominator_words=words("Intervals that ended by the data cut-off."),
        exclusions=words("Intervals still running; checks before departure and after return."),
        missing_words=words("A late check counts as missed in its own interval."),
        uncertainty_words=words("95 % Wilson interval; checks of one worker are not independent, so it is a little narrow."),
        source=words("Checks recorded by welfare officers; arrival and end from the journey."),
        statement=words("It shows how often somebody went to see the workers. It does not say what they found."),
    ),
    Metric(
        code="pass_rate", version=1, title=words("Check items that passed"), population="checks", kind="share",
        chart="bars", sensitive=True, measure=pass_rate,
        definition=words("Items answered yes or no with evidence, that were as they should be."),
        numerator_words=words("Items that passed."),
        denominator_words=words("Items answered yes or no."),
        exclusions=words("Items that did not apply. Critical failures are counted below, never averaged away."),
        missing_words=words("Items not verified: no evidence is not a pass."),
        uncertainty_words=words("95 % Wilson interval; items of one worker are not independent, so it is a little narrow."),
        source=words("The catalogue of 96 checks and its sources."),
        statement=words("It shows the share of items in order. One grave failure weighs more than many passes."),
    ),
    Metric(
        code="open_critical", version=2, title=words("Open critical findings"), population="findings", kind="count",
        chart="bars", sensitive=True, measure=open_critical,
        definition=words("Critical findings opened by a check and neither resolved nor waived on the data cut-off day."),
        exclusions=words("Restricted cases, which leave their circle in no count."),
        missing_words=words("What no check has seen."),
        uncertainty_words=words("A count of what is recorded; no interval."),
        source=words("Findings with their answers and evidence."),
        statement=words("More findings can mean more abuse, or more visits. Read it beside the coverage."),
    ),
)  # fmt: skip
