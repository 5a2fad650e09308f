"""The table of notices: ``KINDS``. Each counts what is new for one person, and says the count in a sentence.

A count is asked under the person's own scope, so it never tells of what they may not read. No kind may be about what is told
in confidence: cases have a mail of their own that says nothing at all (``compliance/grievances/notices.py``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.notices.models import NoticeChoice
from accounts.roles import Permission
from accounts.scope import Scope
from compliance.asked_papers import PAPERS, WHO_BRINGS
from compliance.duties.mailing import DUTIES, for_member
from workers.models import PaperRequest, Task, TaskStep
from workers.notes import following
from workers.notes.door import LETTERS, MENTIONS
from workers.notes.tasks import TASKS, seen
from workers.telling import partners

NOW, DAILY, WEEKLY, NEVER = NoticeChoice.Cadence.values
SCHEDULED = (DAILY, WEEKLY, NEVER)
# When the reminders of a night are written (``remind-duties`` in the settings): what was told earlier knew none of that day.
REMINDED_AT: Final = timedelta(hours=2, minutes=20)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    ``count``: how many things are new for the scope after the first moment, up to the second. ``sentence``: a count in
    words. ``address``: the page where they stand. ``proposed``: how often where nobody chose. ``cadences``: what can be
    chosen; at once only where somebody knocks (``accounts/notices/door.py``). ``verbs``: any of them is offered it.
    ``knocked``: a digest of it comes only where somebody knocked too, because what it counts is told by day.
    """

    code: str
    label: str | Promise
    help: str | Promise
    count: Callable[[Scope, datetime, datetime], int]
    sentence: Callable[[int], str]
    address: str
    proposed: str
    cadences: tuple[str, ...] = SCHEDULED
    verbs: tuple[Permission, ...] = (Permission.PERSON_VIEW,)
    knocked: bool = False


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


def _last_reminded(since: datetime) -> date:
    """The latest day whose reminders a mail of this moment could tell."""
    return (since.astimezone(UTC) - REMINDED_AT).date()


def _duties(by: Scope, since: datetime, _until: datetime) -> int:
    """Duties of which my organisation was reminded since, and that are for my role to see to."""
    rows = for_member(by).filter(reminded_on__gt=_last_reminded(since))
    return (
        rows.order_by()
        .values("pilot_id", "duty", "placement_id", "job_order_id", "site_id", "started_on")
        .distinct()
        .count()
    )


def _papers(by: Scope, since: datetime, until: datetime) -> int:
    """Requests of papers that my organisation was asked or reminded of since, and that nobody took back."""
    fresh = Q(recorded_at__gt=since, recorded_at__lte=until) | Q(reminded_on__gt=_last_reminded(since))
    rows = PaperRequest.objects.filter(fresh, asked_id=by.organisation_id, withdrawn_at__isnull=True)
    return rows.exclude(user_id=by.user_id).count()


def _duties_sentence(n: int) -> str:
    return ngettext("The day of %(n)d duty has come or is near.", "The day of %(n)d duties has come or is near.", n) % {
        "n": n
    }


def _papers_sentence(n: int) -> str:
    return ngettext("%(n)d request asks for papers from your organisation.",
                    "%(n)d requests ask for papers from your organisation.", n) % {"n": n}  # fmt: skip


def _mentions_sentence(n: int) -> str:
    return ngettext("You were mentioned in %(n)d note.", "You were mentioned in %(n)d notes.", n) % {"n": n}


def _given_sentence(n: int) -> str:
    return ngettext("%(n)d task was given to you.", "%(n)d tasks were given to you.", n) % {"n": n}


def _letters_sentence(n: int) -> str:
    return ngettext("%(n)d message came to your organisation.", "%(n)d messages came to your organisation.", n) % {
        "n": n
    }


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
        Kind(LETTERS, _("Written to your organisation"),
             _("Another organisation wrote to yours about workers, or answered what you wrote."), partners.counted,
             _letters_sentence, "workers:news", NOW, (NOW, *SCHEDULED)),
        Kind("due", _("Tasks whose day has come"), _("Told once, on the day itself or with the next mail."), _due, _due_sentence,
             "workers:tasks", DAILY),
        Kind("followed", _("What you follow"), _("Others changed something on a record that you follow."), _followed,
             _followed_sentence, "workers:news", DAILY),
        Kind(PAPERS, _("Papers that are asked for"), _("Somebody asks your organisation for papers, or asks again."), _papers,
             _papers_sentence, "workers:paper_requests", NOW, (NOW, *SCHEDULED), verbs=WHO_BRINGS, knocked=True),
        Kind(DUTIES, _("Duties"), _("The day of a duty of your organisation is near, or has come."), _duties, _duties_sentence,
             "compliance:duties", DAILY, knocked=True),
    )
}  # fmt: skip


def offered(scopes: list[Scope]) -> list[Kind]:
    """The kinds that somebody with these scopes may hear of."""
    return [kind for kind in KINDS.values() if any(scope.allows(verb) for verb in kind.verbs for scope in scopes)]
