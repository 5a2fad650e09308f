"""The case-work pages: lists, placements, cohorts, and what is done there."""

from datetime import date

from pilots.models import Pilot
from workers.journey import taking_back
from workers.legal_holds import place
from workers.models import Consent, Hold, LegalHold, MoveCorrection, PaperRequest


def _hold(cast, code):
    placement = cast.placement(code)
    with cast.acting("ines") as by:
        return Hold.objects.create(
            pilot=Pilot.objects.get(pk=placement.pilot_id), placement=placement, recruiter_id=placement.recruiter_id,
            employer_id=placement.employer_id, source=f"person:{by.user_id}:1", words="A paper is awaited.",
        ).pk  # fmt: skip


def _consent(cast, code):
    placement = cast.placement(code)
    with cast.acting("ines"):
        return Consent.objects.get(person_id=placement.person_id).pk


def _legal_hold(cast, code):
    placement = cast.placement(code)
    with cast.acting("mara") as by:
        hold = LegalHold(person=placement.person, reason="A claim in court.", review_on=date(2099, 1, 1))
        place(hold, by=by, today=date(2026, 7, 1))
        return hold.pk


def _correction(cast, code):
    """One that waits: it is asked once, however many walks read this table."""
    with cast.acting("ines") as by:
        waiting = MoveCorrection.objects.filter(placement=cast.placement(code), decision="").first()
        return (
            waiting.pk
            if waiting
            else taking_back.ask(taking_back.last_move(cast.placement(code).pk), by=by, why="A mistake.").pk
        )


def _paper_request(cast, code):
    one, day = cast.placement(code), date(2099, 1, 1)
    with cast.acting("ines") as by:
        return PaperRequest.objects.create(
            pilot_id=one.pilot_id, cohort=one.cohort, asked_id=one.recruiter_id, departs_on=day, due_on=day,
            user_id=by.user_id, organisation_id=by.organisation_id,
        ).pk  # fmt: skip


RESOLVE = {
    "hold": _hold, "consent": _consent, "legal_hold": _legal_hold, "correction": _correction, "paper_request": _paper_request,
}  # fmt: skip

OUTSIDE = {"kofi": 403, "nell": 403, "fay": 403, "zed": 302, "nobody": 302}
STRANGERS = {"dana": 404, "abel": 404}
PROGRAMME = {"ines": 200, "mara": 200}
READS = PROGRAMME | {"lena": 200, "rosa": 200}
# IH-001: recruited by Island Hands (sefo), works for Orchard Bay (omar).
ONE = {"sefo": 200, "tavi": 404, "omar": 200, "olga": 404}
ALL_PARTNERS = dict.fromkeys(("sefo", "tavi", "omar", "olga"), 200)
IH = {"pk": "placement=IH-001"}
V1 = {"pk": "cohort=V1"}
RECORDS = (
    PROGRAMME | {"sefo": 200, "tavi": 404, "omar": 403, "olga": 403, "lena": 403, "rosa": 403} | STRANGERS | OUTSIDE
)
LEGAL = {"mara": 200, "lena": 200} | dict.fromkeys(
    ("ines", "rosa", "sefo", "tavi", "omar", "olga", "dana", "abel"), 403
)
HOLDS = PROGRAMME | {"dana": 404} | dict.fromkeys(("lena", "rosa", "sefo", "tavi", "omar", "olga", "abel"), 403)


def changed(row: dict, status: int) -> dict:
    """The row with another answer where it says 200."""
    return {person: status if answer == 200 else answer for person, answer in row.items()}


