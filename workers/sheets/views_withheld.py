"""Comments that tell of health or abuse: handed over by who sent the sheet, read by those few who may."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.parameters import number
from accounts.requests import PortalRequest
from accounts.roles import Kind, Permission
from accounts.rows import may
from accounts.verbs import SeeOther, requires
from workers.models import Person, Placement, WithheldReading, WithheldText

from . import background
from .handing_over import hand_over
from .handling import long, own_batch, url_of
from .refusals import SheetRefused

PAGE = 50


@require_POST
@requires(Permission.SHEET_SEND)
def import_hand_over(request: PortalRequest, pk: int) -> HttpResponse:
    """Hand the withheld comments of a sheet over to the safeguarding leads of its pilot."""
    batch = own_batch(request, pk)
    if not batch.summary.get("withheld"):
        raise Http404
    if long(batch):
        background.ask("hand_over_sheet", batch, by=request.scope)
        return SeeOther(url_of(batch))
    try:
        rows = hand_over(batch, by=request.scope)
    except SheetRefused as refused:
        messages.error(request, refused.message)
        return SeeOther(url_of(batch))
    messages.success(
        request,
        ngettext(
            "The comment of %(n)s row was handed over to the safeguarding lead.",
            "The comments of %(n)s rows were handed over to the safeguarding lead.", rows,
        ) % {"n": rows},
    )  # fmt: skip
    return SeeOther(url_of(batch))


def may_read(request: PortalRequest) -> bool:
    """Whether the reader's role reads what was handed over."""
    return request.scope.allows(Permission.CASE_RESTRICTED) and may(WithheldText, request.scope.db_role)


@require_safe
@requires(Permission.CASE_RESTRICTED)
def withheld(request: PortalRequest) -> HttpResponse:
    """The comments that were handed over in the pilots of a safeguarding lead, newest first."""
    if not may_read(request):
        raise PermissionDenied("only safeguarding leads read what was handed over")
    found = (
        WithheldText.objects.select_related("pilot", "organisation").prefetch_related("readings__user").order_by("-id")
    )
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    texts = list(found[: PAGE + 1])
    for pilot_id in dict.fromkeys(text.pilot_id for text in texts):
        audit.read_sensitive(request, "withheld comments", pilot_id, pilot_id, restricted=True)
    here = reverse("workers:import_withheld")
    rows = _placed(texts[:PAGE])
    context = {
        "rows": rows, "new": [row.text.pk for row in rows if not row.reading],
        "older": f"{here}?before={texts[PAGE - 1].pk}" if len(texts) > PAGE else "", "newest": here if before else "",
        "title": _("Comments handed over"),
    }  # fmt: skip
    return render(request, "workers/sheets/withheld.html", context)


@require_POST
@requires(Permission.CASE_RESTRICTED)
def withheld_readings(request: PortalRequest) -> HttpResponse:
    """Say that the comments shown on a page were read: they are new for none of the leads any more."""
    if not may_read(request):
        raise PermissionDenied("only safeguarding leads read what was handed over")
    asked = [found for text in request.POST.getlist("text")[:PAGE] if (found := number(text)) is not None]
    unread = WithheldText.objects.filter(pk__in=asked, readings=None)
    marks = [
        WithheldReading(pilot_id=pilot, text_id=pk, user_id=request.scope.user_id)
        for pk, pilot in unread.values_list("pk", "pilot_id")
    ]
    # Two leads may say so at once; whoever was first stands.
    WithheldReading.objects.bulk_create(marks, ignore_conflicts=True)
    messages.success(
        request,
        ngettext("%(n)s comment is marked as read.", "%(n)s comments are marked as read.", len(marks))
        % {"n": len(marks)},
    )
    return SeeOther(reverse("workers:import_withheld"))


@dataclass(frozen=True, slots=True)
class Handed:
    """A comment: the newest placement of the person whose code stands in its row, as far as it is seen, and whether that
    person is none of the recruiter or employer who sent it. What it says is then to be taken with care. ``reading`` says
    who marked it as read, and when; without one it is new."""

    text: WithheldText
    placement: int | None
    of_another: bool
    reading: WithheldReading | None


def _placed(texts: list[WithheldText]) -> list[Handed]:
    codes = {(text.pilot_id, text.worker_code) for text in texts if text.worker_code}
    people = Person.objects.filter(pilot_id__in={p for p, _c in codes}, worker_code__in={c for _p, c in codes})
    of_person = {(pilot, code): pk for pk, pilot, code in people.values_list("pk", "pilot_id", "worker_code")}
    newest: dict[int, int] = {}
    whose: dict[int, set[int | None]] = {}
    rows = Placement.objects.filter(person_id__in=of_person.values()).order_by("pk")
    for pk, person, recruiter, employer in rows.values_list("pk", "person_id", "recruiter_id", "employer_id"):
        newest[person] = pk
        whose.setdefault(person, set()).update({recruiter, employer})
    for person, recruiter in people.values_list("pk", "recruiter_id"):
        whose.setdefault(person, set()).add(recruiter)
    found = []
    for text in texts:
        person = of_person.get((text.pilot_id, text.worker_code), 0)
        partner = text.organisation.kind in (Kind.RECRUITER, Kind.EMPLOYER)
        of_another = bool(person) and partner and text.organisation_id not in whose.get(person, set())
        found.append(Handed(text, newest.get(person), of_another, next(iter(text.readings.all()), None)))
    return found
