"""The kinds of things that are with one person and go to another. ``KINDS`` is the table: what is open, what can go to whom and
why not, the act, and the way back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import audit
from accounts.models import AuditEvent, SavedView
from accounts.roles import ROLES
from accounts.rows import may
from accounts.scope import Scope, acting_as
from lamp_portal.handing_over.piles import Pile, Thing, To, first, going
from lamp_portal.saved import LISTS, may_open
from reports.delivery import schedules
from reports.delivery.models import Schedule
from workers.models import Task
from workers.notes.tasks import hand_over_tasks, open_of_member, seen

Who = int | None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. ``rows``: what is open with a person. ``pile``: the same to be looked at. ``hand``: what can go goes, under a mark
    that ``back`` finds it by; both answer how many. The mark is the moment of the act."""

    label: str | Promise
    rows: Callable[[int, Scope], QuerySet[Any]]
    pile: Callable[[int, To | None, Scope], Pile]
    hand: Callable[[int, To, Scope, datetime], int]
    back: Callable[[datetime, To, To, Scope, datetime], int]


# Tasks


def _tasks(user_id: int, by: Scope) -> QuerySet[Task]:
    return open_of_member(user_id, by=by) if may(Task, by.db_role) else Task.objects.none()


def _pile_of_tasks(user_id: int, to: To | None, by: Scope) -> Pile:
    every = _tasks(user_id, by)
    rows = seen(every).select_related("placement__person", "cohort").order_by("due_on", "pk")
    things, shown = first(rows, _task)
    total = every.count()
    unseen = ngettext(
        "One of them is about a record that you do not see any more. It goes with the others.",
        "%(n)d of them are about records that you do not see any more. They go with the others.",
        total - shown,
    )
    note = unseen % {"n": total - shown} if total > shown else ""
    return Pile("tasks", KINDS["tasks"].label, "list-todo", things, total, total, note)


def _task(task: Task) -> Thing:
    note = task.placement.person.worker_code if task.placement else task.cohort.name if task.cohort else ""
    return Thing(task.pk, task.words, reverse("workers:task", args=[task.pk]), note, task.due_on)


def _hand_tasks(user_id: int, to: To, by: Scope, at: datetime) -> int:
    return hand_over_tasks(user_id, to.user_id, by=by, at=at) if _tasks(user_id, by).exists() else 0


def _tasks_back(mark: datetime, now_with: To, to: To, by: Scope, at: datetime) -> int:
    if not may(Task, by.db_role):
        return 0
    return hand_over_tasks(now_with.user_id, to.user_id, by=by, at=at, handed_at=mark)


# Schedules of reports


def _schedules(user_id: int, by: Scope) -> QuerySet[Schedule]:
    return schedules.in_the_name_of(user_id, by=by) if schedules.may_schedule(by) else Schedule.objects.none()


def _pile_of_schedules(user_id: int, to: To | None, by: Scope) -> Pile:
    things, total = first(_schedules(user_id, by), _schedule)
    why = _why_no_schedule(to) if to else ""
    goes = 0 if why or to is None else total
    return Pile("schedules", KINDS["schedules"].label, "calendar-clock", things, total, goes, why)


def _schedule(one: Schedule) -> Thing:
    address = reverse("reports:schedule", args=[one.pk])
    return Thing(one.pk, f"{one.organisation} · {one.get_period_display()}", address, one.pilot.name)


def _why_no_schedule(to: To) -> str:
    if to.membership is None:
        return _("Schedules of reports stand in one person’s name: choose somebody.")
    return schedules.why_not(to.membership)


def _hand_schedules(user_id: int, to: To, by: Scope, at: datetime) -> int:
    if to.membership is None or _why_no_schedule(to) or not schedules.may_schedule(by):
        return 0
    return schedules.hand_over(_schedules(user_id, by), to.membership, by=by, mark=at.isoformat())


