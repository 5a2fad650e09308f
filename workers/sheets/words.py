"""Words of the field and the portal's codes for them: countries, sex, steps of the journey, reasons.

The words are data (``data/*.toml``), folded as ``cleaning.fold`` folds. A word that can mean several things is refused
with its meanings; the reader may settle it once for the file (``Context.words``).
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from workers.journey.reasons import REASONS
from workers.journey.steps import JOURNEYS, STEPS

from .cleaning import NOTHING, CellProblem, Cleaned, Context, Raw, brief, fold, is_empty_word, shown

DATA = Path(__file__).parent / "data"


@functools.cache
def load(name: str) -> dict[str, Any]:
    """One data file, read once."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


class Vocabulary(NamedTuple):
    """The words of one column: folded word -> code, words with several meanings, and the names of the codes."""

    words: dict[str, str]
    ambiguous: dict[str, list[str]]
    names: dict[str, str]


@functools.cache
def vocabulary(column: str) -> Vocabulary:
    """The words of ``country``, ``sex``, ``step`` or ``reason``; labels and codes are always known beside the aliases."""
    if column == "country":
        data = load("countries")
        return Vocabulary(data["aliases"], data.get("ambiguous", {}), data["names"])
    if column == "sex":
        data = load("sex")
        return Vocabulary(data["aliases"], data.get("ambiguous", {}), data["names"])
    data = load("status_words")
    if column == "reason":
        names = {reason.code: reason.label for reason in REASONS}
        return Vocabulary(data["reasons"] | _own_words(names), {}, names)
    names = {step.code: step.label for step in STEPS}
    by_scheme = {fold(word): step for journey in JOURNEYS for step, word in journey.words.items() if step in names}
    return Vocabulary(data["aliases"] | by_scheme | _own_words(names), data.get("ambiguous", {}), names)


def _own_words(names: dict[str, str]) -> dict[str, str]:
    return {fold(label): code for code, label in names.items()} | {fold(code): code for code in names}


def _look_up(raw: Raw, context: Context, column: str) -> Cleaned:
    """The code for a word, or a problem that lists what it could mean or what comes close."""
    value = brief(raw)
    if not value:
        return NOTHING
    word, known = fold(value), vocabulary(column)
    found = context.words.get(column, {}).get(word)
    if found is None and word in known.ambiguous:
        raise _several(value, [known.names.get(each, each) for each in known.ambiguous[word]])
    found = found or known.words.get(word)
    if found is not None:
        return Cleaned(found)
    if is_empty_word(value):
        return NOTHING
    close = [known.names.get(code, code) for code in _close(word, column)]
    if close:
        says = {"value": shown(value), "close": " / ".join(close)}
        raise CellProblem("unknown_word", _("“%(value)s” is not known here. Is it %(close)s?") % says)
    raise CellProblem(
        "unknown_word",
        _("“%(value)s” is not known here. Choose a word from the list in the template.") % {"value": shown(value)},
    )


def _slips(word: str) -> set[str]:
    """The word and what is left of it without one letter: two words one slip apart share one of these."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _close(word: str, column: str) -> list[str]:
    """Codes whose words are one slip of the hand away, at most three. Looked up, not compared with every word: a column
    of a hundred thousand nonsense words costs no more than one of good ones."""
    if not 4 <= len(word) <= 40:
        return []
    index = _slip_index(column)
    found = (code for slip in sorted(_slips(word)) for code in index.get(slip, ()))
    return list(dict.fromkeys(found))[:3]


@functools.cache
def _slip_index(column: str) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for word, code in sorted(vocabulary(column).words.items()):
        if 4 <= len(word) <= 40:
            for slip in _slips(word):
                index.setdefault(slip, []).append(code)
    return index


def _several(value: str, meanings: list[str]) -> CellProblem:
    return CellProblem(
        "ambiguous_word",
        _("“%(value)s” can mean: %(meanings)s. Write which one, or choose once for the whole file.")
        % {"value": shown(value), "meanings": ", ".join(meanings)},
    )


def country(raw: Raw, context: Context) -> Cleaned:
    """ISO alpha-2 code from a name, code, nationality or old name."""
    return _look_up(raw, context, "country")


def sex(raw: Raw, context: Context) -> Cleaned:
    """``F``, ``M``, ``X`` or ``N`` (not stated). ``1`` and ``2`` mean opposite things on different forms."""
    return _look_up(raw, context, "sex")


def reason(raw: Raw, context: Context) -> Cleaned:
    """The code of a reason for leaving the planned path."""
    return _look_up(raw, context, "reason")


def step(raw: Raw, context: Context) -> Cleaned:
    """The code of a step. Marks of doubt (``gone home?``, ``maybe left``) make any word ambiguous."""
    value = brief(raw)
    folded = fold(value)
    settled = folded in context.words.get("step", {})
    marks = load("status_words").get("doubt", {}).get("marks", [])
    if (
        value
        and not settled
        and any(mark in value if mark == "?" else f" {fold(mark)} " in f" {folded} " for mark in marks)
    ):
        raise CellProblem(
            "doubtful",
            _("“%(value)s” is marked as not sure. Write the step once it is known, or leave the row out.")
            % {"value": shown(value)},
        )
    return _look_up(raw, context, "step")
