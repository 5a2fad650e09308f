"""What money buys at home and away: dated factors of purchasing power, and what a report says of them.

A factor is how much of a currency buys what one dollar buys in the United States (World Bank PA.NUS.PPP). An amount of a year
takes the factor of that year, or of the newest year before it that the file has; the report says which years these are.
"""

import functools
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from pilots.schemes.scheme import Source, sources_by_key
from reports.content import Definition

FILE: Final = Path(__file__).with_name("purchasing.toml")
MARKET, PURCHASING = "market", "purchasing"  # how a report compares money; the second adds a figure to the first


class BadFactors(ValueError):
    """The file of factors was refused; every sentence is a reason."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor: currency, the country whose prices it is of, year, value, and where it was read."""

    currency: str
    country: str
    year: int
    value: Decimal
    source: Source | None
    verified: bool


@functools.cache
def factors() -> tuple[Factor, ...]:
    """All factors by currency and year."""
    return read(tomllib.loads(FILE.read_text("utf-8"), parse_float=Decimal))


def read(data: dict[str, Any]) -> tuple[Factor, ...]:
    """The factors of a file; BadFactors with every reason why it is not sound. What names no source is not verified."""
    sources, made, problems = sources_by_key(data.get("source", [])), [], []
    for row in data.get("factor", []):
        source = sources.get(row.get("source", ""))
        if row.get("source") and source is None:
            problems.append(f"{row['currency']}: an unknown source.")
        for year, value in row["years"].items():
            number = Decimal(value)
            if number <= 0:
                problems.append(f"{row['currency']} {year}: a factor is above zero.")
            made.append(Factor(row["currency"], row["country"], int(year), number, source, source is not None))
    if len({(f.currency, f.year) for f in made}) < len(made):
        problems.append("A currency has one factor a year.")
    if problems:
        raise BadFactors(" ".join(problems))
    return tuple(sorted(made, key=lambda f: (f.currency, f.year)))


def told(prices: str) -> Definition:
    """How the report compares money, for its list of terms; with the years and the source of what it took."""
    if prices != PURCHASING:
        return Definition(
            _("Money"),
            _(
                "Amounts are compared at the market exchange rate of their month. What they buy in each place is not in it."
            ),
        )
    newest = {f.currency: f for f in factors()}
    years = "; ".join(f"{f.country} {f.year}" for f in newest.values())
    unseen = ", ".join(f.country for f in newest.values() if not f.verified)
    said = _(
        "Amounts are compared at the market exchange rate of their month, and the income multiple also by what money buys in each place: World Bank PA.NUS.PPP, whole economy, of the year of the pay or the newest before it (newest here: %(years)s)."
    ) % {"years": years}
    return Definition(
        _("Money"), f"{said} {_('Not verified: %(countries)s.') % {'countries': unseen}}" if unseen else said
    )
