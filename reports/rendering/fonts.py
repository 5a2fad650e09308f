"""The typefaces of printed reports: Public Sans in three fixed weights, one typeface for each of the other scripts that
the corridors write in (Arabic, Bengali, Cyrillic, Devanagari, Khmer, Thai), and whatever the operator adds.

The package carries one variable font; Typst would draw its default weight (Thin) inside charts, so fixed weights are
cut from it once and kept in a folder. The cut is the same to the byte on every machine, because it goes into every
PDF. A PDF for everybody (PDF/UA) may not ask for a letter its fonts do not have: `Typeface.printable` replaces such
letters and says which.
"""

import logging
import os
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import fontpkg_hind_siliguri
import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import fontpkg_noto_sans_devanagari
import fontpkg_noto_sans_khmer
import fontpkg_noto_sans_thai
import fontpkg_public_sans
from fontTools.ttLib import TTCollection, TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FAMILY = fontpkg_public_sans.FAMILY
WEIGHTS = (400, 600, 700)
# Taken as they are, in their regular weight: what is written in these scripts is a name here and there.
SCRIPTS = (
    fontpkg_noto_sans, fontpkg_noto_sans_devanagari, fontpkg_hind_siliguri, fontpkg_noto_sans_khmer,
    fontpkg_noto_sans_thai, fontpkg_noto_sans_arabic,
)  # fmt: skip
UNKNOWN = "◊"  # in the typeface, in no word of any language

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Typeface:
    """The folders Typst reads fonts from, the families in the order they are tried, and the letters they can draw."""

    folders: tuple[Path, ...]
    families: tuple[str, ...]
    letters: frozenset[int]
    replaced: set[str] = field(default_factory=set)

    def printable(self, text: str) -> str:
        """`text` with every letter no font can draw replaced by ◊ and noted; invisible controls go, line ends become
        spaces.
        """
        text = unicodedata.normalize("NFC", text)
        if self.letters.issuperset(map(ord, text)):
            return text
        shown = []
        for letter in text:
            if ord(letter) in self.letters:
                shown.append(letter)
            elif letter.isspace():
                shown.append(" ")
            elif unicodedata.category(letter) not in ("Cc", "Cf"):
                self.replaced.add(letter)
                shown.append(UNKNOWN)
        return "".join(shown)

    def report(self, edition: str) -> None:
        """Logs which letters could not be drawn, by code point; the text itself stays out of the log."""
        if self.replaced:
            codes = " ".join(sorted(f"U+{ord(letter):04X}" for letter in self.replaced))
            log.warning("No font has %s, replaced in the PDF of %s. Add a font that has them.", codes, edition)


def cut_weights(folder: Path) -> Path:
    """The folder below `folder` with the fixed weights of the typeface, cut now if they are not there yet.

    Safe when several workers start at once: a finished set is moved into place whole, and the first one wins.
    """
    target = folder / f"public-sans-{version('fontpkg-public-sans')}-{version('fonttools')}"
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".cutting-") as work:
        ready = Path(work) / "ready"
        ready.mkdir()
        for weight in WEIGHTS:
            source = Path(fontpkg_public_sans.ROOT) / "files" / "PublicSans[wght].ttf"
            font = TTFont(source, recalcTimestamp=False)
            cut = instantiateVariableFont(font, {"wght": weight}, updateFontNames=True)
            cut.save(ready / f"PublicSans-{weight}.ttf", reorderTables=True)
        try:
            os.rename(ready, target)
        except OSError:
            if not target.is_dir():
                raise
    return target


def _letters(path: Path) -> tuple[str, set[int]]:
    """The family and the code points of one font file."""
    several = path.suffix.lower() == ".ttc"
    fonts = TTCollection(path, lazy=True).fonts if several else [TTFont(path, lazy=True)]
    known: set[int] = set()
    for font in fonts:
        known.update(font.getBestCmap() or ())
    names = fonts[0]["name"]
    return names.getDebugName(16) or names.getDebugName(1) or path.stem, known


@lru_cache(maxsize=8)
def _load(folder: Path, extra: tuple[Path, ...]) -> tuple[tuple[Path, ...], tuple[str, ...], frozenset[int]]:
    folders = (cut_weights(folder), *(Path(package.ROOT) / "files" for package in SCRIPTS), *extra)
    families, letters = [FAMILY], set()
    for place in folders:
        for path in sorted(place.glob("*.[to]t[fc]")):
            family, known = _letters(path)
            letters |= known
            family = family.removesuffix(" Thin").removesuffix(" Light")
            if family not in families:
                families.append(family)
    return folders, tuple(families), frozenset(letters)


def typeface(folder: Path, extra: Sequence[Path] = ()) -> Typeface:
    """The typeface for one edition: `folder` keeps the cut weights, `extra` are folders of fonts for more scripts."""
    return Typeface(*_load(Path(folder), tuple(Path(place) for place in extra)))
