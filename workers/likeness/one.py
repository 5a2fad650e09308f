"""One person typed on a page: cleaned and judged as a row of a sheet of workers, and compared before it is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Permission
from accounts.scope import Scope
from pilots.models import Pilot
from workers.facts.one import Recorded, by_column, judged, staged, whole_or_nothing
from workers.sheets import committing, matching, staging
from workers.sheets.cleaning import CellProblem, Context
from workers.sheets.kinds import COLUMNS

from .cards import row_card
from .warning import LookAlike, look_alikes


@dataclass(frozen=True, slots=True)
class OnePerson:
    """What the judge of workers asks of a batch, for a single row."""

    pilot: Pilot
    kind: str = "workers"
    cohort_id: None = None
    pk: None = None

    @property
    def pilot_id(self) -> int:
        """The pilot's id."""
        return self.pilot.pk


def resembling(pilot: Pilot, cells: Mapping[str, str], *, by: Scope, today: date) -> list[LookAlike]:
    """Whom the reader sees and who resembles what was typed so far. A cell that cannot be read yet counts as blank."""
    kind, context, values = COLUMNS["workers"], Context(today=today), {}
    for key, text in cells.items():
        try:
            cleaned = kind.column(key).cleaner(text, context)
        except CellProblem:
            continue
        values[key] = cleaned.value
        if cleaned.hint and kind.column(key).hint_key:
            values[kind.column(key).hint_key] = cleaned.hint
    return look_alikes([row_card(values)], pilot.pk, by=by).get(0, [])


def record_person(pilot: Pilot, cells: Mapping[str, Any], *, by: Scope, today: date) -> Recorded:
    """Record somebody new. ``refused`` with the sentences of the sheet's judge, also where the Worker ID is known."""
    by.require(Permission.PERSON_IMPORT)
    one = OnePerson(pilot)
    answer = whole_or_nothing(lambda: _recorded(one, cells, by, today))
    if answer.verdict == "new":
        audit.record("person recorded", "person", None, scope=by, pilot_id=pilot.pk)
    return answer


def _recorded(one: OnePerson, cells: Mapping[str, Any], by: Scope, today: date) -> Recorded:
    kind = COLUMNS["workers"]
    with staging.working(kind):
        row = staged("workers", cells, today)
        problems = by_column((p.key, p.message) for p in row.problems)
        if problems:
            return Recorded("refused", problems)
        matching.judge(one, by)  # type: ignore[arg-type]  # it asks of a batch what OnePerson answers
        staging.tell(matching.words(by), {}, kind)
        answer = judged()
        if answer.verdict == "refused":
            return answer
        if answer.verdict != "new":
            known = _("This Worker ID is recorded already. Look the person up instead.")
            return Recorded("refused", {"worker_id": [known]})
        committing.write(one, by, today)  # type: ignore[arg-type]
        return answer
