"""Lists without persons: stable codes, days moved together, nothing that names anybody, rare words made general."""

import csv
import io
import itertools
from collections import Counter
from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.exports.test_round_trip import record
from tests.workers.sheets.test_door import opened, workbook
from workers.exports import crowds, deidentifying, door
from workers.exports.deidentifying import CROWD, DAYS, FEWEST, key_for
from workers.exports.listings import LISTINGS, Asked
from workers.models import JourneyEvent, Person
from workers.sheets.door import check, commit

NOW = datetime.fromisoformat("2026-07-01T10:00:00+00:00")


@pytest.fixture
def _few(monkeypatch):
    """The cast is no crowd: what a file says is looked at all the same."""
    monkeypatch.setattr(deidentifying, "CROWD", 1)


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
    assert 1 <= abs(key.moved(person).days) <= DAYS
    assert 1 <= abs(key.moved(person).months) <= 6
    assert again.moved(person) == key_for(1, f"  {recipient.upper().lower()} ").moved(person)
    assert key.code(person) != key.code(person + 1)
    assert key.code(person) != key_for(2, recipient).code(person)


def test_two_recipients_cannot_join_their_files_and_spelling_does_not_matter():
    assert key_for(1, "A University").code(7) != key_for(1, "B University").code(7)
    assert key_for(1, "Université  Une").code(7) == key_for(1, "universite une").code(7)


def test_all_moves_are_drawn():
    days = {key_for(1, "x y z").moved(n).days for n in range(5000)}
    assert (min(days), max(days), 0 in days) == (-DAYS, DAYS, False)


