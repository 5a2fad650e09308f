"""Questions as a worker reads them when answering alone: `spoken().language("es").items["D09"]`, `.for_person("Bislama, English")`."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from compliance.catalogue.reader import BadCatalogue, catalogue

FILE: Final = Path(__file__).parent / "spoken.toml"
PLAIN = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the questions; ``items``: item → question. ``verified``: somebody who grew up with it read it."""

    code: str
    name: str
    names: tuple[str, ...]
    verified: bool
    yes: str
    no: str
    skip: str
    intro: str
    send: str
    thanks: str
    items: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The languages in the order of the file, and which items are asked at which stage."""

    languages: tuple[Language, ...]
    stages: Mapping[str, tuple[str, ...]]

    def language(self, code: str) -> Language:
        """The language of this code; English for any other."""
        return next((each for each in self.languages if each.code == code), self.languages[0])

    def for_person(self, languages: str) -> Language:
        """The first of a person's languages ("Bislama, French") that there are questions in; English otherwise."""
        for word in languages.casefold().replace(";", ",").replace("/", ",").split(","):
            for each in self.languages:
                if word.strip() in each.names:
                    return each
        return self.languages[0]


@functools.cache
def spoken() -> Spoken:
    """The file, read once. Refused where a language lacks an item, or an item may not be asked of the worker alone."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    languages = tuple(Language(**{**each, "names": tuple(each["names"])}) for each in raw["language"])
    stages = {stage: tuple(codes) for stage, codes in raw["stages"].items()}
    if found := problems(languages, stages):
        raise BadCatalogue(found)
    return Spoken(languages, stages)


def problems(languages: tuple[Language, ...], stages: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Every sentence against the file."""
    found = [] if languages and languages[0].code == PLAIN else ["English stands first."]
    asked = {code for codes in stages.values() for code in codes}
    for each in languages:
        found += [f"{each.code} has no question {code}." for code in sorted(asked - each.items.keys())]
        found += [f"{each.code} has a question {code} that is not asked." for code in sorted(each.items.keys() - asked)]
    for stage, codes in stages.items():
        may_be = {i.code for i in catalogue().to_ask(stage) if "worker alone" in i.answered_by and not i.restricted}
        found += [f"{code} is not asked of a worker alone at {stage}." for code in codes if code not in may_be]
    return tuple(found)
