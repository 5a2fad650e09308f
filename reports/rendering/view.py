"""An edition ready to be read: every number as words, every hidden cell marked, every note numbered.

`view(content)` holds nothing but text, lists and yes-or-no, so that a page template or the PDF can loop over it
without deciding anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from reports.content import Content, Section, sha256
from reports.kinds import KINDS, leading
from reports.rendering import drawn, words
from reports.rendering.strips import Strip, strip_words, strips_of


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and what it says."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as a row of a table. `mark` points at a footnote; `counted` is what the value stands on."""

    cells: tuple[str, ...]
    named: tuple[Pair, ...]  # the same cells, each with the heading of its column
    title: str
    value: str
    interval: str
    counted: str
    hidden: bool
    total: bool
    mark: str
    strip: Strip | None  # its part of the chart on a narrow screen; none where the section has no chart


@dataclass(frozen=True, slots=True)
class SectionView:
    """One metric: headings and rows of its table, its notes and its definition."""

    metric: str
    title: str
    statement: str
    headline: str
    chart: str  # file names of the chart, light and dark; empty when there is none
    chart_dark: str
    chart_alt: str
    chart_note: str
    strips: str  # how to read the strips of a narrow screen
    caption: str
    headings: tuple[str, ...]
    value_heading: str
    interval_heading: str  # empty when no figure has an interval
    counted_heading: str  # empty when no figure stands on a count
    rows: tuple[Row, ...]
    footnotes: tuple[Pair, ...]
    definition: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """One leading figure: the reader's question it answers, and what it says."""

    question: str  # empty where the row before has the same
    metric: str
    title: str
    value: str
    interval: str
    stands: str
    known: bool  # whether it says a number: not hidden, and not without data


@dataclass(frozen=True, slots=True)
class Trail:
    """What one metric of the report rests on: its source, how many were looked at and how many lack what is needed."""

    title: str
    source: str
    base: str
    missing: str


@dataclass(frozen=True, slots=True)
class EditionView:
    """A whole edition in words."""

    language: str
    direction: str
    title: str
    subtitle: str
    reader: str
    sha256: str
    facts: tuple[Pair, ...]
    base: tuple[Pair, ...]
    glance: tuple[Glance, ...]
    sections: tuple[SectionView, ...]
    missing: tuple[tuple[str, str, str], ...]
    trail: tuple[Trail, ...]
    definitions: tuple[Pair, ...]
    disclosure: tuple[str, ...]
    hidden_words: str
    changes_words: str
    changes: tuple[str, ...]
    versions: tuple[Pair, ...]
    row_counts: tuple[Pair, ...]


def view(content: Content) -> EditionView:
    """The edition in the words of its own language, whatever language is active where it is shown."""
    with translation.override(content.language):
        return _view(content)


def _view(content: Content) -> EditionView:
    note, pilot, previous = content.disclosure, content.pilot, content.previous
    numbers = {"hidden": note.hidden, "all": note.shown + note.hidden}
    changes = ""
    if previous:
        told = {"number": previous.edition, "reason": previous.reason}
        changes = _("This edition replaces edition %(number)s. Reason: %(reason)s") % told
    return EditionView(
        language=content.language,
        direction=words.direction(content.language),
        title=content.title,
        subtitle=f"{pilot.name} · {pilot.corridor}",
        reader=content.reader,
        sha256=sha256(content),
        facts=tuple(_facts(content)),
        base=tuple(Pair(entry.label, words.count(entry.value, entry.suppressed)) for entry in content.base),
        glance=tuple(_glance(content)),
        sections=tuple(section_view(section) for section in content.sections),
        missing=tuple(
            (row.label, words.count(row.missing, row.suppressed), words.count(row.base, row.suppressed))
            for row in content.missing
        ),
        trail=tuple(_trail(section) for section in content.sections if section.kind not in ("difference", "target")),
        definitions=tuple(Pair(entry.term, entry.words) for entry in content.definitions),
        disclosure=note.words,
        hidden_words=_("%(hidden)s of %(all)s figures in this edition are hidden.") % numbers,
        changes_words=changes,
        changes=previous.changes if previous else (),
        versions=tuple(Pair(name, text) for name, text in sorted(content.versions.items())),
        row_counts=tuple(Pair(name, words.count(number)) for name, number in sorted(content.row_counts.items())),
    )


def _glance(content: Content) -> Iterator[Glance]:
    """The leading figures of the kind's questions, in order; a figure the edition does not have is passed over."""
    kind = KINDS.get(content.kind)
    sections = {section.metric: section for section in content.sections}
    for part in kind.parts if kind else ():
        question = _(part.question)
        for code, key in leading(part):
            section = sections.get(code)
            figure = next((f for f in section.figures if f.key == key), None) if section else None
            if section is None or figure is None:
                continue
            cell = f": {words.cell_title(section, figure)}" if figure.cell else ""
            value = words.shown(figure) if not figure.suppressed else _("%(mark)s hidden") % {"mark": words.HIDDEN}
            interval = "" if figure.suppressed else words.interval(figure)
            stands = "" if figure.suppressed else words.stands(section, figure)
            yield Glance(question, section.metric, f"{section.title}{cell}", value, interval, stands,
                         known=not figure.suppressed and figure.value is not None)  # fmt: skip
            question = ""


def _trail(section: Section) -> Trail:
    hidden = section.missing_suppressed
    base, missing = (words.HIDDEN if hidden else words.count(n) for n in (section.base, section.missing))
    return Trail(section.title, section.source, base, missing)


