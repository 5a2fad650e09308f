"""The page of a placement: what each role sees, moving on, and what somebody else changed meanwhile."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from tests.cast import placements
from workers.journey.enrolment import assign
from workers.models import (
    Consent,
    CostItem,
    Hold,
    IdentityDocument,
    PayRecord,
    Person,
    PersonContact,
    PlacementState,
    TrainingRecord,
)

pytestmark = pytest.mark.django_db


def url_of(cast, code: str) -> str:
    return f"/placements/{cast.placement(code).pk}/"


def page_of(cast, sign_in, name: str, code: str, query: str = "") -> str:
    answer = sign_in(name).get(url_of(cast, code) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def facts(cast, code: str) -> dict:
    placement = cast.placement(code)
    return {"pilot_id": placement.pilot_id, "placement_id": placement.pk, "recruiter_id": placement.recruiter_id,
            "employer_id": placement.employer_id}  # fmt: skip


def pay(cast, code: str) -> None:
    row = facts(cast, code)
    with cast.acting("ines"):
        PayRecord.objects.create(
            **row, cohort_id=cast.placement(code).cohort_id, period_start=date(2026, 3, 2), period_end=date(2026, 3, 15),
            gross=Decimal("1800"), tax=Decimal("180"), deductions=Decimal("100"), net=Decimal("1520"), currency="NZD",
        )  # fmt: skip
        CostItem.objects.create(
            **row, cohort_id=cast.placement(code).cohort_id, item="medical exam", amount=Decimal("120"), currency="TOP",
            paid_on=date(2025, 12, 1), paid_by="worker", paid_to="Vaini clinic",
        )  # fmt: skip


def move(client, cast, code: str, version: int, **form):
    return client.post(f"{url_of(cast, code)}moves/", {"version": version, **form})


def test_the_programme_sees_papers_consent_contact_home_and_costs(cast, sign_in):
    pay(cast, "IH-001")
    page = page_of(cast, sign_in, "ines", "IH-001")
    for words in ("Papers", "Consent", "Contact", "Home situation", "Recruitment costs", "Pay: promised and paid",
                  "Vaini clinic", "+6767000001", "Who changed what"):  # fmt: skip
        assert words in page, words


def test_an_employer_sees_its_worker_and_pay_and_no_trace_of_the_rest(cast, sign_in):
    pay(cast, "IH-001")
    page = page_of(cast, sign_in, "omar", "IH-001")
    assert "Given1" in page
    assert "Pay: promised and paid" in page
    page = page.partition("<main")[2]
    for words in ("Papers", "Consent", "+676", "Home situation", "Recruitment costs", "Vaini clinic", "Village",
                  "passport", "Passport", "Who changed what", "Checks and findings"):  # fmt: skip
        assert words not in page, words


def test_a_recruiter_sees_the_offer_and_not_the_pay(cast, sign_in):
    pay(cast, "IH-001")
    page = page_of(cast, sign_in, "sefo", "IH-001")
    assert "24.50" in page
    assert "1,520.00" not in page
    assert "Vaini clinic" not in page


def test_paper_numbers_are_masked_until_asked_for_and_the_look_is_recorded(cast, sign_in):
    page = page_of(cast, sign_in, "ines", "IH-001")
    assert "PIH001" not in page
    assert "…001" in page
    assert "PIH001" in page_of(cast, sign_in, "ines", "IH-001", "?numbers=1")
    with cast.acting("ines"):
        read = AuditEvent.objects.get(action="read", object_kind="identity document")
    assert read.object_id == cast.placement("IH-001").person_id


def test_a_paper_that_a_later_one_followed_is_marked_as_former_and_not_as_late(cast, sign_in):
    person = cast.placement("IH-001").person
    common = {"person": person, "pilot_id": person.pilot_id, "recruiter_id": person.recruiter_id, "kind": "visa"}
    with cast.acting("ines"):
        IdentityDocument.objects.create(**common, number="VISA-1", country="NZ", expires_on=date(2024, 1, 1))
        IdentityDocument.objects.create(**common, number="VISA-2", country="NZ", expires_on=date(2031, 1, 1))
    papers = page_of(cast, sign_in, "ines", "IH-001").partition('id="papers"')[2].partition("</section>")[0]
    assert papers.index("…A-2") < papers.index("Former")
    assert "days late" not in papers


def test_an_employer_gets_no_number_by_asking(cast, sign_in):
    assert "PIH001" not in page_of(cast, sign_in, "omar", "IH-001", "?numbers=1")


def test_pay_is_compared_with_what_the_job_order_promised(cast, sign_in):
    pay(cast, "IH-001")
    page = page_of(cast, sign_in, "ines", "IH-001")
    assert "1,960.00" in page  # 24.50 an hour, 40 hours a week, 14 days
    assert "below the promise" in page


def test_what_is_missing_and_which_moves_would_be_refused_is_said_before_anybody_tries(cast, sign_in):
    page = page_of(cast, sign_in, "ines", "RR-002")
    assert "Visa" in page
    assert "Complete the documents" in page
    ready = page_of(cast, sign_in, "ines", "IH-003")
    assert "Nothing stands in the way." in ready


def test_one_person_moves_and_the_page_shows_it(cast, sign_in):
    client = sign_in("ines")
    answer = move(client, cast, "IH-004", 1, move="shortlist", happened_on="2026-06-20", note="seen in Vaini")
    assert answer.status_code == 303
    page = client.get(answer.url).content.decode()
    assert "Shortlisted" in page
    assert "seen in Vaini" in page
    assert cast.placement("IH-004").state.version == 2


def test_a_refused_move_names_every_reason_and_keeps_the_form(cast, sign_in):
    version = cast.placement("IH-003").state.version
    answer = move(
        sign_in("ines"), cast, "IH-003", version, move="miss_departure", happened_on="2020-01-01", note="keep me"
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "lies before the last step" in page
    assert "needs a reason from its list" in page
    assert "Choose the reason that fits." in page
    assert "keep me" in page
    assert cast.placement("IH-003").state.step == "ready"


def test_a_form_without_a_date_is_shown_again(cast, sign_in):
    answer = move(sign_in("ines"), cast, "IH-004", 1, move="shortlist", happened_on="")
    assert answer.status_code == 422
    assert "needs another look" in answer.content.decode()


def test_a_form_on_an_older_state_is_not_applied_and_nothing_of_it_is_lost(cast, sign_in):
    client = sign_in("ines")
    assert move(client, cast, "IH-004", 1, move="shortlist", happened_on="2026-06-20").status_code == 303
    late = move(sign_in("sefo"), cast, "IH-004", 1, move="shortlist", happened_on="2026-06-21", note="my own words")
    assert late.status_code == 409
    page = late.content.decode()
    assert "Changed in the meantime" in page
    assert "Shortlisted" in page
    assert "my own words" in page
    assert 'name="version" value="2"' in page
    assert cast.placement("IH-004").state.version == 2


def test_an_employer_cannot_make_a_recruiters_move_by_forging_the_form(cast, sign_in):
    version = cast.placement("IH-003").state.version
    answer = move(sign_in("omar"), cast, "IH-003", version, move="withdraw", happened_on="2026-06-20", reason="other")
    assert answer.status_code == 422  # not among its moves
    assert cast.placement("IH-003").state.step == "ready"


def test_a_hold_is_placed_by_hand_stops_the_move_and_is_lifted_with_a_reason(cast, sign_in):
    client, url = sign_in("ines"), url_of(cast, "IH-003")
    owner = cast.organisation("island-hands").pk
    assert client.post(f"{url}holds/", {"words": "", "owner": owner}).status_code == 422
    answer = client.post(f"{url}holds/", {"words": "The contract is not translated.", "owner": owner})
    assert answer.status_code == 303
    page = page_of(cast, sign_in, "sefo", "IH-003")
    assert "The contract is not translated." in page
    assert "Island Hands can act." in page
    version = cast.placement("IH-003").state.version
    assert "A hold stands" in move(
        client, cast, "IH-003", version, move="deploy", happened_on="2026-06-20"
    ).content.decode()  # fmt: skip
    with cast.acting("ines"):
        hold = Hold.objects.get()
    assert client.post(f"/holds/{hold.pk}/lifting/", {"reason": ""}).status_code == 422
    assert client.post(f"/holds/{hold.pk}/lifting/", {"reason": "It is translated."}).status_code == 303
    with cast.acting("ines"):
        hold.refresh_from_db()
    assert hold.lifted_reason == "It is translated."
    assert client.get(f"/holds/{hold.pk}/lifting/").status_code == 404


def test_a_hold_of_a_finding_cannot_be_lifted_by_hand(cast, sign_in):
    row = facts(cast, "IH-003")
    with cast.acting("ines"):
        hold = Hold.objects.create(**row, source="finding:7", words="A finding is open.")
    assert sign_in("ines").post(f"/holds/{hold.pk}/lifting/", {"reason": "because"}).status_code == 404


def test_training_consent_and_papers_are_recorded_by_hand(cast, sign_in):
    client, url = sign_in("sefo"), url_of(cast, "IH-004")
    person = cast.placement("IH-004").person_id
    assert (
        client.post(f"{url}trainings/", {"course": "Safety", "held_on": "2026-05-01", "passed": "on"}).status_code
        == 303
    )
    assert client.post(f"{url}consents/", {"purpose": "statistics", "given_on": "2026-05-01"}).status_code == 303
    new = {"kind": "passport", "number": "tn 998 877", "country": "to", "expires_on": "2031-01-01"}
    assert client.post(f"{url}documents/", new).status_code == 303
    with cast.acting("sefo"):
        assert TrainingRecord.objects.get(placement__person_id=person).passed
        assert Consent.objects.filter(person_id=person, withdrawn_on=None).count() == 2
        valid = IdentityDocument.objects.get(person_id=person, kind="passport", replaced_at=None)
        assert (valid.number, valid.country) == ("TN998877", "TO")
        assert IdentityDocument.objects.filter(person_id=person).count() == 2  # the former one is kept


def test_what_the_table_refuses_is_said_on_the_form(cast, sign_in):
    client, url = sign_in("sefo"), url_of(cast, "IH-004")
    twice = client.post(f"{url}consents/", {"purpose": "participation", "given_on": "2026-05-01"})
    assert twice.status_code == 422
    assert "has already agreed to this" in twice.content.decode()
    taken = {"kind": "passport", "number": "PIH001", "country": "TO"}
    answer = client.post(f"{url}documents/", taken)
    assert answer.status_code == 422
    assert "already recorded for somebody else" in answer.content.decode()
    own = client.post(f"{url}documents/", taken | {"number": "PIH004"})
    assert "already recorded for this person" in own.content.decode()


def test_a_consent_is_withdrawn_and_stays_in_the_timeline(cast, sign_in):
    client, url = sign_in("ines"), url_of(cast, "IH-004")
    with cast.acting("ines"):
        consent = Consent.objects.get(person_id=cast.placement("IH-004").person_id)
    assert client.post(f"{url}consents/{consent.pk}/withdrawal/").status_code == 303
    page = client.get(url).content.decode()
    assert "Consent withdrawn: Taking part in the pilot" in page
    assert "Consent to keep the record" in page  # missing again
    assert client.post(f"{url}consents/{consent.pk}/withdrawal/").status_code == 404


def test_a_consent_of_another_person_is_not_withdrawn_through_this_one(cast, sign_in):
    with cast.acting("ines"):
        other = Consent.objects.get(person_id=cast.placement("IH-005").person_id)
    assert sign_in("ines").post(f"{url_of(cast, 'IH-004')}consents/{other.pk}/withdrawal/").status_code == 404


def test_the_history_says_who_changed_what_in_words(cast, sign_in):
    person = cast.placement("IH-001").person_id
    with cast.acting("sefo"):
        row = Person.objects.get(pk=person)
        row.village = "Vaini"
        row.save(update_fields=["village"])
        row.village = "Kolovai"
        row.save(update_fields=["village"])
    page = sign_in("ines").get(f"{url_of(cast, 'IH-001')}history/").content.decode()
    assert page.count("Village") >= 2
    for words in ("Village", "Vaini", "Kolovai", "Island Hands"):
        assert words in page, words
    assert "search" not in page.partition('id="history"')[2].partition("</table>")[0]


def test_the_history_names_other_records_and_days_in_words(cast, sign_in):
    with cast.acting("ines") as by:
        assign([cast.placement("IH-004").pk], cast.job_order("Picking apples"), by=by)
    page = sign_in("ines").get(f"{url_of(cast, 'IH-004')}history/").content.decode()
    for words in ("Orchard Bay", "Picking apples", "1 Feb 2026"):
        assert words in page, words


def test_the_end_of_a_paper_number_is_all_the_history_shows(cast, sign_in):
    with cast.acting("ines"):
        IdentityDocument.objects.filter(number="PIH001").update(number="PX999777")
    page = sign_in("ines").get(f"{url_of(cast, 'IH-001')}history/").content.decode()
    assert "…777" in page
    assert "PIH001" not in page
    assert "PX999777" not in page


def test_the_history_tells_that_a_sensitive_value_changed_and_not_what_it_says(cast, sign_in):
    with cast.acting("ines"):
        PersonContact.objects.filter(person=cast.placement("IH-001").person).update(phone="+6769911713")
    page = sign_in("ines").get(f"{url_of(cast, 'IH-001')}history/").content.decode()
    assert "•••" in page
    assert "9911713" not in page


def test_the_history_part_is_the_part_of_its_page(cast, sign_in):
    client, url = sign_in("ines"), f"{url_of(cast, 'IH-001')}history/"
    part = client.get(url, headers={"HX-Request": "true", "HX-Target": "history"}).content.decode()
    assert part.strip() in client.get(url).content.decode()


def test_a_person_stands_with_every_placement_over_seasons(cast, sign_in):
    person = cast.placement("IH-001").person_id
    page = sign_in("sefo").get(f"/people/{person}/").content.decode()
    assert "Cohort V1" in page
    assert "Working" in page
    assert "Village" in page
    assert "Village" not in sign_in("omar").get(f"/people/{person}/").content.decode()


def queries(client, url) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_the_page_asks_as_much_for_a_long_life_as_for_a_short_one(cast, sign_in):
    client = sign_in("ines")
    pay(cast, "IH-001")
    (late,) = placements(cast, "sefo", "V1", "IH", [("selected", "Picking apples")])
    client.get("/placements/")  # the first request of a session also writes the session
    long, short = queries(client, url_of(cast, "IH-001")), queries(client, f"/placements/{late}/")
    assert long <= short  # the candidate's page also asks what is missing before departure


def test_two_requests_at_once_do_not_both_move(cast, sign_in):
    client = sign_in("ines")
    first = move(client, cast, "IH-004", 1, move="shortlist", happened_on="2026-06-20")
    second = move(client, cast, "IH-004", 1, move="shortlist", happened_on="2026-06-20")
    assert (first.status_code, second.status_code) == (303, 409)
    with cast.acting("ines"):
        assert PlacementState.objects.get(pk=cast.placement("IH-004").pk).version == 2
