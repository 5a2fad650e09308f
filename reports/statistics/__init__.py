"""The arithmetic behind published figures: exact, with its uncertainty, the same on every machine.

Everything is computed with `Decimal` in one fixed context, or in fractions. Rounding happens once, at the end, to the
places of `PLACES`, half to even, so that rounding a table adds no drift. Rules of money that the schemes round half up
(a pay floor, for example) are theirs and live with the scheme; this rule is for statistics.

The formulas are our own because a report must come out the same to the byte on every machine, and floating-point
libraries do not promise that; the tests hold each of them against SciPy.
"""

from reports.statistics.estimates import (
    CONTEXT,
    EXACT_RANKS_UP_TO,
    PLACES,
    TOO_FEW,
    Z95,
    Counted,
    Estimate,
    Thinned,
    difference,
    median,
    median_interval,
    median_of,
    median_ranks,
    quantile,
    ratio,
    rounded,
    share,
    too_few,
    wilson,
)
from reports.statistics.rates import rate, rate_interval
from reports.statistics.survival import Curve, Moment, Wait, cumulative_incidence, kaplan_meier
from reports.statistics.totals import RESAMPLED_UP_TO, Moments, ratio_of_moments, ratio_of_totals

__all__ = [
    "CONTEXT", "EXACT_RANKS_UP_TO", "PLACES", "RESAMPLED_UP_TO", "TOO_FEW", "Z95", "Counted", "Curve", "Estimate", "Moment", "Moments", "Thinned", "Wait", "cumulative_incidence",
    "difference", "kaplan_meier", "median", "median_interval", "median_of", "median_ranks", "quantile", "rate",
    "rate_interval", "ratio", "ratio_of_moments", "ratio_of_totals", "rounded", "share", "too_few", "wilson",
]  # fmt: skip
