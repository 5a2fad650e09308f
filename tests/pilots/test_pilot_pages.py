"""The pilot's page, its rules with their sources, and the forms for cohorts, sites and job orders."""

import pytest

from pilots.models import Cohort, JobOrder, Site

pytestmark = pytest.mark.django_db


def main(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2]


def test_the_list_names_only_the_pilots_of_the_organisation(sign_in):
    assert "Verde apples 2026" in main(sign_in("ines").get("/pilots/"))
    assert "Azul" not in main(sign_in("ines").get("/pilots/"))
    assert "Azul meat 2026" in main(sign_in("dana").get("/pilots/"))


def test_the_page_counts_the_way_of_each_cohort_and_names_partners_and_places(sign_in):
    page = main(sign_in("ines").get("/pilots/verde/"))
    for words in ("Cohort V1", "Placements that reached each step", "Island Hands", "North Fund", "Picking apples",
                  "7 of 10", "Recognised Seasonal Employer"):  # fmt: skip
        assert words in page, words


def test_an_employer_sees_its_own_job_orders_only(sign_in):
    page = main(sign_in("omar").get("/pilots/verde/"))
    assert "Picking apples" in page
    assert "Pruning vines" not in page


def test_rules_stand_with_source_and_with_a_mark_where_nobody_saw_it(sign_in):
    page = main(sign_in("ines").get("/pilots/verde/rules/?on=2026-07-01"))
    assert "Paid hours guaranteed" in page
    assert "Verified" in page
    assert "Not verified" in page
    assert "Devpolicy" in page


def test_rules_of_another_day_are_those_of_that_day(sign_in):
    client = sign_in("ines")
    old = main(client.get("/pilots/verde/rules/?on=2023-01-01"))
    new = main(client.get("/pilots/verde/rules/?on=2026-07-01"))
    assert old != new
    assert client.get("/pilots/verde/rules/?on=2026-99-99").status_code == 200
    assert client.get("/pilots/verde/rules/?on=rubbish").status_code == 200


def test_a_cohort_is_started_and_a_wrong_one_is_explained(cast, sign_in):
    client = sign_in("ines")
    good = {"name": "Cohort V2", "code": "V2", "season": 1, "target": 20, "opens_on": "2026-08-01",
            "departs_on": "2026-11-01", "returns_on": "2027-04-30"}  # fmt: skip
    wrong = client.post("/pilots/verde/cohorts/", good | {"departs_on": "2026-07-01"})
    assert wrong.status_code == 422
    assert "opens before it departs" in wrong.content.decode()
    taken = client.post("/pilots/verde/cohorts/", good | {"code": "V1"})
    assert taken.status_code == 422
    assert "has this code" in taken.content.decode()
    assert client.post("/pilots/verde/cohorts/", good).status_code == 303
    with cast.acting("ines"):
        assert Cohort.objects.get(code="V2").pilot_id == cast.pilot("verde").pk


def test_a_site_and_a_job_order_are_recorded_and_the_employer_follows_from_the_site(cast, sign_in):
    client = sign_in("ines")
    employer = cast.organisation("orchard-bay").pk
    assert client.post("/pilots/verde/sites/", {"employer": employer, "name": "Upper block"}).status_code == 303
    again = client.post("/pilots/verde/sites/", {"employer": employer, "name": "Upper block"})
    assert again.status_code == 422
    assert "already has a site of this name" in again.content.decode()
    with cast.acting("ines"):
        site = Site.objects.get(name="Upper block")
    order = {"cohort": cast.cohort("V1").pk, "site": site.pk, "task": "Thinning", "places": 4, "currency": "nzd",
             "starts_on": "2026-02-01", "ends_on": "2026-05-01", "hourly_rate": "25", "hours_per_week": "38"}  # fmt: skip
    wrong = client.post("/pilots/verde/job-orders/", order | {"places": 0, "hourly_rate": "-1"})
    assert wrong.status_code == 422
    assert client.post("/pilots/verde/job-orders/", order).status_code == 303
    with cast.acting("ines"):
        made = JobOrder.objects.get(task="Thinning")
        assert (made.employer_id, made.currency) == (employer, "NZD")


def test_an_employer_outside_the_pilot_cannot_be_given_a_site(cast, sign_in):
    stranger = cast.organisation("azul-employer").pk
    assert sign_in("ines").post("/pilots/verde/sites/", {"employer": stranger, "name": "X"}).status_code == 422


@pytest.mark.parametrize("name", ["sefo", "omar", "rosa", "lena", "fay"])
def test_nobody_but_the_programme_changes_a_pilot(sign_in, name):
    for path in ("cohorts", "sites", "job-orders"):
        assert sign_in(name).post(f"/pilots/verde/{path}/", {}).status_code == 403
