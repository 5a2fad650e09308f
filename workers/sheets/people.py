"""The kind ``workers``: judged by ``matching``, written by ``committing``."""

from datetime import date

from accounts.rows import may
from accounts.scope import Scope
from workers.likeness import warning
from workers.models import ImportBatch, Person

from . import committing, matching, undoing_people
from .parts import person_parts, person_version
from .standing import Undone


def allowed(kind: str, by: Scope) -> bool:
    """Whether this scope's database role may add a row."""
    return may(Person, by.db_role, "i")


def unused(kind: str) -> tuple[str, ...]:
    """Every column is kept."""
    return ()


def versions_now(kind: str, by: Scope) -> str:
    """What each known person stands at."""
    return (
        f"select f.n, {person_version(by)} as version from found f join workers_person v on v.id = f.person_id"
        + person_parts(by)
    )


def judge(batch: ImportBatch, by: Scope, today: date) -> None:
    """Who is meant, what would change, what speaks against it."""
    matching.judge(batch, by)


def trusted(batch: ImportBatch, by: Scope) -> bool:
    """Take the new people of the check as they were judged: that their numbers are still free, the constraints say."""
    return matching.trusted(batch, by)


def words(batch: ImportBatch, by: Scope) -> dict[str, str]:
    """The sentences of the judge."""
    return matching.words(by) | warning.words()


def write(batch: ImportBatch, by: Scope, today: date) -> None:
    """Persons, contact, background, papers, consent, nominations."""
    committing.write(batch, by, today)


def take_back(batch: ImportBatch, by: Scope, today: date) -> Undone:
    """People that were added go, changed fields return."""
    return undoing_people.take_back(batch, by)
