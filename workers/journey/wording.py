"""Steps, moves, reasons and guards in the reader's words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.roles import KIND_LABELS, Kind
from pilots.schemes.reader import UnknownScheme, load
from workers.journey import steps
from workers.journey.moves import MOVE
from workers.journey.reasons import REASON

# A step's phase as the badge of a placement shows it.
BADGE_PHASE = {
    steps.RECRUITMENT: "before",
    steps.PREPARATION: "before",
    steps.ABROAD: "abroad",
    steps.HOME: "returned",
    steps.OFF_PATH: "ended",
}

# What a placement lacks, as a thing to fetch, and which kind of partner can usually bring it.
LACKING: dict[str, tuple[str, Kind]] = {
    "has_passport": (gettext_noop("Passport"), Kind.RECRUITER),
    "passport_outlasts_stay": (gettext_noop("Passport that outlasts the stay"), Kind.RECRUITER),
    "consent_given": (gettext_noop("Consent to keep the record"), Kind.RECRUITER),
    "age_at_least_minimum": (gettext_noop("Date of birth, of age"), Kind.RECRUITER),
    "training_passed": (gettext_noop("Training passed"), Kind.RECRUITER),
    "has_job_order": (gettext_noop("Job order"), Kind.PROGRAMME),
    "contract_signed": (gettext_noop("Signed contract"), Kind.EMPLOYER),
    "visa_granted_recorded": (gettext_noop("Visa"), Kind.PROGRAMME),
}
PAPERS = frozenset({"has_passport", "passport_outlasts_stay", "consent_given", "age_at_least_minimum"})


def journey_of(scheme: str) -> str:
    """The journey that a scheme's placements follow; the seasonal one for a scheme nobody knows any more."""
    try:
        return load(scheme).journey
    except UnknownScheme:
        return steps.JOURNEYS[0].code


def step_words(step: str, scheme: str = "") -> str:
    """The name of a step, in the words of the scheme where one is given."""
    if step not in steps.STEP:
        return step
    return _(steps.label(step, journey_of(scheme)) if scheme else steps.STEP[step].label)


def step_phase(step: str) -> str:
    """The badge phase (before, abroad, returned, ended) of a step."""
    return BADGE_PHASE[steps.STEP[step].phase] if step in steps.STEP else "before"


def phase_words(phase: str) -> str:
    """The name of a phase."""
    return _(steps.PHASES[phase])


def move_words(code: str) -> str:
    """The name of a move; the beginning of a placement is a move too."""
    if code == "enrol":
        return _("Nominated for the cohort")
    return _(MOVE[code].label) if code in MOVE else code


def reason_words(code: str) -> str:
    """The words of a reason; nothing where none was given."""
    return _(REASON[code].label) if code in REASON else code


def lacking_words(guard: str) -> str:
    """What is missing, as a thing to fetch."""
    return _(LACKING[guard][0])


def lacking_owner(guard: str) -> str:
    """Which kind of partner can usually bring it."""
    return str(KIND_LABELS[LACKING[guard][1]])


def step_choices(journey: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """Steps under their phases, for a select; only those of a journey's path and the ends where one is given."""
    known = steps.JOURNEY.get(journey)
    groups = []
    for phase, words in steps.PHASES.items():
        inside = [
            (step.code, _(steps.label(step.code, journey)) if known else _(step.label))
            for step in steps.STEPS
            if step.phase == phase and (not known or step.code in known.path or step.phase != steps.RECRUITMENT)
        ]
        groups.append((_(words), inside))
    return groups
