"""What the documents say of the repository is so: paths exist, links lead somewhere, tables equal what they describe."""

import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.management import get_commands

from accounts.roles import ROLES
from lamp_portal.demo import DOMAIN, PASSWORD

ROOT = Path(settings.BASE_DIR)
FRONT = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES = [*FRONT, *sorted((ROOT / "docs").rglob("*.md"))]
TOPS = (
    "accounts",
    "pilots",
    "workers",
    "compliance",
    "reports",
    "lamp_portal",
    "templates",
    "tests",
    "scripts",
    "docs",
    "bench",
)
# Made when something runs, or by whoever follows a recipe.
MADE = (".local/", ".venv/", "locale/", "reports-out", "bench-results")
FENCE = re.compile(r"^```.*?^```", re.S | re.M)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
WORLD = ROOT / "lamp_portal" / "world" / "data"


def looks_like_a_path(text: str) -> bool:
    """Whether a text in backticks names something of this repository; ``<app>/urls.py`` is a pattern, not a path."""
    if "<" in text or " " in text or text.startswith(("/", "http", *MADE)):
        return False
    return (text.split("/")[0] in TOPS and "/" in text) or text in {
        "Makefile",
        "pyproject.toml",
        ".ci/run",
        "manage.py",
    }


def gone(text: str, root: Path = ROOT) -> list[str]:
    """Paths named in backticks, outside of code blocks, that do not exist; with ``*`` when nothing fits."""
    named = {c for c in CODE.findall(FENCE.sub("", text)) if looks_like_a_path(c)}
    return sorted(n for n in named if not (any(root.glob(n)) if "*" in n else (root / n).exists()))


def dead(page: Path, text: str) -> list[str]:
    """Relative links of a page that lead nowhere, a missing heading included."""
    found = []
    for link in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, heading = link.partition("#")
        target = (page.parent / unquote(name)).resolve() if name else page
        if not target.exists() or (heading and heading not in headings(target)):
            found.append(link)
    return found


def headings(page: Path) -> set[str]:
    """The anchors that a page's headings give."""
    lines = re.findall(r"^#+\s+(.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_path_that_a_page_names_exists(page):
    assert gone(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(page):
    assert dead(page, page.read_text(encoding="utf-8")) == []


def test_the_guard_of_paths_and_links_can_fail():
    page = ROOT / "README.md"
    assert gone("see `workers/gone.py`, `pilots/schemes/*.toml`, `tests/nothing/*.py` and `<app>/urls.py`") == [
        "tests/nothing/*.py", "workers/gone.py",
    ]  # fmt: skip
    assert gone("```\n`workers/gone.py`\n```") == []
    assert dead(page, "[a](docs/gone.md) [b](LICENSE) [c](#no-such-heading) [d](https://example.org/x)") == [
        "docs/gone.md", "#no-such-heading",
    ]  # fmt: skip


def unknown_commands(text: str) -> set[str]:
    """``manage.py`` commands that a page names and nobody has."""
    return set(re.findall(r"manage\.py ([a-z_]+)", text)) - set(get_commands())


@pytest.mark.parametrize("page", FRONT, ids=lambda p: p.name)
def test_every_command_that_is_named_exists(page):
    text = page.read_text(encoding="utf-8")
    assert unknown_commands(text) == set()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"\bmake ([a-z][a-z-]+)", "\n".join(CODE.findall(text)))) <= targets


def test_the_guard_of_commands_can_fail():
    assert unknown_commands("`manage.py seed_demo` and `manage.py conjure`") == {"conjure"}


# --- The tables of the README ---------------------------------------------------------------------------------


def rows(text: str) -> set[tuple[str, ...]]:
    """The rows of all tables of a page."""
    lines = (line for line in text.splitlines() if line.startswith("| "))
    return {tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines}


def test_the_readme_lists_every_login_of_the_demonstration():
    organisations = tomllib.loads((WORLD / "organisations.toml").read_text(encoding="utf-8"))["organisation"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    wanted = {
        (f"{o['name']} (`{o['slug']}`)", name, str(ROLES[role].label), f"`{short}{DOMAIN}`")
        for o in organisations
        for short, name, role, _manages in o["people"]
    }
    shown = {row for row in rows(readme) if row[-1].endswith(f"{DOMAIN}`") and row[0] != "–"}
    assert shown == wanted
    assert f"`{PASSWORD}`" in readme


def test_the_readme_lists_every_pilot_of_the_demonstration():
    files = (tomllib.loads(p.read_text(encoding="utf-8")) for p in WORLD.glob("*.toml"))
    wanted = {(f"`{data['slug']}`", f"`{data['scheme']}`") for data in files if "scheme" in data}
    readme = rows((ROOT / "README.md").read_text(encoding="utf-8"))
    assert {(row[0], row[2]) for row in readme if len(row) == 7 and row[0].startswith("`")} == wanted


def test_decisions_are_numbered_one_after_the_other_and_say_what_was_rejected():
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(p.name[:4]) for p in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {page.name[:4]} "), page.name
        for part in ("## Context", "## Decision", "## Consequences", "## Rejected"):
            assert part in text, (page.name, part)


def test_every_function_with_the_owners_sight_stands_in_the_threat_model():
    told = (ROOT / "docs" / "threat-model.md").read_text()
    found = [
        path.relative_to(ROOT).as_posix()
        for top in ("accounts", "pilots", "workers", "compliance", "reports", "lamp_portal")
        for path in (ROOT / top).rglob("*.py")
        if "migrations" not in path.parts and "security definer" in path.read_text()
    ]
    assert len(found) > 10
    assert [path for path in found if f"`{path}`" not in told] == []
