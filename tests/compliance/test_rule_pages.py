"""The pages of the rules: what is asked, what was found and how it is known, and what is missing."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Job
from compliance.models import CannotTell, Finding
from compliance.rules.declaring import Rule
from compliance.rules.evaluating import evaluate
from compliance.rules.judging import DAY_MISSING
from compliance.rules.table import RULES, rules
from compliance.rules.words import EVIDENCE, MISSING
from tests.grievances.conftest import joins
from workers.models import CostItem, PayRecord

TODAY = date(2026, 7, 1)


def _fee(cast, code="IH-001", amount="300.00"):
    """A fee the worker paid a recruiter, and the finding that follows."""
    placement = cast.placement(code)
    with cast.acting("ines") as by:
        CostItem.objects.create(
            pilot_id=placement.pilot_id, placement=placement, cohort_id=placement.cohort_id,
            recruiter_id=placement.recruiter_id, employer_id=placement.employer_id, item="recruiter fee",
            amount=amount, currency="NZD", paid_on=date(2026, 3, 1), paid_by="worker", paid_to="An agent",
        )  # fmt: skip
        evaluate([placement.pilot_id], on=TODAY, by=by)
        return Finding.objects.get(code="FEE-01", placement=placement)


def test_a_finding_of_a_rule_says_what_was_asked_what_the_facts_are_and_what_is_owed(cast, sign_in):
    found = _fee(cast)
    page = sign_in("ines").get(reverse("compliance:finding", args=[found.pk])).content.decode()
    assert str(rules()["FEE-01"].asks) in page
    assert "recruiter fee" in page
    assert "An agent" in page
    assert "300.00" in page
    assert "How do you know?" in page


def test_a_finding_of_a_rule_stands_in_the_list_with_its_amount_and_can_be_picked_by_rule(cast, sign_in):
    found = _fee(cast)
    client = sign_in("ines")
    page = client.get(reverse("compliance:findings"), {"code": "FEE-01"}).content.decode()
    assert str(rules()["FEE-01"].words) in page
    assert "300.00" in page
    assert reverse("compliance:finding", args=[found.pk]) in page
    assert (
        reverse("compliance:finding", args=[found.pk])
        not in client.get(reverse("compliance:findings"), {"code": "PAY-01"}).content.decode()
    )


def test_the_page_of_the_rules_counts_what_is_open_and_what_cannot_be_told(cast, sign_in):
    _fee(cast)
    page = sign_in("ines").get(reverse("compliance:rules")).content.decode()
    for code in rules():
        assert f'id="{code}"' in page
    assert "Apply the rules now" in page
    assert "Apply the rules now" not in sign_in("rosa").get(reverse("compliance:rules")).content.decode()


def test_what_is_missing_is_listed_by_fact_with_the_worker_it_is_missing_of(cast, sign_in):
    _fee(cast)
    with cast.acting("ines"):
        row = CannotTell.objects.select_related("placement__person").filter(placement__isnull=False).first()
    assert row is not None
    page = sign_in("ines").get(reverse("compliance:cannot_tell"), {"missing": row.missing}).content.decode()
    assert row.placement.person.worker_code in page
    assert str(MISSING[row.missing]) in page


def test_asking_for_the_rules_makes_one_job_in_a_minute(cast, sign_in):
    client, pilot = sign_in("ines"), cast.placement("IH-001").pilot_id
    before = Job.objects.count()
    first = client.post(reverse("compliance:evaluations"), {"pilot": pilot})
    again = client.post(reverse("compliance:evaluations"), {"pilot": pilot})
    assert first.status_code == again.status_code == 303
    assert first["Location"] == again["Location"]
    assert Job.objects.count() == before  # the app role sees no job without a scope


def test_two_organisations_ask_for_the_rules_in_the_same_minute(cast, sign_in):
    joins(cast, "zed", "harbour-welfare", "safeguarding_lead")
    pilot = cast.placement("IH-001").pilot_id
    asked = [sign_in(name).post(reverse("compliance:evaluations"), {"pilot": pilot}) for name in ("ines", "zed")]
    assert [answer.status_code for answer in asked] == [303, 303]
    assert asked[0]["Location"] != asked[1]["Location"]


@pytest.mark.parametrize("person", ["omar", "sefo", "fay", "kofi"])
def test_nobody_whom_a_finding_may_be_about_opens_the_rules_pages(sign_in, person):
    client = sign_in(person)
    for name in ("rules", "cannot_tell"):
        assert client.get(reverse(f"compliance:{name}")).status_code == 403


def _keys(rule: Rule) -> set[str]:
    return set(rule.evidence)


def test_every_piece_of_evidence_and_every_missing_fact_has_words():
    import re

    asked = [rule for _subject, group in RULES for rule in group]
    assert set().union(*(_keys(rule) for rule in asked)) <= set(EVIDENCE)
    said = {text for rule in asked for text in re.findall(r"then '([^']+)'", rule.missing)}
    assert said, "the rules name what is missing in their SQL"
    said = {text for text in said if not text.endswith("of the ")} | set(DAY_MISSING.values())
    assert said <= set(MISSING)


def test_a_payslip_that_was_corrected_closes_its_finding(cast):
    placement = cast.placement("IH-001")
    slip = {
        "pilot_id": placement.pilot_id, "placement": placement, "cohort_id": placement.cohort_id,
        "recruiter_id": placement.recruiter_id, "employer_id": placement.employer_id,
        "period_start": date(2026, 5, 4), "period_end": date(2026, 5, 10), "due_on": date(2026, 5, 14),
        "paid_on": date(2026, 5, 14), "hours_offered": 40, "hours_worked": 40, "rate": 30, "gross": 1200,
        "tax": 100, "currency": "NZD", "paid_to": "own account",
    }  # fmt: skip
    with cast.acting("ines") as by:
        wrong = PayRecord.objects.create(net=1000, **slip)
        evaluate([placement.pilot_id], on=TODAY, by=by)
        found = Finding.objects.get(code="PAY-07", placement=placement)
        assert (found.state, str(found.owed)) == ("open", "100.00")
        PayRecord.objects.create(net=1100, supersedes=wrong, **slip)
        evaluate([placement.pilot_id], on=TODAY, by=by)
        found.refresh_from_db()
        assert (found.state, found.closed_by) == ("resolved", None)
