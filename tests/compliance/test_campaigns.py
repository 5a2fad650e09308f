"""Samples of a partner's files: drawn from a stated seed, worked through, and said with their exact error."""

from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import comb
from random import Random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from compliance.campaigns.drawing import draw, hash_of, sample_of
from compliance.campaigns.questions import QUESTIONS
from compliance.campaigns.reviewing import current, results, review
from compliance.campaigns.sampling import TAIL, bounds, estimate
from compliance.models import Campaign, CampaignAnswer, CampaignItem
from tests.forms_sent import form_of
from workers.models import Placement

pytestmark = pytest.mark.django_db


# --- Drawing, without a database ------------------------------------------------------------------------------


def test_the_sample_follows_from_ids_and_seed_by_the_published_recipe_alone():
    """Counted by hand from the recipe in ``drawing.py``: SHA-256 of "seed:id", ordered, the first n."""
    ids = [11, 4, 903, 27, 58]
    by_hand = [pk for _hash, pk in sorted((sha256(f"lotto 3-9-27:{pk}".encode()).hexdigest(), pk) for pk in ids)]
    assert sample_of(ids, "lotto 3-9-27", 3) == by_hand[:3]
    assert sample_of(sorted(ids), "lotto 3-9-27", 3) == by_hand[:3]
    assert sample_of(ids, "another", 5) != by_hand
    assert hash_of(ids) == sha256(b"4\n11\n27\n58\n903\n").hexdigest()


@pytest.mark.parametrize("number", range(20))
def test_a_larger_sample_of_the_same_seed_holds_the_smaller_one(number):
    chance = Random(number)
    ids = set(chance.sample(range(1, 10**9), chance.randint(1, 60)))
    seed, size = f"{chance.random()}", chance.randint(1, 60)
    smaller = sample_of(ids, seed, size)
    assert sample_of(ids, seed, size + 5)[: len(smaller)] == smaller
    assert len(set(smaller)) == min(size, len(ids))


def test_over_many_seeds_every_file_is_drawn_about_as_often():
    ids = range(1, 21)
    drawn = [pk for n in range(2000) for pk in sample_of(ids, f"seed {n}", 5)]
    counts = [drawn.count(pk) for pk in ids]
    assert min(counts) > 420  # 500 expected; four standard deviations of 19.4 and a little
    assert max(counts) < 580


# --- The interval ---------------------------------------------------------------------------------------------


def tails(k, n, failing, of):
    """(chance of k or fewer, chance of k or more), by counting every way."""
    ways = [comb(failing, x) * comb(of - failing, n - x) for x in range(n + 1)]
    total = comb(of, n)
    return Fraction(sum(ways[: k + 1]), total), Fraction(sum(ways[k:]), total)


@pytest.mark.parametrize(("n", "of"), [(1, 1), (3, 7), (10, 12), (8, 30), (20, 60)])
def test_the_interval_is_every_population_the_sample_does_not_speak_against(n, of):
    for k in range(n + 1):
        able = [m for m in range(k, of - (n - k) + 1) if min(tails(k, n, m, of)) > TAIL]
        assert bounds(k, n, of) == (min(able), max(able)), (k, n, of)


@pytest.mark.parametrize(("n", "of"), [(10, 40), (15, 25)])
def test_the_interval_holds_the_truth_in_95_of_100_samples_whatever_the_truth(n, of):
    for failing in range(of + 1):
        held = sum(
            Fraction(comb(failing, k) * comb(of - failing, n - k), comb(of, n))
            for k in range(max(0, n - (of - failing)), min(n, failing) + 1)
            if bounds(k, n, of)[0] <= failing <= bounds(k, n, of)[1]
        )
        assert held >= Fraction(95, 100), failing


def test_a_sample_of_everybody_has_no_error_and_few_files_are_too_few_to_say():
    whole = estimate(3, 12, 12)
    assert (whole.value, whole.low, whole.high) == (Decimal("0.25"), Decimal("0.25"), Decimal("0.25"))
    assert estimate(1, 9, 100).too_few
    assert not estimate(1, 4, 4).too_few
    assert not estimate(0, 10, 100).too_few
    with pytest.raises(ValueError, match="no sample"):
        estimate(5, 4, 10)


