"""Amounts of money, numbers and days as text, in the reader's language: one way for pages, messages and doors.

Money is written with its ISO code and not its sign: a portal with New Zealand, Australian and American dollars on one
page must not write `$`. English days are written day first with the month as a word, which nobody can misread.
"""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from django.utils.translation import get_language, to_locale

Amount = Decimal | int | float | str
DAY = "d MMM y"
SPACE = "\N{NO-BREAK SPACE}"


@lru_cache(maxsize=64)
def _locale_of(language: str | None) -> Locale:
    """Babel's locale of a Django language code; English where Babel has none."""
    try:
        return Locale.parse(to_locale(language or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def locale() -> Locale:
    """The locale of the active language."""
    return _locale_of(get_language())


def amount_words(amount: Amount, currency: str) -> str:
    """An amount with its ISO currency code, in the digits of the currency: `NZD 1,234.50`."""
    pattern = locale().currency_formats["standard"].pattern
    # Letters need room next to digits; where the locale puts the currency first without a space, add one.
    pattern = pattern.replace("¤#", f"¤{SPACE}#").replace("¤", "¤¤")
    return format_currency(Decimal(str(amount)), str(currency), format=pattern, locale=locale())


def number_words(value: Amount) -> str:
    """A number with the separators of the reader's language, without zeros at its end: `2,060,740`, `8.3`."""
    return format_decimal(Decimal(str(value)), locale=locale())


def day_words(value: date) -> str:
    """A day: `21 Nov 2026`; day first with the month as a word also where a language writes numbers alone."""
    usual = locale().date_formats["medium"].pattern
    return format_date(value, usual if "MMM" in usual and locale().language != "en" else DAY, locale=locale())
