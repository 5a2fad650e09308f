"""Pay, costs, training and documents from a sheet: facts of a placement or a person, corrected and never overwritten."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from tests.workers.sheets.test_door import codes, opened, verdicts, workbook
from workers.models import CostItem, IdentityDocument, PayRecord, TrainingRecord
from workers.sheets import staging
from workers.sheets.door import check, commit
from workers.sheets.kinds import COLUMNS
from workers.sheets.kinds_money import COST_WORDS, PAYERS

pytestmark = pytest.mark.django_db
PAY = ["Worker ID", "Period start", "Period end", "Paid on", "Hours worked", "Gross", "Tax", "Deduction: rent", "Deduction: airfare", "Net", "Currency"]  # fmt: skip
PAID = ["IH-001", "2026-05-04", "2026-05-10", "2026-05-13", "38:30", "943.25", "99.10", "140", "25.50", "678.65", "NZD"]


def sent(cast, by, today, kind, headers, rows):
    return check(opened(cast, by, workbook(rows, headers), kind=kind), by=by, today=today)


def test_every_item_and_payer_of_the_sheets_has_its_place_in_the_ledger():
    assert set(COST_WORDS.values()) <= set(CostItem.ITEMS)
    assert set(PAYERS.values()) <= set(CostItem.Payer.values)


def test_pay_is_recorded_with_its_deductions_and_corrected_by_a_later_sheet(cast, today):
    with cast.acting("ines") as by:
        batch = sent(cast, by, today, "pay", PAY, [PAID, ["XX-1", *PAID[1:]], ["IH-002", *PAID[1:5], "", *PAID[6:]]])
        assert codes(batch) == {2: [], 3: ["nobody"], 4: ["needed"]}
        assert commit(batch, by=by, today=today).new == 1
        pay = PayRecord.objects.get(placement__person__worker_code="IH-001")
        assert (pay.gross, pay.deductions, pay.net, pay.hours_worked) == (
            Decimal("943.25"), Decimal("165.50"), Decimal("678.65"), Decimal("38.50"),
        )  # fmt: skip
        assert pay.employer_id == pay.placement.employer_id
        corrected = [*PAID[:5], "950.00", *PAID[6:9], "685.40", "NZD"]
        later = sent(cast, by, today, "pay", PAY, [corrected])
        assert verdicts(later) == {2: "changed"}
        commit(later, by=by, today=today)
        assert PayRecord.objects.get(supersedes=pay).gross == Decimal("950.00")
        again = sent(cast, by, today, "pay", PAY, [corrected, PAID])
        assert verdicts(again)[2] == "same"


def test_costs_are_the_same_fact_only_once_and_paying_back_is_a_change(cast, today):
    headers = ["Worker ID", "Item", "Amount", "Currency", "Date", "Paid by", "Paid to", "Reimbursed amount"]
    row = ["IH-001", "visa", "120.00", "NZD", "2026-01-05", "worker", "Embassy", ""]
    with cast.acting("ines") as by:
        batch = sent(cast, by, today, "costs", headers, [row, [*row[:7], "500"], ["IH-002", "visa", "0", *row[3:]]])
        assert codes(batch)[3] == ["reimbursed_more", "twice_fact"]
        assert codes(batch)[4] == ["not_above_zero"]
        commit(batch, by=by, today=today)
        back = sent(cast, by, today, "costs", headers, [[*row[:7], "120.00"]])
        assert verdicts(back) == {2: "changed"}
        commit(back, by=by, today=today)
        assert CostItem.objects.get(placement__person__worker_code="IH-001").reimbursed == Decimal("120.00")


def test_training_and_documents_come_from_the_recruiter(cast, today):
    with cast.acting("sefo") as by:
        headers = ["Worker ID", "Course", "Date", "Planned hours", "Attended hours", "Passed"]
        batch = sent(cast, by, today, "training", headers, [["IH-004", "Safety", "2026-02-02", "12", "12", "yes"]])
        commit(batch, by=by, today=today)
        assert TrainingRecord.objects.get(placement__person__worker_code="IH-004").passed
        headers = ["Worker ID", "Type", "Number", "Country", "Issued", "Expires", "Status"]
        rows = [
            ["IH-004", "visa", "V100", "New Zealand", "2026-02-01", "2027-02-01", "received"],
            ["IH-005", "visa", "V101", "New Zealand", "", "", "requested"],
            ["IH-005", "passport", "PRR001", "Tonga", "", "2030-01-01", ""],
            ["RR-001", "visa", "V102", "New Zealand", "", "", ""],
        ]
        batch = sent(cast, by, today, "documents", headers, rows)
        assert codes(batch) == {2: [], 3: ["not_received"], 4: ["number_unusable"], 5: ["nobody"]}
        assert batch.summary["unusable"] == 1
        commit(batch, by=by, today=today)
        assert IdentityDocument.objects.get(number="V100").recruiter_id == by.organisation_id


def test_a_recruiter_sends_neither_pay_nor_costs(cast):
    with cast.acting("sefo") as by:
        for kind in ("pay", "costs"):
            with pytest.raises(PermissionDenied):
                opened(cast, by, kind=kind)


def test_an_amount_no_column_can_hold_is_refused_and_breaks_nothing(cast, today):
    with cast.acting("ines") as by:
        batch = sent(cast, by, today, "pay", PAY, [[*PAID[:5], "99999999999999", *PAID[6:]]])
        assert verdicts(batch) == {2: "refused"}


def test_keys_to_other_tables_are_looked_at_at_once_so_that_no_row_waits_for_the_end(cast):
    with cast.acting("ines"), connection.cursor() as cursor:
        cursor.execute("create temp table one (id int primary key) on commit drop")
        cursor.execute("create temp table other (one int references one deferrable initially deferred) on commit drop")
        with pytest.raises(IntegrityError), transaction.atomic(), staging.working(COLUMNS["workers"]):
            cursor.execute("insert into other values (1)")
        with staging.working(COLUMNS["workers"]):
            pass
        cursor.execute("insert into other values (1)")
        cursor.execute("insert into one values (1)")
