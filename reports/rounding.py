"""Counts rounded to a base, such as 5, so that the rounded parts still add up to the rounded totals.

A table is a network in which the counts flow. Where a count is no multiple of the base, flow is pushed around a ring of
such counts until one of them is; a ring is always there, because at every node the counts that are no multiple come in
twos at least. No count moves past the multiples next to it. (Controlled rounding: L. H. Cox, 1982.)
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from reports.content import Figure, Section
from reports.protection import Key, Network
from reports.statistics import share
from reports.tables import layers_of, tables_of

type Step = tuple[Key, bool]


def rounded_flow(network: Network, values: Mapping[Key, int], base: int) -> dict[Key, int]:
    """The numbers of a table as multiples of ``base``, each one of the two next to it, with sums that hold."""
    flow = dict(values)
    while ring := _ring(network, flow, base):
        up = min(base - flow[key] % base if forward else flow[key] % base for key, forward in ring)
        down = min(flow[key] % base if forward else base - flow[key] % base for key, forward in ring)
        by = up if up <= down else -down
        for key, forward in ring:
            flow[key] += by if forward else -by
    return flow


def _ring(network: Network, flow: Mapping[Key, int], base: int) -> list[Step]:
    """A ring of arcs that are no multiples, each with whether it is gone along or against; empty when all are."""
    start = next((arc for arc in network.arcs.values() if flow[arc.key] % base), None)
    if start is None:
        return []
    node, path, seen = start.head, [(start.key, True)], {start.tail: 0, start.head: 1}
    while True:
        last = path[-1][0]
        key, forward, node = next(
            (key, forward, target) for key, forward, target in network.ways[node] if key != last and flow[key] % base
        )
        path.append((key, forward))
        if node in seen:
            return path[seen[node] :]
        seen[node] = len(path)


def nearest(number: int, base: int) -> int:
    """The multiple of ``base`` next to a number; the larger one when both are as near."""
    return (number + base // 2) // base * base


def round_section(section: Section, base: int) -> Section:
    """The section with its counts, and the shares made of them, rounded to ``base``; amounts stay as they are."""
    if base < 2 or section.kind not in ("count", "share"):
        return section
    layers = [dict(layer.numbers) for layer in layers_of(section)]
    names = ("did", "did not") if section.kind == "share" else ("count",)
    rounded = [{key: nearest(number, base) for key, number in layer.items()} for layer in layers]
    if section.kind == "share" and len(layers) == 2:
        # Outside a table all is rounded first and then those who did, so that funnels keep one base.
        rounded[1] = {key: nearest(layers[0][key] + n, base) - rounded[0][key] for key, n in layers[1].items()}
    for network, found in tables_of(section):
        for place, layer in enumerate(found):
            flow = rounded_flow(network, layer.numbers, base)
            rounded[place] |= {key: number for key, number in flow.items() if key in rounded[place]}
    rows = {
        figure.key: dict(zip(names, (layer.get(figure.key, 0) for layer in rounded), strict=False))
        for figure in section.figures
    }
    return replace(section, figures=tuple(_rounded(section, figure, rows[figure.key]) for figure in section.figures))


def _rounded(section: Section, figure: Figure, row: Mapping[str, int]) -> Figure:
    if figure.suppressed or figure.value is None:
        return figure
    if section.kind == "count":
        return replace(figure, value=Decimal(row["count"]))
    if not isinstance(figure.numerator, int) or not isinstance(figure.denominator, int):
        return figure
    found = share(row["did"], row["did"] + row["did not"])
    return replace(
        figure, value=found.value, low=found.low, high=found.high, numerator=row["did"],
        denominator=row["did"] + row["did not"],
    )  # fmt: skip
