"""Tasks that somebody gave: below what follows from the records by itself."""

from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.scope import Scope
from lamp_portal.home.needs import FEW, Line, Need, joined
from workers.models import Task
from workers.notes.tasks import MINE, tasks


def given(by: Scope, today: date) -> Need:
    """The reader's own open tasks, the most pressing first."""
    rows = tasks(by, view=MINE, today=today)
    first = list(rows[:FEW])
    known = {"n": len(first), "late": sum(1 for task in first if task.due_on and task.due_on < today)}
    if len(first) == FEW:
        known = rows.order_by().aggregate(n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    late = known["late"]
    words = ngettext("%(n)d past its day", "%(n)d past their day", late) % {"n": late} if late else ""
    return Need(
        "tasks", _("Tasks given to you"), "list-todo", known["n"], reverse("workers:tasks"),
        _("When somebody gives you a task, it stands here. A task is given on the page of a worker or a cohort."),
        note=joined(words), lines=[_line(task) for task in first],
    )  # fmt: skip


def _line(task: Task) -> Line:
    person = task.placement.person if task.placement else None
    about = person.name if person else task.cohort.name if task.cohort else ""
    return Line(
        task.words, reverse("workers:task", args=[task.pk]), code=person.worker_code if person else "",
        note=joined(about, "" if task.user_id == task.for_user_id else task.person_name), due=task.due_on,
    )  # fmt: skip
