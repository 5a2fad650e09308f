"""The reports pages."""


def _edition(cast, _key):
    from accounts.scope import acting_as
    from reports.compiling import compile_report
    from tests.reports.test_compiling import order_of

    scope = cast.scope("fay")
    with acting_as(scope):
        return compile_report(order_of(cast, "fay", "funder"), by=scope).pk


RESOLVE = {"edition": _edition}
EVERY_MEMBER = dict.fromkeys(
    ("ines", "mara", "lena", "rosa", "sefo", "tavi", "omar", "olga", "kofi", "nell", "fay", "dana", "abel"), 200
)
# The funder's edition: the funder reads it, and the programme whose pilot it is about.
OF_FAY = dict.fromkeys(("rosa", "sefo", "tavi", "omar", "olga", "kofi", "nell", "dana", "abel"), 404)
PAGES = [
    ("reports:list", {}, EVERY_MEMBER | {"zed": 302, "nobody": 302}),
    ("reports:home_panel", {}, dict.fromkeys(EVERY_MEMBER, 302) | {"zed": 302, "nobody": 302}),
    ("reports:metrics", {}, EVERY_MEMBER | {"zed": 302, "nobody": 302}),
    ("reports:edition", {"pk": "edition=fay"}, OF_FAY | {"fay": 200, "ines": 200, "zed": 302, "nobody": 302}),
    ("reports:history", {"pk": "edition=fay"}, OF_FAY | {"fay": 200, "ines": 200, "zed": 302, "nobody": 302}),
    ("reports:known", {"pk": "edition=fay", "metric": "funnel", "row": "1"},
     OF_FAY | {"fay": 200, "ines": 200, "zed": 302, "nobody": 302}),
    ("reports:withdrawals", {"pk": "edition=fay"},
     OF_FAY | {"rosa": 403, "sefo": 403, "tavi": 403, "abel": 403, "fay": 403, "ines": 422, "zed": 302, "nobody": 302}, "post"),
    ("reports:sign_offs", {}, dict.fromkeys(EVERY_MEMBER, 403) | {"lena": 200, "zed": 302, "nobody": 302}),
    ("reports:chart", {"pk": "edition=fay", "name": "chart-funnel-light.svg"},
     OF_FAY | {"fay": 200, "ines": 200, "zed": 302, "nobody": 302}),
    ("reports:download", {"pk": "edition=fay"}, OF_FAY | {"fay": 404, "zed": 302, "nobody": 302}, "post"),
]  # fmt: skip
