"""Do the numbers of a report agree with each other? Asked of every edition before it is frozen.

Published figures of this field often do not: parts that miss their total, a change that is not the difference, a ratio
of months printed as per cent. `contradictions(sections)` finds such in our own; the small checks below it take plain
numbers, so that a figure copied from elsewhere can be held against its parts before it is used as a target or a peer.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.content import Amount, Figure, Section
from reports.statistics import CONTEXT, PLACES, rounded


def parts_disagree(parts: Iterable[Amount], total: Amount) -> Decimal | None:
    """By how much the printed total exceeds the sum of its printed parts; None when they agree."""
    missing = Decimal(total) - sum((Decimal(part) for part in parts), Decimal(0))
    return missing or None


def change_disagrees(before: Amount, after: Amount, said: Amount) -> Decimal | None:
    """By how much a printed change differs from the difference of the two printed numbers; None when it agrees."""
    return (Decimal(said) - (Decimal(after) - Decimal(before))) or None


def quotient_disagrees(top: Amount, base: Amount, said: Amount, places: int, unit: str = "times") -> str | None:
    """Why a printed quotient cannot be ``top`` ÷ ``base`` at its printed places, in words; None when it can.

    ``unit`` is what the source prints it in: "times" (or months, or any plain number) or "percent".
    """
    value = CONTEXT.divide(Decimal(top), Decimal(base))
    step = Decimal(1).scaleb(-places)
    as_said = {"times": value, "percent": 100 * value}[unit]
    if abs(as_said - Decimal(said)) <= step / 2:
        return None
    other, words = (100 * value, _("per cent")) if unit == "times" else (value, _("times or months, not per cent"))
    if abs(other - Decimal(said)) <= step / 2:
        return _("%(said)s is the value in %(unit)s.") % {"said": said, "unit": words}
    return _("%(top)s ÷ %(base)s is %(value)s, not %(said)s.") % {
        "top": top, "base": base, "value": CONTEXT.quantize(as_said, step), "said": said,
    }  # fmt: skip


def contradictions(sections: Sequence[Section]) -> list[str]:
    """Every place where shown figures contradict themselves or each other, in words; empty when all agree.

    Takes sections before or after disclosure; hidden figures are passed over.
    """
    found: list[str] = []
    for section in sections:
        shown = [figure for figure in section.figures if not figure.suppressed]
        for figure in shown:
            found += [f"{section.metric} {dict(figure.key)}: {words}" for words in _of_figure(section, figure)]
        found += [f"{section.metric}: {words}" for words in _of_parts(section, shown)]
        if section.missing is not None and section.base is not None and section.missing > section.base:
            found.append(f"{section.metric}: {_('More are missing than were looked at.')}")
    return found


def _of_figure(section: Section, figure: Figure) -> Iterable[str]:
    value, low, high = figure.value, figure.low, figure.high
    if value is not None and low is not None and high is not None and not low <= value <= high:
        yield _("The value lies outside its interval.")
    top, base = figure.numerator, figure.denominator
    if section.kind != "share":
        return
    if value is not None and not 0 <= value <= 1:
        yield _("A share lies between 0 and 1.")
    if top is not None and base is not None:
        if top > base:
            yield _("Part is larger than the whole.")
        plain = rounded(CONTEXT.divide(Decimal(top), Decimal(base)), "share") if base else None
        least = Decimal(1).scaleb(-PLACES["share"])
        # A share estimated with people still waiting may lie above the plain one, never below it; the share of those
        # still waiting (a curve) the other way round.
        falls = section.chart == "steps"
        if value is not None and plain is not None and (value > plain + least if falls else value < plain - least):
            yield _("The share is not its numerator over its denominator.")


def _of_parts(section: Section, shown: Sequence[Figure]) -> Iterable[str]:
    """Partitions must add up to their total, steps of a nested dimension must not grow; where all of it is shown."""
    by_key = {figure.key: figure for figure in shown}
    total = by_key.get(())
    for dimension in section.dimensions:
        keys = [((dimension.name, label.value),) for label in dimension.values]
        row = [by_key[key] for key in keys if key in by_key]
        counts = [_count(section, figure) for figure in row]
        if len(row) < len(keys) or None in counts:
            continue
        known = [count for count in counts if count is not None]
        whole = _count(section, total) if total else None
        if dimension.relation == "partition" and whole is not None and parts_disagree(known, whole):
            yield _("The parts do not add up to their total.")
        if dimension.relation == "nested" and known != sorted(known, reverse=True):
            yield _("A later step holds more than the one before.")


def _count(section: Section, figure: Figure) -> Amount | None:
    return figure.value if section.kind == "count" else figure.numerator