@given(st.integers(1, 2**40), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_months_of_pay_follow_each_other_whatever_the_calendar_so_their_lengths_tell_nothing(person, first):
    moved = key_for(1, "x y z").moved(person)
    starts = [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(14)]
    given_away = [moved.month(day) for day in starts]
    assert all(day.day == 1 for day in given_away)
    assert [(b.year - a.year) * 12 + b.month - a.month for a, b in itertools.pairwise(given_away)] == [1] * 13
    assert moved.week(first).weekday() == 0


PEOPLE = st.lists(
    st.tuples(st.sampled_from("FMX"), st.sampled_from(["1990–1994", "1995–1999", None]), st.sampled_from("abcd")), min_size=1, max_size=80
)  # fmt: skip


@given(PEOPLE)
def test_no_combination_of_what_may_be_known_is_shared_by_fewer_than_five(people):
    stands = crowds.settled([(words, n) for n, words in enumerate(people)] * 2, (2, 1, 0), FEWEST, "other")
    shown = Counter(stands.get(words, words) for words in people)
    assert len(people) < FEWEST or min(shown.values()) >= FEWEST


def test_who_stands_alone_loses_the_least_telling_word_and_the_others_keep_theirs():
    many = [(("F", "Tongan"), n) for n in range(6)] + [(("M", "Tongan"), n) for n in range(10, 16)]
    alone = [(("F", "Samoan"), 20), (("F", "Fijian"), 21), *((("F", f"l{n}"), 30 + n) for n in range(4))]
    stands = crowds.settled([*many, *alone], (1, 0), FEWEST, "other")
    assert set(stands.values()) == {("F", "other")}
    assert set(stands) == {words for words, _person in alone}


@pytest.mark.django_db
@pytest.mark.usefixtures("_few")
def test_pay_has_months_lengths_and_days_late_and_no_day_from_which_the_move_could_be_told(cast, today):
    periods = [("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31")]
    headers = ["Worker ID", "Period start", "Period end", "Pay due", "Paid on", "Gross", "Net", "Currency"]
    with cast.acting("ines") as by:
        rows = [
            ["IH-001", start, end, end, f"{end[:8]}{int(end[8:]) - 2}", "100", "100", "NZD"] for start, end in periods
        ]
        rows += [["IH-002", start, end, f"{end[:8]}01", f"{end[:8]}04", "100", "100", "NZD"] for start, end in periods]
        commit(check(opened(cast, by, workbook(rows, headers), kind="pay"), by=by, today=today), by=by, today=today)
        told = without(cast, by, today, "pay")
    assert not {"Period end", "Pay due", "Paid on"} & set(told[0])
    months = sorted(date.fromisoformat(row["Period start"]) for row in told if row["Days late"] == "3")
    assert [day.day for day in months] == [1, 1, 1]
    assert [(b.year - a.year) * 12 + b.month - a.month for a, b in itertools.pairwise(months)] == [1, 1]
    assert {row["Days late"] for row in told} == {"0", "3"}
    assert {row["Length of the period"] for row in told} == {"other"}  # two persons share it


@pytest.mark.django_db
@pytest.mark.usefixtures("_few")
def test_words_that_somebody_typed_are_codes_or_one_column_and_never_stand_in_the_file(cast, today, monkeypatch):
    monkeypatch.setattr(deidentifying, "FEWEST", 1)
    with cast.acting("ines") as by:
        headers = ["Worker ID", "Period start", "Period end", "Gross", "Net", "Currency", "Deduction: rent",
                   "Deduction: owed to Maria of Kolovai", "Deduction: room at O'Brien 100%"]  # fmt: skip
        rows = [["IH-001", "2026-05-04", "2026-05-10", "500", "340", "NZD", "100", "50", "10"]]
        commit(check(opened(cast, by, workbook(rows, headers), kind="pay"), by=by, today=today), by=by, today=today)
        for kind in ("contracts", "debts", "deductions", "training"):
            record(cast, by, today, kind)
        headers = ["Worker ID", "Item", "Agreed total", "Currency", "From"]
        rows = [["IH-001", "Loan of Sione Tupou", "90", "NZD", "2026-03-01"]]
        commit(
            check(opened(cast, by, workbook(rows, headers), kind="deductions"), by=by, today=today), by=by, today=today
        )
        pay, contracts = without(cast, by, today, "pay"), without(cast, by, today, "contracts")
        debts, deductions = without(cast, by, today, "debts"), without(cast, by, today, "deductions")
        training = without(cast, by, today, "training")
    text = repr([pay, contracts, debts, deductions, training]).lower()
    for word in ("maria", "kolovai", "o'brien", "sione", "orchard", "picker", "money-lender", "safety", "recruiter"):
        assert word not in text, word
    (slip,) = pay
    assert (slip["Deduction: rent"], slip["Deduction: other"]) == ("100.0", "60.0")
    assert {row["Item"] for row in deductions} == {"air fare", "rent", "other"}
    assert all(row["Held by"].startswith("W-") for row in debts)
    assert contracts[0]["Employer"] == "" or contracts[0]["Employer"].startswith("W-")


@pytest.mark.django_db
def test_a_filter_or_too_few_persons_make_no_file(cast, today):
    verde = str(cast.pilot("verde").pk)
    with cast.acting("ines") as by:
        asked = {"by": by, "pilot_id": cast.pilot("verde").pk, "recipient": "University of Somewhere"}
        with pytest.raises(door.Refused, match="fewer than 20 persons"):
            door.ask(LISTINGS["workers"], {"pilot": verde}, "csv", **asked)
        with pytest.raises(door.Refused, match="whole pilot"):
            door.ask(LISTINGS["workers"], {"pilot": verde, "cohort": str(cast.cohort("V1").pk)}, "csv", **asked)
        more = [Person(pilot_id=int(verde), worker_code=f"X-{n}", given_names="X", recruiter=cast.organisation("island-hands"), sex="F")
                for n in range(CROWD)]  # fmt: skip
        Person.objects.bulk_create(more)
        assert len(without(cast, by, today, "workers")) >= CROWD
        with pytest.raises(door.Refused, match="whole pilot"):
            door.ask(LISTINGS["workers"], {"pilot": verde, "cohort": str(cast.cohort("V1").pk)}, "csv", **asked)


@pytest.mark.django_db
@pytest.mark.usefixtures("_few")
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
@pytest.mark.usefixtures("_few")
def test_a_person_is_the_same_code_in_every_list_and_days_keep_their_distance(cast, today):
    with cast.acting("ines") as by:
        record(cast, by, today, "contracts")
        moves, contracts = without(cast, by, today, "moves"), without(cast, by, today, "contracts")
        assert {row["Worker ID"] for row in contracts} <= {row["Worker ID"] for row in moves}
        key = key_for(cast.pilot("verde").pk, "University of Somewhere")
        true = Counter(
            (key.code(person), key.moved(person).week(on))
            for person, on in JourneyEvent.objects.values_list("placement__person_id", "happened_on")
        )
        assert true == Counter((row["Worker ID"], date.fromisoformat(row["Date"])) for row in moves)
        one = Person.objects.get(worker_code="IH-001").pk
        signed = next(row for row in contracts if row["Worker ID"] == key.code(one))
        start, end = date.fromisoformat(signed["Start"]), date.fromisoformat(signed["Planned end"])
        assert start == key.moved(one).week(date(2026, 2, 20))
        assert abs((end - start) - (date(2026, 9, 20) - date(2026, 2, 20))).days < 7


@pytest.mark.django_db
@pytest.mark.usefixtures("_few")
def test_no_word_is_shared_by_fewer_than_five_persons_unless_it_is_other(cast, today):
    with cast.acting("ines") as by:
        rows = without(cast, by, today, "workers")
        assert len(rows) >= FEWEST
        for column in ("Sex", "Date of birth", "Recruiter", "Nationality"):
            for word, number in Counter(row[column] for row in rows).items():
                assert word in ("", "other") or number >= FEWEST, (column, word)
        assert Counter(row["Recruiter"] for row in rows)["other"] in (0, *range(FEWEST, 100))
        assert all(row["Recruiter"] in ("", "other") or row["Recruiter"].startswith("W-") for row in rows)


@pytest.mark.django_db
@pytest.mark.usefixtures("_few")
def test_the_workbook_says_what_was_done_and_for_whom(cast, today):
    import openpyxl

    with cast.acting("ines") as by:
        book = openpyxl.load_workbook(io.BytesIO(without(cast, by, today, "moves", form="xlsx")))
    facts = {row[0].value: row[1].value for row in book["About this file"].iter_rows()}
    assert facts["For"] == "University of Somewhere"
    assert "182 back" in facts["Days"]
    assert "To send back" not in facts


@pytest.mark.django_db
@pytest.mark.usefixtures("_few")
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