def _facts(content: Content) -> list[Pair]:
    period = _("%(first)s to %(last)s") % {
        "first": words.day(content.period_from),
        "last": words.day(content.period_to),
    }
    facts = [
        Pair(_("Prepared for"), content.reader),
        Pair(_("Pilot"), content.pilot.name),
        Pair(_("Corridor"), content.pilot.corridor),
        Pair(_("Scheme"), content.pilot.scheme),
        Pair(_("Period"), period),
        Pair(_("Data cut-off"), words.instant(content.as_of)),
        Pair(_("Edition"), str(content.edition)),
    ]
    if content.previous:
        facts.append(Pair(_("Replaces SHA-256"), content.previous.sha256))
    return [fact for fact in facts if fact.text]


def section_view(section: Section) -> SectionView:
    """One section in the active language."""
    charted = drawn.has_chart(section)
    notes: dict[str, str] = {}
    for figure in section.figures:
        if figure.note and figure.note not in notes:
            notes[figure.note] = _letter(len(notes))
    rows = tuple(
        Row(
            cells=(cells := tuple(words.cell_titles(section, figure))),
            named=tuple(Pair(d.title, cell) for d, cell in zip(section.dimensions, cells, strict=True)),
            title=words.cell_title(section, figure),
            value=words.signed(section, figure, words.shown(figure)),
            interval=words.interval(figure),
            counted=words.stands(section, figure),
            hidden=figure.suppressed,
            total=not figure.cell and len(section.figures) > 1,
            mark=notes.get(figure.note, ""),
            strip=strip,
        )
        for figure, strip in zip(section.figures, strips_of(section), strict=True)
    )
    return SectionView(
        metric=section.metric,
        title=section.title,
        statement=section.statement,
        headline=_headline(section),
        chart=drawn.chart_name(section, "light") if charted else "",
        chart_dark=drawn.chart_name(section, "dark") if charted else "",
        chart_alt=drawn.alt_text(section) if charted else "",
        chart_note=drawn.chart_note(section),
        strips=strip_words(section),
        caption=_("%(title)s, as a table") % {"title": section.title},
        headings=tuple(dimension.title for dimension in section.dimensions),
        value_heading=_value_heading(section),
        interval_heading=_("95 % interval") if any(f.low is not None for f in section.figures) else "",
        counted_heading=_counted_heading(section),
        rows=rows,
        footnotes=tuple(Pair(mark, text) for text, mark in notes.items()),
        definition=tuple(definition_rows(section)),
    )


def _letter(number: int) -> str:
    """a, b, … z, aa, ab, …"""
    return (_letter(number // 26 - 1) if number >= 26 else "") + chr(ord("a") + number % 26)


def _value_heading(section: Section) -> str:
    """What the numbers of the value column are."""
    return {
        "count": {
            "people": _("People"),
            "placements": _("Placements"),
            "checks": _("Checks"),
            "findings": _("Findings"),
            "duties": _("Duties"),
            "records": _("Records"),
        }[section.population],
        "share": _("Share"),
        "median": _("Median"),
        "ratio": _("Ratio"),
        "duration": _("Time"),
        "money": _("Amount"),
        "difference": _("Difference"),
        "target": _("Reached"),
    }[section.kind]


def _counted_heading(section: Section) -> str:
    """What the last column says; empty where no figure stands on a count."""
    if section.kind == "difference":
        return _("What it says")
    if section.kind == "target":
        return _("Target")
    return _("Stands on") if any(figure.denominator is not None for figure in section.figures) else ""


def _headline(section: Section) -> str:
    """The total in one sentence; empty when the section has no total or it is hidden."""
    total = next((figure for figure in section.figures if not figure.cell), None)
    if total is None or total.suppressed or total.value is None:
        return ""
    told = {"value": words.shown(total), "interval": words.interval(total), "counted": words.counted(total)}
    if told["interval"] and told["counted"]:
        return _("All together: %(value)s (95 %% interval %(interval)s), on %(counted)s.") % told
    if told["counted"]:
        return _("All together: %(value)s, on %(counted)s.") % told
    return _("All together: %(value)s.") % told


def definition_rows(section: Section) -> list[Pair]:
    """What the metric means, in the order a careful reader asks."""
    pairs = [
        Pair(_("What it means"), section.definition),
        Pair(_("What is counted"), words.population(section.population)),
        Pair(_("Numerator"), section.numerator_words),
        Pair(_("Denominator"), section.denominator_words),
        Pair(_("Left out"), section.exclusions),
        Pair(_("Missing data"), _missing(section)),
        Pair(_("Why some are hidden"), _hidden(section)),
        Pair(_("Uncertainty"), section.uncertainty_words),
        Pair(_("Source"), section.source),
    ]
    return [pair for pair in pairs if pair.text]


def _hidden(section: Section) -> str:
    """Why figures of the section carry no number, in words that say nothing about how large they are."""
    notes = list(dict.fromkeys(figure.note for figure in section.figures if figure.suppressed))
    if not notes:
        return ""
    told = _("The mark %(mark)s stands in the place of the number; zero would be shown as zero.")
    return " ".join([*notes, told % {"mark": words.HIDDEN}])


def _missing(section: Section) -> str:
    if section.missing_suppressed:
        told = _("How many are missing is hidden, because they are few.")
    elif section.missing is None or section.base is None:
        told = ""
    else:
        numbers = {"missing": words.count(section.missing), "base": words.count(section.base)}
        told = _("%(missing)s of %(base)s lack what is needed.") % numbers
    return " ".join(part for part in (section.missing_words, told) if part)
