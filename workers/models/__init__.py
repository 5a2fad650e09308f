"""The tables of the workers app, one module per idea."""

from workers.models.facts import CostItem, PayRecord, TrainingRecord
from workers.models.journey import Hold, JourneyEvent, Placement, PlacementState
from workers.models.people import Consent, IdentityDocument, Person, PersonBackground, PersonContact
from workers.models.sheets import ImportBatch, ImportFile, ImportRow

__all__ = [
    "Consent",
    "CostItem",
    "Hold",
    "IdentityDocument",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "JourneyEvent",
    "PayRecord",
    "Person",
    "PersonBackground",
    "PersonContact",
    "Placement",
    "PlacementState",
    "TrainingRecord",
]
