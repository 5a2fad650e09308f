"""The line of examples in the empty sheet of each kind: one row that could be taken, of people and places that are invented.

Edit here: kind → key → what stands in the cell. A column that is not named stays blank in that line, as it often does in
life (a withdrawal, a second kind of wage). The line is recognised and left out when it comes back (``kept``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

EXAMPLES: Final[Mapping[str, Mapping[str, str]]] = {
    "workers": {
        "worker_id": "TON-0042", "family_name": "Faleolo", "given_names": "Sione Tevita",
        "passport_name": "FALEOLO SIONE TEVITA", "sex": "M", "birth_date": "1994-05-17", "nationality": "Tonga",
        "passport_number": "P123456", "passport_country": "Tonga", "passport_expiry": "2031-02-28", "national_id": "0184466",
        "phone": "+676 777 1234", "email": "name@example.org", "village": "Kolovai", "province": "Tongatapu",
        "languages": "Tongan, English", "marital_status": "married", "dependants": "3", "home_income": "450.00",
        "home_income_currency": "TOP", "recruiter": "Pacific Hands Ltd", "cohort": "Apples 2026",
        "registered_on": "2026-01-12", "consent_date": "2026-01-12", "consent_version": "2", "consent_language": "Tongan",
    },
    "moves": {
        "worker_id": "TON-0042", "step": "visa lodged", "date": "2026-03-02", "known_on": "2026-03-04",
        "passport_number": "P123456", "passport_country": "Tonga",
    },
    "contracts": {
        "worker_id": "TON-0042", "version": "signed", "signed_on": "2026-02-10", "language": "Tongan and English",
        "employer": "Green Valley Orchards", "site": "Home block", "occupation": "Orchard worker", "start": "2026-03-02",
        "planned_end": "2026-09-25", "hourly_rate": "24.50", "currency": "NZD", "guaranteed_hours": "30",
        "guarantee_period": "week", "overtime_multiplier": "1.5", "pay_cycle": "weekly", "weekly_deductions": "140.00",
    },
    "deductions": {
        "worker_id": "TON-0042", "item": "airfare", "agreed_total": "900.00", "amount_per_period": "75.00",
        "currency": "NZD", "starts_on": "2026-03-02", "ends_on": "2026-05-24", "consent_date": "2026-02-10",
        "authority_approval": "LI-2026-118",
    },
    "pay": {
        "worker_id": "TON-0042", "period_start": "2026-03-02", "period_end": "2026-03-08", "pay_due": "2026-03-11",
        "paid_on": "2026-03-11", "hours_offered": "40", "hours_worked": "38.5", "overtime_hours": "0", "rate": "24.50",
        "gross": "943.25", "tax": "99.04", "deduction:": "140.00", "net": "704.21", "currency": "NZD",
        "paid_to": "own account",
    },
    "costs": {
        "worker_id": "TON-0042", "item": "visa", "amount": "268.00", "currency": "TOP", "date": "2026-01-20",
        "paid_by": "worker", "paid_to": "Visa office", "receipt": "R-00172", "reimbursed_amount": "268.00",
        "reimbursed_on": "2026-03-20", "financed_by": "savings",
    },
    "debts": {
        "worker_id": "TON-0042", "kind": "loan", "lender": "family", "amount": "500.00", "currency": "TOP",
        "monthly_rate": "2", "taken_on": "2026-01-15",
    },
    "documents": {
        "worker_id": "TON-0042", "type": "visa", "number": "V0912345", "country": "NZ", "issued_on": "2026-02-20",
        "expires_on": "2026-10-31", "status": "received",
    },
    "checks": {
        "worker_id": "TON-0042", "round": "First month", "item": "D04", "answer": "yes", "date": "2026-03-30",
        "by": "Ana Moala", "mode": "in person", "private": "yes", "evidence": "Payslips of March",
    },
    "training": {
        "worker_id": "TON-0042", "course": "Briefing before departure", "provider": "Labour Sending Unit",
        "planned_hours": "16", "attended_hours": "16", "date": "2026-02-12", "score": "85", "passed": "yes",
        "certificate": "BBD-0042",
    },
    "insurance": {
        "worker_id": "TON-0042", "kind": "medical", "insurer": "Pacific Health Cover", "policy_number": "MC-338120",
        "paid_by": "employer", "premium": "120.00", "currency": "NZD", "joined_on": "2026-03-02", "ends_on": "2026-09-25",
        "claim": "none",
    },
    "travel": {
        "worker_id": "TON-0042", "direction": "out", "carrier": "NZ 973", "departs_on": "2026-03-01",
        "arrives_on": "2026-03-01", "met_by": "Team leader", "paid_by": "employer",
    },
    "housing": {
        "site": "Home block", "address": "12 Orchard Road", "room": "3", "area": "18.5", "beds": "3", "occupants": "3",
        "approved_maximum": "4", "weekly_rent": "140.00", "currency": "NZD", "inspected_on": "2026-02-20",
        "building": "newer", "own_bathroom": "yes",
    },
    "stays": {
        "worker_id": "TON-0042", "site": "Home block", "address": "12 Orchard Road", "room": "3",
        "starts_on": "2026-03-02", "ends_on": "2026-09-25",
    },
    "licences": {
        "recruiter": "Pacific Hands Ltd", "number": "LA-2024-017", "authority": "Ministry of Labour",
        "valid_from": "2025-01-01", "valid_to": "2026-12-31", "looked_up_on": "2026-01-12",
    },
    "bans": {
        "worker_id": "TON-0042", "imposed_by": "Green Valley Orchards", "imposed_on": "2026-04-20",
        "reason": "Left before the end without a word", "ends_on": "2027-04-20",
        "appeal": "Ministry of Labour, within 30 days",
    },
    "exchange rates": {
        "month": "2026-03-01", "from_currency": "NZD", "to_currency": "TOP", "rate": "1.4125",
        "source": "Reserve bank, mean of the month",
    },
}  # fmt: skip
