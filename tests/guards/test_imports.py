"""Every import points down the list of apps, and no drawer has a name that says nothing."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "pilots", "workers", "compliance", "reports", "lamp_portal")
NAMELESS = {"utils", "helpers", "services", "common", "core", "misc"}


def lint(folder: Path) -> subprocess.CompletedProcess:
    """Run import-linter over a folder with the project's contract."""
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_every_import_points_down():
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout


def test_the_contract_can_fail(tmp_path):
    for app in APPS:
        (tmp_path / app).mkdir()
        (tmp_path / app / "__init__.py").write_text("")
    (tmp_path / "accounts" / "wrong.py").write_text("import reports\n")
    answer = lint(tmp_path)
    assert answer.returncode != 0
    assert "accounts.wrong -> reports" in answer.stdout


def nameless(paths: list[Path]) -> list[str]:
    """Modules and packages whose name says nothing."""
    return [str(p) for p in paths if p.stem in NAMELESS]


def test_no_module_has_a_name_that_says_nothing():
    paths = [p for app in APPS for p in (ROOT / app).rglob("*")]
    assert nameless(paths) == []
    assert nameless([Path("workers/utils.py")]) == ["workers/utils.py"]


LIMITS = {"*.py": 400, "*.css": 300, "*.html": 200}


def too_long(paths: list[tuple[str, int]], limit: int) -> list[str]:
    """Files over the limit."""
    return [f"{name}: {lines} lines" for name, lines in paths if lines > limit]


@pytest.mark.parametrize("pattern", LIMITS)
def test_no_file_outgrows_its_room(pattern):
    files = [
        (str(p.relative_to(ROOT)), len(p.read_text().splitlines()))
        for folder in (*APPS, "templates")
        for p in (ROOT / folder).rglob(pattern)
        if "migrations" not in p.parts
    ]
    assert too_long(files, LIMITS[pattern]) == []
    assert too_long([("x", 401)], 400) == ["x: 401 lines"]
