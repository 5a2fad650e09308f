"""Who is shown how small a number: one table of audiences, and the limits that hold for all of them.

Sources: 5 inside and 10 outside are common practice of statistical offices, 10 the rule of research data centres; the
two-largest rule and the p-percent rule with these limits are the defaults of ACRO (``n = 2, k = 90 %``, ``p = 10 %``),
told in the handbook on statistical disclosure control.
"""

from dataclasses import dataclass
from decimal import Decimal

SENSITIVE = 10  # harm, health and grievances: 10 towards everybody
LARGEST = Decimal("0.5")  # no one person makes more than half of an amount that is shown
TWO_LARGEST = Decimal("0.9")  # nor the two largest together more than nine tenths
P_PERCENT = Decimal("0.1")  # nor may the second largest work the largest out to within a tenth of it
SMALL_GROUP = 2  # all or none of a group is hidden where the group is smaller than so many times the threshold
AMOUNT_WIDTH = 10  # a hidden sum must stay uncertain by a tenth of itself at least


@dataclass(frozen=True, slots=True)
class Audience:
    """Readers under one rule. Audiences of one ``circle`` may meet: what one was shown counts as known to the others.

    ``round_to`` above 1 rounds every count to that base, with totals that still add up.
    """

    smallest: int  # the smallest count shown
    circle: str
    round_to: int = 1


AUDIENCES: dict[str, Audience] = {
    "programme": Audience(5, "inside"),
    "welfare-partner": Audience(5, "inside"),
    "recruiter": Audience(10, "outside"),
    "employer": Audience(10, "outside"),
    "origin-government": Audience(10, "outside"),
    "destination-government": Audience(10, "outside"),
    "funder": Audience(10, "outside"),
    "public": Audience(10, "outside", round_to=5),
}


def threshold(audience: str, sensitive: bool = False) -> int:
    """The smallest count that `audience` is shown; raises KeyError for an audience the table does not know."""
    smallest = AUDIENCES[audience].smallest
    return max(smallest, SENSITIVE) if sensitive else smallest


def who_may_meet(audience: str) -> tuple[str, ...]:
    """The audiences that share what they were shown, this one among them."""
    circle = AUDIENCES[audience].circle
    return tuple(name for name, other in AUDIENCES.items() if other.circle == circle)
