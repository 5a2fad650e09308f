"""Draw `docs/schemes.md` from the scheme files: how to read and add a row, and every rule with its dates.

`python scripts/draw_schemes.py` writes the file; with `--check` it writes nothing and ends with 1 if the
file is stale. `tests/pilots/test_schemes.py` asks the same.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pilots.schemes.reader import Class, Parameter, Scheme, all_schemes  # noqa: E402
from pilots.schemes.units import FROM_PRECISION, ROUNDING, SELECTED_BY, UNITS  # noqa: E402
from scripts.drawing import write_or_check  # noqa: E402

FILE = ROOT / "docs" / "schemes.md"

INTRO = """# Schemes: the rules as data

Drawn by `scripts/draw_schemes.py` from `pilots/schemes/*.toml`. Change the files, then draw again; a test
says when this page is stale.

The door to a scheme is `pilots/schemes/reader.py`, the door to the rules of a *pilot* is `pilots/rulebook.py`:

```python
book = rulebook(pilot)  # the scheme's values, and the pilot's own where it departs from them
book.parameter("hours_guarantee", on=day).override  # None, or who departs from the scheme, why and until when
rulebook(pilot, known_on=day)  # as it was known on that day
scheme = load("rse")
scheme.parameter("hours_guarantee", on=day).value  # Decimal("120")
scheme.parameter("stay_limit", on=day).value_for(nationality="KI")  # 9
scheme.changes("hours_guarantee")  # every value it has had
scheme.on(day)  # all rules in force, by name
```

## How to read a row

* **value, unit.** The unit decides the type. Decimals are whole numbers or text ("2.4"), never floats. Money
  is in the scheme's currency unless the row names another. A value may be a table of classes, and may have
  `exceptions`; a condition that ends in `_from` or `_to` is a bound, the bound included.
* **valid_from, valid_to.** First and last day, both included. `from_precision` says how well the first day is
  known; "not stated" means that the source gives none, and the row begins with the file (`since`).
* **selected_by.** Which day of a case picks the value.
* **grandfathering.** What keeps an older value for cases that began under it.
* **sources, verified, note.** A value has a source, or says `verified = false` with a note. An unverified value
  is general knowledge, a conflict between sources, or this portal's own rule where the sources are silent.

* **rounding.** How an amount that follows from the value is rounded (`pilots/schemes/pay.py`). "hourly rate first":
  the rate of one hour is rounded before it is multiplied by hours.

## Overrides

A pilot may depart from a rule for a time: one value, from a day to a day, with a reason that every partner reads. The
programme records it on the page "Rules" of the pilot, and may end it early. An override replaces the whole value, its
exceptions and classes too. Two overrides of one rule never hold on the same day (the database says so), and none is
ever changed or deleted: `rulebook(pilot, known_on=day)` still reads what held then.

## Corrections

A new law is a new dated row. A rule that was changed *backwards in time* is a `[[correction]]`: `name`, the `edition`
it made of the file, `recorded_on` (the first day on which it is taken as known), `affects_from` (the first day that
reads differently now), `why`, its sources, and under `[[correction.was]]` what the rule read before, as dated rows
without a name. `load(slug, known_on=day)` reads the older edition, so that what was applied at the time stays readable.
Refused are corrections that change nothing, that take effect only after they were recorded, or that begin to differ on
another day than they say.

## How to change a rule

1. Give the row in force a `valid_to`: the last day it holds. Never edit its value: old cases are
   judged by it.
2. Add a row of the same name below it, from the next day, with its source. A new name goes to `names.toml`
   first.
3. Run `python scripts/draw_schemes.py` and the tests. The reader refuses gaps, overlaps, unknown words and
   wrong types, and says the file, the parameter and the reason.
"""


def closed_lists() -> Iterator[str]:
    """The words a row may use."""
    yield "## Closed lists"
    yield ""
    for name, words in (
        ("unit", UNITS), ("selected_by", SELECTED_BY), ("rounding", ROUNDING),
        ("from_precision", FROM_PRECISION),
    ):  # fmt: skip
        yield f"* `{name}`: {' · '.join(words)}"
    yield ""


def shown(value: object) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Class):
        terms = (f"{key} {shown(wanted)}" for key, wanted in value.when)
        return f"{shown(value.value)} if {' and '.join(terms)}" if value.when else f"{shown(value.value)} otherwise"
    if isinstance(value, tuple):
        return ("; " if value and isinstance(value[0], Class) else ", ").join(shown(part) for part in value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def parameter_row(row: Parameter) -> str:
    """One line of the table of a scheme."""
    value = shown(row.value) + "".join(f"; {shown(exception)}" for exception in row.exceptions)
    unit = "" if row.unit in ("yes/no", "list", "words") else row.unit.replace("money", row.currency or "money")
    dates = f"{row.valid_from} – {row.valid_to or ''}".strip()
    if row.from_precision != "day":
        dates += f" ({row.from_precision})"
    sources = " ".join(source.key for source in row.sources)
    standing = sources if row.verified else f"{sources} *unverified*".strip()
    return f"| `{row.name}` | {value} {unit} | {dates} | {row.selected_by} | {standing} | {row.note} |"


def scheme_page(scheme: Scheme) -> Iterator[str]:
    """The section of one scheme: its rules, its clocks, its sources."""
    yield f"## {scheme.name} (`{scheme.slug}`)"
    yield ""
    yield f"Journey `{scheme.journey}`, currency {scheme.currency}, from {scheme.since} on, edition {scheme.edition}."
    yield ""
    yield "| rule | value | dates | selected by | source | note |"
    yield "| --- | --- | --- | --- | --- | --- |"
    yield from (parameter_row(row) for row in scheme.parameters)
    yield ""
    if scheme.corrections:
        yield "| corrected rule | edition | known from | changes the values from | read before | why |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for row in scheme.corrections:
            was = "; ".join(f"{shown(one.value)} {one.unit} from {one.valid_from}" for one in row.was)
            mark = "" if row.verified else " *unverified*"
            cells = (f"`{row.name}`", row.edition, f"{row.recorded_on}{mark}", row.affects_from, was, row.why)
            yield f"| {' | '.join(str(cell) for cell in cells)} |"
        yield ""
    yield "| clock | duty | who | limit | from | source | note |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for duty in scheme.duties:
        limit = f"{duty.limit} to {duty.limit_most}" if duty.limit_most else str(duty.limit)
        limit += "".join(f"; {shown(exception)}" for exception in duty.exceptions)
        sources = " ".join(source.key for source in duty.sources) + ("" if duty.verified else " *unverified*")
        when = f"{duty.direction} {duty.start_event} ({duty.clock})"
        cells = (duty.number, duty.words, duty.owner, f"{limit} {duty.unit}", when, sources, duty.note)
        yield f"| {' | '.join(str(cell) for cell in cells)} |"
    yield ""
    for source in scheme.sources:
        addresses = " · ".join(part for part in (source.address, *source.also) if part)
        mark = f" ({source.seen})" if source.seen else ""
        yield f"* {source.key}: {source.title}{mark}. {addresses}".rstrip()
    yield ""


def page() -> str:
    """The whole page."""
    lines = [INTRO, *closed_lists()]
    for scheme in all_schemes():
        lines += scheme_page(scheme)
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or with --check say whether it is fresh. Ends with 1 if it is stale."""
    return write_or_check(FILE, page, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
