"""Style sheets and scripts of every page, sent as one file each.

The portal is written in small files, one subject each, and while one works on it every page links them all. Collected for
a server they are joined: a first visit over a slow network then waits for two answers instead of fifteen, and one file
packs a quarter smaller than its parts. No tool is needed for it: `collectstatic` is the whole build.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.files.base import ContentFile
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

STYLES: Final = ("tokens", "base", "layout", "blocks", "forms", "data")
SCRIPTS: Final = ("dialog", "bulk", "error-summary", "menu", "find", "whole-page", "unsaved", "keys")
PAPER: Final = "print"
SHEET, SCRIPT = "portal/css/every-page.css", "portal/js/every-page.js"
# Comments and spaces are for those who write; packed, they are a seventh of the sheet. No string of a sheet holds such signs.
CSS_ASIDE = re.compile(r"/\*.*?\*/", re.DOTALL)
CSS_SPACES = re.compile(r"\s*([{};,])\s*")
JS_ASIDE = re.compile(r"^\s*//.*\n", re.MULTILINE)


def lean(sheet: str) -> str:
    """A style sheet without what only its writers need."""
    return CSS_SPACES.sub(r"\1", CSS_ASIDE.sub("", sheet)).replace(";}", "}").strip() + "\n"


def joined_sheet(read: dict[str, str]) -> str:
    """One style sheet from those of ``read`` (names without ending), in the order of the cascade; paper comes last."""
    whole = "\n".join(read[name] for name in STYLES)
    return lean(f"{whole}\n@media print {{\n{read[PAPER]}\n}}\n")


def joined_script(read: dict[str, str]) -> str:
    """One module from those of ``read``; each stands in a block, so that no name of one is in the way of another."""
    return "".join(f"{{\n{JS_ASIDE.sub('', read[name])}}}\n" for name in SCRIPTS)


class JoinedFilesStorage(ManifestStaticFilesStorage):
    """Names files after their content, as Django does, makes the portal's sheets lean, and adds the two joined files."""

    joins = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Write the joined files beside their parts, then let Django name all."""
        if not dry_run:
            sheets = [name for name in paths if name.startswith("portal/css/")]
            for name, text in ({name: lean(self._text(name)) for name in sheets} | self.joined()).items():
                self.delete(name)
                self.save(name, ContentFile(text.encode()))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)

    def joined(self) -> dict[str, str]:
        """The joined files by their names."""
        sheets = {name: self._text(f"portal/css/{name}.css") for name in (*STYLES, PAPER)}
        scripts = {name: self._text(f"portal/js/{name}.js") for name in SCRIPTS}
        return {SHEET: joined_sheet(sheets), SCRIPT: joined_script(scripts)}

    def _text(self, name: str) -> str:
        with self.open(name) as file:
            return file.read().decode()


def styles() -> SafeString:
    """The links to the sheets of every page: one of all where files are joined, else one of each."""
    if getattr(staticfiles_storage, "joins", False):
        links = [(static(SHEET), "all")]
    else:
        links = [(static(f"portal/css/{name}.css"), "all") for name in STYLES]
        links.append((static(f"portal/css/{PAPER}.css"), "print"))
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}" media="{}">', links)


def scripts() -> SafeString:
    """The modules of every page, in the same way."""
    joins = getattr(staticfiles_storage, "joins", False)
    names = [SCRIPT] if joins else [f"portal/js/{name}.js" for name in SCRIPTS]
    return format_html_join("\n  ", '<script type="module" src="{}"></script>', [(static(name),) for name in names])
