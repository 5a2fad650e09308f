"""Cohorts and pilots held against each other, and against the targets of a grant: with what cannot be told said so.

What is compared are the figures that the disclosure rule let through, and nothing else: a difference or a target says no
more than the two numbers it stands between, so a hidden figure is compared with nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise

from django.utils.translation import gettext as _

from reports.content import Dimension, Figure, Label, Section
from reports.rendering import words
from reports.statistics import Estimate, difference

# Cohorts follow each other, so each is held against the one before; pilots stand side by side, each against each.
FOLLOWING, ALONGSIDE = "cohort", "pilot"
MOST_PAIRS = 15


def with_comparisons(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The disclosed sections, each followed by its comparison where its figures stand by cohort or by pilot."""
    found: list[Section] = []
    for section in sections:
        found.append(section)
        compared = compare(section)
        if compared:
            found.append(compared)
    return tuple(found)


def compare(section: Section) -> Section | None:
    """The differences between the groups of a disclosed section; None where it has no groups, or fewer than two are shown.

    Raises ValueError for a section that did not pass the disclosure rule.
    """
    sides = next((d for d in section.dimensions if d.name in (FOLLOWING, ALONGSIDE)), None)
    if sides is None or section.kind not in ("share", "median"):
        return None
    if not section.disclosed_for:
        raise ValueError(f"Section {section.metric} did not pass the disclosure rule.")
    by_value = {figure.cell.get(sides.name): figure for figure in section.figures if len(figure.cell) == 1}
    shown = [
        (label, by_value[label.value])
        for label in sides.values
        if label.value in by_value and by_value[label.value].value is not None
    ]
    pairs = list(pairwise(shown)) if sides.name == FOLLOWING else list(combinations(shown, 2))
    if not pairs:
        return None
    figures, labels = [], []
    for (before, first), (after, second) in pairs[:MOST_PAIRS]:
        # The later cohort against the one before; the first pilot of a pair against the second.
        one, other = (
            ((after, second), (before, first)) if sides.name == FOLLOWING else ((before, first), (after, second))
        )
        label = Label(
            f"{one[0].value}~{other[0].value}",
            _("%(one)s against %(other)s") % {"one": one[0].title, "other": other[0].title},
        )
        labels.append(label)
        figures.append(_difference(section, label, one[1], other[1]))
    return Section(
        metric=f"{section.metric}_difference", title=_("%(title)s: the difference") % {"title": section.title},
        definition=_("By how much the first group of a line exceeds the second."), population=section.population,
        kind="difference", chart="points", figures=tuple(figures), disclosed_for=section.disclosed_for,
        dimensions=(Dimension(name="pair", title=_("Compared"), relation="separate", values=tuple(labels)),),
        exclusions=_("Groups whose figure is hidden, or stands on too few to say."),
        uncertainty_words=_(
            "95 % interval put together from the intervals of the two groups (for shares: Newcombe). An interval that"
            " holds zero cannot tell the groups apart. Of twenty lines without any true difference, about one looks like"
            " a difference by chance."
        ),
        source=_("The figures shown above; nothing that is hidden there is compared."),
        statement=_(
            "It shows whether the groups can be told apart. It does not say what made them differ: other people, another"
            " season or another employer may be the reason."
        ),
    )  # fmt: skip


def _difference(section: Section, label: Label, one: Figure, other: Figure) -> Figure:
    unit = "points" if one.unit == "share" else one.unit
    found = difference(_estimate(one), _estimate(other), unit)
    return Figure(
        metric=f"{section.metric}_difference", cell={"pair": label.value}, value=found.value, low=found.low,
        high=found.high, unit=unit,
    )  # fmt: skip


def _estimate(figure: Figure) -> Estimate:
    n = figure.denominator if isinstance(figure.denominator, int) else 0
    return Estimate(figure.value, figure.low, figure.high, n)


@dataclass(frozen=True, slots=True)
class Aim:
    """One target of a grant: which figure it is about, the value to reach, by which day, and on which side of it."""

    grant: str
    metric: str
    cell: tuple[tuple[str, str], ...]
    title: str
    value: Decimal
    by: date
    at_most: bool = False


def against_targets(sections: Iterable[Section], aims: Sequence[Aim]) -> Section | None:
    """What was reached of each target, from the disclosed figures; None without targets.

    A target whose figure is hidden, or not in the report, is listed with no number.
    """
    if not aims:
        return None
    by_key = {(section.metric, figure.key): figure for section in sections for figure in section.figures}
    audience = next((section.disclosed_for for section in sections), "")
    figures, labels = [], []
    for number, aim in enumerate(aims, start=1):
        found = by_key.get((aim.metric, aim.cell))
        value = f"{number}"
        told = {"grant": aim.grant, "target": aim.title, "day": words.day(aim.by)}
        labels.append(Label(value, _("%(grant)s: %(target)s by %(day)s") % told))
        figures.append(_reached(aim, value, found))
    sides = (Label("at least", _("At least")), Label("at most", _("At most")))
    return Section(
        metric="targets", title=_("Against the targets of the grant"), population="placements", kind="target",
        definition=_("What the figures of this report reached of each target that was agreed for the grant."),
        figures=tuple(figures), disclosed_for=audience,
        dimensions=(
            Dimension(name="target", title=_("Target"), relation="separate", values=tuple(labels)),
            Dimension(name="side", title=_("Reached when"), relation="separate", values=sides),
        ),
        missing_words=_("A target whose figure is hidden, or stands on too few to say."),
        uncertainty_words=_("A target inside the 95 % interval of its figure cannot be called reached or missed yet."),
        source=_("Targets as agreed with the funder; figures of this report."),
        statement=_(
            "It shows how far the cohorts of this period came. It does not say whether the target was the right one, and"
            " cohorts outside the period do not count."
        ),
    )  # fmt: skip


def _reached(aim: Aim, value: str, found: Figure | None) -> Figure:
    cell = {"target": value, "side": "at most" if aim.at_most else "at least"}
    if found is None:
        return Figure(
            metric="targets", cell=cell, value=None, unit="times", denominator=None, note=_("Not in this report.")
        )
    if found.suppressed:
        return replace(found, metric="targets", cell=cell)
    told = found.numerator if aim.metric in COUNTED else found.value
    counts = aim.metric in COUNTED
    return Figure(
        metric="targets", cell=cell, value=Decimal(told) if told is not None else None,
        low=None if counts else found.low, high=None if counts else found.high,
        denominator=aim.value, unit="placements" if counts else found.unit,
    )  # fmt: skip


# Of these figures the target is a number of placements, not a share.
COUNTED = frozenset({"funnel"})
