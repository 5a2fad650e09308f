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
    """One line. ``fields``: Model, or Model.field. ``door``: where it happens; empty for what is kept. ``why``: for what it
    is kept until then."""

    code: str
    name: str | Promise
    words: str | Promise
    why: str | Promise
    fate: Fate
    fields: tuple[str, ...]
    door: str = ""


PEOPLE = "compliance.retaining.forgetting"
FILES = "workers.files.retention"
NEVER, AFTER, ANSWERS = "24 months", "7 years", "2 years"

TERMS: tuple[Term, ...] = (
    Term(
        "people",
        _("People"),
        _("Never placed: 24 months after they were recorded. Placed: seven years after the last stay was over."),
        _("Until then somebody who comes back is known again, and what is owed can still be claimed."),
        Fate.BLANKED,
        (
            "Person",
            "IdentityDocument",
            "Consent",
            "JourneyEvent",
            "MoveTakenBack",
            "MoveCorrection",
            "Hold",
            "LegalHold",
            "History",
        ),
        PEOPLE,
    ),
    Term(
        "home",
        _("Contact and home situation"),
        _("With the person; what look-alikes are sought by goes too."),
        _("To reach them, and to know two records of one person."),
        Fate.ERASED,
        ("PersonContact", "PersonBackground", "LikenessSign"),
        PEOPLE,
    ),
    Term(
        "words",
        _("What was typed about findings"),
        _("With the person, where the finding is over; of actions, where they name the person."),
        _("To show what was done about it."),
        Fate.BLANKED,
        ("Finding", "FindingEvent", "Waiver", "CorrectiveAction", "CorrectiveStep", "RemedyEntry"),
        PEOPLE,
    ),
    Term(
        "notes",
        _("Notes and tasks"),
        _("With the person; those about a cohort with the last of its people."),
        _("Colleagues read what was agreed and why."),
        Fate.BLANKED,
        ("Note", "Task"),
        PEOPLE,
    ),
    Term(
        "surveys",
        _("Answers to surveys"),
        _("With the person. That somebody was asked stays, and stands for nobody."),
        _("To compare what the same people say from round to round."),
        Fate.ERASED,
        ("SurveyAnswer",),
        PEOPLE,
    ),
    Term(
        "answers",
        _("What showed an answer"),
        _("Two years after the stay was over, with the name of the interpreter. The answer stays."),
        _("To follow up what a visit found."),
        Fate.BLANKED,
        ("CheckAnswer", "Check"),
        PEOPLE,
    ),
    Term(
        "files",
        _("Files"),
        _("By the term of each kind, below. The row with hash and day stays."),
        _("A copy is proof only as long as somebody may ask for it."),
        Fate.ERASED,
        ("DocumentFile", "CostFile", "TrainingFile", "AnswerFile", "StepFile", "GrievanceFile"),
        FILES,
    ),
    Term(
        "sheets",
        _("Sent spreadsheets"),
        _("90 days after they were sent, with their rows and withheld words."),
        _("To take a sheet back, or to send its rest again."),
        Fate.ERASED,
        ("ImportFile", "ImportRow", "ImportEdit", "ImportRest", "WithheldText", "WithheldReading"),
        FILES,
    ),
    Term(
        "downloads",
        _("Downloads"),
        _("One day after they were made."),
        _("A list on the server helps nobody who has it."),
        Fate.ERASED,
        ("ExportPiece",),
        FILES,
    ),
    Term(
        "extracts",
        _("Extracts for research"),
        _("When they expire, a week after they were made."),
        _("Long enough to fetch one."),
        Fate.ERASED,
        ("ResearchFile",),
        "reports.research.retention",
    ),
    Term(
        "confidence",
        _("Told in confidence"),
        _("As agreed with the person and the law. Counted for a yearly review, never deleted by the clock."),
        _("Whoever told it decides with those who were told."),
        Fate.KEPT,
        (
            "PrivateNote",
            "Grievance",
            "GrievanceIdentity",
            "GrievanceEvent",
            "GrievanceMessage",
            "GrievanceOffer",
            "GrievanceOpening",
        ),
    ),
    Term(
        "records",
        _("Records of work and pay"),
        _("Once the person is blanked they stand for nobody; figures and ledgers are counted from them."),
        _("Reports are counted from them for years."),
        Fate.KEPT,
        (
            "PayRecord",
            "CostItem",
            "TrainingRecord",
            "ContractVersion",
            "DeductionAgreement",
            "Debt",
            "Insurance",
            "Travel",
            "Ban",
            "ContactAttempt",
            "CampaignAnswer",
            "Settlement",
            "SettlementLine",
            "SettlementEnd",
            "DutyStart",
            "DutyDischarge",
            "LikePair",
            "LikeDecision",
            "MergeEvent",
            "SurveyContact",
        ),
    ),
    Term(
        "places",
        _("Places"),
        _("About houses and not about people."),
        _("They say nothing about a person."),
        Fate.KEPT,
        ("Room", "RoomInspection"),
    ),
    Term(
        "heads",
        _("Heads of sheets and lists"),
        _("Who sent or took which list, as proof."),
        _("To show who had which list."),
        Fate.KEPT,
        ("ImportBatch", "Export"),
    ),
    Term(
        "codes",
        _("Codes of workers"),
        _("A hash of a code; it says nothing without the card."),
        _("A card that was handed over must still reach somebody."),
        Fate.KEPT,
        ("ConcernCode",),
    ),
    Term(
        "accounts",
        _("Accounts"),
        _("As long as somebody works with the portal."),
        _("Who did what stays known."),
        Fate.KEPT,
        ("User", "Invitation"),
    ),
)
