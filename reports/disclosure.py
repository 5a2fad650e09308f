"""What may leave the house: hides every figure that points at single persons, and every figure that would give a
hidden one away.

`disclose(sections, audience)` is the only way from computed figures to an edition: `Content` refuses sections that
did not pass it. The rule, with its sources, is told in `docs/reports.md`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.content import Amount, BaseCount, DisclosureNote, Figure, Missing, Section
from reports.protection import Key, protect
from reports.tables import (
    Cell,
    Layer,
    chains_of,
    components,
    hide_along,
    hide_broken_down,
    is_small,
    tables_of,
)

PROGRAMME, OUTSIDE = (
    5,
    10,
)  # the smallest count shown: statistical offices use 5 inside and 10 towards the public
SENSITIVE = 10  # harm, health and grievances: 10 towards everybody
DOMINANCE = Decimal("0.5")  # no one person may make more than half of a sum, mean or median that is shown
AMOUNT_WIDTH = 10  # a hidden sum must stay uncertain by a tenth of itself at least

THRESHOLDS: dict[str, int] = {
    "programme": PROGRAMME,
    "welfare-partner": PROGRAMME,
    "recruiter": OUTSIDE,
    "employer": OUTSIDE,
    "origin-government": OUTSIDE,
    "destination-government": OUTSIDE,
    "funder": OUTSIDE,
    "public": OUTSIDE,
}


def threshold(audience: str, sensitive: bool = False) -> int:
    """The smallest count that `audience` is shown; raises KeyError for an audience the table does not know."""
    return max(THRESHOLDS[audience], SENSITIVE) if sensitive else THRESHOLDS[audience]


def reveals_persons(section: Section, figure: Figure, k: int) -> bool:
    """Whether this figure alone says something about fewer than `k` people or about one of them above all."""
    parts = components(section, figure)
    counting = section.kind in ("count", "share")
    counted: list[Amount | None] = [n for n in parts.values() if counting or isinstance(n, int)]
    if section.kind == "share":
        counted.append(figure.denominator)
    if any(is_small(number, k) for number in counted):
        return True
    if section.kind == "share" and section.sensitive and figure.denominator and 0 in parts.values():
        return True  # all or none of a group: whoever knows a member knows the answer
    people = figure.basis.people if figure.basis else figure.denominator
    if not counting and not isinstance(people, int):
        return figure.value is not None  # an amount is safe only when it says on how many people it stands
    if figure.basis is None:
        return False
    largest = figure.basis.largest_share
    return is_small(figure.basis.people, k) or (largest is not None and largest > DOMINANCE)


def _changed_a_little(section: Section, figure: Figure, before: Figure | None, k: int) -> bool:
    """Whether the previous edition hid this cell, or showed a count that differs from this one by 1 to k − 1."""
    if before is None:
        return False
    if before.suppressed:
        return True
    now, then = components(section, figure), components(section, before)
    counted = [name for name in now if section.kind in ("count", "share") or isinstance(now[name], int)]
    return any(name in then and is_small(abs(Decimal(now[name]) - Decimal(then[name])), k) for name in counted)


def _first(section: Section, k: int, previous: Mapping[tuple[str, Cell], Figure]) -> set[Key]:
    """The cells that are hidden for their own sake."""
    keys = [figure.key for figure in section.figures]
    if len(set(keys)) != len(keys):
        raise ValueError(f"Section {section.metric}: one cell stands twice.")
    return {
        figure.key
        for figure in section.figures
        if figure.suppressed
        or reveals_persons(section, figure, k)
        or _changed_a_little(section, figure, previous.get((section.metric, figure.key)), k)
    }


def _protect_tables(section: Section, k: int, hidden: set[Key]) -> None:
    """Adds to `hidden` what must go with it so that no hidden cell of the section can be worked out."""
    for network, layers in tables_of(section):

        def required(index: int, value: int, layers: list[Layer] = layers) -> int:
            return k + 1 if layers[index].counts else max(1, -(-value // AMOUNT_WIDTH))

        mine: set[Key] = {key for key in hidden if key in network.arcs}
        if mine:
            hidden.update(protect(network, [layer.numbers for layer in layers], mine, required))


def _hide_same_counts(sections: Sequence[Section], hidden: Sequence[set[Key]]) -> None:
    """A count that stands in several sections is hidden in all of them or in none."""
    names = [set(section.counts.values()) for section in sections]
    gone = {(name, key) for index, keys in enumerate(hidden) for name in names[index] for key in keys}
    for index, section in enumerate(sections):
        shown = (figure.key for figure in section.figures if figure.key not in hidden[index])
        hidden[index].update({key for key in shown if any((name, key) in gone for name in names[index])})


def disclose(
    sections: Sequence[Section], audience: str, previous: Sequence[Section] = ()
) -> tuple[tuple[Section, ...], DisclosureNote]:
    """The sections as `audience` may see them, and a note of what was hidden and why.

    A hidden figure keeps its cell and carries no number. `previous` are the sections of the last edition for the same
    reader and period: what it hid stays hidden, and a count that moved by less than the threshold is hidden, so that
    two editions do not give one person away. Raises KeyError for an unknown audience, ValueError when parts declared
    as a partition do not add up to their total.
    """
    limits = [threshold(audience, section.sensitive) for section in sections]
    published = {(section.metric, figure.key): figure for section in previous for figure in section.figures}
    hidden = [_first(section, k, published) for section, k in zip(sections, limits, strict=True)]
    size = -1
    while size != (size := sum(map(len, hidden))):
        for section, k, keys in zip(sections, limits, hidden, strict=True):
            for chain in chains_of(section):
                hide_along(chain, section, k, keys)
            hide_broken_down(section, keys)
            _protect_tables(section, k, keys)
        _hide_same_counts(sections, hidden)
    shown = tuple(_apply(*parts, audience) for parts in zip(sections, limits, hidden, strict=True))
    total = sum(len(section.figures) for section in sections)
    return shown, _note(audience, total, size)


def _apply(section: Section, k: int, hidden: set[Key], audience: str) -> Section:
    """The section with its hidden figures emptied; what is shown loses the basis no reader may see."""
    words = _("Hidden: fewer than %(k)s, or a number that would give one away.") % {"k": k}
    figures = tuple(
        Figure(metric=figure.metric, cell=figure.cell, value=None, unit=figure.unit, suppressed=True, note=words)
        if figure.key in hidden
        else replace(figure, basis=None)
        for figure in section.figures
    )
    if is_small(section.missing, k) or is_small(section.base, k):
        section = replace(section, base=None, missing=None, missing_suppressed=True)
    return replace(section, figures=figures, disclosed_for=audience)


def _note(audience: str, total: int, hidden: int) -> DisclosureNote:
    k, strict = threshold(audience), threshold(audience, sensitive=True)
    words = (
        _("Numbers from 1 to %(below)s are hidden; the smallest number shown is %(k)s.") % {"below": k - 1, "k": k},
        _("Where the subject is harm, health or a grievance, the smallest number shown is %(k)s.") % {"k": strict},
        _("A share is hidden when those who did, those who did not, or all of them are fewer than that."),
        _("Amounts are hidden when they stand on fewer people than that, or when one person makes more than half."),
        _("Where a hidden number could be worked out from totals, more numbers are hidden with it."),
        _("A hidden number is marked –. It is never shown as zero or left blank."),
    )
    return DisclosureNote(audience, k, strict, total - hidden, hidden, words)


def disclose_base(counts: Iterable[BaseCount], audience: str) -> tuple[BaseCount, ...]:
    """The base counts of an edition with the small ones hidden."""
    k = threshold(audience)
    return tuple(replace(c, value=None, suppressed=True) if is_small(c.value, k) else c for c in counts)


def disclose_missing(rows: Iterable[Missing], audience: str) -> tuple[Missing, ...]:
    """The table of missing data with small rows hidden, both numbers of a row together."""
    k = threshold(audience)
    return tuple(
        replace(row, missing=None, base=None, suppressed=True)
        if is_small(row.missing, k) or is_small(row.base, k)
        else row
        for row in rows
    )


def disclose_rows(counts: Mapping[str, int], audience: str) -> dict[str, int | None]:
    """How many rows of each table were read, with small counts hidden."""
    k = threshold(audience)
    return {name: None if is_small(count, k) else count for name, count in counts.items()}
