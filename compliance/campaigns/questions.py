"""What may be asked of a file: a closed list, so that campaigns can be compared. To add one, add a line here."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a file; complete, incomplete or wrong is its answer."""

    code: str
    words: str | Promise
    hint: str | Promise


QUESTIONS: dict[str, Question] = {
    q.code: q
    for q in (
        Question("contract", _("Signed contract"), _("In a language of the worker, dated before departure, every page.")),
        Question("offer", _("Job notice and offer"), _("Task, place, hours, pay, deductions and housing, as approved.")),
        Question("costs", _("Costs and receipts"), _("Every cost the worker met, with its receipt, and who paid it back.")),
        Question("consent", _("Consent to data"), _("Signed, dated, with its purposes and its language.")),
        Question("passport", _("Copy of the passport"), _("Readable, the same name and number as in the portal.")),
        Question("visa", _("Copy of the visa"), _("For this employer, place and period.")),
        Question("medical", _("Medical clearance"), _("In date. Only that there is one: no result is looked at.")),
        Question("training", _("Attendance of the training"), _("Date, hours and signature of the worker.")),
        Question("insurance", _("Insurance"), _("Policy with its first and last day.")),
        Question("payslips", _("Payslips"), _("One for each period, the same amounts as in the portal.")),
        Question("deductions", _("Agreements on deductions"), _("Item, amount, end and the worker's signature.")),
        Question("housing", _("Housing"), _("Address, rent and the approval for this number of people.")),
    )
}  # fmt: skip
