"""How do you know? What stands behind one figure of one edition, read from frozen content alone.

Nothing is computed about anybody: the answers are the words, bases, intervals and versions that were frozen with the
edition, and the values of the same figure in the other editions of the same report as their readers got them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from reports.content import Content, Figure, Section
from reports.editions import change_of
from reports.keys import key_of
from reports.rendering import words
from reports.rendering.view import Pair, definition_rows
from reports.thresholds import threshold


@dataclass(frozen=True, slots=True)
class Told:
    """The figure as one edition tells it; ``change`` says what differs from the edition before and is empty in the first."""

    number: int
    value: str
    interval: str
    stands: str
    change: str
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """Everything a reader may know about one figure, in words."""

    key: str
    metric: str
    title: str
    cell: str  # empty for the total
    value: str
    interval: str
    stands_label: str
    stands: str
    hidden: bool
    statement: str
    definition: tuple[Pair, ...]
    base: tuple[Pair, ...]
    sureness: tuple[str, ...]
    withheld: tuple[str, ...]
    recorded: tuple[tuple[str, str, str], ...]
    versions: tuple[Pair, ...]


def figure_at(content: Content, metric: str, row: int) -> tuple[Section, Figure] | None:
    """The figure in this row (from 1) of this metric's table; None where there is none."""
    section = next((one for one in content.sections if one.metric == metric), None)
    if section is None or not 1 <= row <= len(section.figures):
        return None
    return section, section.figures[row - 1]


def known(content: Content, sha256: str, metric: str, row: int) -> Known | None:
    """What stands behind the figure in this row of this metric's table, in the language of the edition."""
    found = figure_at(content, metric, row)
    if found is None:
        return None
    section, figure = found
    with translation.override(content.language):
        return Known(
            key=key_of(sha256, metric, row), metric=metric, title=section.title,
            cell=words.cell_title(section, figure) if figure.cell else "",
            value=words.signed(section, figure, words.shown(figure)), interval=words.interval(figure),
            stands_label=_stands_label(section), stands=words.stands(section, figure), hidden=figure.suppressed, statement=section.statement,
            definition=tuple(pair for pair in definition_rows(section) if pair.label not in _elsewhere()),
            base=tuple(_base(section, figure)), sureness=tuple(_sureness(section, figure)),
            withheld=tuple(_withheld(content, section, figure)),
            recorded=tuple((r.records, r.source, in_words(r.how_much)) for r in content.recorded_by),
            versions=tuple(_versions(content, metric)),
        )  # fmt: skip


def told(editions: Iterable[Content], metric: str, figure: Figure) -> list[Told]:
    """The figure in each of these editions, given oldest first: its value as published, and what changed and why."""
    answer: list[Told] = []
    before: tuple[Section, Figure] | None = None
    for content in editions:
        with translation.override(content.language):
            now = _same(content, metric, figure)
            reason = content.previous.reason if content.previous else ""
            change = _change(before, now) if answer else ""
            row = (
                (words.signed(*now, words.shown(now[1])), words.interval(now[1]), words.stands(*now))
                if now
                else (_("not in this edition"), "", "")
            )
            answer.append(Told(content.edition, *row, change=change, reason=reason))
        before = now
    return answer


def _same(content: Content, metric: str, figure: Figure) -> tuple[Section, Figure] | None:
    section = next((one for one in content.sections if one.metric == metric), None)
    found = next((one for one in section.figures if one.key == figure.key), None) if section else None
    return (section, found) if section and found else None


def _change(before: tuple[Section, Figure] | None, now: tuple[Section, Figure] | None) -> str:
    was, is_now = (one[1] if one else None for one in (before, now))
    if was is None and is_now is None:
        return ""
    if was and is_now and was.suppressed and is_now.suppressed:
        return _("Hidden in both editions.")
    parts = [change_of(_("This figure"), was, is_now)]
    if before and now and before[0].definition != now[0].definition:
        parts.append(_("Its definition was another one."))
    return " ".join(part for part in parts if part) or _("Not changed.")


def _elsewhere() -> set[str]:
    """Lines of the definition that have a part of the page of their own."""
    return {_("Missing data"), _("Why some are hidden"), _("Uncertainty"), _("Source")}


def _stands_label(section: Section) -> str:
    """What stands beside the value: its base, or for a target and a comparison what can be said."""
    return {"target": _("Target"), "difference": _("What it says")}.get(section.kind) or _("Stands on")


def _base(section: Section, figure: Figure) -> Iterable[Pair]:
    stands = words.stands(section, figure)
    if stands and section.kind not in ("difference", "target"):
        yield Pair(_("This figure stands on"), stands)
    hidden = section.missing_suppressed
    if section.base is not None:
        yield Pair(_("Looked at for all figures of this table"), words.HIDDEN if hidden else words.count(section.base))
    if section.missing is not None or section.missing_words:
        yield Pair(_("Missing, and what is done about it"), _missing(section))


def _missing(section: Section) -> str:
    lines = {pair.label: pair.text for pair in definition_rows(section)}
    treated = _("Whoever lacks it is left out of this figure; nothing is guessed in its place.")
    return " ".join(part for part in (lines.get(_("Missing data"), ""), treated) if part)


def _sureness(section: Section, figure: Figure) -> Iterable[str]:
    if section.uncertainty_words:
        yield section.uncertainty_words
    if figure.suppressed:
        return
    if figure.low is not None:
        yield _(
            "If the same could be done a hundred times over, about 95 of the hundred intervals would hold the true value."
        )
    elif figure.value is None and figure.denominator:
        yield _("So few values say nothing that would hold a second time, so no value is given.")
    else:
        yield _("No interval stands beside it: it counts what was recorded, and is as right as the records are.")


def _withheld(content: Content, section: Section, figure: Figure) -> Iterable[str]:
    limit = threshold(content.audience, section.sensitive)
    if not figure.suppressed:
        yield _(
            "This figure is shown. It passed the rule for this reader, under which the smallest count shown is %(n)s."
        ) % {"n": limit}
        if figure.note:
            yield figure.note
        return
    yield figure.note or _("It is hidden by the rule for this reader.")
    yield _(
        "The smallest count that this reader is shown here is %(n)s; larger numbers may be hidden with it, so that it cannot be worked out. Which of the two it was is not told, because that would narrow the number down."
    ) % {"n": limit}
    yield _("The mark %(mark)s stands in the place of the number; zero would be shown as zero.") % {
        "mark": words.HIDDEN
    }


def _versions(content: Content, metric: str) -> Iterable[Pair]:
    names = {"code": _("Portal"), "catalogue": _("Catalogue of checks"), "scheme": _("Rules of the scheme")}
    versions = dict(part.rpartition(" ")[::2] for part in content.versions.get("metrics", "").split(", "))
    yield Pair(
        _("Definition of this figure"), versions.get(metric) or _("worked out from other figures of this edition")
    )
    yield from (Pair(title, content.versions[name]) for name, title in names.items() if name in content.versions)
    yield Pair(_("Data cut-off"), words.instant(content.as_of))


def in_words(how_much: str) -> str:
    """The word of a share and its borders, for a reader."""
    return {
        "nearly all": _("nearly all (over 90 %)"), "most": _("most (60 to 90 %)"),
        "about half": _("about half (40 to 60 %)"), "some": _("some (10 to 40 %)"), "few": _("few (under 10 %)"),
    }[how_much]  # fmt: skip
