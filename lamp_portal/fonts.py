"""The typeface, made ready from the package that carries it: small files for the browser, plain ones for paper.

The package holds Public Sans as one variable font of 100 KB. A browser gets two subsets of it (the second only when
a page uses its letters); PDF and charts get three fixed weights, because renderers that do not know variable fonts
fall back to the thinnest. Everything is written under `.local/`, which is not committed, by set-up and by
`python -m lamp_portal.fonts`.
"""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import fontpkg_public_sans
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

SOURCE = fontpkg_public_sans.ROOT / "files" / "PublicSans[wght].ttf"
ROOT = Path(__file__).resolve().parent.parent
WEB_FOLDER = ROOT / ".local" / "static" / "portal" / "fonts"
PRINT_FOLDER = ROOT / ".local" / "fonts"

# The same ranges as `unicode-range` in tokens.css: what nearly every page needs, and the rest of the Latin script
# (Vietnamese, Polish, Turkish, Pacific languages with macrons).
WEB_SUBSETS = {
    "public-sans.woff2": (
        "U+20-7E,U+A0-FF,U+131,U+152-153,U+2BB-2BC,U+2C6,U+2DA,U+2DC,U+2000-206F,"
        "U+20AC,U+2122,U+2190-2193,U+2212,U+2215"
    ),
    "public-sans-extended.woff2": (
        "U+100-130,U+132-151,U+154-2BA,U+2BD-2C5,U+2C7-2D9,U+2DB,U+2DD-36F,U+1E00-1EFF,U+20A0-20AB,U+20AD-20CF"
    ),
}
WEB_WEIGHTS = (400, 600)
WEB_DROPPED = ["HVAR", "MVAR"]  # of what the outlines say already; a font may leave them out
WEB_NAMES = [0, 1, 2, 13, 14]  # whose it is, what it is called, and its licence
PRINT_WEIGHTS = {"Regular": 400, "SemiBold": 600, "Bold": 700}
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum", "lnum"]


def build(web_folder: Path = WEB_FOLDER, print_folder: Path = PRINT_FOLDER) -> list[Path]:
    """Write every font file that is missing and answer with all of them. Quick when nothing is to be done."""
    return [*build_web(web_folder), *build_print(print_folder)]


def build_web(folder: Path) -> list[Path]:
    """The variable subsets for browsers, woff2."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in WEB_SUBSETS]
    recipe = folder / ".recipe"
    wanted = repr((WEB_SUBSETS, WEB_WEIGHTS, WEB_NAMES, WEB_DROPPED, FEATURES))
    if not recipe.exists() or recipe.read_text() != wanted:
        for path in paths:
            path.unlink(missing_ok=True)
    for path in _missing(paths):
        font = instantiateVariableFont(TTFont(SOURCE), {"wght": WEB_WEIGHTS})
        options = subset.Options(flavor="woff2", layout_features=FEATURES, hinting=False, name_IDs=WEB_NAMES)
        options.drop_tables += WEB_DROPPED
        shaper = subset.Subsetter(options)
        shaper.populate(unicodes=subset.parse_unicodes(WEB_SUBSETS[path.name].replace("U+", "")))
        shaper.subset(font)
        font.flavor = "woff2"
        _write(font, path)
    recipe.write_text(wanted)
    return paths


def build_print(folder: Path) -> list[Path]:
    """Fixed weights for PDF and charts, TTF, each naming itself by its style so that renderers tell them apart."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"PublicSans-{style}.ttf" for style in PRINT_WEIGHTS]
    for path in _missing(paths):
        weight = PRINT_WEIGHTS[path.stem.removeprefix("PublicSans-")]
        font = instantiateVariableFont(TTFont(SOURCE), {"wght": weight}, updateFontNames=True)
        font["OS/2"].usWeightClass = weight
        _write(font, path)
    return paths


def _missing(paths: Iterable[Path]) -> list[Path]:
    return [path for path in paths if not path.exists()]


def _write(font: TTFont, path: Path) -> None:
    """Write beside and rename, so that neither a run cut short nor two at once leave half a font behind."""
    part = path.with_suffix(f"{path.suffix}.{os.getpid()}.part")
    font.save(part)
    part.replace(path)


def main() -> None:
    """Build the fonts from the command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.parse_args()
    for path in build():
        sys.stdout.write(f"{path}  {path.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    main()
