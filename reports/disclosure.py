"""What may leave the house: hides every figure that points at single persons, and every figure that would give a
hidden one away.

`disclose(sections, audience)` is the only way from computed figures to an edition: `Content` refuses sections that
did not pass it. The rule, with its sources, is told in `docs/reports.md`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from reports.content import BaseCount, DisclosureNote, Figure, Missing, Section
from reports.differencing import hide_differences
from reports.protection import Key, protect
from reports.published import Published, Selection
from reports.revealing import hidden_first, is_rare
from reports.rounding import round_section
from reports.tables import (
    Cell,
    Layer,
    chains_of,
    components,
    hide_along,
    hide_broken_down,
    is_small,
    tables_of,
)
from reports.thresholds import AMOUNT_WIDTH, AUDIENCES, threshold

type Signed = Collection[tuple[str, Cell]]


def _protect_tables(section: Section, k: int, hidden: set[Cell], known: set[Cell]) -> None:
    """Adds to `hidden` what must go with it so that no hidden cell of the section can be worked out."""
    for network, layers in tables_of(section):

        def required(index: int, value: int, layers: list[Layer] = layers) -> int:
            return k + 1 if layers[index].counts else max(1, -(-value // AMOUNT_WIDTH))

        mine: set[Key] = {key for key in hidden if key in network.arcs}
        if mine:
            found = protect(network, [layer.numbers for layer in layers], mine, required, known & network.arcs.keys())
            hidden.update(figure.key for figure in section.figures if figure.key in found)


def _known(section: Section, published: Published, selection: Selection | None) -> set[Cell]:
    """The cells whose present numbers readers have from an earlier edition: hiding them would protect nothing."""
    return {
        figure.key
        for figure in section.figures
        for entry in published.of(selection, section.metric, figure.key)
        if not entry.figure.suppressed and components(section, entry.figure) == components(section, figure)
    }


def _hide_same_counts(sections: Sequence[Section], hidden: Sequence[set[Cell]]) -> None:
    """A count that stands in several sections is hidden in all of them or in none."""
    names = [set(section.counts.values()) for section in sections]
    gone = {(name, key) for index, keys in enumerate(hidden) for name in names[index] for key in keys}
    for index, section in enumerate(sections):
        shown = (figure.key for figure in section.figures if figure.key not in hidden[index])
        hidden[index].update({key for key in shown if any((name, key) in gone for name in names[index])})


def disclose(
    sections: Sequence[Section],
    audience: str,
    published: Published | None = None,
    selection: Selection | None = None,
    signed: Signed = (),
) -> tuple[tuple[Section, ...], DisclosureNote]:
    """The sections as `audience` may see them, and a note of what was hidden and why.

    A hidden figure keeps its cell and carries no number. `published` is what readers who may meet this audience were
    given before, and `selection` what these sections were counted over: what was hidden stays hidden, a number that
    moved by a little is hidden, and so is what would give something away beside other selections. `signed` are the
    (metric, cell) that the safeguarding lead let go by name. Raises KeyError for an unknown audience, ValueError when
    parts declared as a partition do not add up to their total.
    """
    published = published or Published()
    limits = [threshold(audience, section.sensitive) for section in sections]
    asked = list(zip(sections, limits, strict=True))
    hidden = [hidden_first(section, k, published, selection, signed) for section, k in asked]
    first = [set(keys) for keys in hidden]
    known = [_known(section, published, selection) for section in sections]
    size = -1
    while size != (size := sum(map(len, hidden))):
        for (section, k), keys, out, own in zip(asked, hidden, known, first, strict=True):
            for chain in chains_of(section):
                hide_along(chain, section, k, keys)
            hide_broken_down(section, keys)
            _protect_tables(section, k, keys, out)
            if selection:
                hide_differences(section, selection, published, k, keys, out)
                keys -= out - own  # what readers can work out anyhow protects nothing by being hidden
        _hide_same_counts(sections, hidden)
    shown = tuple(_apply(section, k, keys, audience, signed) for (section, k), keys in zip(asked, hidden, strict=True))
    total = sum(len(section.figures) for section in sections)
    return shown, _note(audience, total, size)


def _apply(section: Section, k: int, hidden: set[Cell], audience: str, signed: Signed) -> Section:
    """The section with its hidden figures emptied; what is shown loses the basis no reader may see."""
    rounded = round_section(section, AUDIENCES[audience].round_to)
    figures = tuple(
        Figure(
            metric=figure.metric, cell=figure.cell, value=None, unit=figure.unit, suppressed=True,
            note=_why_hidden(section, figure, k),
        )
        if figure.key in hidden
        else replace(figure, basis=None, note=_why_shown(figure, (section.metric, figure.key) in signed))
        for figure in rounded.figures
    )  # fmt: skip
    if is_small(section.missing, k) or is_small(section.base, k):
        section = replace(section, base=None, missing=None, missing_suppressed=True)
    return replace(section, figures=figures, disclosed_for=audience)


def _why_hidden(section: Section, figure: Figure, k: int) -> str:
    """Why a number is not shown, in words that depend on what it is about and never on what it is."""
    if is_rare(section, figure):
        return _("Hidden: an event as rare as this is shown only when the safeguarding lead has signed for it.")
    if section.kind in ("count", "share"):
        return _("Hidden: fewer than %(k)s, or a number that would give one away.") % {"k": k}
    return _(
        "Hidden: it stands on fewer than %(k)s people, one or two of them make most of it, or it would give such a"
        " number away."
    ) % {"k": k}


def _why_shown(figure: Figure, signed: bool) -> str:
    """The note of a figure that is shown, and that somebody signed for it."""
    words = _("Shown with the signature of the safeguarding lead.") if signed else ""
    return " ".join(part for part in (figure.note, words) if part)


def _note(audience: str, total: int, hidden: int) -> DisclosureNote:
    k, strict = threshold(audience), threshold(audience, sensitive=True)
    words: tuple[str, ...] = (
        _("Numbers from 1 to %(below)s are hidden; the smallest number shown is %(k)s.") % {"below": k - 1, "k": k},
        _("Where the subject is harm, health or a grievance, the smallest number shown is %(k)s.") % {"k": strict},
        _("A share is hidden when those who did, those who did not, or all of them are fewer than that."),
        _("All or none of a small group is hidden, and everywhere where the subject is harm."),
        _("Amounts are hidden when they stand on fewer people than that, or when one or two people make most of them."),
        _("Events as rare as a death are shown only when the safeguarding lead has signed for it."),
        _("Where a hidden number could be worked out from totals, more numbers are hidden with it."),
        _("So it is beside every earlier edition, for other periods and other readers: what was hidden stays hidden."),
        _("A hidden number is marked –. It is never shown as zero or left blank."),
    )
    base = AUDIENCES[audience].round_to
    if base > 1:
        words += (_("Counts are rounded to %(base)s; rounded parts still add up to their totals.") % {"base": base},)
    return DisclosureNote(audience, k, strict, total - hidden, hidden, words)


def note_on(sections: Sequence[Section], note: DisclosureNote) -> DisclosureNote:
    """The note with the figures counted of these sections only."""
    hidden = sum(figure.suppressed for section in sections for figure in section.figures)
    return replace(note, hidden=hidden, shown=sum(len(section.figures) for section in sections) - hidden)


def disclose_base(counts: Iterable[BaseCount], audience: str) -> tuple[BaseCount, ...]:
    """The base counts of an edition with the small ones hidden."""
    k = threshold(audience)
    return tuple(replace(c, value=None, suppressed=True) if is_small(c.value, k) else c for c in counts)


def disclose_missing(rows: Iterable[Missing], audience: str) -> tuple[Missing, ...]:
    """The table of missing data with small rows hidden, both numbers of a row together."""
    k = threshold(audience)
    return tuple(
        replace(row, missing=None, base=None, suppressed=True)
        if is_small(row.missing, k) or is_small(row.base, k)
        else row
        for row in rows
    )


def disclose_rows(counts: Mapping[str, int], audience: str) -> dict[str, int | None]:
    """How many rows of each table were read, with small counts hidden."""
    k = threshold(audience)
    return {name: None if is_small(count, k) else count for name, count in counts.items()}
