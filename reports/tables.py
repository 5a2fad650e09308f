"""How the numbers of a section hang together: which parts add up to which total, and which step of a funnel contains
the next.

The disclosure rule asks this room two things: the tables with totals inside a section, as networks, and the chains of
nested steps. A dimension may be a tree (region, then country): its values name their `parent`, whose figure is the sum
of theirs. A tree may be crossed with one plain dimension; the table is then still a network: the total flows down the
tree to its leaves, through the cells, and up again column by column.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from reports.content import Amount, Figure, Section
from reports.protection import Arc, Key, Network

type Pair = tuple[str, str]
type Cell = tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """One additive number of a section's figures: how to read it, and whether it counts (or sums money)."""

    numbers: dict[Key, int]
    counts: bool


def is_small(count: Amount | None, k: int) -> bool:
    """Whether a count points at single persons: 1 to k − 1. Nobody is nobody: zero is not small."""
    return count is not None and 0 < count < k


def components(section: Section, figure: Figure) -> dict[str, Amount]:
    """The numbers a reader of this figure learns: of a share those who did, those who did not, and all."""
    top, base = figure.numerator, figure.denominator
    if section.kind == "count":
        return {"count": figure.value} if figure.value is not None else {}
    if section.kind == "share":
        return {"did": top, "did not": base - top} if top is not None and base is not None else {}
    known = {"numerator": top, "base": base}
    return {name: number for name, number in known.items() if number is not None}


def layers_of(section: Section) -> list[Layer]:
    """The additive numbers of a section as whole numbers, one layer each; money is counted in its smallest shown
    part.
    """
    rows = {figure.key: components(section, figure) for figure in section.figures}
    layers = []
    for name in dict.fromkeys(name for row in rows.values() for name in row):
        numbers = {key: row.get(name, 0) for key, row in rows.items()}
        counts = section.kind in ("count", "share") or all(isinstance(number, int) for number in numbers.values())
        places = max((_places(number) for number in numbers.values()), default=0)
        layers.append(Layer({key: int(Decimal(n).scaleb(places)) for key, n in numbers.items()}, counts))
    return layers


def _places(number: Amount) -> int:
    """How many digits a number has after the point."""
    exponent = Decimal(number).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def tables_of(section: Section) -> list[tuple[Network, list[Layer]]]:
    """The tables with totals inside a section: one for each combination of the values of its other dimensions."""
    parts = [dimension.name for dimension in section.dimensions if dimension.relation == "partition"]
    slices: dict[Cell, list[Cell]] = {}
    for figure in section.figures:
        around = tuple(pair for pair in figure.key if pair[0] not in parts)
        slices.setdefault(around, []).append(figure.key)
    layers = layers_of(section)
    built = (_network(section, around, keys, parts, layers) for around, keys in slices.items() if layers)
    return [table for table in built if table]


