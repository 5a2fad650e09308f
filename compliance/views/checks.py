"""Who is due a check, the form that records one, and the page of a check that was done."""

from datetime import date

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.parameters import mark, number, without
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.rows import may
from accounts.verbs import SeeOther, requires
from compliance import due
from compliance.catalogue.reader import Item, catalogue
from compliance.checking import CannotRecord, Recorded, record_check
from compliance.coverage import Owed
from compliance.evidence import attach
from compliance.filter_forms import StageFilter
from compliance.forms import ContactForm, EvidenceForm
from compliance.models import AnswerFile, Check, CheckAnswer, Finding, PrivateNote
from compliance.overview import Overview
from compliance.queries import placement_or_404, sites_to_choose
from compliance.signals import signals
from compliance.words import evidence_words, indicator_words, question, stage_words
from workers.files.views import lines_of
from workers.journey.steps import STEP

PAGE = 20


@require_safe
@requires(Permission.CHECK_VIEW)
def checks(request: PortalRequest) -> HttpResponse:
    """Checks overdue and due by site and by worker, how many were done, and who was not reached."""
    today = timezone.localdate()
    site = number(request.GET.get("site", ""))
    stage = request.GET.get("stage", "")
    rows = due.worklist(
        request.scope, on=today, site_id=site, stage=stage,
        after=mark(request.GET.get("after", ""), date, int, str), limit=PAGE + 1,
    )  # fmt: skip
    more, rows = len(rows) > PAGE, rows[:PAGE]
    overview = Overview(due.tally(request.scope, on=today))
    context = {
        "today": today, "rows": rows, "signals": signals(request.scope, on=today), "overview": overview,
        "filter": StageFilter(
            request.GET, site=sites_to_choose(), stage=[(s.code, stage_words(s.code)) for s in catalogue().stages]
        ),
        "given": without(request.GET, "after"),
        "may_record": request.scope.allows(Permission.CHECK_RECORD),
        "next": mark_of(rows[-1]) if more else "",
    }  # fmt: skip
    return render(request, "compliance/checks.html", context)


def mark_of(row: due.DueCheck | Owed) -> str:
    """The last row of a page, as it stands in the address of the next."""
    return f"{row.due_on.isoformat()}~{row.placement_id}~{row.stage}"


PRIVATE = "private"  # of the address of a check: name and answers wait behind a tap


@require_safe
@requires(Permission.CHECK_RECORD)
def check_new(request: PortalRequest, pk: int) -> HttpResponse:
    """The form for one worker; the stage follows from where the placement stands, and can be changed."""
    placement = placement_or_404(pk)
    stage = request.GET.get("stage", "") or due.stage_for_step(placement.state.step)
    form = ContactForm(items=_items(stage), stage=stage, today=timezone.localdate())
    return _form_page(request, placement, form, stage)


@requires(Permission.CHECK_RECORD)
def record(request: PortalRequest, pk: int) -> HttpResponse:
    """Record a check of this placement (POST to the placement's checks)."""
    placement = placement_or_404(pk)
    stage = request.POST.get("stage", "")
    form = ContactForm(request.POST, request.FILES, items=_items(stage), stage=stage, today=timezone.localdate())
    if form.is_valid():
        try:
            done = _record(request, placement.pk, form)
        except CannotRecord as refused:
            form.refuse(refused.problems)
        else:
            private = form.cleaned_data["private"]
            if private:
                messages.success(request, _("Saved."))
            else:
                _say(request, done)
            _keep_photos(request, done, form)
            return _saved(done, private=private)
    return _form_page(request, placement, form, stage, status=422)


def _record(request: PortalRequest, placement_id: int, form: ContactForm, *, told: bool = False) -> Recorded:
    data = form.cleaned_data
    return record_check(
        placement_id, data["stage"], form.answers(), by=request.scope, done_on=data["done_on"],
        today=timezone.localdate(), mode=data["mode"], private=data["private"], interpreter=data["interpreter"],
        note=data["note"], told=told, key=data["key"],
    )  # fmt: skip


def _keep_photos(request: PortalRequest, done: Recorded, form: ContactForm) -> None:
    """Hang the photos on their answers; what could not be kept is told, and the answers stand all the same."""
    troubles = attach(done.checks, form.photos(), by=request.scope) + form.refused_photos()
    for words in troubles:
        messages.warning(request, words)
    if troubles:
        messages.info(request, _("The answers are saved. A photo can be added below."))


def _saved(done: Recorded, *, private: bool) -> SeeOther:
    """The page of the check; after a talk in private, without name and answers until somebody asks for them."""
    page = reverse("compliance:check", args=[done.checks[0]])
    return SeeOther(f"{page}?{PRIVATE}=1" if private else page)


