"""Surveys before departure and after return: who is owed which, what the door refuses, and who sees nothing of it."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.scope import acting_as, compiler_scope
from compliance.models import SurveyAnswer, SurveyContact
from compliance.surveys.door import Said, Try, record
from compliance.surveys.instrument import FILE, BadInstrument, edition_on, editions, read
from compliance.surveys.standing import of_cohort
from reports.metrics import METRIC, Window
from tests.reports.test_metrics import pay
from workers.models import Consent

TODAY = date(2026, 7, 1)
LATER = datetime(2031, 1, 1, tzinfo=UTC)


def standing(cast, on, name="rosa"):
    with cast.acting(name):
        rows = of_cohort(cast.cohort().pk, on=on, as_of=LATER)
    return {(row.worker_code, row.wave): row for row in rows}


@pytest.fixture
def agreed(cast):
    """Who went agreed to be contacted after return, but for RR-001."""
    with cast.acting("ines"):
        for code in ("IH-001", "IH-002"):
            person = cast.placement(code).person
            Consent.objects.create(
                person=person, pilot_id=person.pilot_id, recruiter_id=person.recruiter_id, purpose="follow_up",
                given_on=date(2025, 11, 1),
            )  # fmt: skip


def answered(cast, code, wave, on, today=None, name="rosa", **answers):
    placement = cast.placement(code)
    with cast.acting(name) as by:
        return record([Try(placement, wave, "answered", on, answers=answers)], by=by, today=today or on)[0]


# --- the questions ----------------------------------------------------------------------------------------------------


def test_the_newest_edition_that_has_begun_is_asked_and_its_version_names_its_content():
    first = editions()[0]
    assert edition_on(date(1990, 1, 1)) == first
    assert first.version.startswith("2026-11 ")
    assert {q.code for q in first.questions("baseline")} == {"work_now", "income_month"}
    assert first.wave("endline").planned == 365
    assert all(question.item.startswith("F") for question in first.all_questions)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda e: e["wave"].pop(), "the waves are"),
        (lambda e: e["wave"][0].update(opens=5), "days in order"),
        (lambda e: e["question"][0].update(kind="money"), "money, scale, or a choice"),
        (lambda e: e["question"][1].update(sources=["X9"]), "an unknown source"),
        (lambda e: e["question"].append(e["question"][0]), "a question stands twice"),
    ],
)
def test_a_file_that_is_not_sound_is_refused_with_the_reason(change, words):
    data = tomllib.loads(FILE.read_text("utf-8"))
    change(data["edition"][0])
    with pytest.raises(BadInstrument, match=words):
        read(data)


# --- who is owed which ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_before_departure_all_are_owed_a_survey_and_after_return_those_who_left(cast, agreed):
    cohort = cast.cohort()
    rows = standing(cast, TODAY)
    assert sum(wave == "baseline" for _code, wave in rows) == 8
    assert {code for code, wave in rows if wave == "endline"} == {"IH-001", "IH-002", "RR-001"}
    back = rows["IH-001", "midline"]
    assert back.planned_on == cohort.returns_on + timedelta(days=182)
    assert back.state == "not yet"
    assert standing(cast, back.opens_on)["IH-001", "midline"].state == "open"
    assert standing(cast, back.closes_on)["IH-001", "midline"].state == "open"
    assert standing(cast, back.closes_on + timedelta(days=1))["IH-001", "midline"].state == "missed"
    assert standing(cast, back.closes_on)["RR-001", "midline"].state == "not agreed"
    with pytest.raises(ValidationError, match="did not agree"):
        answered(cast, "RR-001", "midline", back.planned_on, recommend=Said(choice="yes"))


@pytest.mark.django_db
def test_an_answer_is_kept_once_and_a_try_that_failed_leaves_the_survey_open(cast, agreed):
    due = standing(cast, TODAY)["IH-001", "midline"].planned_on
    placement = cast.placement("IH-001")
    with cast.acting("ines") as by:
        record([Try(placement, "midline", "no number", due)], by=by, today=due)
    row = standing(cast, due)["IH-001", "midline"]
    assert (row.state, row.outcome) == ("open", "no number")
    answered(cast, "IH-001", "midline", due, satisfied=Said(number=Decimal(9)), recommend=Said(choice="yes"))
    assert standing(cast, due)["IH-001", "midline"].state == "answered"
    with pytest.raises(ValidationError, match="already answered"):
        answered(cast, "IH-001", "midline", due, recommend=Said(choice="no"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("one", "words"),
    [
        ({"done_on": date(2027, 1, 1)}, "still to come"),
        ({"wave": "endline"}, "is asked from"),
        ({"wave": "midline", "code": "IH-004"}, "not planned"),
        ({"answers": {}}, "one answer at least"),
        ({"outcome": "declined"}, "so the person was reached"),
        ({"answers": {"satisfied": Said(number=Decimal(5))}}, "no answer to this question"),
        ({"answers": {"income_month": Said(number=Decimal(5))}}, "no answer to this question"),
        ({"answers": {"work_now": Said(choice="king")}}, "no answer to this question"),
        ({"outcome": "whatever"}, "whether the person was reached"),
    ],
)
def test_the_door_refuses_what_cannot_be_and_stores_nothing(cast, agreed, one, words):
    given = {
        "wave": "baseline",
        "outcome": "answered",
        "done_on": TODAY,
        "answers": {"work_now": Said(choice="own")},
    } | one
    placement = cast.placement(given.pop("code", "IH-001"))
    with cast.acting("rosa") as by, pytest.raises(ValidationError, match=words):
        record([Try(placement, **given)], by=by, today=TODAY)
    with cast.acting("rosa"):
        assert not SurveyContact.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sefo", "omar", "fay"])
def test_recruiters_employers_and_funders_neither_note_nor_see_a_survey(cast, sign_in, name):
    answered(cast, "IH-001", "baseline", TODAY, work_now=Said(choice="own"))
    placement = cast.placement("IH-001")
    with cast.acting(name) as by:
        with pytest.raises(PermissionDenied):
            record([Try(placement, "baseline", "declined", TODAY)], by=by, today=TODAY)
        for model in (SurveyContact, SurveyAnswer):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                model.objects.count()
    assert sign_in(name).get(f"/cohorts/{cast.cohort().pk}/surveys/").status_code == 403


@pytest.mark.django_db
def test_many_tries_are_noted_with_as_many_statements_as_one(cast):
    def asked(codes) -> int:
        tries = [
            Try(cast.placement(code), "baseline", "answered", TODAY, answers={"work_now": Said(choice="own")})
            for code in codes
        ]
        with cast.acting("rosa") as by, CaptureQueriesContext(connection) as seen:
            record(tries, by=by, today=TODAY)
        return len(seen)

    assert asked(["IH-001"]) == asked(["IH-002", "IH-003", "IH-004"])


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_form_notes_what_was_answered_and_no_page_shows_it_again(cast, sign_in, monkeypatch):
    placement, client = cast.placement("IH-004"), sign_in("rosa")
    address = f"/placements/{placement.pk}/surveys/baseline/"
    opens = standing(cast, TODAY)["IH-004", "baseline"].opens_on
    monkeypatch.setattr("compliance.views.surveys.timezone.localdate", lambda *_args: opens)
    sent = {
        "outcome": "answered",
        "done_on": opens.isoformat(),
        "mode": "phone",
        "income_month": "1234",
        "income_month_in": "TOP",
    }
    wrong = client.post(address, sent | {"income_month_in": ""})
    assert wrong.status_code == 422
    assert "Say in which currency." in wrong.content.decode()
    assert client.post(address, sent).status_code == 303
    with cast.acting("rosa"):
        answer = SurveyAnswer.objects.get()
    assert (answer.question, answer.number, answer.currency) == ("income_month", 1234, "TOP")
    again = client.get(address).content.decode()
    assert "Nobody is shown the answers of one person." in again
    assert "1234" not in again
    page = client.get(f"/cohorts/{placement.cohort_id}/surveys/?state=answered").content.decode()
    assert "IH-004" in page
    assert "1234" not in page


# --- what reports count -----------------------------------------------------------------------------------------------


def section(cast, code, as_of=LATER):
    pilot = cast.pilot()
    window = Window(pilot.pk, pilot.scheme, date(2026, 1, 1), date(2030, 12, 31), as_of)
    with acting_as(compiler_scope(cast.scope("ines"), (pilot.pk,))):
        return {tuple(f.cell.values()): f for f in METRIC[code].section(window).figures}


@pytest.mark.django_db
def test_reports_count_who_answered_of_those_whose_time_is_over_and_say_why_the_others_did_not(cast, agreed):
    due = standing(cast, TODAY)["IH-001", "midline"].planned_on
    answered(cast, "IH-001", "baseline", TODAY, income_month=Said(number=Decimal(400), currency="TOP"))
    answered(
        cast, "IH-001", "midline", due, income_month=Said(number=Decimal(600), currency="TOP"),
        sent_month=Said(number=Decimal(500), currency="NZD"), sent_cost=Said(number=Decimal(25), currency="NZD"),
        satisfied=Said(number=Decimal(8)), recommend=Said(choice="yes"),
    )  # fmt: skip
    placement = cast.placement("IH-002")
    with cast.acting("rosa") as by:
        record([Try(placement, "midline", "declined", due)], by=by, today=due)
    response = section(cast, "survey_response")
    assert (response["baseline",].numerator, response["baseline",].denominator) == (1, 8)
    assert (response["midline",].numerator, response["midline",].denominator) == (1, 3)
    why = section(cast, "survey_not_reached")
    assert {key: int(f.value) for key, f in why.items() if f.value} == {
        (): 5,
        ("declined",): 1,
        ("none",): 2,
        ("not agreed",): 2,
    }
    for code, base in (
        ("survey_income", 1),
        ("remitted", 1),
        ("remitted_share", 0),
        ("remittance_cost", 1),
        ("satisfied", 1),
        ("recommend", 1),
    ):
        figure = next(iter(section(cast, code).values()))
        assert (figure.value, figure.denominator) == (None, base)  # one person says nothing for others
    early = section(cast, "survey_response", as_of=datetime(2026, 2, 1, tzinfo=UTC))
    assert early["midline",].denominator == 0


@pytest.mark.django_db
def test_what_was_sent_is_held_against_the_net_pay_of_a_month_of_the_same_person(cast):
    for number, code in enumerate(("IH-001", "IH-002", "IH-003", "IH-004", "RR-001", "RR-002")):
        if code != "RR-002":
            pay(cast, code, "2800")
        placement = cast.placement(code)
        with cast.acting("rosa") as by:
            contact = SurveyContact.objects.create(
                pilot_id=placement.pilot_id, placement=placement, cohort_id=placement.cohort_id, wave="midline", mode="phone",
                instrument="1", outcome="answered", done_on=TODAY, user_id=by.user_id, organisation_id=by.organisation_id,
            )  # fmt: skip
            SurveyAnswer.objects.create(
                pilot_id=placement.pilot_id,
                contact=contact,
                question="sent_month",
                number=500 + 100 * number,
                currency="NZD",
            )
    figure = section(cast, "remitted_share")[()]
    assert (figure.value, figure.unit, figure.denominator) == (
        Decimal("0.2300"),
        "share",
        5,
    )  # 700 of 2800 ÷ 28 × 30.4375
