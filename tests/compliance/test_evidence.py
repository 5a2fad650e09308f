"""Photos of a check: taken with the telephone in the form, as private as the answer, and never the loss of an answer."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEvent
from compliance.models import AnswerFile, Check, CheckAnswer
from tests.files import sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """The folder of this test's files."""
    files = {"BACKEND": "workers.files.storage.Folder", "OPTIONS": {"location": tmp_path / "kept"}}
    settings.STORAGES = {**settings.STORAGES, "files": files}
    return tmp_path / "kept"


def photo(content=None, name="IMG_2.jpg"):
    return SimpleUploadedFile(name, sent.photo() if content is None else content, "image/jpeg")


def panel(cast, code="IH-001"):
    return reverse("compliance:placement_panel", args=[cast.placement(code).pk])


def statuses(sign_in, row) -> dict[str, int]:
    url = reverse("compliance:check_file", args=[row.pk])
    return {name: sign_in(name).get(url).status_code for name in ("rosa", "lena", "ines", "omar", "sefo", "dana")}


def test_the_form_opens_the_camera_of_a_telephone_and_works_without_a_script(cast, sign_in):
    page = sign_in("rosa").get(reverse("compliance:check_new", args=[cast.placement("IH-001").pk])).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert 'name="D09-photo"' in page
    assert 'capture="environment"' in page
    assert 'accept="image/jpeg,image/png,image/webp"' in page


def test_a_photo_shows_an_answer(cast, sign_in, filled, today):
    data = filled(today, D09="no") | {"D09-photo": photo(sent.photo_with_place())}
    answer = sign_in("rosa").post(panel(cast), data)
    assert answer.status_code == 303
    with cast.acting("rosa"):
        row = AnswerFile.objects.get()
        assert (row.answer.answer, row.answer.evidence, row.answer.failed) == ("no", "photo", True)
        assert row.restricted is False
    page = sign_in("ines").get(answer["Location"]).content.decode()
    assert "A photo" in page
    assert reverse("compliance:check_file", args=[row.pk]) in page
    got = sign_in("ines").get(reverse("compliance:check_file", args=[row.pk]))
    assert b"CANARY" not in got.content
    assert statuses(sign_in, row) == {"rosa": 200, "lena": 200, "ines": 200, "omar": 403, "sefo": 403, "dana": 404}


def test_a_refused_photo_does_not_lose_the_answers(cast, sign_in, filled, today):
    data = filled(today, D09=("no", "worker alone"), D02=("yes", "document")) | {
        "D02-photo": photo(sent.svg()), "D09-photo": photo(),
    }  # fmt: skip
    answer = sign_in("rosa").post(panel(cast), data, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "D02: This is a web page or a drawing with code in it" in page
    assert "The answers are saved." in page
    with cast.acting("rosa"):
        assert set(CheckAnswer.objects.values_list("item", flat=True)) == {"D02", "D09"}
        assert AnswerFile.objects.get().answer.item == "D09"


def test_an_answer_that_only_a_refused_photo_showed_comes_back_with_everything_typed(cast, sign_in, filled, today):
    data = filled(today, D09="no") | {"D09-photo": photo(b"no photo"), "D02": "yes", "D02-by": "document",
                                      "D02-photo": photo(), "D02-note": "typed words"}  # fmt: skip
    answer = sign_in("rosa").post(panel(cast), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This is neither a photo nor a PDF" in page
    assert "Please choose it once more" in page
    assert "typed words" in page
    with cast.acting("rosa"):
        assert not Check.objects.exists()
        assert not AnswerFile.objects.exists()


def test_a_photo_without_an_answer_is_told(cast, sign_in, filled, today):
    data = filled(today, D02=("yes", "document")) | {"D09-photo": photo()}
    page = sign_in("rosa").post(panel(cast), data, follow=True).content.decode()
    assert "D09: the photo was not kept, because the item was not answered." in page


def test_what_was_seen_with_the_worker_alone_is_in_confidence(cast, sign_in, filled, today):
    data = filled(today, D09=("no", "worker alone")) | {"private": "on", "D09-photo": photo()}
    answer = sign_in("rosa").post(panel(cast), data)
    with cast.acting("rosa"):
        row = AnswerFile.objects.get()
        assert row.restricted is True
        assert row.pk > 2**40  # no number of a sequence, whose gaps would tell
        assert "photo" not in row.answer.evidence
    assert sign_in("rosa").get(reverse("compliance:check_file", args=[row.pk])).status_code == 200
    with cast.acting("ines"):
        assert not AuditEvent.objects.filter(object_kind="answerfile", action="read").exists()
    page = sign_in("ines").get(answer["Location"]).content.decode()
    assert str(row.pk) not in page
    assert "Photos and papers" not in page
    assert statuses(sign_in, row) == {"rosa": 200, "lena": 200, "ines": 404, "omar": 403, "sefo": 403, "dana": 404}


def test_a_form_sent_twice_keeps_one_check_and_one_photo(cast, sign_in, filled, today):
    content = sent.photo()
    rosa = sign_in("rosa")
    for _ in range(2):
        assert rosa.post(panel(cast), filled(today, D09="no") | {"D09-photo": photo(content)}).status_code == 303
    with cast.acting("rosa"):
        assert Check.objects.count() == 1
        assert AnswerFile.objects.count() == 1


def test_a_paper_is_added_later_on_the_page_of_the_check(cast, sign_in, filled, today):
    rosa = sign_in("rosa")
    where = rosa.post(panel(cast), filled(today, D02=("yes", "document")))["Location"]
    with cast.acting("rosa"):
        check = Check.objects.get()
    url = reverse("compliance:check_files", args=[check.pk])
    paper = SimpleUploadedFile("contract.pdf", sent.pdf(pages=2), "application/pdf")
    assert sign_in("ines").post(url, {"item": "D02", "file": paper}).status_code == 403
    paper.seek(0)
    assert "The file was kept." in rosa.post(url, {"item": "D02", "file": paper}, follow=True).content.decode()
    page = rosa.post(url, {"item": "D09", "file": photo()}, follow=True).content.decode()
    assert "Select a valid choice" in page
    assert "PDF, 2 pages" in rosa.get(where).content.decode()
    with cast.acting("rosa"):
        row = AnswerFile.objects.get()
    away = reverse("compliance:check_file_withdrawals", args=[row.pk])
    assert sign_in("ines").post(away, {"reason": "x"}).status_code == 403
    assert rosa.post(away, {"reason": "the wrong contract"}).status_code == 303
    assert rosa.get(reverse("compliance:check_file", args=[row.pk])).status_code == 404


def test_a_scanner_that_is_away_loses_no_answer(cast, sign_in, filled, today, settings):
    settings.FILE_SCANNER = "clamd:///nowhere"
    page = sign_in("rosa").post(
        panel(cast), filled(today, D02=("yes", "document")) | {"D02-photo": photo()}, follow=True
    ).content.decode()  # fmt: skip
    assert "the scanner does not answer" in page
    with cast.acting("rosa"):
        assert CheckAnswer.objects.get().item == "D02"
        assert not AnswerFile.objects.exists()
