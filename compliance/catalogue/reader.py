"""The door to the check catalogue: `catalogue().item("A01")`, `.to_ask("arrival")`, `.fails(item, answer)`.

The file is read once for each process and refused with every reason if it is not sound. `version` names
the exact content: answers store it, so that an answer can always be read beside the question that was asked.
"""

import functools
import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pilots.schemes.scheme import Source, sources_by_key

FILE: Final = Path(__file__).parent / "checks.toml"

YES: Final = "yes"
NO: Final = "no"
NOT_APPLICABLE: Final = "not applicable"
NOT_VERIFIED: Final = "not verified"
CRITICAL: Final = "critical"
MAJOR: Final = "major"
MINOR: Final = "minor"
WORKER_ALONE: Final = "worker alone"

REQUIRED = (
    "code",
    "stage",
    "question",
    "evidence",
    "severity",
    "good_answer",
    "answered_by",
    "standard",
    "sources",
)
OPTIONAL = (
    "critical_if", "private", "disclosure_led", "restricted", "restricted_evidence", "severity_as_found",
    "indicators", "own_indicators",
)  # fmt: skip


class BadCatalogue(ValueError):
    """The file was refused. `problems` lists every sentence."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UnknownItem(LookupError):
    """The catalogue has no item of this code."""


class UnknownStage(LookupError):
    """The catalogue has no stage of this code."""


class UnknownAnswer(ValueError):
    """Not one of the four answers."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One of the eleven ILO indicators of forced labour."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Stage:
    """When a group of items is asked. `starts_at` is the journey step that opens it."""

    code: str
    letter: str
    label: str
    starts_at: str
    timing: str
    within_days: int | None = None
    repeat_days: tuple[int, ...] = ()
    after_months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One question. What each field means stands at the top of `checks.toml`."""

    code: str
    stage: str
    question: str
    evidence: str
    severity: str
    critical_if: str
    severity_as_found: bool
    good_answer: str
    answered_by: tuple[str, ...]
    private: bool
    disclosure_led: bool
    restricted: bool
    restricted_evidence: bool
    standard: str
    sources: tuple[Source, ...]
    indicators: tuple[str, ...]
    own_indicators: tuple[str, ...]

    @property
    def all_indicators(self) -> tuple[str, ...]:
        """The indicators a failure touches: those the standard names, then the portal's own mapping."""
        return self.indicators + self.own_indicators

    def severity_when(self, critical_condition: bool) -> str:
        """The severity of a failure, given whether `critical_if` was found to be so."""
        return CRITICAL if self.critical_if and critical_condition else self.severity


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole catalogue, with the version that answers store."""

    version: str
    items: tuple[Item, ...]
    stages: tuple[Stage, ...]
    indicators: tuple[Indicator, ...]
    answers: dict[str, str]
    severities: dict[str, str]
    answered_by: dict[str, str]
    sources: tuple[Source, ...]

    def item(self, code: str) -> Item:
        """The item of this code. UnknownItem if there is none."""
        for item in self.items:
            if item.code == code:
                return item
        raise UnknownItem(f"The check catalogue has no item {code}.")

    def stage(self, code: str) -> Stage:
        """The stage of this code. UnknownStage if there is none."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise UnknownStage(f"The check catalogue has no stage {code}.")

    def for_stage(self, stage: str) -> tuple[Item, ...]:
        """Every item of a stage, those led by disclosure included. To ask, use `to_ask`."""
        code = self.stage(stage).code
        return tuple(item for item in self.items if item.stage == code)

    def to_ask(self, stage: str) -> tuple[Item, ...]:
        """The items a visit may ask as routine: without those recorded only when the worker tells."""
        return tuple(item for item in self.for_stage(stage) if not item.disclosure_led)

    def fails(self, item: Item | str, answer: str) -> bool:
        """Whether an answer is a failure. "not applicable" and "not verified" are neither fail nor pass."""
        return self._decides(answer) and answer != self._item(item).good_answer

    def passes(self, item: Item | str, answer: str) -> bool:
        """Whether an answer is a pass."""
        return self._decides(answer) and answer == self._item(item).good_answer

    def _item(self, item: Item | str) -> Item:
        return item if isinstance(item, Item) else self.item(item)

    def _decides(self, answer: str) -> bool:
        if answer not in self.answers:
            raise UnknownAnswer(f"{answer!r} is not an answer. Answers: {', '.join(self.answers)}.")
        return answer in (YES, NO)


