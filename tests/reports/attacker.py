"""Somebody who reads a published table and tries to work out what is hidden. Shares no code with the rule it attacks.

The reader knows every shown number, that parts add up to totals, that steps of a funnel do not grow, and that nothing
is negative. `ranges` gives, for every hidden number, the least and the most it can be: a linear programme solved
exactly by the simplex method.
"""

from fractions import Fraction
from itertools import combinations

UNBOUNDED = 10**9


class Programme:
    """x ≥ 0, A·x = b; the smallest and largest value of each x by the two-phase simplex method with Bland's rule."""

    def __init__(self, rows, right, size):
        self.size = size
        signed = [([-c for c in row], -b) if b < 0 else (list(row), b) for row, b in zip(rows, right, strict=True)]
        count = len(signed)
        self.table = [row + [int(i == j) for j in range(count)] + [b] for i, (row, b) in enumerate(signed)]
        self.basis = [size + i for i in range(count)]
        rest = self._minimise([0] * size + [1] * count, size + count)
        assert rest == 0, "the published numbers contradict each other"
        for place, variable in enumerate(self.basis):  # take the last helpers out of the basis
            if variable >= size:
                for column in range(size):
                    if self.table[place][column]:
                        self._pivot(place, column)
                        break
        kept = [place for place, variable in enumerate(self.basis) if variable < size]
        self.table = [self.table[place][:size] + self.table[place][-1:] for place in kept]
        self.basis = [self.basis[place] for place in kept]

    def _pivot(self, place, column):
        row, pivot = self.table[place], self.table[place][column]
        if pivot not in (1, -1):
            pivot = Fraction(pivot)
        row = self.table[place] = [value / pivot if pivot not in (1, -1) else value * pivot for value in row]
        for other, line in enumerate(self.table):
            if other != place and (factor := line[column]):
                self.table[other] = [a - factor * b for a, b in zip(line, row, strict=True)]
        self.basis[place] = column

    def _minimise(self, cost, width):
        while True:
            reduced = list(cost)
            for line, variable in zip(self.table, self.basis, strict=True):
                if cost[variable]:
                    reduced = [a - cost[variable] * b for a, b in zip(reduced, line, strict=False)]
            entering = next((column for column in range(width) if reduced[column] < 0), None)
            if entering is None:
                return sum(cost[v] * line[-1] for v, line in zip(self.basis, self.table, strict=True))
            choices = [
                (Fraction(line[-1]) / line[entering], self.basis[place], place)
                for place, line in enumerate(self.table)
                if line[entering] > 0
            ]
            if not choices:
                return -UNBOUNDED
            self._pivot(min(choices)[2], entering)

    def range_of(self, variable):
        cost = [int(column == variable) for column in range(self.size)]
        return self._minimise(cost, self.size), -self._minimise([-c for c in cost], self.size)


def ranges(known, partitions, chains=()):
    """For each hidden cell the least and most it can be.

    `known`: cell (a frozenset of pairs) → number, or None where hidden. `partitions`: names of dimensions whose parts
    add up. `chains`: lists of cells, each at most the one before.
    """
    rows = []
    for cell in known:
        used = {name for name, _ in cell}
        for name in partitions:
            if name not in used:
                parts = [
                    other for other in known if len(other) == len(cell) + 1 and cell < other and name in dict(other)
                ]
                if parts:
                    rows.append(({cell: -1, **dict.fromkeys(parts, 1)}, 0))
    slack = 0
    for chain in chains:
        for larger, smaller in combinations(chain, 2):
            rows.append(({larger: 1, smaller: -1, ("slack", slack): -1}, 0))
            slack += 1
    hidden = [cell for cell, number in known.items() if number is None]
    names = hidden + [("slack", number) for number in range(slack)]
    place = {name: column for column, name in enumerate(names)}
    matrix, right = [], []
    for terms, total in rows:
        line = [0] * len(names)
        for name, factor in terms.items():
            if name in place:
                line[place[name]] += factor
            else:
                total -= factor * known[name]
        if any(line):
            matrix.append(line)
            right.append(total)
    programme = Programme(matrix, right, len(names))
    return {cell: programme.range_of(place[cell]) for cell in hidden}
