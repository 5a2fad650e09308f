"""Before somebody departs the job order may be given, changed and taken back; what each employer recorded stays its own."""

import pytest
from django.urls import reverse

from tests.forms_sent import form_of
from tests.workers.sheets.test_door import opened, workbook
from workers.journey.enrolment import assign, take_off
from workers.models import ContractVersion, HousingStay, Insurance, Placement, PlacementState
from workers.sheets.door import check, commit

pytestmark = pytest.mark.django_db
FIRST, NEXT = "Picking apples", "Pruning vines"
# kind → (headers, a row, the same fact with other details)
FACTS = {
    "contracts": (
        ["Worker ID", "Version", "Signed on", "Employer", "Hourly rate", "Currency"],
        ["IH-004", "offer", "2026-06-01", "As printed", "24.50", "NZD"],
        ["IH-004", "offer", "2026-06-01", "As printed", "25.50", "NZD"],
    ),
    "deductions": (
        ["Worker ID", "Item", "From", "Agreed total", "Currency"],
        ["IH-004", "rent", "2026-06-01", "900", "NZD"], ["IH-004", "rent", "2026-06-01", "600", "NZD"],
    ),
    "pay": (
        ["Worker ID", "Period start", "Period end", "Gross", "Net", "Currency"],
        ["IH-004", "2026-06-01", "2026-06-07", "100", "90", "NZD"], ["IH-004", "2026-06-01", "2026-06-07", "200", "180", "NZD"],
    ),
    "travel": (
        ["Worker ID", "Direction", "Departs", "Carrier"],
        ["IH-004", "out", "2026-09-19", "Air One"], ["IH-004", "out", "2026-09-19", "Air Two"],
    ),
}  # fmt: skip


def send(cast, who: str, kind: str, row: list[str], headers: list[str] | None = None) -> str:
    """The verdict of one row that somebody sends and records."""
    with cast.acting(who) as by:
        batch = check(opened(cast, by, workbook([row], headers or FACTS[kind][0]), kind=kind), by=by, today=cast.today)
        one = batch.rows.get()
        assert one.verdict != "refused", one.problems
        if one.verdict != "same":
            commit(batch, by=by, today=cast.today)
        return one.verdict


def put(cast, task: str, *codes: str) -> list[int]:
    with cast.acting("ines") as by:
        return assign([cast.placement(code).pk for code in codes], cast.job_order(task), by=by)


@pytest.mark.parametrize("kind", FACTS)
def test_a_former_employers_facts_stand_in_nobodys_way_and_stay_its_own(cast, kind):
    _headers, first, other = FACTS[kind]
    put(cast, FIRST, "IH-004")
    assert send(cast, "omar", kind, first) == "new"
    put(cast, NEXT, "IH-004")
    assert send(cast, "olga", kind, other) == "new", "neither refused for what cannot be looked at, nor taken for it"
    assert send(cast, "olga", kind, other) == "same"
    assert send(cast, "ines", kind, other) == "same", "a sheet means the present employer's"


def test_a_correction_of_a_former_employers_fact_stays_that_ones_to_see(cast, sign_in):
    put(cast, FIRST, "IH-004")
    send(cast, "omar", "contracts", FACTS["contracts"][1])
    put(cast, NEXT, "IH-004")
    with cast.acting("ines"):
        was = ContractVersion.objects.get(placement__person__worker_code="IH-004")
    page = f"/placements/{was.placement_id}/facts/contracts/?of={was.pk}"
    typed = dict(
        zip(("version", "signed_on", "employer", "hourly_rate", "currency"), FACTS["contracts"][2][1:], strict=True)
    )
    ines = sign_in("ines")
    seen = form_of(ines.get(page).content.decode())["seen"]
    assert ines.post(page, typed | {"seen": seen}).status_code == 303
    with cast.acting("omar"):
        assert ContractVersion.objects.get(supersedes=was).hourly_rate == 25.5
    with cast.acting("olga"):
        assert not ContractVersion.objects.filter(placement_id=was.placement_id).exists()


