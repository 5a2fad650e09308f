"""The steps a placement can stand on, and the path each journey takes through them.

Pure data, in the order a reader meets it. A step is a place on the board ("visa lodged"); a move
(`moves.py`) is what takes a placement from one to another. Labels are marked for translation and
translated where they are shown. Words are neutral toward the worker: a person "disengaged",
"left the country by order", "returned early".
"""

from dataclasses import dataclass
from typing import Final


def marked(text: str) -> str:
    """The text itself, marked for translation: `_(...)` is what the message extractor looks for.

    Django's own marker asks for settings when a module is read, and these tables need none.
    """
    return text


_ = marked

RECRUITMENT: Final = "recruitment"
PREPARATION: Final = "preparation"
ABROAD: Final = "abroad"
HOME: Final = "home"
OFF_PATH: Final = "off_path"

PHASES: Final[dict[str, str]] = {
    RECRUITMENT: _("Recruitment"),
    PREPARATION: _("Preparation"),
    ABROAD: _("Abroad"),
    HOME: _("After the stay"),
    OFF_PATH: _("Off the planned path"),
}

START: Final = "nominated"


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    `order` sorts boards and funnels. `is_abroad`: the person is in the destination country, so days
    count toward the stay and toward worker-months. `with_employer`: the approved employer's duties
    (welfare contact, hours, housing) run. `is_end`: nothing more is expected, though some ends can be
    reopened. `early_end`: counts as an early end in the outcome figures. `leaves`: who stands here has left the
    destination country (a file that was debriefed or closed says by itself nothing of the day).
    """

    code: str
    label: str
    phase: str
    order: int
    is_abroad: bool = False
    with_employer: bool = False
    is_end: bool = False
    early_end: bool = False
    leaves: bool = False

    @property
    def never_left(self) -> bool:
        """Off the path without ever having gone abroad."""
        return self.phase == OFF_PATH and self.is_end and not self.early_end


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey that one or more schemes follow.

    `path` is the planned way, start to closed, in order. `optional` are steps of the path that may be
    left out. `words` gives a step the name the scheme's own people use.
    """

    code: str
    label: str
    path: tuple[str, ...]
    optional: tuple[str, ...]
    words: dict[str, str]


def _abroad(code: str, label: str, order: int) -> Step:
    return Step(code, label, ABROAD, order, is_abroad=True, with_employer=True)


STEPS: Final[tuple[Step, ...]] = (
    Step("nominated", _("Nominated"), RECRUITMENT, 10),
    Step("test_passed", _("Language and skills test passed"), RECRUITMENT, 20),
    Step("on_roster", _("On the roster"), RECRUITMENT, 30),
    Step("first_training", _("In training before selection"), RECRUITMENT, 40),
    Step("shortlisted", _("Shortlisted"), RECRUITMENT, 50),
    Step("interviewed", _("Interviewed"), RECRUITMENT, 60),
    Step("reserve", _("In reserve"), RECRUITMENT, 70),
    Step("selected", _("Selected"), RECRUITMENT, 80),
    Step("offered", _("Offered"), RECRUITMENT, 90),
    Step("contract_signed", _("Contract signed"), PREPARATION, 100),
    Step("visa_confirmed", _("Visa confirmation issued"), PREPARATION, 110),
    Step("training", _("In training"), PREPARATION, 120),
    Step("documents_complete", _("Documents complete"), PREPARATION, 130),
    Step("visa_lodged", _("Visa lodged"), PREPARATION, 140),
    Step("visa_granted", _("Visa granted"), PREPARATION, 150),
    Step("oriented", _("Pre-departure briefing done"), PREPARATION, 160),
    Step("ready", _("Ready to depart"), PREPARATION, 170),
    _abroad("departed", _("Departed"), 200),
    _abroad("arrived", _("Arrived"), 210),
    _abroad("briefed", _("Briefed on arrival"), 220),
    _abroad("working", _("Working"), 230),
    _abroad("redeployed", _("Redeployed"), 240),
    _abroad("extended", _("Extended"), 250),
    _abroad("re_engaged", _("Re-engaged"), 260),
    _abroad("on_leave", _("On leave abroad"), 270),
    Step("home_leave", _("On leave at home"), ABROAD, 280, with_employer=True),
    _abroad("on_sick_leave", _("On sick leave"), 290),
    _abroad("pre_return", _("Preparing to return"), 300),
    Step("left_country", _("Left the country"), HOME, 310, leaves=True),
    Step("home", _("Home"), HOME, 320, leaves=True),
    Step("debriefed", _("Debriefed"), HOME, 330),
    Step("closed", _("Closed"), HOME, 340, is_end=True),
    Step("not_selected", _("Not selected"), OFF_PATH, 400, is_end=True),
    Step("declined", _("Declined by the worker"), OFF_PATH, 410, is_end=True),
    Step("withdrawn", _("Withdrawn before departure"), OFF_PATH, 420, is_end=True),
    Step("visa_refused", _("Visa refused"), OFF_PATH, 430, is_end=True),
    Step("no_show", _("Did not travel on the day"), OFF_PATH, 440, is_end=True),
    Step("resigned", _("Resigned"), OFF_PATH, 500, is_abroad=True, early_end=True),
    Step("dismissed", _("Dismissed"), OFF_PATH, 510, is_abroad=True, early_end=True),
    Step("disengaged", _("Disengaged"), OFF_PATH, 520, is_abroad=True, early_end=True),
    Step("overstayed", _("In the country after the visa ended"), OFF_PATH, 530, is_abroad=True),
    Step("medical_return", _("Returned early for health"), OFF_PATH, 540, early_end=True, leaves=True),
    Step("family_return", _("Returned early for family"), OFF_PATH, 550, early_end=True, leaves=True),
    Step("ordered_to_leave", _("Left the country by order of the state"), OFF_PATH, 560, early_end=True, leaves=True),
    Step("deceased", _("Deceased"), OFF_PATH, 570, is_end=True, early_end=True, leaves=True),
)

