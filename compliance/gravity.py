"""How grave a finding is: the order of lists, and the days until somebody has acted."""

from typing import Final

# Gravest first; a list is ordered and paged by it.
RANKS: Final = {"critical": 0, "major": 1, "minor": 2}
UNRANKED: Final = 9
# From the day it was found to the day by which somebody has acted.
DUE_DAYS: Final = {"critical": 0, "major": 14, "minor": 30}
