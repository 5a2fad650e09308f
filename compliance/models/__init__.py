"""The tables of the compliance app, one module per idea."""

from compliance.models.campaigns import Campaign, CampaignAnswer, CampaignItem
from compliance.models.casework import GrievanceEvent, GrievanceMessage, GrievanceOffer, GrievanceOpening
from compliance.models.checks import Check, CheckAnswer, PrivateNote
from compliance.models.coverage import ContactAttempt
from compliance.models.duties import DutyDischarge, DutyReminder, DutyStart
from compliance.models.evidence import AnswerFile, GrievanceFile, StepFile
from compliance.models.findings import Finding, FindingEvent, Waiver
from compliance.models.grievances import ConcernCode, Grievance, GrievanceIdentity
from compliance.models.hotlines import Hotline
from compliance.models.keeping import RetentionRun
from compliance.models.remedies import CorrectiveAction, CorrectiveStep, RemedyEntry
from compliance.models.rules import CannotTell, Evaluation, PartnerChange, RuleMark
from compliance.models.settlements import Settlement, SettlementEnd, SettlementLine
from compliance.models.surveys import SurveyAnswer, SurveyContact

__all__ = [
    "AnswerFile",
    "Campaign",
    "CampaignAnswer",
    "CampaignItem",
    "CannotTell",
    "Check",
    "CheckAnswer",
    "ConcernCode",
    "ContactAttempt",
    "CorrectiveAction",
    "CorrectiveStep",
    "DutyDischarge",
    "DutyReminder",
    "DutyStart",
    "Evaluation",
    "Finding",
    "FindingEvent",
    "Grievance",
    "GrievanceEvent",
    "GrievanceFile",
    "GrievanceIdentity",
    "GrievanceMessage",
    "GrievanceOffer",
    "GrievanceOpening",
    "Hotline",
    "PartnerChange",
    "PrivateNote",
    "RemedyEntry",
    "RetentionRun",
    "RuleMark",
    "Settlement",
    "SettlementEnd",
    "SettlementLine",
    "StepFile",
    "SurveyAnswer",
    "SurveyContact",
    "Waiver",
]
