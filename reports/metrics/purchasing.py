"""What money buys at home and away: dated factors of purchasing power, and the income multiple by them.

A factor is how much of a currency buys what one dollar buys in the United States (World Bank PA.NUS.PPP). An amount of a year
takes the factor of that year, or of the newest year before it that the file has; the report says which years these are.
"""

import functools
import json
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from pilots.schemes.scheme import Source, sources_by_key
from reports.content import Definition, Figure
from reports.metrics.declaring import Measured, Metric, Window, ask, estimate_figure
from reports.metrics.money import DAYS_A_MONTH, PAY
from reports.statistics import median
from workers.journey.steps import marked as words

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


def income_multiple(window: Window) -> Measured:
    """Gross pay per month abroad over pay per month at home before, each by what it buys where it is earned; the median."""
    table = [{"currency": f.currency, "year": f.year, "value": str(f.value)} for f in factors()]
    factor = (
        "select f.value from factors f where f.currency = {currency} and f.year <= extract(year from {day})"
        " order by f.year desc limit 1"
    )
    rows = ask(
        f"""
        {PAY}, factors as (
          select f.currency, f.year, f.value::numeric from jsonb_to_recordset(%(factors)s::jsonb)
            f(currency text, year int, value text)
        ), abroad as (
          select p.person_id, p.id, sum(r.gross / away.value) as gross, bool_or(away.value is null) as unknown,
            sum(r.period_end - r.period_start + 1) as days, min(r.period_start) as first
          from placements p join pay r on r.placement_id = p.id
          left join lateral ({factor.format(currency="r.currency", day="r.period_start")}) away on true
          group by p.person_id, p.id
        )
        select a.person_id, case when b.home_income > 0 and not a.unknown and a.days > 0
          then a.gross / (a.days / %(month)s::numeric) / (b.home_income / home.value) end
        from abroad a left join workers_personbackground b on b.person_id = a.person_id
        left join lateral ({factor.format(currency="b.home_income_currency", day="a.first")}) home on true
        """,
        window.params(month=DAYS_A_MONTH, factors=json.dumps(table)),
    )
    known = [(person, value) for person, value in rows if value is not None]
    found = median([value for _person, value in known], "times")
    figure: Figure = estimate_figure(
        "income_multiple_ppp", found, "times", people=len({person for person, _v in known})
    )
    return Measured((figure,), base=len(rows), missing=len(rows) - len(known))


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


METRICS = (
    Metric(
        code="income_multiple_ppp", version=1, title=words("Income multiple, by what it buys"), population="placements",
        kind="median", chart="points", measure=income_multiple,
        definition=words(
            "Gross pay per month abroad, divided by pay per month at home before, of the same person, each turned into what"
            " it buys where it is earned (purchasing power parity of the whole economy, World Bank PA.NUS.PPP); the middle one."
        ),
        denominator_words=words("Placements with pay records and a home income above zero, with a factor for both currencies."),
        exclusions=words("Whoever earned nothing at home: there is no multiple of zero."),
        missing_words=words("No home income stated, or no factor for a currency in that year or before."),
        uncertainty_words=words("95 % interval of the median from the order of the values; none under six values."),
        source=words("Payslips; home income as stated at registration; factors of purchasing power as the list of terms says."),
        statement=words(
            "It says how much better the pay lets somebody live where it is earned. What is sent home buys at home prices, so the"
            " gain of the household lies between this figure and the one at market rates."
        ),
    ),
)  # fmt: skip
