"""Ids of restricted rows, drawn at random: a counted one would leave a gap in what others see."""

import secrets

# From above every counted id.
RANDOM_FROM = 2**41
RANDOM_TO = 2**52


def random_id() -> int:
    """An id for a restricted row, which tells nothing and leaves no gap in what others see."""
    return RANDOM_FROM + secrets.randbelow(RANDOM_TO - RANDOM_FROM)
