"""The texts that workers can be told, read from ``texts.toml``, in the language that the records say a person speaks."""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext_noop

FILE: Final = Path(__file__).parent / "texts.toml"
PLAIN: Final = "en"
NEEDS: Final = frozenset({"day", "place"})


# key → what it is, for the officer, and the gaps that must be filled
TEXTS: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "briefing": (gettext_noop("Come to the briefing"), NEEDS),
    "papers": (gettext_noop("Bring the papers"), frozenset({"day"})),
    "departure": (gettext_noop("When and where the journey begins"), NEEDS),
    "moved": (gettext_noop("The departure has moved"), frozenset({"day"})),
    "visit": (gettext_noop("The welfare officer comes"), NEEDS),
    "rights": (gettext_noop("Help costs nothing"), frozenset()),
}


class BadTexts(ValueError):
    """The file breaks a rule; says which."""


@dataclass(frozen=True, slots=True)
class Text:
    """One thing to tell: its key, its words for the officer, and the gaps that must be filled."""

    key: str
    words: str
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Language:
    """One language with all texts. ``names``: how the records of people call it."""

    code: str
    name: str
    names: tuple[str, ...]
    verified: bool
    texts: dict[str, str]

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return "rtl" if get_language_info(self.code)["bidi"] else "ltr"

    def say(self, key: str, *, day: date | None = None, place: str = "") -> str:
        """The text with its gaps filled, the day as this language writes it; in English as on every page of the portal."""
        with translation.override(self.code):
            written = date_format(day, "j F Y" if self.code == PLAIN else "DATE_FORMAT") if day else ""
        return self.texts[key].replace("{day}", written).replace("{place}", place)


@dataclass(frozen=True, slots=True)
class Texts:
    """Everything in the file."""

    texts: dict[str, Text]
    languages: dict[str, Language]

    def for_person(self, spoken: str) -> Language:
        """The first language of a person's record that the texts are written in; English otherwise."""
        known = {name: each for each in self.languages.values() for name in (each.code, *each.names)}
        said = [one.strip().casefold() for one in spoken.replace(";", ",").split(",")]
        return next((known[one] for one in said if one in known), self.languages[PLAIN])


@functools.cache
def texts() -> Texts:
    """The file, read once and held against its own rules; BadTexts says what is wrong."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = {key: Text(key, words, needs) for key, (words, needs) in TEXTS.items()}
    languages = {
        row["code"]: Language(row["code"], row["name"], tuple(row["names"]), row["verified"], row["texts"])
        for row in raw["language"]
    }
    for text in found.values():
        for language in languages.values():
            words = language.texts.get(text.key, "")
            if {gap for gap in NEEDS if f"{{{gap}}}" in words} != text.needs:
                raise BadTexts(f"{text.key} in {language.code}: it has other gaps than it needs")
    return Texts(found, languages)
