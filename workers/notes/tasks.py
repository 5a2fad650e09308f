"""The door of tasks: ``give``, ``finish``, ``reopen``, ``hand_on``, ``hand_over_tasks``, and ``tasks`` to be read.

A task is for one colleague, for one's own organisation (whoever takes it), or for the programme. Whoever it is told to may do
it, open it again and hand it on; every step stays with its name and time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.members import require_manager
from accounts.models import Membership, Organisation
from accounts.notices.door import knock
from accounts.parameters import mark
from accounts.scope import Scope
from pilots.models import Cohort
from workers.models import Placement, Task, TaskStep
from workers.notes.about import SEE_PERSONS, About, colleagues, name_of

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
LAST_MOMENT: Final = (datetime(9999, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
NO_DAY: Final = "none"
TASKS = "tasks"  # the kind of notice (lamp_portal/notices/kinds.py)
Step = TaskStep.Kind
MINE, TEAM, GIVEN, OVERDUE, DONE = "mine", "team", "given", "overdue", "done"
VIEWS: Final[dict[str, str | Promise]] = {
    MINE: gettext_lazy("For me"), TEAM: gettext_lazy("For all of us"), GIVEN: gettext_lazy("Given by me"),
    OVERDUE: gettext_lazy("Past their day"), DONE: gettext_lazy("Done"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holder:
    """For whom a task is: an organisation, and of one's own one person or nobody in particular."""

    organisation_id: int
    user_id: int | None = None
    name: str = ""


def holders(pilot_programme_id: int, by: Scope) -> dict[str, tuple[Holder, str]]:
    """Whom the reader may give a task to: key of a choice → (holder, words). Oneself first."""
    own = by.organisation_id
    me = name_of(by)
    names = dict(Organisation.objects.filter(pk__in=[own, pilot_programme_id]).values_list("pk", "name"))
    found = {
        f"{by.user_id}": (Holder(own, by.user_id, me), _("Myself")),
        **{f"{pk}": (Holder(own, pk, name), name) for pk, name in colleagues(by).items()},
        "team": (Holder(own), _("%(name)s: whoever takes it") % {"name": names[own]}),
    }
    if pilot_programme_id != own:
        found["programme"] = (
            Holder(pilot_programme_id),
            _("The programme, %(name)s") % {"name": names[pilot_programme_id]},
        )
    return found


def give(about: About, words: str, holder: Holder, *, by: Scope, at: datetime, due_on: date | None = None) -> Task:
    """Give a task about a record. ValidationError in words; PermissionDenied for a holder who is not offered."""
    _offered(about.pilot.programme_id, holder, by)
    task = Task(
        **about.keys, organisation_id=by.organisation_id, user_id=by.user_id, person_name=name_of(by),
        told_ids=sorted({by.organisation_id, holder.organisation_id}), words=words.strip(), due_on=due_on,
        for_organisation_id=holder.organisation_id, for_user_id=holder.user_id, for_name=holder.name, given_at=at,
    )  # fmt: skip
    task.validate_constraints()
    task.save(force_insert=True)
    _note([task], Step.GIVEN, by=by, at=at)
    return task


def _offered(programme_id: int, holder: Holder, by: Scope) -> None:
    if holder not in [each for each, _words in holders(programme_id, by).values()]:
        raise PermissionDenied("holder")


def _note(tasks: Iterable[Task], kind: str, *, by: Scope, at: datetime) -> None:
    """Write the step of each task, and knock for whom it is now where that is somebody else."""
    rows, name = list(tasks), name_of(by)
    to = kind in (Step.GIVEN, Step.HANDED)
    TaskStep.objects.bulk_create(
        [
            TaskStep(
                pilot_id=task.pilot_id, task=task, kind=kind, organisation_id=by.organisation_id, user_id=by.user_id,
                person_name=name, to_organisation_id=task.for_organisation_id if to else None,
                to_user_id=task.for_user_id if to else None, to_name=task.for_name if to else "", told_ids=task.told_ids,
                at=at,
            )
            for task in rows
        ]
    )  # fmt: skip
    if to:
        knock({task.for_user_id for task in rows if task.for_user_id} - {by.user_id}, TASKS)


def finish(task: Task, *, by: Scope, at: datetime) -> None:
    """It is done. ValidationError where somebody said so before."""
    locked = _locked(task)
    if locked.done_at is not None:
        raise ValidationError(_("This task is done already, by %(name)s.") % {"name": locked.done_name})
    locked.done_at, locked.done_name = at, name_of(by)
    locked.save(update_fields=["done_at", "done_name"])
    _note([locked], Step.DONE, by=by, at=at)


def reopen(task: Task, *, by: Scope, at: datetime) -> None:
    """It is not done after all. ValidationError where it is open."""
    locked = _locked(task)
    if locked.done_at is None:
        raise ValidationError(_("This task is open."))
    locked.done_at, locked.done_name = None, ""
    locked.save(update_fields=["done_at", "done_name"])
    _note([locked], Step.OPENED, by=by, at=at)


def last_step(task: Task) -> int:
    """The number of the newest step of a task: what a form carries that hands it on."""
    return task.steps.order_by("-pk").values_list("pk", flat=True).first() or 0


def hand_on(task: Task, holder: Holder, *, by: Scope, at: datetime, seen: int) -> None:
    """From now on it is for somebody else. Whoever had it still sees it. ``seen``: the last step that the giver read;
    ValidationError where another came meanwhile."""
    _offered(task.pilot.programme_id, holder, by)
    locked = _locked(task)
    if last_step(locked) != seen:
        raise ValidationError(
            _("Somebody else did something with this task in the meantime. Read below what, then choose again.")
        )
    if locked.done_at is not None:
        raise ValidationError(_("This task is done already, by %(name)s.") % {"name": locked.done_name})
    _hold(locked, holder)
    locked.save(update_fields=["for_organisation", "for_user", "for_name", "told_ids"])
    _note([locked], Step.HANDED, by=by, at=at)


