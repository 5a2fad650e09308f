"""Contracts, deductions, debts, insurance, travel, bans and licences from a sheet: recorded, corrected, refused by cell."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from pilots.models import ExchangeRate
from tests.workers.sheets.test_door import codes, opened, verdicts, workbook
from workers.models import (
    Ban,
    ContractVersion,
    CostItem,
    Debt,
    DeductionAgreement,
    IdentityDocument,
    ImportRow,
    Insurance,
    PayRecord,
    RecruiterLicence,
    TrainingRecord,
    Travel,
)
from workers.sheets.door import check, commit

pytestmark = pytest.mark.django_db
OF = {"placement__person__worker_code": "IH-001"}
CONTRACT = [
    "Worker ID", "Version", "Signed on", "Language", "Employer", "Site", "Start", "Planned end", "Hourly rate", "Currency",
    "Guaranteed hours", "Guarantee period", "Pay cycle", "Weekly deductions",
]  # fmt: skip
SIGNED = ["IH-001", "signed", "2026-01-20", "Tongan", "Orchard Bay", "North block", "2026-02-20", "2026-09-20", "25.1500",
          "NZD", "120", "4 weeks", "weekly", "165.50"]  # fmt: skip


def sent(cast, by, today, kind, headers, *rows, **options):
    return check(opened(cast, by, workbook(rows, headers), kind=kind, **options), by=by, today=today)


def recorded(cast, by, today, kind, headers, *rows, **options):
    batch = sent(cast, by, today, kind, headers, *rows, **options)
    commit(batch, by=by, today=today)
    return batch


def cells(batch):
    """row → {code: cell}."""
    rows = ImportRow.objects.filter(batch=batch).values_list("row_number", "problems")
    return {number: {p["code"]: p["cell"] for p in problems} for number, problems in rows if problems}


def said(batch):
    """Every sentence of refusal."""
    return [p["message"] for problems in ImportRow.objects.filter(batch=batch).values_list("problems", flat=True) for p in problems]  # fmt: skip


def test_a_contract_is_kept_as_written_and_a_correction_supersedes_it(cast, today):
    with cast.acting("ines") as by:
        recorded(cast, by, today, "contracts", CONTRACT, SIGNED)
        first = ContractVersion.objects.get(**OF)
        assert (first.kind, first.hourly_rate, first.guaranteed_hours, first.guarantee_period, first.weekly_deductions) == (
            "signed", Decimal("25.15"), Decimal(120), "4 weeks", Decimal("165.50"),
        )  # fmt: skip
        assert (first.employer_name, first.site_name, first.employer_id) == (
            "Orchard Bay", "North block", first.placement.employer_id,
        )  # fmt: skip
        # A blank cell leaves what stands; the arrival version is another contract.
        batch = recorded(
            cast, by, today, "contracts", CONTRACT,
            [*SIGNED[:3], "", "", "", "", "", "26.00", "NZD", *[""] * 4],
            ["IH-001", "on arrival", "2026-02-21", *SIGNED[3:]],
        )  # fmt: skip
        assert verdicts(batch) == {2: "changed", 3: "new"}
        second = ContractVersion.objects.get(supersedes=first)
        assert (second.hourly_rate, second.language, second.guaranteed_hours) == (Decimal(26), "Tongan", Decimal(120))
        again = sent(cast, by, today, "contracts", CONTRACT, [*SIGNED[:8], "26", *SIGNED[9:]])
        assert verdicts(again) == {2: "same"}


def test_what_is_wrong_with_a_contract_is_said_with_its_cell(cast, today):
    with cast.acting("ines") as by:
        batch = sent(
            cast, by, today, "contracts", CONTRACT,
            ["XX-1", *SIGNED[1:]],
            ["IH-001", "promised", *SIGNED[2:]],
            [*SIGNED[:7], "2026-02-20", *SIGNED[8:]],
            ["IH-002", *SIGNED[1:10], "120", "", *SIGNED[12:]],
            ["IH-003", *SIGNED[1:10], "", "week", *SIGNED[12:]],
            ["IH-004", *SIGNED[1:9], "", *SIGNED[10:13], ""],
            ["RR-001", *SIGNED[1:]],
        )  # fmt: skip
        assert cells(batch) == {
            2: {"nobody": "A2"}, 3: {"unknown_word": "B3"}, 4: {"ends_first": "H4"}, 5: {"no_period": "K5"},
            6: {"no_hours": "L6"}, 7: {"no_currency": "I7"},
        }  # fmt: skip
        assert all(words and "{" not in words for words in said(batch))
    with cast.acting("sefo") as by:
        batch = sent(cast, by, today, "contracts", CONTRACT, SIGNED, ["RR-001", *SIGNED[1:]])
        assert codes(batch) == {2: [], 3: ["nobody"]}


def test_a_deduction_is_agreed_changed_and_withdrawn_and_nothing_is_lost(cast, today):
    headers = ["Worker ID", "Item", "Agreed total", "Amount per period", "Currency", "From", "To", "Consent date",
               "Authority approval", "Withdrawn on"]  # fmt: skip
    row = ["IH-001", "Air  Fare", "750", "62.50", "NZD", "2026-03-02", "", "2026-01-20", "AB-7", ""]
    with cast.acting("ines") as by:
        batch = recorded(cast, by, today, "deductions", headers, row, ["IH-002", *row[1:5], "2026-03-02", "2026-02-01", *row[7:]],
                         ["IH-003", *row[1:9], "2026-01-01"], ["IH-004", "rent", "", "", "", "", "", "", "", ""])  # fmt: skip
        assert cells(batch) == {3: {"wrong_order": "G3"}, 4: {"withdrawn_first": "J4"}, 5: {"needed": "E5"}}
        first = DeductionAgreement.objects.get(**OF)
        assert (first.item, first.agreed_total, first.per_period) == ("air fare", Decimal(750), Decimal("62.50"))
        # Only the withdrawal is sent: the currency and the rest are known.
        recorded(cast, by, today, "deductions", ["Worker ID", "Item", "From", "Withdrawn on"], ["IH-001", "air fare", "2026-03-02", "2026-05-01"])  # fmt: skip
        now = DeductionAgreement.objects.get(supersedes=first)
        assert (str(now.withdrawn_on), now.currency, now.authority_approval) == ("2026-05-01", "NZD", "AB-7")
        assert verdicts(sent(cast, by, today, "deductions", headers, row)) == {2: "same"}


def test_a_payslip_keeps_every_item_and_where_the_money_went(cast, today):
    headers = ["Worker ID", "Period start", "Period end", "Hours worked", "Overtime hours", "Pieces", "Rate", "Gross", "Tax",
               "Pension", "Deduction: Rent", "Retenue: Air  fare", "Net", "Currency", "Paid to"]  # fmt: skip
    row = [
        "IH-001",
        "2026-05-04",
        "2026-05-10",
        "40",
        "2:30",
        "12",
        "25.1234",
        "1000",
        "100",
        "30",
        "140",
        "0",
        "730",
        "NZD",
        "cash",
    ]
    with cast.acting("ines") as by:
        recorded(cast, by, today, "pay", headers, row)
        pay = PayRecord.objects.get(**OF)
        assert pay.items == {"rent": "140.00"}
        assert (pay.deductions, pay.pension, pay.rate, pay.overtime_hours, pay.pieces, pay.paid_to) == (
            Decimal(170), Decimal(30), Decimal("25.1234"), Decimal("2.5"), Decimal(12), "cash",
        )  # fmt: skip
        later = recorded(cast, by, today, "pay", headers, [*row[:11], "25.50", "704.50", *row[13:]])
        assert verdicts(later) == {2: "changed"}
        now = PayRecord.objects.get(supersedes=pay)
        assert (now.items, now.deductions) == ({"rent": "140.00", "air fare": "25.50"}, Decimal("195.50"))
        # Without columns of items a correction keeps those of the payslip.
        recorded(
            cast, by, today, "pay", [*headers[:3], "Gross", "Net", "Currency"], [*row[:3], "1010", "714.50", "NZD"]
        )
        last = PayRecord.objects.get(supersedes=now)
        assert (last.items, last.deductions, last.tax) == (now.items, Decimal("195.50"), Decimal(100))


def test_a_cost_keeps_its_receipt_security_and_who_financed_it(cast, today):
    headers = ["Worker ID", "Item", "Amount", "Currency", "Date", "Paid by", "Paid to", "Receipt", "Reimbursed amount", "Financed by", "Security"]  # fmt: skip
    row = [
        "IH-001",
        "guarantee money",
        "500",
        "TOP",
        "2026-01-05",
        "worker",
        "An agent",
        "R-9",
        "",
        "money-lender",
        "land",
    ]
    with cast.acting("ines") as by:
        recorded(cast, by, today, "costs", headers, row)
        cost = CostItem.objects.get(**OF)
        assert (cost.item, cost.receipt, cost.financed_by, cost.security) == ("deposit", "R-9", "money-lender", "land")
        recorded(cast, by, today, "costs", headers, [*row[:7], "", "500", "", ""])
        cost.refresh_from_db()
        assert (cost.reimbursed, cost.receipt, cost.security) == (Decimal(500), "R-9", "land")


def test_debts_insurances_travel_and_bans_are_recorded_and_brought_up_to_date(cast, today):
    debt = ["Worker ID", "Kind", "Held by", "Amount", "Currency", "Monthly rate", "Security", "Taken on", "Cleared on"]
    owed = ["IH-001", "loan", "money lender", "400", "TOP", "5", "land", "2026-01-02", ""]
    insured = [
        "Worker ID",
        "Kind",
        "Insurer",
        "Policy number",
        "Paid by",
        "Premium",
        "Currency",
        "Joined on",
        "Ends on",
        "Claim",
    ]
    medical = ["IH-001", "Medical", "Orbit", "P-1", "employer", "120", "NZD", "2026-02-20", "2026-09-30", ""]
    way = ["Worker ID", "Direction", "Carrier", "Departs", "Arrives", "Met by", "Paid by"]
    ban = ["Worker ID", "Imposed by", "Imposed on", "Reason", "Ends on", "Appeal", "Lifted on"]
    with cast.acting("ines") as by:
        recorded(cast, by, today, "debts", debt, owed)
        batch = recorded(
            cast,
            by,
            today,
            "debts",
            debt,
            [*owed[:8], "2026-05-01"],
            [*owed[:3], "0", *owed[4:]],
            [*owed[:8], "2025-01-01"],
        )
        assert cells(batch) == {3: {"not_above_zero": "D3"}, 4: {"wrong_order": "I4"}}
        assert str(Debt.objects.get(**OF).cleared_on) == "2026-05-01"
        recorded(cast, by, today, "insurance", insured, medical)
        recorded(cast, by, today, "insurance", insured, [*medical[:9], "lodged"])
        cover = Insurance.objects.get(**OF)
        assert (cover.kind, cover.claim, cover.premium) == ("medical", "lodged", Decimal(120))
        batch = sent(
            cast,
            by,
            today,
            "insurance",
            ["Worker ID", "Kind", "Joined on", "Ends on"],
            ["IH-001", "medical", "2026-02-20", "2026-02-01"],
        )
        assert cells(batch) == {2: {"wrong_order": "D2"}}
        recorded(
            cast,
            by,
            today,
            "travel",
            way,
            ["IH-001", "to the job", "NZ 971", "2026-02-20", "2026-02-20", "Rosa", "employer"],
        )
        assert Travel.objects.get(**OF).direction == "out"
        recorded(cast, by, today, "bans", ban, ["IH-001", "Orchard Bay", "2026-05-01", "", "", "", ""])
        recorded(
            cast,
            by,
            today,
            "bans",
            ban,
            ["IH-001", "Orchard Bay", "2026-05-01", "late", "2026-12-31", "The ministry", ""],
        )
        assert Ban.objects.get(person__worker_code="IH-001").appeal == "The ministry"
        batch = sent(cast, by, today, "bans", ["Worker ID", "Imposed by", "Imposed on", "Lifted on"], ["IH-001", "Orchard Bay", "2026-05-01", "2026-04-01"])  # fmt: skip
        assert cells(batch) == {2: {"wrong_order": "D2"}}


def test_training_keeps_its_score_and_papers_of_every_type_are_taken(cast, today):
    with cast.acting("sefo") as by:
        recorded(cast, by, today, "training", ["Worker ID", "Course", "Provider", "Date", "Score", "Passed", "Certificate"],
                 ["IH-004", "Safety", "TVET", "2026-02-02", "88.5", "yes", "C-1"])  # fmt: skip
        record = TrainingRecord.objects.get(placement__person__worker_code="IH-004")
        assert (record.provider, record.score, record.certificate) == ("TVET", Decimal("88.5"), "C-1")
        headers = ["Worker ID", "Type", "Number", "Country", "Issued", "Expires", "Status"]
        batch = recorded(cast, by, today, "documents", headers,
            ["IH-004", "insurance policy", "I1", "Tonga", "", "", "verified"], ["IH-004", "language test", "T1", "Tonga", "", "", ""],
            ["IH-004", "driving licence", "L1", "Tonga", "", "", ""], ["IH-005", "visa", "V1", "Tonga", "2026-02-01", "2026-02-01", ""])  # fmt: skip
        assert cells(batch) == {5: {"expires_first": "F5"}}
        assert sorted(IdentityDocument.objects.filter(number__in=["I1", "T1", "L1"]).values_list("kind", flat=True)) == [
            "insurance", "licence", "test",
        ]  # fmt: skip


def test_a_licence_belongs_to_a_recruiter_of_the_pilot(cast, today):
    headers = ["Recruiter", "Number", "Authority", "Valid from", "Valid to", "Looked up on"]
    row = ["island hands", "LIC-1", "Ministry", "2025-01-01", "2026-12-31", "2026-01-10"]
    with cast.acting("ines") as by:
        batch = recorded(
            cast,
            by,
            today,
            "licences",
            headers,
            row,
            ["Nobody Ltd", *row[1:]],
            [*row[:3], "2026-01-01", "2025-01-01", ""],
        )
        assert cells(batch) == {3: {"unknown_recruiter": "A3"}, 4: {"wrong_order": "E4"}}
        licence = RecruiterLicence.objects.get()
        assert licence.recruiter.slug == "island-hands"
        assert verdicts(sent(cast, by, today, "licences", headers, row)) == {2: "same"}
    with cast.acting("sefo") as by, pytest.raises(PermissionDenied):
        opened(cast, by, kind="licences")


def test_a_rate_of_a_month_is_never_overwritten(cast, today):
    headers = ["Month", "From", "To", "Rate", "Source"]
    with cast.acting("ines") as by:
        batch = recorded(
            cast,
            by,
            today,
            "exchange rates",
            headers,
            ["2026-03-17", "FJD", "TOP", "1.0512", "Reserve bank"],
            ["2026-03-01", "TOP", "TOP", "1", "x"],
        )
        assert codes(batch) == {2: [], 3: ["same_currency"]}
        rate = ExchangeRate.objects.get(from_currency="FJD")
        assert (str(rate.month), rate.rate) == ("2026-03-01", Decimal("1.0512"))
        again = sent(cast, by, today, "exchange rates", headers, ["2026-03-01", "FJD", "TOP", "1.0512", "Another"])
        assert verdicts(again) == {2: "same"}
        other = sent(cast, by, today, "exchange rates", headers, ["2026-03-02", "FJD", "TOP", "1.2", "Reserve bank"])
        assert cells(other) == {2: {"other_rate": "D2"}}
        assert "1.0512" in said(other)[0]
    with cast.acting("sefo") as by, pytest.raises(PermissionDenied):
        opened(cast, by, kind="exchange rates")


def test_every_kind_of_facts_is_offered_to_those_who_may_write_it(cast):
    from workers.sheets.judges import offered

    with cast.acting("sefo") as by:
        assert set(offered(by)) == {
            "workers",
            "moves",
            "contracts",
            "insurance",
            "travel",
            "bans",
            "documents",
            "training",
        }
    with cast.acting("ines") as by:
        assert "checks" not in offered(by)
        assert {
            "contracts",
            "deductions",
            "pay",
            "costs",
            "debts",
            "housing",
            "stays",
            "licences",
            "exchange rates",
        } <= set(offered(by))