def _say(request: PortalRequest, done: Recorded) -> None:
    """What was saved, in a sentence; nothing of what was answered, since messages outlive a glance at the screen."""
    if done.not_verified:
        messages.warning(
            request,
            ngettext(
                "Saved. %(count)d answer has nothing that showed it and counts as not verified.",
                "Saved. %(count)d answers have nothing that showed them and count as not verified.",
                len(done.not_verified),
            )
            % {"count": len(done.not_verified)},
        )
    else:
        messages.success(request, _("Saved."))


def _items(stage: str) -> tuple[Item, ...]:
    known = {s.code for s in catalogue().stages}
    if stage not in known:
        raise Http404
    return catalogue().to_ask(stage)


def _form_page(request: PortalRequest, placement, form: ContactForm, stage: str, *, status: int = 200) -> HttpResponse:
    context = {
        "placement": placement, "form": form, "stage": stage, "stage_label": stage_words(stage),
        "stages": [(s.code, stage_words(s.code)) for s in catalogue().stages],
        "timing": _(catalogue().stage(stage).timing),
    }  # fmt: skip
    return render(request, "compliance/check_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHECK_RECORD)
def told(request: PortalRequest, pk: int) -> HttpResponse:
    """What a worker told in confidence, never asked: recorded apart, by whoever was told."""
    placement = placement_or_404(pk)
    items = tuple(item for item in catalogue().items if item.disclosure_led)
    today = timezone.localdate()
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ContactForm(*data, items=items, stage=items[0].stage, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            done = _record(request, placement.pk, form, told=True)
        except CannotRecord as refused:
            form.refuse(refused.problems)
        else:
            messages.success(request, _("Saved."))
            _keep_photos(request, done, form)
            return _saved(done, private=True)
    status = 422 if request.method == "POST" else 200
    context = {"placement": placement, "form": form, "over": STEP[placement.state.step].is_end}
    return render(request, "compliance/told.html", context, status=status)


@require_safe
@requires(Permission.CHECK_VIEW)
def check(request: PortalRequest, pk: int) -> HttpResponse:
    """One check: what was answered, what failed, what it opened; private notes for those who may read them.

    Right after a talk in private the screen is still between two people: then it only says that the talk is kept.
    """
    findings = Finding.objects.order_by("pk")
    rows = Check.objects.select_related("placement__person", "site", "organisation", "pilot").prefetch_related(
        Prefetch("answers", CheckAnswer.objects.prefetch_related(Prefetch("findings", findings)))
    )
    found = get_object_or_404(rows, pk=pk)
    if request.GET.get(PRIVATE):
        return render(request, "compliance/check_private.html", {"check": found})
    writes = request.scope.allows(Permission.CHECK_RECORD) and may(AnswerFile, request.scope.db_role, "i")
    sees_notes = may(PrivateNote, request.scope.db_role, "r")
    notes = list(PrivateNote.objects.filter(check_record=found).order_by("pk")) if sees_notes else []
    if notes or found.restricted:
        audit.read_sensitive(
            request, "private note", found.pk, None if found.restricted else found.pilot_id, restricted=True
        )
    answers = sorted(found.answers.all(), key=lambda a: (not a.failed, a.answer != "not verified", a.item))
    book = {item.code: item for item in catalogue().items}
    lines = [
        {
            "answer": a, "question": question(a.item), "evidence": evidence_words(a.evidence), "finding": next(iter(a.findings.all()), None),
            "indicators": indicator_words(list(book[a.item].all_indicators)) if a.failed and a.item in book else [],
        }
        for a in answers
    ]  # fmt: skip
    context = {
        "check": found, "lines": lines, "stage_label": stage_words(found.stage), "today": timezone.localdate(),
        "failed": sum(a.failed for a in answers), "unverified": sum(a.answer == "not verified" for a in answers),
        "evidence": _evidence(answers), "may_write": writes,
        "evidence_form": EvidenceForm(items=[a.item for a in answers]) if writes else None,
        "notes": [(note, question(note.item) if note.item else "") for note in notes], "sees_notes": sees_notes,
    }  # fmt: skip
    return render(request, "compliance/check.html", context)


def _evidence(answers: list[CheckAnswer]) -> list[dict]:
    """The files of the check's answers that the reader may see, by item."""
    items = {a.pk: a.item for a in answers}
    found = (
        AnswerFile.objects.filter(answer__in=items)
        .select_related("organisation")
        .order_by("answer__item", "recorded_at")
    )
    return [
        lines_of(f, "compliance:check_file") | {"item": items[f.answer_id], "question": question(items[f.answer_id])}
        for f in found
    ]
