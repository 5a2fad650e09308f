"""The door to the rules of a pilot: its scheme's dated values, and its own where it departs from the scheme.

    book = rulebook(pilot)                       # one statement; rulebooks(pilots) is one statement for all
    book.parameter("hours_guarantee", on=day)    # .value, .unit, .value_for(season=3), .override
    rulebook(pilot, known_on=day)                # as it was known on that day

Whoever asks for the rules of a pilot asks here, never the scheme itself. Which day counts for a case is said by the
value's ``selected_by``. An override replaces the whole value: the general one, its exceptions and its classes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from operator import attrgetter

from django.utils import timezone

from pilots.models import ParameterOverride, Pilot
from pilots.schemes.reader import load, names
from pilots.schemes.scheme import Duty, NoValueOnDate, Override, Parameter, Scheme, UnknownParameter
from pilots.schemes.writing import read_value

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rulebook:
    """The rules of one pilot: every question a scheme answers, with the pilot's overrides in their place."""

    pilot_id: int
    scheme: Scheme
    overrides: tuple[Parameter, ...] = ()
    _changes: dict[str, tuple[Parameter, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all rules of the scheme and of the overrides, in file order."""
        return tuple(dict.fromkeys((*self.scheme.names, *(row.name for row in self.overrides))))

    def changes(self, name: str) -> tuple[Parameter, ...]:
        """Every value of the rule for this pilot, oldest first, overrides cut in. UnknownParameter if there is none."""
        if name not in self._changes:
            own = [row for row in self.overrides if row.name == name]
            scheme = self.scheme.changes(name) if name in self.scheme.names or not own else ()
            rows = [piece for row in scheme for piece in _around(row, own)]
            self._changes[name] = tuple(sorted((*rows, *own), key=attrgetter("valid_from")))
        return self._changes[name]

    def parameter(self, name: str, on: date) -> Parameter:
        """The value of a rule on a day. UnknownParameter or NoValueOnDate, each with a sentence."""
        for row in self.changes(name):
            if row.holds_on(on):
                return row
        return self.scheme.parameter(name, on)

    def has(self, name: str, on: date) -> bool:
        """Whether the rule has a value on the day."""
        try:
            self.parameter(name, on)
        except (UnknownParameter, NoValueOnDate):
            return False
        return True

    def on(self, day: date) -> dict[str, Parameter]:
        """All rules in force on the day, by name, in the order of the file."""
        return {name: self.parameter(name, day) for name in self.names if self.has(name, day)}

    def duties_on(self, day: date) -> tuple[Duty, ...]:
        """The scheme's clocks in force on the day, by number."""
        return self.scheme.duties_on(day)


def rulebook(pilot: Pilot, known_on: date | None = None) -> Rulebook:
    """The rules of one pilot; ``known_on`` leaves out what was corrected, overridden or ended after that day."""
    return rulebooks([pilot], known_on)[pilot.pk]


def rulebooks(pilots: Iterable[Pilot], known_on: date | None = None) -> Mapping[int, Rulebook]:
    """pilot id → its rules, with one statement for all of them."""
    wanted = {pilot.pk: load(pilot.scheme, known_on) for pilot in pilots}
    own: dict[int, list[Parameter]] = {pk: [] for pk in wanted}
    for row in ParameterOverride.objects.filter(pilot__in=wanted).order_by("parameter", "valid_from", "pk"):
        parameter = overridden(row, wanted[row.pilot_id], known_on)
        if parameter:
            own[row.pilot_id].append(parameter)
    return {pk: Rulebook(pk, scheme, tuple(own[pk])) for pk, scheme in wanted.items()}


def rulebooks_of(pilot_ids: Iterable[int]) -> Mapping[int, Rulebook]:
    """The same for pilots named by id. A page that asks several doors reads them once and hands them on (``books=``)."""
    return rulebooks(Pilot.objects.filter(pk__in=list(pilot_ids)))


def overridden(row: ParameterOverride, scheme: Scheme, known_on: date | None = None) -> Parameter | None:
    """The value an override gives a rule, or None where it was not yet known or was taken back before it began."""
    recorded_on = timezone.localdate(row.recorded_at)
    if known_on and recorded_on > known_on:
        return None
    ended = row.ended_on
    if ended and known_on and row.ended_at and timezone.localdate(row.ended_at) > known_on:
        ended = None
    last = ended - ONE_DAY if ended else row.valid_to
    if last < row.valid_from:
        return None
    like = _alike(row, scheme)
    return Parameter(
        scheme=scheme.slug,
        name=row.parameter,
        words=names().get(row.parameter, row.parameter),
        value=read_value(row.value, row.unit),
        unit=row.unit,
        currency=row.currency,
        valid_from=row.valid_from,
        valid_to=last,
        from_precision="day",
        selected_by=like.selected_by if like else "day",
        rounding=like.rounding if like else "none",
        grandfathering="none",
        sources=(),
        verified=True,
        note="",
        override=Override(row.pk, row.reason, row.recorded_name, recorded_on, like),
    )


def _alike(row: ParameterOverride, scheme: Scheme) -> Parameter | None:
    """The scheme's own value on the first day of the override, else the nearest it ever had."""
    if row.parameter not in scheme.names:
        return None
    values = scheme.changes(row.parameter)
    return next((value for value in values if value.holds_on(row.valid_from)), values[-1])


def _around(row: Parameter, own: Iterable[Parameter]) -> list[Parameter]:
    """What is left of a scheme's value when the days of the overrides are cut out of it."""
    left = [row]
    for cut in own:
        left = [piece for whole in left for piece in _cut(whole, cut.valid_from, cut.valid_to or date.max)]
    return left


def _cut(row: Parameter, first: date, last: date) -> Iterable[Parameter]:
    if last < row.valid_from or (row.valid_to and row.valid_to < first):
        yield row
        return
    if row.valid_from < first:
        yield replace(row, valid_to=first - ONE_DAY)
    if last < date.max and (row.valid_to is None or last < row.valid_to):
        yield replace(row, valid_from=last + ONE_DAY, from_precision="day")
