"""Money, hours, rates and percents: exact decimals as text, never floats, never a guess about a factor of a thousand.

``1.500,00``, ``4,16,789`` (lakh grouping), ``Tk 4 lakh`` and ``K500`` are read; a range (``K500–3,000``), a negative
amount and a lone ``1.500`` (fifteen hundred or one and a half?) are refused unless the reader of the file has chosen
the
decimal sign. A currency written in the cell is given as the hint; whether it fits its own column is checked by row.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext as _

from .cleaning import NOTHING, CellProblem, Cleaned, Cleaner, Context, Raw, brief, fold, is_empty_word, shown

# ISO 4217, the currencies in circulation.
_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD "
    "HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD "
    "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN "
    "PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY "
    "TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG "
)
CURRENCIES = frozenset(_CODES.split())
CURRENCY_WORDS = {
    "tk": "BDT",
    "taka": "BDT",
    "৳": "BDT",
    "k": "PGK",
    "kina": "PGK",
    "vt": "VUV",
    "vatu": "VUV",
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "£": "GBP",
    "pound": "GBP",
    "pounds": "GBP",
    "₩": "KRW",
    "won": "KRW",
    "₱": "PHP",
    "php": "PHP",
    "rp": "IDR",
    "rupiah": "IDR",
    "₫": "VND",
    "dong": "VND",
    "baht": "THB",
    "฿": "THB",
    "nz$": "NZD",
    "nz dollar": "NZD",
    "nz dollars": "NZD",
    "a$": "AUD",
    "au$": "AUD",
    "aud$": "AUD",
    "us$": "USD",
    "usd$": "USD",
    "fj$": "FJD",
    "f$": "FJD",
    "si$": "SBD",
    "c$": "CAD",
    "ca$": "CAD",
    "t$": "TOP",
    "paanga": "TOP",
    "pa'anga": "TOP",
    "ws$": "WST",
    "tala": "WST",
    "quetzal": "GTQ",
    "quetzales": "GTQ",
    "ksh": "KES",
    "kshs": "KES",
    "¥": "JPY",
    "yen": "JPY",
    "nrs": "NPR",
    "npr": "NPR",
}
# Signs that several currencies share: they say something only together with the column or the file.
SHARED_SIGNS = frozenset(
    {"$", "dollar", "dollars", "rs", "rs.", "rupee", "rupees", "₹", "peso", "pesos", "q", "l", "s/"}
)
MULTIPLES = {
    "lakh": 100_000,
    "lakhs": 100_000,
    "lac": 100_000,
    "lacs": 100_000,
    "crore": 10_000_000,
    "crores": 10_000_000,
}
NUMBER = re.compile(r"[0-9][0-9.,' _]*|[.,][0-9]+")
RANGE = re.compile(r"[0-9] ?(?:-|–|—|~|to|bis|a|/) ?[^0-9\s]{0,4} ?[0-9]")
MOST = Decimal("999999999999")
# The days a spreadsheet shows for a count of hours that is formatted as a clock: day 0, and a month from it.
FIRST_OF_HOURS, LAST_OF_HOURS = (datetime.datetime.fromisoformat(day) for day in ("1899-12-31", "1900-02-01"))


def parse_number(text: str, decimal_sign: str | None, raw: Raw) -> Decimal:
    """Digits with the separators of any country as an exact number. Raises ``CellProblem`` when two readings are
    left."""
    text = re.sub(r"[ '’_]", "", text)
    signs = [c for c in text if c in ".,"]
    if not signs:
        return Decimal(text)
    last = signs[-1]
    whole, _sep, part = text.rpartition(last)
    if len(set(signs)) == 2 or (decimal_sign == last and signs.count(last) == 1):
        other = "," if last == "." else "."
        if signs.count(last) > 1 or not part or not _grouped(whole, other) or decimal_sign == other:
            raise _unreadable(raw)
        return Decimal(f"{whole.replace(other, '') or '0'}.{part}")
    if signs.count(last) > 1 or decimal_sign not in (None, last):
        if not _grouped(text, last) or decimal_sign == last:
            raise _unreadable(raw)
        return Decimal(text.replace(last, ""))
    if len(part) == 3 and whole not in ("", "0"):
        if last == "," and decimal_sign is None and len(whole) <= 3:
            return Decimal(whole + part)  # 1,500: nobody writes money with three decimals after a comma
        raise CellProblem(
            "ambiguous_number",
            _(
                "“%(value)s” can mean %(large)s or %(small)s. Choose the decimal sign for this file, or write "
                "%(large)s plainly."
            )
            % {"value": shown(raw), "large": whole + part, "small": f"{whole}.{part}"},
        )
    if not part:
        raise _unreadable(raw)
    return Decimal(f"{whole or '0'}.{part}")


def _grouped(text: str, sign: str) -> bool:
    """Whether the separators stand where a country puts them: every three, or every two before the last three."""
    if sign not in text:
        return text.isdigit()
    first, *rest = text.split(sign)
    if not (first.isdigit() and 1 <= len(first) <= 3 and rest and len(rest[-1]) == 3):
        return False
    return all(len(part) == 3 for part in rest) or (len(first) <= 2 and all(len(part) == 2 for part in rest[:-1]))


def find_currency(text: str) -> str | None:
    """The ISO code meant by a word or sign, ``""`` for a sign several currencies share, None when unknown."""
    plain = re.sub("[ʻ’‘`´]", "'", text.strip(" .:").lower())
    if plain.upper() in CURRENCIES:
        return plain.upper()
    if plain in CURRENCY_WORDS:
        return CURRENCY_WORDS[plain]
    return "" if plain in SHARED_SIGNS else None


def money(decimals: int = 2, least: Decimal = Decimal(0), most: Decimal = MOST) -> Cleaner:
    """An amount of money, as text with the decimals it has; the hint is the currency written in the cell, if any."""
    step = Decimal(1).scaleb(-decimals)

    def clean(raw: Raw, context: Context) -> Cleaned:
        if isinstance(raw, datetime.date | datetime.time | datetime.timedelta):
            raise _unreadable(raw)
        value = brief(raw)
        if not value or is_empty_word(value):
            return NOTHING
        currency: str | None = None
        if type(raw) is str:
            number, currency = _read_money(value, raw, context)
        else:
            number = _number(value, raw)
        if number < least:
            raise CellProblem(
                "negative",
                _("The amount %(value)s is negative. Write it without a sign, or leave it out.")
                % {"value": shown(raw)},
            )
        if number > most:
            raise CellProblem("too_large", _("The amount %(value)s is too large to be true.") % {"value": shown(raw)})
        rounded = number.quantize(step, ROUND_HALF_UP)
        warnings: tuple[str, ...] = ()
        if rounded != number:
            warnings = (_("%(value)s was rounded to %(rounded)s.") % {"value": shown(raw), "rounded": rounded},)
        return Cleaned(str(rounded), warnings, currency)

    return clean


def _read_money(value: str, raw: Raw, context: Context) -> tuple[Decimal, str | None]:
    """Takes the number and the currency out of a text; what is left over is refused."""
    if not value.isascii():
        value = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in value.replace("\u2212", "-"))
    if re.search(r"^[^0-9]{0,4}-\s?[^0-9]{0,4}[0-9]|^\(.*\)$|[0-9]\s?-$", value) and not value.endswith(("/-", ".-")):
        raise CellProblem(
            "negative",
            _("The amount %(value)s is negative. Write it without a sign, or leave it out.") % {"value": shown(raw)},
        )
    value = re.sub(r"(/-|\.-|,-)$", "", value)  # "500/-" is how whole amounts are closed in South Asia
    if RANGE.search(value):
        raise CellProblem(
            "range", _("“%(value)s” names two amounts. Write the one that was agreed or paid.") % {"value": shown(raw)}
        )
    found = NUMBER.findall(value)
    if len(found) != 1:
        raise _unreadable(raw)
    number = parse_number(found[0].strip().rstrip(".,"), context.decimal_sign, raw)
    currency: str | None = None
    before, _number_text, after = value.partition(found[0])
    for word in [before.strip(), *_words_behind(after)]:
        if not word:
            continue
        if fold(word) in MULTIPLES:
            number *= MULTIPLES[fold(word)]
            continue
        meant = find_currency(word)
        if meant is None or (meant and currency and meant != currency):
            raise _unreadable(raw)
        currency = meant or currency
    return number, currency


def _words_behind(text: str) -> list[str]:
    text = text.strip()
    return [text] if find_currency(text) is not None else text.split()


def _number(value: str, raw: Raw) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise _unreadable(raw) from error
    if not number.is_finite():
        raise _unreadable(raw)
    return number


def currency(raw: Raw, context: Context) -> Cleaned:
    """A currency column: the ISO code, from the code or a word for it. A shared sign needs the file's currency."""
    value = brief(raw)
    if not value or is_empty_word(value):
        return NOTHING
    found = find_currency(value)
    if found == "" and context.currency:
        found = context.currency
    if not found:
        raise CellProblem(
            "unknown_currency",
            _("“%(value)s” does not name one currency. Write its three letters, such as NZD or AUD.")
            % {"value": shown(raw)},
        )
    return Cleaned(found)


