"""The door to the survey's questions: ``edition_on(day)``, and of an edition ``.wave(code)`` and ``.questions(wave)``.

The file is read once for each process and refused with every reason if it is not sound. ``version`` names the exact
content of an edition: answers store it.
"""

import functools
import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from compliance.models import SurveyContact
from pilots.schemes.scheme import Source, sources_by_key

FILE: Final = Path(__file__).with_name("instrument.toml")
MONEY, CHOICE, SCALE = "money", "choice", "scale"
SCALE_TO: Final = 10
ANCHORS: Final = ("departure", "return")


class BadInstrument(ValueError):
    """The file was refused; every sentence is a reason."""


@dataclass(frozen=True, slots=True)
class Wave:
    """One planned survey: from which day its days are counted, and the days from there on which it is planned, opens and
    closes."""

    code: str
    anchor: str
    planned: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question: in which waves, how it is answered, and where the measure was read."""

    code: str
    waves: tuple[str, ...]
    kind: str
    words: str
    hint: str
    choices: tuple[tuple[str, str], ...]
    item: str  # of the check catalogue, which it follows up
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """The survey as it is asked from a day on."""

    label: str
    valid_from: date
    verified: bool
    note: str
    version: str
    waves: tuple[Wave, ...]
    all_questions: tuple[Question, ...]

    def wave(self, code: str) -> Wave:
        """The wave of this code; LookupError for one that is none."""
        for wave in self.waves:
            if wave.code == code:
                return wave
        raise LookupError(code)

    def questions(self, wave: str) -> tuple[Question, ...]:
        """The questions of a wave, in order."""
        return tuple(question for question in self.all_questions if wave in question.waves)


def edition_on(day: date) -> Edition:
    """The edition that is asked on this day: the newest that has begun, and before all of them the first."""
    begun = [edition for edition in editions() if edition.valid_from <= day]
    return begun[-1] if begun else editions()[0]


@functools.cache
def editions() -> tuple[Edition, ...]:
    """All editions, oldest first."""
    return read(tomllib.loads(FILE.read_text("utf-8")))


def read(data: dict[str, Any]) -> tuple[Edition, ...]:
    """The editions of a file; BadInstrument with every reason why it is not sound."""
    sources = sources_by_key(data.get("source", []))
    problems = list(_problems(data, sources))
    if problems:
        raise BadInstrument(" ".join(problems))
    made = [_edition(row, sources) for row in data["edition"]]
    return tuple(sorted(made, key=lambda edition: edition.valid_from))


def _edition(row: dict[str, Any], sources: dict[str, Source]) -> Edition:
    text = json.dumps([row["wave"], row["question"]], sort_keys=True)
    return Edition(
        row["label"], row["valid_from"], row.get("verified", True), row.get("note", ""),
        f"{row['label']} {hashlib.sha256(text.encode()).hexdigest()[:8]}",
        tuple(Wave(**wave) for wave in row["wave"]),
        tuple(
            Question(
                q["code"], tuple(q["waves"]), q["kind"], q["words"], q.get("hint", ""),
                tuple((code, words) for code, words in q.get("choices", ())), q["item"],
                tuple(sources[key] for key in q["sources"]),
            )
            for q in row["question"]
        ),
    )  # fmt: skip


def _problems(data: dict[str, Any], sources: dict[str, Source]) -> Iterator[str]:
    known = set(SurveyContact.Wave.values)
    labels = [row.get("label") for row in data.get("edition", [])]
    if not labels or len(set(labels)) < len(labels):
        yield "Each edition has a label of its own."
    for row in data.get("edition", []):
        codes = [wave["code"] for wave in row["wave"]]
        if sorted(codes) != sorted(known):
            yield f"{row['label']}: the waves are {', '.join(sorted(known))}."
        for wave in row["wave"]:
            if wave["anchor"] not in ANCHORS or not wave["opens"] <= wave["planned"] <= wave["closes"]:
                yield f"{row['label']}, {wave['code']}: days in order, from departure or return."
        asked = [question["code"] for question in row["question"]]
        if len(set(asked)) < len(asked):
            yield f"{row['label']}: a question stands twice."
        for question in row["question"]:
            yield from _of_question(row["label"], question, known, sources)


def _of_question(label: str, question: dict[str, Any], known: set[str], sources: dict[str, Source]) -> Iterator[str]:
    name = f"{label}, {question['code']}"
    if not question["waves"] or not set(question["waves"]) <= known:
        yield f"{name}: an unknown wave."
    if question["kind"] not in (MONEY, CHOICE, SCALE) or (question["kind"] == CHOICE) != bool(question.get("choices")):
        yield f"{name}: money, scale, or a choice with its words."
    if not set(question["sources"]) <= set(sources):
        yield f"{name}: an unknown source."
