"""A file is seen by who sees its record, leaves as a download that harms nobody, and its reading is recorded."""

import hashlib
import os

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from tests.files import sent
from workers.files.door import keep
from workers.files.records import KINDS
from workers.models import CostFile, DocumentFile, IdentityDocument, TrainingFile

pytestmark = pytest.mark.django_db
READERS = {
    "document": {"ines": 200, "mara": 200, "lena": 200, "sefo": 200, "tavi": 404, "rosa": 403, "omar": 403, "olga": 403,
                 "dana": 404, "abel": 404, "kofi": 403, "fay": 403, "zed": 302},
    "cost": {"ines": 200, "lena": 200, "rosa": 200, "sefo": 403, "tavi": 403, "omar": 403, "olga": 403, "dana": 404,
             "kofi": 403, "fay": 403, "zed": 302},
    "training": {"ines": 200, "lena": 200, "rosa": 200, "sefo": 200, "tavi": 404, "omar": 200, "olga": 404, "dana": 404,
                 "kofi": 403, "fay": 403, "zed": 302},
}  # fmt: skip


@pytest.mark.parametrize("code", READERS)
def test_a_file_is_handed_to_the_readers_of_its_record_and_to_nobody_else(code, records, sign_in):
    url = reverse(f"workers:{code}_file", args=[getattr(records, f"{code}_file").pk])
    answers = {name: sign_in(name).get(url).status_code for name in READERS[code]}
    assert answers == READERS[code]


def test_a_download_cannot_be_shown_run_or_kept_on_the_way(records, sign_in):
    row = records.document_file
    answer = sign_in("ines").get(reverse("workers:document_file", args=[row.pk]))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == f'attachment; filename="paper-{row.pk}.jpg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "no-store, private"
    assert hashlib.sha256(answer.content).hexdigest() == row.sha256
    assert b"Sione" not in answer.content
    assert "Sione" not in str(answer.headers)


def test_each_download_is_recorded(records, sign_in, cast):
    sign_in("sefo").get(reverse("workers:document_file", args=[records.document_file.pk]))
    sefo = cast.user("sefo").pk
    with cast.acting("ines"):
        found = AuditEvent.objects.filter(object_kind="documentfile", object_id=records.document_file.pk)
        assert [(e.action, e.user_id) for e in found] == [("read", sefo)]


@pytest.mark.parametrize("code", READERS)
def test_a_photo_is_added_on_the_page_of_the_record(code, records, sign_in, upload, cast):
    record = getattr(records, code)
    url = reverse(f"workers:{code}_files", args=[record.pk])
    answer = sign_in("ines").post(url, {"file": upload(sent.photo_with_place())})
    assert answer.status_code == 303
    with cast.acting("ines"):
        kind = KINDS[code]
        row = kind.files.objects.filter(**{kind.key: record}).latest("pk")
    assert (row.original_name, row.media_type, row.user_id) == ("IMG_1.jpg", "image/jpeg", cast.user("ines").pk)


def test_a_welfare_officer_adds_a_receipt_and_no_certificate(records, sign_in, upload):
    rosa = sign_in("rosa")
    assert rosa.post(reverse("workers:cost_files", args=[records.cost.pk]), {"file": upload()}).status_code == 303
    assert (
        rosa.post(reverse("workers:training_files", args=[records.training.pk]), {"file": upload()}).status_code == 403
    )
    assert sign_in("omar").post(
        reverse("workers:training_files", args=[records.training.pk]), {"file": upload()}
    ).status_code == 403  # fmt: skip


def test_a_refused_file_is_a_sentence_and_nothing_is_stored(records, sign_in, upload, folder, cast):
    before = sum(len(files) for _, _, files in os.walk(folder))
    url = reverse("workers:document_files", args=[records.document.pk])
    answer = sign_in("ines").post(url, {"file": upload(sent.svg(), "passport.jpg")})
    assert answer.status_code == 422
    assert "web page or a drawing with code" in answer.content.decode()
    assert sum(len(files) for _, _, files in os.walk(folder)) == before
    assert sign_in("ines").post(url, {}).status_code == 422


