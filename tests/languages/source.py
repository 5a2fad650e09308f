"""The words that stand in the source, outside of translation or in it: what of a page can be no data."""

import ast
import html
import re
from functools import cache

from django.conf import settings

APPS = ("accounts", "pilots", "workers", "compliance", "reports", "lamp_portal")
LEFT_OUT = ("migrations", "world")  # the demonstration's words are data


@cache
def constants() -> frozenset[str]:
    """Every text in the Python of the portal, whitespace as one space."""
    found = set()
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            if not set(LEFT_OUT) & set(path.parts):
                tree = ast.parse(path.read_text(encoding="utf-8"))
                found |= {" ".join(n.value.split()) for n in ast.walk(tree) if _is_text(n)}
    return frozenset(found)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@cache
def templates() -> str:
    """The text of every template without its tags, in one line."""
    paths = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
    bare = (re.sub(r"<[^>]+>|\{%.*?%\}|\{\{.*?\}\}", " | ", path.read_text(encoding="utf-8")) for path in paths)
    return " ".join(html.unescape(" | ".join(bare)).split())


def said_in_source(text: str) -> bool:
    """Whether somebody wrote this text into the portal itself."""
    return text in constants() or f"| {text} |" in templates()
