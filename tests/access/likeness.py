"""Look-alikes are the programme's; somebody new is recorded by who may send a list of workers."""

from tests.access.workers import OUTSIDE, changed
from tests.workers.likeness.people import record
from workers.likeness.finding import seek
from workers.models import LikePair, MergeEvent


def _pair(cast, code):
    record(cast, "sefo", f"{code}-1")
    record(cast, "sefo", f"{code}-2")
    seek()
    with cast.acting("ines"):
        return LikePair.objects.get(first__worker_code=f"{code}-1").pk


def _merge(cast, code):
    a, b = record(cast, "sefo", f"{code}-1"), record(cast, "sefo", f"{code}-2")
    with cast.acting("ines") as by:
        return MergeEvent.objects.create(
            pilot_id=a.pilot_id, kind="merge", keep=a, other=b, reason="The same.", user_id=by.user_id
        ).pk


RESOLVE = {"pair": _pair, "merge": _merge}
OTHERS = dict.fromkeys(("lena", "rosa", "sefo", "tavi", "omar", "olga", "abel"), 403)
PROGRAMME = {"ines": 200, "mara": 200}
RECORDERS = PROGRAMME | dict.fromkeys(("sefo", "tavi", "dana", "abel"), 200)
NOT_RECORDERS = dict.fromkeys(("lena", "rosa", "omar", "olga"), 403) | OUTSIDE
PAGES = [
    ("workers:alike", {}, PROGRAMME | {"dana": 200} | OTHERS | OUTSIDE),
    ("workers:pair", {"pk": "pair=ALK"}, PROGRAMME | {"dana": 404} | OTHERS | OUTSIDE),
    ("workers:pair_decisions", {"pk": "pair=ALD"}, changed(PROGRAMME, 422) | {"dana": 404} | OTHERS | OUTSIDE, "post"),
    ("workers:merge_undoing", {"pk": "merge=ALM"}, changed(PROGRAMME, 303) | {"dana": 404} | OTHERS | OUTSIDE, "post"),
    ("workers:new_person", {}, RECORDERS | NOT_RECORDERS),
    ("workers:new_person_alike", {}, RECORDERS | NOT_RECORDERS, "post"),
]