def _hold(task: Task, holder: Holder) -> None:
    task.for_organisation_id, task.for_user_id, task.for_name = holder.organisation_id, holder.user_id, holder.name
    task.told_ids = sorted({*task.told_ids, holder.organisation_id})


def _locked(task: Task) -> Task:
    return Task.objects.select_for_update(of=("self",)).get(pk=task.pk)


def open_of_organisation(by: Scope) -> QuerySet[Task]:
    """The open tasks that one's own organisation has to do, in nobody's order and whatever they are about."""
    return Task.objects.filter(for_organisation_id=by.organisation_id, done_at__isnull=True)


def open_of_member(user_id: int | None, *, by: Scope) -> QuerySet[Task]:
    """Those of them that are for one member; with None for nobody in particular."""
    return open_of_organisation(by).filter(for_user_id=user_id)


def hand_over_tasks(
    from_user: int | None, to_user: int | None, *, by: Scope, at: datetime, handed_at: datetime | None = None
) -> int:
    """Every open task that one's own organisation has with one member (None: with nobody in particular) goes to another, or to
    whoever takes it (None); answers how many. ``handed_at``: only those that ``by`` handed on at that moment, to give them back.

    For whoever manages members, and for one's own tasks. ValidationError where the other is no member who sees persons;
    PermissionDenied for anybody else."""
    if from_user != by.user_id:
        require_manager(by)
    name = ""
    if to_user is not None:
        found = Membership.objects.filter(
            organisation_id=by.organisation_id, user_id=to_user, ended_at__isnull=True, role__in=SEE_PERSONS
        )
        name = found.values_list("user__name", flat=True).first() or ""
        if not name or to_user == from_user:
            raise ValidationError(_("Choose another member of your organisation who sees workers."))
    rows = open_of_member(from_user, by=by)
    if handed_at is not None:
        rows = rows.filter(steps__kind=Step.HANDED, steps__user_id=by.user_id, steps__at=handed_at)
    tasks = list(rows.select_for_update(of=("self",)).order_by("pk"))
    holder = Holder(by.organisation_id, to_user, name)
    for task in tasks:
        _hold(task, holder)
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(for_user_id=to_user, for_name=name)
    _note(tasks, Step.HANDED, by=by, at=at)
    return len(tasks)


def mark_of(task: Task, view: str) -> str:
    """Where a task stands in a view: what an address carries to go on after it."""
    if view == DONE:
        assert task.done_at is not None, "only done tasks stand there"
        return f"{(task.done_at - EPOCH) // MICROSECOND}~{task.pk}"
    return f"{task.due_on.isoformat() if task.due_on else NO_DAY}~{task.pk}"


def _after(rows: QuerySet[Task], view: str, given: str) -> QuerySet[Task]:
    """The rows after a mark; all of them where it is none."""
    if view == DONE:
        if (found := mark(given, int, int)) is None or found[0] > LAST_MOMENT:
            return rows
        at = EPOCH + found[0] * MICROSECOND
        return rows.filter(Q(done_at__lt=at) | Q(done_at=at, pk__lt=found[1]))
    if (undated := mark(given, str, int)) is not None and undated[0] == NO_DAY:
        return rows.filter(due_on__isnull=True, pk__gt=undated[1])
    if (dated := mark(given, date, int)) is None:
        return rows
    day, pk = dated
    return rows.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=pk) | Q(due_on__isnull=True))


def tasks(by: Scope, *, view: str, today: date, after: str = "") -> QuerySet[Task]:
    """The tasks of one view (``VIEWS``), the most pressing first, those without a day last; done ones the latest first. Only
    about records that the reader sees now. ``after``: the mark of the last one of the page before.

    Those for all of us are also those of a colleague who has left."""
    open_now = Task.objects.filter(done_at__isnull=True)
    ours = Q(for_organisation_id=by.organisation_id)
    here = Membership.objects.filter(
        organisation_id=by.organisation_id, user_id=OuterRef("for_user_id"), ended_at__isnull=True
    )
    rows = {
        MINE: open_now.filter(ours, for_user_id=by.user_id),
        TEAM: open_now.filter(ours).filter(Q(for_user_id__isnull=True) | ~Exists(here)),
        GIVEN: open_now.filter(user_id=by.user_id, organisation_id=by.organisation_id).exclude(
            ours, for_user_id=by.user_id
        ),
        OVERDUE: open_now.filter(ours | Q(user_id=by.user_id, organisation_id=by.organisation_id), due_on__lt=today),
        DONE: Task.objects.filter(done_at__isnull=False).order_by("-done_at", "-pk"),
    }[view]
    rows = rows if view == DONE else rows.order_by("due_on", "pk")
    return seen(_after(rows, view, after)).select_related(
        "placement__person", "cohort", "for_organisation", "organisation"
    )


def seen(rows: QuerySet[Task]) -> QuerySet[Task]:
    """Those about a record that the reader sees now: a placement may have gone to somebody else meanwhile."""
    return rows.filter(
        Exists(Placement.objects.filter(pk=OuterRef("placement_id")))
        | Exists(Cohort.objects.filter(pk=OuterRef("cohort_id")))
    )


def open_of(about: About) -> QuerySet[Task]:
    """The open tasks about a record, the most pressing first."""
    keys = {name: value for name, value in about.keys.items() if name != "pilot_id" and value is not None}
    rows = Task.objects.filter(done_at__isnull=True, **keys)
    return rows.select_related("for_organisation", "organisation").order_by("due_on", "pk")