def test_a_refused_copy_loses_nothing_else_of_the_form(sign_in, upload, cast):
    placement = cast.placement("IH-001")
    url = reverse("workers:documents", args=[placement.pk])
    data = {"kind": "visa", "number": "V 778899", "country": "NZ", "expires_on": "2027-01-01"}
    answer = sign_in("ines").post(url, {**data, "file": upload(sent.zipped(), "visa.pdf")})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This is an archive" in page
    assert all(f'value="{value}"' in page for value in ("V 778899", "NZ", "2027-01-01"))
    with cast.acting("ines"):
        assert not IdentityDocument.objects.filter(number="V778899").exists()
    answer = sign_in("ines").post(url, {**data, "file": upload(sent.pdf(), "visa.pdf", "application/pdf")})
    assert answer.status_code == 303
    with cast.acting("ines"):
        row = DocumentFile.objects.get(document__number="V778899")
        assert (row.pages, row.recruiter_id) == (1, placement.recruiter_id)


def test_the_placement_page_leads_to_the_files(records, sign_in):
    page = sign_in("ines").get(reverse("workers:placement", args=[records.placement.pk])).content.decode()
    for code in ("document", "cost", "training"):
        assert reverse(f"workers:{code}_files", args=[getattr(records, code).pk]) in page


def test_a_withdrawn_file_is_handed_to_nobody_and_its_row_stays(records, sign_in, cast):
    row = records.document_file
    url = reverse("workers:document_file_withdrawals", args=[row.pk])
    assert sign_in("tavi").post(url, {"reason": "x"}).status_code == 404
    assert sign_in("omar").post(url, {"reason": "x"}).status_code == 403
    ines = sign_in("ines")
    assert ines.post(url, {"reason": " "}, follow=True).content.decode().count("Say why") == 1
    assert ines.get(reverse("workers:document_file", args=[row.pk])).status_code == 200
    assert ines.post(url, {"reason": "of somebody else"}).status_code == 303
    assert ines.get(reverse("workers:document_file", args=[row.pk])).status_code == 404
    page = ines.get(reverse("workers:document_files", args=[records.document.pk])).content.decode()
    assert "of somebody else" in page
    with cast.acting("ines"):
        row.refresh_from_db()
        assert (row.sha256, row.withdrawn_by_id) == (records.document_file.sha256, cast.user("ines").pk)


def test_a_file_that_was_changed_on_disk_is_not_handed_out(records, sign_in, folder):
    path = folder / records.cost_file.stored_as
    path.write_bytes(b"<script>alert(1)</script>")
    assert sign_in("ines").get(reverse("workers:cost_file", args=[records.cost_file.pk])).status_code == 404
    path.unlink()
    assert sign_in("ines").get(reverse("workers:cost_file", args=[records.cost_file.pk])).status_code == 404


def test_a_link_put_in_the_place_of_a_file_is_not_followed(records, sign_in, folder, tmp_path):
    path = folder / records.cost_file.stored_as
    secret = tmp_path / "secret"
    secret.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(secret)
    assert sign_in("ines").get(reverse("workers:cost_file", args=[records.cost_file.pk])).status_code == 404


def test_a_record_of_another_pilot_takes_no_file(records, sign_in, upload):
    for code in ("document", "cost", "training"):
        url = reverse(f"workers:{code}_files", args=[getattr(records, code).pk])
        assert sign_in("dana").post(url, {"file": upload()}).status_code in {403, 404}
    for model in (DocumentFile, CostFile, TrainingFile):
        assert model.objects.count() == 0  # outside any scope the tables are empty


def test_files_do_not_add_statements_to_the_page_of_a_placement(records, sign_in, cast, django_assert_max_num_queries):
    ines = sign_in("ines")
    url = reverse("workers:placement", args=[records.placement.pk])
    ines.get(url)
    with cast.acting("ines") as by:
        for _ in range(5):
            keep(CostFile, sent.photo(), by=by, **KINDS["cost"].owners(records.cost))
    with django_assert_max_num_queries(45):
        ines.get(url)