MOVES = PROGRAMME | {"lena": 403, "rosa": 403} | OUTSIDE | STRANGERS
PAGES = [
    ("workers:list", {}, READS | ALL_PARTNERS | OUTSIDE | {"dana": 200, "abel": 200}),
    ("workers:find", {}, READS | ALL_PARTNERS | OUTSIDE | {"dana": 200, "abel": 200}),
    ("workers:pilot", {"slug": "pilot=verde"}, READS | ALL_PARTNERS | OUTSIDE | STRANGERS),
    ("workers:cohort", V1, READS | ALL_PARTNERS | OUTSIDE | STRANGERS),
    ("workers:placement", IH, READS | ONE | OUTSIDE | STRANGERS),
    ("workers:person", {"pk": "person=IH-001"}, READS | ONE | OUTSIDE | STRANGERS),
    ("workers:person_changes", {"pk": "person=IH-001"}, RECORDS),
    ("workers:history", IH, PROGRAMME | {"lena": 200, "dana": 404} | OUTSIDE
     | dict.fromkeys(("rosa", "sefo", "tavi", "omar", "olga", "abel"), 403)),
    # Without the version of the state they saw, movers are shown what stands there now.
    ("workers:moves", IH, changed(MOVES | ONE, 409), "post"),
    # Who may not read papers is not told which are missing.
    ("workers:readiness", V1, {k: v for k, v in RECORDS.items() if v != 200}
     | dict.fromkeys(("ines", "mara", "lena", "sefo", "tavi"), 200)),
    ("cohort_calendar", V1, READS | ALL_PARTNERS | OUTSIDE | STRANGERS),
    ("cohort_calendar_ics", V1, READS | ALL_PARTNERS | OUTSIDE | STRANGERS),
    ("workers:selection", V1, changed(MOVES | ALL_PARTNERS, 303), "post"),
    ("workers:cohort_moves", V1, changed(MOVES | ALL_PARTNERS, 303), "post"),
    ("workers:assignments", V1, changed(RECORDS | {"tavi": 200}, 303), "post"),
    ("workers:unassignments", V1, changed(RECORDS | {"tavi": 200}, 303), "post"),
    ("workers:enrolments", V1, RECORDS | {"tavi": 200}),
    ("workers:trainings", IH, RECORDS),
    ("workers:consents", IH, RECORDS),
    ("workers:documents", IH, RECORDS),
    ("workers:withdrawal", IH | {"consent_id": "consent=IH-001"}, {k: v for k, v in RECORDS.items() if v != 200}, "post"),
    ("workers:holds", IH, HOLDS | OUTSIDE),
    ("workers:legal_holds", {"pk": "person=IH-001"}, LEGAL | OUTSIDE),
    ("workers:legal_holds", {"pk": "person=IH-001"}, changed(LEGAL | OUTSIDE, 422), "post"),
    ("workers:legal_hold_lifting", {"pk": "legal_hold=IH-001"}, LEGAL | OUTSIDE),
    ("workers:legal_hold_lifting", {"pk": "legal_hold=IH-001"}, changed(LEGAL | OUTSIDE, 422), "post"),
    ("workers:standing_holds", {}, LEGAL | OUTSIDE),
    ("workers:lift", {"pk": "hold=IH-001"}, HOLDS | OUTSIDE),
    ("workers:last_move", IH, MOVES | ONE),
    ("workers:takings_back", IH, changed(MOVES | ONE, 303), "post"),
    ("workers:corrections_asked", IH, changed(MOVES | ONE, 422), "post"),
    ("workers:move_corrections", {}, MOVES | ALL_PARTNERS | {"dana": 200, "abel": 200}),
    ("workers:move_correction", {"pk": "correction=IH-001"}, MOVES | ONE),
    # One manager decides what somebody else has asked.
    ("workers:correction_decisions", {"pk": "correction=IH-001"},
     dict.fromkeys((*MOVES, *ONE), 403) | OUTSIDE | {"mara": 422}, "post"),
    # What one did oneself, within a day, is nobody else's to undo.
    ("workers:taking_back", {"act": "0" * 32}, changed(MOVES | ALL_PARTNERS, 404)),
    ("workers:papers_asked", V1, changed(HOLDS | OUTSIDE, 422), "post"),
    ("workers:paper_requests", {}, READS | ALL_PARTNERS | OUTSIDE | {"dana": 200, "abel": 200}),
    # Asked of Island Hands by the programme.
    ("workers:paper_request", {"pk": "paper_request=IH-001"}, READS | ONE | OUTSIDE | STRANGERS | {"rosa": 404, "omar": 404}),
    ("workers:papers_withdrawn", {"pk": "paper_request=IH-001"}, changed(HOLDS | OUTSIDE, 303), "post"),
    ("workers:workers_told", V1, changed(RECORDS | {"tavi": 200}, 303), "post"),
    ("workers:letters", V1, changed(HOLDS | OUTSIDE, 422), "post"),
]  # fmt: skip
