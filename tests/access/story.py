"""A worker's whole story: read by whoever reads the placement, each their own part of it."""

from tests.access.workers import IH, ONE, OUTSIDE, READS, STRANGERS

PAGES = [
    ("compliance:placement_story", IH, READS | ONE | OUTSIDE | STRANGERS),
    ("compliance:placement_next", IH, READS | ONE | OUTSIDE | STRANGERS),
    ("compliance:person_story", {"pk": "person=IH-001"}, READS | ONE | OUTSIDE | STRANGERS),
]
