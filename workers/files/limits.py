"""How large a file may be, and how much the process that looks into it may use. Free of Django: the child loads it."""

from __future__ import annotations

from workers.sheets.limits import MEGABYTE, Limits

PICTURE_BYTES = 20 * MEGABYTE
PAPER_BYTES = 10 * MEGABYTE
# A telephone's best camera makes 50 million; a picture declares its pixels before any is decoded.
PIXELS = 64_000_000
SHORTEST_SIDE = 16
# What is kept of a larger picture: small print of an A4 page can still be read.
LONGEST_SIDE = 3_000
PAGES = 60
PDF_OBJECTS = 20_000

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
ALLOWED = (JPEG, PNG, WEBP, PDF)

# Of the process that examines: a picture of 64 million points needs some 450 MB of addresses while it is made smaller.
LIMITS = Limits(file_size=PICTURE_BYTES, memory=900 * MEGABYTE, cpu_seconds=20, wall_seconds=30)
