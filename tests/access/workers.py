"""The case-work pages: lists, placements, cohorts, and what is done there."""

from datetime import date

from pilots.models import Pilot
from workers.legal_holds import place
from workers.models import Consent, Hold, LegalHold


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


RESOLVE = {"hold": _hold, "consent": _consent, "legal_hold": _legal_hold}

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
]  # fmt: skip
