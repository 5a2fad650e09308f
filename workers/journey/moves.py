"""The moves of a placement: one table, edited here and drawn in `docs/journey.md`.

A move takes a placement from one of `from_steps` to `to_step`. Guards are names; the door answers each
with one set-based predicate. Every move also has the guards in `ALWAYS`, "reason_given" where a reason
is needed, and "no_hold" where a hold stands in its way. Between two steps of a journey there is at most
one move, so a spreadsheet that names only the new step is never ambiguous.

What a hold stops: the programme's own decisions (shortlist, offer, deploy, begin work, redeploy,
close). What it never stops: facts that have happened, and everything that protects a person (arrival,
sick leave, going home, an end of any kind).
"""

from dataclasses import dataclass
from typing import Final

from workers.journey.reasons import of_groups
from workers.journey.steps import ALL_JOURNEYS
from workers.journey.steps import marked as _

# Who may make a move, as names that the roles grant.
CANDIDATES: Final = "move_candidates"
DEPLOYED: Final = "move_deployed"
EARLY_END: Final = "record_early_end"
CLOSE: Final = "close_placement"
REOPEN: Final = "reopen_placement"

MOVE_PERMISSIONS: Final[dict[str, str]] = {
    CANDIDATES: _("Move candidates up to departure"),
    DEPLOYED: _("Move workers from departure until they are home"),
    EARLY_END: _("Record an end that was not planned"),
    CLOSE: _("Debrief and close"),
    REOPEN: _("Reopen what had ended"),
}

ALWAYS: Final = ("date_not_in_future", "date_not_before_last_step")

# The sentence a reader sees when the guard says no.
GUARDS: Final[dict[str, str]] = {
    "date_not_in_future": _("The date lies in the future."),
    "date_not_before_last_step": _("The date lies before the last step of this placement."),
    "no_hold": _("A hold stands on this placement."),
    "reason_given": _("This move needs a reason from its list."),
    "has_job_order": _("The placement has no job order."),
    "job_order_has_places": _("The job order has no place left."),
    "age_at_least_minimum": _("The person is younger than the scheme allows, or the birth date is not known."),
    "consent_given": _("The person's consent to keep this record is missing or was withdrawn."),
    "has_passport": _("There is no passport on record."),
    "passport_outlasts_stay": _("The passport ends before the planned stay is over."),
    "contract_signed": _("There is no signed contract on record."),
    "training_passed": _("The training that was started has not been passed."),
    "visa_granted_recorded": _("There is no granted visa on record."),
}

# What follows from a move elsewhere. The journey only names it.
EFFECTS: Final[dict[str, str]] = {
    "takes_place": _("Takes a place of the job order"),
    "frees_place": _("Gives the place of the job order back"),
    "starts_stay": _("The days of the stay begin to count"),
    "ends_stay": _("The days of the stay stop counting"),
    "starts_work": _("Hours, pay and deductions begin"),
    "ends_work": _("Hours, pay and deductions end; a departure report may be due"),
    "asks_welfare_contact": _("Somebody who is not the employer should speak with the worker"),
    "asks_incident_report": _("The incident procedure begins"),
    "starts_follow_up": _("The checks after return become due"),
}


@dataclass(frozen=True, slots=True)
class Move:
    """One move. `reasons` lists the accepted reason codes, empty where none is asked."""

    code: str
    label: str
    from_steps: tuple[str, ...]
    to_step: str
    permission: str
    journeys: tuple[str, ...] = ALL_JOURNEYS
    guards: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    blocked_by_holds: bool = True
    reopens: bool = False
    effects: tuple[str, ...] = ()

    @property
    def needs_reason(self) -> bool:
        """Whether the move is refused without a reason."""
        return bool(self.reasons)

    @property
    def every_guard(self) -> tuple[str, ...]:
        """All guards the door must ask, the implied ones first."""
        implied: tuple[str, ...] = ALWAYS
        if self.needs_reason:
            implied += ("reason_given",)
        if self.blocked_by_holds:
            implied += ("no_hold",)
        return implied + self.guards


def _fact(code: str, label: str, from_steps: tuple[str, ...], to_step: str, permission: str, **rest) -> Move:
    """A move that records what has happened: no hold stands in its way."""
    return Move(code, label, from_steps, to_step, permission, blocked_by_holds=False, **rest)


