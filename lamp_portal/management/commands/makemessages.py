"""``manage.py makemessages``: Django's own, which also collects the texts that stand in tables and in data.

Tables (steps, moves, metrics) mark their texts with ``words`` or ``marked`` and translate them when shown. The texts of
the check catalogue, the surveys and the schemes are TOML, and columns of sheets are a contract in English: for the
length of the run they stand in a Python file, where the extractor finds them.
"""

from collections.abc import Iterator

from django.conf import settings
from django.core.management.commands import makemessages

from compliance.catalogue.reader import catalogue, statements
from compliance.surveys.instrument import editions
from pilots.schemes.reader import all_schemes, names
from workers.sheets.kinds import COLUMNS

MARKERS = ("words", "marked", "_lazy")
OF_DATA = settings.BASE_DIR / "lamp_portal" / "texts_of_data.py"


def texts_of_data() -> Iterator[str]:
    """Every text of the catalogue, the schemes, the surveys and the columns of sheets that a page shows."""
    book = catalogue()
    for item in book.items:
        yield item.question
        yield item.evidence
    yield from statements().values()
    for stage in book.stages:
        yield stage.label
        yield stage.timing
    yield from (indicator.words for indicator in book.indicators)
    for words in (book.answers, book.severities, book.answered_by, names()):
        yield from words.values()
    for scheme in all_schemes():
        yield scheme.name
        yield from (duty.words for duty in scheme.duties)
    for edition in editions():
        for wave in edition.waves:
            for asked in edition.questions(wave.code):
                yield asked.words
                yield asked.hint
                yield from (words for _code, words in asked.choices)
    for kind in COLUMNS.values():
        for column in kind.columns:
            yield column.header
            yield column.help
            yield from column.choices


class Command(makemessages.Command):
    """As Django's, with more to find."""

    requires_system_checks: list = []  # it reads files; no database is asked
    # A text that was changed is English until somebody translates it anew: no guess from a text that is like it.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
    xgettext_options = [*makemessages.Command.xgettext_options, *(f"--keyword={marker}" for marker in MARKERS)]

    def handle(self, *args, **options) -> None:
        """Collect; the file of data's texts is gone afterwards whatever happens."""
        lines = [f"_({text!r})" for text in dict.fromkeys(texts_of_data()) if text]
        OF_DATA.write_text("\n".join(lines) + "\n", encoding="utf-8")
        try:
            super().handle(*args, **options)
        finally:
            OF_DATA.unlink(missing_ok=True)
