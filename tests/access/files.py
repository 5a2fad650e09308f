"""The files of papers, costs, trainings and answers."""

from datetime import date
from decimal import Decimal

from tests.access.compliance import RECORD, SEE
from tests.access.workers import OUTSIDE, PROGRAMME, STRANGERS
from workers.models import CostItem, IdentityDocument, TrainingRecord


def _document(cast, code):
    placement = cast.placement(code)
    with cast.acting("ines"):
        return IdentityDocument.objects.filter(person_id=placement.person_id).order_by("pk").first()


def _of_placement(placement) -> dict:
    return {
        "pilot_id": placement.pilot_id, "placement": placement, "recruiter_id": placement.recruiter_id,
        "employer_id": placement.employer_id,
    }  # fmt: skip


def _cost(cast, code):
    placement = cast.placement(code)
    with cast.acting("ines"):
        return CostItem.objects.create(
            **_of_placement(placement), cohort_id=placement.cohort_id, item="visa", amount=Decimal("120"),
            currency="NZD", paid_on=date(2026, 1, 10), paid_by="worker",
        )  # fmt: skip


def _training(cast, code):
    placement = cast.placement(code)
    with cast.acting("ines"):
        return TrainingRecord.objects.create(
            **_of_placement(placement), course="Orchard safety", held_on=date(2026, 1, 20), passed=True
        )


MADE = {"document": _document, "cost": _cost, "training": _training}


def _file(kind: str):
    """A file of a record of this kind, kept in the storage of the test."""

    def make(cast, code):
        from tests.files import sent
        from workers.files.door import keep
        from workers.files.records import KINDS

        record = MADE[kind](cast, code)
        with cast.acting("ines") as by:
            return keep(KINDS[kind].files, sent.photo(), by=by, **KINDS[kind].owners(record)).pk

    return make


RESOLVE = {kind: lambda cast, code, make=make: make(cast, code).pk for kind, make in MADE.items()}
RESOLVE |= {f"{kind}_file": _file(kind) for kind in MADE}

# IH-001: recruited by Island Hands (sefo), works for Orchard Bay (omar). Who lacks the table is told so.
NO_TABLE = dict.fromkeys(("omar", "olga"), 403)
PAPERS = PROGRAMME | {"lena": 200, "rosa": 403, "sefo": 200, "tavi": 404} | NO_TABLE | STRANGERS | OUTSIDE
COSTS = PROGRAMME | {"lena": 200, "rosa": 200, "sefo": 403, "tavi": 403, "dana": 404, "abel": 403} | NO_TABLE | OUTSIDE
TRAININGS = (
    PROGRAMME | {"lena": 200, "rosa": 200, "sefo": 200, "tavi": 404, "omar": 200, "olga": 404} | STRANGERS | OUTSIDE
)


def _taking_back(read: dict, write: set[str]) -> dict:
    """Withdrawn without a reason: sent back with the sentence, by whoever may."""
    return {
        name: 303 if status == 200 and name in write else 403 if status == 200 else status
        for name, status in read.items()
    } | dict.fromkeys(("omar", "olga"), 403)


def _answer_file(cast, code):
    from compliance.checking import Answered, record_check
    from compliance.evidence import attach
    from compliance.models import AnswerFile
    from tests.files import sent
    from workers.files.door import look

    placement, on = cast.placement(code), date(2026, 7, 1)
    with cast.acting("rosa") as by:
        answers = {"D02": Answered("yes", shown_by="document")}
        done = record_check(placement.pk, "employment", answers, by=by, done_on=on, today=on)
        attach(done.checks, {"D02": look(sent.photo())}, by=by)
        return AnswerFile.objects.get(answer__check_record__in=done.checks).pk


RESOLVE["answer_file"] = _answer_file
ANSWER = {"pk": "answer_file=IH-001"}
PAGES = [
    ("compliance:check_files", {"pk": "check=IH-001"}, RECORD | {"rosa": 303, "lena": 303}, "post"),
    ("compliance:check_file", ANSWER, SEE),
    ("compliance:check_file_withdrawals", ANSWER, RECORD | {"rosa": 303, "lena": 303}, "post"),
    ("workers:document_files", {"pk": "document=IH-001"}, PAPERS),
    ("workers:document_file", {"pk": "document_file=IH-001"}, PAPERS),
    ("workers:document_file_withdrawals", {"pk": "document_file=IH-001"},
     _taking_back(PAPERS, {"ines", "mara", "sefo"}), "post"),
    ("workers:cost_files", {"pk": "cost=IH-001"}, COSTS),
    ("workers:cost_file", {"pk": "cost_file=IH-001"}, COSTS),
    ("workers:cost_file_withdrawals", {"pk": "cost_file=IH-001"}, _taking_back(COSTS, {"ines", "mara", "rosa"}), "post"),
    ("workers:training_files", {"pk": "training=IH-001"}, TRAININGS),
    ("workers:training_file", {"pk": "training_file=IH-001"}, TRAININGS),
    ("workers:training_file_withdrawals", {"pk": "training_file=IH-001"},
     _taking_back(TRAININGS, {"ines", "mara", "sefo"}), "post"),
]  # fmt: skip
