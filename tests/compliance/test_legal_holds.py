"""What is on legal hold outlives every term: a person's name, words and files, and what belongs to a case."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from compliance.grievances import keeping
from compliance.models import Grievance, GrievanceEvent, GrievanceIdentity
from compliance.retaining import legal
from compliance.retaining.forgetting import forget
from lamp_portal.deleting import EVERY_RULE
from tests.compliance.test_retaining import at, person
from tests.grievances.conftest import filed, own_code  # noqa: F401 - own_code is a fixture
from tests.grievances.test_attachments import files_of, told, upload
from tests.workers.files.conftest import folder, records  # noqa: F401 - fixtures
from tests.workers.files.test_retention import go_home, here
from workers.files.door import withdraw
from workers.files.retention import delete_due
from workers.legal_holds import lift, place
from workers.models import LegalHold, Person

pytestmark = pytest.mark.django_db
ON = date(2026, 7, 1)
FAR = date(2099, 1, 1)


def on_hold(cast, code="IH-001", **days) -> LegalHold:
    with cast.acting("mara") as by:
        hold = LegalHold(person=Person.objects.get(worker_code=code), reason="A claim in court.", **days)
        place(hold, by=by, today=ON)
        return hold


def test_nothing_of_a_person_on_hold_goes_until_it_is_lifted(cast, records):  # noqa: F811
    with cast.acting("ines") as by:
        withdraw(records.cost_file, by=by, reason="of somebody else")
    go_home(cast)
    free = forget(now=at(7.1), really=False)
    hold = on_hold(cast, review_on=FAR)
    held = forget(now=at(7.1), really=True)
    assert (held.people, held.held, held.why["law"]) == (free.people - 1, free.held + 1, 1)
    assert person(cast).family_name != "erased"
    assert sum(delete_due(EVERY_RULE, now=at(30)).files.values()) == 0
    assert all(here(cast, file) for file in (records.document_file, records.cost_file, records.training_file))
    with cast.acting("lena") as by:
        assert lift(hold, "It was decided.", by=by, now=timezone.now())
    assert sum(delete_due(EVERY_RULE, now=at(30)).files.values()) == 3
    assert forget(now=at(7.1), really=True).people == 1
    with cast.acting("mara"):
        kept = LegalHold.objects.get()
    assert (kept.reason, kept.lifted_reason, kept.lifted_by_name) == ("erased", "erased", "Lena Verde")


def test_a_hold_ends_by_itself_after_its_last_day(cast):
    go_home(cast)
    on_hold(cast, ends_on=at(7.5).date())
    assert forget(now=at(7.5), really=False).why["law"] == 1
    assert forget(now=at(7.5) + timedelta(days=1), really=False).why["law"] == 0


def test_somebody_never_placed_is_held_too(cast):
    with cast.acting("ines"):
        Person.objects.create(pilot=cast.pilot(), worker_code="NEW-1", family_name="Nova", recruiter_id=None)
    later = timezone.now() + timedelta(days=800)
    due = forget(now=later, really=False)
    on_hold(cast, "NEW-1", review_on=FAR)
    now = forget(now=later, really=False)
    assert (now.people, now.why["law"]) == (due.people - 1, due.why["law"] + 1)


def test_a_case_on_hold_keeps_photos_taken_back_and_who_told_it_and_only_its_readers_see_that_it_is(
    cast,
    client,
    sign_in,
    own_code,  # noqa: F811
):
    code, _followup, _answer = told(client, own_code, upload())
    (file,) = files_of(cast, code)
    lena = sign_in("lena")
    lena.post(reverse("compliance:case_file_withdrawals", args=[code, file.pk]), {"reason": "It shows somebody else."})
    month = timezone.now() + timedelta(days=31)
    url = reverse("compliance:case_legal_holds", args=[code])
    with cast.acting("lena"):
        revision = Grievance.objects.get(code=code).revision
    asked = {"act": "hold", "reason": "A claim in court.", "revision": revision}
    assert lena.post(url, asked).status_code == 422
    assert lena.post(url, asked | {"review_on": "2020-01-01"}).status_code == 422
    assert lena.post(url, asked | {"review_on": FAR}).status_code == 303
    assert delete_due(EVERY_RULE, now=month).files["grievancefile"] == 0
    standing = legal.standing(ON)
    assert (standing.people, standing.cases, standing.overdue) == (0, 1, 0)
    assert legal.standing(FAR).overdue == 1
    shown = lena.post(reverse("compliance:readings", args=[code])).content.decode()
    assert "A claim in court." in shown
    assert lena.post(url, {"act": "lift", "reason": "Decided.", "revision": revision + 1}).status_code == 303
    assert delete_due(EVERY_RULE, now=month).files["grievancefile"] == 1
    with cast.acting("lena"):
        kinds = GrievanceEvent.objects.filter(grievance__code=code, kind__in=["held", "lifted"]).order_by("id")
        assert sorted(kinds.values_list("kind", "who")) == [("held", "Lena Verde"), ("lifted", "Lena Verde")]


def test_a_closed_case_on_hold_takes_the_name_into_its_store(cast):
    go_home(cast)
    case = filed(cast, by="lena", readers=()).grievance
    with cast.acting("lena") as by:
        keeping.hold(case, "A claim in court.", by=by, on=ON, review_on=FAR)
        name = Person.objects.get(worker_code="IH-001").family_name
        Grievance.objects.filter(pk=case.pk).update(stage="closed", closed_on=ON, satisfaction="satisfied")
    forget(now=at(7.1), really=True)
    with cast.acting("lena"):
        assert name in GrievanceIdentity.objects.get(grievance=case).name


def test_the_operator_reads_how_many_stand_and_no_name(cast, sign_in):
    on_hold(cast, review_on=FAR)
    page = sign_in("opal").get(reverse("retention")).content.decode()
    assert "Past the day to look again" in page
    assert "A claim in court." not in page