@dataclass(frozen=True, slots=True)
class _Slice:
    """The figures of one table while it is being built: cell within the table → key, and the numbers of each layer."""

    around: Cell
    inner: dict[Cell, Key]
    numbers: list[dict[Key, int]]
    network: Network
    parents: Mapping[Pair, Pair]

    def join(self, cell: Cell, ends: tuple[Hashable, Hashable], level: int, below: Iterable[Key]) -> Key:
        """Adds a total over the arcs `below`; where it is not published, it is unknown and worth their sum."""
        key: Key = self.inner.get(cell)
        if key is None:
            key = ("unpublished", self.around, cell)
            for numbers in self.numbers:
                numbers[key] = sum(numbers[part] for part in below)
        self.network.add(Arc(key, *ends, level), free=cell not in self.inner)
        return key

    def children(self, pair: Pair | None, pairs: Sequence[Pair]) -> list[Pair]:
        """The values right under one value of a tree; of None the uppermost."""
        return [one for one in pairs if self.parents.get(one) == pair]

    def alone(self, number: int, pairs: Sequence[Pair], top: Pair | None = None) -> list[Key]:
        """Adds a breakdown by one dimension between two joints, level by level; answers the arcs under ``top``."""
        keys = []
        for pair in self.children(top, pairs):
            tail = (number, top) if top else number
            below = self.alone(number, pairs, pair)
            keys.append(self.join((pair,), (tail, (number, pair) if below else number + 1), 1, below))
        return keys

    def cross(self, number: int, rows: Sequence[Pair], columns: Sequence[Pair]) -> None:
        """Adds a two-way table between two joints: totals down the rows, cells, and up again column by column."""
        for column in columns:
            below = self._column(number, rows, column, None)
            self.join((column,), ((number, "up", column, None), number + 1), 1, below)
        self._rows(number, rows, columns, None)

    def _column(self, number: int, rows: Sequence[Pair], column: Pair, top: Pair | None) -> list[Key]:
        """The cells of one column under a value of the rows, each flowing to the sum over its brothers."""
        keys = []
        for row in self.children(top, rows):
            below = self._column(number, rows, column, row)
            tail = (number, "up", column, row) if below else (number, row)
            cell: Cell = tuple(sorted((row, column)))
            if below or cell in self.inner:
                keys.append(self.join(cell, (tail, (number, "up", column, top)), 1 if below else 0, below))
        return keys

    def _rows(self, number: int, rows: Sequence[Pair], columns: Sequence[Pair], top: Pair | None) -> list[Key]:
        """The totals of the rows, flowing down the tree."""
        keys = []
        for row in self.children(top, rows):
            below = self._rows(number, rows, columns, row)
            cells = [self.inner.get(tuple(sorted((row, column)))) for column in columns]
            tail = (number, top) if top else number
            keys.append(self.join((row,), (tail, (number, row)), 1, below or [cell for cell in cells if cell]))
        return keys


def _stages(section: Section, inner: Mapping[Cell, Key], parts: Sequence[str]) -> list[tuple[str, ...]]:
    """The breakdowns of one total: pairs of crossed dimensions first, a tree before a plain one, then those alone."""
    crossed = sorted({tuple(name for name, _value in cell) for cell in inner if len(cell) == 2})
    trees = {d.name for d in section.dimensions if any(label.parent for label in d.values)}
    tangled = any(set(one) & set(two) for one, two in combinations(crossed, 2))
    if tangled or any(len(cell) > 2 for cell in inner) or any(set(pair) <= trees for pair in crossed):
        raise ValueError(
            f"Section {section.metric}: cross a dimension with one other, of which one may be a tree; "
            "put a further table into its own section."
        )
    alone = [name for name in parts if any(len(cell) == 1 and cell[0][0] == name for cell in inner)]
    pairs = [tuple(sorted(pair, key=lambda name: name not in trees)) for pair in crossed]
    return [*pairs, *((name,) for name in alone if not any(name in pair for pair in pairs))]


def parents_of(section: Section) -> dict[Pair, Pair]:
    """For each value of a tree the value it is part of."""
    return {
        (dimension.name, label.value): (dimension.name, label.parent)
        for dimension in section.dimensions
        for label in dimension.values
        if label.parent
    }


def _network(
    section: Section, around: Cell, keys: Sequence[Cell], parts: Sequence[str], layers: Sequence[Layer]
) -> tuple[Network, list[Layer]] | None:
    """One table as a network, with unpublished totals filled in as sums; None where nothing adds up to anything."""
    inner: dict[Cell, Key] = {tuple(pair for pair in key if pair not in around): key for key in keys}
    stages = _stages(section, inner, parts)
    if not stages:
        return None
    table = _Slice(around, inner, [dict(layer.numbers) for layer in layers], Network(), parents_of(section))
    for number, stage in enumerate(stages):
        pairs = [dict.fromkeys(pair for cell in inner for pair in cell if pair[0] == name) for name in stage]
        for one in pairs:
            _with_parents(one, table.parents)
        if len(stage) == 2:
            table.cross(number, *map(list, pairs))
        else:
            table.alone(number, list(pairs[0]))
    first = [arc.key for arc in table.network.arcs.values() if arc.tail == 0]
    table.join((), (len(stages), 0), 2, first)
    for numbers in table.numbers:
        _check_sums(section, table.network, numbers)
    return table.network, [Layer(n, layer.counts) for n, layer in zip(table.numbers, layers, strict=True)]


