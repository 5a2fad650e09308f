"""How the numbers of a section hang together: which parts add up to which total, and which step of a funnel contains the next.

The disclosure rule asks this room two things: the tables with totals inside a section, as networks, and the chains of nested steps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from reports.content import Figure, Section
from reports.protection import Arc, Network

type Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """One additive number of a section's figures: how to read it, and whether it counts (or sums money)."""

    numbers: dict[Key, int]
    counts: bool


def is_small(count: int | Decimal | None, k: int) -> bool:
    """Whether a count points at single persons: 1 to k − 1. Nobody is nobody: zero is not small."""
    return count is not None and 0 < count < k


def components(section: Section, figure: Figure) -> dict[str, int | Decimal]:
    """The numbers a reader of this figure learns: of a share those who did, those who did not, and all."""
    top, base = figure.numerator, figure.denominator
    if section.kind == "count":
        return {"count": figure.value} if figure.value is not None else {}
    if section.kind == "share":
        return {"did": top, "did not": base - top} if top is not None and base is not None else {}
    known = {"numerator": top, "base": base}
    return {name: number for name, number in known.items() if number is not None}


def layers_of(section: Section) -> list[Layer]:
    """The additive numbers of a section as whole numbers, one layer each; money is counted in its smallest shown part."""
    rows = {figure.key: components(section, figure) for figure in section.figures}
    layers = []
    for name in dict.fromkeys(name for row in rows.values() for name in row):
        numbers = {key: row.get(name, 0) for key, row in rows.items()}
        counts = section.kind in ("count", "share") or all(
            isinstance(number, int) for number in numbers.values()
        )
        places = max((-Decimal(number).as_tuple().exponent for number in numbers.values()), default=0)
        layers.append(
            Layer({key: int(Decimal(n).scaleb(max(0, places))) for key, n in numbers.items()}, counts)
        )
    return layers


def tables_of(section: Section) -> list[tuple[Network, list[Layer]]]:
    """The tables with totals inside a section: one for each combination of the values of its other dimensions."""
    parts = [dimension.name for dimension in section.dimensions if dimension.relation == "partition"]
    slices: dict[Key, list[Key]] = {}
    for figure in section.figures:
        around = tuple(pair for pair in figure.key if pair[0] not in parts)
        slices.setdefault(around, []).append(figure.key)
    layers = layers_of(section)
    built = (_network(section, around, keys, parts, layers) for around, keys in slices.items() if layers)
    return [table for table in built if table]


def _network(
    section: Section, around: Key, keys: Sequence[Key], parts: Sequence[str], layers: Sequence[Layer]
) -> tuple[Network, list[Layer]] | None:
    """One table as a network, with unpublished totals filled in as sums; None where nothing adds up to anything."""
    inner = {tuple(pair for pair in key if pair not in around): key for key in keys}
    crossed = sorted({tuple(name for name, _value in cell) for cell in inner if len(cell) == 2})
    plain = [name for name in parts if any(len(cell) == 1 and cell[0][0] == name for cell in inner)]
    if any(len(cell) > 2 for cell in inner) or any(
        set(one) & set(two) for one, two in combinations(crossed, 2)
    ):
        raise ValueError(
            f"Section {section.metric}: cross a dimension with one other; put a further table into its own section."
        )
    stages: list[tuple[str, ...]] = [
        *crossed,
        *((name,) for name in plain if not any(name in pair for pair in crossed)),
    ]
    if not stages:
        return None
    network, sums = Network(), [dict(layer.numbers) for layer in layers]

    def join(cell: Key, tail: object, head: object, level: int, below: Iterable[Key]) -> None:
        key = inner.get(cell)
        if key is None:
            key = ("unpublished", around, cell)
            for numbers in sums:
                numbers[key] = sum(numbers[part] for part in below)
        network.add(Arc(key, tail, head, level), free=cell not in inner)

    for number, stage in enumerate(stages):
        cells = {cell: inner[cell] for cell in inner if tuple(name for name, _value in cell) == stage}
        if len(stage) == 2:
            for cell, key in cells.items():
                network.add(Arc(key, (number, cell[0]), (number, cell[1]), 0))
            for side in (0, 1):
                margins = [cell for cell in inner if len(cell) == 1 and cell[0][0] == stage[side]]
                for pair in dict.fromkeys([cell[side] for cell in cells] + [cell[0] for cell in margins]):
                    below = [key for cell, key in cells.items() if cell[side] == pair]
                    ends = (number, (number, pair)) if side == 0 else ((number, pair), number + 1)
                    join((pair,), *ends, 1, below)
        else:
            for key in cells.values():
                network.add(Arc(key, number, number + 1, 1))
    first = [arc.key for arc in network.arcs.values() if arc.tail == 0]
    join((), len(stages), 0, 2, first)
    for layer in sums:
        _check_sums(section, network, layer)
    return network, [Layer(numbers, layer.counts) for numbers, layer in zip(sums, layers, strict=True)]


def _check_sums(section: Section, network: Network, numbers: Mapping[object, int]) -> None:
    if (node := network.unbalanced(numbers)) is not None:
        raise ValueError(
            f"Section {section.metric}: the parts at {node} do not add up to their total. "
            "Declare a dimension as separate when one person can stand in two of its parts."
        )


def chains_of(section: Section) -> list[list[Figure]]:
    """The figures along each nested dimension, in its order, for every combination of the other dimensions."""
    chains: dict[tuple[str, Key], list[Figure]] = {}
    for dimension in section.dimensions:
        if dimension.relation == "nested":
            order = {label.value: place for place, label in enumerate(dimension.values)}
            inside = [figure for figure in section.figures if figure.cell.get(dimension.name) in order]
            for figure in sorted(inside, key=lambda figure, d=dimension.name, o=order: o[figure.cell[d]]):
                rest = tuple(pair for pair in figure.key if pair[0] != dimension.name)
                chains.setdefault((dimension.name, rest), []).append(figure)
    return list(chains.values())


def hide_along(chain: Sequence[Figure], section: Section, k: int, hidden: set[Key]) -> None:
    """Hides the steps of a funnel whose distance to the last shown step is 1 to k − 1: that many people dropped out between."""
    reached = [int(next(iter(components(section, figure).values()), 0)) for figure in chain]
    last, gap_hides = None, False
    for place, figure in enumerate(chain):
        before = None if last is None else abs(reached[last] - reached[place])
        close = before is not None and (is_small(before, k) or (gap_hides and before <= k))
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


def hide_broken_down(section: Section, hidden: set[Key]) -> None:
    """Hides the whole breakdown of a funnel when any part of it, or of its totals, is hidden.

    Parts that add up at every step and shrink from step to step bind each other so closely that a partial breakdown is not safe.
    """
    relation = {dimension.name: dimension.relation for dimension in section.dimensions}
    inside = [(figure.key, {relation[name] for name in figure.cell}) for figure in section.figures]
    along = [(key, relations) for key, relations in inside if "nested" in relations]
    crossed = [key for key, relations in along if "partition" in relations]
    if crossed and any(key in hidden for key, _relations in along):
        hidden.update(crossed)
