"""Icons of the lucide set, as inline SVG: CSS sizes them and the text around them gives the colour."""

import re
from functools import lru_cache

from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

# Point along the line, so that they turn round where a language is read from right to left.
ALONG = frozenset({"arrow-left", "arrow-right", "chevron-left", "chevron-right", "log-out", "send"})

# What base.css says once for all of them, and the ends of lines: a page has sixty.
SPARE = re.compile(r'\s*\n\s*| stroke-(?:width="2"|linecap="round"|linejoin="round")| (?=/>)')


@lru_cache(maxsize=512)
def icon(name: str, *, label: str = "") -> SafeString:
    """The icon called `name` (a lucide name, such as `file-clock`).

    Without a label it is decoration and hidden from screen readers; with one it is an image of that name. An unknown
    name raises `lucide.IconDoesNotExist`.
    """
    meaning = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    look = "icon along" if name in ALONG else "icon"
    return SafeString(SPARE.sub("", lucide(name, size=24, **{"class": look}, **meaning)))
