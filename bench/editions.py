"""``python -m bench.editions [--times 100] [--tables 5000] [--worlds 200]``: what is promised of editions, at length.

Makes one frozen edition again, in processes of its own, under changed time zone, locale, hash seed, number of workers
and day: every file must have one SHA-256. Then lets the attacker at more random tables and worlds of editions than the
tests have time for. No database, no servers; ``--content FILE`` takes the JSON file of any edition.
"""

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import django
from django.conf import settings

from bench.measuring import Ratio

ROOT = Path(__file__).resolve().parent.parent
ZONES = ("UTC", "Asia/Kathmandu", "America/Guatemala", "Pacific/Tongatapu", "Pacific/Apia", "Africa/Casablanca")
LOCALES = ("C", "C.UTF-8", "tr_TR.UTF-8", "de_DE", "ar_EG.UTF-8", "ko_KR.UTF-8")


def main() -> int:
    """Print what was found; exit 1 when a file had two hashes or a hidden cell was found."""
    parser = argparse.ArgumentParser(prog="bench.editions", description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--tables", type=int, default=5000)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--content", type=Path, help="the JSON file of an edition; otherwise an invented one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, default=Path("bench-results"))
    options = parser.parse_args()
    if not settings.configured:
        settings.configure(USE_I18N=True, LANGUAGE_CODE="en")
        django.setup()
    found = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "seed": options.seed}
    found |= _made_again(options.times, options.content, random.Random(options.seed))
    found |= _attacked(options.tables, options.worlds, options.seed)
    options.json.mkdir(exist_ok=True)
    (options.json / "editions.json").write_text(json.dumps(found, indent=1))
    print(json.dumps(found, indent=1))
    return 1 if found["files with two hashes"] or found["cells found"] else 0


def run(times: int = 100) -> list[Ratio]:
    """The first half alone, as a room of ``python -m bench editions``: hashes that a file had, of so many makings."""
    found = _made_again(times, None, random.Random(1))
    two, files = found["files with two hashes"], found["files"]
    words = f"{files} files of an edition made {times} times: files with more than one hash"
    return [Ratio("", words, len(two), len(two), len(two), "0", not two)]


def _made_again(times: int, given: Path | None, rng: random.Random) -> dict:
    """Every file of the edition made ``times`` times, by one to four workers at once."""
    from reports.content import canonical
    from tests.reports.demonstration import edition

    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / "content.json"
        content.write_bytes(given.read_bytes() if given else canonical(edition()))
        fonts = Path(folder) / "fonts"
        worlds = [
            {
                "TZ": rng.choice(ZONES), "LC_ALL": rng.choice(LOCALES), "PYTHONHASHSEED": str(rng.randrange(10_000)),
                "PYTHONPATH": str(ROOT), "COLUMNS": str(rng.randint(20, 200)),
            }
            for _ in range(times)
        ]  # fmt: skip
        began, answers = time.perf_counter(), [_hashes(content, fonts, worlds[0])]
        for first in range(1, times, 10):
            with ThreadPoolExecutor(rng.randint(1, 4)) as workers:
                answers += workers.map(lambda world: _hashes(content, fonts, world), worlds[first : first + 10])
    hashes = defaultdict(set)
    for answer in answers:
        for name, digest in answer.items():
            hashes[name].add(digest)
    return {
        "times made": len(answers), "files": len(hashes), "seconds each": round((time.perf_counter() - began) / times, 2),
        "files with two hashes": sorted(name for name, found in hashes.items() if len(found) > 1),
        "hash of all": hashlib.sha256(json.dumps(sorted((n, *d) for n, d in hashes.items())).encode()).hexdigest(),
    }  # fmt: skip


def _hashes(content: Path, fonts: Path, world: dict[str, str]) -> dict[str, str]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.reports.print_hashes", str(fonts), str(content)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | world, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _attacked(tables: int, worlds: int, seed: int) -> dict:
    """Random tables and worlds of editions of readers who meet; how many hidden cells the attacker placed."""
    from tests.reports.linear_attacker import bounds
    from tests.reports.test_attacker import counted, multiples, publish, question_of, random_tables, too_near, world

    began = time.perf_counter()
    questions, limits = random_tables(random.Random(seed), tables)
    near = [p for k, pairs in zip(limits, bounds(questions), strict=True) for p in pairs if too_near(p, k)]
    rng = random.Random(seed)
    of_worlds = []
    for number in range(worlds):
        employers, sections_of = rng.randint(2, 3), multiples if number % 4 == 3 else counted
        made = publish(rng, world(rng, employers), employers, rng.randint(2, 5), sections_of)
        of_worlds.append(question_of(made, employers))
    near += [pair for pairs in bounds(of_worlds) for pair in pairs if too_near(pair, 10)]
    return {
        "tables": tables, "worlds": worlds, "hidden cells asked": sum(len(q.asked) for q in questions + of_worlds),
        "shown cells": sum(len(q.known) for q in questions + of_worlds), "cells found": len(near),
        "seconds of attack": round(time.perf_counter() - began, 1),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
