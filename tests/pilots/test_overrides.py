"""A pilot departs from its scheme: one value, for a time and a reason; the rest, the past and other pilots stay."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from compliance import due
from pilots import overriding
from pilots.models import ParameterOverride
from pilots.rulebook import Rulebook, rulebook, rulebooks
from pilots.schemes.reader import NoValueOnDate, UnknownParameter, load

pytestmark = pytest.mark.django_db


def depart(by, pilot, **changed):
    given = {
        "parameter": "welfare_contact_interval", "value": "7", "valid_from": date(2026, 3, 1),
        "valid_to": date(2026, 8, 31), "reason": "The ministry asked for a weekly contact this season.",
    }  # fmt: skip
    return overriding.depart(pilot, by=by, **(given | changed))


def test_on_its_days_the_own_value_holds_and_says_why_and_what_the_scheme_says(cast):
    with cast.acting("ines") as by:
        pilot = cast.pilot("verde")
        depart(by, pilot)
        book = rulebook(pilot)
        own = book.parameter("welfare_contact_interval", on=date(2026, 3, 1))
        assert (own.value, own.unit, own.override.reason[:12], own.override.instead_of.value) == (
            7, "days", "The ministry", 28,
        )  # fmt: skip
        assert own.override.by
        for day in (date(2026, 2, 28), date(2026, 9, 1)):
            assert book.parameter("welfare_contact_interval", on=day).override is None
        days = [(row.valid_from, row.valid_to) for row in book.changes("welfare_contact_interval")]
        assert days == [
            (load("rse").since, date(2026, 2, 28)), (date(2026, 3, 1), date(2026, 8, 31)), (date(2026, 9, 1), None),
        ]  # fmt: skip
        assert book.on(date(2026, 4, 1))["minimum_age"] == load("rse").parameter("minimum_age", on=date(2026, 4, 1))


def test_an_override_replaces_exceptions_too(cast):
    with cast.acting("ines") as by:
        pilot = cast.pilot("verde")
        depart(by, pilot, parameter="stay_limit", value="8")
        stay = rulebook(pilot).parameter("stay_limit", on=date(2026, 4, 1))
        assert [stay.value_for(nationality=code) for code in ("TO", "KI")] == [8, 8]


def test_the_check_that_is_due_follows_the_pilots_own_interval(cast, today):
    with cast.acting("ines") as by:
        before = due.obligation_parameters(by, today, cast.pilot("verde").pk)["every"]
        depart(by, cast.pilot("verde"))
        assert (before, due.obligation_parameters(by, today, cast.pilot("verde").pk)["every"]) == ([28], [7])


def test_two_overrides_of_a_rule_never_share_a_day_and_the_next_day_is_free(cast):
    with cast.acting("ines") as by:
        pilot = cast.pilot("verde")
        depart(by, pilot)
        with pytest.raises(ValidationError, match="already holds on some of these days"):
            depart(by, pilot, valid_from=date(2026, 8, 31), valid_to=date(2026, 12, 31))
        with pytest.raises(IntegrityError), transaction.atomic():
            ParameterOverride.objects.create(
                pilot=pilot, parameter="welfare_contact_interval", value="9", unit="days", reason="x",
                valid_from=date(2026, 1, 1), valid_to=date(2026, 3, 1), recorded_by_id=by.user_id, recorded_name="x",
            )  # fmt: skip
        depart(by, pilot, valid_from=date(2026, 9, 1), valid_to=date(2026, 12, 31), value="10")
        values = [row.value for row in rulebook(pilot).changes("welfare_contact_interval")]
        assert values == [28, 7, 10, 28]


def test_ended_early_the_schemes_value_holds_again_and_the_days_are_free(cast):
    with cast.acting("ines") as by:
        pilot = cast.pilot("verde")
        row = depart(by, pilot)
        overriding.end(row, on=date(2026, 5, 1), reason="The ministry withdrew it.", by=by)
        book = rulebook(pilot)
        assert book.parameter("welfare_contact_interval", on=date(2026, 4, 30)).value == 7
        assert book.parameter("welfare_contact_interval", on=date(2026, 5, 1)).value == 28
        depart(by, pilot, valid_from=date(2026, 5, 1), value="14")
        kept = ParameterOverride.objects.get(pk=row.pk)
        assert (kept.valid_to, kept.ended_reason) == (date(2026, 8, 31), "The ministry withdrew it.")
        with pytest.raises(ValidationError, match="ended already"):
            overriding.end(kept, on=date(2026, 6, 1), reason="Again", by=by)


def test_taken_back_on_its_first_day_it_never_held(cast):
    with cast.acting("ines") as by:
        pilot = cast.pilot("verde")
        overriding.end(depart(by, pilot), on=date(2026, 3, 1), reason="A mistake.", by=by)
        assert rulebook(pilot).overrides == ()


@pytest.mark.parametrize(
    ("on", "reason", "words"),
    [(date(2026, 2, 28), "Too early", "within its own days"), (date(2026, 9, 1), "Too late", "within its own days"),
     (date(2026, 5, 1), " ", "says when, why")],
)  # fmt: skip
def test_an_end_outside_its_days_or_without_a_reason_is_refused(cast, on, reason, words):
    with cast.acting("ines") as by:
        row = depart(by, cast.pilot("verde"))
        with pytest.raises(ValidationError, match=words):
            overriding.end(row, on=on, reason=reason, by=by)


def test_as_known_before_it_was_recorded_the_scheme_stands(cast):
    with cast.acting("ines") as by:
        pilot, now = cast.pilot("verde"), timezone.localdate()
        row = depart(by, pilot)
        assert rulebook(pilot, known_on=date(2026, 1, 1)).overrides == ()
        assert len(rulebook(pilot, known_on=now).overrides) == 1
        overriding.end(row, on=date(2026, 5, 1), reason="Withdrawn.", by=by)
        ParameterOverride.objects.filter(pk=row.pk).update(ended_at=timezone.now() + timezone.timedelta(days=3))
        (then,) = rulebook(pilot, known_on=now).overrides
        assert then.valid_to == date(2026, 8, 31), "the end was not known yet"


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"parameter": "shoe_size"}, "parameter", "no such rule"),
        ({"value": "weekly"}, "value", "Write a number"),
        ({"value": "7.5"}, "value", "Write a whole number"),
        ({"value": "36526"}, "value", "a hundred years"),
        ({"parameter": "visa_multiple_entry", "value": "maybe"}, "value", "Write yes or no"),
        ({"parameter": "hours_guarantee", "value": "30", "valid_from": date(2024, 8, 1)}, "valid_to", "unit of this"),
        ({"valid_to": date(2026, 2, 1)}, "valid_to", "ends on or after"),
        ({"reason": "  "}, "__all__", "a reason"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(cast, changed, field, words):
    with cast.acting("ines") as by:
        with pytest.raises(ValidationError) as wrong:
            depart(by, cast.pilot("verde"), **changed)
        assert words in " ".join(wrong.value.message_dict[field])


def test_only_the_programme_departs_and_partners_read(cast):
    with cast.acting("ines") as by:
        depart(by, cast.pilot("verde"))
    for name in ("omar", "sefo", "rosa", "lena"):
        with cast.acting(name) as by:
            assert rulebook(cast.pilot("verde")).overrides[0].value == 7
            with pytest.raises(PermissionDenied):
                depart(by, cast.pilot("verde"), parameter="minimum_age", value="19")
            assert ParameterOverride.objects.all().count() == 1
    with cast.acting("dana"):
        assert not ParameterOverride.objects.exists()


def test_all_pilots_are_asked_in_one_statement(cast, django_assert_num_queries):
    with cast.acting("ines"):
        pilots = [cast.pilot("verde")]
        load("rse")
        with django_assert_num_queries(1):
            books = rulebooks(pilots)
        assert books[pilots[0].pk].parameter("minimum_wage", on=date(2026, 5, 1)).value == Decimal("23.95")


def test_what_is_not_there_is_said_as_the_scheme_says_it():
    book = Rulebook(1, load("rse"))
    with pytest.raises(UnknownParameter):
        book.parameter("shoe_size", on=date(2026, 1, 1))
    with pytest.raises(NoValueOnDate):
        book.parameter("rent_cap", on=date(2025, 1, 1))
    assert not book.has("shoe_size", on=date(2026, 1, 1))


def main(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2]


GOOD = {"parameter": "welfare_contact_interval", "value": "7", "valid_from": "2026-03-01", "valid_to": "2026-12-31",
        "reason": "The ministry asked for it."}  # fmt: skip


def test_the_programme_departs_on_the_page_and_every_partner_reads_it(cast, sign_in):
    client = sign_in("ines")
    assert "follows its scheme in every rule" in main(client.get("/pilots/verde/overrides/"))
    assert client.post("/pilots/verde/overrides/", GOOD).status_code == 303
    page = main(client.get("/pilots/verde/overrides/"))
    assert "7 days" in page
    assert "The ministry asked for it." in page
    again = client.post("/pilots/verde/overrides/", GOOD)
    assert again.status_code == 422
    assert "already holds on some of these days" in again.content.decode()
    wrong = client.post("/pilots/verde/overrides/", GOOD | {"value": "often", "parameter": "minimum_age"})
    assert wrong.status_code == 422
    assert "Write a number" in wrong.content.decode()
    for name in ("omar", "sefo", "rosa"):
        page = main(sign_in(name).get("/pilots/verde/rules/?on=2026-04-01"))
        assert "Override of the pilot" in page
        assert "The scheme says: 28 days" in page
        assert "Depart from a rule" not in main(sign_in(name).get("/pilots/verde/overrides/"))
    assert "Override of the pilot" not in main(client.get("/pilots/verde/rules/?on=2026-04-01&known=2026-01-01"))


def test_it_is_ended_on_the_page(cast, sign_in):
    client = sign_in("ines")
    client.post("/pilots/verde/overrides/", GOOD)
    with cast.acting("ines"):
        row = ParameterOverride.objects.get()
    path = f"/pilots/verde/overrides/{row.pk}/ends/"
    assert path in main(client.get("/pilots/verde/overrides/"))
    assert client.get(path).status_code == 200
    outside = client.post(path, {"on": "2027-05-01", "reason": "Withdrawn"})
    assert outside.status_code == 422
    assert "within its own days" in outside.content.decode()
    assert client.post(path, {"on": "2026-05-01", "reason": "Withdrawn"}).status_code == 303
    assert "Ended: Withdrawn" in main(client.get("/pilots/verde/overrides/"))
    assert client.post(path, {"on": "2026-05-01", "reason": "Withdrawn"}).status_code == 422
    assert sign_in("dana").post(path, {}).status_code == 404


@pytest.mark.parametrize("name", ["sefo", "omar", "rosa", "lena"])
def test_nobody_but_the_programme_departs_on_the_page(cast, sign_in, name):
    assert sign_in(name).post("/pilots/verde/overrides/", GOOD).status_code == 403
    with cast.acting("ines"):
        assert not ParameterOverride.objects.exists()


def test_one_rule_shows_every_value_and_the_changes_page_says_what_changed_when(sign_in):
    client = sign_in("ines")
    page = main(client.get("/pilots/verde/rules/hours_guarantee/"))
    for words in ("30 hours/week", "120 hours/4 weeks", "the day the visa was granted", "keep thirty hours"):
        assert words in page, words
    assert client.get("/pilots/verde/rules/shoe_size/").status_code == 404
    changes = main(client.get("/pilots/verde/rules/changes/"))
    assert "Minimum wage for an adult" in changes
    assert "NZD\N{NO-BREAK SPACE}23.95" in changes
