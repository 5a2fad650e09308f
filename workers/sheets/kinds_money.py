"""Kinds of sheet about money and housing: contracts, deductions, pay, costs, housing, exchange rates.

Amounts keep two decimals, rates four; each names the column of its currency. Cost items are the ledger's list, after
the
questionnaire of the SDG 10.7.1 pilot and the ILO's groups of fees and costs.
"""

from __future__ import annotations

from typing import Final

from workers.journey.steps import marked as _

from . import amounts, cleaning, dates
from .columns import MONEY, PLAIN, Column, Kind
from .kinds_shared import worker_id

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
COST_ITEMS: Final = (
    "recruiter fee", "informal broker", "visa", "work permit", "passport", "other documents", "language training",
    "skills training", "medical exam", "vaccination", "police clearance", "insurance", "welfare fund", "inland travel",
    "international travel", "lodging", "equipment", "briefing", "bank charges", "loan interest",
    "gifts", "other",
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
    **dict.fromkeys(("gift", "bribe", "bribes", "gifts bribes", "tea money", "facilitation"), "gifts"),
}


def _values(meanings: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(meanings.values()))


def _amount(key: str, header: str, *, required: bool = False, decimals: int = 2) -> Column:
    return Column(
        key,
        header,
        amounts.money(decimals),
        required=required,
        privacy=MONEY,
        example="150.00",
        hint_key="currency",
    )


def _currency() -> Column:
    return Column("currency", "Currency", amounts.currency, privacy=PLAIN, example="NZD")


def _date(key: str, header: str, *, meaning: str = "any", required: bool = False) -> Column:
    return Column(key, header, dates.date(meaning), required=required, privacy=PLAIN, as_date=True)


def _one_of(key: str, header: str, meanings: dict[str, str], *, required: bool = False) -> Column:
    return Column(
        key,
        header,
        cleaning.choice(key, meanings),
        required=required,
        privacy=MONEY,
        choices=_values(meanings),
    )


def _contracts() -> Kind:
    columns = (
        worker_id(),
        _one_of("version", "Version", VERSIONS, required=True),
        _date("signed_on", "Signed on", meaning="past"),
        Column("language", "Language", cleaning.text(40), privacy=PLAIN),
        Column("employer", "Employer", cleaning.text(160), privacy=PLAIN),
        Column("site", "Site", cleaning.text(160), privacy=PLAIN),
        Column("occupation", "Occupation", cleaning.text(120), privacy=PLAIN),
        _date("start", "Start"),
        _date("planned_end", "Planned end"),
        _amount("hourly_rate", "Hourly rate", decimals=4),
        _amount("monthly_wage", "Monthly wage"),
        _amount("piece_rate", "Piece rate", decimals=4),
        _currency(),
        Column("guaranteed_hours", "Guaranteed hours", amounts.hours(5000), privacy=PLAIN),
        _one_of("guarantee_period", "Guarantee period", GUARANTEES),
        Column("overtime_multiplier", "Overtime multiplier", amounts.quantity(10), privacy=PLAIN, example="1.5"),
        _one_of("pay_cycle", "Pay cycle", PAY_CYCLES),
    )
    return Kind(
        "contracts",
        _("Contracts"),
        columns,
        keys=(("worker_id",),),
        unique=(("worker_id", "version", "start"),),
        needs=dict.fromkeys(("hourly_rate", "monthly_wage", "piece_rate"), "currency"),
        order=(("start", "planned_end"),),
    )


def _deductions() -> Kind:
    columns = (
        worker_id(),
        Column("item", "Item", cleaning.text(80), required=True, privacy=PLAIN, example="airfare"),
        _amount("agreed_total", "Agreed total"),
        _amount("amount_per_period", "Amount per period"),
        _currency(),
        _date("from", "From"),
        _date("to", "To"),
        _date("consent_date", "Consent date", meaning="past"),
        Column("authority_approval", "Authority approval", cleaning.text(120), privacy=PLAIN),
        _date("withdrawn_on", "Withdrawn on", meaning="past"),
    )
    return Kind(
        "deductions",
        _("Deductions"),
        columns,
        keys=(("worker_id",),),
        unique=(("worker_id", "item", "from"),),
        needs=dict.fromkeys(("agreed_total", "amount_per_period"), "currency"),
        order=(("from", "to"),),
    )