def quantity(most: int, decimals: int = 2) -> Cleaner:
    """A number that is neither money nor a count: square metres, pieces, a score. Text of a decimal, zero to
    ``most``."""
    step = Decimal(1).scaleb(-decimals)

    def clean(raw: Raw, context: Context) -> Cleaned:
        value = brief(raw)
        if not value or is_empty_word(value):
            return NOTHING
        if isinstance(raw, datetime.date | datetime.time | datetime.timedelta):
            raise _unreadable(raw)
        if type(raw) is str:
            bare = re.sub(r"(?i) ?(m2|m²|sqm|sq m|kg|hrs?|hours?|h|%)$", "", value)
            if not re.fullmatch(r"[0-9][0-9.,' ]*|[.,][0-9]+", bare):
                raise _unreadable(raw)
            number = parse_number(bare.rstrip(".,"), context.decimal_sign, raw)
        else:
            number = _number(value, raw)
        return _bounded(number, most, step, raw)

    return clean


def hours(most: int = 744) -> Cleaner:
    """Hours as a decimal: ``7.5``, ``7:30``, ``7h30`` and Excel's times are the same. The bound is a month's hours.

    A time that has lost its format is a part of a day (0.3125 for 7:30); such a number is asked, because it may also be a
    third of an hour.
    """
    plain = quantity(most)

    def clean(raw: Raw, context: Context) -> Cleaned:
        seconds: float | None = None
        if isinstance(raw, datetime.timedelta):
            seconds = raw.total_seconds()
        elif isinstance(raw, datetime.time):
            seconds = raw.hour * 3600 + raw.minute * 60 + raw.second
        elif isinstance(raw, datetime.datetime) and raw < LAST_OF_HOURS:
            seconds = (raw - FIRST_OF_HOURS).total_seconds()  # 37:30 under the format of a clock
        elif isinstance(raw, str) and (
            clock := re.fullmatch(r"\s*([0-9]{1,3}) ?[:hH] ?([0-5][0-9])(?::([0-5][0-9]))?\s*", raw)
        ):
            seconds = int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
        elif isinstance(raw, float) and 0 < raw < 1 and _is_part_of_day(raw):
            minutes = round(raw * 1440)
            raise CellProblem(
                "ambiguous_hours",
                _(
                    "“%(value)s” can mean %(clock)s as a part of a day, or %(value)s of an hour. Write the hours as %(clock)s or 7.5."
                )
                % {"value": shown(raw), "clock": f"{minutes // 60}:{minutes % 60:02d}"},
            )
        if seconds is None:
            return plain(raw, context)
        return _bounded(Decimal(int(seconds)) / 3600, most, Decimal("0.01"), raw)

    return clean


def _is_part_of_day(number: float) -> bool:
    """Whether a number below one is a whole count of minutes of a day, and no usual part of an hour."""
    minutes = number * 1440
    return abs(minutes - round(minutes)) < 1e-6 and abs(number * 100 - round(number * 100)) > 1e-9


def _bounded(number: Decimal, most: int, step: Decimal, raw: Raw) -> Cleaned:
    if not 0 <= number <= most:
        raise CellProblem(
            "out_of_range",
            _("%(value)s lies outside %(least)s to %(most)s.") % {"value": shown(raw), "least": 0, "most": most},
        )
    return Cleaned(str(number.quantize(step, ROUND_HALF_UP)))


def _unreadable(raw: Raw) -> CellProblem:
    return CellProblem(
        "not_a_number",
        _("“%(value)s” cannot be read as a number. Write digits, with a point before the decimals, such as 1500.00.")
        % {"value": shown(raw)},
    )
