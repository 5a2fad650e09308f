"""The words of grievances: what they are about, how they came, what was offered, what made it good."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Offered in every form.
ORDINARY: dict[str, Promise] = {
    "pay": _("Pay"),
    "deductions": _("Deductions from pay"),
    "hours": _("Hours and rest"),
    "contract change": _("A contract that was changed"),
    "recruitment fee": _("Fees for getting the job"),
    "documents held": _("Passport or papers kept by somebody"),
    "freedom of movement": _("Not free to go out or to leave"),
    "housing": _("Housing"),
    "food": _("Food"),
    "transport": _("Transport"),
    "safety": _("Safety at work"),
    "health": _("Health"),
    "discrimination": _("Being treated worse than others"),
    "co-worker": _("Conflict with co-workers"),
    "family": _("Family"),
    "other": _("Something else"),
}
# Never offered in a routine form: written down only when somebody tells of it (restricted from the first moment).
GRAVE: dict[str, Promise] = {
    "sexual violence": _("Sexual harassment or assault"),
    "violence": _("Violence"),
    "threats": _("Threats or reprisal"),
    "forced labour": _("Signs of forced labour or trafficking"),
    "pregnancy": _("Pregnancy"),
}
CATEGORIES = {**GRAVE, **ORDINARY}
CHANNELS: dict[str, Promise] = {
    "in person": _("In person"),
    "phone": _("By phone"),
    "message": _("By message"),
    "paper": _("On paper"),
    "third party": _("Through somebody else"),
    "own code": _("By the person, with a code of their own"),
    "poster": _("By somebody at a place, without a name"),
}
BY_STAFF = ("in person", "phone", "message", "paper", "third party")
# What a person can choose from; told, never decided for them. Medical care after rape helps most within 72 hours.
OPTIONS: dict[str, Promise] = {
    "medical": _("Medical care, for some harms within 72 hours"),
    "police": _("Police"),
    "shelter": _("Shelter or another safe place"),
    "housing": _("Other housing"),
    "workplace": _("Another workplace or employer"),
    "lawyer": _("Lawyer or legal aid"),
    "union": _("Union"),
    "embassy": _("Embassy or consulate"),
    "counselling": _("Somebody to talk to"),
}
REMEDIES: dict[str, Promise] = {
    "money": _("Money paid"),
    "papers": _("Papers returned"),
    "terms": _("Terms or hours put right"),
    "housing": _("Housing put right or changed"),
    "workplace": _("Another workplace"),
    "protection": _("Protection"),
    "apology": _("Apology"),
    "explanation": _("Explanation"),
    "other": _("Something else"),
    "none": _("None was possible"),
}
# Whom a worker may say it is about; the portal finds the organisations.
ABOUT: dict[str, Promise] = {
    "employer": _("The employer, a supervisor or somebody at work"),
    "recruiter": _("The recruiter or agent"),
    "programme": _("The organisation that runs the programme"),
    "welfare": _("A welfare officer or visitor"),
}
# Emergency numbers by the country of work (published by each country's emergency service).
EMERGENCY: dict[str, tuple[str, ...]] = {
    "NZ": ("111",), "AU": ("000",), "KR": ("112", "119"), "US": ("911",), "CA": ("911",), "DE": ("112", "110"),
    "ES": ("112",), "IL": ("100", "101"), "JP": ("110", "119"), "GB": ("999",),
}  # fmt: skip
# What stages are called for the person who told.
FOR_THE_PERSON: dict[str, Promise] = {
    "new": _("We have it. Nobody has read it yet, or nobody has answered yet."),
    "acknowledged": _("Somebody has read it."),
    "triaged": _("Somebody has been asked to see to it."),
    "investigating": _("It is being looked into."),
    "proposed": _("It is agreed what should be done."),
    "delivered": _("What was agreed was done. Please say whether it is good."),
    "closed": _("It is closed. Write to us if it is not good; it can be opened again."),
    "reopened": _("It was opened again."),
}
