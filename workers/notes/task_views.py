"""The pages of tasks: the list with its views, one task with its steps, and what becomes of it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.parameters import number
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from workers.models import Task
from workers.notes import tasks as door
from workers.notes.about import about_row
from workers.notes.forms import HolderForm

VIEW = Permission.PERSON_VIEW
PAGE = 50


@require_safe
@requires(VIEW)
def task_list(request: PortalRequest) -> HttpResponse:
    """Tasks for me, for all of us, given by me, past their day, or done."""
    view, today = request.GET.get("view", ""), timezone.localdate()
    view = view if view in door.VIEWS else door.MINE
    rows = list(door.tasks(request.scope, view=view, today=today, after=request.GET.get("after", ""))[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    here = reverse("workers:tasks")
    tabs = [
        {"label": words, "url": f"{here}?view={code}", "current": code == view} for code, words in door.VIEWS.items()
    ]
    onward = f"?{urlencode({'view': view, 'after': door.mark_of(rows[-1], view)})}" if more else ""
    context = {
        "rows": rows, "next": onward, "view": view, "tabs": tabs, "today": today, "done": view == door.DONE,
    }  # fmt: skip
    return render(request, "workers/notes/tasks.html", context)


@require_safe
@requires(VIEW)
def task(request: PortalRequest, pk: int) -> HttpResponse:
    """One task: what, for whom, and every step that became of it."""
    return _show(request, _one(pk))


@require_POST
@requires(VIEW)
def task_steps(request: PortalRequest, pk: int) -> HttpResponse:
    """It is done, it is open again, or it is handed on."""
    found, now = _one(pk), timezone.now()
    about_row(found)
    form, kind = None, request.POST.get("kind", "")
    try:
        if kind == "done":
            door.finish(found, by=request.scope, at=now)
            messages.success(request, _("The task is done."))
        elif kind == "open":
            door.reopen(found, by=request.scope, at=now)
            messages.success(request, _("The task is open again."))
        else:
            form = HolderForm(request.POST, programme_id=found.pilot.programme_id, by=request.scope)
            if not form.is_valid():
                return _show(request, found, form=form, status=422)
            seen = number(request.POST.get("step", "")) or 0
            door.hand_on(found, form.chosen(), by=request.scope, at=now, seen=seen)
            messages.success(request, _("The task was handed on."))
    except ValidationError as error:
        return _show(request, _one(pk), form=form, trouble=" ".join(error.messages), status=409)
    return SeeOther(reverse("workers:task", args=[pk]))


def _one(pk: int) -> Task:
    rows = Task.objects.select_related("pilot", "for_organisation", "organisation")
    return get_object_or_404(rows, pk=pk)


def _show(
    request: PortalRequest, found: Task, *, form: HolderForm | None = None, trouble: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "task": found, "about": about_row(found), "today": timezone.localdate(), "trouble": trouble,
        "last_step": door.last_step(found),
        "steps": found.steps.select_related("organisation", "to_organisation").order_by("pk"),
        "form": form or HolderForm(programme_id=found.pilot.programme_id, by=request.scope),
    }  # fmt: skip
    return render(request, "workers/notes/task.html", context, status=status)
