"""The tables of the compliance app, one module per idea."""

from compliance.models.cases import CaseEntry, RestrictedCase
from compliance.models.checks import Check, CheckAnswer, PrivateNote
from compliance.models.findings import Finding, FindingEvent, Waiver

__all__ = [
    "CaseEntry",
    "Check",
    "CheckAnswer",
    "Finding",
    "FindingEvent",
    "PrivateNote",
    "RestrictedCase",
    "Waiver",
]
