"""What an edition says, before it has any shape.

A `Content` holds every figure and every word of one frozen report. Pages, PDF, workbook, CSV and JSON are drawn from it
and from nothing else, so all of them say the same. It is plain data: no floats (exact `Decimal` as text), dates in
ISO form, instants in UTC. `canonical()` writes it as one fixed sequence of bytes and `sha256()` names that sequence;
the name is printed in every file, and the JSON file *is* that sequence, so anyone can check the name with a common
tool.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Self, Union, get_args, get_origin, get_type_hints

FORMAT = 1
KINDS = ("count", "share", "median", "ratio", "duration", "money", "difference", "target")
CHARTS = ("funnel", "bars", "points", "steps", "flow", "none")
POPULATIONS = ("people", "placements", "checks", "findings", "duties", "records")
RELATIONS = ("partition", "nested", "separate")

Amount = int | Decimal


def _pack(value: Any) -> Any:
    """The JSON form of one value; raises TypeError on a float, so that none ever gets in."""
    if isinstance(value, Record):
        return value.to_json()
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is not a number that can be published.")
        return format(value if value else abs(value), "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _pack(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_pack(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no place in a report: {value!r}")


def _unpack(hint: Any, value: Any) -> Any:
    """The value of JSON `value` for the type `hint`; a text where a number may stand is an exact Decimal."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        if value is None:
            return None
        choices = [choice for choice in get_args(hint) if choice is not NoneType]
        if len(choices) > 1:
            return value if isinstance(value, int) else Decimal(value)
        return _unpack(choices[0], value)
    if origin is tuple:
        return tuple(_unpack(get_args(hint)[0], item) for item in value)
    if origin is dict:
        return {key: _unpack(get_args(hint)[1], item) for key, item in value.items()}
    if isinstance(hint, type) and issubclass(hint, Record):
        return hint.from_json(value)
    if hint is Decimal:
        return Decimal(value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is date:
        return date.fromisoformat(value)
    return value


class Record:
    """A frozen dataclass that can be written as JSON and read back equal; private fields stay out of it."""

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON values."""
        said = ((entry, getattr(self, entry.name)) for entry in fields(self) if not entry.metadata.get("private"))  # type: ignore[arg-type]
        # What was added after the first editions is left out where it says nothing: their bytes stay what they were.
        return {entry.name: _pack(value) for entry, value in said if value or not entry.metadata.get("later")}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The record that `to_json` wrote; raises TypeError on a key it does not know."""
        hints = get_type_hints(cls)
        unknown = set(data) - set(hints)
        if unknown:
            raise TypeError(f"{cls.__name__} has no {', '.join(sorted(unknown))}.")
        return cls(**{name: _unpack(hints[name], value) for name, value in data.items()})


@dataclass(frozen=True, slots=True)
class Basis:
    """What the disclosure rule must know about a figure and no reader may: never written to any file."""

    people: int  # different persons behind the figure
    # The parts of the sum that the largest person and the second largest make, 0 to 1; None where nothing is summed.
    largest_share: Decimal | None = None
    second_share: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Record):
    """One number of one metric in one cell. A suppressed figure carries no number at all."""

    metric: str
    cell: dict[str, str] = field(default_factory=dict)  # dimension → value; {} is the total
    value: Decimal | None
    numerator: int | Decimal | None = None
    denominator: int | Decimal | None = None
    unit: str  # people, placements, checks, findings, share, days, months, times, or a currency code
    low: Decimal | None = None
    high: Decimal | None = None
    suppressed: bool = False
    note: str = ""
    basis: Basis | None = field(default=None, metadata={"private": True})

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        """The cell in an order that does not depend on how it was built."""
        return tuple(sorted(self.cell.items()))


