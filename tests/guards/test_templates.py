"""Templates: each one is used, each one named exists, and none carries a style or script that the policy would block."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
# Found by name conventions of Django and allauth, not by a mention in our code.
BY_CONVENTION = ("400.html", "403.html", "404.html", "500.html", "403_csrf.html")
LIBRARY_FOLDERS = ("account/", "allauth/", "mfa/", "usersessions/", "admin/", "django/", "import_export/")
BLOCKED = {
    "style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "inline handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "script without src": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)", re.I),
    "hx-on or eval": re.compile(r"hx-on[:=]|hx-vals\s*=\s*['\"]js:", re.I),
    "javascript address": re.compile(r"(href|src|action)\s*=\s*['\"]?javascript:", re.I),
    "raw value": re.compile(r"\|\s*safe\b|autoescape off", re.I),
}


def blocked(source: str) -> list[str]:
    """Names of the blocked things that this template source holds (comments left out)."""
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", source, flags=re.S)
    return [name for name, pattern in BLOCKED.items() if pattern.search(text)]


def _all() -> dict[str, Path]:
    return {str(p.relative_to(TEMPLATES)): p for p in sorted(TEMPLATES.rglob("*.html"))}


def _sources() -> str:
    parts = [p.read_text() for p in TEMPLATES.rglob("*.*") if p.suffix in {".html", ".txt"}]
    for app in ("accounts", "pilots", "workers", "compliance", "reports", "lamp_portal"):
        parts += [p.read_text() for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts]
    return "\n".join(parts)


def test_no_template_carries_what_the_policy_blocks():
    found = {name: blocked(path.read_text()) for name, path in _all().items()}
    assert {name: what for name, what in found.items() if what} == {}


def test_the_guard_of_blocked_things_can_fail():
    assert blocked('<p style="color:red">') == ["style attribute"]
    assert blocked("<a href='#' onclick='x()'>") == ["inline handler"]
    assert blocked("<script>x()</script>") == ["script without src"]
    assert blocked("{{ name|safe }}") == ["raw value"]
    assert blocked('<script src="x.js"></script><p class="style">') == []


def unused(names: list[str], sources: str) -> list[str]:
    """Templates that nothing mentions."""
    return [
        n for n in names
        if n not in BY_CONVENTION and not n.startswith(LIBRARY_FOLDERS)
        and n not in sources and n.removeprefix("components/").removesuffix(".html") not in sources
    ]  # fmt: skip


def test_every_template_is_used():
    assert unused(list(_all()), _sources()) == []


def test_the_guard_of_unused_templates_can_fail():
    assert unused(["nobody/asks.html"], "render(request, 'somebody/asks.html')") == ["nobody/asks.html"]


def test_every_template_named_in_code_exists():
    named = set(re.findall(r"render\(\s*\w+,\s*[\"']([\w/.-]+\.html)", _sources()))
    named |= set(re.findall(r"{%\s*(?:extends|include)\s+[\"']([\w/.-]+\.html)[\"']", _sources()))
    ours = {n for n in named if not n.startswith(LIBRARY_FOLDERS)}
    assert sorted(ours - set(_all())) == []
