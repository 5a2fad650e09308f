"""A file closed on somebody who had left the employer abroad claims no return home, on no page and in no count."""

from datetime import timedelta

import pytest
from django.urls import reverse

from workers.journey.door import move
from workers.models import JourneyEvent, Placement
from workers.queries.cohorts import reached
from workers.queries.path import stages, whereabouts_unknown

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(cast, today):
    """IH-001 disengaged, and the programme closed the file because the visa ended."""
    pk = cast.placement("IH-001").pk
    with cast.acting("ines") as by:
        for code, reason, days in (("disengage", "not_known", 20), ("close_without_debrief", "visa_ended", 2)):
            on = today - timedelta(days=days)
            outcome = move(Placement.objects.filter(pk=pk), code, by=by, at=on, today=today, reason=reason)
            assert outcome.moved == (pk,), [r.reasons for r in outcome.refused]
    return pk


def test_the_path_says_that_the_whereabouts_are_not_known(cast, gone):
    with cast.acting("ines"):
        placement = Placement.objects.select_related("state", "pilot").get(pk=gone)
        events = list(JourneyEvent.objects.filter(placement=gone).order_by("version"))
        last = stages(placement, events)[-1]
    assert whereabouts_unknown(events)
    assert (last["label"], last["state"]) == ("After the stay", "current")
    assert last["note"].startswith("Whereabouts not known; closed on ")


def test_the_cohort_counts_nobody_home_of_whom_that_is_not_known(cast, today, gone):
    with cast.acting("ines"):
        cohort = Placement.objects.get(pk=gone).cohort_id
        counts = reached([cohort])[cohort]
    assert counts["departed"] >= 1
    assert counts["home"] == 0


def test_placement_page_and_story_do_not_say_that_the_worker_is_home(cast, sign_in, gone):
    for who, name in (("ines", "workers:placement"), ("rosa", "compliance:placement_story")):
        page = sign_in(who).get(reverse(name, args=[gone])).content.decode()
        assert "Home again" not in page
        assert "After the stay" in page or name == "compliance:placement_story"
    assert "Whereabouts not known" in sign_in("ines").get(reverse("workers:placement", args=[gone])).content.decode()
    assert (
        "Whereabouts not known"
        in sign_in("rosa").get(reverse("compliance:placement_story", args=[gone])).content.decode()
    )
