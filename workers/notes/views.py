"""The pages of notes: those of one record with its tasks and followers, one note with its versions, and what changed."""

from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.merging import overtaken
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from workers.models import Note
from workers.notes import door, following
from workers.notes.about import About, about_cohort, about_placement, about_row
from workers.notes.forms import CorrectionForm, NoteForm, TaskForm
from workers.notes.tasks import give, open_of
from workers.sheets.restricted import tells_of_health_or_abuse
from workers.telling import partners

VIEW = Permission.PERSON_VIEW
GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])
NEWS_DAYS: Final = 14
HAND_OVER, KEEP = "hand over", "keep"  # what a writer answers to the warning


@GET_AND_POST
@requires(VIEW)
def placement_notes(request: PortalRequest, pk: int) -> HttpResponse:
    """Notes and tasks of a placement; POST writes a note."""
    return _notes(request, about_placement(pk))


@GET_AND_POST
@requires(VIEW)
def cohort_notes(request: PortalRequest, pk: int) -> HttpResponse:
    """Notes and tasks of a cohort; POST writes a note."""
    return _notes(request, about_cohort(pk))


@require_POST
@requires(VIEW)
def placement_tasks(request: PortalRequest, pk: int) -> HttpResponse:
    """Give a task about a placement."""
    return _give(request, about_placement(pk))


@require_POST
@requires(VIEW)
def cohort_tasks(request: PortalRequest, pk: int) -> HttpResponse:
    """Give a task about a cohort."""
    return _give(request, about_cohort(pk))


@require_POST
@requires(VIEW)
def placement_follows(request: PortalRequest, pk: int) -> HttpResponse:
    """Follow a placement, or follow it no more."""
    return _follow(request, about_placement(pk))


@require_POST
@requires(VIEW)
def cohort_follows(request: PortalRequest, pk: int) -> HttpResponse:
    """Follow a cohort, or follow it no more."""
    return _follow(request, about_cohort(pk))


def _notes(request: PortalRequest, about: About) -> HttpResponse:
    if request.method != "POST":
        return _show(request, about)
    form = NoteForm(request.POST, about=about, by=request.scope)
    if not form.is_valid():
        return _show(request, about, note_form=form, status=422)
    text, answer = form.cleaned_data["text"], request.POST.get("as", "")
    if answer == HAND_OVER and tells_of_health_or_abuse(text):
        return _hand_over(request, about, text)
    try:
        door.write(
            about, text, form.cleaned_data["audience"], by=request.scope, at=timezone.now(), mentions=form.mentioned(),
            harmless=answer == KEEP,
        )  # fmt: skip
    except ValidationError as error:
        form.add_error(None, error)
        return _show(request, about, note_form=form, warned=door.is_warning(error), status=422)
    messages.success(request, _("The note was written."))
    return SeeOther(about.address("notes"))


def _hand_over(request: PortalRequest, about: About, text: str) -> HttpResponse:
    door.withhold(about, text, by=request.scope)
    messages.success(request, _("Your words were handed over to the safeguarding lead. They stand in no note."))
    return SeeOther(about.address("notes"))


def _give(request: PortalRequest, about: About) -> HttpResponse:
    now = timezone.now()
    form = TaskForm(
        request.POST, programme_id=about.pilot.programme_id, by=request.scope, today=timezone.localdate(now)
    )
    if not form.is_valid():
        return _show(request, about, task_form=form, status=422)
    words, answer = form.cleaned_data["words"], request.POST.get("as", "")
    if tells_of_health_or_abuse(words) and answer == HAND_OVER:
        return _hand_over(request, about, words)
    if tells_of_health_or_abuse(words) and answer != KEEP:
        form.add_error("words", door.warning())
        return _show(request, about, task_form=form, warned=True, status=422)
    give(about, words, form.chosen(), by=request.scope, at=now, due_on=form.cleaned_data["due_on"])
    messages.success(request, _("The task was given."))
    return SeeOther(about.address("notes"))


def _follow(request: PortalRequest, about: About) -> HttpResponse:
    if request.POST.get("follow") == "no":
        following.unfollow(about, by=request.scope)
        messages.success(request, _("You no longer follow this."))
    else:
        following.follow(about, by=request.scope)
        messages.success(
            request, _("You follow this. What changes stands under “What changed”, and comes by mail as you choose.")
        )
    return SeeOther(about.address("notes"))


def _show(
    request: PortalRequest, about: About, *, note_form: NoteForm | None = None, task_form: TaskForm | None = None,
    warned: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    by, today = request.scope, timezone.localdate()
    context: dict[str, Any] = {
        "about": about, "today": today, "warned": warned, "notes": door.notes_of(about)[:50], "tasks": open_of(about)[:50],
        "note_form": note_form or NoteForm(about=about, by=by),
        "task_form": task_form or TaskForm(programme_id=about.pilot.programme_id, by=by, today=today),
        "follows": following.follows(about, by), "notes_url": about.address("notes"), "tasks_url": about.address("tasks"),
        "follows_url": about.address("follows"),
    }  # fmt: skip
    return render(request, "workers/notes/record.html", context, status=status)


@GET_AND_POST
@requires(VIEW)
def note(request: PortalRequest, pk: int) -> HttpResponse:
    """One note with the versions before it; POST corrects one's own."""
    found = get_object_or_404(Note.objects.select_related("organisation").prefetch_related("mentions"), pk=pk)
    about = about_row(found)
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial={"text": found.text})
    warned, later = False, found.corrections.first()
    if later is not None and form.is_bound and door.may_correct(found, request.scope):  # on another device meanwhile
        back = reverse("workers:note", args=[later.pk])
        return overtaken(request, form, {_("Note"): later.text}, title=_("Correct it"), back=back)
    if form.is_valid():
        text, answer = form.cleaned_data["text"], request.POST.get("as", "")
        if answer == HAND_OVER and tells_of_health_or_abuse(text):
            return _hand_over(request, about, text)
        try:
            version = door.correct(found, text, by=request.scope, at=timezone.now(), harmless=answer == KEEP)
        except ValidationError as error:
            form.add_error(None, error)
            warned = door.is_warning(error)
        else:
            messages.success(request, _("The note was corrected. The former words stay readable below."))
            return SeeOther(reverse("workers:note", args=[version.pk]))
    context = {
        "note": found, "about": about, "versions": door.versions(found)[1:], "form": form, "warned": warned,
        "notes_url": about.address("notes"),
        "may_correct": door.may_correct(found, request.scope) and later is None, "later": later,
    }  # fmt: skip
    return render(request, "workers/notes/note.html", context, status=422 if form.errors else 200)


@require_safe
@requires(VIEW)
def news(request: PortalRequest) -> HttpResponse:
    """Where one was mentioned, and what changed on what one follows, in the last two weeks."""
    now = timezone.now()
    since = now - timedelta(days=NEWS_DAYS)
    context = {
        "mentions": following.mentions(request.scope, since, now)[:30], "news": following.news(request.scope, since, now),
        "follows": following.mine(request.scope).count(), "days": NEWS_DAYS,
        "letters": partners.letters(request.scope, since, now),
    }  # fmt: skip
    return render(request, "workers/notes/news.html", context)