def _pay() -> Kind:
    columns = (
        worker_id(),
        _date("period_start", "Period start", required=True),
        _date("period_end", "Period end", required=True),
        _date("pay_due", "Pay due"),
        _date("paid_on", "Paid on", meaning="past"),
        Column("hours_offered", "Hours offered", amounts.hours(), privacy=MONEY),
        Column("hours_worked", "Hours worked", amounts.hours(), privacy=MONEY),
        Column("overtime_hours", "Overtime hours", amounts.hours(), privacy=MONEY),
        Column("pieces", "Pieces", amounts.quantity(10_000_000), privacy=MONEY),
        _amount("rate", "Rate", decimals=4),
        _amount("gross", "Gross"),
        _amount("tax", "Tax"),
        _amount("pension", "Pension"),
        _amount("deduction:", "Deduction:"),
        _amount("net", "Net"),
        _currency(),
        _one_of("paid_to", "Paid to", PAID_TO),
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
        _one_of("item", "Item", COST_WORDS, required=True),
        _amount("amount", "Amount", required=True),
        _currency(),
        _date("date", "Date", meaning="past"),
        _one_of("paid_by", "Paid by", PAYERS, required=True),
        Column("paid_to", "Paid to", cleaning.text(160), privacy=MONEY),
        Column("receipt", "Receipt", cleaning.text(80), privacy=MONEY, as_text=True),
        _amount("reimbursed_amount", "Reimbursed amount"),
        _date("reimbursed_on", "Reimbursed on", meaning="past"),
        Column("financed_by", "Financed by", cleaning.text(80), privacy=MONEY, example="savings"),
    )
    return Kind(
        "costs",
        _("Costs"),
        columns,
        keys=(("worker_id",),),
        needs=dict.fromkeys(("amount", "reimbursed_amount"), "currency"),
        order=(("date", "reimbursed_on"),),
    )


def housing() -> Kind:
    """Rooms of a site, once inspected."""
    columns = (
        Column("site", "Site", cleaning.text(160), required=True, privacy=PLAIN),
        Column("address", "Address", cleaning.text(200), privacy=PLAIN),
        Column("room", "Room", cleaning.text(60), required=True, privacy=PLAIN, as_text=True),
        Column("area", "Area m²", amounts.quantity(10_000), privacy=PLAIN),
        Column("beds", "Beds", cleaning.whole_number(0, 500), privacy=PLAIN),
        Column("occupants", "Occupants", cleaning.whole_number(0, 500), privacy=PLAIN),
        Column("approved_maximum", "Approved maximum", cleaning.whole_number(0, 500), privacy=PLAIN),
        _amount("weekly_rent", "Weekly rent"),
        _currency(),
        _date("inspected_on", "Inspected on", meaning="past"),
    )
    return Kind(
        "housing",
        _("Housing"),
        columns,
        keys=(("site", "room"),),
        unique=(("site", "room", "inspected_on"),),
        needs={"weekly_rent": "currency"},
    )


def exchange_rates() -> Kind:
    """Rates by month, each with its source."""
    columns = (
        Column(
            "month",
            "Month",
            dates.date("past"),
            required=True,
            privacy=PLAIN,
            as_date=True,
            help=_("Any day of the month."),
            example="2026-03-01",
        ),
        Column("from", "From", amounts.currency, required=True, privacy=PLAIN, example="NZD"),
        Column("to", "To", amounts.currency, required=True, privacy=PLAIN, example="TOP"),
        Column("rate", "Rate", amounts.quantity(10_000_000, 8), required=True, privacy=PLAIN, example="1.4125"),
        Column("source", "Source", cleaning.text(200), required=True, privacy=PLAIN),
    )
    return Kind(
        "exchange rates",
        _("Exchange rates"),
        columns,
        keys=(("month", "from", "to"),),
        unique=(("month", "from", "to"),),
    )


def kinds() -> tuple[Kind, ...]:
    """The kinds of this file that are about a person."""
    return (_contracts(), _deductions(), _pay(), _costs())