AT_WORK: Final = ("working", "redeployed", "extended", "re_engaged")
ON_LEAVE: Final = ("on_leave", "home_leave", "on_sick_leave")
WITH_EMPLOYER: Final = ("arrived", "briefed", *AT_WORK, *ON_LEAVE, "pre_return")
LEFT_EMPLOYER: Final = ("resigned", "dismissed", "disengaged", "overstayed")
BEFORE_OFFER: Final = (
    "nominated", "test_passed", "on_roster", "first_training", "shortlisted", "interviewed", "reserve",
)  # fmt: skip
PREPARING: Final = (
    "contract_signed", "visa_confirmed", "training", "documents_complete", "visa_lodged", "visa_granted",
    "oriented", "ready",
)  # fmt: skip
BACK: Final = ("left_country", "home", "medical_return", "family_return", "ordered_to_leave")

ELIGIBLE: Final = ("age_at_least_minimum", "consent_given")
ON_ORDER: Final = ("has_job_order", "job_order_has_places")
PAPERS: Final = ("has_passport", "contract_signed")
TRAVEL: Final = ("has_passport", "passport_outlasts_stay", "contract_signed", "visa_granted_recorded")

ENDED_WORK: Final = ("ends_work", "frees_place", "asks_welfare_contact")
WORKER_END: Final = of_groups("worker", "employer", "health", "other")
EMPLOYER_END: Final = of_groups("employer", "other")
CLOSE_EARLY: Final = ("no_contact", "transfer", "visa_ended", "state_order", "not_known", "other")

RECRUITMENT_MOVES: Final[tuple[Move, ...]] = (
    Move("pass_test", _("Pass the test"), ("nominated",), "test_passed", CANDIDATES, journeys=("eps",),
         guards=(*ELIGIBLE, "has_passport")),
    Move("enter_roster", _("Enter the roster"), ("nominated", "test_passed"), "on_roster", CANDIDATES,
         journeys=("eps",), guards=(*ELIGIBLE, "has_passport")),
    Move("start_first_training", _("Start the training before selection"), ("nominated",), "first_training",
         CANDIDATES, journeys=("bilateral",), guards=ELIGIBLE),
    Move("shortlist", _("Shortlist"), ("nominated", "reserve"), "shortlisted", CANDIDATES, guards=ELIGIBLE),
    Move("shortlist_from_roster", _("Shortlist from the roster"), ("on_roster",), "shortlisted", CANDIDATES,
         journeys=("eps",), guards=ELIGIBLE),
    Move("shortlist_after_training", _("Shortlist after the training"), ("first_training",), "shortlisted",
         CANDIDATES, journeys=("bilateral",), guards=(*ELIGIBLE, "training_passed")),
    Move("interview", _("Interview"), ("shortlisted",), "interviewed", CANDIDATES),
    Move("put_in_reserve", _("Put in reserve"), ("shortlisted", "interviewed"), "reserve", CANDIDATES),
    Move("select", _("Select"), ("shortlisted", "interviewed", "reserve"), "selected", CANDIDATES,
         guards=(*ELIGIBLE, *ON_ORDER), effects=("takes_place",)),
    Move("select_from_roster", _("Select from the roster"), ("on_roster",), "selected", CANDIDATES,
         journeys=("eps",), guards=(*ELIGIBLE, *ON_ORDER), effects=("takes_place",)),
    Move("offer", _("Offer the job"), ("selected",), "offered", CANDIDATES, guards=("has_job_order",)),
    Move("sign_contract", _("Sign the contract"), ("offered",), "contract_signed", CANDIDATES,
         guards=("has_job_order", *ELIGIBLE)),
    Move("sign_standard_contract", _("Sign the standard contract"), ("selected",), "contract_signed",
         CANDIDATES, journeys=("eps",), guards=("has_job_order", *ELIGIBLE)),
    _fact("not_select", _("Not select"), (*BEFORE_OFFER, "selected"), "not_selected", CANDIDATES,
          reasons=of_groups("employer", "training", "documents", "other"), effects=("frees_place",)),
    _fact("decline", _("Decline"), (*BEFORE_OFFER, "selected", "offered"), "declined", CANDIDATES,
          reasons=of_groups("worker", "other"), effects=("frees_place",)),
)  # fmt: skip

