"""What makes a scheme file sound. Every rule answers with sentences: file, parameter, reason.

Pure: takes the parsed file, reads nothing. Refused are missing or unknown keys, wrong types, words that
are not in a closed list, unknown sources, unverified-without-saying, rows out of order, gaps and overlaps.
"""

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import groupby, pairwise
from typing import Any

from pilots.schemes import correcting
from pilots.schemes.units import (
    DECIMAL,
    DUTY_CLOCKS,
    DUTY_DIRECTIONS,
    DUTY_EVENTS,
    DUTY_OWNERS,
    DUTY_UNITS,
    FROM_PRECISION,
    LIST,
    ROUNDING,
    SELECTED_BY,
    UNITS,
    WHOLE,
    WORDS,
    YES_NO,
)

type Table = dict[str, Any]

ONE_DAY = datetime.timedelta(days=1)

HEADER = {
    "slug": str, "name": str, "destination": str, "origins": list, "currency": str, "journey": str,
    "since": datetime.date, "check_frequency": dict, "source": list, "parameter": list,
}  # fmt: skip
HEADER_OPTIONAL = {"template": bool, "duty": list, "edition": int, "correction": list}
FREQUENCY = {"arrival_days": int, "employment_days": int, "after_return_months": list}
SOURCE = {"key": str, "title": str, "address": str}
SOURCE_OPTIONAL = {"also": list, "seen": str}
PARAMETER = {
    "name": str, "value": object, "unit": str, "valid_from": datetime.date, "selected_by": str,
    "sources": list,
}  # fmt: skip
PARAMETER_OPTIONAL = {
    "valid_to": datetime.date, "from_precision": str, "rounding": str, "grandfathering": str,
    "verified": bool, "note": str, "currency": str, "exceptions": list,
}  # fmt: skip
DUTY = {
    "number": int, "words": str, "owner": str, "start_event": str, "direction": str, "clock": str,
    "limit": int, "unit": str, "sources": list,
}  # fmt: skip
DUTY_OPTIONAL = {
    "limit_most": int, "exceptions": list, "valid_from": datetime.date, "valid_to": datetime.date,
    "optional": bool, "verified": bool, "note": str, "parameter": str, "right": bool,
}  # fmt: skip

