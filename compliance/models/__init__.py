"""The tables of the compliance app, one module per idea."""

from compliance.models.campaigns import Campaign, CampaignAnswer, CampaignItem
from compliance.models.cases import CaseEntry, RestrictedCase
from compliance.models.casework import GrievanceEvent, GrievanceMessage, GrievanceOffer, GrievanceOpening
from compliance.models.checks import Check, CheckAnswer, PrivateNote
from compliance.models.coverage import ContactAttempt
from compliance.models.findings import Finding, FindingEvent, Waiver
from compliance.models.grievances import ConcernCode, Grievance, GrievanceIdentity
from compliance.models.remedies import CorrectiveAction, CorrectiveStep, RemedyEntry

__all__ = [
    "Campaign",
    "CampaignAnswer",
    "CampaignItem",
    "CaseEntry",
    "Check",
    "CheckAnswer",
    "ConcernCode",
    "ContactAttempt",
    "CorrectiveAction",
    "CorrectiveStep",
    "Finding",
    "FindingEvent",
    "Grievance",
    "GrievanceEvent",
    "GrievanceIdentity",
    "GrievanceMessage",
    "GrievanceOffer",
    "GrievanceOpening",
    "PrivateNote",
    "RemedyEntry",
    "RestrictedCase",
    "Waiver",
]
