"""One fact by hand: the judge of the sheets decides, its sentences reach the field, corrections supersede."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from workers.facts.one import One, record
from workers.models import Ban, ContractVersion, HousingStay, PayRecord

pytestmark = pytest.mark.django_db
SIGNED = {"worker_id": "IH-001", "version": "signed", "signed_on": "2026-01-20", "hourly_rate": "25", "currency": "NZD"}


def one(cast, kind):
    placement = cast.placement("IH-001")
    return One(kind, placement.pilot_id, placement.cohort_id)


def test_a_fact_is_recorded_corrected_and_recognised(cast, today):
    place = one(cast, "contracts")
    with cast.acting("ines") as by:
        assert record(place, SIGNED, by=by, today=today).verdict == "new"
        assert record(place, SIGNED, by=by, today=today).verdict == "same"
        assert record(place, SIGNED | {"hourly_rate": "26"}, by=by, today=today).verdict == "changed"
        first, second = ContractVersion.objects.order_by("pk")
        assert (second.supersedes_id, second.hourly_rate) == (first.pk, Decimal(26))


def test_a_refusal_names_the_field_and_writes_nothing(cast, today):
    place = one(cast, "contracts")
    with cast.acting("ines") as by:
        answer = record(place, SIGNED | {"guaranteed_hours": "30", "signed_on": "soon"}, by=by, today=today)
        assert (answer.verdict, set(answer.problems)) == ("refused", {"signed_on"})
        answer = record(place, SIGNED | {"guaranteed_hours": "30"}, by=by, today=today)
        assert set(answer.problems) == {"guaranteed_hours"}
        assert record(place, SIGNED | {"worker_id": "RR-001x"}, by=by, today=today).problems.keys() == {"worker_id"}
        assert not ContractVersion.objects.exists()


def test_what_tells_of_health_is_not_written_where_many_read(cast, today):
    place = one(cast, "bans")
    given = {
        "worker_id": "IH-001",
        "imposed_by": "Orchard Bay",
        "imposed_on": "2026-05-01",
        "reason": "she was pregnant",
    }
    with cast.acting("ines") as by:
        assert set(record(place, given, by=by, today=today).problems) == {"reason"}
        assert not Ban.objects.exists()


def test_a_payslip_by_hand_keeps_its_items(cast, today):
    given = {
        "worker_id": "IH-001", "period_start": "2026-05-04", "period_end": "2026-05-10", "gross": "1000", "net": "860",
        "currency": "NZD", "deduction:rent": "140",
    }  # fmt: skip
    with cast.acting("omar") as by:
        assert record(one(cast, "pay"), given, by=by, today=today).verdict == "new"
        assert PayRecord.objects.get().items == {"rent": "140.00"}


def test_the_role_must_be_able_to_write_the_table(cast, today):
    with cast.acting("sefo") as by, pytest.raises(PermissionDenied):
        record(one(cast, "pay"), {}, by=by, today=today)
    with cast.acting("kofi") as by, pytest.raises(PermissionDenied):
        record(one(cast, "contracts"), {}, by=by, today=today)
    with cast.acting("tavi") as by:
        answer = record(one(cast, "contracts"), SIGNED, by=by, today=today)
        assert set(answer.problems) == {"worker_id"}
    assert not HousingStay.objects.exists()
