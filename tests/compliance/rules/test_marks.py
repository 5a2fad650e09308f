"""What a change touches: the other stays of the same person, and whoever is the same person under another record."""

from datetime import date

import pytest

from compliance.models import CannotTell, Finding
from compliance.rules.evaluating import evaluate_changed
from tests.compliance.rules.facts import clean as facts_of
from tests.compliance.rules.facts import days
from tests.compliance.rules.putting import judge, open_pilot, put
from workers.likeness.merging import merge
from workers.models import IdentityDocument, JourneyEvent, PayRecord, Person, Placement

ON = date(2026, 8, 2)
ARRIVED = date(2026, 2, 1)


def clean(code: str):
    """A worker there since February, with time left on the visa and pay to the end of July."""
    worker = facts_of("rse", code, arrived=ARRIVED, on=ON)
    worker.paper("visa")["expires_on"] = date(2028, 1, 1)
    return worker


@pytest.fixture
def stage(cast):
    """A worker who was there before, nobody knows until when; and another."""
    worker = clean("W")
    worker.earlier = [(date(2025, 12, 1), None)]
    stage = put(cast, open_pilot("rse", ON), [worker, clean("OTHER")])
    judge(cast, stage)
    evaluate_changed(ON)
    return stage


def earlier(stage) -> Placement:
    """The placement of the stay before."""
    now = Placement.objects.get(pk=stage.ids["W"])
    return Placement.objects.exclude(pk=now.pk).get(person_id=now.person_id)


def test_a_late_word_on_an_earlier_stay_is_applied_to_the_present_one_at_once(cast, stage):
    with cast.acting("ines"):
        assert CannotTell.objects.get(pilot=stage.pilot, code="STAY-01").placement_id == stage.ids["W"]
        before = earlier(stage)
        JourneyEvent.objects.create(
            placement=before, pilot=stage.pilot, cohort_id=before.cohort_id, recruiter=before.recruiter,
            employer=before.employer, move="test", to_step="left_country", happened_on=date(2025, 12, 30),
            known_on=ON, version=99,
        )  # fmt: skip
    # The stay that changed, and the one that follows it; nobody else.
    assert evaluate_changed(ON) == 2
    with cast.acting("ines"):
        assert not CannotTell.objects.filter(pilot=stage.pilot, code="STAY-01").exists()
        (over,) = Finding.objects.filter(pilot=stage.pilot, code="STAY-01", state="open")
    assert (over.placement_id, over.evidence["last_day"], over.evidence["earlier_days"]) == (
        stage.ids["W"], "2026-08-01", 30,
    )  # fmt: skip
    assert evaluate_changed(ON) == 0


def test_a_payslip_touches_its_own_placement_alone(cast, stage):
    with cast.acting("ines"):
        slip = PayRecord.objects.filter(placement_id=stage.ids["W"]).first()
        slip.supersedes_id, slip.pk, slip.paid_to = slip.pk, None, "cash"
        slip.save(force_insert=True)
    assert evaluate_changed(ON) == 1


def test_the_papers_and_stays_of_both_records_of_one_person_count(cast):
    worker, twice = clean("W"), clean("AGAIN")
    worker.paper("passport")["expires_on"] = ON - days(10)
    twice.earlier = [(date(2025, 12, 1), date(2025, 12, 30))]
    stage = put(cast, open_pilot("rse", ON), [worker, twice])
    said, _done = judge(cast, stage)
    assert {code: {row[0] for row in one.found} for code, one in said.items()} == {
        "W": {"DOC-01"},
        "AGAIN": {"STAY-01"},
    }
    evaluate_changed(ON)
    with cast.acting("ines") as by:
        people = {p.given_names: p for p in Person.objects.filter(pilot=stage.pilot)}
        merge(people["AGAIN"], people["W"], by=by, reason="The same village, school and sister.")
    # Both records, the stay before among them.
    assert evaluate_changed(ON) == 3
    said, done = judge(cast, stage)
    assert (done.opened, done.changed, done.closed) == ((), (), ())
    # The newer passport stands for both, and so do the days of December.
    assert {code: {row[0] for row in one.found} for code, one in said.items()} == {
        "W": {"STAY-01"},
        "AGAIN": {"STAY-01"},
    }


def test_a_paper_of_the_other_record_touches_both(cast):
    stage = put(cast, open_pilot("rse", ON), [clean("W"), clean("AGAIN")])
    with cast.acting("ines") as by:
        people = {p.given_names: p for p in Person.objects.filter(pilot=stage.pilot)}
        merge(people["AGAIN"], people["W"], by=by, reason="The same village, school and sister.")
    judge(cast, stage)
    evaluate_changed(ON)
    with cast.acting("ines"):
        IdentityDocument.objects.filter(person=people["W"], kind="visa").update(expires_on=date(2028, 1, 2))
    assert evaluate_changed(ON) == 2
