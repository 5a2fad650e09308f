"""Terms of a placement, facts recorded by hand, rooms of a site, licences of recruiters."""

from tests.access.workers import IH, ONE, OUTSIDE, PROGRAMME, READS, STRANGERS, changed
from workers.models import Placement


def _site(cast, code):
    with cast.acting("ines"):
        return Placement.objects.get(person__worker_code=code).site_id


RESOLVE = {"site_of": _site}
SITE = {"pk": "site_of=IH-001"}
CONTRACTS = READS | ONE | {"lena": 403, "rosa": 403} | OUTSIDE | STRANGERS
DEBTS = (
    PROGRAMME | {"rosa": 200} | {"lena": 403, "sefo": 403, "tavi": 404, "omar": 403, "olga": 404} | OUTSIDE | STRANGERS
)
ROOMS = READS | {"sefo": 403, "tavi": 403, "omar": 200, "olga": 404, "dana": 404, "abel": 403} | OUTSIDE
LICENCES = READS | {"sefo": 200, "tavi": 200, "omar": 403, "olga": 403, "dana": 404, "abel": 404} | OUTSIDE
PAGES = [
    ("workers:terms", IH, READS | ONE | OUTSIDE | STRANGERS),
    ("workers:fact", IH | {"kind": "contracts"}, CONTRACTS),
    ("workers:fact", IH | {"kind": "contracts"}, changed(CONTRACTS, 422), "post"),
    ("workers:fact", IH | {"kind": "debts"}, DEBTS),
    ("workers:site", SITE, ROOMS),
    ("workers:inspections", SITE, ROOMS | {"lena": 403, "abel": 404}),
    ("workers:inspections", SITE, changed(ROOMS | {"lena": 403, "abel": 404}, 422), "post"),
    ("workers:licences", {"slug": "pilot=verde"}, LICENCES),
    ("workers:licences", {"slug": "pilot=verde"}, changed(LICENCES, 403) | {"ines": 422, "mara": 422}, "post"),
]
