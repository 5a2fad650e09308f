"""The remedy ledger: what was claimed, agreed, paid and written off, and the findings behind every total."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from compliance.checking import Answered, record_check
from compliance.findings import resolve
from compliance.models import Finding, RemedyEntry
from compliance.remedies import actions
from compliance.remedies.balances import balances
from compliance.remedies.ledger import record, take_back
from compliance.remedies.totals import COLUMNS, lines, totals
from pilots.overriding import depart

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(cast, today):
    """A finding on IH-001: not paid in full."""
    return opened(cast, today, "IH-001")


def opened(cast, on, code, told=False):
    item, answer = ("D11", "yes") if told else ("D01", "no")
    with cast.acting("rosa") as by:
        done = record_check(
            cast.placement(code).pk, "employment", {item: Answered(answer, shown_by="worker alone")}, by=by,
            done_on=on, today=on, told=told,
        )  # fmt: skip
        return Finding.objects.get(pk=done.opened[0])


def enter(cast, finding, kind, amount, on, currency="NZD", who="ines", words="Payslip of week 26"):
    with cast.acting(who) as by:
        return record(finding, kind, Decimal(amount), currency=currency, by=by, on=on, words=words)


def balance(cast, finding):
    with cast.acting("ines"):
        return balances([finding.pk]).get(finding.pk)


def test_a_ledger_adds_up_to_what_is_still_owed_and_how_much_was_recovered_in_how_many_days(cast, today, owed):
    assert balance(cast, owed) is None
    enter(cast, owed, "claimed", "412.50", today)
    enter(cast, owed, "agreed", "400.00", today)
    enter(cast, owed, "paid", "150.25", today + timedelta(days=3))
    stands = balance(cast, owed)
    assert (stands.owed, stands.outstanding, stands.days) == (Decimal("412.50"), Decimal("262.25"), None)
    enter(cast, owed, "paid", "249.75", today + timedelta(days=10))
    enter(
        cast, owed, "written off", "12.50", today + timedelta(days=11), who="mara", words="Paid in kind; worker agrees."
    )
    done = balance(cast, owed)
    assert (done.outstanding, done.paid, done.written_off, done.days) == (0, Decimal("400.00"), Decimal("12.50"), 10)
    assert round(done.recovered, 4) == Decimal("0.9697")


def test_no_more_is_paid_than_was_agreed_until_there_is_a_new_agreement(cast, today, owed):
    with pytest.raises(ValidationError, match="No more can be paid than was agreed"):
        enter(cast, owed, "paid", "1.00", today)
    enter(cast, owed, "agreed", "100", today)
    enter(cast, owed, "paid", "60", today)
    with pytest.raises(ValidationError, match="Record the new agreement first"):
        enter(cast, owed, "paid", "40.01", today)
    enter(cast, owed, "agreed", "0.01", today)
    enter(cast, owed, "paid", "40.01", today)


@pytest.mark.parametrize(
    ("kind", "amount", "currency", "reverses", "message"),
    [
        ("paid", "100.01", "NZD", False, "No more can be paid than was agreed"),
        ("claimed", "5", "AUD", False, "one currency"),
        ("written off", "100.01", "NZD", False, "No more can be written off"),
        ("agreed", "-5", "NZD", True, "same amount of the same kind"),
        ("agreed", "-5", "NZD", False, "remedy_amount_above_zero"),
        ("agreed", "5", "NZD", True, "remedy_amount_above_zero"),
    ],
)
def test_the_database_itself_refuses_what_the_door_would(cast, today, owed, kind, amount, currency, reverses, message):
    agreed = enter(cast, owed, "agreed", "100", today)
    with cast.acting("ines") as by, pytest.raises(IntegrityError, match=message), transaction.atomic():
        RemedyEntry.objects.create(
            pilot_id=owed.pilot_id, finding=owed, kind=kind, amount=Decimal(amount), currency=currency,
            happened_on=today, words="w", who="x", user_id=by.user_id, organisation_id=by.organisation_id,
            reverses=agreed if reverses else None,
        )  # fmt: skip


def test_an_entry_cannot_be_changed_only_taken_back_once_by_one_of_its_kind(cast, today, owed):
    first = enter(cast, owed, "agreed", "100", today)
    paid = enter(cast, owed, "paid", "30", today)
    with cast.acting("ines") as by:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            RemedyEntry.objects.filter(pk=first.pk).update(amount=1)
        with pytest.raises(ValidationError, match="Take back the payment first"):
            take_back(first, by=by, on=today, words="typing error")
        take_back(paid, by=by, on=today, words="The bank returned it.")
        with pytest.raises(ValidationError, match="already taken back"):
            take_back(paid, by=by, on=today, words="again")
        take_back(first, by=by, on=today, words="typing error")
    assert (balance(cast, owed).agreed, balance(cast, owed).paid) == (0, 0)


def test_what_was_written_off_keeps_what_it_was_written_off_from(cast, today, owed):
    claim = enter(cast, owed, "claimed", "50", today)
    enter(cast, owed, "written off", "50", today, who="mara")
    with cast.acting("ines") as by, pytest.raises(ValidationError, match="Take that back first"):
        take_back(claim, by=by, on=today, words="no claim after all")


def test_only_who_may_waive_writes_off_and_the_name_stands_beside_it(cast, today, owed):
    enter(cast, owed, "claimed", "50", today)
    with pytest.raises(PermissionDenied):
        enter(cast, owed, "written off", "50", today, who="ines")
    with pytest.raises(ValidationError, match="still owed"):
        enter(cast, owed, "written off", "50.01", today, who="mara")
    assert enter(cast, owed, "written off", "50", today, who="mara", words="Employer insolvent.").who == "Mara Verde"


def test_words_an_amount_above_zero_and_a_possible_day_are_asked_for(cast, today, owed):
    with pytest.raises(ValidationError, match="Say what shows this"):
        enter(cast, owed, "claimed", "5", today, words=" ")
    with pytest.raises(ValidationError, match="above zero"):
        enter(cast, owed, "claimed", "0", today)
    with pytest.raises(ValidationError, match="before the finding was opened"):
        enter(cast, owed, "agreed", "5", today - timedelta(days=1))
    with pytest.raises(ValidationError, match="at most 3"):
        enter(cast, owed, "claimed", "5", today, currency="DOLLARS")


def test_a_finding_is_not_resolved_while_money_is_owed(cast, today, owed):
    enter(cast, owed, "claimed", "1412.50", today)
    with (
        cast.acting("ines") as by,
        pytest.raises(ValidationError, match=r"1,412\.50 is neither paid nor written off"),
    ):
        resolve(owed, by=by, on=today, remedy="They promised.")
    enter(cast, owed, "agreed", "1412.50", today)
    enter(cast, owed, "paid", "1412.50", today)
    with cast.acting("ines") as by:
        assert resolve(owed, by=by, on=today, remedy="Paid.").state == "resolved"


def test_the_payment_after_the_verified_action_resolves_the_finding(cast, today, owed):
    enter(cast, owed, "agreed", "80", today)
    with cast.acting("ines") as by:
        action = actions.put(
            [owed.pk], words="Pay what is owed.", owner_id=cast.organisation("orchard-bay").pk, due_on=today, by=by,
            on=today, names_worker=True,
        )[0]  # fmt: skip
    with cast.acting("omar") as by:
        actions.report_done(action, by=by, on=today, words="Transferred 80 NZD.")
    with cast.acting("rosa") as by:
        actions.verify(action, by=by, on=today, words="Transfer order seen.")
        assert Finding.objects.get(pk=owed.pk).state == "open"
    enter(cast, owed, "paid", "80", today)
    with cast.acting("ines"):
        closed = Finding.objects.get(pk=owed.pk)
        assert (closed.state, closed.remedy) == ("resolved", "Transferred 80 NZD.")


def test_every_total_is_the_sum_of_the_list_behind_it_and_currencies_are_never_added_up(cast, today, owed):
    second = opened(cast, today - timedelta(days=20), "IH-002")
    rival = opened(cast, today, "RR-001")
    for finding, currency in ((owed, "NZD"), (second, "NZD"), (rival, "USD")):
        enter(cast, finding, "claimed", "500.10", today, currency=currency)
        enter(cast, finding, "agreed", "400", today, currency=currency)
        enter(cast, finding, "paid", "399.99", today, currency=currency)
    enter(cast, second, "agreed", "200", today)
    enter(cast, second, "paid", "200.01", today)
    with cast.acting("ines") as by:
        rows = totals(by.pilot_ids, on=today)
        assert {(r.debtor, r.currency, r.findings) for r in rows} == {
            ("Orchard Bay", "NZD", 2), ("Hill Vines", "USD", 1),
        }  # fmt: skip
        for row in rows:
            for show in COLUMNS:
                found = lines(by.pilot_ids, on=today, debtor_id=row.debtor_id, currency=row.currency, show=show)
                assert sum(line.amount for line in found.rows) == getattr(row, show), (row.debtor, show)
                assert sum(found.sums.values()) == getattr(row, show)
        orchard = next(r for r in rows if r.currency == "NZD")
        assert (orchard.settled, orchard.days, orchard.oldest) == (1, 20, today)


def test_the_list_behind_a_total_pages_by_key(cast, today, owed):
    others = [opened(cast, today - timedelta(days=n), code) for n, code in ((5, "IH-002"), (9, "RR-001"))]
    for finding in (owed, *others):
        enter(cast, finding, "claimed", "10", today)
    with cast.acting("ines") as by:
        seen, after = [], None
        while True:
            page = lines(by.pilot_ids, on=today, show="claimed", after=after, limit=1)
            seen += [line.finding.pk for line in page.rows]
            after = page.next
            assert (page.count, page.sums) == (3, {"NZD": Decimal(30)})
            if after is None:
                break
    assert seen == [others[1].pk, others[0].pk, owed.pk]


def test_money_of_what_was_told_in_confidence_is_in_no_sum_of_an_officer(cast, today):
    secret = opened(cast, today, "IH-001", told=True)
    enter(cast, secret, "claimed", "99", today, who="rosa")
    with cast.acting("ines") as by:
        assert totals(by.pilot_ids, on=today) == []
    with cast.acting("lena") as by:
        assert [row.claimed for row in totals(by.pilot_ids, on=today)] == [Decimal(99)]


def of_a_rule(cast, today, owed="250.40", code="IH-001", rule="PAY-01"):
    """A finding as a rule leaves it: about a placement, with an amount in the currency of the pay."""
    placement = cast.placement(code)
    with cast.acting("rosa"):
        return Finding.objects.create(
            pilot_id=placement.pilot_id, placement=placement, cohort_id=placement.cohort_id,
            employer_id=placement.employer_id, code=rule, version="1", severity="major", source=f"{rule}:{code}",
            owed=Decimal(owed), currency="NZD", opened_on=today, due_on=today,
        )  # fmt: skip


def test_what_a_rule_counted_is_owed_without_any_entry_in_its_own_currency(cast, today):
    found = of_a_rule(cast, today)
    stands = balance(cast, found)
    assert (stands.owed, stands.outstanding, stands.currency) == (Decimal("250.40"), Decimal("250.40"), "NZD")
    with pytest.raises(ValidationError, match="one currency"):
        enter(cast, found, "agreed", "250.40", today, currency="AUD")
    with cast.acting("ines") as by:
        assert [(row.owed, row.claimed) for row in totals(by.pilot_ids, on=today)] == [(Decimal("250.40"), 0)]
        with pytest.raises(IntegrityError, match="one currency"), transaction.atomic():
            RemedyEntry.objects.create(
                pilot_id=found.pilot_id, finding=found, kind="claimed", amount=1, currency="AUD", happened_on=today,
                words="w", who="x", user_id=by.user_id, organisation_id=by.organisation_id,
            )  # fmt: skip
        with pytest.raises(ValidationError, match="neither paid nor written off"):
            resolve(found, by=by, on=today, remedy="Promised.")
    enter(cast, found, "agreed", "250.40", today)
    enter(cast, found, "paid", "200", today)
    enter(cast, found, "written off", "50.40", today, who="mara")
    with cast.acting("ines") as by:
        resolve(found, by=by, on=today, remedy="Paid, the rest by agreement.")
    assert (balance(cast, found).owed, balance(cast, found).outstanding) == (Decimal("250.40"), 0)


def test_a_fee_paid_before_departure_is_not_the_employers_debt_unless_a_rule_of_the_pilot_says_so(cast, today, sign_in):
    of_a_rule(cast, today, rule="FEE-01", owed="600")
    of_a_rule(cast, today, rule="PAY-01", owed="50")

    def owing(by):
        return {(row.debtor, row.unknown, row.owed) for row in totals(by.pilot_ids, on=today)}

    with cast.acting("ines") as by:
        assert owing(by) == {("", True, Decimal(600)), ("Orchard Bay", False, Decimal(50))}
        (line,) = lines(by.pilot_ids, on=today, unknown=True).rows
        assert (line.finding.code, line.debtor, line.unknown) == ("FEE-01", None, True)
    client = sign_in("ines")
    assert "Not known who must repay" in client.get(reverse("compliance:ledger")).content.decode()
    behind = client.get(reverse("compliance:ledger_lines"), {"debtor": "unknown"}).content.decode()
    assert "600.00" in behind
    assert "50.00" not in behind
    recruiter = cast.placement("IH-001").recruiter.name
    for who, name, day in (("recruiter", recruiter, today), ("employer", "Orchard Bay", today + timedelta(days=1))):
        with cast.acting("mara") as by:
            depart(cast.placement("IH-001").pilot, parameter="recruitment_cost_repaid_by", value=who, valid_from=day,
                   valid_to=day, reason="Agreed between the partners.", by=by)  # fmt: skip
            named = {(row.debtor, row.unknown): row.owed for row in totals(by.pilot_ids, on=day)}
            assert (name, False) in named
            assert ("", True) not in named


def test_what_a_rule_no_longer_finds_is_no_longer_owed(cast, today):
    found = of_a_rule(cast, today)
    with cast.acting("rosa"):
        Finding.objects.filter(pk=found.pk).update(
            state="resolved", closed_on=today, remedy="The payslip was corrected."
        )
    assert balance(cast, found) is None


@pytest.mark.parametrize("name", ["omar", "sefo", "fay", "kofi"])
def test_employer_recruiter_funder_and_government_read_no_entry(cast, name):
    with cast.acting(name), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        RemedyEntry.objects.exists()


# --- Pages ----------------------------------------------------------------------------------------------------


def test_entries_are_made_and_taken_back_on_the_page_of_the_finding(cast, sign_in, owed):
    client = sign_in("ines")
    address = reverse("compliance:entries", args=[owed.pk])
    data = {"kind": "claimed", "amount": "120.00", "currency": "nzd", "on": "2026-07-02", "words": "Payslip CANARY-9"}
    page = client.post(address, data, follow=True).content.decode()
    assert "NZD\N{NO-BREAK SPACE}120.00" in page
    assert "Payslip CANARY-9" in page
    with cast.acting("ines"):
        entry = RemedyEntry.objects.get()
    back = reverse("compliance:reversals", args=[entry.pk])
    assert client.post(back, {"words": ""}).status_code == 422
    assert "Taken back" in client.post(back, {"words": "double"}, follow=True).content.decode()
    again = client.post(back, {"words": "double"})
    assert again.status_code == 422
    assert "already taken back" in again.content.decode()


def test_a_wrong_entry_is_refused_with_words_and_keeps_what_was_typed(cast, sign_in, owed):
    address = reverse("compliance:entries", args=[owed.pk])
    good = {"kind": "paid", "amount": "120.00", "currency": "NZD", "on": "2026-07-02", "words": "Kept words"}
    for wrong, words in (
        ({}, "No more can be paid than was agreed"),
        ({"kind": "claimed", "on": "2099-01-01"}, "The date lies in the future."),
        ({"kind": "claimed", "amount": "x"}, "Enter a number"),
        ({"kind": "written off"}, "not one of the available choices"),
    ):
        answer = sign_in("ines").post(address, good | wrong)
        assert answer.status_code == 422, wrong
        page = answer.content.decode()
        assert words in page
        assert "Kept words" in page
    with cast.acting("ines"):
        assert not RemedyEntry.objects.exists()


def test_the_ledger_page_opens_the_list_behind_each_amount(cast, sign_in, owed):
    on = min(timezone.localdate(), date(2026, 8, 1))
    enter(cast, owed, "claimed", "77.70", on)
    client = sign_in("ines")
    page = client.get(reverse("compliance:ledger"))
    assert "77.70" in page.content.decode()
    row = page.context["rows"][0]
    given = {"debtor": row.debtor_id, "currency": "NZD", "show": "outstanding"}
    behind = client.get(reverse("compliance:ledger_lines"), given).content.decode()
    assert reverse("compliance:finding", args=[owed.pk]) in behind
    assert "77.70" in behind
    assert "77.70" not in sign_in("dana").get(reverse("compliance:ledger")).content.decode()