def _schedules_back(mark: datetime, now_with: To, to: To, by: Scope, at: datetime) -> int:
    if to.membership is None or now_with.user_id is None or _why_no_schedule(to) or not schedules.may_schedule(by):
        return 0
    rows = _schedules(now_with.user_id, by).filter(pk__in=_marked("schedule.hand_over", "schedule", mark, by))
    return schedules.hand_over(rows, to.membership, by=by)


def _marked(action: str, kind: str, mark: datetime, by: Scope) -> list[int]:
    """What this person handed over at that moment."""
    rows = AuditEvent.objects.filter(
        object_kind=kind, action=action, user_id=by.user_id, organisation_id=by.organisation_id, reason=mark.isoformat()
    )
    return [pk for pk in rows.values_list("object_id", flat=True) if pk is not None]


# Views of the team


def _views(user_id: int, by: Scope) -> QuerySet[SavedView]:
    if not may(SavedView, by.db_role):
        return SavedView.objects.none()
    listings = [code for code in LISTS if may_open(code, by)]
    return SavedView.objects.filter(user_id=user_id, shared=True, listing__in=listings).order_by("name", "pk")


def _pile_of_views(user_id: int, to: To | None, by: Scope) -> Pile:
    things, total = first(_views(user_id, by), lambda one: _view(one, to))
    goes = 0 if to is None else going(things, total)
    return Pile("views", KINDS["views"].label, "bookmark", things, total, goes)


def _view(one: SavedView, to: To | None) -> Thing:
    address = f"{reverse(LISTS[one.listing].address)}?{one.query}"
    return Thing(one.pk, one.name, address, why_not=_why_no_view(one, to) if to else "")


def _why_no_view(one: SavedView, to: To) -> str:
    if to.membership is None:
        return _("A view of the team has one person who changes it: choose somebody.")
    role = ROLES[to.membership.role]
    if not any(role.allows(verb) for verb in LISTS[one.listing].verbs):
        return _("%(name)s cannot open this list.") % {"name": to.name}
    return ""


def _hand_views(user_id: int, to: To, by: Scope, at: datetime) -> int:
    found = [one for one in _views(user_id, by) if not _why_no_view(one, to)]
    return _give_views(found, user_id, to, by, at.isoformat())


def _views_back(mark: datetime, now_with: To, to: To, by: Scope, at: datetime) -> int:
    if now_with.user_id is None:
        return 0
    rows = _views(now_with.user_id, by).filter(pk__in=_marked("view.hand_over", "savedview", mark, by))
    return _give_views(list(rows), now_with.user_id, to, by, "")


def _give_views(found: list[SavedView], user_id: int, to: To, by: Scope, mark: str) -> int:
    """To somebody who can change and delete them. A name that is taken there gets a number."""
    if not found or to.user_id is None:
        return 0
    # A view is written by nobody but its own person, so the same organisation's hands write as one and then the other.
    with acting_as(replace(by, user_id=user_id)):
        SavedView.objects.filter(pk__in=[one.pk for one in found]).delete()
    with acting_as(replace(by, user_id=to.user_id)):
        taken = set(SavedView.objects.filter(user_id=to.user_id).values_list("listing", "name"))
        for one in found:
            one.pk, one.user_id, one.name = None, to.user_id, _free(one, taken)
            taken.add((one.listing, one.name))
        SavedView.objects.bulk_create(found)
    for one in found:
        audit.record("view.hand_over", "savedview", one.pk, reason=mark)
    return len(found)


def _free(one: SavedView, taken: set[tuple[str, str]]) -> str:
    names = (one.name if n == 1 else f"{one.name[:50]} ({n})" for n in count(1))
    return next(name for name in names if (one.listing, name) not in taken)


KINDS: Final[dict[str, Kind]] = {
    "tasks": Kind(gettext_lazy("Open tasks"), _tasks, _pile_of_tasks, _hand_tasks, _tasks_back),
    "schedules": Kind(
        gettext_lazy("Schedules of reports"), _schedules, _pile_of_schedules, _hand_schedules, _schedules_back
    ),
    "views": Kind(gettext_lazy("Views of the team"), _views, _pile_of_views, _hand_views, _views_back),
}
