"""The door to the rules of a scheme: `load("rse").parameter("hours_guarantee", on=day)`.

Read once for each process and checked on the way in: a file that breaks a rule of `checking.py` is refused
with the file, the parameter and the reason. Which day counts for a case (visa granted, contract start, pay
period ...) is said by the row's `selected_by`; `docs/schemes.md` says how to read and add a row.
"""

import datetime
import functools
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from pilots.schemes import checking
from pilots.schemes.scheme import (
    CheckFrequency,
    Class,
    Correction,
    Duty,
    NoClass,
    NoValueOnDate,
    Parameter,
    Scheme,
    Source,
    UnknownParameter,
    Value,
    sources_by_key,
)
from pilots.schemes.units import DECIMAL, LIST, UNITS

__all__ = [
    "BadScheme", "CheckFrequency", "Class", "Correction", "Duty", "NoClass", "NoValueOnDate", "Parameter", "Scheme",
    "Source", "UnknownParameter", "UnknownScheme", "all_schemes", "load", "names", "read", "slugs",
    "validate",
]  # fmt: skip

FOLDER = Path(__file__).parent
NAMES_FILE = "names.toml"


class BadScheme(ValueError):
    """A scheme file was refused. `problems` lists every sentence: file, parameter, reason."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UnknownScheme(LookupError):
    """There is no file for this scheme."""


def _typed(value: Any, unit: str) -> Value:
    """A value from the file in the type its unit asks for."""
    if UNITS[unit] == LIST:
        return tuple(value)
    if isinstance(value, list):
        return _classes(value, unit)
    return Decimal(value) if UNITS[unit] == DECIMAL else value


def _classes(rows: list[dict[str, Any]], unit: str) -> tuple[Class, ...]:
    return tuple(
        Class(
            when=tuple((k, tuple(v) if isinstance(v, list) else v) for k, v in row.items() if k != "value"),
            value=_typed(row["value"], unit),  # type: ignore[arg-type]
        )
        for row in rows
    )


def _parameter(row: dict[str, Any], head: dict[str, Any], sources: dict[str, Source], words: str) -> Parameter:
    money = row["unit"].startswith("money")
    return Parameter(
        scheme=head["slug"],
        name=row["name"],
        words=words,
        value=_typed(row["value"], row["unit"]),
        unit=row["unit"],
        currency=row.get("currency", head["currency"]) if money else "",
        valid_from=row["valid_from"],
        valid_to=row.get("valid_to"),
        from_precision=row.get("from_precision", "day"),
        selected_by=row["selected_by"],
        rounding=row.get("rounding", "none"),
        grandfathering=row.get("grandfathering", "none"),
        sources=tuple(sources[key] for key in row["sources"]),
        verified=row.get("verified", True),
        note=row.get("note", ""),
        exceptions=_classes(row.get("exceptions", []), row["unit"]),
    )


def _correction(row: dict[str, Any], head: dict[str, Any], sources: dict[str, Source], words: str) -> Correction:
    return Correction(
        name=row["name"],
        edition=row["edition"],
        recorded_on=row["recorded_on"],
        affects_from=row["affects_from"],
        why=row["why"],
        was=tuple(_parameter({**one, "name": row["name"]}, head, sources, words) for one in row["was"]),
        sources=tuple(sources[key] for key in row["sources"]),
        verified=row.get("verified", True),
    )


def _duty(row: dict[str, Any], head: dict[str, Any], sources: dict[str, Source]) -> Duty:
    return Duty(
        scheme=head["slug"],
        number=row["number"],
        words=row["words"],
        owner=row["owner"],
        start_event=row["start_event"],
        direction=row["direction"],
        clock=row["clock"],
        limit=row["limit"],
        limit_most=row.get("limit_most"),
        unit=row["unit"],
        exceptions=_classes(row.get("exceptions", []), "days"),
        valid_from=row.get("valid_from", head["since"]),
        valid_to=row.get("valid_to"),
        optional=row.get("optional", False),
        sources=tuple(sources[key] for key in row["sources"]),
        verified=row.get("verified", True),
        note=row.get("note", ""),
        parameter=row.get("parameter", ""),
        right=row.get("right", False),
    )


def read(path: Path) -> Scheme:
    """The scheme in this file. BadScheme with every problem if the file breaks a rule."""
    problems = validate(path)
    if problems:
        raise BadScheme(problems)
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    words = names()
    sources = sources_by_key(data["source"])
    frequency = data["check_frequency"]
    return Scheme(
        slug=data["slug"],
        name=data["name"],
        destination=data["destination"],
        origins=tuple(data["origins"]),
        currency=data["currency"],
        journey=data["journey"],
        since=data["since"],
        template=data.get("template", False),
        check_frequency=CheckFrequency(
            frequency["arrival_days"], frequency["employment_days"], tuple(frequency["after_return_months"])
        ),
        sources=tuple(sources.values()),
        parameters=tuple(_parameter(row, data, sources, words[row["name"]]) for row in data["parameter"]),
        duties=tuple(_duty(row, data, sources) for row in data.get("duty", [])),
        edition=data.get("edition", 1),
        corrections=tuple(_correction(row, data, sources, words[row["name"]]) for row in data.get("correction", [])),
    )


def validate(path: Path) -> tuple[str, ...]:
    """Every problem of one scheme file, as sentences that name file, parameter and reason. Empty: sound."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        return (f"{path.name}: cannot be read as TOML: {problem}",)
    return checking.problems(data, path.name, frozenset(names()))


@functools.cache
def names() -> dict[str, str]:
    """Every parameter name that may be used, with its words."""
    return tomllib.loads((FOLDER / NAMES_FILE).read_text(encoding="utf-8"))["names"]


@functools.cache
def slugs() -> tuple[str, ...]:
    """The short names of all schemes, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.name != NAMES_FILE))


@functools.cache
def _current(slug: str) -> Scheme:
    if slug not in slugs():
        raise UnknownScheme(f"There is no scheme called {slug}. Known: {', '.join(slugs())}.")
    return read(FOLDER / f"{slug}.toml")


def load(slug: str, known_on: datetime.date | None = None) -> Scheme:
    """The scheme of this short name, as it reads now or as it was known on a day.

    UnknownScheme if there is no file, BadScheme if it is not sound. The rules of a *pilot* are asked of
    `pilots.rulebook.rulebook(pilot)`, which knows where the pilot departs from its scheme.
    """
    scheme = _current(slug)
    return scheme if known_on is None else scheme.known_on(known_on)


def all_schemes() -> tuple[Scheme, ...]:
    """All schemes, by short name."""
    return tuple(load(slug) for slug in slugs())
