"""What needs somebody today, as a list of matters: how many, the worst of them, and where all of them stand.

Each matter is told once. One that waits for nobody says what would stand there, so that an empty page teaches.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from workers.models import Placement

FEW: Final = 3
"""So many of a matter stand on the first page: the worst."""

_ORDER: Final = ("critical", "warning", "info", "neutral")


@dataclass(frozen=True, slots=True)
class Line:
    """One of the worst: who or what it is about, what is wrong or who can act, and the day that counts."""

    title: str
    url: str
    code: str = ""
    note: str = ""
    due: date | None = None
    side: str = ""
    """Words at the end of the line where no day is due."""


@dataclass(frozen=True, slots=True)
class Need:
    """One matter. ``count`` is exact and equals the list behind ``url``; ``teaches`` is said where it is nought."""

    code: str
    label: str
    icon: str
    count: int
    url: str
    teaches: str
    note: str = ""
    tone: str = "neutral"
    lines: list[Line] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many do not stand here."""
        return max(self.count - len(self.lines), 0)


@dataclass(frozen=True, slots=True)
class Needs:
    """The matters of one page: those that wait, the gravest first, and those that do not."""

    waiting: list[Need]
    clear: list[Need]

    @property
    def critical(self) -> list[Need]:
        """Those that wait and are critical: they stand before the duties, which come a moment later."""
        return [need for need in self.waiting if need.tone == "critical"]

    @property
    def others(self) -> list[Need]:
        """Those that wait and are not."""
        return [need for need in self.waiting if need.tone != "critical"]

    @classmethod
    def of(cls, found: Iterable[Need | None]) -> "Needs":
        """Sort what was found; a matter that the reader may not see is None and leaves no trace."""
        known = [need for need in found if need is not None]
        waiting = sorted((n for n in known if n.count), key=lambda n: _ORDER.index(n.tone))
        return cls(waiting, [n for n in known if not n.count])


def about(placement: Placement, **facts: object) -> Line:
    """A line about a worker; it leads to the placement."""
    person = placement.person
    url = reverse("workers:placement", args=[placement.pk])
    return Line(person.name, url, code=person.worker_code, **facts)  # type: ignore[arg-type]  # the fields of Line


def joined(*parts: str) -> str:
    """Short facts beside each other; empty ones are left out. From right to left each stands in isolation, because two
    Latin names side by side would change places."""
    kept = [part for part in parts if part]
    return (
        " · ".join(f"\N{FIRST STRONG ISOLATE}{part}\N{POP DIRECTIONAL ISOLATE}" for part in kept)
        if get_language_bidi()
        else " · ".join(kept)
    )


def can_act(name: str) -> str:
    """Who can act."""
    return _("%(name)s can act") % {"name": name} if name else ""
