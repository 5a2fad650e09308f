"""Kinds of sheet about money: contracts, deductions, pay, costs, debts, exchange rates.

Amounts keep two decimals, rates four; each names the column of its currency. Cost items are the ledger's list, after the
questionnaire of the SDG 10.7.1 pilot and the ILO's groups of fees and costs.
"""

from __future__ import annotations

from typing import Final

from workers.journey.steps import marked as _

from . import amounts, cleaning, dates
from .columns import MONEY, PLAIN, Column, Kind
from .kinds_shared import amount, currency, date, one_of, worker_id

VERSIONS: Final = {
    **dict.fromkeys(("offer", "letter of offer", "offered", "loo", "offre", "oferta"), "offer"),
    **dict.fromkeys(("signed", "contract", "signe", "firmado"), "signed"),
    **dict.fromkeys(("arrival", "on arrival", "arrivee", "llegada"), "arrival"),
    **dict.fromkeys(("in force", "current", "actual", "en vigueur", "vigente"), "in force"),
}
GUARANTEES: Final = {
    **dict.fromkeys(("week", "weekly", "per week", "semaine", "semana"), "week"),
    **dict.fromkeys(("4 weeks", "4 weekly", "four weeks", "4 week block"), "4 weeks"),
    **dict.fromkeys(("month", "monthly", "per month", "mois", "mes"), "month"),
    **dict.fromkeys(("placement", "whole placement", "season", "contract"), "placement"),
}
PAY_CYCLES: Final = {
    **dict.fromkeys(("weekly", "week", "hebdomadaire", "semanal"), "weekly"),
    **dict.fromkeys(("fortnightly", "fortnight", "biweekly", "bi weekly", "2 weekly", "quincenal"), "fortnightly"),
    **dict.fromkeys(("4 weekly", "4 weeks", "four weekly"), "4-weekly"),
    **dict.fromkeys(("monthly", "month", "mensuel", "mensual"), "monthly"),
}
PAID_TO: Final = {
    **dict.fromkeys(("own account", "bank", "bank account", "own bank account", "account"), "own account"),
    **dict.fromkeys(("cash", "especes", "efectivo"), "cash"),
    **dict.fromkeys(("other", "autre", "otro", "other account"), "other"),
}
PAYERS: Final = {
    **dict.fromkeys(("worker", "self", "employee", "travailleur", "trabajador"), "worker"),
    **dict.fromkeys(("employer", "company", "employeur", "empleador"), "employer"),
    **dict.fromkeys(("recruiter", "agency", "agent", "recruteur", "reclutador"), "recruiter"),
    **dict.fromkeys(("government", "state", "gov", "gouvernement", "gobierno"), "government"),
    **dict.fromkeys(("programme", "program", "pilot", "project", "programa"), "programme"),
}
DEBTS: Final = {
    **dict.fromkeys(("loan", "pret", "prestamo"), "loan"),
    **dict.fromkeys(("deposit", "security deposit", "caution", "deposito"), "deposit"),
    **dict.fromkeys(("bond", "penalty", "penalty for leaving", "fianza"), "bond"),
}
LENDERS: Final = {
    **dict.fromkeys(("family", "family or friends", "friends", "relatives", "famille", "familia"), "family"),
    **dict.fromkeys(("bank", "credit union", "banque", "banco"), "bank"),
    **dict.fromkeys(("money lender", "lender", "loan shark", "usurier", "prestamista"), "money-lender"),
    **dict.fromkeys(("recruiter", "agency", "agent", "recruteur", "reclutador"), "recruiter"),
    **dict.fromkeys(("employer", "company", "employeur", "empleador"), "employer"),
    **dict.fromkeys(("programme", "program", "fund", "pilot", "programa"), "programme"),
    **dict.fromkeys(("other", "autre", "otro"), "other"),
}
COST_ITEMS: Final = (
    "recruiter fee", "informal broker", "visa", "work permit", "passport", "other documents", "language training",
    "skills training", "medical exam", "vaccination", "police clearance", "insurance", "welfare fund", "inland travel",
    "international travel", "lodging", "equipment", "briefing", "bank charges", "loan interest",
    "deposit", "gifts", "other",
)  # fmt: skip
COST_WORDS: Final = {
    **{item: item for item in COST_ITEMS},
    **dict.fromkeys(
        ("agency fee", "placement fee", "service charge", "recruitment fee", "frais d agence"), "recruiter fee"
    ),
    **dict.fromkeys(("broker", "middleman", "dalal", "sub agent"), "informal broker"),
    **dict.fromkeys(("visa fee",), "visa"),
    **dict.fromkeys(("labour contract approval", "permit", "work permit labour contract approval"), "work permit"),
    **dict.fromkeys(("passport fee", "passeport", "pasaporte"), "passport"),
    **dict.fromkeys(("documents", "birth certificate", "notary"), "other documents"),
    **dict.fromkeys(("language", "language course", "language test"), "language training"),
    **dict.fromkeys(("training", "skills training test", "skill test", "skills test"), "skills training"),
    **dict.fromkeys(("medical", "medical examination", "medical check", "examen medical"), "medical exam"),
    **dict.fromkeys(("police", "police certificate", "security clearance"), "police clearance"),
    **dict.fromkeys(("bus", "local transport", "transport", "domestic travel"), "inland travel"),
    **dict.fromkeys(("airfare", "air ticket", "flight", "ticket", "billet d avion", "vuelo"), "international travel"),
    **dict.fromkeys(("lodging while waiting", "accommodation", "accommodation while waiting"), "lodging"),
    **dict.fromkeys(("uniform", "equipment uniform", "gear", "ppe"), "equipment"),
    **dict.fromkeys(("orientation", "pre departure", "briefing orientation", "pdos"), "briefing"),
    **dict.fromkeys(("bank fee", "remittance charges", "bank remittance charges"), "bank charges"),
    **dict.fromkeys(("interest", "loan"), "loan interest"),
    **dict.fromkeys(
        ("bond", "security deposit", "guarantee money", "guarantee", "caution", "fianza", "deposito"), "deposit"
    ),
    **dict.fromkeys(("gift", "bribe", "bribes", "gifts bribes", "tea money", "facilitation"), "gifts"),
}


