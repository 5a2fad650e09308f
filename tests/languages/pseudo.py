"""A language that nobody speaks: every text that went through translation stands in ⟦brackets⟧.

What stands outside of them on a page is data, or a text that nobody can translate. The language also keeps which texts
were asked for, so that a walk over pages tells what a catalogue must hold.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation
from django.utils.translation import trans_real

OPEN, CLOSE = "⟦", "⟧"
LANGUAGE = "en"  # stands in for English, the language of everybody in the tests


class Pseudo(trans_real.DjangoTranslation):
    """English in brackets; ``asked`` holds every text that was asked for, with its context before ``\\x04``."""

    def __init__(self) -> None:
        super().__init__(LANGUAGE)
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        """The text in brackets."""
        self.asked.add(message)
        found = super().gettext(message)
        # names of languages, months and formats of the framework are looked up here too, and are no texts of ours
        return f"{OPEN}{found.partition(chr(4))[2] or found}{CLOSE}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """One of the two texts in brackets."""
        self.asked.add(msgid1)
        found = super().ngettext(msgid1, msgid2, n)
        return f"{OPEN}{found.partition(chr(4))[2] or found}{CLOSE}"


@contextmanager
def spoken() -> Iterator[Pseudo]:
    """Every page of this thread is in the pseudo language, where it would be in English."""
    before = trans_real._translations.get(LANGUAGE)
    default, trans_real._default = trans_real._default, None
    pseudo = trans_real._translations[LANGUAGE] = Pseudo()
    active = translation.get_language()
    translation.activate(LANGUAGE)
    try:
        yield pseudo
    finally:
        if before is None:
            del trans_real._translations[LANGUAGE]
        else:
            trans_real._translations[LANGUAGE] = before
        trans_real._default = default
        translation.activate(active or LANGUAGE)