COUNTRY = re.compile(r"[A-Z]{2}")
CURRENCY = re.compile(r"[A-Z]{3}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def problems(data: Table, file: str, names: frozenset[str]) -> tuple[str, ...]:
    """All problems of a parsed scheme file. Empty when it is sound."""
    shape = tuple(f"{file}: header: {reason}" for reason in _header(data, file))
    if shape:
        return shape
    sources = [row.get("key") for row in data["source"] if isinstance(row, dict)]
    found = [f"{file}: source {_title(row, 'key')}: {why}" for row, why in _sources(data["source"])]
    found += [f"{file}: {_title(row, 'name')}: {why}" for row, why in _parameters(data, names, sources)]
    found += [f"{file}: duty {_title(row, 'number')}: {why}" for row, why in _duties(data, sources)]
    if not found:
        found += [
            f"{file}: correction of {_title(row, 'name')}: {why}"
            for row, why in correcting.corrections(
                data, lambda row: _correction(row, names, sources), lambda rows: _dated(rows, data, names, sources)
            )
        ]
    return tuple(found)


def _title(row: Any, key: str) -> str:
    return str(row.get(key, "(no name)")) if isinstance(row, dict) else "(not a table)"


def _keys(row: Any, required: Table, optional: Table) -> Iterator[str]:
    """Missing keys, unknown keys, and values of the wrong type. A bool is never taken for a number."""
    if not isinstance(row, dict):
        yield "is not a table"
        return
    for key in required.keys() - row.keys():
        yield f"{key} is missing"
    for key, value in row.items():
        kind = required.get(key) or optional.get(key)
        if kind is None:
            yield f"{key} is not a known key"
        elif not _is(value, kind):
            yield f"{key} must be {kind.__name__}, not {value!r}"


def _is(value: Any, kind: type) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is datetime.date:
        return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
    return isinstance(value, kind)


def _header(data: Table, file: str) -> Iterator[str]:
    bad = sorted(_keys(data, HEADER, HEADER_OPTIONAL))
    yield from bad
    if bad:
        return
    yield from (f"check_frequency: {reason}" for reason in _keys(data["check_frequency"], FREQUENCY, {}))
    if not SLUG.fullmatch(data["slug"]) or f"{data['slug']}.toml" != file:
        yield f"slug {data['slug']!r} must be the name of the file"
    template = data.get("template", False)
    for code in (data["destination"], *data["origins"]):
        if not (isinstance(code, str) and COUNTRY.fullmatch(code)) or (code == "ZZ" and not template):
            yield f"{code!r} is not a country code of two capital letters"
    if not CURRENCY.fullmatch(data["currency"]) or (data["currency"] == "XXX" and not template):
        yield f"{data['currency']!r} is not a currency code of three capital letters"


def _sources(rows: list[Any]) -> Iterator[tuple[Any, str]]:
    seen: set[Any] = set()
    for row in rows:
        bad = list(_keys(row, SOURCE, SOURCE_OPTIONAL))
        yield from ((row, reason) for reason in bad)
        if bad:
            continue
        if row["key"] in seen:
            yield row, "the key is used twice"
        seen.add(row["key"])
        if not row["title"]:
            yield row, "the title is empty"
        if not row["address"] and row.get("seen") != "title only":
            yield row, 'has no address and does not say seen = "title only"'


def _parameters(data: Table, names: frozenset[str], sources: list[Any]) -> Iterator[tuple[Any, str]]:
    sound = []
    for row in data["parameter"]:
        bad = list(_keys(row, PARAMETER, PARAMETER_OPTIONAL))
        if not bad:
            bad = [*_parameter(row, data, names), *_standing(row, sources)]
            sound.append(row)
        yield from ((row, reason) for reason in bad)
    yield from _order(sound)


def _dated(rows: list[Table], data: Table, names: frozenset[str], sources: list[Any]) -> Iterator[str]:
    """Problems of the values that one name had, oldest first."""
    found = list(_parameters({**data, "parameter": rows}, names, sources))
    yield from (reason for _row, reason in found)


def _correction(row: Any, names: frozenset[str], sources: list[Any]) -> list[str]:
    bad = list(_keys(row, correcting.CORRECTION, correcting.CORRECTION_OPTIONAL))
    if bad:
        return bad
    unknown = [] if row["name"] in names else ["the name is not in names.toml"]
    tables = [] if row["was"] and all(isinstance(one, dict) for one in row["was"]) else ["was needs dated values"]
    return [*unknown, *tables, *_standing(row, sources)]


def _parameter(row: Table, data: Table, names: frozenset[str]) -> Iterator[str]:
    if row["name"] not in names:
        yield "the name is not in names.toml"
    if row["selected_by"] not in SELECTED_BY:
        yield f"selected_by {row['selected_by']!r} is not one of {', '.join(SELECTED_BY)}"
    if row.get("rounding", "none") not in ROUNDING:
        yield f"rounding {row['rounding']!r} is not one of {', '.join(ROUNDING)}"
    precision = row.get("from_precision", "day")
    if precision not in FROM_PRECISION:
        yield f"from_precision {precision!r} is not one of {', '.join(FROM_PRECISION)}"
    if precision == "not stated" and row["valid_from"] != data["since"]:
        yield "a row without a stated start begins on the first day of the file (since)"
    if "valid_to" in row and row["valid_to"] < row["valid_from"]:
        yield "valid_to lies before valid_from"
    if "currency" in row and not CURRENCY.fullmatch(row["currency"]):
        yield f"{row['currency']!r} is not a currency code of three capital letters"
    if row["unit"] not in UNITS:
        yield f"unknown unit {row['unit']!r}"
        return
    yield from _value(row["value"], row["unit"])
    for exception in row.get("exceptions", []):
        yield from (f"exception: {reason}" for reason in _class(exception, row["unit"], conditions=True))


def _value(value: Any, unit: str) -> Iterator[str]:
    """A single value, or a table of classes where the unit is not a list."""
    kind = UNITS[unit]
    if isinstance(value, list) and kind != LIST:
        if not value:
            yield "the table of classes is empty"
        for row in value:
            yield from (f"class: {reason}" for reason in _class(row, unit, conditions=False))
    elif not _fits(value, kind):
        yield f"the value {value!r} is not {_wanted(kind)}, as the unit {unit} asks"


def _class(row: Any, unit: str, conditions: bool) -> Iterator[str]:
    if not isinstance(row, dict) or "value" not in row:
        yield "needs a table with a value"
        return
    if conditions and len(row) == 1:
        yield "has no condition"
    if not _fits(row["value"], UNITS[unit]):
        yield f"the value {row['value']!r} is not {_wanted(UNITS[unit])}, as the unit {unit} asks"


def _fits(value: Any, kind: str) -> bool:
    if kind == YES_NO:
        return isinstance(value, bool)
    if kind == WORDS:
        return isinstance(value, str) and bool(value)
    if kind == LIST:
        return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return False
    if kind == WHOLE:
        return isinstance(value, int) and value >= 0
    try:
        number = Decimal(value)
    except InvalidOperation:
        return False
    return number.is_finite() and number >= 0


def _wanted(kind: str) -> str:
    return {
        DECIMAL: 'a whole number or a decimal written as text ("2.4")',
        WHOLE: "a whole number",
        YES_NO: "true or false",
        WORDS: "words",
        LIST: "a list of words",
    }[kind]


def _standing(row: Table, sources: list[Any]) -> Iterator[str]:
    """A value has a known source, or says that it is not verified and why."""
    for key in row["sources"]:
        if key not in sources:
            yield f"unknown source {key!r}"
    if row.get("verified", True):
        if not row["sources"]:
            yield "has no source and does not say verified = false"
    elif not row.get("note"):
        yield "is not verified and has no note that says why"


def _order(rows: list[Table]) -> Iterator[tuple[Table, str]]:
    """Rows of one name stand together, oldest first, without gap or overlap."""
    seen: set[str] = set()
    for name, same in groupby(rows, key=lambda row: row["name"]):
        values = list(same)
        if name in seen:
            yield values[0], "rows of one name must stand together"
        seen.add(name)
        for earlier, later in pairwise(values):
            yield from ((later, reason) for reason in _succession(earlier, later))


def _succession(earlier: Table, later: Table) -> Iterator[str]:
    start, end = later["valid_from"], earlier.get("valid_to")
    if start <= earlier["valid_from"]:
        yield f"the row from {start} is not sorted by date"
    elif end is None or start <= end:
        yield f"the row from {start} overlaps the one before it"
    elif start > end + ONE_DAY:
        yield f"there is a gap between {end} and {start}"


def _duties(data: Table, sources: list[Any]) -> Iterator[tuple[Any, str]]:
    known = {row.get("name") for row in data["parameter"] if isinstance(row, dict)}
    for row in data.get("duty", []):
        bad = list(_keys(row, DUTY, DUTY_OPTIONAL))
        if not bad:
            bad = [*_duty(row, known), *_standing(row, sources)]
        yield from ((row, reason) for reason in bad)
    numbers = [row["number"] for row in data.get("duty", []) if isinstance(row, dict) and "number" in row]
    if numbers != sorted(numbers):
        yield data["duty"][0], "the duties are not sorted by number"


def _duty(row: Table, known: set[Any]) -> Iterator[str]:
    closed = (
        ("owner", DUTY_OWNERS), ("start_event", DUTY_EVENTS), ("direction", DUTY_DIRECTIONS),
        ("clock", DUTY_CLOCKS), ("unit", DUTY_UNITS),
    )  # fmt: skip
    for key, allowed in closed:
        if row[key] not in allowed:
            yield f"{key} {row[key]!r} is not one of {', '.join(allowed)}"
    if row["limit"] < 0 or row.get("limit_most", row["limit"]) < row["limit"]:
        yield "the limit is negative, or limit_most is below limit"
    if "parameter" in row and row["parameter"] not in known:
        yield f"parameter {row['parameter']!r} is not a rule of this scheme"
    for exception in row.get("exceptions", []):
        yield from (f"exception: {reason}" for reason in _class(exception, "months", conditions=True))
