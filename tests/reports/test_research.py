"""Extracts for research: in every one of them nobody stands alone, whatever the table; and nothing is given outside an
agreement."""

import csv
import io
import random
import zipfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Job
from accounts.scope import acting_as
from reports.models import ResearchAgreement, ResearchDownload, ResearchExtract, ResearchFile
from reports.research import making
from reports.research.grouping import MOST_LEFT_OUT, TooFew, group, told_of_all
from reports.research.retention import delete_expired
from reports.research.rows import QUASI, SENSITIVE, stay_of, two_digits
from workers.exports.deidentifying import key_for

NOW = datetime(2026, 7, 1, 10, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def person(number, dice=None, **more):
    dice = dice or random.Random(number)
    row = {
        "code": f"P-{number:05}", "sex": dice.choice("FM"), "born": dice.choice([None, *range(1965, 2007)]),
        "origin": (dice.choice(["", "Vava'u", "Ha'apai", "Tongatapu", "'Eua"]), dice.choice(["TO", "FJ"])),
        "employer": dice.choice(["", "W-A", "W-B", "W-C"]),
        "departed": date(2026, 1, 1) + timedelta(days=dice.randrange(700)), "placements": dice.choice(["1", "1", "2", "3+"]),
    }  # fmt: skip
    return row | dict.fromkeys(SENSITIVE, "") | {"stay": dice.choice(["abroad", "ended early"])} | more


def groups_of(rows):
    return Counter(tuple(row[q.column] for q in QUASI) for row in rows)


# --- groups -----------------------------------------------------------------------------------------------------------


def test_in_any_table_everybody_shares_what_can_be_recognised_with_k_people_at_least():
    dice, made = random.Random(20261122), 0
    for _case in range(400):
        size, k = dice.randrange(1, 160), dice.choice([2, 5, 10, 25])
        rows = [person(n, dice) for n in range(size)]
        try:
            found = group(rows, QUASI, k)
        except TooFew:
            assert size < k  # the last step of every column tells nothing, so a group can always be made of k people
            continue
        made += 1
        sizes = groups_of(found.rows)
        assert min(sizes.values()) == found.smallest >= k
        assert len(found.rows) + found.left_out == size
        assert found.left_out <= MOST_LEFT_OUT * size
    assert made > 300


def test_the_answer_does_not_depend_on_the_order_of_rows():
    rows = [person(n) for n in range(120)]
    one, other = group(rows, QUASI, 10), group(rows[::-1], QUASI, 10)
    assert one.levels == other.levels
    assert {row["code"] for row in one.rows} == {row["code"] for row in other.rows}


def test_a_column_is_never_finer_than_it_was_given_before():
    rows = [
        person(n, sex="F", born=1990, origin=("X", "TO"), employer="W", departed=FIRST, placements="1")
        for n in range(20)
    ]
    assert group(rows, QUASI, 10).levels["born"] == 0
    assert group(rows, QUASI, 10, {"born": 2}).levels["born"] == 2


def test_fewer_than_k_people_are_no_group():
    with pytest.raises(TooFew):
        group([person(n) for n in range(9)], QUASI, 10)


def test_a_group_in_which_all_have_the_same_tells_it_and_an_empty_value_tells_nothing():
    rows = [
        dict.fromkeys((q.column for q in QUASI), "*") | {"stay": "abroad", "recommend": "", "findings": str(n)} for n in range(5)
    ]  # fmt: skip
    assert told_of_all(rows, QUASI, ("stay", "recommend", "findings")) == {"stay": 1}


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("1234", "1200"),
        ("0", "0"),
        ("7", "7"),
        ("25.4", "25"),
        ("1250", "1200"),
        ("1350", "1400"),
        ("999", "1000"),
        ("123456.78", "120000"),
    ],
)
def test_amounts_keep_two_digits(amount, said):
    assert two_digits(Decimal(amount)) == said


