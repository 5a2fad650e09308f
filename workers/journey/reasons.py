"""Why a placement left the planned path, in words that blame nobody.

A reason is a code, a label and the group it is reported under. Details of health, family or a complaint
never go here: they belong to tables that few may read. "The worker" groups hold what the person chose;
a disengagement may have its reason with the employer, and the list lets it be said.
"""

from dataclasses import dataclass
from typing import Final

from workers.journey.steps import marked as _

REASON_GROUPS: Final[dict[str, str]] = {
    "worker": _("The worker's choice"),
    "documents": _("Documents"),
    "training": _("Training and tests"),
    "health": _("Health"),
    "employer": _("Employer"),
    "state": _("State"),
    "other": _("Other"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. `needs_note`: the code alone says too little, a short note is asked for."""

    code: str
    label: str
    group: str
    needs_note: bool = False


REASONS: Final[tuple[Reason, ...]] = (
    Reason("changed_plans", _("Changed plans"), "worker"),
    Reason("better_offer", _("Took another offer"), "worker"),
    Reason("family_needs", _("Needed by the family"), "worker"),
    Reason("wished_to_return", _("Wished to go home"), "worker"),
    Reason("studies", _("Took up studies"), "worker"),
    Reason("cost_not_affordable", _("Could not meet the cost"), "worker"),
    Reason("other_work_promised", _("Promised other work in the country"), "worker"),
    Reason("job_not_as_wished", _("Did not want the job that was offered"), "worker"),
    Reason("passport_late", _("Passport not issued in time"), "documents"),
    Reason("papers_incomplete", _("Papers not complete in time"), "documents"),
    Reason("papers_ended", _("A paper ended before travel"), "documents"),
    Reason("identity_mismatch", _("Name, birth date, sex or photo differ from the passport"), "documents"),
    Reason("police_certificate", _("Police certificate missing or not accepted"), "documents"),
    Reason("language_not_passed", _("Language test not passed"), "training"),
    Reason("training_not_passed", _("Training or skills test not passed"), "training"),
    Reason("medical_not_cleared", _("Not cleared by the medical examination"), "health"),
    Reason("illness", _("Illness"), "health"),
    Reason("injury", _("Injury"), "health"),
    Reason("not_chosen", _("Another candidate was chosen"), "employer"),
    Reason("places_filled", _("All places filled"), "employer"),
    Reason("order_cancelled", _("Job order cancelled or cut"), "employer"),
    Reason("work_ended_early", _("Work ended earlier than planned"), "employer"),
    Reason("approval_lost", _("Employer lost its approval or closed"), "employer"),
    Reason("pay_not_as_agreed", _("Pay, hours or deductions not as agreed"), "employer"),
    Reason("housing_not_as_agreed", _("Housing not as agreed"), "employer"),
    Reason("treatment", _("Treatment at work or in the housing"), "employer"),
    Reason("conduct", _("Conduct, as stated by the employer"), "employer", needs_note=True),
    Reason("performance", _("Performance, as stated by the employer"), "employer", needs_note=True),
    Reason("business_need", _("Need of the employer or season"), "employer"),
    Reason("visa_refused", _("Visa refused"), "state"),
    Reason("visa_ended", _("Visa ended or was cancelled"), "state"),
    Reason("quota_full", _("Quota or cap reached"), "state"),
    Reason("border_closed", _("Border or travel closed"), "state"),
    Reason("state_order", _("Order of the state"), "state"),
    Reason("state_direction", _("Direction of the responsible department"), "state"),
    Reason("transfer", _("Moved to another approved employer"), "other"),
    Reason("eligibility", _("Does not meet a rule of the scheme"), "other", needs_note=True),
    Reason("no_contact", _("Could not be reached"), "other"),
    Reason("travel_disrupted", _("Travel or weather disrupted"), "other"),
    Reason("disaster", _("Disaster or conflict"), "other"),
    Reason("duplicate_entry", _("Entered twice by mistake"), "other"),
    Reason("not_known", _("Not known"), "other"),
    Reason("other", _("Other"), "other", needs_note=True),
)

REASON: Final[dict[str, Reason]] = {reason.code: reason for reason in REASONS}


def of_groups(*groups: str) -> tuple[str, ...]:
    """The codes of all reasons in these groups, in table order."""
    return tuple(reason.code for reason in REASONS if reason.group in groups)
