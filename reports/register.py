"""The register of published cells: what readers who may meet were given, read before and written after each edition."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from django.db import connection

from reports.content import BaseCount, Basis, Content, Figure, Section
from reports.models import Edition, PublishedCell, SignOff
from reports.published import Entry, Published, Selection
from reports.tables import Cell
from reports.thresholds import who_may_meet

DRAWN = ("difference", "target")  # put together from figures that stand in the register themselves
NUMBERS = ("value", "numerator", "denominator")

type People = Mapping[tuple[str, Cell], int]


def hold(pilot_id: int) -> None:
    """Until the transaction ends nobody else publishes of this pilot: two at once would not see each other's cells."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 7303))", [f"published:{pilot_id}"])


def published_before(pilot_id: int, slug: str, audience: str, asked: Selection | None = None) -> Published:
    """Everything of a pilot that the readers of this audience, and those they may meet, were given; oldest first.

    ``asked`` is the selection of the new edition, when it spans several pilots: such editions are held against
    each other and not against those of one pilot.
    """
    rows = PublishedCell.objects.filter(pilot_id=pilot_id, audience__in=who_may_meet(audience)).order_by("id")
    return Published([_entry(row, slug, asked) for row in rows.iterator()])


def _entry(row: PublishedCell, slug: str, asked: Selection | None) -> Entry:
    selection = Selection(slug, row.period_from, row.period_to, row.employer_id)
    if row.selection != selection.fingerprint:  # of several pilots together
        same = asked is not None and row.selection == asked.fingerprint
        selection = asked if asked and same else replace(selection, pilot=row.selection)
    written = dict.fromkeys(NUMBERS) | (row.numbers or {})
    people = written.pop("people", None)
    figure = Figure.from_json(
        {"metric": row.metric, "cell": row.cell, "unit": "", "suppressed": row.numbers is None, **written}
    )
    return Entry(selection, row.as_of, replace(figure, basis=None if people is None else Basis(people)))


def enter(
    edition: Edition, content: Content, selection: Selection, signed: Collection[tuple[str, Cell]], people: People
) -> None:
    """Write every cell of a new edition into the register, those shown with the number of people they stand on."""
    PublishedCell.objects.bulk_create(
        PublishedCell(
            pilot_id=edition.pilot_id, organisation_id=edition.organisation_id, edition=edition,
            audience=content.audience, metric=figure.metric, cell=figure.cell, selection=selection.fingerprint,
            period_from=selection.period_from, period_to=selection.period_to, employer_id=selection.employer,
            as_of=edition.as_of, status=_status(figure, signed), numbers=_numbers(figure, people),
        )
        for figure in figures_of(content)
    )  # fmt: skip


def figures_of(content: Content) -> list[Figure]:
    """Every figure of an edition, and the counts of what it stands on as figures of their own."""
    measured = (section for section in content.sections if section.kind not in DRAWN)
    figures = [figure for section in measured for figure in section.figures]
    counts = {f"base {entry.unit}": entry.value for entry in content.base}
    counts |= {f"rows {name}": number for name, number in content.row_counts.items()}
    return figures + [
        Figure(metric=name, value=None if number is None else Decimal(number), unit="", suppressed=number is None)
        for name, number in counts.items()
    ]


def as_sections(base: Iterable[BaseCount], row_counts: Mapping[str, int]) -> list[Section]:
    """What an edition stands on, as sections of one count each, so that one rule and one register hold for all."""
    counts = {f"base {entry.unit}": entry.value for entry in base}
    counts |= {f"rows {name}": number for name, number in row_counts.items()}
    return [
        Section(
            metric=name, title=name, definition="", population="placements", kind="count", statement="",
            figures=(Figure(metric=name, value=Decimal(number or 0), unit=""),),
        )
        for name, number in counts.items()
    ]  # fmt: skip


def people_of(sections: Iterable[Section]) -> People:
    """On how many people each figure stands, by metric and cell, before disclosure takes that away."""
    return {(f.metric, f.key): f.basis.people for section in sections for f in section.figures if f.basis}


def _numbers(figure: Figure, people: People) -> dict | None:
    if figure.suppressed:
        return None
    written = figure.to_json()
    return {name: written[name] for name in NUMBERS} | {"people": people.get((figure.metric, figure.key))}


def _status(figure: Figure, signed: Collection[tuple[str, Cell]]) -> str:
    if figure.suppressed:
        return PublishedCell.Status.HIDDEN
    named = (figure.metric, figure.key) in signed
    return PublishedCell.Status.SIGNED if named else PublishedCell.Status.SHOWN


def signed_for(pilot_id: int, selection: Selection, sections: Iterable[Section]) -> set[tuple[str, Cell]]:
    """The cells of rare events that a safeguarding lead let go: of all employers, for exactly this period.

    The newest decision on an event counts; what it is crossed with (a site, a month) is never let go.
    """
    if selection.employer is not None:
        return set()
    decisions = SignOff.objects.filter(
        pilot_id=pilot_id, period_from=selection.period_from, period_to=selection.period_to
    ).order_by("id")
    newest = {row.event: row.may_be_shown for row in decisions}
    return {
        (section.metric, figure.key)
        for section in sections
        for figure in section.figures
        for value in figure.cell.values()
        if len(figure.cell) == 1 and value in section.rare and newest.get(value)
    }
