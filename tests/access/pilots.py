"""The pilots' own pages."""

OUTSIDE = {"kofi": 403, "nell": 403, "fay": 403, "zed": 302, "nobody": 302}
SEES_PERSONS = dict.fromkeys(("ines", "mara", "lena", "rosa", "sefo", "tavi", "omar", "olga"), 200)
STRANGERS = {"dana": 404, "abel": 404}
EDITS = {"ines": 200, "mara": 200, "dana": 404} | dict.fromkeys(
    ("lena", "rosa", "sefo", "tavi", "omar", "olga", "abel"), 403
)
PAGES = [
    ("pilots:list", {}, SEES_PERSONS | OUTSIDE | {"dana": 200, "abel": 200}),
    ("pilots:rules", {"slug": "pilot=verde"}, SEES_PERSONS | OUTSIDE | STRANGERS),
    ("pilots:cohorts", {"slug": "pilot=verde"}, EDITS | OUTSIDE),
    ("pilots:sites", {"slug": "pilot=verde"}, EDITS | OUTSIDE),
    ("pilots:job_orders", {"slug": "pilot=verde"}, EDITS | OUTSIDE),
]