STEP: Final[dict[str, Step]] = {step.code: step for step in STEPS}

_DEPLOYMENT: Final = ("departed", "arrived", "briefed", "working", "pre_return")
_RETURN: Final = ("left_country", "home", "debriefed", "closed")
_VISA: Final = ("documents_complete", "visa_lodged", "visa_granted")
_SEASONAL: Final = (
    "nominated", "shortlisted", "interviewed", "selected", "offered", "contract_signed", "training",
    *_VISA, "oriented", "ready", *_DEPLOYMENT, *_RETURN,
)  # fmt: skip

JOURNEYS: Final[tuple[Journey, ...]] = (
    Journey(
        "rse",
        _("Recognised Seasonal Employer"),
        path=_SEASONAL,
        optional=("interviewed", "training", "oriented"),
        words={"oriented": _("Pre-departure orientation done")},
    ),
    Journey(
        "palm",
        _("Pacific Australia Labour Mobility"),
        path=_SEASONAL,
        optional=("interviewed", "training", "oriented"),
        words={"briefed": _("Arrival briefing held")},
    ),
    Journey(
        "eps",
        _("Employment Permit System"),
        path=(
            "nominated", "test_passed", "on_roster", "shortlisted", "interviewed", "selected", "offered",
            "contract_signed", "visa_confirmed", "training", *_VISA, "ready", *_DEPLOYMENT, *_RETURN,
        ),
        # The employer picks from the roster, so shortlist, interview and offer are the employer's choice. A
        # worker who came to the pilot with test and roster behind them may be shortlisted at once.
        optional=("test_passed", "shortlisted", "interviewed", "offered", "visa_confirmed", "training"),
        words={
            "training": _("In pre-departure training"),
            "briefed": _("Employment training after entry done"),
            "visa_confirmed": _("Certificate for confirmation of visa issuance"),
        },
    ),
    Journey(
        "bilateral",
        _("Bilateral pilot, training first"),
        path=(
            "nominated", "first_training", "shortlisted", "interviewed", "selected", "offered",
            "contract_signed", "training", *_VISA, "oriented", "ready", *_DEPLOYMENT, *_RETURN,
        ),
        optional=("first_training", "interviewed", "training", "oriented"),
        words={},
    ),
)  # fmt: skip

# Steps with which the destination country is left behind, and those at which nobody ever went.
LEFT: Final = tuple(step.code for step in STEPS if step.leaves)
NEVER_LEFT: Final = tuple(step.code for step in STEPS if step.never_left)
# A file that was closed from one of these says nothing of whether the worker left the country.
UNTOLD: Final = tuple(step.code for step in STEPS if step.phase == OFF_PATH and step.is_abroad)

JOURNEY: Final[dict[str, Journey]] = {journey.code: journey for journey in JOURNEYS}
ALL_JOURNEYS: Final[tuple[str, ...]] = tuple(JOURNEY)


def label(step_code: str, journey_code: str) -> str:
    """The (untranslated) name of a step in the words of a journey. KeyError for an unknown code."""
    return JOURNEY[journey_code].words.get(step_code, STEP[step_code].label)