PREPARATION_MOVES: Final[tuple[Move, ...]] = (
    Move("confirm_visa", _("Receive the visa confirmation"), ("contract_signed",), "visa_confirmed",
         CANDIDATES, journeys=("eps",), guards=PAPERS),
    Move("start_training", _("Start the training"), ("contract_signed",), "training", CANDIDATES),
    Move("start_confirmed_training", _("Start the pre-departure training"), ("visa_confirmed",), "training",
         CANDIDATES, journeys=("eps",)),
    Move("complete_documents", _("Complete the documents"), ("contract_signed", "training"),
         "documents_complete", CANDIDATES, guards=(*PAPERS, "training_passed")),
    Move("complete_confirmed_documents", _("Complete the documents"), ("visa_confirmed",),
         "documents_complete", CANDIDATES, journeys=("eps",), guards=PAPERS),
    Move("lodge_visa", _("Lodge the visa"), ("documents_complete",), "visa_lodged", CANDIDATES,
         guards=("has_passport", "passport_outlasts_stay", "contract_signed")),
    _fact("grant_visa", _("Record the visa as granted"), ("visa_lodged",), "visa_granted", CANDIDATES),
    _fact("refuse_visa", _("Record the visa as refused"), ("visa_lodged",), "visa_refused", CANDIDATES,
          effects=("frees_place",)),
    Move("lodge_visa_again", _("Lodge the visa again"), ("visa_refused",), "visa_lodged", REOPEN,
         reopens=True, guards=("has_passport", "passport_outlasts_stay", "contract_signed", *ON_ORDER),
         effects=("takes_place",)),
    Move("orient", _("Give the pre-departure briefing"), ("visa_granted",), "oriented", CANDIDATES,
         journeys=("rse", "palm", "bilateral")),
    Move("make_ready", _("Make ready to depart"), ("visa_granted",), "ready", CANDIDATES,
         guards=(*TRAVEL, *ELIGIBLE)),
    Move("make_ready_after_briefing", _("Make ready to depart"), ("oriented",), "ready", CANDIDATES,
         journeys=("rse", "palm", "bilateral"), guards=(*TRAVEL, *ELIGIBLE)),
    _fact("miss_departure", _("Record that the worker did not travel"), ("ready",), "no_show", CANDIDATES,
          reasons=of_groups("worker", "documents", "health", "state", "other"), effects=("frees_place",)),
    Move("book_again", _("Book the travel again"), ("no_show",), "ready", REOPEN, reopens=True,
         guards=(*TRAVEL, *ELIGIBLE, *ON_ORDER), effects=("takes_place",)),
    _fact("withdraw", _("Withdraw before departure"), (*BEFORE_OFFER, "selected", "offered", *PREPARING),
          "withdrawn", CANDIDATES, effects=("frees_place",),
          reasons=of_groups("worker", "documents", "training", "health", "employer", "state", "other")),
    Move("nominate_again", _("Nominate again"), ("not_selected", "declined", "withdrawn"), "nominated",
         REOPEN, guards=ELIGIBLE, reopens=True),
)  # fmt: skip

ABROAD_MOVES: Final[tuple[Move, ...]] = (
    Move("deploy", _("Depart"), ("ready",), "departed", DEPLOYED,
         guards=("has_job_order", *TRAVEL, *ELIGIBLE), effects=("starts_stay",)),
    _fact("arrive", _("Arrive"), ("departed",), "arrived", DEPLOYED),
    Move("brief", _("Hold the arrival briefing"), ("arrived",), "briefed", DEPLOYED),
    Move("begin_work", _("Begin work"), ("briefed",), "working", DEPLOYED, guards=("contract_signed",),
         effects=("starts_work",)),
    Move("redeploy", _("Redeploy to another workplace"), (*AT_WORK,), "redeployed", DEPLOYED,
         reasons=(*of_groups("employer"), "state_direction", "transfer", "other")),
    Move("extend", _("Extend the stay"), (*AT_WORK,), "extended", DEPLOYED,
         guards=("passport_outlasts_stay",)),
    Move("start_leave", _("Start leave"), AT_WORK, "on_leave", DEPLOYED),
    Move("start_home_leave", _("Start leave at home"), AT_WORK, "home_leave", DEPLOYED),
    _fact("start_sick_leave", _("Start sick leave"),
          ("arrived", "briefed", *AT_WORK, "on_leave", "pre_return"), "on_sick_leave", DEPLOYED),
    _fact("return_to_work", _("Return to work"), ON_LEAVE, "working", DEPLOYED),
    Move("prepare_return", _("Prepare the return"), (*AT_WORK, "on_leave", "on_sick_leave"), "pre_return",
         DEPLOYED),
    _fact("re_engage", _("Re-engage with an approved employer"), ("disengaged", "resigned", "dismissed"),
          "re_engaged", DEPLOYED, effects=("starts_work", "takes_place", "asks_welfare_contact")),
)  # fmt: skip

