"""Which figures are hidden for their own sake: too few people, one person above all, all or none of a small group, a
rare event, or a number that moved by a little since it was last published.
"""

from collections.abc import Collection
from decimal import Decimal

from reports.content import Amount, Figure, Section
from reports.published import Published, Selection
from reports.tables import Cell, components, is_small
from reports.thresholds import LARGEST, P_PERCENT, SMALL_GROUP, TWO_LARGEST


def hidden_first(
    section: Section, k: int, published: Published, selection: Selection | None, signed: Collection[tuple[str, Cell]]
) -> set[Cell]:
    """The cells of a section that may not be shown whatever stands beside them.

    ``signed`` are the (metric, cell) that a safeguarding lead let go by name; they are shown although they are few or
    rare. Raises ValueError when one cell stands twice.
    """
    keys = [figure.key for figure in section.figures]
    if len(set(keys)) != len(keys):
        raise ValueError(f"Section {section.metric}: one cell stands twice.")
    crowded = all_in_one(section, k)
    return {
        figure.key
        for figure in section.figures
        if figure.suppressed
        or (
            (section.metric, figure.key) not in signed
            and (
                is_rare(section, figure)
                or reveals_persons(section, figure, k)
                or figure.key in crowded
                or moved_a_little(section, figure, k, published, selection)
            )
        )
    }


def is_rare(section: Section, figure: Figure) -> bool:
    """Whether the cell is about an event so rare that showing even a zero is somebody's decision."""
    return any(value in section.rare for value in figure.cell.values())


def reveals_persons(section: Section, figure: Figure, k: int) -> bool:
    """Whether this figure alone says something about fewer than `k` people or about one or two of them above all."""
    parts = components(section, figure)
    counting = section.kind in ("count", "share")
    counted: list[Amount | None] = [n for n in parts.values() if counting or isinstance(n, int)]
    if section.kind == "share":
        counted.append(figure.denominator)
    if any(is_small(number, k) for number in counted) or _all_or_none(section, figure, k):
        return True
    people = figure.basis.people if figure.basis else figure.denominator
    if not counting and not isinstance(people, int):
        return figure.value is not None  # an amount is safe only when it says on how many people it stands
    if figure.basis is None:
        return False
    return is_small(figure.basis.people, k) or dominated(figure.basis.largest_share, figure.basis.second_share)


def dominated(largest: Decimal | None, second: Decimal | None) -> bool:
    """Whether one or two persons make so much of an amount that it says what they earn.

    Three rules: the largest above half; the two largest above nine tenths; and the p-percent rule, by which the second
    largest, taking away their own part, must not come within a tenth of the largest.
    """
    if largest is None:
        return False
    other = second or Decimal(0)
    rest = 1 - largest - other
    return largest > LARGEST or largest + other > TWO_LARGEST or rest < P_PERCENT * largest


def _all_or_none(section: Section, figure: Figure, k: int) -> bool:
    """Whether a share says the same of everybody in a group: whoever knows a member then knows the answer.

    Asked of every group where the subject is harm, and of small groups elsewhere; not of the steps of a journey, which
    all of a cohort may well have reached.
    """
    base = figure.denominator
    if section.kind != "share" or not base or 0 not in components(section, figure).values():
        return False
    along = any(section.dimension(name).relation == "nested" for name in figure.cell)
    return section.sensitive or (base < SMALL_GROUP * k and not along)


def all_in_one(section: Section, k: int) -> set[Cell]:
    """Cells of counts that hold the whole of a small group, while its other cells are empty."""
    if section.kind != "count":
        return set()
    values = {figure.key: figure.value for figure in section.figures}
    found = set()
    for key, value in values.items():
        for pair in key:
            dimension = section.dimension(pair[0])
            whole = values.get(tuple(other for other in key if other != pair))
            if dimension.relation == "partition" and len(dimension.values) > 1 and value and value == whole:
                found |= {key} if value < SMALL_GROUP * k else set()
    return found


def moved_a_little(section: Section, figure: Figure, k: int, published: Published, selection: Selection | None) -> bool:
    """Whether this cell was hidden when it was last published, or moved by fewer than `k` since it was shown.

    An amount that moved while fewer than `k` people came or went would tell what they earn.
    """
    before = published.of(selection, section.metric, figure.key)
    if not before:
        return False
    if before[-1].figure.suppressed:
        return True
    now = components(section, figure)
    for then in (components(section, entry.figure) for entry in before if not entry.figure.suppressed):
        both = [name for name in now if name in then]
        counted = [name for name in both if section.kind in ("count", "share") or isinstance(now[name], int)]
        moves = [abs(Decimal(now[name]) - Decimal(then[name])) for name in counted]
        if any(is_small(move, k) for move in moves):
            return True
        summed = any(now[name] != then[name] for name in both if name not in counted)
        if summed and not any(move >= k for move in moves):
            return True
    return False
