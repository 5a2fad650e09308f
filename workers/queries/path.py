"""Where a placement is on its way: four stages for the eye, every step of the path with its day for the reader."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from workers.journey import steps
from workers.journey.wording import journey_of, phase_words, step_words
from workers.models import JourneyEvent, Placement

STAGES = (steps.RECRUITMENT, steps.PREPARATION, steps.ABROAD, steps.HOME)


@dataclass(frozen=True, slots=True)
class Reached:
    """One step of the planned path, and the day it was reached."""

    label: str
    on: date | None
    current: bool
    optional: bool


def stages(placement: Placement, events: list[JourneyEvent]) -> list[dict]:
    """Items for the stepper: done, current, todo; a placement off the path stands where it left it."""
    step = steps.STEP[placement.state.step]
    scheme = placement.pilot.scheme
    here = step.phase if step.phase in STAGES else _last_stage(events)
    first: dict[str, date] = {}
    for event in events:
        phase = steps.STEP[event.to_step].phase if event.to_step in steps.STEP else ""
        first.setdefault(phase, event.happened_on)
    at = STAGES.index(here)
    items = []
    for number, phase in enumerate(STAGES):
        state = "done" if number < at or step.code == "closed" else "current" if number == at else "todo"
        if number == at and whereabouts_unknown(events):
            state = "current"
            note = _("Whereabouts not known; closed on %(day)s") % {"day": date_format(placement.state.since, "j M Y")}
        elif number == at:
            note = _("%(step)s, since %(day)s") % {
                "step": step_words(step.code, scheme), "day": date_format(placement.state.since, "j M Y")
            }  # fmt: skip
        else:
            note = _("from %(day)s") % {"day": date_format(first[phase], "j M Y")} if phase in first else ""
        items.append({"label": phase_words(phase), "state": state, "note": note})
    return items


def whereabouts_unknown(events: list[JourneyEvent]) -> bool:
    """Whether the file was closed on somebody who had left the employer abroad: nothing says that they went home."""
    last = max(events, key=lambda event: event.version, default=None)
    return last is not None and last.to_step == "closed" and last.from_step in steps.UNTOLD


def _last_stage(events: list[JourneyEvent]) -> str:
    """The stage that a placement off the path had reached before it left."""
    reached = [steps.STEP[e.to_step].phase for e in events if e.to_step in steps.STEP]
    return next((phase for phase in reversed(reached) if phase in STAGES), STAGES[0])


def path(placement: Placement, events: list[JourneyEvent]) -> list[Reached]:
    """Every step of the planned path with the last day it was reached."""
    journey = steps.JOURNEY[journey_of(placement.pilot.scheme)]
    on = {event.to_step: event.happened_on for event in events}
    return [
        Reached(
            _(steps.label(code, journey.code)), on.get(code), code == placement.state.step, code in journey.optional
        )
        for code in journey.path
    ]


def follows(placement: Placement, code: str) -> bool:
    """Whether a step is what the planned path has next: the one after this, or behind those that may be left out."""
    journey = steps.JOURNEY[journey_of(placement.pilot.scheme)]
    if placement.state.step not in journey.path:
        return False
    for after in journey.path[journey.path.index(placement.state.step) + 1 :]:
        if after == code:
            return True
        if after not in journey.optional:
            return False
    return False
