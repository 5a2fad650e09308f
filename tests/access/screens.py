"""The page of components: sample values only, on local installations only, open to everyone there."""

from tests.guards.test_access import CAST

PAGES = [("styleguide", {}, dict.fromkeys(CAST, 200))]