def _with_parents(pairs: dict[Pair, None], parents: Mapping[Pair, Pair]) -> None:
    """Adds the values of a tree of which only parts are published."""
    for pair in list(pairs):
        while (pair := parents.get(pair, pair)) not in pairs:
            pairs[pair] = None


def _check_sums(section: Section, network: Network, numbers: Mapping[Key, int]) -> None:
    if (node := network.unbalanced(numbers)) is not None:
        raise ValueError(
            f"Section {section.metric}: the parts at {node} do not add up to their total. "
            "Declare a dimension as separate when one person can stand in two of its parts."
        )


def chains_of(section: Section) -> list[list[Figure]]:
    """The figures along each nested dimension, in its order, for every combination of the other dimensions."""
    chains: dict[tuple[str, Cell], list[Figure]] = {}
    for dimension in section.dimensions:
        if dimension.relation == "nested":
            order = {label.value: place for place, label in enumerate(dimension.values)}
            inside = [figure for figure in section.figures if figure.cell.get(dimension.name) in order]
            places = [order[figure.cell[dimension.name]] for figure in inside]
            for _place, figure in sorted(zip(places, inside, strict=True), key=lambda pair: pair[0]):
                rest = tuple(pair for pair in figure.key if pair[0] != dimension.name)
                chains.setdefault((dimension.name, rest), []).append(figure)
    return list(chains.values())


def hide_along(chain: Sequence[Figure], section: Section, k: int, hidden: set[Cell]) -> None:
    """Hides the steps of a funnel whose distance to the last shown step is 1 to k − 1: that many people dropped out
    between.
    """
    known = [components(section, figure) for figure in chain]
    steps = [{name: int(number) for name, number in found.items()} for found in known]
    reached = [next(iter(step.values()), 0) for step in steps]
    last, gap_hides = None, False
    for place, figure in enumerate(chain):
        close = last is not None and any(
            is_small(gap, k) or (gap_hides and gap <= k and name == next(iter(steps[place])))
            for name, gap in _gaps(steps[last], steps[place]).items()
        )
        given_away = (
            place > 0
            and chain[place - 1].key in hidden
            and figure.denominator == reached[place - 1]
            and section.kind == "share"
        )
        if figure.key in hidden or close or given_away:
            hidden.add(figure.key)
            gap_hides = True
        else:
            last, gap_hides = place, False
    if gap_hides and last is not None and reached[last] <= k:
        hidden.add(chain[last].key)


def _gaps(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """How far two steps of a funnel are apart, in each number that both show; and in those counted at all."""
    gaps = {name: abs(before[name] - after[name]) for name in after if name in before}
    if {"did", "did not"} <= set(gaps):
        whole = abs(before["did"] + before["did not"] - after["did"] - after["did not"])
        # With one base for all steps, those who did not mirror those who did.
        gaps = {"did": gaps["did"], "all": whole} | ({"did not": gaps["did not"]} if whole else {})
    return gaps


def hide_broken_down(section: Section, hidden: set[Cell]) -> None:
    """Hides the whole breakdown of a funnel when any part of it, or of its totals, is hidden.

    Parts that add up at every step and shrink from step to step bind each other so closely that a partial breakdown
    is not safe.
    """
    relation = {dimension.name: dimension.relation for dimension in section.dimensions}
    inside = [(figure.key, {relation[name] for name in figure.cell}) for figure in section.figures]
    along = [(key, relations) for key, relations in inside if "nested" in relations]
    crossed = [key for key, relations in along if "partition" in relations]
    if crossed and any(key in hidden for key, _relations in along):
        hidden.update(crossed)