def _contracts() -> Kind:
    columns = (
        worker_id(),
        one_of("version", "Version", VERSIONS, required=True),
        date("signed_on", "Signed on", meaning="past"),
        Column("language", "Language", cleaning.text(40), privacy=PLAIN),
        Column("employer", "Employer", cleaning.text(160), privacy=PLAIN),
        Column("site", "Site", cleaning.text(160), privacy=PLAIN),
        Column("occupation", "Occupation", cleaning.text(120), privacy=PLAIN),
        date("start", "Start"),
        date("planned_end", "Planned end"),
        amount("hourly_rate", "Hourly rate", decimals=4),
        amount("monthly_wage", "Monthly wage", unit="month"),
        amount("piece_rate", "Piece rate", decimals=4),
        currency(),
        Column("guaranteed_hours", "Guaranteed hours", amounts.hours(5000), privacy=PLAIN, unit="hours"),
        one_of("guarantee_period", "Guarantee period", GUARANTEES),
        Column("overtime_multiplier", "Overtime multiplier", amounts.quantity(10), privacy=PLAIN),
        one_of("pay_cycle", "Pay cycle", PAY_CYCLES),
        amount("weekly_deductions", "Weekly deductions", unit="week"),
    )
    return Kind(
        "contracts",
        _("Contracts"),
        columns,
        keys=(("worker_id",),),
        unique=(("worker_id", "version", "signed_on"),),
        needs=dict.fromkeys(("hourly_rate", "monthly_wage", "piece_rate", "weekly_deductions"), "currency"),
        order=(("start", "planned_end"),),
    )


def _deductions() -> Kind:
    columns = (
        worker_id(),
        Column("item", "Item", cleaning.text(80), required=True, privacy=PLAIN),
        amount("agreed_total", "Agreed total"),
        amount("amount_per_period", "Amount per period"),
        currency(),
        date("starts_on", "From"),
        date("ends_on", "To"),
        date("consent_date", "Consent date", meaning="past"),
        Column("authority_approval", "Authority approval", cleaning.text(120), privacy=PLAIN),
        date("withdrawn_on", "Withdrawn on", meaning="past"),
    )
    return Kind(
        "deductions",
        _("Deductions"),
        columns,
        keys=(("worker_id",),),
        unique=(("worker_id", "item", "starts_on"),),
        needs=dict.fromkeys(("agreed_total", "amount_per_period"), "currency"),
        order=(("starts_on", "ends_on"),),
    )


