"""What several editions give away together: the same figures of overlapping periods, of one employer and of all.

A funder's half-year and its year differ by the other half; the report of all and that of one employer differ by the
others. Every published count is a sum over the smallest groups that the selections cut a pilot into (employer × stretch
of time × cell); `solving.Sums` finds exactly what a reader of all of them can work out about a hidden cell, or about a
group nobody published. Where that is too near, more of the new edition is hidden; what went out cannot be called back.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise, product

from reports.content import Figure, Section
from reports.published import Published, Selection
from reports.solving import Contradiction, Sums
from reports.tables import Cell, Pair, components, is_small, parents_of

MOST_GROUPS = 1500  # beyond this the selections of the same period are looked at alone
DAY = timedelta(days=1)

type Place = tuple[Selection, Cell]
type Group = tuple[int | None, date, Cell]


def hide_differences(
    section: Section, selection: Selection, published: Published, k: int, hidden: set[Cell], known: set[Cell]
) -> None:
    """Adds to ``hidden`` the cells of a section that would give something away beside what other selections show.

    ``known`` are cells that readers have already; hiding them would protect nothing. What can be worked out from other
    selections alone is added to them.
    """
    others = published.elsewhere(selection, section.metric)
    if not others:
        return
    mine = {figure.key: figure for figure in section.figures}
    for (other, key), figure in others.items():
        nested = selection.holds(other) or other.holds(selection)
        if (
            key in mine
            and nested
            and (
                _near(counts_of(section, mine[key]), counts_of(section, figure), k)
                or _few_between(section, mine[key], figure, k)
            )
        ):
            hidden.add(key)
    parts = {d.name for d in section.dimensions if d.relation == "partition"}
    for around in dict.fromkeys(_around(key, parts) for key in mine):
        inside = {key: figure for key, figure in mine.items() if _around(key, parts) == around}
        there = {place: figure for place, figure in others.items() if _around(place[1], parts) == around}
        names = dict.fromkeys(name for figure in inside.values() for name in counts_of(section, figure))
        asked = [_Question(section, selection, name, k, inside, there, known) for name in names]
        if asked and there:
            if section.kind in ("count", "share"):
                known |= set.intersection(*(question.worked_out(hidden) for question in asked))
            for question in asked:
                question.hide(hidden)


def counts_of(section: Section, figure: Figure) -> dict[str, int]:
    """The counts that a reader of a figure learns; amounts of money are no people."""
    learnt = components(section, figure)
    return {name: int(n) for name, n in learnt.items() if isinstance(n, int) or section.kind == "count"}


def _around(key: Cell, parts: Collection[str]) -> Cell:
    return tuple(pair for pair in key if pair[0] not in parts)


def _near(one: dict[str, int], other: dict[str, int], k: int) -> bool:
    """Whether two figures, of a group and of one within it, differ by fewer than ``k``."""
    return any(is_small(abs(one[name] - other[name]), k) for name in one if name in other)


def _few_between(section: Section, one: Figure, other: Figure, k: int) -> bool:
    """Whether two figures, of a selection and of one within it, differ by what fewer than ``k`` people can have made.

    For what adds up and is not a count of people, such as checks or sums of money. Somebody may be in both, so the
    difference of the people is the fewest that it can stand on.
    """
    adds_up = section.kind == "count" or one.numerator is not None
    if not adds_up or one.basis is None or other.basis is None or other.suppressed:
        return False
    same = (one.numerator, one.denominator, one.value) == (other.numerator, other.denominator, other.value)
    return not same and abs(one.basis.people - other.basis.people) < k


@dataclass(slots=True)
class _Question:
    """One number of a section (those who did, say) in one of its tables, beside the same in other selections."""

    section: Section
    selection: Selection
    name: str
    k: int
    mine: dict[Cell, Figure]
    others: dict[Place, Figure]
    known: Collection[Cell]

    def worked_out(self, hidden: Collection[Cell]) -> set[Cell]:
        """The hidden cells that the other selections give to the last one."""
        shown = {place: self._number(figure) for place, figure in self.others.items() if not figure.suppressed}
        groups = self._groups(self.others)
        try:
            sums = Sums([(groups.of(*place), number) for place, number in shown.items() if number is not None])
        except Contradiction:
            return set()
        mine = {key: groups.of(self.selection, key) for key in self.mine if key in hidden}
        return {
            key for key, parts in mine.items() if (most := sums.most(parts)) is not None and most == sums.least(parts)
        }

    def _groups(self, others: dict[Place, Figure]) -> "_Groups":
        keys = [*self.mine, *(cell for _selection, cell in others)]
        return _Groups(self.section, [self.selection, *(place[0] for place in others)], keys)

    def hide(self, hidden: set[Cell]) -> None:
        """Hide the smallest cells first until nothing can be worked out; then show again what need not be hidden.

        Asked for a reader who knows that there are no employers but those reported on, and for one who does not.
        """
        same = {place: figure for place, figure in self.others.items() if _same_period(place[0], self.selection)}
        for others in (self.others, same):
            groups = self._groups(others)
            if others and groups.size <= MOST_GROUPS:
                alone = groups.without_others()
                fitting = [self._settle(some, others, hidden) for some in (alone, groups) if some]
                if any(fitting):
                    return

    def _settle(self, groups: "_Groups", others: dict[Place, Figure], hidden: set[Cell]) -> bool:
        """Whether the sums fit together at all; hides what must be hidden when they do."""
        added: list[Cell] = []
        try:
            if not self._exposed(groups, others, hidden):
                return True
            lost = self._exposed(groups, others, set(self.mine))  # what went out earlier gives away by itself
            while self._exposed(groups, others, hidden) - lost:
                shown = [key for key in self.mine if key not in hidden and key not in self.known]
                if not shown:
                    break
                added.append(min(shown, key=lambda key: (self._number(self.mine[key]) or 0, -len(key), key)))
                hidden.add(added[-1])
            for key in reversed(added[:-1]):
                hidden.discard(key)
                if self._exposed(groups, others, hidden) - lost:
                    hidden.add(key)
        except Contradiction:
            hidden.difference_update(added)
            return False
        return True

    def _number(self, figure: Figure) -> int | None:
        return counts_of(self.section, figure).get(self.name)

    def _exposed(self, groups: "_Groups", others: dict[Place, Figure], hidden: Collection[Cell]) -> set[Hashable]:
        """The hidden cells, and the groups between the selections, that a reader of everything shown can place."""
        shown = {
            (self.selection, key): self._number(figure)
            for key, figure in self.mine.items()
            if key not in hidden or key in self.known
        }
        shown |= {place: self._number(figure) for place, figure in others.items() if not figure.suppressed}
        sums = Sums([(groups.of(*place), number) for place, number in shown.items() if number is not None])
        secret = [(self.selection, key) for key in self.mine if key in hidden and key not in self.known]
        secret += [place for place, figure in others.items() if figure.suppressed and place not in shown]
        placed: set[Hashable] = {place for place in secret if _placed(sums, groups.of(*place), self.k)}
        return placed | {group for group in groups.all() if _singled_out(sums, group, self.k)}


def _same_period(one: Selection, other: Selection) -> bool:
    return (one.period_from, one.period_to) == (other.period_from, other.period_to)


def _placed(sums: Sums, groups: Sequence[Group], k: int) -> bool:
    """Whether a hidden count lies in a range no wider than ``k``; a published total of zero is no secret."""
    most = sums.most(groups)
    return most is not None and most > 0 and most - sums.least(groups) <= k


def _singled_out(sums: Sums, group: Group, k: int) -> bool:
    """Whether a group that nobody published can be placed so near that it is known to be small."""
    most = sums.most([group], enough=2 * k)
    if most is None or most == 0 or most >= 2 * k:
        return False
    least = sums.least([group])
    return least < k and most - least < k


class _Groups:
    """The smallest groups that some selections and cells cut a pilot into."""

    def __init__(self, section: Section, selections: Iterable[Selection], keys: Iterable[Cell]):
        chosen = list(dict.fromkeys(selections))
        days = {s.period_from for s in chosen} | {s.period_to + DAY for s in chosen}
        self.stretches = list(pairwise(sorted(days)))
        self.employers: list[int | None] = [*sorted({s.employer for s in chosen if s.employer is not None})]
        self.employers += [None] if any(s.employer is None for s in chosen) else []  # None: all the others
        self.parents = parents_of(section)
        parts = [d.name for d in section.dimensions if d.relation == "partition"]
        pairs = dict.fromkeys(pair for key in keys for pair in key if pair[0] in parts)
        above = {whole for pair in pairs for whole in self._above(pair)}
        leaves = [[pair for pair in pairs if pair[0] == name and pair not in above] for name in parts]
        self.cells: list[Cell] = [tuple(sorted(cell)) for cell in product(*(some for some in leaves if some))]
        self.size = len(self.stretches) * len(self.employers) * len(self.cells)
        self.parts = set(parts)

    def without_others(self) -> "_Groups | None":
        """The same for a pilot that has only these employers; None where none is known, or nothing is of all."""
        if len(self.employers) < 2 or None not in self.employers:
            return None
        alone = copy(self)
        alone.employers = [employer for employer in self.employers if employer is not None]
        return alone

    def all(self) -> Iterable[Group]:
        """Every smallest group."""
        return [(e, first, cell) for e in self.employers for first, _next in self.stretches for cell in self.cells]

    def of(self, selection: Selection, key: Cell) -> list[Group]:
        """The groups that one cell of one selection adds up."""
        wanted = [pair for pair in key if pair[0] in self.parts]
        return [
            (employer, first, cell)
            for employer in (self.employers if selection.employer is None else [selection.employer])
            for first, after in self.stretches
            if selection.period_from <= first and after <= selection.period_to + DAY
            for cell in self.cells
            if all(any(self._within(pair, one) for pair in cell) for one in wanted)
        ]

    def _above(self, pair: Pair) -> Iterable[Pair]:
        """What a value of a tree is part of, from near to far."""
        while pair in self.parents:
            pair = self.parents[pair]
            yield pair

    def _within(self, pair: Pair, whole: Pair) -> bool:
        return pair == whole or whole in self._above(pair)
