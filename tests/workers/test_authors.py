"""A partner corrects what it recorded itself; what somebody else recorded of it, the programme corrects."""

from datetime import UTC, date, datetime

import pytest
from django.db import ProgrammingError, transaction

from compliance.models import Finding
from compliance.rules.evaluating import evaluate
from pilots.models import JobOrder
from tests.workers.sheets.test_door import opened, workbook
from workers.journey.enrolment import assign
from workers.models import (
    Ban,
    HousingStay,
    IdentityDocument,
    ImportRow,
    Insurance,
    PayRecord,
    Room,
    RoomInspection,
    Travel,
)
from workers.sheets.door import check, commit

TODAY = date(2026, 7, 1)


def _slip(cast, **other):
    placement = cast.placement("IH-001")
    return PayRecord.objects.create(
        **{
            "pilot_id": placement.pilot_id, "placement": placement, "cohort_id": placement.cohort_id,
            "recruiter_id": placement.recruiter_id, "employer_id": placement.employer_id,
            "period_start": date(2026, 6, 1), "period_end": date(2026, 6, 7), "gross": 1000, "tax": 100, "net": 900,
            "currency": "NZD",
        } | other
    )  # fmt: skip


def test_who_recorded_is_filled_in_by_the_database(cast):
    with cast.acting("omar") as by:
        slip = _slip(cast)
        slip.refresh_from_db()
        assert slip.recorded_by == by.organisation_id


def test_an_employer_corrects_its_own_payslip_and_nobody_elses(cast):
    with cast.acting("omar"):
        own = _slip(cast)
        assert _slip(cast, net=850, tax=150, supersedes=own).pk
    with cast.acting("ines"):
        others = _slip(cast, period_start=date(2026, 6, 8), period_end=date(2026, 6, 14))
    with cast.acting("omar"), pytest.raises(ProgrammingError, match="corrected by the programme"):
        with transaction.atomic():
            _slip(cast, period_start=date(2026, 6, 8), period_end=date(2026, 6, 14), net=1, supersedes=others)
    with cast.acting("ines"):
        assert _slip(
            cast, period_start=date(2026, 6, 8), period_end=date(2026, 6, 14), net=850, tax=150, supersedes=others
        ).pk


FACTS = {
    "insurance": (Insurance, "omar", ["Worker ID", "Kind", "Joined on", "Ends on"],
                  ["IH-001", "medical", "2026-02-20", "2026-10-01"], ["IH-001", "medical", "2026-02-20", "2026-03-01"]),
    "travel": (Travel, "sefo", ["Worker ID", "Direction", "Departs", "Met by"], ["IH-001", "out", "2026-02-19", "Rosa"],
               ["IH-001", "out", "2026-02-19", "Nobody"]),
    "bans": (Ban, "sefo", ["Worker ID", "Imposed by", "Imposed on", "Reason"], ["IH-001", "Orchard Bay", "2026-03-01", "Left"],
             ["IH-001", "Orchard Bay", "2026-03-01", "Complained"]),
    "stays": (HousingStay, "omar", ["Worker ID", "Site", "Room", "From", "To"],
              ["IH-001", "Orchard Bay main", "01", "2026-03-02", "2026-05-01"],
              ["IH-001", "Orchard Bay main", "01", "2026-03-02", "2026-04-01"]),
    "documents": (IdentityDocument, "sefo", ["Worker ID", "Type", "Number", "Country", "Status", "Expires"],
                  ["IH-001", "police", "C-77", "Tonga", "received", "2027-03-01"],
                  ["IH-001", "police", "C-77", "Tonga", "received", "2029-03-01"]),
}  # fmt: skip


def _sent(cast, who, kind, headers, row):
    with cast.acting(who) as by:
        batch = check(opened(cast, by, workbook([row], headers), kind=kind), by=by, today=TODAY)
        (told,) = ImportRow.objects.filter(batch=batch)
        commit(batch, by=by, today=TODAY)
        return told.verdict, [problem["message"] for problem in told.problems]


@pytest.mark.parametrize("kind", FACTS)
def test_a_partner_changes_no_fact_that_somebody_else_recorded(cast, kind):
    model, partner, headers, first, other = FACTS[kind]
    if kind == "stays":
        rooms = ["Site", "Room", "Inspected on"]
        assert _sent(cast, "ines", "housing", rooms, ["Orchard Bay main", "01", "2026-03-01"])[0] == "new"
    assert _sent(cast, "ines", kind, headers, first) == ("new", [])
    verdict, (sentence,) = _sent(cast, partner, kind, headers, other)
    assert verdict == "refused"
    assert f"{headers[-1]}: {first[-1]}" in sentence
    changed = {"issued_on": TODAY} if kind == "documents" else {"recorded_at": datetime(2026, 1, 1, tzinfo=UTC)}
    with cast.acting(partner), pytest.raises(ProgrammingError, match="changed by them or by the programme"):
        with transaction.atomic():
            model.objects.update(**changed)
    # The same again is the same, and the programme may.
    assert _sent(cast, partner, kind, headers, first)[0] == "same"
    assert _sent(cast, "ines", kind, headers, other)[0] == "changed"


