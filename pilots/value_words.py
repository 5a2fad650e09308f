"""The values of scheme files in the reader's words: what is counted, with its number, and the words that a value may be.

Words that stand in no table (names of laws, telephone numbers, codes of countries) are shown as the scheme has them.
"""

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.utils.translation import ngettext_lazy

from accounts.amounts import SPACE, amount_words, number_words

# Unit (``pilots/schemes/units.py``) -> a number of them.
_COUNTED: Final = {
    "hours": ngettext_lazy("%(n)s hour", "%(n)s hours", "count"),
    "hours/week": ngettext_lazy("%(n)s hour/week", "%(n)s hours/week", "count"),
    "hours/week over 4 weeks": ngettext_lazy("%(n)s hour/week over 4 weeks", "%(n)s hours/week over 4 weeks", "count"),
    "hours/week over the placement": ngettext_lazy(
        "%(n)s hour/week over the placement", "%(n)s hours/week over the placement", "count"
    ),
    "hours/4 weeks": ngettext_lazy("%(n)s hour/4 weeks", "%(n)s hours/4 weeks", "count"),
    "days": ngettext_lazy("%(n)s day", "%(n)s days", "count"),
    "business days": ngettext_lazy("%(n)s business day", "%(n)s business days", "count"),
    "weeks": ngettext_lazy("%(n)s week", "%(n)s weeks", "count"),
    "months": ngettext_lazy("%(n)s month", "%(n)s months", "count"),
    "years": ngettext_lazy("%(n)s year", "%(n)s years", "count"),
    "month of the year": ngettext_lazy("month %(n)s of the year", "month %(n)s of the year", "count"),
    "times": ngettext_lazy("%(n)s time", "%(n)s times", "count"),
    "people": ngettext_lazy("%(n)s person", "%(n)s people", "count"),
    "places": ngettext_lazy("%(n)s place", "%(n)s places", "count"),
    "percent of the contract": ngettext_lazy("%(n)s %% of the contract", "%(n)s %% of the contract", "count"),
    "points": ngettext_lazy("%(n)s point", "%(n)s points", "count"),
    "months of pay": ngettext_lazy("%(n)s month of pay", "%(n)s months of pay", "count"),
}
_AMOUNTS: Final = {
    "money/hour": marked("%(amount)s / hour"), "money/week": marked("%(amount)s / week"),
    "money/month": marked("%(amount)s / month"),
}  # fmt: skip
_PARTS: Final = 100
"""A number with parts counts as many: every language has the same form for a hundred and for 2.4."""

# What a value says in words, or lists.
WORDS: Final = {
    "not known": marked("not known"),
    "1 January": marked("1 January"),
    "15 December": marked("15 December"),
    "pro rata by days": marked("pro rata by days"),
    "the applicable minimum rate of pay": marked("the applicable minimum rate of pay"),
    "the highest of the adverse effect wage rate, the prevailing rate and the minimum wage": marked(
        "the highest of the adverse effect wage rate, the prevailing rate and the minimum wage"
    ),
    "agriculture": marked("agriculture"),
    "agriculture and livestock": marked("agriculture and livestock"),
    "horticulture": marked("horticulture"),
    "viticulture": marked("viticulture"),
    "fisheries": marked("fisheries"),
    "hospitality": marked("hospitality"),
    "care": marked("care"),
    "construction": marked("construction"),
    "manufacturing": marked("manufacturing"),
    "meat processing": marked("meat processing"),
    "related food manufacturing": marked("related food manufacturing"),
    "services": marked("services"),
    "shipbuilding": marked("shipbuilding"),
    "briefing": marked("briefing"),
    "training": marked("training"),
    "language training": marked("language training"),
    "airfare": marked("airfare"),
    "international travel": marked("international travel"),
    "inland travel": marked("inland travel"),
    "lodging": marked("lodging"),
    "visa": marked("visa"),
    "passport": marked("passport"),
    "police clearance": marked("police clearance"),
    "medical exam": marked("medical exam"),
    "recruiter fee": marked("recruiter fee"),
    "informal broker": marked("informal broker"),
    "deposit": marked("deposit"),
    "gifts": marked("gifts"),
    "insurance": marked("insurance"),
    "health_insurance": marked("health insurance"),
    "workers_compensation": marked("workers’ compensation"),
    "departure_guarantee": marked("departure guarantee"),
    "return_cost": marked("cost of the return"),
    "wage_guarantee": marked("wage guarantee"),
    "casualty": marked("casualty"),
    "illness": marked("illness"),
    "injury": marked("injury"),
    "pregnancy": marked("pregnancy"),
    "tent": marked("tent"),
    "caravan": marked("caravan"),
    "container": marked("container"),
    "garage": marked("garage"),
    "greenhouse": marked("greenhouse"),
    "warehouse": marked("warehouse"),
    "union representative": marked("union representative"),
    "welfare and wellbeing support person": marked("welfare and wellbeing support person"),
    "other, such as church or country liaison officer": marked("other, such as church or country liaison officer"),
}


def one_word(text: str) -> str:
    """One word of a scheme in the reader's language, or as it stands."""
    return _(WORDS[text]) if text in WORDS else text


def written(value: object, unit: str, currency: str) -> str:
    """A value with its unit, in the reader's words and number format."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        return ", ".join(one_word(str(one)) for one in value)
    if not isinstance(value, Decimal | int) or unit in {"words", "list"}:
        return one_word(str(value))
    if unit.startswith("money"):
        amount = amount_words(value, currency)
        return _(_AMOUNTS[unit]) % {"amount": amount} if unit in _AMOUNTS else amount
    number = number_words(value)
    if unit in _COUNTED:
        return str(_COUNTED[unit] % {"n": number, "count": int(value) if value == int(value) else _PARTS})
    return f"{number}{SPACE}%" if unit == "percent" else f"{number}{SPACE}{unit}"
