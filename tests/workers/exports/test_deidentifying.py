"""Lists without persons: stable codes, days moved together, nothing that names anybody, rare words made general."""

import csv
import io
from collections import Counter
from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.exports.test_round_trip import record
from workers.exports import door
from workers.exports.deidentifying import DAYS, FEWEST, key_for
from workers.exports.listings import LISTINGS, Asked
from workers.models import JourneyEvent, Person

NOW = datetime.fromisoformat("2026-07-01T10:00:00+00:00")


def without(cast, by, today, code, recipient="University of Somewhere", form="csv"):
    plan = LISTINGS[code].plan(Asked(by, {"pilot": str(cast.pilot("verde").pk)}, today))
    export = door.ask(
        LISTINGS[code], {"pilot": str(cast.pilot("verde").pk)}, form, by=by, pilot_id=plan.pilot_id, recipient=recipient
    )
    content = door.at_once(export, by=by, at=NOW, today=today)
    if form == "xlsx":
        return content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(st.integers(1, 2**62), st.text(min_size=3, max_size=40))
def test_a_code_is_stable_for_a_recipient_and_days_are_never_none(person, recipient):
    key, again = key_for(1, recipient), key_for(1, f"  {recipient.upper().lower()} ")
    assert key.code(person) == key_for(1, recipient).code(person)
    assert 1 <= abs(key.days(person)) <= DAYS
    assert again.days(person) == key_for(1, f"  {recipient.upper().lower()} ").days(person)
    assert key.code(person) != key.code(person + 1)
    assert key.code(person) != key_for(2, recipient).code(person)


def test_two_recipients_cannot_join_their_files_and_spelling_does_not_matter():
    assert key_for(1, "A University").code(7) != key_for(1, "B University").code(7)
    assert key_for(1, "Université  Une").code(7) == key_for(1, "universite une").code(7)


def test_all_moves_are_drawn():
    days = {key_for(1, "x y z").days(n) for n in range(5000)}
    assert (min(days), max(days), 0 in days) == (-DAYS, DAYS, False)


@pytest.mark.django_db
def test_no_name_number_contact_or_note_is_left(cast, today):
    with cast.acting("ines") as by:
        for kind in ("workers", "costs", "pay", "documents", "contracts", "moves"):
            record(cast, by, today, kind)
        words = set()
        for person in Person.objects.all():
            words |= {person.worker_code, person.family_name, person.given_names, person.passport_name, person.village}
        for code in ("workers", "costs", "pay", "documents", "contracts", "moves"):
            rows = without(cast, by, today, code)
            assert rows, code
            text = repr(rows)
            for word in {*words, "P5550001", "0184466", "+676", "ana@example.org", "Embassy", "V-0099", "-5 = ok"} - {
                ""
            }:
                assert word not in text, (code, word)
            assert all(row["Worker ID"].startswith("P-") for row in rows)
            assert "Row version" not in rows[0]


@pytest.mark.django_db
def test_a_person_is_the_same_code_in_every_list_and_days_keep_their_distance(cast, today):
    with cast.acting("ines") as by:
        record(cast, by, today, "contracts")
        moves, contracts = without(cast, by, today, "moves"), without(cast, by, today, "contracts")
        assert {row["Worker ID"] for row in contracts} <= {row["Worker ID"] for row in moves}
        key = key_for(cast.pilot("verde").pk, "University of Somewhere")
        true = Counter(
            (key.code(person), on.toordinal() + key.days(person))
            for person, on in JourneyEvent.objects.values_list("placement__person_id", "happened_on")
        )
        assert true == Counter((row["Worker ID"], date.fromisoformat(row["Date"]).toordinal()) for row in moves)
        one = Person.objects.get(worker_code="IH-001").pk
        signed = next(row for row in contracts if row["Worker ID"] == key.code(one))
        shift = date.fromisoformat(signed["Start"]) - date(2026, 2, 20)
        assert shift.days == key.days(one)
        assert date.fromisoformat(signed["Planned end"]) - date.fromisoformat(signed["Start"]) == date(
            2026, 9, 20
        ) - date(2026, 2, 20)


@pytest.mark.django_db
def test_no_word_is_shared_by_fewer_than_five_persons_unless_it_is_other(cast, today):
    with cast.acting("ines") as by:
        rows = without(cast, by, today, "workers")
        assert len(rows) >= FEWEST
        for column in ("Sex", "Date of birth", "Recruiter", "Nationality"):
            for word, number in Counter(row[column] for row in rows).items():
                assert word in ("", "other") or number >= FEWEST, (column, word)
        assert Counter(row["Recruiter"] for row in rows)["other"] in (0, *range(FEWEST, 100))


@pytest.mark.django_db
def test_the_workbook_says_what_was_done_and_for_whom(cast, today):
    import openpyxl

    with cast.acting("ines") as by:
        book = openpyxl.load_workbook(io.BytesIO(without(cast, by, today, "moves", form="xlsx")))
    facts = {row[0].value: row[1].value for row in book["About this file"].iter_rows()}
    assert facts["For"] == "University of Somewhere"
    assert "90 back" in facts["Days"]
    assert "To send back" not in facts


@pytest.mark.django_db
def test_only_who_may_asks_for_one_and_says_for_whom(cast, sign_in, today):
    with cast.acting("sefo") as by, pytest.raises(PermissionDenied):
        door.ask(LISTINGS["moves"], {}, "csv", by=by, pilot_id=None, recipient="Somebody")
    page = sign_in("sefo").get(reverse("workers:download_new"), {"list": "moves"}).content.decode()
    assert "without_persons" not in page
    ines = sign_in("ines")
    assert "without_persons" in ines.get(reverse("workers:download_new"), {"list": "moves"}).content.decode()
    post = {"list": "moves", "format": "csv", "without_persons": "on"}
    assert ines.post(reverse("workers:downloads"), post).status_code == 422
    response = ines.post(reverse("workers:downloads"), post | {"recipient": "University of Somewhere"})
    assert b"IH-001" not in response.content
    assert "without-persons" in response["Content-Disposition"]
    # The name alone is no wish for one.
    assert (
        b"IH-001"
        in ines.post(reverse("workers:downloads"), {"list": "moves", "format": "csv", "recipient": "X Y Z"}).content
    )
