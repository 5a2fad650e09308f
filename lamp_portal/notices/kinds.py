"""The table of notices: ``KINDS``. Each counts what is new for one person, and says the count in a sentence.

A count is asked under the person's own scope, so it never tells of what they may not read. No kind may be about what is told
in confidence: cases have a mail of their own that says nothing at all (``compliance/grievances/notices.py``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.notices.models import NoticeChoice
from accounts.roles import Permission
from accounts.scope import Scope
from workers.models import Task, TaskStep
from workers.notes import following
from workers.notes.door import MENTIONS
from workers.notes.tasks import TASKS, seen

NOW, DAILY, WEEKLY, NEVER = NoticeChoice.Cadence.values
SCHEDULED = (DAILY, WEEKLY, NEVER)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    ``count``: how many things are new for the scope after the first moment, up to the second. ``sentence``: a count in
    words. ``address``: the page where they stand. ``proposed``: how often where nobody chose. ``cadences``: what can be
    chosen; at once only where somebody knocks (``accounts/notices/door.py``). ``verb``: who is offered it.
    """

    code: str
    label: str | Promise
    help: str | Promise
    count: Callable[[Scope, datetime, datetime], int]
    sentence: Callable[[int], str]
    address: str
    proposed: str
    cadences: tuple[str, ...] = SCHEDULED
    verb: Permission = Permission.PERSON_VIEW


def _mentions(by: Scope, since: datetime, until: datetime) -> int:
    return following.mentions(by, since, until).order_by().count()


def _given(by: Scope, since: datetime, until: datetime) -> int:
    """Tasks that are mine now, and open, and were given or handed to me by somebody else in between."""
    steps = TaskStep.objects.filter(to_user_id=by.user_id, at__gt=since, at__lte=until).exclude(user_id=by.user_id)
    return seen(_mine(by).filter(pk__in=steps.values("task_id"))).count()


def _due(by: Scope, since: datetime, until: datetime) -> int:
    """My open tasks whose day came in between, on the clock of the person."""
    first, last = timezone.localdate(since), timezone.localdate(until)
    return seen(_mine(by).filter(due_on__gt=first, due_on__lte=last)).count()


def _mine(by: Scope):
    return Task.objects.filter(for_user_id=by.user_id, for_organisation_id=by.organisation_id, done_at__isnull=True)


def _followed(by: Scope, since: datetime, until: datetime) -> int:
    return len(following.news(by, since, until))


def _mentions_sentence(n: int) -> str:
    return ngettext("You were mentioned in %(n)d note.", "You were mentioned in %(n)d notes.", n) % {"n": n}


def _given_sentence(n: int) -> str:
    return ngettext("%(n)d task was given to you.", "%(n)d tasks were given to you.", n) % {"n": n}


def _due_sentence(n: int) -> str:
    return ngettext("The day of %(n)d task of yours has come.", "The day of %(n)d tasks of yours has come.", n) % {
        "n": n
    }


def _followed_sentence(n: int) -> str:
    return ngettext("%(n)d record that you follow has changed.", "%(n)d records that you follow have changed.", n) % {
        "n": n
    }


KINDS: Final[dict[str, Kind]] = {
    kind.code: kind
    for kind in (
        Kind(MENTIONS, _("Mentions"), _("A colleague mentioned you in a note."), _mentions, _mentions_sentence,
             "workers:news", NOW, (NOW, *SCHEDULED)),
        Kind(TASKS, _("Tasks given to you"), _("Somebody gave you a task, or handed one on to you."), _given,
             _given_sentence, "workers:tasks", NOW, (NOW, *SCHEDULED)),
        Kind("due", _("Tasks whose day has come"), _("Told once, on the day itself or with the next mail."), _due, _due_sentence,
             "workers:tasks", DAILY),
        Kind("followed", _("What you follow"), _("Others changed something on a record that you follow."), _followed,
             _followed_sentence, "workers:news", DAILY),
    )
}  # fmt: skip


def offered(scopes: list[Scope]) -> list[Kind]:
    """The kinds that somebody with these scopes may hear of."""
    return [kind for kind in KINDS.values() if any(scope.allows(kind.verb) for scope in scopes)]
