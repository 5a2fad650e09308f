"""Metrics over all pilots together: how many people went, and how far that is from the goal for 2050."""

from decimal import Decimal, localcontext

from django.utils.translation import gettext as _

from reports.content import Basis, Figure
from reports.goals import goal_on
from reports.metrics.declaring import Measured, Metric, Window, ask, dimension
from reports.statistics import CONTEXT, rounded
from workers.journey.steps import marked as words

YEAR = Decimal("365.25")


def _went(window: Window) -> tuple[int, int]:
    """People who departed, and placements in all."""
    departed, placements = ask(
        "d as (select distinct p.person_id from placements p join events e on e.placement_id = p.id"
        " where e.to_step = 'departed') select (select count(*) from d), (select count(*) from placements)",
        window.params(),
    )[0]
    return departed, placements


def people_reached(window: Window) -> Measured:
    """People who departed, by pilot and together. A person stands in one pilot, so the parts add up."""
    found = [(one, *_went(one.window)) for one in window.across]
    figures = [
        Figure(metric="people_reached", cell={"pilot": one.slug}, value=Decimal(n), unit="people")
        for one, n, _of in found
    ]
    figures.append(Figure(metric="people_reached", value=Decimal(sum(n for _o, n, _of in found)), unit="people"))
    titles = [(one.slug, one.name) for one, _n, _of in found]
    return Measured(
        tuple(figures), (dimension("pilot", _("Pilot"), "partition", titles),), base=sum(of for _o, _n, of in found),
        missing=0,
    )  # fmt: skip


def _all(window: Window) -> int:
    return sum(_went(one.window)[0] for one in window.across)


def goal_reached(window: Window) -> Measured:
    """People who departed, against the number of the goal."""
    people, goal = _all(window), goal_on(window.cut)
    note = _("%(words)s (%(source)s, %(address)s, read on %(day)s).") % {
        "words": goal.words, "source": goal.source, "address": goal.address, "day": goal.read_on.isoformat(),
    }  # fmt: skip
    figure = Figure(
        metric="goal_reached",
        value=Decimal(people),
        denominator=goal.people,
        unit="people",
        basis=Basis(people),
        note=note,
    )
    return Measured((figure,), base=people, missing=0)


def growth_needed(window: Window) -> Measured:
    """By how much the number would have to grow every year to come to the goal in time."""
    people, goal = _all(window), goal_on(window.cut)
    value = None
    if people and goal.by > window.cut:
        with localcontext(CONTEXT):
            years = (goal.by - window.cut).days / YEAR
            value = rounded(((Decimal(goal.people) / people).ln() / years).exp(), "times")
    figure = Figure(
        metric="growth_needed", value=value, denominator=people, unit="times", basis=Basis(people),
        note="" if value is not None else _("Nobody has departed yet."),
    )  # fmt: skip
    return Measured((figure,), base=people, missing=0)


_EVENTS = words("Journey events of all pilots that take part; the goal from a dated file with its source.")
_SAME = {"count": "people reached", "denominator": "people reached"}
METRICS = (
    Metric(
        code="people_reached", version=1, title=words("People who went"), population="people", kind="count", chart="bars",
        measure=people_reached, counts=_SAME,
        definition=words("People who departed with a cohort of the period, by pilot; each person once."),
        exclusions=words("People nominated who never departed."),
        missing_words=words("Deployments outside these pilots."),
        uncertainty_words=words("A count of what is recorded; no interval."), source=_EVENTS,
        statement=words("It shows how many people went. It does not say whether they gained; the figures below do."),
    ),
    Metric(
        code="goal_reached", version=1, title=words("Against the goal for 2050"), population="people", kind="target",
        measure=goal_reached, counts=_SAME,
        definition=words("People who departed in the period, held against the number of people the goal names."),
        exclusions=words("People who went through pathways that these pilots opened for others."),
        missing_words=words("Deployments outside these pilots."),
        uncertainty_words=words("A count of what is recorded; no interval."), source=_EVENTS,
        statement=words(
            "It shows the distance. Pilots are to show what works; a goal of this size is reached by what others build on"
            " them, which no count of ours can see."
        ),
    ),
    Metric(
        code="growth_needed", version=1, title=words("Growth that the goal asks for"), population="people", kind="ratio",
        measure=growth_needed, counts=_SAME,
        definition=words(
            "The factor by which the number of people would have to grow every year, from this period's number to that of the"
            " goal in its last year."
        ),
        denominator_words=words("People who departed in the period."),
        exclusions=words("People who went through pathways that these pilots opened for others."),
        missing_words=words("Deployments outside these pilots."),
        uncertainty_words=words("Arithmetic on two numbers; no interval."), source=_EVENTS,
        statement=words("It shows what the goal asks of each year. It is no forecast."),
    ),
)  # fmt: skip
