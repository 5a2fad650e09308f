"""Which pilot an address means: by its number or by its short name, the same on a page and in the file of its list."""

from accounts.parameters import number
from pilots.models import Pilot

NONE = 0  # no pilot has it: a filter that names none in sight shows nothing, never another pilot's rows


def pilot_number(text: str) -> int | None:
    """The number of the pilot that a filter names; None where there is no filter, ``NONE`` where it names none in sight."""
    if not text:
        return None
    if (given := number(text)) is not None:
        return given
    return Pilot.objects.filter(slug=text).values_list("pk", flat=True).first() or NONE
