"""The table of terms: for every class of the data dictionary that has a term, which fields it means and what happens.

Periods are proposals for the owner and a lawyer to set. A guard test holds the table against the privacy tables: every
personal, sensitive and restricted field is named here, erased, blanked, or kept with the reason.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Fate(StrEnum):
    """What happens to a field when its time is over."""

    ERASED = "erased"  # the row goes
    BLANKED = "blanked"  # the value goes, the row stays
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Term:
    """One line. ``fields``: Model, or Model.field. ``door``: where it happens; empty for what is kept."""

    code: str
    words: str | Promise
    fate: Fate
    fields: tuple[str, ...]
    door: str = ""


PEOPLE = "compliance.retaining.forgetting"
FILES = "workers.files.retention"
NEVER, AFTER, ANSWERS = "24 months", "7 years", "2 years"

TERMS: tuple[Term, ...] = (
    Term(
        "people", _("Never placed: 24 months after they were recorded. Placed: seven years after the last stay was over."),
        Fate.BLANKED,
        ("Person", "IdentityDocument", "Consent", "JourneyEvent", "Hold", "History"), PEOPLE,
    ),
    Term(
        "home", _("Contact, home situation and what look-alikes are sought by: with the person."), Fate.ERASED,
        ("PersonContact", "PersonBackground", "LikenessSign"), PEOPLE),
    Term("surveys", _("What was answered to surveys: with the person. That somebody was asked stays, and stands for nobody."), Fate.ERASED,
         ("SurveyAnswer",), PEOPLE),
    Term(
        "answers", _("What showed an answer, and the interpreter: two years after the stay was over."), Fate.BLANKED,
        ("CheckAnswer", "Check"), PEOPLE,
    ),
    Term(
        "files", _("Bytes of files, by their own terms (files.md)."), Fate.ERASED,
        ("DocumentFile", "CostFile", "TrainingFile", "AnswerFile", "StepFile", "GrievanceFile"), FILES,
    ),
    Term(
        "sheets", _("Sent spreadsheets with their rows and withheld words: 90 days."), Fate.ERASED,
        ("ImportFile", "ImportRow", "ImportEdit", "ImportRest", "WithheldText", "WithheldReading"), FILES,
    ),
    Term("downloads", _("Lists as files: one day."), Fate.ERASED, ("ExportPiece",), FILES),
    Term("extracts", _("Extracts for research: until they expire, a week after they were made."), Fate.ERASED, ("ResearchFile",),
         "reports.research.retention"),
    Term(
        "confidence", _("As agreed with the person and the law. Counted for a yearly review, never deleted by the clock."),
        Fate.KEPT,
        (
            "PrivateNote", "Grievance", "GrievanceIdentity", "GrievanceEvent", "GrievanceMessage", "GrievanceOffer",
            "GrievanceOpening",
        ),
    ),
    Term(
        "records", _("Once the person is blanked they stand for nobody; figures and ledgers are counted from them."), Fate.KEPT,
        (
            "PayRecord", "CostItem", "TrainingRecord", "ContractVersion", "DeductionAgreement", "Debt", "Insurance",
            "Travel", "Ban", "ContactAttempt", "CampaignAnswer", "Finding", "FindingEvent", "Waiver", "CorrectiveAction",
            "CorrectiveStep", "RemedyEntry", "Settlement", "SettlementLine", "SettlementEnd", "DutyStart", "DutyDischarge",
            "LikePair", "LikeDecision", "MergeEvent", "SurveyContact",
        ),
    ),
    Term("places", _("About houses and not about people."), Fate.KEPT, ("Room", "RoomInspection")),
    Term("heads", _("Who sent or took which list, as proof."), Fate.KEPT, ("ImportBatch", "Export")),
    Term("codes", _("A hash of a code; it says nothing without the card."), Fate.KEPT, ("ConcernCode",)),
    Term("accounts", _("As long as somebody works with the portal."), Fate.KEPT, ("User", "Invitation")),
)  # fmt: skip
