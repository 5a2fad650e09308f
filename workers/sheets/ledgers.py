"""The table of facts that come from sheets: ``LEDGERS``, one entry per kind. Edit here to add a kind of facts.

What was promised and paid stands here; what protects, houses or bars a worker in ``ledgers_care``.
"""

from typing import Final

from django.utils.translation import gettext as _

from pilots.models import ExchangeRate
from workers.models import (
    ContractVersion,
    CostItem,
    Debt,
    DeductionAgreement,
    IdentityDocument,
    PayRecord,
    TrainingRecord,
)

from . import ledgers_care
from .ledgers_shared import HOURS, NUMBER, RATE, Ledger

# "Deduction: Air fare" arrives as the key "deduction:air fare"; an item of which nothing was taken is none.
ITEMS: Final = (
    "(select coalesce(jsonb_object_agg(substr(d.key, 11), d.value::numeric(14,2)::text)"
    "  filter (where d.value::numeric <> 0), jsonb_build_object())"
    " from jsonb_each_text(s.more) d where s.more is not null having count(*) > 0)"
)
DEDUCTED: Final = "({pension} + coalesce((select sum(d.value::numeric) from jsonb_each_text({items}) d), 0))" + NUMBER
PLAIN_ITEM: Final = "lower(regexp_replace(btrim(s.item), '\\s+', ' ', 'g'))"
NUMBERS_TAKEN: Final = (
    # Unique in the pilot: asked with the owner's sight, answered in one neutral sentence.
    "insert into trouble select distinct s.n, 'number', 'number_unusable', s.number, '' from"
    " (select type, array_agg(number) as numbers, array_agg(country) as countries from sheet"
    "  where problems is null and number is not null and country is not null group by type) a"
    " cross join lateral workers_numbers_taken(%(pilot)s, a.type, a.numbers, a.countries) t"
    " join sheet s on s.type = a.type and s.number = t.number and s.country = t.country"
    " join found f on f.n = s.n where f.person_id is not null and t.person_id <> f.person_id"
)


def superseded(model: type) -> str:
    """The condition that no later row corrects this one."""
    return f"not exists (select from {model._meta.db_table} y where y.supersedes_id = x.id)"  # type: ignore[attr-defined]


def _costs() -> dict[str, str]:
    return {
        "not_an_item": _("“{value}” is not an item of the list of costs. Choose a word from the list in the template."),
        "not_a_payer": _("“{value}” is not known here. Write worker, employer, recruiter, government or programme."),
        "not_above_zero": _("An amount is above zero."),
        "reimbursed_more": _("No more can be paid back than was paid."),
    }


def _documents() -> dict[str, str]:
    return {
        "not_received": _("Only papers that were received are recorded. Send the row again once it is there."),
        "number_unusable": _("This number cannot be used; the programme officer has been told."),
        "expires_first": _("A document expires after it was issued. Check both dates."),
    }


def _contracts() -> dict[str, str]:
    return {
        "ends_first": _("A contract ends after it starts. Check both dates."),
        "no_period": _("Guaranteed hours need the period over which they are counted. Fill in “Guarantee period”."),
        "no_hours": _("A guarantee period needs the hours that are guaranteed. Fill in “Guaranteed hours”."),
    }


def _deductions() -> dict[str, str]:
    return {
        "ends_first": _("A deduction ends on or after its start. Check both dates."),
        "withdrawn_first": _("Consent is withdrawn after it was given. Check both dates."),
    }


def _debts() -> dict[str, str]:
    return {
        "not_above_zero": _("An amount is above zero."),
        "cleared_first": _("A debt is cleared after it was taken. Check both dates."),
    }


def _rates() -> dict[str, str]:
    return {
        "other_rate": _(
            "For this month the rate {other} is recorded and is not overwritten: reports were made with it. Ask an operator."
        ),
        "same_currency": _("A rate leads from one currency to another."),
        "not_above_zero": _("A rate is above zero."),
    }