@pytest.mark.parametrize("kind", FACTS)
def test_a_partner_changes_what_it_recorded_itself(cast, kind):
    _model, partner, headers, first, other = FACTS[kind]
    if kind == "stays":
        _sent(cast, "omar", "housing", ["Site", "Room", "Inspected on"], ["Orchard Bay main", "01", "2026-03-01"])
    assert _sent(cast, partner, kind, headers, first)[0] == "new"
    assert _sent(cast, partner, kind, headers, other) == ("changed", [])


def test_a_list_of_people_renews_somebodys_passport_and_changes_none_that_somebody_else_recorded(cast):
    headers = ["Worker ID", "Passport number", "Passport country", "Passport expiry"]
    first, other = ["IH-004", "T900400", "Tonga", "2031-02-28"], ["IH-004", "T900400", "Tonga", "2036-02-28"]
    assert _sent(cast, "ines", "workers", headers, first)[0] == "changed"
    verdict, (sentence,) = _sent(cast, "sefo", "workers", headers, other)
    assert verdict == "refused"
    assert "with the end 2031-02-28" in sentence
    renewed = ["IH-004", "T900401", "Tonga", "2036-02-28"]
    assert _sent(cast, "sefo", "workers", headers, renewed) == ("changed", [])
    with cast.acting("ines"):
        former = IdentityDocument.objects.get(number="T900400")
        assert (former.replaced_at is not None, str(former.expires_on)) == (True, "2031-02-28")
    assert _sent(cast, "sefo", "workers", headers, [*renewed[:3], "2037-02-28"]) == ("changed", [])


def test_what_was_recorded_before_there_was_an_employer_is_the_employers_to_see_once_there_is_one(cast):
    kinds = {
        "travel": (["Worker ID", "Direction", "Departs", "Met by"], ["IH-004", "out", "2026-09-19", "Sefo"], Travel),
        "insurance": (["Worker ID", "Kind", "Joined on"], ["IH-004", "medical", "2026-09-20"], Insurance),
    }
    for kind, (headers, row, _model) in kinds.items():
        assert _sent(cast, "sefo", kind, headers, row) == ("new", [])
    placement = cast.placement("IH-004")
    with cast.acting("ines") as by:
        order = JobOrder.objects.create(
            pilot_id=placement.pilot_id, cohort_id=placement.cohort_id, employer_id=cast.placement("IH-001").employer_id,
            site_id=cast.placement("IH-001").site_id, task="Pruning", places=3, starts_on=date(2026, 10, 1),
            ends_on=date(2027, 3, 1), hourly_rate=25, hours_per_week=40, currency="NZD",
        )  # fmt: skip
        assert assign([placement.pk], order, by=by) == [placement.pk]
    for kind, (headers, row, model) in kinds.items():
        with cast.acting("omar"):
            assert model.objects.filter(placement=placement).count() == 1
        assert _sent(cast, "omar", kind, headers, row) == ("same", []), "nothing is refused that cannot be looked at"


def _inspected(cast, room, **seen):
    return RoomInspection.objects.create(
        **{
            "pilot_id": room.pilot_id, "room": room, "employer_id": room.employer_id, "area": 30, "beds": 6,
            "approved_maximum": 4, "occupants": 4,
        } | seen
    )  # fmt: skip


def _open(cast, pilot_id):
    with cast.acting("ines") as by:
        evaluate([pilot_id], on=TODAY, by=by)
        return Finding.objects.filter(code="HOU-01", state="open").count()


def test_what_welfare_saw_in_a_room_holds_until_somebody_else_than_the_employer_sees_it_mended(cast):
    placement = cast.placement("IH-001")
    with cast.acting("rosa"):
        room = Room.objects.create(
            pilot_id=placement.pilot_id, site_id=placement.site_id, employer_id=placement.employer_id, name="1"
        )
        _inspected(cast, room, inspected_on=date(2026, 5, 1), occupants=6)
    assert _open(cast, placement.pilot_id) == 1
    with cast.acting("omar"):
        _inspected(cast, room, inspected_on=date(2026, 5, 20))
    assert _open(cast, placement.pilot_id) == 1
    with cast.acting("rosa"):
        _inspected(cast, room, inspected_on=date(2026, 6, 1))
    assert _open(cast, placement.pilot_id) == 0
    with cast.acting("omar"):
        _inspected(cast, room, inspected_on=date(2026, 6, 10), occupants=5)
    assert _open(cast, placement.pilot_id) == 1
