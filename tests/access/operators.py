"""The operators' pages of our own: for members they do not exist (as the admin, tests/accounts/test_operator.py)."""

from tests.guards.test_access import CAST

PAGES = [("retention", {}, dict.fromkeys(CAST, 404) | {"zed": 404, "nobody": 302, "opal": 200})]
