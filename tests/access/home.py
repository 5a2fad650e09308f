"""The first page and the addresses that need no organisation."""

from tests.guards.test_access import CAST

PAGES = [
    ("home", {}, dict.fromkeys(CAST, 200) | {"zed": 302, "nobody": 302}),
    ("healthz", {}, {"nobody": 200, "fay": 200}),
    ("readyz", {}, {"nobody": 200, "fay": 200}),
    ("no_membership", {}, {"zed": 200, "nobody": 302}),
]
