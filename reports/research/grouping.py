"""Groups of k: rows are made coarser, column by column, until everybody shares what can be recognised with k people at least.

The columns by which somebody could be recognised (quasi-identifiers) have steps of generalisation, from as it is down to
nothing. All rows of a column stand on the same step (full-domain). While more than ``MOST_LEFT_OUT`` of the people stand in
groups that are too small, the column with the most different values goes one step coarser (Sweeney's Datafly); whoever is
then still in a small group is left out. One row is one person, so a group of k rows is a group of k people.

Pure functions: nothing is read from the database, and the same rows give the same answer in any order.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

MOST_LEFT_OUT: Final = Fraction(1, 10)
LEAST_DIFFERENT: Final = 2  # values of a sensitive column in a group; with one value the group tells it of everybody
type Row = Mapping[str, Any]
type Step = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Quasi:
    """A column by which somebody could be recognised, and its steps from as it is to coarser; the last tells nothing."""

    column: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """What came of it: the rows that stay, in groups of k at least; how coarse each column is; how many people are left out."""

    rows: tuple[dict[str, Any], ...]
    levels: dict[str, int]
    left_out: int
    smallest: int


class TooFew(ValueError):
    """No groups of k can be made of these rows."""


def group(rows: Sequence[Row], quasi: Sequence[Quasi], k: int, at_least: Mapping[str, int] | None = None) -> Grouped:
    """The rows in groups of ``k`` people at least. ``at_least``: column to the step that earlier extracts were given on,
    under which it may not go.

    Raises TooFew where even the coarsest steps leave out more than a tenth, or fewer than k people are there at all.
    """
    if k < 2:
        raise ValueError("a group is of two at least")
    if len(rows) < k:
        raise TooFew(f"{len(rows)} rows")
    levels = {q.column: min((at_least or {}).get(q.column, 0), len(q.steps) - 1) for q in quasi}
    while True:
        coarse = [{q.column: q.steps[levels[q.column]](row[q.column]) for q in quasi} for row in rows]
        sizes = Counter(_key(one, quasi) for one in coarse)
        out = sum(size for size in sizes.values() if size < k)
        if out <= MOST_LEFT_OUT * len(rows):
            break
        column = _next(coarse, quasi, levels)
        if column is None:
            raise TooFew(f"{out} of {len(rows)} rows stand alone")
        levels[column] += 1
    kept = tuple(
        {**row, **one} for row, one in zip(rows, coarse, strict=True) if sizes[_key(one, quasi)] >= k
    )  # fmt: skip
    return Grouped(kept, levels, out, min(size for size in sizes.values() if size >= k))


def _key(row: Row, quasi: Sequence[Quasi]) -> tuple[str, ...]:
    return tuple(row[q.column] for q in quasi)


def _next(coarse: Sequence[Row], quasi: Sequence[Quasi], levels: Mapping[str, int]) -> str | None:
    """The column to make coarser: the one with the most values that has a step left; None where none has."""
    open_ = [q for q in quasi if levels[q.column] < len(q.steps) - 1]
    if not open_:
        return None
    return max(open_, key=lambda q: (len({row[q.column] for row in coarse}), -quasi.index(q))).column


def told_of_all(rows: Sequence[Row], quasi: Sequence[Quasi], sensitive: Sequence[str]) -> dict[str, int]:
    """Sensitive column to in how many groups everybody has the same value of it, so that the group gives it away; columns
    without such a group are left out. Empty values say nothing and do not count."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[_key(row, quasi)].append(row)
    answer = {}
    for column in sensitive:
        values = [{row[column] for row in members} for members in groups.values()]
        told = sum(len(found) < LEAST_DIFFERENT and found != {""} for found in values)
        if told:
            answer[column] = told
    return answer
