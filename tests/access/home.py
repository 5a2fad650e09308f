"""The first page and the addresses that need no organisation."""

from tests.guards.test_access import CAST

PAGES = [
    ("home", {}, dict.fromkeys(CAST, 200) | {"zed": 302, "nobody": 302}),
    # Opened by itself it leads to the page of duties; governments and funders see none.
    (
        "home_duties",
        {},
        dict.fromkeys(CAST, 302) | dict.fromkeys(("kofi", "nell", "fay"), 403) | {"zed": 302, "nobody": 302},
    ),
    ("first_steps_closings", {}, dict.fromkeys(CAST, 303) | {"zed": 302, "nobody": 302}, "post"),
    # A list that nobody named is nobody's; a view that is not one's own does not exist.
    ("views", {}, dict.fromkeys(CAST, 403) | {"zed": 302, "nobody": 302}, "post"),
    (
        "view_end",
        {"pk": 1},
        dict.fromkeys(CAST, 404) | dict.fromkeys(("kofi", "nell", "fay"), 403) | {"zed": 302, "nobody": 302},
        "post",
    ),
    ("healthz", {}, {"nobody": 200, "fay": 200}),
    ("readyz", {}, {"nobody": 200, "fay": 200}),
    # A phone that was handed to nobody leads to the first page.
    ("phone_lock", {}, dict.fromkeys(CAST, 303) | {"nobody": 302}),
    ("no_membership", {}, {"zed": 200, "nobody": 302}),
]