def problems(data: dict[str, Any]) -> tuple[str, ...]:
    """Every reason why a parsed catalogue is not sound. Empty when it is."""
    missing = {
        "label",
        "answers",
        "severities",
        "answered_by",
        "indicator",
        "stage",
        "source",
        "item",
    } - data.keys()
    if missing:
        return tuple(f"{key} is missing" for key in sorted(missing))
    stages = {stage["code"]: stage["letter"] for stage in data["stage"]}
    known = {
        "sources": {row["key"] for row in data["source"]},
        "answered_by": set(data["answered_by"]),
        "indicators": {row["code"] for row in data["indicator"]},
    }
    known["own_indicators"] = known["indicators"]
    codes = Counter(row.get("code") for row in data["item"])
    found = [f"{code}: the code is used {count} times" for code, count in codes.items() if count > 1]
    for row in data["item"]:
        reasons = list(_keys(row)) or list(_item_problems(row, data, stages, known))
        found += [f"{row.get('code', '(no code)')}: {reason}" for reason in reasons]
    return tuple(found)


def _keys(row: dict[str, Any]) -> Iterator[str]:
    yield from (f"{key} is missing" for key in REQUIRED if key not in row)
    yield from (f"{key} is not a known key" for key in row if key not in REQUIRED + OPTIONAL)


def _item_problems(
    row: dict[str, Any], data: dict[str, Any], stages: dict[str, str], known: dict[str, set[str]]
) -> Iterator[str]:
    if row["stage"] not in stages:
        yield f"unknown stage {row['stage']!r}"
    elif not row["code"].startswith(stages[row["stage"]]):
        yield f"the code does not fit the stage {row['stage']}"
    if row["severity"] not in data["severities"]:
        yield f"unknown severity {row['severity']!r}"
    if row["severity"] == CRITICAL and "critical_if" in row:
        yield "is critical in any case, so critical_if says nothing"
    if row["good_answer"] not in (YES, NO):
        yield f"good_answer must be yes or no, not {row['good_answer']!r}"
    for key, words in known.items():
        yield from (f"unknown {key} {word!r}" for word in row.get(key, ()) if word not in words)
    if not row["answered_by"]:
        yield "nobody is named who answers"
    if row.get("private") and WORKER_ALONE not in row["answered_by"]:
        yield "is private but not answered by the worker alone"
    if row.get("disclosure_led") and not row.get("restricted"):
        yield "is led by disclosure, so the answer must be restricted"
    if row["severity"] != MINOR and not (row.get("indicators") or row.get("own_indicators")):
        yield "touches no indicator although it is not minor"


def _item(row: dict[str, Any], sources: dict[str, Source]) -> Item:
    return Item(
        code=row["code"],
        stage=row["stage"],
        question=row["question"],
        evidence=row["evidence"],
        severity=row["severity"],
        critical_if=row.get("critical_if", ""),
        severity_as_found=row.get("severity_as_found", False),
        good_answer=row["good_answer"],
        answered_by=tuple(row["answered_by"]),
        private=row.get("private", False),
        disclosure_led=row.get("disclosure_led", False),
        restricted=row.get("restricted", False),
        restricted_evidence=row.get("restricted_evidence", False),
        standard=row["standard"],
        sources=tuple(sources[key] for key in row["sources"]),
        indicators=tuple(row.get("indicators", ())),
        own_indicators=tuple(row.get("own_indicators", ())),
    )


def _stage(row: dict[str, Any]) -> Stage:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    return Stage(**fields)


def _fingerprint(data: dict[str, Any]) -> str:
    """The first twelve hexadecimal digits of the content's SHA-256; comments and layout do not count."""
    content = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8")).hexdigest()[:12]


def read(path: Path) -> Catalogue:
    """The catalogue in this file. BadCatalogue with every reason if it is not sound."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    found = problems(data)
    if found:
        raise BadCatalogue(tuple(f"{path.name}: {reason}" for reason in found))
    sources = sources_by_key(data["source"])
    return Catalogue(
        version=f"{data['label']}-{_fingerprint(data)}",
        items=tuple(_item(row, sources) for row in data["item"]),
        stages=tuple(_stage(row) for row in data["stage"]),
        indicators=tuple(Indicator(**row) for row in data["indicator"]),
        answers=dict(data["answers"]),
        severities=dict(data["severities"]),
        answered_by=dict(data["answered_by"]),
        sources=tuple(sources.values()),
    )


@functools.cache
def catalogue() -> Catalogue:
    """The catalogue in force, read once."""
    return read(FILE)


STATEMENTS = FILE.with_name("findings.toml")


@functools.cache
def statements() -> dict[str, str]:
    """item code → what is wrong when it fails, as a statement: the title of its finding."""
    return {code: str(words) for code, words in tomllib.loads(STATEMENTS.read_text(encoding="utf-8")).items()}