def _pay() -> Kind:
    columns = (
        worker_id(),
        date("period_start", "Period start", required=True),
        date("period_end", "Period end", required=True),
        date("pay_due", "Pay due"),
        date("paid_on", "Paid on", meaning="past"),
        Column("hours_offered", "Hours offered", amounts.hours(), privacy=MONEY, unit="hours"),
        Column("hours_worked", "Hours worked", amounts.hours(), privacy=MONEY, unit="hours"),
        Column("overtime_hours", "Overtime hours", amounts.hours(), privacy=MONEY, unit="hours"),
        Column("pieces", "Pieces", amounts.quantity(10_000_000), privacy=MONEY),
        amount("rate", "Rate", decimals=4),
        amount("gross", "Gross"),
        amount("tax", "Tax"),
        amount("pension", "Pension"),
        amount("deduction:", "Deduction:"),
        amount("net", "Net"),
        currency(),
        one_of("paid_to", "Paid to", PAID_TO),
    )
    money = ("rate", "gross", "tax", "pension", "deduction:", "net")
    return Kind(
        "pay",
        _("Pay"),
        columns,
        keys=(("worker_id",),),
        unique=(("worker_id", "period_start", "period_end"),),
        needs=dict.fromkeys(money, "currency"),
        order=(("period_start", "period_end"),),
    )


def _costs() -> Kind:
    columns = (
        worker_id(),
        one_of("item", "Item", COST_WORDS, required=True),
        amount("amount", "Amount", required=True),
        currency(),
        date("date", "Date", meaning="past"),
        one_of("paid_by", "Paid by", PAYERS, required=True),
        Column("paid_to", "Paid to", cleaning.text(120), privacy=MONEY),
        Column("receipt", "Receipt", cleaning.text(80), privacy=MONEY, as_text=True),
        amount("reimbursed_amount", "Reimbursed amount"),
        date("reimbursed_on", "Reimbursed on", meaning="past"),
        Column("financed_by", "Financed by", cleaning.text(80), privacy=MONEY),
        Column("security", "Security", cleaning.text(160), privacy=MONEY, help=_("What was pledged or kept for it.")),
    )
    return Kind(
        "costs",
        _("Costs"),
        columns,
        keys=(("worker_id",),),
        needs=dict.fromkeys(("amount", "reimbursed_amount"), "currency"),
        order=(("date", "reimbursed_on"),),
    )


def exchange_rates() -> Kind:
    """Rates by month, each with its source."""
    columns = (
        Column(
            "month",
            "Month",
            dates.date("month"),
            required=True,
            privacy=PLAIN,
            as_date=True,
            help=_("Any day of the month, or the month alone."),
        ),
        Column("from_currency", "From", amounts.currency, required=True, privacy=PLAIN),
        Column("to_currency", "To", amounts.currency, required=True, privacy=PLAIN),
        Column("rate", "Rate", amounts.quantity(10_000_000, 8), required=True, privacy=PLAIN),
        Column("source", "Source", cleaning.text(200), required=True, privacy=PLAIN),
    )
    return Kind(
        "exchange rates",
        _("Exchange rates"),
        columns,
        keys=(("month", "from_currency", "to_currency"),),
        unique=(("month", "from_currency", "to_currency"),),
    )


def _debts() -> Kind:
    columns = (
        worker_id(),
        one_of("kind", "Kind", DEBTS, required=True),
        one_of("lender", "Held by", LENDERS, required=True),
        amount("amount", "Amount", required=True),
        currency(),
        Column(
            "monthly_rate", "Monthly rate", amounts.quantity(100, 3), privacy=MONEY, help=_("Interest, in percent.")
        ),
        Column("security", "Security", cleaning.text(160), privacy=MONEY),
        date("taken_on", "Taken on", meaning="past", required=True),
        date("cleared_on", "Cleared on", meaning="past"),
    )
    return Kind(
        "debts", _("Debts"), columns, keys=(("worker_id",),), needs={"amount": "currency"},
        order=(("taken_on", "cleared_on"),),
    )  # fmt: skip


def kinds() -> tuple[Kind, ...]:
    """The kinds of this file that are about a person."""
    return (_contracts(), _deductions(), _pay(), _costs(), _debts())
