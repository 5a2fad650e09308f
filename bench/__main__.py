"""``python -m bench [--size S|M|L] [moves|row-security|import|rules|export|import-memory|likeness|documents|reports|report-memory|editions|pages …]``: measure, print a table, write bench-results/*.json."""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from lamp_portal import servers
from lamp_portal.servers import postgres
from lamp_portal.servers.places import Place

SIZES = {
    "S": {"people": 40_000, "moves": 10_000, "rows": 10_000, "rules": 10_000, "weeks": 12, "likeness": 10_000},
    "M": {"people": 1_000_000, "moves": 100_000, "rows": 100_000, "rules": 500_000, "weeks": 12, "likeness": 100_000},
    # Twelve million payslips, for the rules alone: of the other rooms it asks what M asks.
    "L": {"people": 1_000_000, "moves": 100_000, "rows": 100_000, "rules": 500_000, "weeks": 24, "likeness": 100_000},
}
NOISY = 1.5


def main() -> int:
    """Own servers, own database, own data; nothing of the demonstration world is touched."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "rooms",
        nargs="*",
        choices=[
            "moves",
            "row-security",
            "import",
            "rules",
            "export",
            "import-memory",
            "likeness",
            "documents",
            "reports",
            "report-memory",
            "editions",
            "pages",
            [],
        ],
        default=[],
    )
    parser.add_argument("--size", choices=list(SIZES), default="S")
    parser.add_argument("--workers", type=int, help="workers of the report page, in the place of those of the size")
    parser.add_argument(
        "--rows", type=int, help="rows of import, export, likeness and import-memory, in the place of those of the size"
    )
    parser.add_argument("--json", type=Path, default=Path("bench-results"))
    options = parser.parse_args()
    rooms = options.rooms or [
        "moves",
        "row-security",
        "import",
        "rules",
        "export",
        "likeness",
        "documents",
        "reports",
        "pages",
    ]
    _prepare()
    from bench import moves, row_security, world
    from bench.measuring import load, vacuum

    before = load()
    size = SIZES[options.size]
    world.build(size["people"])
    vacuum()
    ratios = []
    if "moves" in rooms:
        ratios += moves.run(size["moves"])
    if "row-security" in rooms:
        ratios += row_security.run()
    if "import" in rooms:
        from bench import importing

        ratios += importing.run(options.rows or size["rows"])
    if "import-memory" in rooms:
        from bench import memory

        ratios += memory.run(options.rows)
    if "rules" in rooms:
        from bench import rules

        ratios += rules.run(size["rules"], size["weeks"])
    if "export" in rooms:
        from bench import exporting

        ratios += exporting.run(options.rows or size["rows"])
    if "likeness" in rooms:
        from bench import likeness

        ratios += likeness.run(options.rows or size["likeness"])
    if "documents" in rooms:
        from bench import documents

        ratios += documents.run()
    if "reports" in rooms:
        from bench import reports

        ratios += reports.run(options.workers or size["people"])
    if "report-memory" in rooms:
        from bench import compiling

        ratios += compiling.run(options.workers or size["people"])
    if "pages" in rooms:
        from bench import pages

        ratios += pages.run()
    if "editions" in rooms:
        from bench import editions

        ratios += editions.run()
    _tell(ratios, before, load(), options)
    return 0


def _prepare() -> None:
    """A fresh database in the bench profile's own cluster, migrated by its owner and used by the app role."""
    os.environ.update({"LOCAL": "True", "LAMP_PROCESS": "bench", "DJANGO_SETTINGS_MODULE": "lamp_portal.settings"})
    servers.reset("bench")
    servers.use("bench")
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        env=os.environ | {"LAMP_DB_ROLE": "owner"}, check=True,
    )  # fmt: skip
    # The backup role: the one sight that no policy binds, read-only.
    os.environ["BENCH_UNBOUND_URL"] = postgres.url(Place("bench"), "lamp_backup")
    import django

    django.setup()


def _tell(ratios, before: float, after: float, options) -> None:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    facts = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "commit": commit.stdout.strip(), "size": options.size,
        "load_before": before, "load_after": after, "python": platform.python_version(),
        "noisy": before > NOISY, "ratios": [vars(r) for r in ratios],
    }  # fmt: skip
    print(f"{'goal':5} {'what':62} {'ratio':>8} {'spread':>17} {'wanted':>8}")
    for r in ratios:
        mark = "" if r.met else "  missed"
        print(f"{r.goal:5} {r.words:62} {r.value:8.2f} {f'{r.low:.2f}–{r.high:.2f}':>17} {r.wanted:>8}{mark}")
    if facts["noisy"]:
        print(f"The machine was busy before the start (load {before:.1f}): this run is noisy.")
    options.json.mkdir(exist_ok=True)
    path = options.json / f"{facts['at'].replace(':', '')}-{options.size}.json"
    path.write_text(json.dumps(facts, indent=1, default=list))
    print(f"Written to {path}.")


if __name__ == "__main__":
    sys.exit(main())