@dataclass(frozen=True, slots=True)
class Label(Record):
    """One value of a dimension and the words a reader sees for it; ``parent`` is the value it is part of, if any."""

    value: str
    title: str
    parent: str = field(default="", metadata={"later": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension(Record):
    """What a table is broken down by, in the order of its values.

    `relation` says what the parts have to do with the whole, for the disclosure rule: "partition" (the parts add up
    to the total), "nested" (each value is part of the one before it, as in a funnel) or "separate" (neither).
    """

    name: str
    title: str
    relation: str
    values: tuple[Label, ...]

    def __post_init__(self) -> None:
        if self.relation not in RELATIONS:
            raise ValueError(f"{self.relation!r} is not one of {', '.join(RELATIONS)}.")

    def title_of(self, value: str) -> str:
        """The words for one value; the value itself when it has none."""
        return next((label.title for label in self.values if label.value == value), value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Record):
    """One metric of a report: its definition in words, its figures and how to draw them."""

    metric: str
    title: str
    definition: str
    population: str
    kind: str
    numerator_words: str = ""
    denominator_words: str = ""
    exclusions: str = ""
    missing_words: str = ""
    uncertainty_words: str = ""
    source: str = ""
    statement: str  # what it shows and what it cannot show; words only, a number here would pass the disclosure rule by
    chart: str = "none"
    dimensions: tuple[Dimension, ...] = ()
    figures: tuple[Figure, ...]
    base: int | None = None  # how many of the population were looked at
    missing: int | None = None  # how many of them lack what the metric needs
    missing_suppressed: bool = False
    sensitive: bool = False  # about harm, health or grievances: the strict threshold for every audience
    counts: dict[str, str] = field(
        default_factory=dict
    )  # "numerator"/"denominator" → name of a count other sections show too
    disclosed_for: str = ""  # set by disclose(): the audience this section may be shown to
    # Values of its dimensions that are rare events, such as deaths: hidden, zero too, until they are signed off.
    rare: tuple[str, ...] = field(default=(), metadata={"later": True})

    def __post_init__(self) -> None:
        for name, value, known in (
            ("kind", self.kind, KINDS),
            ("chart", self.chart, CHARTS),
            ("population", self.population, POPULATIONS),
        ):
            if value not in known:
                raise ValueError(f"Section {self.metric}: {name} {value!r} is not one of {', '.join(known)}.")
        names = {dimension.name for dimension in self.dimensions}
        for figure in self.figures:
            if not set(figure.cell) <= names:
                raise ValueError(f"Section {self.metric}: the cell {figure.cell} uses a dimension it does not declare.")

    def dimension(self, name: str) -> Dimension:
        """The dimension of that name; raises KeyError when the section has none."""
        for dimension in self.dimensions:
            if dimension.name == name:
                return dimension
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class PilotFacts(Record):
    """The pilot an edition is about."""

    slug: str
    name: str
    corridor: str
    scheme: str


@dataclass(frozen=True, slots=True)
class Previous(Record):
    """The edition this one follows: its number and SHA-256, why there is a new one, and what changed."""

    edition: int
    sha256: str
    reason: str
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BaseCount(Record):
    """How many of something the report stands on; `value` is None when hidden."""

    label: str
    value: int | None
    unit: str
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Missing(Record):
    """How many of a base lack something; both numbers are None when hidden, so that neither gives the other away."""

    label: str
    missing: int | None
    base: int | None
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Definition(Record):
    """One term of the report in plain words."""

    term: str
    words: str


@dataclass(frozen=True, slots=True)
class RecordedBy(Record):
    """Whence one kind of record came, and how much of it: a word and never a number (``reports/recorders.py``)."""

    records: str
    source: str
    how_much: str  # nearly all, most, about half, some, few


@dataclass(frozen=True, slots=True)
class DisclosureNote(Record):
    """What was hidden and by which rule."""

    audience: str
    threshold: int  # the smallest count shown
    sensitive_threshold: int
    shown: int
    hidden: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content(Record):
    """Everything one edition says. Refuses to exist with a figure that did not pass the disclosure rule."""

    format: int = FORMAT
    kind: str  # employer, origin-government, destination-government, funder, pilot
    audience: str
    language: str = "en"
    title: str
    pilot: PilotFacts
    reader: str
    period_from: date
    period_to: date
    as_of: datetime
    edition: int
    previous: Previous | None = None
    base: tuple[BaseCount, ...] = ()
    sections: tuple[Section, ...]
    missing: tuple[Missing, ...] = ()
    definitions: tuple[Definition, ...] = ()
    disclosure: DisclosureNote
    versions: dict[str, str] = field(default_factory=dict)  # code, metrics, catalogue, scheme
    row_counts: dict[str, int | None] = field(default_factory=dict)  # table → rows read; None when hidden
    recorded_by: tuple[RecordedBy, ...] = field(default=(), metadata={"later": True})

    def __post_init__(self) -> None:
        if self.as_of.tzinfo is None:
            raise ValueError("The cut-off needs a time zone.")
        object.__setattr__(self, "as_of", self.as_of.astimezone(UTC))
        if self.period_to < self.period_from:
            raise ValueError("The period ends before it begins.")
        if self.edition < 1 or (self.previous and not re.fullmatch("[0-9a-f]{64}", self.previous.sha256)):
            raise ValueError("An edition is numbered from 1, and a previous one is named by its SHA-256.")
        self._refuse_undisclosed()

    def _refuse_undisclosed(self) -> None:
        for section in self.sections:
            if section.disclosed_for != self.audience:
                raise ValueError(f"Section {section.metric} did not pass the disclosure rule for {self.audience}.")
            for figure in section.figures:
                numbers = (figure.value, figure.numerator, figure.denominator, figure.low, figure.high)
                if figure.suppressed and any(number is not None for number in numbers):
                    raise ValueError(f"A hidden figure of {section.metric} still carries a number.")
        counts = [entry.value for entry in self.base] + [entry.missing for entry in self.missing]
        if any(count and count < self.disclosure.threshold for count in [*counts, *self.row_counts.values()]):
            raise ValueError("A base, missing or row count is small enough to point at somebody; hide it first.")


def canonical(content: Content) -> bytes:
    """The one sequence of bytes of this content: UTF-8 JSON, sorted keys, no blanks, no floats."""
    packed = content.to_json()
    text = json.dumps(packed, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def sha256(content: Content) -> str:
    """The name of the content: SHA-256 of its canonical bytes, in 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def read(data: bytes) -> Content:
    """The content that `canonical` wrote; raises ValueError when the bytes are not JSON."""
    return Content.from_json(json.loads(data.decode("utf-8")))