def test_none_failing_of_thirty_still_leaves_room_for_some_among_three_hundred():
    clean = estimate(0, 30, 300)
    assert clean.low == 0
    assert Decimal("0.08") < clean.high < Decimal("0.12")


def test_large_populations_are_counted_in_no_time():
    found = estimate(17, 400, 20_000)
    assert found.low < found.value < found.high


# --- On the cast ----------------------------------------------------------------------------------------------


def drawn(cast, today, who="ines", partner="island-hands", size=2, **more):
    asked = {"seed": "lotto 3-9-27", "questions": ["contract", "consent"]} | more
    with cast.acting(who) as by:
        return draw(cast.pilot(), cast.organisation(partner).pk, sample_size=size, by=by, on=today, **asked)


def test_the_population_is_frozen_with_its_size_and_hash_and_the_sample_can_be_taken_again(cast, today):
    made = drawn(cast, today, size=3)
    with cast.acting("ines"):
        ids = list(Placement.objects.filter(recruiter__slug="island-hands").values_list("pk", flat=True))
        files = list(
            CampaignItem.objects.filter(campaign=made).order_by("place").values_list("placement_id", flat=True)
        )
    assert (made.population_size, made.population_hash) == (5, hash_of(ids))
    assert files == sample_of(ids, "lotto 3-9-27", 3)
    assert sorted(made.population) == sorted(ids)


def test_an_employers_files_are_those_it_employs(cast, today):
    assert drawn(cast, today, partner="orchard-bay", size=1).population_size == 3


def test_only_a_recruiter_or_employer_a_possible_size_a_seed_and_a_question_make_a_sample(cast, today):
    for wrong, words in (
        ({"partner": "north-fund"}, "a recruiter or an employer"), ({"size": 6}, "has 5 files"), ({"size": 0}, "at least one"),
        ({"seed": " "}, "State the seed"), ({"questions": ["horoscope"]}, "at least one question"),
        ({"cohort": cast.cohort("AZ1")}, "same pilot"),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match=words):
            drawn(cast, today, **wrong)
    with pytest.raises(PermissionDenied):
        drawn(cast, today, who="omar")


