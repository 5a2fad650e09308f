"""With and without a rival's look-alike a recruiter's every answer is the same to the byte, and its sheet too."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Job
from accounts.scope import acting_as, operator_scope
from lamp_portal.tasks import run_job, seek_look_alikes
from tests.compliance.test_two_worlds import NOISE
from tests.conftest import signed_in, start_over
from tests.workers.likeness.people import record
from tests.workers.sheets.test_door import workbook
from workers.likeness.cards import row_card
from workers.likeness.signs import candidates
from workers.models import ImportBatch, ImportRow, LikePair
from workers.sheets.door import check, open_batch

pytestmark = pytest.mark.django_db(transaction=True)
CLOCK = re.compile(rb'datetime="20\d\d-\d\d-\d\dT[^"]*">[^<]*<|\d\d:\d\d(:\d\d)?|seconds="\d+"')
HEADERS = ["Worker ID", "Family name", "Given names", "Sex", "Date of birth", "Nationality", "Phone"]
ROWS = [["N-1", "Tauelangi", "Sione Mafi", "M", "1994-05-17", "Tonga", "7712345"],
        ["N-2", "Fonua", "Losa", "F", "1996-02-02", "Tonga", ""]]  # fmt: skip
TYPED = {"worker_id": "N-3", "family_name": "Tauelangi", "given_names": "Sione Mafi", "birth_date": "1994-05-17"}


def plain(content: bytes) -> bytes:
    """A page without tokens and clock times."""
    return CLOCK.sub(b"", NOISE.sub(b"", content))


def day(cast, rival: bool) -> tuple[list[bytes], list]:
    """A day of tavi, with or without a record of Sione by sefo. Sefo records somebody in both, so that numbers agree."""
    facts = {} if rival else {"family_name": "Vea", "given_names": "Ana", "birth_date": None, "sex": "F"}
    record(cast, "sefo", "S-1", phone="7712345" if rival else "8800001", **facts)
    record(cast, "tavi", "T-1", family_name="Fonua", given_names="Losa")
    seek_look_alikes()
    tavi, pilot = signed_in(cast.user("tavi")), cast.pilot()
    seen = [tavi.post(reverse("workers:new_person_alike"), TYPED | {"pilot": pilot.pk}).content]
    file = SimpleUploadedFile("list.csv", "\n".join(",".join(row) for row in [HEADERS, *ROWS]).encode())
    sent = tavi.post(reverse("workers:imports"), {"kind": "workers", "pilot": pilot.pk, "file": file})
    assert sent.status_code == 303, sent.content
    with cast.acting("tavi"):
        batch = ImportBatch.objects.latest("pk")
    _work()
    seen.append(tavi.get(f"/imports/{batch.pk}/").content)
    with cast.acting("tavi"):
        kept = list(ImportRow.objects.filter(batch=batch).order_by("pk").values_list("verdict", "warnings", "problems"))
    recorded = tavi.post(reverse("workers:new_person"), TYPED | {"pilot": pilot.pk})
    seen.append(recorded.content + recorded.headers.get("Location", "").encode())
    seek_look_alikes()
    for address in ("/", "/placements/", "/placements/?q=Sione", "/placements/?q=7712345", "/imports/", "/jobs/", recorded.url,
                    "/people/new/", "/people/alike/"):  # fmt: skip
        answer = tavi.get(address)
        seen.append(b"%d " % answer.status_code + answer.content)
    return [plain(page) for page in seen], kept


def _work() -> None:
    with acting_as(operator_scope()):
        waiting = list(Job.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True))
    for pk in waiting:
        run_job(pk)


def test_a_rivals_look_alike_changes_nothing_that_a_recruiter_sees(cast):
    start_over()
    without = day(cast, rival=False)
    start_over()
    with_rival = day(cast, rival=True)
    try:
        assert with_rival[1] == without[1]
        for n, (mine, theirs) in enumerate(zip(without[0], with_rival[0], strict=True)):
            assert mine == theirs, n
        with cast.acting("ines"):
            assert LikePair.objects.filter(first__worker_code="S-1", second__worker_code="N-3").exists()
    finally:
        start_over()


def test_a_recruiters_search_reads_its_own_signs_alone(cast):
    start_over()
    try:
        record(cast, "sefo", "S-1", phone="7712345")
        seek_look_alikes()
        asked = [row_card(TYPED | {"phone": "7712345"})]
        with cast.acting("tavi") as by:
            assert candidates(asked, cast.pilot().pk, recruiter_id=by.organisation_id) == {}
            assert candidates(asked, cast.pilot().pk) == {}
        with cast.acting("ines"):
            assert len(candidates(asked, cast.pilot().pk)[0]) == 1
    finally:
        start_over()


def test_the_sheet_of_a_recruiter_warns_of_its_own_and_refuses_nothing(cast):
    start_over()
    try:
        record(cast, "tavi", "T-1", phone="7712345")
        seek_look_alikes()
        with cast.acting("tavi") as by:
            batch = check(open_batch(workbook(ROWS, HEADERS), "l.xlsx", "workers", cast.pilot(), by=by), by=by)
            rows = dict(ImportRow.objects.filter(batch=batch).values_list("row_number", "warnings"))
            verdicts = set(ImportRow.objects.filter(batch=batch).values_list("verdict", flat=True))
        assert [w["code"] for w in rows[2]] == ["alike_strong"]
        assert "T-1" in rows[2][0]["message"]
        assert rows[3] == []
        assert verdicts == {"new"}
    finally:
        start_over()
