"""What shows that an action was done: sent by the owner with its report, read by the owner and by those who verify."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from compliance.models import StepFile
from tests.compliance.test_corrective_actions import done, put, told
from tests.files import sent
from workers.files.door import keep

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(cast, today, finding):
    return put(cast, finding, today)


def report(client, action, today, *files):
    data = {"words": "Given back.", "on": today.isoformat(), "files": list(files)}
    return client.post(reverse("compliance:action_reports", args=[action.pk]), data, follow=True)


def photo(content=None):
    return SimpleUploadedFile("passports.jpg", sent.photo_with_place() if content is None else content)


def files(cast, who="ines"):
    with cast.acting(who):
        return list(StepFile.objects.all())


def test_the_owner_sends_photos_with_the_report_and_those_who_verify_read_them(sign_in, cast, today, action):
    omar = sign_in("omar")
    page = report(omar, action, today, photo(), photo(sent.gif_script())).content.decode()
    (file,) = files(cast)
    assert "Reported done" in page
    assert reverse("compliance:action_file", args=[file.pk]) in page
    for name, status in (("omar", 200), ("ines", 200), ("rosa", 200), ("olga", 404), ("sefo", 404), ("fay", 403)):
        answer = sign_in(name).get(reverse("compliance:action_file", args=[file.pk]))
        assert answer.status_code == status, name
        assert status != 200 or sent.GPS_CANARY not in answer.content


def test_those_who_verify_take_a_file_back_and_the_owner_does_not(sign_in, cast, today, action):
    report(sign_in("omar"), action, today, photo())
    (file,) = files(cast)
    url = reverse("compliance:action_file_withdrawals", args=[file.pk])
    assert sign_in("omar").post(url, {"reason": "x"}).status_code == 403
    assert sign_in("rosa").post(url, {"reason": "It shows a bedroom with people asleep."}).status_code == 303
    assert sign_in("omar").get(reverse("compliance:action_file", args=[file.pk])).status_code == 404


def test_nobody_but_the_organisation_that_had_to_act_hangs_a_file_on_its_report(cast, today, action):
    step = done(cast, action, today)
    row = {"pilot_id": step.pilot_id, "step": step, "owner_id": step.owner_id}
    for name in ("ines", "rosa", "olga"):
        with cast.acting(name) as by, pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            keep(StepFile, sent.photo(), by=by, **row)
    with cast.acting("olga") as by, pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        keep(StepFile, sent.photo(), by=by, **row | {"owner_id": by.organisation_id})
    assert not files(cast)


def test_the_mark_of_what_was_told_in_confidence_cannot_be_left_off_a_file(cast, today):
    inside = put(cast, told(cast, today), today, owner="harbour-welfare", by="lena")
    step = done(cast, inside, today, by="rosa")
    row = {"pilot_id": step.pilot_id, "step": step, "owner_id": step.owner_id}
    with cast.acting("rosa") as by, pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        keep(StepFile, sent.photo(), by=by, restricted=False, **row)
    with cast.acting("rosa") as by:
        keep(StepFile, sent.photo(), by=by, restricted=True, **row)
    assert not files(cast, "ines")