def test_the_database_keeps_a_sample_within_its_population_and_rewrites_nothing(cast, today):
    made = drawn(cast, today)
    with cast.acting("ines") as by:
        row = {
            "pilot": made.pilot, "partner": made.partner, "of": "recruited", "definition": "x", "population": [1],
            "population_hash": "x", "seed": "s", "questions": ["contract"], "drawn_on": today, "user_id": by.user_id,
            "organisation_id": by.organisation_id, "who": "x",
        }  # fmt: skip
        for wrong in ({"population_size": 1, "sample_size": 2}, {"population_size": 2, "sample_size": 1}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Campaign.objects.create(**row, **wrong)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Campaign.objects.filter(pk=made.pk).update(seed="a better one")


@pytest.mark.parametrize("name", ["sefo", "omar", "fay", "kofi"])
def test_no_partner_knows_which_files_are_looked_at(cast, today, name):
    drawn(cast, today)
    for table in (Campaign, CampaignItem, CampaignAnswer):
        with cast.acting(name), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            table.objects.exists()


def test_answers_add_up_and_a_later_one_stands_in_its_place(cast, today):
    made = drawn(cast, today, size=5)
    with cast.acting("rosa") as by:
        items = list(made.items.select_related("campaign").order_by("place"))
        for n, item in enumerate(items):
            bad = ("incomplete", "no signature") if n < 2 else ("complete", "")
            assert review(item, {"contract": bad}, by=by, on=today) == 1
        assert review(items[0], {"contract": ("incomplete", "no signature")}, by=by, on=today) == 0
        assert review(items[1], {"contract": ("wrong", "another name")}, by=by, on=today) == 1
        contract, consent = results(made)
        stands = current(items[1])["contract"]
    assert (contract.complete, contract.incomplete, contract.wrong) == (3, 1, 1)
    assert (contract.failing.value, contract.failing.low, contract.failing.high) == (Decimal("0.4"),) * 3
    assert (consent.looked_at, consent.failing) == (0, None)
    assert (stands.answer, stands.who) == ("wrong", "Rosa Harbour")


def test_a_small_sample_of_a_large_population_is_too_few_to_say_and_an_unfinished_one_says_nothing(cast, today):
    made = drawn(cast, today, size=2)
    with cast.acting("rosa") as by:
        items = list(made.items.select_related("campaign").order_by("place"))
        review(items[0], {"contract": ("complete", "")}, by=by, on=today)
        assert results(made)[0].failing is None
        review(items[1], {"contract": ("complete", "")}, by=by, on=today)
        assert results(made)[0].failing.too_few


def test_what_is_missing_must_be_said_and_only_what_was_asked_is_answered(cast, today):
    made = drawn(cast, today)
    with cast.acting("ines") as by:
        item = made.items.select_related("campaign").first()
        for answers, words in (
            ({"contract": ("wrong", " ")}, "Say what is missing or wrong"), ({"visa": ("complete", "")}, "does not ask"),
            ({"contract": ("maybe", "")}, "complete, incomplete or wrong"),
        ):  # fmt: skip
            with pytest.raises(ValidationError, match=words):
                review(item, answers, by=by, on=today)
        with pytest.raises(IntegrityError, match="says_what"), transaction.atomic():
            CampaignAnswer.objects.create(
                pilot_id=item.pilot_id, item=item, question="contract", answer="wrong", reviewed_on=today,
                user_id=by.user_id, organisation_id=by.organisation_id, who="x",
            )  # fmt: skip


def test_every_question_has_words_and_a_hint():
    assert all(str(q.words) and str(q.hint) and q.code == code for code, q in QUESTIONS.items())


# --- Pages ----------------------------------------------------------------------------------------------------


def test_a_sample_is_drawn_and_worked_through_on_its_pages(cast, sign_in):
    client = sign_in("ines")
    partner = f"{cast.pilot().pk}-{cast.organisation('reef-recruiting').pk}"
    data = {"partner": partner, "sample_size": "3", "seed": "7 14 21", "questions": ["contract", "costs"]}
    assert client.post(reverse("compliance:campaigns"), data | {"sample_size": "99"}).status_code == 422
    page = client.post(reverse("compliance:campaigns"), data, follow=True)
    assert "7 14 21" in page.content.decode()
    assert page.context["campaign"].population_hash in page.content.decode()
    item = page.context["rows"][0]
    address = reverse("compliance:campaign_answers", args=[item.pk])
    file = reverse("compliance:campaign_file", args=[item.pk])
    read = form_of(client.get(file).content.decode())
    on = page.context["campaign"].drawn_on.isoformat()
    refused = client.post(address, read | {"on": on, "contract": "wrong", "contract-words": ""})
    assert refused.status_code == 422
    assert "Say what is missing or wrong" in refused.content.decode()
    good = read | {"on": on, "contract": "wrong", "contract-words": "Signed after departure", "costs": "complete"}
    following = client.post(address, good)
    assert following.status_code == 303
    assert following.url == reverse("compliance:campaign_file", args=[page.context["rows"][1].pk])
    again = client.get(reverse("compliance:campaign_file", args=[item.pk])).content.decode()
    assert "Signed after departure" in again
    # Somebody who opened the file before looks at it too: what both found differently is shown, the rest is taken.
    other = sign_in("mara")
    met = other.post(address, read | {"on": on, "contract": "wrong", "contract-words": "No date on it"})
    assert met.status_code == 409
    assert "Theirs: Signed after departure" in met.content.decode()
    chosen = form_of(met.content.decode()) | {"keep-contract-words": "mine"}
    assert other.post(address, chosen).status_code == 303
    with cast.acting("ines"):
        stands = {code: (row.answer, row.words) for code, row in current(item).items()}
    assert stands == {"contract": ("wrong", "No date on it"), "costs": ("complete", "")}
    assert "When all files are looked at" in client.get(page.request["PATH_INFO"]).content.decode()
    assert (
        reverse("compliance:campaign", args=[item.campaign_id])
        in client.get(reverse("compliance:campaigns")).content.decode()
    )
