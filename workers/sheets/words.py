"""Words of the field and the portal's codes for them: countries, sex, steps of the journey, reasons.

The words are data (``data/*.toml``), folded as ``cleaning.fold`` folds. A word that can mean several things is refused
with its meanings; the reader may settle it once for the file (``Context.words``).
"""

from __future__ import annotations

import difflib
import functools
import tomllib
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from workers.journey.reasons import REASONS
from workers.journey.steps import JOURNEYS, STEPS

from .cleaning import NOTHING, CellProblem, Cleaned, Context, Raw, fold, is_empty_word, shown, tidy

DATA = Path(__file__).parent / "data"


@functools.cache
def load(name: str) -> dict[str, Any]:
    """One data file, read once."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def country_names() -> dict[str, str]:
    """ISO alpha-2 code -> the name shown to a reader."""
    return dict(load("countries")["names"])


@functools.cache
def _step_words() -> dict[str, str]:
    """Folded word -> step: labels and codes of the steps, the schemes' own words for them, then the aliases."""
    words = dict(load("status_words")["aliases"])
    for journey in JOURNEYS:
        words.update({fold(word): step for step, word in journey.words.items() if step in {s.code for s in STEPS}})
    words.update({fold(step.label): step.code for step in STEPS})
    words.update({fold(step.code): step.code for step in STEPS})
    return words


@functools.cache
def _reason_words() -> dict[str, str]:
    words = dict(load("status_words")["reasons"])
    words.update({fold(reason.label): reason.code for reason in REASONS})
    words.update({fold(reason.code): reason.code for reason in REASONS})
    return words


def _look_up(
    raw: Raw,
    context: Context,
    column: str,
    words: dict[str, str],
    ambiguous: dict[str, list[str]],
    names: dict[str, str],
) -> Cleaned:
    """The code for a word, or a problem that lists what it could mean or what comes close."""
    value = tidy(raw)
    if not value:
        return NOTHING
    word = fold(value)
    chosen = context.words.get(column, {}).get(word)
    if chosen:
        return Cleaned(chosen)
    if word in ambiguous:
        raise _several(value, [names.get(each, each) for each in ambiguous[word]])
    found = words.get(word)
    if found is not None:
        return Cleaned(found)
    if is_empty_word(value):
        return NOTHING
    near = difflib.get_close_matches(word, words, n=3, cutoff=0.75)
    close = list(dict.fromkeys(names.get(words[each], words[each]) for each in near))
    if close:
        message = _("“%(value)s” is not known here. Is it %(close)s?") % {
            "value": shown(value),
            "close": " / ".join(close),
        }
    else:
        message = _("“%(value)s” is not known here. Choose a word from the list in the template.") % {
            "value": shown(value)
        }
    raise CellProblem("unknown_word", message)


def _several(value: str, meanings: list[str]) -> CellProblem:
    return CellProblem(
        "ambiguous_word",
        _("“%(value)s” can mean: %(meanings)s. Write which one, or choose once for the whole file.")
        % {"value": shown(value), "meanings": ", ".join(meanings)},
    )


def country(raw: Raw, context: Context) -> Cleaned:
    """ISO alpha-2 code from a name, code, nationality or old name."""
    data = load("countries")
    return _look_up(raw, context, "country", data["aliases"], data.get("ambiguous", {}), data["names"])


def sex(raw: Raw, context: Context) -> Cleaned:
    """``F``, ``M``, ``X`` or ``N`` (not stated). ``1`` and ``2`` mean opposite things on different forms."""
    data = load("sex")
    return _look_up(raw, context, "sex", data["aliases"], data.get("ambiguous", {}), data["names"])


def step(raw: Raw, context: Context) -> Cleaned:
    """The code of a step. Marks of doubt (``gone home?``) make any word ambiguous."""
    value = tidy(raw)
    data, words = load("status_words"), _step_words()
    folded = fold(value)
    if value and folded not in words and folded not in context.words.get("step", {}):
        for mark in data.get("doubt", {}).get("marks", []):
            if mark in value if mark == "?" else f" {fold(mark)} " in f" {folded} ":
                raise CellProblem(
                    "doubtful",
                    _("“%(value)s” is marked as not sure. Write the step once it is known, or leave the row out.")
                    % {"value": shown(value)},
                )
    if "?" in value:
        raise CellProblem(
            "doubtful",
            _("“%(value)s” is marked as not sure. Write the step once it is known, or leave the row out.")
            % {"value": shown(value)},
        )
    labels = {each.code: each.label for each in STEPS}
    return _look_up(raw, context, "step", words, data.get("ambiguous", {}), labels)


def reason(raw: Raw, context: Context) -> Cleaned:
    """The code of a reason for leaving the planned path."""
    labels = {each.code: each.label for each in REASONS}
    return _look_up(raw, context, "reason", _reason_words(), {}, labels)
