"""One payment for several findings: split to the cent, verified by somebody else, and never counted twice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from hypothesis import given as holds_for
from hypothesis import strategies as st

from compliance.models import Finding, RemedyEntry, Settlement, SettlementEnd, SettlementLine
from compliance.remedies import settlements as door
from compliance.remedies.splitting import IN_FULL, IN_PROPORTION, split
from tests.compliance.test_remedy_ledger import balance, enter, opened

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def owed(cast, today):
    """Three workers of Orchard Bay and Hill Vines are owed 100.00, 50.00 and 30.00."""
    found = [opened(cast, today, code) for code in ("IH-001", "IH-002", "RR-001")]
    for finding, amount in zip(found, ("100", "50", "30"), strict=True):
        enter(cast, finding, "claimed", amount, today)
    return found


def pay(cast, today, shares, *, amount="150", who="ines", owner="orchard-bay", **more):
    asked = {
        "debtor_id": cast.organisation(owner).pk, "amount": D(amount), "currency": "NZD", "agrees": True,
        "reference": "BANK 7", "words": "The bank's list of 3 July", "on": today, "today": today,
    } | more  # fmt: skip
    with cast.acting(who) as by:
        return door.record({f.pk: D(part) for f, part in shares.items()}, by=by, **asked)


def verified(cast, made, today, who="rosa"):
    with cast.acting(who) as by:
        return door.verify(made, by=by, on=today, words="I saw both payslips.")


def test_a_recorded_payment_counts_nothing_until_somebody_else_verified_it(cast, today, owed):
    one, two, _other = owed
    made = pay(cast, today, {one: "100", two: "50"})
    assert balance(cast, one).paid == 0
    with cast.acting("ines") as by, pytest.raises(ValidationError, match="Somebody else verifies"):
        door.verify(made, by=by, on=today, words="I know it.")
    entries = verified(cast, made, today)
    assert sorted(e.amount for e in entries) == [D(50), D(100)]
    assert (balance(cast, one).outstanding, balance(cast, two).outstanding) == (0, 0)


def test_it_is_verified_once_and_withdrawn_never_after(cast, today, owed):
    made = pay(cast, today, {owed[0]: "40"}, amount="40")
    verified(cast, made, today)
    for end in (door.verify, door.withdraw):
        with cast.acting("rosa") as by, pytest.raises(ValidationError, match="already verified or withdrawn"):
            end(made, by=by, on=today, words="again")
    assert balance(cast, owed[0]).paid == 40


def test_the_same_payment_is_not_recorded_twice_but_again_once_it_was_withdrawn(cast, today, owed):
    made = pay(cast, today, {owed[0]: "40"}, amount="40")
    with pytest.raises(ValidationError, match="recorded already"):
        pay(cast, today, {owed[1]: "40"}, amount="40", reference=" bank 7 ")
    with cast.acting("mara") as by:
        door.withdraw(made, by=by, on=today, words="It was another firm's.")
    pay(cast, today, {owed[1]: "40"}, amount="40")


def test_what_waits_in_one_payment_is_not_open_for_another(cast, today, owed):
    pay(cast, today, {owed[0]: "80"}, amount="80")
    with pytest.raises(ValidationError, match=r"IH-001: At most NZD\S+20\.00"):
        pay(cast, today, {owed[0]: "40"}, amount="40", reference="BANK 8")
    pay(cast, today, {owed[0]: "20"}, amount="20", reference="BANK 8")
    with pytest.raises(ValidationError, match="waits in another payment"):
        pay(cast, today, {owed[0]: "1"}, amount="1", reference="BANK 9")


def test_money_that_was_entered_by_itself_in_the_meantime_is_not_counted_again(cast, today, owed):
    one, two, _other = owed
    made = pay(cast, today, {one: "100", two: "50"})
    enter(cast, one, "agreed", "100", today)
    enter(cast, one, "paid", "60", today)
    with pytest.raises(ValidationError) as refused:
        verified(cast, made, today)
    assert "in the meantime" in refused.value.messages[0]
    assert any(m.startswith("IH-001: At most") for m in refused.value.messages)
    assert (balance(cast, one).paid, balance(cast, two).paid) == (60, 0)  # all or nothing
    with cast.acting("rosa"):
        assert not SettlementEnd.objects.exists()


def test_each_reason_against_it_is_said(cast, today, owed):
    one, _two, other = owed
    told = opened(cast, today, "IH-001", told=True)
    with pytest.raises(ValidationError) as refused:
        pay(cast, today, {one: "10", other: "10"}, who="lena", amount="30")
    assert any("Somebody else must repay it" in m for m in refused.value.messages)
    with pytest.raises(ValidationError, match="told in confidence"):
        pay(cast, today, {told: "10"}, who="lena", amount="10")
    with pytest.raises(ValidationError, match="It is owed in NZD"):
        pay(cast, today, {one: "10"}, amount="10", currency="AUD")
    with pytest.raises(ValidationError, match="Nothing more was agreed"):
        pay(cast, today, {one: "10"}, amount="10", agrees=False)
    with pytest.raises(ValidationError, match="The shares are more than the payment"):
        pay(cast, today, {one: "10"}, amount="9.99")
    with pytest.raises(ValidationError, match="lies in the future"):
        pay(cast, today, {one: "10"}, amount="10", on=today + timedelta(days=1))
    with pytest.raises(PermissionDenied):
        pay(cast, today, {one: "10"}, amount="10", who="omar")


def test_the_database_itself_refuses_what_goes_round_the_door(cast, today, owed):
    one = owed[0]
    made = pay(cast, today, {one: "40"}, amount="40")
    with cast.acting("ines") as by:
        line = SettlementLine.objects.get()
        entry = {
            "pilot_id": one.pilot_id, "finding_id": one.pk, "kind": "agreed", "amount": D(40), "currency": "NZD",
            "happened_on": today, "words": "x", "who": "x", "user_id": by.user_id, "organisation_id": by.organisation_id,
            "settlement_line": line,
        }  # fmt: skip
        end = {
            "pilot_id": one.pilot_id, "settlement": made, "kind": "verified", "words": "x", "happened_on": today,
            "recorder_id": made.user_id, "debtor_id": made.debtor_id, "user_id": by.user_id,
            "organisation_id": by.organisation_id, "who": "x",
        }  # fmt: skip
        refused = [
            lambda: RemedyEntry.objects.create(**entry),  # nobody verified it
            lambda: SettlementEnd.objects.create(**end),  # by the recorder
            lambda: SettlementEnd.objects.create(**end | {"recorder_id": 1}),  # who is not the recorder
            lambda: SettlementLine.objects.create(
                pilot_id=one.pilot_id, settlement=made, finding_id=owed[1].pk, amount=D("0.01")
            ),  # more than the payment
            lambda: SettlementLine.objects.filter(pk=line.pk).update(amount=D(1)),
        ]
        for act in refused:
            with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
                act()


def test_partners_funder_and_government_read_no_payment(cast, today, owed):
    pay(cast, today, {owed[0]: "40"}, amount="40")
    for name in ("omar", "olga", "sefo", "fay", "kofi", "dana"):
        with cast.acting(name):
            try:
                with transaction.atomic():
                    assert not Settlement.objects.exists()
            except DatabaseError:
                continue  # its role has no such table


amounts = st.decimals(min_value="0.01", max_value="5000", places=2)


@holds_for(st.lists(amounts, min_size=1, max_size=40), amounts, st.sampled_from((IN_FULL, IN_PROPORTION)))
def test_a_split_never_gives_a_cent_more_than_was_paid_or_is_open(rooms, amount, how):
    asked = dict(enumerate(rooms))
    shares = split(amount, asked, how)
    assert sum(shares.values()) == min(amount, sum(rooms))
    assert all(D(0) < part <= asked[pk] for pk, part in shares.items())
    assert all(part == part.quantize(D("0.01")) for part in shares.values())


def test_in_proportion_the_cents_left_go_to_the_largest_remainders():
    assert split(D("10"), {1: D("10"), 2: D("10"), 3: D("10")}, IN_PROPORTION) == {
        1: D("3.34"), 2: D("3.33"), 3: D("3.33"),
    }  # fmt: skip
    assert split(D("10"), {1: D("8"), 2: D("8")}, IN_FULL) == {1: D("8"), 2: D("2")}


def form(cast, owed, **more):
    return {
        "finding": [f.pk for f in owed], "who": f"{cast.organisation('orchard-bay').pk}:NZD", "amount": "120",
        "on": "2026-07-01", "reference": "BANK 7", "words": "bank list", "how": "in proportion", "agrees": "on",
    } | more  # fmt: skip


def test_the_page_shows_the_split_first_and_records_the_shares_as_they_were_typed(sign_in, cast, owed):
    client, url = sign_in("ines"), reverse("compliance:payments")
    seen = client.post(url, form(cast, owed)).content.decode()
    assert 'value="80.00"' in seen
    assert 'value="40.00"' in seen
    assert "Somebody else must repay it." in seen
    with cast.acting("ines"):
        assert not Settlement.objects.exists()
    typed = {f"share-{owed[0].pk}": "70", f"share-{owed[1].pk}": "50", "confirmed": "yes"}
    assert client.post(url, form(cast, owed, **typed)).status_code == 303
    with cast.acting("ines"):
        made = Settlement.objects.get()
        assert sorted(made.lines.values_list("amount", flat=True)) == [D(50), D(70)]
    page = reverse("compliance:payment", args=[made.pk])
    assert b"Somebody else verifies it." in client.get(page).content
    assert client.post(page + "verifications/", {"words": "x"}).status_code == 422
    assert sign_in("rosa").post(page + "verifications/", {"words": "I saw it."}).status_code == 303
    assert b"70.00" in client.get(reverse("compliance:finding", args=[owed[0].pk])).content
    with cast.acting("ines"):
        assert Finding.objects.get(pk=owed[0].pk).entries.filter(kind="paid", amount=70).count() == 1


def test_wrong_shares_and_wrong_fields_come_back_and_nothing_is_recorded(sign_in, cast, owed):
    client, url = sign_in("ines"), reverse("compliance:payments")
    wrong = [
        {f"share-{owed[0].pk}": "1000"}, {f"share-{owed[0].pk}": "ten"}, {f"share-{owed[0].pk}": "-1"},
        {f"share-{owed[0].pk}": "1.234"}, {"reference": ""}, {"amount": "0"}, {"who": "1:NZD"}, {"on": "2099-01-01"},
        {f"share-{owed[2].pk}": "5"},
    ]  # fmt: skip
    for fields in wrong:
        sent = form(cast, owed, confirmed="yes", **{f"share-{owed[1].pk}": "1"} | fields)
        assert client.post(url, sent).status_code == 422, fields
    with cast.acting("ines"):
        assert not Settlement.objects.exists()


def test_a_payment_of_another_pilot_is_not_found(sign_in, cast, today, owed):
    made = pay(cast, today, {owed[0]: "40"}, amount="40")
    client, page = sign_in("dana"), reverse("compliance:payment", args=[made.pk])
    assert client.get(page).status_code == 404
    assert client.post(page + "verifications/", {"words": "x"}).status_code == 404
    assert client.post(page + "withdrawals/", {"words": "x"}).status_code == 404
