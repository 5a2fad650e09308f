"""What the scripts that draw a page of docs/ share: write it, or say whether it is fresh."""

from collections.abc import Callable
from pathlib import Path


def write_or_check(file: Path, page: Callable[[], str], arguments: list[str]) -> int:
    """Write the page, or with ``--check`` only say whether it is fresh; answers the exit code, 1 for a stale page."""
    if "--check" in arguments:
        fresh = file.exists() and file.read_text(encoding="utf-8") == page()
        print(f"docs/{file.name} is fresh." if fresh else f"docs/{file.name} is stale: draw it again.")
        return 0 if fresh else 1
    file.parent.mkdir(exist_ok=True)
    file.write_text(page(), encoding="utf-8")
    print(f"Wrote docs/{file.name}.")
    return 0
