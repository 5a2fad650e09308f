"""One payment for several findings, in the three shapes a programme meets: waiting for somebody to verify it, verified,
and withdrawn. Played last, on what the rules found.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Organisation
from accounts.scope import acting_as
from compliance.models import Finding
from compliance.remedies import settlements, splitting
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import Ground

BANK_LIST = "The employer's list of transfers of this day, with the line of each worker."


@dataclass(frozen=True, slots=True)
class Payment:
    """What one employer of a pilot pays at once. ``part``: of what is open on the findings of these codes."""

    pilot: str
    debtor: str
    codes: tuple[str, ...]
    part: Decimal
    how: str
    reference: str
    verified: str = ""
    withdrawn: str = ""


PAYMENTS = (
    Payment(
        "tonga-apples", "blossom-ridge", ("PAY-03", "PAY-04"), Decimal(1), splitting.IN_FULL, "Transfer 4471",
        withdrawn="The transfer is the ordinary pay of this week, not what was deducted too much.",
    ),
    Payment(
        "tonga-apples", "blossom-ridge", ("B07", "D01", "D03"), Decimal("0.6"), splitting.IN_PROPORTION, "Transfer 4482",
    ),
    Payment(
        "vanuatu-meat", "redgum-plains", ("PAY-01", "PAY-02"), Decimal("0.75"), splitting.IN_FULL, "Back pay 18-B",
        verified="Compared line by line with the next payslips; both workers confirmed it alone.",
    ),
)  # fmt: skip


def settlements_of(plan: PilotPlan, ground: Ground, today: date) -> None:
    """Record every payment of this pilot by its officer; the manager verifies it, or the officer takes it back."""
    for payment in PAYMENTS:
        if payment.pilot == plan.slug:
            _play(payment, plan, ground, ground.organisations[payment.debtor], today)


def _play(payment: Payment, plan: PilotPlan, ground: Ground, debtor: Organisation, today: date) -> None:
    pilot = ground.pilots[plan.slug]
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        findings = list(
            Finding.objects.filter(pilot=pilot, code__in=payment.codes, restricted=False)
            .exclude(state=Finding.State.RESOLVED)
            .order_by("opened_on", "placement__person__worker_code", "code", "period_start", "pk")
        )
        rows = splitting.open_rows([pilot.pk], [f.pk for f in findings], on=today)
        able, _refused = splitting.payable(findings, rows, debtor_id=debtor.pk, currency=plan.currency, agrees=True)
        rooms = {finding.pk: splitting.room(row, True) for finding, row in able}
        amount = (sum(rooms.values(), Decimal(0)) * payment.part).quantize(Decimal(1))
        if not amount:
            return
        made = settlements.record(
            splitting.split(amount, rooms, payment.how), debtor_id=debtor.pk, amount=amount, currency=plan.currency,
            agrees=True, reference=payment.reference, words=BANK_LIST, by=by, on=today, today=today,
        )  # fmt: skip
        if payment.withdrawn:
            settlements.withdraw(made, by=by, on=today, words=payment.withdrawn)
    if payment.verified:
        with acting_as(ground.hands.of(plan.programme, "programme_manager")) as by:
            settlements.verify(made, by=by, on=today, words=payment.verified)
