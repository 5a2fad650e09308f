"""``python -m lamp_portal.catalogues``: compile the translations whose text is newer than what was compiled of it.

Every ``locale/<language>/LC_MESSAGES/django.po`` becomes the ``.mo`` beside it that Django reads. Babel does it, so no
machine needs gettext; ``make setup`` calls this, and it costs nothing while nothing has changed.
"""

import os
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def stale(folder: Path = LOCALE) -> list[Path]:
    """The texts that were changed after they were compiled, or never were."""
    texts = sorted(folder.glob("*/LC_MESSAGES/django.po"))
    return [text for text in texts if not _is_fresh(text, text.with_suffix(".mo"))]


def _is_fresh(text: Path, compiled: Path) -> bool:
    return compiled.exists() and compiled.stat().st_mtime_ns >= text.stat().st_mtime_ns


def compile_catalogues(folder: Path = LOCALE) -> list[Path]:
    """Compile what is stale; answers what was written. What is marked as a guess (fuzzy) or is empty stays English.

    Raises babel's ``PoFileError`` where a file cannot be read. Several processes may do it at once: a reader sees the
    old file or the new one.
    """
    found = stale(folder)
    if not found:
        return []
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = []
    for text in found:
        began = text.stat().st_mtime_ns
        with text.open("rb") as source:
            catalogue = read_po(source, locale=text.parts[-3], abort_invalid=True)
        for message in list(catalogue):
            # babel would compile a text with empty forms to nothing at all
            if message.pluralizable and not all(message.string or ()):
                catalogue.delete(message.id, message.context)
        with NamedTemporaryFile(dir=text.parent, suffix=".new", delete=False) as made:
            write_mo(made, catalogue)
        Path(made.name).chmod(0o644)
        # As old as what it was made of: whoever saves the text in this moment makes it stale.
        os.utime(made.name, ns=(began, began))
        Path(made.name).replace(text.with_suffix(".mo"))
        written.append(text.with_suffix(".mo"))
    return written


if __name__ == "__main__":
    for path in compile_catalogues():
        sys.stderr.write(f"Compiled {path.relative_to(LOCALE.parent)}\n")
