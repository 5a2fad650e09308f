"""Photos a worker sends without an account: only what they are by content is kept, and only the case's readers see them."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from compliance.grievances import attachments, codes
from compliance.models import Grievance, GrievanceEvent, GrievanceFile
from lamp_portal.deleting import EVERY_RULE
from tests.files import sent
from workers.files import storage
from workers.files.retention import delete_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_was_here_yet")]
BIG = re.compile(rb'code-big">([0-9A-Z-]{19})<')
CODE = re.compile(rb"C-[0-9A-Z]{7}")


def upload(content=None, name="CANARY-Mele.jpg"):
    return SimpleUploadedFile(name, sent.photo_with_place() if content is None else content)


def tell(client, code, *files, **more):
    data = {"code": code, "words": "CANARY-words", "photos": list(files)} | more
    return client.post(reverse("compliance:concern"), data)


def told(client, code, *files):
    answer = tell(client, code, *files)
    return CODE.search(answer.content)[0].decode(), BIG.search(answer.content)[1].decode(), answer


def files_of(cast, code, who="lena"):
    with cast.acting(who):
        return list(GrievanceFile.objects.filter(grievance__code=code))


def stored() -> int:
    store = storage.store()
    return sum(len(store.listdir(folder)[1]) for folder in store.listdir("")[0])


def test_a_photo_is_drawn_anew_and_kept_with_the_words(cast, client, own_code):
    code, _followup, answer = told(client, own_code, upload())
    (file,) = files_of(cast, code)
    content = storage.get(file.stored_as)
    assert sent.GPS_CANARY not in content
    assert (file.media_type, file.user_id, file.organisation_id) == ("image/jpeg", None, None)
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert b"Photos or papers" in answer.content


def test_a_refused_photo_costs_no_words_and_the_receipt_says_why(cast, client, own_code):
    code, _followup, answer = told(client, own_code, upload(sent.gif_script(), "holiday.jpg"), upload())
    assert len(files_of(cast, code)) == 1
    assert b"Not every photo was kept" in answer.content


def test_more_than_three_at_once_and_a_slip_in_the_code_are_refused_before_any_is_opened(client, own_code, monkeypatch):
    monkeypatch.setattr("workers.files.fields.look", lambda _data: pytest.fail("a file was opened"))
    assert tell(client, own_code, *(upload() for _n in range(4))).status_code == 422
    assert tell(client, own_code[:-1] + ("3" if own_code[-1] == "2" else "2"), upload()).status_code == 422


def test_an_invented_code_is_answered_alike_and_leaves_no_byte(cast, client, own_code):
    before = stored()
    answer = tell(client, codes.shown(codes.draw(codes.PERSON)), upload())
    assert answer.status_code == 200
    assert b"Photos or papers" in answer.content
    assert stored() == before
    with cast.acting("lena"):
        assert not GrievanceFile.objects.exists()
    assert own_code


def test_photos_are_added_with_the_code_of_the_receipt_and_each_is_kept_once(cast, client, own_code):
    code, followup, _answer = told(client, own_code)
    url = reverse("compliance:concern_photos")
    for _n in range(2):
        assert client.post(url, {"code": followup, "photos": [upload()]}).status_code == 200
    assert len(files_of(cast, code)) == 1
    assert b"You sent 1 so far" in client.post(reverse("compliance:concern_follow"), {"code": followup}).content
    assert client.post(url, {"code": followup}).status_code == 422
    assert client.post(url, {"code": codes.shown(codes.draw(codes.PERSON)), "photos": [upload()]}).status_code == 422


def test_a_code_sends_so_many_photos_an_hour_and_words_are_always_taken(cast, client, own_code, monkeypatch):
    _code, followup, _answer = told(client, own_code)
    monkeypatch.setattr(attachments, "MOST_AN_HOUR", 2)
    url = reverse("compliance:concern_photos")
    photos = [upload(sent.photo(colour=c)) for c in ("red", "blue")]
    assert client.post(url, {"code": followup, "photos": photos}).status_code == 200
    more = [upload(sent.photo(colour=c)) for c in ("green", "white")]
    again = client.post(url, {"code": followup, "photos": more})
    assert again.status_code == 422
    assert b"in the last hour" in again.content
    words = client.post(reverse("compliance:concern_answers"), {"code": followup, "text": "still here"})
    assert words.status_code == 200


def test_a_case_keeps_twenty_and_says_so(cast, client, own_code, monkeypatch):
    monkeypatch.setattr(attachments, "MOST", 1)
    code, _followup, answer = told(client, own_code, upload(), upload(sent.photo(colour="red")))
    assert len(files_of(cast, code)) == 1
    assert b"No more than 1 photos" in answer.content


def test_only_the_readers_open_it_and_the_opening_is_an_event_and_in_no_common_trail(cast, client, sign_in, own_code):
    code, _followup, _answer = told(client, own_code, upload())
    (file,) = files_of(cast, code)
    url = reverse("compliance:case_file", args=[code, file.pk])
    lena = sign_in("lena")
    shown = lena.post(reverse("compliance:readings", args=[code])).content.decode()
    assert url in shown
    assert "CANARY-Mele" not in shown
    answer = lena.post(url)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert "nosniff" in answer["X-Content-Type-Options"]
    assert lena.get(url).status_code == 405
    for name, status in (("rosa", 404), ("ines", 404), ("omar", 403), ("sefo", 403), ("fay", 403)):
        assert sign_in(name).post(url).status_code == status, name
    with cast.acting("lena"):
        kinds = GrievanceEvent.objects.values_list("kind", flat=True)
        assert {"files", "file read"} <= set(kinds)
        assert not AuditEvent.objects.filter(object_kind__icontains="grievance").exists()


def test_the_accused_see_no_row_of_it_in_sql(cast, client, own_code):
    told(client, own_code, upload())
    for name in ("omar", "sefo", "olga", "ines", "rosa", "fay", "kofi", "dana"):
        with cast.acting(name):
            try:
                with transaction.atomic():
                    assert not GrievanceFile.objects.exists(), name
            except DatabaseError:
                continue  # its role has no such table


def test_a_reader_takes_a_photo_back_with_a_reason_and_the_bytes_go_after_a_month(cast, client, sign_in, own_code):
    code, _followup, _answer = told(client, own_code, upload())
    (file,) = files_of(cast, code)
    url = reverse("compliance:case_file_withdrawals", args=[code, file.pk])
    lena = sign_in("lena")
    assert lena.post(url, {"reason": ""}).status_code == 303
    assert files_of(cast, code)[0].is_here
    assert sign_in("rosa").post(url, {"reason": "x"}).status_code == 404
    assert lena.post(url, {"reason": "It shows somebody else."}).status_code == 303
    assert lena.post(reverse("compliance:case_file", args=[code, file.pk])).status_code == 404
    now = timezone.now()
    assert delete_due(EVERY_RULE, now=now).files["grievancefile"] == 0
    assert delete_due(EVERY_RULE, now=now + timedelta(days=31)).files["grievancefile"] == 1
    assert not storage.store().exists(file.stored_as)


def test_what_nobody_withdrew_is_not_deleted_by_the_clock(cast, client, own_code):
    code, _followup, _answer = told(client, own_code, upload())
    delete_due(EVERY_RULE, now=timezone.now() + timedelta(days=9000))
    assert files_of(cast, code)[0].is_here
    with cast.acting("lena"):
        assert Grievance.objects.filter(code=code).exists()
