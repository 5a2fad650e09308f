"""The tables of the pilots app, one module per idea."""

from pilots.models.grants import AIMED, Grant, GrantTarget
from pilots.models.overrides import ParameterOverride
from pilots.models.pilots import (
    CURRENCY,
    CURRENCY_MESSAGE,
    Cohort,
    Corridor,
    ExchangeRate,
    JobOrder,
    Participation,
    Pilot,
    Site,
)

__all__ = [
    "AIMED",
    "CURRENCY",
    "CURRENCY_MESSAGE",
    "Cohort",
    "Corridor",
    "ExchangeRate",
    "Grant",
    "GrantTarget",
    "JobOrder",
    "ParameterOverride",
    "Participation",
    "Pilot",
    "Site",
]
