"""The edition as CSV: one row for each figure, with everything one needs to understand it.

UTF-8 with a byte order mark, commas, every field quoted, CR LF: what Excel, LibreOffice and R open without asking. A
text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP ASVS 1.2.10); numbers are written as
numbers, with a point and without grouping.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from django.utils import translation

from reports.content import Amount, Content, Figure, Section, sha256
from reports.rendering import words

# The signs that begin a formula, their full-width twins, the true minus, and what spreadsheets skip before looking.
STARTERS = frozenset("=+-@\u2212\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b")
CONTROLS = frozenset("\t\r\n\0")
COLUMNS = (
    *("edition", "sha256", "pilot", "reader", "period_from", "period_to", "as_of"),
    *(
        "metric",
        "title",
        "kind",
        "population",
        "cell",
        "cell_title",
        "value",
        "low",
        "high",
        "numerator",
        "denominator",
        "unit",
    ),
    *("suppressed", "note", "shown", "interval", "stands_on"),
    *(
        "definition",
        "numerator_means",
        "denominator_means",
        "left_out",
        "missing_data",
        "uncertainty",
        "source",
        "statement",
    ),
)


def safe(text: str) -> str:
    """`text` as a field no spreadsheet takes for a formula; NUL is dropped, since many readers stop at it."""
    risky = text[:1] in CONTROLS
    for letter in text:
        if unicodedata.category(letter)[0] in "ZC":
            continue  # blanks and controls are skipped by spreadsheets, so they are skipped here
        risky = risky or letter in STARTERS
        break
    text = text.replace("\0", "")
    return f"'{text}" if risky else text


def number(value: Amount | None, hidden: bool) -> str:
    """A number as it is; a dash where it is hidden, nothing where there is none."""
    if hidden:
        return words.HIDDEN
    return "" if value is None else f"{Decimal(value):f}"


def render(content: Content) -> bytes:
    """The CSV of an edition."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    with translation.override(content.language):
        writer.writerows(_rows(content))
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def _rows(content: Content) -> Iterator[list[str]]:
    period = (content.period_from.isoformat(), content.period_to.isoformat())
    cut_off = content.as_of.isoformat().replace("+00:00", "Z")
    edition = [
        str(content.edition),
        sha256(content),
        safe(content.pilot.slug),
        safe(content.reader),
        *period,
        cut_off,
    ]
    for section in content.sections:
        meaning = [
            *(section.definition, section.numerator_words, section.denominator_words, section.exclusions),
            *(section.missing_words, section.uncertainty_words, section.source, section.statement),
        ]
        for figure in section.figures:
            yield [*edition, *_figure(section, figure), *map(safe, meaning)]


def _figure(section: Section, figure: Figure) -> list[str]:
    cell = "; ".join(f"{name}={value}" for name, value in figure.key)
    numbers = (figure.value, figure.low, figure.high, figure.numerator, figure.denominator)
    return [
        *map(
            safe,
            (
                section.metric,
                section.title,
                section.kind,
                section.population,
                cell,
                words.cell_title(section, figure),
            ),
        ),
        *(number(value, figure.suppressed) for value in numbers),
        safe(figure.unit),
        "yes" if figure.suppressed else "no",
        safe(figure.note),
        safe(words.signed(section, figure, words.shown(figure))),
        safe(words.interval(figure)),
        safe(words.stands(section, figure)),
    ]
