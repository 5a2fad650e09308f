"""What must come out of a file: ``<name>.expect.toml`` beside it, written by ``outcome`` and read by a person before it
is committed.

``[[run]]`` stands for each time the file is sent, with the ``choices`` of the sender. A run names the state, the code and
first words of a refusal, the counts by verdict, every note, every problem and every warning with its cell and the first
words of its sentence, and the clean values of every row. ``recorded`` is what recording the last run did, ``again`` the
counts of the same file sent once more.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

FIRST_WORDS = 90  # of a sentence: enough to tell it, and a word more at its end breaks nothing


def path_of(file: Path) -> Path:
    """Where the expectation of a file stands."""
    return file.with_name(file.name + ".expect.toml")


def read(file: Path) -> dict[str, Any]:
    """The expectation of a file."""
    return tomllib.loads(path_of(file).read_text(encoding="utf-8"))


def write(file: Path, expected: dict[str, Any]) -> None:
    """Writes the expectation of a file, one fact a line."""
    lines = [f"{key} = {_value(expected[key])}" for key in ("about", "kind", "by")]
    for run in expected["run"]:
        lines += ["", "[[run]]"]
        lines += [f"{key} = {_value(run[key])}" for key in run if key not in ("rows", "problems", "warnings")]
        for key in ("problems", "warnings"):
            if run.get(key):
                lines += [f"{key} = [", *(f"  {_value(each)}," for each in run[key]), "]"]
        if run.get("rows"):
            lines += ["rows = [", *(f"  {_value(each)}," for each in run["rows"]), "]"]
    path_of(file).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return (
        key
        if key.replace("_", "").replace("-", "").isalnum() and key.isascii()
        else json.dumps(key, ensure_ascii=False)
    )


def begins(sentence: str) -> str:
    """The first words of a sentence."""
    return sentence if len(sentence) <= FIRST_WORDS else sentence[:FIRST_WORDS]
