"""Whether hidden cells of a table with totals can be worked out, and what else to hide so that they cannot.

A table whose parts add up to totals is a network: every cell and every total is an arc that carries its number, and
at every node what comes in goes out. What a reader can work out about a hidden arc is then exactly the range over
which flow can be shifted around it through other hidden arcs; it is found by maximum flow, in whole numbers, without
approximation. (Two-way tables: source → rows → cells → columns → sink, and the grand total back. Further one-way
breakdowns of the same total follow in series.) To protect an arc, the cheapest way around it is hidden as well: the
method known as cell suppression by shortest paths.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from heapq import heappop, heappush

type Key = Hashable
type Values = Mapping[Key, int]

PRUNE_UP_TO = 200  # arcs; above this the second look at what could be shown after all costs more time than it is worth


@dataclass(frozen=True, slots=True)
class Arc:
    """One number of the table: a cell or a total, from one node to another. `level` 0 is a cell, 1 a margin, 2 the
    grand total.
    """

    key: Key
    tail: Hashable
    head: Hashable
    level: int


@dataclass(slots=True)
class Network:
    """The arcs of one table. `free` are those nobody publishes: unknown to all, in no need of protection."""

    arcs: dict[Key, Arc] = field(default_factory=dict)
    free: set[Key] = field(default_factory=set)
    ways: dict[Hashable, list[tuple[Key, bool, Hashable]]] = field(default_factory=dict)

    def add(self, arc: Arc, free: bool = False) -> None:
        """Puts an arc into the table; raises ValueError when its key is taken."""
        if arc.key in self.arcs:
            raise ValueError(f"{arc.key} stands twice in one table.")
        self.arcs[arc.key] = arc
        self.ways.setdefault(arc.tail, []).append((arc.key, True, arc.head))
        self.ways.setdefault(arc.head, []).append((arc.key, False, arc.tail))
        if free:
            self.free.add(arc.key)

    def unbalanced(self, values: Values) -> Hashable | None:
        """A node where the parts do not add up to the total, if there is one."""
        for node, ways in self.ways.items():
            if sum(values[key] if out else -values[key] for key, out, _ in ways):
                return node
        return None

    def forced_zero(self, values: Values, key: Key, hidden: set[Key]) -> bool:
        """Whether a published total of zero already says that this arc is zero."""
        arc = self.arcs[key]
        if values[key]:
            return False
        grand = [other for other in self.arcs.values() if other.level == 2]
        lines = [
            other
            for other in self.arcs.values()
            if arc.level == 0 < other.level and (other.head == arc.tail or other.tail == arc.head)
        ]
        closed = hidden | self.free
        return any(values[line.key] == 0 and line.key not in closed and line.key != key for line in lines + grand)


def _shift(
    network: Network, values: Values, hidden: set[Key], key: Key, start: Hashable, goal: Hashable, limit: int
) -> int:
    """How much flow, up to `limit`, goes from `start` to `goal` through hidden and free arcs other than `key`."""
    open_arcs = hidden | network.free
    pushed: dict[Key, int] = {}
    total = 0
    while total < limit:
        came: dict[Hashable, tuple[Hashable, Key, bool, int]] = {}
        queue, room = deque([start]), {start: limit - total}
        while queue and goal not in came:
            node = queue.popleft()
            for other, forward, target in network.ways[node]:
                if other == key or other not in open_arcs or target in room:
                    continue
                # An unknown number may grow without bound, and shrink to zero.
                free = limit if forward else values[other] + pushed.get(other, 0)
                if free > 0:
                    room[target] = min(room[node], free)
                    came[target] = (node, other, forward, free)
                    queue.append(target)
        if goal not in came:
            break
        step, node = room[goal], goal
        while node != start:
            before, other, forward, _ = came[node]
            pushed[other] = pushed.get(other, 0) + (step if forward else -step)
            node = before
        total += step
    return total


def width(network: Network, values: Values, hidden: set[Key], key: Key, limit: int) -> int:
    """How wide the range is in which a reader can place hidden arc `key`, counted up to `limit`."""
    arc = network.arcs[key]
    up = _shift(network, values, hidden, key, arc.head, arc.tail, limit)
    if up >= limit:
        return up
    down = _shift(network, values, hidden, key, arc.tail, arc.head, min(limit - up, values[key]))
    return up + down


def _way_around(
    network: Network, values: Values, hidden: set[Key], key: Key, need: int, known: Set[Key]
) -> set[Key] | None:
    """The arcs to hide so that `key` could be larger by `need`: the cheapest way from its head back to its tail."""
    arc = network.arcs[key]
    whole = max(1, max(values.values()))
    open_arcs = hidden | network.free
    best: dict[Hashable, int] = {arc.head: 0}
    came: dict[Hashable, tuple[Hashable, Key]] = {}
    heap: list[tuple[int, int, Hashable]] = [(0, 0, arc.head)]
    count = 0
    while heap:
        cost, _, node = heappop(heap)
        if cost > best[node]:
            continue
        if node == arc.tail:
            break
        for other, forward, target in network.ways[node]:
            if other == key or other in known or (not forward and values[other] < need):
                continue
            price = 0 if other in open_arcs else _price(network.arcs[other], values[other], whole)
            if cost + price < best.get(target, cost + price + 1):
                best[target], came[target] = cost + price, (node, other)
                count += 1  # ties are settled by the order of finding, the same on every machine
                heappush(heap, (cost + price, count, target))
    if arc.tail not in came:
        return None
    found, node = set(), arc.tail
    while node != arc.head:
        node, other = came[node]
        found.add(other)
    return found - open_arcs


def _price(arc: Arc, value: int, whole: int) -> int:
    """What hiding an arc costs the reader: totals more than cells, large more than small, and a zero last (a reader
    guesses it).
    """
    level = (1000, 6000, 40000)[arc.level]
    return level + level * value // whole + (0 if value else level * 5)


def protect(
    network: Network,
    layers: Iterable[Values],
    hidden: set[Key],
    required: Callable[[int, int], int],
    known: Set[Key] = frozenset(),
) -> set[Key]:
    """The hidden arcs and those to hide with them, so that in every layer each can lie anywhere in the required width.

    `layers` are the numbers a figure is made of (for a share: those who did and those who did not), hidden together.
    `required(layer, value)` is the width asked for. Arcs known to be zero by a published zero total are no secret.
    `known` are arcs that readers have from elsewhere: hiding them hides nothing, so they neither protect nor need it.
    Where nothing is left that could protect an arc, all that can be hidden is hidden.
    """
    layers = list(layers)
    lost = hidden & known
    first = hidden - known
    hidden = set(first)
    hopeless: set[Key] = set()

    def exposed() -> tuple[int, Key] | None:
        for key in network.arcs:
            if key in hidden and key not in network.free and key not in hopeless:
                for index, values in enumerate(layers):
                    asked = required(index, values[key])
                    if width(network, values, hidden, key, asked) < asked and not network.forced_zero(
                        values, key, hidden
                    ):
                        return index, key
        return None

    while (found := exposed()) is not None:
        index, key = found
        values = layers[index]
        asked = required(index, values[key])
        more = _way_around(network, values, hidden, key, max(1, asked - values[key]), known)
        more = more or _way_around(network, values, hidden, key, asked, known)
        # No way around means that the arc stands alone between its nodes: then everything it hangs on goes.
        more = more or {other for other in network.arcs if other not in network.free and other not in known}
        if more <= hidden:
            hopeless.add(key)
        hidden |= more
    if len(network.arcs) <= PRUNE_UP_TO:
        added = [key for key in network.arcs if key in hidden and key not in first]
        for key in sorted(added, key=lambda key: -network.arcs[key].level):
            hidden.discard(key)
            if exposed() is not None:
                hidden.add(key)
    return hidden | lost
