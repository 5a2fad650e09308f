"""Spoils the files of the book at random and reads them: ``python -m tests.files.fuzz --seconds 600 --seed 1``.

What is spoilt is read or refused in a sentence; nothing else may come out. The time of each file and the memory of the
process that reads it are bounded; every row is told once, every problem has its cell and its sentence, and what is withheld
stands nowhere. The same seed spoils the same files in the same order. ``tests/workers/sheets/test_fuzz.py`` does the same in
short, ``test_fuzz_door.py`` through the whole door: what is recorded is what the preview showed.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.files.mutations import spoilt

TODAY = datetime.date(2026, 7, 1)
PATIENCE = 30.0  # seconds of wall clock for one small file, on a machine that does other things beside


class Broken(AssertionError):
    """A file of which something else came out than rows or a refusal."""


def originals() -> list[tuple[str, str, bytes]]:
    """``(name, kind, content)`` of the files of the book that are worth spoiling."""
    from tests.files import make
    from tests.files.casebook import CASES, HERE

    assert make.BOOKS
    found = [(case.name, case.kind, (HERE / case.name).read_bytes()) for case in CASES.values()]
    return sorted(each for each in found if 60 < len(each[2]) < 40_000)


def read_and_check(path: Path, kind: str) -> str:
    """Reads and cleans a file as the door does, without a database: the code of its refusal, or ``read``."""
    from workers.sheets.checking import check_rows
    from workers.sheets.cleaning import Context
    from workers.sheets.limits import Limits
    from workers.sheets.reading import SheetRefused, read_sheet

    try:
        with read_sheet(path, kind=kind, limits=Limits(wall_seconds=int(PATIENCE), cpu_seconds=20)) as sheet:
            seen: set[int] = set()
            rows = check_rows(kind, sheet, Context(today=TODAY))
            for row in rows:
                if row.number in seen:
                    raise Broken(f"row {row.number} is told twice")
                seen.add(row.number)
                for problem in (*row.problems, *row.warnings):
                    if not problem.message or not problem.cell or "%(" in problem.message:
                        raise Broken(f"a problem without a cell or a sentence: {problem}")
                told = " ".join(p.message + p.value for p in (*row.problems, *row.warnings))
                if any(len(text) > 12 and text in told for text in row.withheld.values()):
                    raise Broken("a withheld text stands in a sentence")
            assert all(isinstance(note, str) and note for note in rows.notes)
    except SheetRefused as refused:
        if len(refused.message) < 20 or "%(" in refused.message:
            raise Broken(f"no sentence for {refused.code}") from refused
        return refused.code
    return "read"


def run(seconds: float, seed: int, most: int = 10**9) -> Counter[str]:
    """Spoils and reads until the time is up or ``most`` files are done; what came out, counted."""
    chance, books, ends = random.Random(seed), originals(), time.monotonic() + seconds
    came: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        while time.monotonic() < ends and sum(came.values()) < most:
            name, kind, content = chance.choice(books)
            content, how = spoilt(chance, content)
            path = Path(folder) / "spoilt"
            path.write_bytes(content)
            began = time.monotonic()
            try:
                came[read_and_check(path, kind)] += 1
                if time.monotonic() - began > 2 * PATIENCE + 10:
                    raise Broken("took too long")
            except Exception as error:
                kept = Path(tempfile.gettempdir()) / f"broken-{seed}-{sum(came.values())}-{name}"
                kept.write_bytes(content)
                raise Broken(f"{name} after {', '.join(how)} ({kept}): {type(error).__name__}: {error}") from error
    return came


def main() -> None:
    """The command. Sentences ask for the portal's apps, and nothing for its servers."""
    for name, value in {"LOCAL": "True", "DATABASE_URL": "postgresql://nobody@/none", "REDIS_URL": "redis://none",
                        "DJANGO_SETTINGS_MODULE": "lamp_portal.settings"}.items():  # fmt: skip
        os.environ.setdefault(name, value)
    import django

    django.setup()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--go-on", action="store_true", help="count what breaks instead of stopping at the first")
    given = parser.parse_args()
    ends, seed, broken = time.monotonic() + given.seconds, given.seed, 0
    came: Counter[str] = Counter()
    while time.monotonic() < ends:
        try:
            came += run(min(30.0, ends - time.monotonic()), seed)
        except Broken as error:
            broken += 1
            sys.stdout.write(f"BROKEN (seed {seed}): {error}\n")
            if not given.go_on:
                break
        seed += 1
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{sum(came.values())} files, {broken} broken; largest child {peak} MB, this process {own} MB\n")
    for code, number in came.most_common():
        sys.stdout.write(f"  {number:6d} {code}\n")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
