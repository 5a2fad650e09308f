"""The least and the most that a sum of unknown counts can be, given other sums that are known. Exact, in fractions.

A linear programme, solved by the simplex method with Bland's rule, which always ends. The systems asked here are those
of published counts: few, sparse, with ones for factors; so the numbers stay whole and no rounding can tip a decision.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction

type Number = int | Fraction
type Row = dict[int, Number]


class Contradiction(ValueError):
    """No counts fit all the sums: they were not taken at the same moment."""


class Sums:
    """All ways of choosing counts, none below zero, so that every known sum comes out.

    ``known`` are pairs of the counts that were added up and what they came to. Raises ``Contradiction`` when nothing
    fits.
    """

    def __init__(self, known: Sequence[tuple[Iterable[Hashable], int]]):
        lines = [(list(dict.fromkeys(parts)), total) for parts, total in known]
        self.place = {name: i for i, name in enumerate(dict.fromkeys(name for parts, _t in lines for name in parts))}
        size = len(self.place)
        self.rows: list[Row] = []
        self.right: list[Number] = []
        self.basis: list[int] = []
        for number, (parts, total) in enumerate(lines):
            if total < 0 or (total and not parts):
                raise Contradiction
            row: Row = {self.place[name]: 1 for name in parts}
            self.rows.append(row | {size + number: 1})
            self.right.append(total)
            self.basis.append(size + number)
        if self._descend({size + number: 1 for number in range(len(lines))}, None):
            raise Contradiction
        self._drop_helpers(size)

    def least(self, names: Iterable[Hashable], enough: int | None = None) -> Number:
        """The least the sum of these counts can be; stops looking at ``enough`` or below."""
        cost = {self.place[name]: 1 for name in names if name in self.place}
        found = self._descend(cost, enough)
        assert found is not None, "counts do not fall below zero"
        return found

    def most(self, names: Iterable[Hashable], enough: int | None = None) -> Number | None:
        """The most the sum of these counts can be; None when nothing bounds it; stops looking at ``enough``."""
        names = list(names)
        if any(name not in self.place for name in names):
            return None
        found = self._descend({self.place[name]: -1 for name in names}, None if enough is None else -enough)
        return None if found is None else -found

    def _drop_helpers(self, size: int) -> None:
        """Takes what only helped to find a first answer out of the basis, and lines that said nothing new."""
        for line, variable in enumerate(self.basis):
            if (
                variable >= size
                and (column := next((c for c in sorted(self.rows[line]) if c < size), None)) is not None
            ):
                self._pivot(line, column, {})
        kept = [line for line, variable in enumerate(self.basis) if variable < size]
        self.rows = [{c: v for c, v in self.rows[line].items() if c < size} for line in kept]
        self.right = [self.right[line] for line in kept]
        self.basis = [self.basis[line] for line in kept]

    def _pivot(self, line: int, column: int, reduced: Row) -> Number:
        """Brings a variable into the basis; answers by how much the cost row's value moves."""
        row, factor = self.rows[line], self.rows[line][column]
        if factor != 1:
            row = {c: _whole(Fraction(v) / factor) for c, v in row.items()}
            self.rows[line], self.right[line] = row, _whole(Fraction(self.right[line]) / factor)
        for other, target in enumerate(self.rows):
            if other != line and (times := target.get(column)):
                _subtract(target, row, times)
                self.right[other] = _whole(self.right[other] - times * self.right[line])
        moved: Number = 0
        if times := reduced.get(column):
            _subtract(reduced, row, times)
            moved = times * self.right[line]
        self.basis[line] = column
        return moved

    def _descend(self, cost: Mapping[int, int], enough: int | None) -> Number | None:
        """The least cost; None when there is none. Ends early at or below ``enough``."""
        reduced: Row = dict(cost)
        value: Number = 0
        for line, variable in enumerate(self.basis):
            if times := cost.get(variable, 0):
                _subtract(reduced, self.rows[line], times)
                value += times * self.right[line]
        while enough is None or value > enough:
            column = min((c for c, v in reduced.items() if v < 0), default=None)
            if column is None:
                return _whole(value)
            choices = [
                (Fraction(self.right[line]) / row[column], self.basis[line], line)
                for line, row in enumerate(self.rows)
                if row.get(column, 0) > 0
            ]
            if not choices:
                return None
            value += self._pivot(min(choices)[2], column, reduced)
        return _whole(value)


def _subtract(target: Row, row: Row, times: Number) -> None:
    for column, number in row.items():
        left = target.get(column, 0) - times * number
        if left:
            target[column] = _whole(left)
        else:
            target.pop(column, None)


def _whole(number: Number) -> Number:
    """A fraction that is whole, as an int: ints are many times as quick."""
    return number.numerator if isinstance(number, Fraction) and number.denominator == 1 else number