EARLY_END_MOVES: Final[tuple[Move, ...]] = (
    _fact("resign", _("Record that the worker resigned"), WITH_EMPLOYER, "resigned", EARLY_END,
          reasons=WORKER_END, effects=ENDED_WORK),
    _fact("dismiss", _("Record that the employer ended the work"), WITH_EMPLOYER, "dismissed", EARLY_END,
          reasons=EMPLOYER_END, effects=ENDED_WORK),
    _fact("disengage", _("Record that the worker disengaged"), (*WITH_EMPLOYER, "resigned", "dismissed"),
          "disengaged", EARLY_END, reasons=WORKER_END, effects=ENDED_WORK),
    _fact("return_for_health", _("Return early for health"), ("departed", *WITH_EMPLOYER, *LEFT_EMPLOYER),
          "medical_return", EARLY_END, effects=("ends_stay", *ENDED_WORK)),
    _fact("return_for_family", _("Return early for family"), ("departed", *WITH_EMPLOYER, *LEFT_EMPLOYER),
          "family_return", EARLY_END, effects=("ends_stay", *ENDED_WORK)),
    _fact("overstay", _("Record a stay after the visa ended"),
          (*WITH_EMPLOYER, "resigned", "dismissed", "disengaged"), "overstayed", EARLY_END,
          effects=("ends_work", "asks_welfare_contact")),
    _fact("leave_by_order", _("Leave by order of the state"), ("departed", *WITH_EMPLOYER, *LEFT_EMPLOYER),
          "ordered_to_leave", EARLY_END, reasons=of_groups("state", "other"),
          effects=("ends_stay", *ENDED_WORK)),
    _fact("record_death", _("Record a death"),
          (*BEFORE_OFFER, "selected", "offered", *PREPARING, "departed", *WITH_EMPLOYER, *LEFT_EMPLOYER,
           *BACK, "debriefed"),
          "deceased", EARLY_END, effects=("ends_stay", "ends_work", "frees_place", "asks_incident_report")),
)  # fmt: skip

HOME_MOVES: Final[tuple[Move, ...]] = (
    _fact("leave_country", _("Leave the country"), ("departed", *WITH_EMPLOYER, *LEFT_EMPLOYER),
          "left_country", DEPLOYED, effects=("ends_stay", "ends_work", "starts_follow_up")),
    _fact("reach_home", _("Reach home"),
          ("left_country", "medical_return", "family_return", "ordered_to_leave"), "home",
          DEPLOYED, effects=("starts_follow_up",)),
    Move("debrief", _("Debrief"), ("home",), "debriefed", CLOSE),
    Move("close", _("Close"), ("debriefed",), "closed", CLOSE),
    Move("close_without_debrief", _("Close without a debrief"), (*BACK, *LEFT_EMPLOYER), "closed", CLOSE,
         reasons=CLOSE_EARLY),
)  # fmt: skip

MOVES: Final[tuple[Move, ...]] = RECRUITMENT_MOVES + PREPARATION_MOVES + ABROAD_MOVES + EARLY_END_MOVES + HOME_MOVES

MOVE: Final[dict[str, Move]] = {move.code: move for move in MOVES}


def moves_of(journey: str) -> tuple[Move, ...]:
    """The moves of one journey, in table order. An unknown journey has none."""
    return tuple(move for move in MOVES if journey in move.journeys)


def moves_from(journey: str, step: str) -> tuple[Move, ...]:
    """The moves that leave `step` in this journey, in table order."""
    return tuple(move for move in moves_of(journey) if step in move.from_steps)


def move_between(journey: str, step: str, to_step: str) -> Move | None:
    """The one move from `step` to `to_step` in this journey, or None where there is none."""
    return next((move for move in moves_from(journey, step) if move.to_step == to_step), None)
