"""Every pair of text and ground keeps the contrast of WCAG 2.2 AA in both schemes, computed from the tokens themselves."""

import math
import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = Path(settings.BASE_DIR) / "lamp_portal" / "static" / "portal" / "css" / "tokens.css"
TONES = ("neutral", "info", "good", "warning", "critical")
GROUNDS = ("paper", "surface", "sunken")
TEXT, MARK = 4.5, 3.0

PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-soft", "link") for ground in GROUNDS),
    ("on-fill", "fill", TEXT),
    ("on-fill", "fill-hover", TEXT),
    ("on-danger", "danger", TEXT),
    ("on-danger", "danger-hover", TEXT),
    *((f"{tone}-ink", f"{tone}-tint", TEXT) for tone in TONES),
    *((f"{tone}-ink", "surface", TEXT) for tone in TONES),
    # What is not text but must be seen: edges of inputs, dots, marks, the ring of focus.
    *(("line-strong", ground, MARK) for ground in ("paper", "surface")),
    *((f"{tone}-mark", ground, MARK) for tone in TONES for ground in ("surface", f"{tone}-tint")),
    *(("focus", ground, MARK) for ground in GROUNDS),
    *(("fill", ground, MARK) for ground in GROUNDS),
]


def colours(css: str) -> dict[str, tuple[str, str]]:
    """Each colour token with its light and its dark value."""
    found = re.findall(r"--([\w-]+):\s*light-dark\((oklch\([^)]*\)),\s*(oklch\([^)]*\))\)", css)
    return {name: (light, dark) for name, light, dark in found}


def luminance(oklch: str) -> float:
    """Relative luminance (WCAG) of an opaque oklch colour, clipped to sRGB as browsers do."""
    lightness, chroma, hue = (float(n) for n in re.findall(r"[\d.]+", oklch.removeprefix("oklch"))[:3])
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(max(channel, 0), 1) for channel in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("scheme", "index"), [("light", 0), ("dark", 1)])
def test_every_pair_can_be_read(scheme, index):
    tokens = colours(TOKENS.read_text())
    weak = {
        f"{front} on {ground}": round(contrast(tokens[front][index], tokens[ground][index]), 2)
        for front, ground, least in PAIRS
        if contrast(tokens[front][index], tokens[ground][index]) < least
    }
    assert weak == {}, scheme


def test_the_arithmetic_agrees_with_known_ratios():
    assert contrast("oklch(0 0 0)", "oklch(1 0 0)") == pytest.approx(21, abs=0.01)
    # #767676 on white is the textbook 4.54.
    assert contrast("oklch(0.5658 0 0)", "oklch(1 0 0)") == pytest.approx(4.54, abs=0.01)


def test_every_colour_of_text_is_in_a_pair():
    tokens = set(colours(TOKENS.read_text()))
    paired = {name for pair in PAIRS for name in pair[:2]}
    only_decoration = {"line", "shade"}
    assert tokens - paired - only_decoration == set()
