"""Draw `docs/journey.md` from the tables of the journey: a diagram and a table for each scheme's journey.

`python scripts/draw_journey.py` writes the file; with `--check` it writes nothing and ends with 1 if the
file is stale. `tests/workers/test_moves_table.py` asks the same.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.drawing import write_or_check  # noqa: E402
from workers.journey.moves import ALWAYS, EFFECTS, GUARDS, MOVES, Move, moves_of  # noqa: E402
from workers.journey.reasons import REASON_GROUPS, REASONS  # noqa: E402
from workers.journey.steps import JOURNEYS, PHASES, START, STEP, STEPS, Journey, label  # noqa: E402

FILE = ROOT / "docs" / "journey.md"

INTRO = """# The journey of a placement

Drawn by `scripts/draw_journey.py` from `workers/journey/steps.py`, `moves.py` and `reasons.py`. Change the
tables, then draw again; a test says when this page is stale.

A **step** is where a placement stands. A **move** takes it from one step to another and is refused, with
every reason, when a **guard** says no. A **hold** stands in the way of what the programme decides, never of
facts that have happened or of what protects a person: arrival, sick leave, going home, an end of any kind.
"""


def reachable(journey: str) -> set[str]:
    """The steps a placement can reach in this journey, the start included."""
    seen, todo = {START}, [START]
    while todo:
        step = todo.pop()
        for move in moves_of(journey):
            if step in move.from_steps and move.to_step not in seen:
                seen.add(move.to_step)
                todo.append(move.to_step)
    return seen


def diagram(journey: Journey) -> Iterator[str]:
    """The planned path of a journey as a mermaid diagram; steps that may be left out have a dashed edge."""
    yield "```mermaid"
    yield "flowchart LR"
    for code in journey.path:
        shape = '(["{}"])' if STEP[code].is_end or code == START else '["{}"]'
        yield f"  {code}{shape.format(label(code, journey.code))}"
    for move in moves_of(journey.code):
        for step in move.from_steps:
            if step in journey.path and move.to_step in journey.path:
                ahead = journey.path.index(move.to_step) - journey.path.index(step)
                if ahead > 0:
                    yield f"  {step} {'-->' if ahead == 1 else '-.->'} {move.to_step}"
    yield "```"


def table(header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """A table in Markdown."""
    yield "| " + " | ".join(header) + " |"
    yield "|" + " --- |" * len(header)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def step_rows() -> Iterator[tuple[str, ...]]:
    """One row a step: what it is and what it means for the days of the stay."""
    for step in STEPS:
        marks = (
            ("abroad", step.is_abroad), ("with the employer", step.with_employer), ("end", step.is_end),
            ("early end", step.early_end),
        )  # fmt: skip
        meaning = ", ".join(word for word, holds in marks if holds)
        yield f"`{step.code}`", step.label, PHASES[step.phase], meaning


def move_rows() -> Iterator[tuple[str, ...]]:
    """One row a move: from where, to where, under which guards, for whom."""
    for move in MOVES:
        yield (
            f"`{move.code}`",
            ", ".join(move.from_steps),
            move.to_step,
            ", ".join(move.journeys) if len(move.journeys) < len(JOURNEYS) else "all",
            ", ".join(move.guards),
            "stops" if move.blocked_by_holds else "lets pass",
            "asked" if move.needs_reason else "",
            move.permission,
            consequences(move),
        )


def consequences(move: Move) -> str:
    """What follows from the move elsewhere, by name."""
    return ", ".join(move.effects)


def page() -> str:
    """The whole page."""
    lines = [INTRO, "## The planned ways", ""]
    for journey in JOURNEYS:
        lines += [f"### {journey.label} (`{journey.code}`)", "", *diagram(journey), ""]
        optional = ", ".join(f"`{code}`" for code in journey.optional)
        lines += [f"May be left out: {optional}.", ""]
    lines += ["## Steps", "", *table(("step", "name", "phase", "means"), step_rows())]
    always = " and ".join(f"`{guard}`" for guard in ALWAYS)
    lines += ["## Moves", "", f"Every move also has the guards {always}.", ""]
    header = ("move", "from", "to", "journeys", "guards", "a hold", "reason", "permission", "effects")
    lines += table(header, move_rows())
    lines += [
        "## Guards",
        "",
        *table(("guard", "what a reader sees"), ((f"`{k}`", v) for k, v in GUARDS.items())),
    ]
    lines += ["## Effects", "", *table(("effect", "meaning"), ((f"`{k}`", v) for k, v in EFFECTS.items()))]
    reasons = ((f"`{reason.code}`", reason.label, REASON_GROUPS[reason.group]) for reason in REASONS)
    lines += ["## Reasons", "", *table(("reason", "words", "group"), reasons)]
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or with --check say whether it is fresh. Ends with 1 if it is stale."""
    return write_or_check(FILE, page, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
