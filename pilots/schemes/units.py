"""The closed lists a scheme file may use: units, what selects a value, rounding, events, owners.

A unit decides the type of the value. Decimal units are written as whole numbers or as text ("2.4"),
never as a float, and are read as Decimal; money is in the scheme's currency unless the row says otherwise.
"""

from typing import Final

DECIMAL: Final = "decimal"
WHOLE: Final = "whole"
YES_NO: Final = "yes/no"
WORDS: Final = "words"
LIST: Final = "list"

UNITS: Final[dict[str, str]] = {
    "hours": DECIMAL,
    "hours/week": DECIMAL,
    "hours/week over 4 weeks": DECIMAL,
    "hours/week over the placement": DECIMAL,
    "hours/4 weeks": DECIMAL,
    "days": WHOLE,
    "business days": WHOLE,
    "weeks": WHOLE,
    "months": WHOLE,
    "years": WHOLE,
    "month of the year": WHOLE,
    "times": WHOLE,
    "people": WHOLE,
    "places": WHOLE,
    "percent": DECIMAL,
    "percent of the contract": DECIMAL,
    "points": DECIMAL,
    "months of pay": DECIMAL,
    "money": DECIMAL,
    "money/hour": DECIMAL,
    "money/week": DECIMAL,
    "money/month": DECIMAL,
    "m": DECIMAL,
    "m²": DECIMAL,
    "km": DECIMAL,
    "yes/no": YES_NO,
    "words": WORDS,
    "list": LIST,
}

# Which day of a case picks the value that counts for it.
SELECTED_BY: Final = ("visa granted", "contract start", "pay period", "arrival", "lodged", "day")

# "hourly rate first": the rate of one hour is rounded before it is multiplied by hours.
ROUNDING: Final = (
    "none", "half up to the cent", "half up to the cent, hourly rate first", "down to the cent", "down to the unit",
)  # fmt: skip

# How well the first day of a row is known. "not stated": no day in the source: the row begins with the file.
FROM_PRECISION: Final = ("day", "month", "year", "not stated")

DUTY_UNITS: Final = (
    "hours", "days", "business days", "weeks", "months", "years", "percent of the contract",
)  # fmt: skip

DUTY_DIRECTIONS: Final = ("after", "before")
DUTY_CLOCKS: Final = ("fact", "knowledge")

DUTY_OWNERS: Final = (
    "employer", "worker", "sending unit", "welfare person", "destination authority", "employer and worker",
    "employer and sending unit",
)  # fmt: skip

DUTY_EVENTS: Final = (
    "planned start", "planned mobilisation", "permit request", "test result", "test passed",
    "roster approval", "contract start", "entry", "arrival", "move", "knowledge of the event",
    "end of work", "end of placement", "last meeting", "written notice", "start of block", "first pay",
    "contract end", "workplace change request", "planned exit", "last audit",
)  # fmt: skip
