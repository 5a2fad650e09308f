"""Following a finding: its changes are news for as long as one sees it, and what was told in confidence cannot be followed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from compliance import following as door
from compliance.findings import resolve
from compliance.models import Finding
from workers.models import Follow
from workers.notes import following

pytestmark = pytest.mark.django_db


def news(cast, name: str) -> list[tuple[str, dict[str, int]]]:
    now = timezone.now()
    with cast.acting(name) as by:
        return [
            (each.about.url, each.counts)
            for each in following.news(by, now - timedelta(days=1), now + timedelta(minutes=1))
        ]


def test_what_others_do_to_a_followed_finding_is_news_until_one_sees_it_no_more(cast, sign_in, finding):
    address, client = reverse("compliance:finding", args=[finding.pk]), sign_in("lena")
    follow = reverse("compliance:finding_follows", args=[finding.pk])
    assert "Follow no more" not in client.get(address).text
    assert "Follow no more" in client.post(follow, follow=True).text
    sign_in("mara").post(follow)
    client.post(follow)  # twice is once
    with cast.acting("lena") as by:
        assert Follow.objects.filter(user_id=by.user_id).count() == 1
    with cast.acting("mara") as by:
        resolve(finding, by=by, on=finding.opened_on, remedy="The passport is back with the worker.")
    (found,) = news(cast, "lena")
    assert (found[0], set(found[1])) == (address, {"findings"})
    assert address in client.get(reverse("workers:news")).text
    assert all(counts["findings"] < found[1]["findings"] for _url, counts in news(cast, "mara"))  # not what she did
    assert news(cast, "ines") == []
    with cast.acting("lena"):
        Finding.objects.filter(pk=finding.pk).update(restricted=True)
    assert news(cast, "lena") == news(cast, "mara") == []
    assert follow not in client.get(address).text


def test_what_was_told_in_confidence_cannot_be_followed(cast, finding):
    with cast.acting("lena") as by:
        Finding.objects.filter(pk=finding.pk).update(restricted=True)
        secret = Finding.objects.get(pk=finding.pk)
        with pytest.raises(PermissionDenied):
            door.follow(secret, by=by)
        assert not Follow.objects.exists()
    with cast.acting("sefo") as by, pytest.raises(PermissionDenied):
        door.follow(finding, by=by)
