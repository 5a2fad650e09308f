"""Taking a sheet of facts back: what it added goes, what it changed returns, what others lean on or corrected stays."""

import pytest
from django.db import DatabaseError, connection, transaction

from pilots.models import ExchangeRate
from tests.workers.sheets.test_facts import CONTRACT, SIGNED, recorded
from tests.workers.sheets.test_rooms import ROOMS, STAYS, room, site_of_orchard
from workers.models import ContractVersion, CostItem, HousingStay, PayRecord, Room, RoomInspection
from workers.sheets.door import commit, undo

pytestmark = pytest.mark.django_db
WHY = "the wrong file"
COST = ["Worker ID", "Item", "Amount", "Currency", "Date", "Paid by", "Reimbursed amount", "Receipt"]
PAID = ["IH-001", "visa", "120.00", "NZD", "2026-01-05", "worker", "", "R-1"]


def test_contracts_that_were_added_go_and_a_correction_makes_the_former_one_valid_again(cast, today):
    with cast.acting("ines") as by:
        recorded(cast, by, today, "contracts", CONTRACT, SIGNED)
        batch = recorded(
            cast, by, today, "contracts", CONTRACT, [*SIGNED[:8], "30", *SIGNED[9:]], ["IH-002", *SIGNED[1:]]
        )
        assert ContractVersion.objects.count() == 3
        done = undo(batch, by=by, reason=WHY)
        assert (done.undone, done.kept, batch.state) == (2, [], "undone")
        assert str(ContractVersion.objects.get().hourly_rate) == "25.1500"


def test_what_was_corrected_since_stays_and_is_named(cast, today):
    with cast.acting("ines") as by:
        batch = recorded(cast, by, today, "contracts", CONTRACT, SIGNED, ["IH-002", *SIGNED[1:]])
        recorded(cast, by, today, "contracts", CONTRACT, [*SIGNED[:8], "30", *SIGNED[9:]])
        done = undo(batch, by=by, reason=WHY)
        assert done.undone == 1
        assert [(row["row"], row["worker"]) for row in done.kept] == [(2, "IH-001")]
        assert "since" in done.kept[0]["message"]


def test_what_was_brought_up_to_date_returns(cast, today):
    with cast.acting("ines") as by:
        recorded(cast, by, today, "costs", COST, PAID)
        batch = recorded(cast, by, today, "costs", COST, [*PAID[:6], "120.00", "R-2"])
        assert undo(batch, by=by, reason=WHY).undone == 1
        cost = CostItem.objects.get()
        assert (cost.reimbursed, cost.receipt) == (0, "R-1")


def test_rooms_go_with_their_first_inspection_unless_somebody_lives_there(cast, today):
    with cast.acting("ines") as by:
        site = site_of_orchard()
        batch = recorded(cast, by, today, "housing", ROOMS, room(site), room(site, "2"))
        stays = recorded(cast, by, today, "stays", STAYS, ["IH-001", site, "", "1", "2026-03-01", ""])
        done = undo(batch, by=by, reason=WHY)
        assert (done.undone, RoomInspection.objects.count()) == (2, 0)
        assert list(Room.objects.values_list("name", flat=True)) == ["1"]
        assert undo(stays, by=by, reason=WHY).undone == 1
        assert not HousingStay.objects.exists()


def test_rates_stay(cast, today):
    with cast.acting("ines") as by:
        batch = recorded(
            cast,
            by,
            today,
            "exchange rates",
            ["Month", "From", "To", "Rate", "Source"],
            ["2026-03-01", "FJD", "TOP", "1.05", "Bank"],
        )
        done = undo(batch, by=by, reason=WHY)
        assert (done.undone, len(done.kept), batch.state) == (0, 1, "committed")
        assert ExchangeRate.objects.filter(from_currency="FJD").exists()


def test_the_same_sheet_may_be_sent_again_after_it_was_taken_back(cast, today):
    headers = ["Worker ID", "Period start", "Period end", "Gross", "Net", "Currency"]
    row = ["IH-001", "2026-05-04", "2026-05-10", "100", "100", "NZD"]
    with cast.acting("ines") as by:
        batch = recorded(cast, by, today, "pay", headers, row)
        assert undo(batch, by=by, reason=WHY).undone == 1
        assert not PayRecord.objects.filter(period_start="2026-05-04").exists()
        assert recorded(cast, by, today, "pay", headers, row).state == "committed"


def hands(batch, table: str, ids: list[int]) -> list[int]:
    """What the owner's function takes back, asked past all application code; nothing when it refuses."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "select * from workers_take_back_facts(%s, %s, %s, %s)", [batch.pk, batch.pilot_id, table, ids]
            )
            return [pk for (pk,) in cursor.fetchall()]
    except DatabaseError:
        return []


def test_the_owners_hands_take_back_only_facts_of_the_batch_and_of_whoever_sent_it(cast, today):
    table = "workers_contractversion"
    with cast.acting("ines") as by:
        batch = recorded(cast, by, today, "contracts", CONTRACT, SIGNED)
        mine = ContractVersion.objects.get()
        costs = recorded(cast, by, today, "costs", COST, PAID)
    for name in ("tavi", "olga", "dana", "sefo", "omar", "rosa"):
        with cast.acting(name):
            assert hands(batch, table, [mine.pk]) == [], name
    with cast.acting("ines") as by:
        assert hands(batch, "workers_person", [cast.placement("IH-001").person_id]) == []
        assert hands(costs, table, [mine.pk]) == []
        assert hands(batch, table, [mine.pk]) == [mine.pk]


@pytest.mark.django_db(transaction=True)
def test_the_owners_hands_leave_what_the_same_organisation_recorded_otherwise(cast, today):
    headers = ["Worker ID", "Period start", "Period end", "Gross", "Net", "Currency"]
    with cast.acting("omar") as by:
        first = recorded(cast, by, today, "pay", headers, ["IH-001", "2026-05-04", "2026-05-10", "100", "100", "NZD"])
        mine = PayRecord.objects.get(period_start="2026-05-04").pk
    with cast.acting("omar") as by:
        second = recorded(cast, by, today, "pay", headers, ["IH-001", "2026-05-11", "2026-05-17", "100", "100", "NZD"])
    with cast.acting("omar"):
        assert hands(second, "workers_payrecord", [mine]) == []
        assert hands(first, "workers_payrecord", [mine]) == [mine]


def test_an_employer_sends_the_pay_of_its_own_workers_and_of_nobody_else(cast, today):
    headers = ["Worker ID", "Period start", "Period end", "Gross", "Net", "Currency"]
    row = ["IH-001", "2026-05-04", "2026-05-10", "100", "100", "NZD"]
    from tests.workers.sheets.test_facts import cells, sent

    with cast.acting("omar") as by:
        batch = sent(cast, by, today, "pay", headers, row, ["RR-001", *row[1:]])
        assert cells(batch) == {3: {"nobody": "A3"}}
        assert commit(batch, by=by, today=today).new == 1
        assert undo(batch, by=by, reason=WHY).undone == 1


def test_every_kind_of_facts_names_the_tables_it_is_taken_back_from():
    from workers.sheets.ledgers import LEDGERS
    from workers.sheets.taking_back_facts import TABLES

    asked = {kind: ledger.model._meta.db_table for kind, ledger in LEDGERS.items() if ledger.changing != "never"}
    assert {kind: tables[0] for kind, tables in TABLES.items()} == asked
