"""The first page is opened at the place of work, where others look over the shoulder: it says of nobody that they told something."""

import pytest
from django.urls import reverse

from compliance.checking import Answered, record_check
from compliance.remedies.actions import put

pytestmark = pytest.mark.django_db


def test_the_first_page_names_nobody_who_told_in_confidence(cast, today, sign_in):
    placement = cast.placement("IH-001")
    said = {"D11": Answered("yes", shown_by="worker alone")}
    with cast.acting("rosa") as by:
        opened = record_check(placement.pk, "employment", said, by=by, done_on=today, today=today, told=True).opened
    with cast.acting("lena") as by:
        owner = cast.organisation("harbour-welfare").pk
        put(opened, by=by, on=today, words="Ask IH-001 where it is safe", owner_id=owner, due_on=today)
    for name in ("rosa", "lena"):
        page = sign_in(name).get("/")
        waiting = [need for need in page.context["needs"].waiting if need.code in ("findings", "actions")]
        lines = {(line.title, line.code) for need in waiting for line in need.lines}
        assert lines == {("Told in confidence", "")}
        assert reverse("compliance:finding", args=opened) in page.content.decode()
        assert "where it is safe" not in page.content.decode()
