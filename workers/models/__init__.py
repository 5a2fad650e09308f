"""The tables of the workers app, one module per idea."""

from workers.models.asking import PaperRequest, PaperRequestLine
from workers.models.contracts import ContractVersion, Debt, DeductionAgreement
from workers.models.exports import Export, ExportPiece, ExportSight
from workers.models.facts import CostItem, PayRecord, TrainingRecord
from workers.models.files import CostFile, DocumentFile, StoredFile, TrainingFile
from workers.models.housing import HousingStay, Room, RoomInspection
from workers.models.journey import Hold, JourneyEvent, Placement, PlacementState
from workers.models.keeping import LegalHold
from workers.models.likeness import LikeDecision, LikenessMark, LikenessSign, LikePair, MergedPerson, MergeEvent
from workers.models.notes import Follow, Mention, Note, Task, TaskStep
from workers.models.people import Consent, IdentityDocument, Person, PersonBackground, PersonContact
from workers.models.protection import Ban, Insurance, RecruiterLicence, Travel
from workers.models.rollups import Rollup, RollupMark
from workers.models.sheets import (
    ImportBatch,
    ImportEdit,
    ImportFile,
    ImportRest,
    ImportRow,
    SheetHabit,
    WithheldReading,
    WithheldText,
)
from workers.models.taking_back import MoveCorrection, MoveTakenBack
from workers.models.telling import WorkerMessage

__all__ = [
    "Ban",
    "Consent",
    "ContractVersion",
    "CostFile",
    "CostItem",
    "Debt",
    "DeductionAgreement",
    "DocumentFile",
    "Export",
    "ExportPiece",
    "ExportSight",
    "Follow",
    "Hold",
    "HousingStay",
    "IdentityDocument",
    "ImportBatch",
    "ImportEdit",
    "ImportFile",
    "ImportRest",
    "ImportRow",
    "Insurance",
    "JourneyEvent",
    "LegalHold",
    "LikeDecision",
    "LikePair",
    "LikenessMark",
    "LikenessSign",
    "Mention",
    "MergeEvent",
    "MergedPerson",
    "MoveCorrection",
    "MoveTakenBack",
    "Note",
    "PaperRequest",
    "PaperRequestLine",
    "PayRecord",
    "Person",
    "PersonBackground",
    "PersonContact",
    "Placement",
    "PlacementState",
    "RecruiterLicence",
    "Rollup",
    "RollupMark",
    "Room",
    "RoomInspection",
    "SheetHabit",
    "StoredFile",
    "Task",
    "TaskStep",
    "TrainingFile",
    "TrainingRecord",
    "Travel",
    "WithheldReading",
    "WithheldText",
    "WorkerMessage",
]
