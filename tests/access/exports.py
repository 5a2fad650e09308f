"""Lists and downloads: every role that sees persons has lists; a file is its asker's alone."""

from datetime import datetime

from workers.exports import door
from workers.exports.listings import LISTINGS


def _export(cast, name):
    """A file of the list of travel that lies ready for this person."""
    with cast.acting(name) as by:
        export = door.ask(LISTINGS["travel"], {}, "csv", by=by, pilot_id=None)
        door.at_once(export, by=by, at=datetime.fromisoformat("2026-07-01T10:00:00+00:00"), today=cast.today)
        return export.pk


RESOLVE = {"export": _export}
OUTSIDE = {"kofi": 403, "nell": 403, "fay": 403, "zed": 302, "nobody": 302, "opal": 302}
READERS = ("ines", "mara", "lena", "rosa", "sefo", "tavi", "omar", "olga", "dana", "abel")
OPEN = dict.fromkeys(READERS, 200) | OUTSIDE
NONE = dict.fromkeys(READERS, 404) | OUTSIDE
SEFOS = {"pk": "export=sefo"}
PAGES = [
    ("workers:lists", {}, OPEN),
    ("workers:listed", {"code": "travel"}, OPEN),
    ("workers:listed", {"code": "costs"}, OPEN | dict.fromkeys(("omar", "olga", "sefo", "tavi", "abel"), 404)),
    ("workers:listed", {"code": "checks"}, NONE | {"lena": 200, "rosa": 200}),
    ("workers:downloads", {}, OPEN),
    ("workers:downloads", {}, NONE, "post"),  # no list is named
    ("workers:download_new", {}, NONE),
    ("workers:download", SEFOS, NONE | {"sefo": 200}),
    ("workers:download_file", SEFOS, NONE | {"sefo": 410}, "post"),  # handed out at once, and not kept
    ("workers:download_withdrawals", SEFOS, NONE | {"sefo": 303}, "post"),
]
