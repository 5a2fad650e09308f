"""What makes the corrections of a scheme file sound: what a rule read before it was changed backwards in time.

Asked only of a file whose parameters are sound. Refused are corrections of unknown names, gaps and overlaps in what
was read before, editions that do not count up, corrections that change nothing or nothing of the past.
"""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

type Table = dict[str, Any]
type Why = Iterator[tuple[Table, str]]

CORRECTION = {
    "name": str, "edition": int, "recorded_on": datetime.date, "affects_from": datetime.date, "why": str,
    "sources": list, "was": list,
}  # fmt: skip
CORRECTION_OPTIONAL = {"verified": bool, "note": str}
ONE_DAY = datetime.timedelta(days=1)


def corrections(data: Table, shape: Callable[[Any], list[str]], rows: Callable[[list[Table]], Iterator[str]]) -> Why:
    """(row, reason) for each problem. ``shape`` judges one correction, ``rows`` a list of dated values."""
    found = data.get("correction", [])
    bad = [(row, reason) for row in found for reason in shape(row)]
    if bad:
        yield from bad
        return
    for row in found:
        yield from ((row, f"was: {reason}") for reason in rows([{**was, "name": row["name"]} for was in row["was"]]))
        if row["recorded_on"] <= row["affects_from"]:
            yield row, "is recorded before it takes effect: that is a new dated row, not a correction"
        first = _first_difference(row["was"], _after(row, data))
        if first is None:
            yield row, "changes nothing"
        elif first != row["affects_from"]:
            yield row, f"changes the values from {first} on, not from {row['affects_from']}"
    yield from _editions(found, data.get("edition", 1))


def _editions(found: list[Table], edition: int) -> Why:
    """Editions count up from 2 to the file's, in the order in which they were recorded."""
    made = sorted({row["edition"] for row in found})
    if made != list(range(2, edition + 1)):
        yield {"name": "the file"}, f"the editions {made} do not lead from 2 to the file's edition {edition}"
    in_order = sorted(found, key=lambda row: (row["edition"], row["recorded_on"]))
    if [row["recorded_on"] for row in in_order] != sorted(row["recorded_on"] for row in found):
        yield found[0], "a later edition was recorded before an earlier one"


def _after(row: Table, data: Table) -> list[Table]:
    """What the rule reads from this correction on: what the next correction replaced, else the rows of the file."""
    later = [one for one in data["correction"] if one["name"] == row["name"] and one["edition"] > row["edition"]]
    if later:
        return min(later, key=lambda one: one["edition"])["was"]
    return [one for one in data["parameter"] if one["name"] == row["name"]]


def _first_difference(before: list[Table], after: list[Table]) -> datetime.date | None:
    """The first day on which the two series answer differently."""
    days = {row["valid_from"] for row in (*before, *after)}
    days |= {row["valid_to"] + ONE_DAY for row in (*before, *after) if "valid_to" in row}
    return next((day for day in sorted(days) if _on(before, day) != _on(after, day)), None)


def _on(rows: list[Table], day: datetime.date) -> tuple | None:
    """What the series says on the day."""
    for row in rows:
        if row["valid_from"] <= day and ("valid_to" not in row or day <= row["valid_to"]):
            return row["value"], row["unit"], row.get("exceptions"), row.get("currency"), row["selected_by"]
    return None
