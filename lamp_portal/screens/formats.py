"""How values are written for a reader: money, numbers, shares, dates and distances, in the active language.

Dates are written day first with the month as a word, which nobody can misread.
"""

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.amounts import SPACE, Amount, amount_words, day_words, locale

KILO = 1000


def missing() -> SafeString:
    """The mark of a value that nobody recorded: a dash for the eye, words for the ear."""
    return format_html(
        '<span class="missing"><span aria-hidden="true">–</span><span class="vh">{}</span></span>',
        _("not recorded"),
    )


def money(amount: Amount | None, currency: str) -> str:
    """An amount with its ISO currency code, in the digits of the currency: `NZD 1,234.50`."""
    if amount is None or amount == "":
        return missing()
    return format_html('<bdi class="amount">{}</bdi>', amount_words(amount, currency))


def number(value: Amount | None, places: int | None = None) -> str:
    """A number with the separators of the locale; `places` fixes the decimals."""
    if value is None or value == "":
        return missing()
    pattern = None if places is None else "#,##0" + ("." + "0" * int(places) if int(places) else "")
    return format_decimal(Decimal(str(value)), format=pattern, locale=locale())


def percent(fraction: Amount | None, places: int = 0) -> str:
    """A share between 0 and 1 as a percentage with a space before the sign: `72 %`."""
    if fraction is None or fraction == "":
        return missing()
    pattern = "#,##0" + ("." + "0" * int(places) if int(places) else "") + SPACE + "%"
    return format_percent(Decimal(str(fraction)), format=pattern, locale=locale())


def _local[Day: (date, datetime)](value: Day) -> Day:
    """Aware times in the reader's time zone; plain dates as they are."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def day(value: date | datetime | None) -> SafeString:
    """A date for people, inside a `<time>` for machines: `21 Nov 2026`."""
    if value is None or value == "":
        return missing()
    local = _local(value)
    iso = local.date() if isinstance(local, datetime) else local
    return format_html('<time datetime="{}">{}</time>', iso.isoformat(), day_words(local))


def moment(value: datetime | None) -> SafeString:
    """A date and time of day, in the reader's time zone: `21 Nov 2026, 14:05`."""
    if not value:
        return missing()
    local = _local(value)
    clock = format_time(local.time(), "HH:mm", locale=locale())
    return format_html(
        '<time datetime="{}">{}, {}</time>',
        local.isoformat(timespec="minutes"),
        day_words(local),
        clock,
    )


def month(value: date | None) -> str:
    """A month in words: `November 2026`."""
    return missing() if not value else format_date(_local(value), "MMMM y", locale=locale())


def days_left(value: date | datetime | None, today: date) -> str:
    """The distance from `today` to a date in whole days: `in 3 days`, `today`, `4 days ago`."""
    if not value:
        return missing()
    days = days_between(today, value)
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": number(days)}
    return ngettext("%(days)s day ago", "%(days)s days ago", -days) % {"days": number(-days)}


def days_between(today: date | datetime, value: date | datetime) -> int:
    """Whole calendar days from `today` to `value`; negative when it has passed."""
    start, end = (v.date() if isinstance(v, datetime) else v for v in (_local(today), _local(value)))
    return (end - start).days


def file_size(size: int | None) -> str:
    """The size of a file in decimal units: `48 kB`."""
    if size is None:
        return missing()
    if size < KILO:
        return ngettext("%(count)s byte", "%(count)s bytes", size) % {"count": number(size)}
    if size < KILO**2:
        return _("%(count)s kB") % {"count": number(Decimal(size) / KILO, 0)}
    return _("%(count)s MB") % {"count": number(Decimal(size) / KILO**2, 1)}
