"""Cases, and the page where a worker raises a concern without an account."""

from datetime import UTC, date, datetime

from tests.access.compliance import AWAY, NO_VERB, OFFICERS, WELFARE, _post

ON = date(2026, 7, 1)


def _file(cast, code: str, *, readers=("lena",), **more):
    from compliance.grievances.filing import file

    placement = cast.placement(code)
    ids = [cast.user(name).pk for name in readers]
    given = {"category": "threats", "account": "told", "channel": "in person", "limits_told": True} | more
    with cast.acting("rosa") as by:
        return file(
            by=by, on=ON, pilot_id=placement.pilot_id, placement=placement, reader_ids=ids, **given
        ).grievance  # fmt: skip


def _offer(cast, code: str) -> int:
    from compliance.grievances.offers import offer

    found, lena = _file(cast, code, readers=()), cast.user("lena").pk
    with cast.acting("rosa") as by:
        return offer(
            found, by=by, on=ON, kind="referral", purpose="x", consent_on=ON, consent_how="told me", to_user_id=lena
        ).pk


def _opening(cast, code: str) -> int:
    from compliance.grievances.glass import open_now

    found = _file(cast, code, readers=())
    with cast.acting("lena") as by:
        return open_now(found.code, "Rosa cannot be reached and he calls.", by=by, at=datetime.now(UTC)).pk


def _poster(cast, code: str) -> int:
    from compliance.grievances import codes
    from compliance.models import ConcernCode
    from pilots.models import Site

    placement = cast.placement(code)
    with cast.acting("rosa") as by:
        codes.issue_at(Site.objects.get(pk=placement.site_id), by=by, on=ON)
        return ConcernCode.objects.get(site_id=placement.site_id).pk


RESOLVE = {
    "case": lambda cast, code: _file(cast, code).code,
    "offer": _offer,
    "opening": _opening,
    "poster": _poster,
}
HANDLE = NO_VERB | AWAY | OFFICERS | WELFARE | {"dana": 200}
TOLD = NO_VERB | AWAY | dict.fromkeys(("ines", "mara", "dana"), 403) | WELFARE
# A case names Rosa and Lena; whoever else may handle cases is told what anybody is told of a code that does not exist.
NAMED = NO_VERB | AWAY | dict.fromkeys(("ines", "mara", "dana"), 404) | WELFARE
EVERYBODY = dict.fromkeys(("ines", "rosa", "omar", "sefo", "fay", "kofi", "dana", "zed", "nobody"), 200)
CODE = {"code": "case=IH-001"}
ACTS = ("notes", "messages", "changes", "concerned", "restrictions", "offers")
PAGES = [
    ("compliance:cases", {}, HANDLE),
    ("compliance:cases", {}, _post(HANDLE, 404), "post"),
    ("compliance:case_new", {}, HANDLE),
    ("compliance:case_told", {}, TOLD),
    ("compliance:case", CODE, NAMED),
    ("compliance:case", {"code": "C-2222222"}, NAMED | {"rosa": 404, "lena": 404}),
    ("compliance:readings", CODE, NAMED, "post"),
    *((f"compliance:case_{act}", CODE, _post(NAMED, 404 if act == "restrictions" else 422), "post") for act in ACTS),
    *((f"compliance:case_{act}", CODE, _post(NAMED, 404), "post") for act in ("moves", "readers", "identities")),
    # A safeguarding lead or a programme manager among its readers; the test beside says what happens.
    ("compliance:case_legal_holds", CODE, _post(NAMED, 404), "post"),
    # Of a file that is not there: who reads one is in tests/grievances/test_attachments.py.
    ("compliance:case_file", CODE | {"pk": 1}, _post(NAMED, 404), "post"),
    ("compliance:case_file_withdrawals", CODE | {"pk": 1}, _post(NAMED, 404), "post"),
    ("compliance:case_takings", CODE, NAMED | {"ines": 403, "mara": 403, "dana": 403, "rosa": 404, "lena": 404}, "post"),
    ("compliance:openings", {}, HANDLE),
    ("compliance:openings", {}, _post(HANDLE, 422), "post"),
    ("compliance:opening_reviews", {"pk": "opening=IH-001"}, NAMED),
    ("compliance:opening_reviews", {"pk": "opening=IH-001"}, _post(NAMED, 422), "post"),
    ("compliance:offer_answers", {"pk": "offer=IH-001"}, NAMED | {"rosa": 404}),
    ("compliance:offer_answers", {"pk": "offer=IH-001"}, _post(NAMED, 422) | {"rosa": 404}, "post"),
    ("compliance:offer_revocations", {"pk": "offer=IH-001"}, _post(NAMED, 303) | {"lena": 404}, "post"),
    ("compliance:concern_codes", {}, HANDLE),
    ("compliance:concern_codes", {}, _post(HANDLE, 404), "post"),
    ("compliance:poster", {"pk": "poster=IH-001"}, HANDLE | {"dana": 404}),
    ("compliance:code_revocations", {"pk": "poster=IH-001"}, _post(HANDLE, 303) | {"dana": 404}, "post"),
    ("compliance:hotline", {"slug": "pilot=verde"}, HANDLE | {"dana": 404}),
    ("compliance:hotline", {"slug": "pilot=verde"}, _post(HANDLE, 303) | {"dana": 404}, "post"),
    ("compliance:concern", {}, EVERYBODY),
    ("compliance:concern", {}, _post(EVERYBODY, 422), "post"),
    ("compliance:concern_follow", {}, EVERYBODY),
    ("compliance:concern_follow", {}, _post(EVERYBODY, 422), "post"),
    ("compliance:concern_answers", {}, _post(EVERYBODY, 422), "post"),
    ("compliance:concern_photos", {}, _post(EVERYBODY, 422), "post"),
]  # fmt: skip