def test_rare_ends_are_not_told_apart():
    assert {stay_of(step) for step in ("deceased", "resigned", "dismissed", "disengaged")} == {"ended early"}


def test_codes_of_two_agreements_cannot_be_joined():
    assert key_for(1, "agreement 1").code(7) != key_for(1, "agreement 2").code(7)
    assert key_for(1, "agreement 1").code(7) == key_for(1, "agreement 1").code(7)


# --- agreements and extracts ------------------------------------------------------------------------------------------


@pytest.fixture
def agreement(cast):
    return agreed(cast)


def agreed(cast, **more):
    scope, pilot = cast.scope("ines"), cast.pilot()
    with acting_as(scope):
        return ResearchAgreement.objects.create(**{
            "pilot": pilot, "organisation_id": scope.organisation_id, "recipient": "A university", "purpose": "Pay.",
            "signed_by": "Two people", "signed_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1), "user_id": scope.user_id,
        } | more)  # fmt: skip


@pytest.fixture
def crowd(monkeypatch):
    """Forty people, in the place of those of the database."""
    monkeypatch.setattr(making, "people", lambda *_args: ([person(n, sex="F") for n in range(40)], 3))


def made(cast, agreement, name="ines", first=FIRST, now=NOW):
    scope = cast.scope(name)
    with acting_as(scope):
        return making.make(ResearchAgreement.objects.get(pk=agreement.pk), first, LAST, by=scope, now=now)


def unpacked(body):
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        rows = list(csv.DictReader(io.StringIO(file.read("rows.csv").decode())))
        return rows, file.read("README.txt").decode()


@pytest.mark.django_db
def test_an_extract_holds_groups_of_k_says_who_is_missing_and_stands_in_the_register(cast, agreement, crowd):
    extract = made(cast, agreement)
    with cast.acting("ines") as by:
        body = making.hand_out(extract, by=by, now=NOW)
        rows, notes = unpacked(body)
        assert min(groups_of(rows).values()) >= 10
        assert (extract.people, extract.left_out) == (len(rows), 40 - len(rows) + 3)
        assert "A university" in notes
        assert "10 people at least" in notes
        assert ResearchDownload.objects.get().user_id == by.user_id
        again = making.archive(
            agreement, group([person(n, sex="F") for n in range(40)], QUASI, 10), extract.warnings, FIRST, LAST
        )
    assert again == body


@pytest.mark.django_db
def test_the_rows_of_the_database_are_one_a_person_who_agrees_and_few_are_refused_in_words(cast, agreement):
    from reports.research.rows import people
    from workers.models import Consent

    for code in ("IH-001", "RR-001"):
        who = cast.placement(code).person
        with cast.acting("ines"):
            Consent.objects.create(
                person=who,
                pilot_id=who.pilot_id,
                recruiter_id=who.recruiter_id,
                purpose="statistics",
                given_on=date(2025, 11, 1),
            )
    with cast.acting("ines"):
        rows, without = people(cast.pilot().pk, date(2020, 1, 1), date(2030, 1, 1), key_for(1, "x"))
    assert (len(rows), without) == (2, 1)
    assert {row["stay"] for row in rows} == {"abroad"}
    assert all(row["employer"].startswith("W-") and row["code"].startswith("P-") for row in rows)
    with pytest.raises(ValidationError, match="cannot be put into groups of 10"):
        made(cast, agreement)
    with cast.acting("ines"):
        assert not ResearchExtract.objects.exists()


@pytest.mark.django_db
def test_under_one_agreement_there_is_one_period_and_no_column_becomes_finer(cast, agreement, crowd):
    first = made(cast, agreement)
    with pytest.raises(ValidationError, match="of the same period"):
        made(cast, agreement, first=date(2026, 2, 1))
    again = made(cast, agreement)
    assert all(again.levels[column] >= level for column, level in first.levels.items())