LEDGERS: Final[dict[str, Ledger]] = {
    "contracts": Ledger(
        ContractVersion,
        {
            "kind": ("version", "s.version"), "signed_on": ("signed_on", "s.signed_on::date"),
            "language": ("language", "s.language"), "employer_name": ("employer", "s.employer"),
            "site_name": ("site", "s.site"), "occupation": ("occupation", "s.occupation"),
            "starts_on": ("start", "s.start::date"), "ends_on": ("planned_end", "s.planned_end::date"),
            "hourly_rate": ("hourly_rate", f"s.hourly_rate{RATE}"),
            "monthly_wage": ("monthly_wage", f"s.monthly_wage{NUMBER}"),
            "piece_rate": ("piece_rate", f"s.piece_rate{RATE}"), "currency": ("currency", "s.currency"),
            "guaranteed_hours": ("guaranteed_hours", f"s.guaranteed_hours{HOURS}"),
            "guarantee_period": ("guarantee_period", "s.guarantee_period"),
            "overtime_multiplier": ("overtime_multiplier", "s.overtime_multiplier::numeric(5,2)"),
            "pay_cycle": ("pay_cycle", "s.pay_cycle"),
            "weekly_deductions": ("weekly_deductions", f"s.weekly_deductions{NUMBER}"),
        },
        same=("kind", "signed_on"), changing="supersede", by_employer=True, known=superseded(ContractVersion),
        questions={
            "ends_first": ("planned_end", "{ends_on} <= {starts_on}"),
            "no_period": ("guaranteed_hours", "{guaranteed_hours} is not null and {guarantee_period} = ''"),
            "no_hours": ("guarantee_period", "{guaranteed_hours} is null and {guarantee_period} <> ''"),
        },
        sentences=_contracts,
    ),
    "deductions": Ledger(
        DeductionAgreement,
        {
            "item": ("item", PLAIN_ITEM), "agreed_total": ("agreed_total", f"s.agreed_total{NUMBER}"),
            "per_period": ("amount_per_period", f"s.amount_per_period{NUMBER}"), "currency": ("currency", "s.currency"),
            "starts_on": ("starts_on", "s.starts_on::date"), "ends_on": ("ends_on", "s.ends_on::date"),
            "consent_on": ("consent_date", "s.consent_date::date"),
            "authority_approval": ("authority_approval", "s.authority_approval"),
            "withdrawn_on": ("withdrawn_on", "s.withdrawn_on::date"),
        },
        same=("item", "starts_on"), changing="supersede", by_employer=True, known=superseded(DeductionAgreement), needs=("currency",),
        questions={
            "ends_first": ("ends_on", "{ends_on} < {starts_on}"),
            "withdrawn_first": ("withdrawn_on", "{withdrawn_on} < {consent_on}"),
        },
        sentences=_deductions,
    ),
    "pay": Ledger(
        PayRecord,
        {
            "period_start": ("period_start", "s.period_start::date"), "period_end": ("period_end", "s.period_end::date"),
            "due_on": ("pay_due", "s.pay_due::date"), "paid_on": ("paid_on", "s.paid_on::date"),
            "hours_offered": ("hours_offered", "s.hours_offered::numeric(6,2)"),
            "hours_worked": ("hours_worked", "s.hours_worked::numeric(6,2)"),
            "overtime_hours": ("overtime_hours", "s.overtime_hours::numeric(6,2)"),
            "pieces": ("pieces", "s.pieces::numeric(12,2)"), "rate": ("rate", f"s.rate{RATE}"),
            "gross": ("gross", f"s.gross{NUMBER}"), "tax": ("tax", f"s.tax{NUMBER}"),
            "pension": ("pension", f"s.pension{NUMBER}"), "items": ("deduction:", ITEMS),
            "net": ("net", f"s.net{NUMBER}"), "currency": ("currency", "s.currency"), "paid_to": ("paid_to", "s.paid_to"),
        },
        same=("period_start", "period_end"), changing="supersede", by_employer=True, known=superseded(PayRecord),
        needs=("gross", "net", "currency"), derived={"deductions": DEDUCTED},
    ),
    "costs": Ledger(
        CostItem,
        {
            "item": ("item", "s.item"), "amount": ("amount", f"s.amount{NUMBER}"), "currency": ("currency", "s.currency"),
            "paid_on": ("date", "s.date::date"), "paid_by": ("paid_by", "s.paid_by"),
            "paid_to": ("paid_to", "coalesce(s.paid_to, '')"), "receipt": ("receipt", "s.receipt"),
            "financed_by": ("financed_by", "s.financed_by"), "security": ("security", "s.security"),
            "reimbursed": ("reimbursed_amount", f"s.reimbursed_amount{NUMBER}"),
            "reimbursed_on": ("reimbursed_on", "s.reimbursed_on::date"),
        },
        same=("item", "amount", "currency", "paid_on", "paid_by", "paid_to"), changing="update",
        needs=("currency", "date"),
        questions={
            "not_an_item": ("item", "s.item <> all(%(items)s)"),
            "not_a_payer": ("paid_by", "s.paid_by <> all(%(payers)s)"),
            "not_above_zero": ("amount", "s.amount::numeric <= 0"),
            "reimbursed_more": ("reimbursed_amount", "s.reimbursed_amount::numeric > s.amount::numeric"),
        },
        sentences=_costs,
    ),
    "debts": Ledger(
        Debt,
        {
            "kind": ("kind", "s.kind"), "lender": ("lender", "s.lender"), "amount": ("amount", f"s.amount{NUMBER}"),
            "currency": ("currency", "s.currency"), "monthly_rate": ("monthly_rate", "s.monthly_rate::numeric(6,3)"),
            "security": ("security", "s.security"), "taken_on": ("taken_on", "s.taken_on::date"),
            "cleared_on": ("cleared_on", "s.cleared_on::date"),
        },
        same=("kind", "lender", "amount", "currency", "taken_on"), changing="update", needs=("currency",),
        questions={
            "not_above_zero": ("amount", "s.amount::numeric <= 0"),
            "cleared_first": ("cleared_on", "{cleared_on} < {taken_on}"),
        },
        sentences=_debts,
    ),
    "training": Ledger(
        TrainingRecord,
        {
            "course": ("course", "s.course"), "provider": ("provider", "s.provider"),
            "held_on": ("date", "s.date::date"), "planned_hours": ("planned_hours", "s.planned_hours::numeric(6,2)"),
            "attended_hours": ("attended_hours", "s.attended_hours::numeric(6,2)"),
            "score": ("score", "s.score::numeric(7,2)"), "passed": ("passed", "s.passed::boolean"),
            "certificate": ("certificate", "s.certificate"),
        },
        same=("course", "held_on"), changing="add", needs=("date", "passed"),
        known="not exists (select from workers_trainingrecord y where y.placement_id = x.placement_id"
        " and y.course = x.course and y.held_on = x.held_on and y.id > x.id)",
    ),
    "documents": Ledger(
        IdentityDocument,
        {
            "kind": ("type", "s.type"), "number": ("number", "s.number"), "country": ("country", "s.country"),
            "issued_on": ("issued_on", "s.issued_on::date"), "expires_on": ("expires_on", "s.expires_on::date"),
        },
        same=("kind", "number", "country"), changing="update", known="x.replaced_at is null", owner="person",
        needs=("number", "country"), unused=(), asked=(NUMBERS_TAKEN,),
        questions={
            "not_received": ("status", "s.status in ('requested', 'rejected', 'returned')"),
            "expires_first": ("expires_on", "{expires_on} <= {issued_on}"),
        },
        sentences=_documents,
    ),
    **ledgers_care.LEDGERS,
    "exchange rates": Ledger(
        ExchangeRate,
        {
            "month": ("month", "date_trunc('month', s.month::date)::date"),
            "from_currency": ("from_currency", "s.from_currency"), "to_currency": ("to_currency", "s.to_currency"),
            "rate": ("rate", "s.rate::numeric(18,8)"), "source": ("source", "s.source"),
        },
        same=("month", "from_currency", "to_currency"), changing="never", owner="nobody",
        questions={
            "other_rate": ("rate", "f.w_rate <> f.v_rate", "trim_scale(f.w_rate)::text"),
            "same_currency": ("to_currency", "s.from_currency = s.to_currency"),
            "not_above_zero": ("rate", "s.rate::numeric <= 0"),
        },
        sentences=_rates,
    ),
}  # fmt: skip