def test_planned_rooms_are_given_up_and_what_others_arranged_goes_with_the_worker(cast):
    put(cast, FIRST, "IH-004")
    for site in ("Orchard Bay main", "Hill Vines main"):
        send(cast, "ines", "housing", [site, "1", "2026-03-01"], ["Site", "Room", "Inspected on"])
    stay = ["Worker ID", "Site", "Room", "From"]
    assert send(cast, "omar", "stays", ["IH-004", "Orchard Bay main", "1", "2026-09-20"], stay) == "new"
    insurance = ["Worker ID", "Kind", "Joined on"]
    assert send(cast, "sefo", "insurance", ["IH-004", "medical", "2026-09-20"], insurance) == "new"
    assert send(cast, "omar", "insurance", ["IH-004", "accident", "2026-09-20"], insurance) == "new"
    put(cast, NEXT, "IH-004")
    assert send(cast, "olga", "stays", ["IH-004", "Hill Vines main", "1", "2026-09-20"], stay) == "new"
    with cast.acting("olga"):
        assert [each.kind for each in Insurance.objects.filter(placement__person__worker_code="IH-004")] == ["medical"]
    with cast.acting("omar"):
        assert [each.kind for each in Insurance.objects.filter(joined_on="2026-09-20")] == ["accident"]
        assert not HousingStay.objects.exists()


def test_who_was_not_selected_yet_is_taken_off_and_others_stay(cast):
    put(cast, FIRST, "IH-004", "IH-005")
    ids = [cast.placement(code).pk for code in ("IH-001", "IH-004", "IH-005")]
    with cast.acting("ines") as by:
        PlacementState.objects.filter(placement_id=ids[2]).update(step="selected")
        assert take_off(ids, by=by) == [ids[1]]
        free = Placement.objects.get(pk=ids[1])
        assert (free.job_order, free.employer, free.site, free.planned_start, free.planned_end) == (None,) * 5
        assert free.state.employer is None
        assert take_off(ids, by=by) == []
    with cast.acting("omar"):
        assert set(Placement.objects.filter(pk__in=ids).values_list("pk", flat=True)) == {ids[0], ids[2]}


def test_the_page_takes_people_off_and_says_who_stays(cast, sign_in):
    put(cast, FIRST, "IH-004", "IH-005")
    board, client = f"/cohorts/{cast.cohort('V1').pk}/", sign_in("sefo")
    chosen = [cast.placement(code).pk for code in ("IH-001", "IH-004", "IH-005")]
    with cast.acting("ines"):
        PlacementState.objects.filter(placement_id=chosen[2]).update(step="selected")
    page = client.post(f"{board}selection/", {"do": "assign", "placement": chosen}).content.decode()
    offered = page.partition("take them off")[2]
    assert "IH-004" in offered
    assert "IH-001" not in offered
    assert "IH-005" not in offered
    said = client.post(f"{board}unassignments/", {"placement": chosen}, follow=True).content.decode()
    assert "1 person was taken off the job order" in said
    assert "2 people stay on their job orders" in said
    assert cast.placement("IH-004").employer_id is None


def test_nobody_takes_a_rivals_people_off(cast, sign_in):
    put(cast, FIRST, "IH-004")
    board = f"/cohorts/{cast.cohort('V1').pk}/"
    said = sign_in("tavi").post(f"{board}unassignments/", {"placement": cast.placement("IH-004").pk}, follow=True)
    assert "Tick the people" in said.content.decode()
    assert sign_in("omar").post(f"{board}unassignments/", {"placement": "1"}).status_code == 403
    assert cast.placement("IH-004").employer_id is not None


def test_the_page_of_a_placement_leads_to_the_job_orders_and_back(cast, sign_in):
    one = cast.placement("IH-004")
    client, page = sign_in("ines"), reverse("workers:placement", args=[one.pk])
    for name, words in (("ines", True), ("sefo", True), ("omar", False), ("rosa", False)):
        shown = sign_in(name).get(page)
        assert ("Put on a job order" in shown.text or "Change the job order" in shown.text) == words, name
    sent = {"do": "assign", "placement": f"{one.pk}-1", "back": f"p{one.pk}"}
    preview = client.post(reverse("workers:selection", args=[one.cohort_id]), sent)
    assert preview.status_code == 200
    assert f'href="{page}"' in preview.text
    order = cast.job_order(FIRST).pk
    done = client.post(reverse("workers:assignments", args=[one.cohort_id]), sent | {"job_order": order})
    assert done["Location"] == page
    gone = reverse("workers:placement", args=[cast.placement("IH-001").pk])
    assert "Change the job order" not in client.get(gone).text