@pytest.mark.django_db
@pytest.mark.parametrize("days", [{"ends_on": date(2026, 6, 30)}, {"signed_on": date(2026, 7, 2)}])
def test_nothing_is_given_outside_the_days_of_an_agreement(cast, crowd, days):
    with pytest.raises(ValidationError, match="does not run today"):
        made(cast, agreed(cast, **days))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["dana", "lena", "rosa", "sefo", "fay"])
def test_nobody_but_the_programme_that_signed_has_extracts_made(cast, agreement, crowd, name):
    scope = cast.scope(name)
    with acting_as(scope), pytest.raises(PermissionDenied):
        making.refuse_now(agreement, FIRST, LAST, by=scope, today=date(2026, 7, 1))


@pytest.mark.django_db
def test_the_bytes_go_after_a_week_or_with_the_agreement_and_the_register_stays(cast, agreement, crowd):
    extract = made(cast, agreement)
    assert delete_expired(now=NOW + timedelta(days=6)) == 0
    assert delete_expired(now=NOW + timedelta(days=8)) == 1
    later = made(cast, agreement)
    with cast.acting("ines") as by:
        with pytest.raises(ValidationError, match="does not lie here any more"):
            making.hand_out(extract, by=by, now=NOW)
        making.end(agreement, by=by, on=date(2026, 7, 2), reason="Withdrawn.")
        assert not ResearchFile.objects.exists()
        with pytest.raises(ValidationError, match="has ended"):
            making.hand_out(ResearchExtract.objects.get(pk=later.pk), by=by, now=NOW + timedelta(days=3))
        assert ResearchExtract.objects.count() == 2


@pytest.mark.django_db
def test_the_database_refuses_a_group_under_five_and_an_extract_smaller_than_its_group(cast, agreement):
    with pytest.raises(IntegrityError, match="research_group_large_enough"), transaction.atomic():
        agreed(cast, k=4)
    scope = cast.scope("ines")
    with acting_as(scope), pytest.raises(IntegrityError, match="research_extract_is_of_a_group"), transaction.atomic():
        ResearchExtract.objects.create(
            pilot_id=agreement.pilot_id, organisation_id=scope.organisation_id, agreement=agreement, period_from=FIRST,
            period_to=LAST, k=10, people=9, left_out=0, levels={}, size=1, sha256="a" * 64, user_id=scope.user_id,
            expires_at=NOW,
        )  # fmt: skip


@pytest.mark.django_db
def test_the_pages_record_an_agreement_ask_for_an_extract_hand_it_out_and_end_it(cast, sign_in, crowd):
    client, today = sign_in("ines"), timezone.localdate()
    form = {
        "pilot": cast.pilot().pk, "recipient": "A university", "purpose": "Pay.", "signed_by": "Two people", "k": "10",
        "signed_on": (today - timedelta(days=1)).isoformat(), "ends_on": (today + timedelta(days=90)).isoformat(),
    }  # fmt: skip
    assert client.post("/research/", form | {"k": "3"}).status_code == 422
    answer = client.post("/research/", form)
    assert answer.status_code == 303
    page = answer["Location"]
    asked = client.post(f"{page}extracts/", {"period_from": "2026-01-01", "period_to": "2026-12-31"})
    assert asked.status_code == 303
    with cast.acting("ines") as by:
        job, agreement = Job.objects.get(kind="research_extract"), ResearchAgreement.objects.get()
        extract = making.make(agreement, FIRST, LAST, by=by, now=timezone.now(), job_id=job.pk)
    assert "Download (.zip)" in client.get(page).content.decode()
    given = client.post(f"/research/extracts/{extract.pk}/downloads/")
    assert given["Content-Type"] == "application/zip"
    assert len(unpacked(given.content)[0]) == extract.people
    assert client.post(f"{page}ends/", {"reason": ""}).status_code == 422
    assert client.post(f"{page}ends/", {"reason": "Over."}).status_code == 303
    assert client.post(f"/research/extracts/{extract.pk}/downloads/").status_code == 422
