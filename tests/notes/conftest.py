"""A note, a task, and everybody's plan of notices as the first sweep makes it."""

from datetime import UTC, datetime

import pytest

from accounts.models import NoticePlan, User
from accounts.scope import acting_as, operator_scope
from lamp_portal.notices import sending
from workers.models import Note, Task
from workers.notes import door
from workers.notes import tasks as task_door
from workers.notes.about import about_placement

BEGIN = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def noted(cast):
    """``noted("sefo", "IH-001", "words", audience, to=("lena",))`` → the note."""

    def write(who: str, code: str, words: str, audience: str = "own", to=(), at=BEGIN, **options) -> Note:
        placement = cast.placement(code)
        with cast.acting(who) as by:
            return door.write(
                about_placement(placement.pk), words, audience, by=by, at=at,
                mentions=[cast.user(name).pk for name in to], **options,
            )  # fmt: skip

    return write


@pytest.fixture
def given(cast):
    """``given("ines", "IH-001", "words", to="lena" or "team" or "programme")`` → the task."""

    def give(who: str, code: str, words: str = "Call the family", to: str = "team", at=BEGIN, due_on=None) -> Task:
        placement = cast.placement(code)
        with cast.acting(who) as by:
            about = about_placement(placement.pk)
            offered = task_door.holders(about.pilot.programme_id, by)
            key = to if to in offered else str(cast.user(to).pk)
            return task_door.give(about, words, offered[key][0], by=by, at=at, due_on=due_on)

    return give


@pytest.fixture
def plans(cast):
    """Everybody's plan, made by the first sweep; ``plans("lena", hour=9, language="fr")`` changes one."""
    sending.sweep(BEGIN)

    def change(name: str, **values) -> None:
        user = cast.user(name)
        with acting_as(operator_scope()):
            for key in ("language", "time_zone"):
                if key in values:
                    User.objects.filter(pk=user.pk).update(**{key: values.pop(key)})
            if values:
                NoticePlan.objects.filter(pk=user.pk).update(**values)

    return change
