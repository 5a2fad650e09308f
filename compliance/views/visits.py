"""A visit to a site: the items that hold for everybody there are answered once, for all who were met."""

import itertools

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance.alone import key_of_talk, visit_key
from compliance.catalogue.reader import catalogue
from compliance.catalogue.spoken import spoken
from compliance.checking import CannotRecord, record_check
from compliance.evidence import attach
from compliance.forms import VisitForm, for_a_group
from compliance.models import Check
from compliance.words import stage_words
from pilots.models import Site
from workers.journey.moves import WITH_EMPLOYER
from workers.models import Placement

STAGES = ("arrival", "employment", "pre-return")
MOST = 500
WITH_PHOTOS = 40  # of the workers met at once: a photo is a file of each of their checks


def _parts(pk: int, stage: str) -> tuple[Site, list[Placement], tuple]:
    """The site, who works there now, and what can be answered for all of them."""
    site = get_object_or_404(Site.objects.select_related("employer", "pilot"), pk=pk)
    if stage not in STAGES:
        raise Http404
    rows = Placement.objects.filter(site=site, state__step__in=WITH_EMPLOYER).select_related("person", "state")
    return site, list(rows.order_by("person__family_name", "pk")[:MOST]), for_a_group(catalogue().to_ask(stage))


def _form(data, workers: list[Placement], items: tuple, stage: str, files=None, key: str = "") -> VisitForm:
    choices = [(p.pk, f"{p.person.name} ({p.person.worker_code})") for p in workers]
    form = VisitForm(data, files, workers=choices, items=items, stage=stage, today=timezone.localdate())
    if key:
        form.initial["key"] = key
    return form


@require_safe
@requires(Permission.CHECK_RECORD)
def visit_new(request: PortalRequest, pk: int) -> HttpResponse:
    """Choose who was met and answer what holds for all."""
    stage = request.GET.get("stage", "employment")
    site, workers, items = _parts(pk, stage)
    form = _form(None, workers, items, stage, key=visit_key(request.GET.get("visit", "")))
    return _page(request, site, form, stage, len(workers))


@require_POST
@requires(Permission.CHECK_RECORD)
def visits(request: PortalRequest, pk: int) -> HttpResponse:
    """Record the visit: one check for each worker met."""
    stage = request.POST.get("stage", "")
    site, workers, items = _parts(pk, stage)
    form = _form(request.POST, workers, items, stage, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        met = [int(w) for w in data["workers"]]
        try:
            done = record_check(
                met, stage, form.answers(), by=request.scope, done_on=data["done_on"], today=timezone.localdate(),
                mode=data["mode"], key=data["key"],
            )  # fmt: skip
        except CannotRecord as refused:
            form.refuse(
                [next(same) for _said, same in itertools.groupby(refused.problems, lambda p: (p.item, p.words))]
            )
        else:
            words = ngettext("Saved for %(count)d worker.", "Saved for %(count)d workers.", len(done.checks))
            messages.success(request, words % {"count": len(done.checks)})
            _keep_photos(request, done.checks, form)
            key = visit_key(data["key"])
            if not key:
                return SeeOther(f"{reverse('compliance:checks')}?site={site.pk}")
            return SeeOther(f"{reverse('compliance:visit', args=[site.pk, key])}?stage={stage}")
    return _page(request, site, form, stage, len(workers), status=422)


def _keep_photos(request: PortalRequest, checks: tuple[int, ...], form: VisitForm) -> None:
    """Hang each photo on the answers of those who were met; what could not be kept is told, the answers stand."""
    photos = form.photos()
    for words in attach(checks[:WITH_PHOTOS], photos, by=request.scope) + form.refused_photos():
        messages.warning(request, words)
    if photos and len(checks) > WITH_PHOTOS:
        words = _("A photo is kept with the first %(most)d of the workers; it shows the same for all.")
        messages.info(request, words % {"most": WITH_PHOTOS})


@require_safe
@requires(Permission.CHECK_RECORD)
def visit(request: PortalRequest, pk: int, key: str) -> HttpResponse:
    """A visit that goes on: what was saved for whom, and who can still be asked alone. Sent twice, it is this page again."""
    stage = request.GET.get("stage", "employment")
    site, workers, _same = _parts(pk, stage)
    if not visit_key(key):
        raise Http404("visit")
    talks = {key_of_talk(key, worker.pk): worker.pk for worker in workers}
    rows = Check.objects.filter(placement__in=[w.pk for w in workers], form_key__in=[key, *talks])
    found = list(rows.annotate(failed=Count("answers", filter=Q(answers__failed=True))).order_by("restricted", "pk"))
    together = {c.placement_id: c for c in found if c.form_key == key}
    asked = {c.placement_id for c in found if c.form_key != key}
    context = {
        "site": site, "key": key, "stage": stage, "stage_label": stage_words(stage), "saved": len(together),
        "failed": max((c.failed for c in together.values()), default=0), "may_ask": stage in spoken().stages,
        "lines": [{"worker": w, "check": together.get(w.pk), "asked": w.pk in asked} for w in workers],
        "talks": len(asked), "sample": next(iter(together.values()), None),
    }  # fmt: skip
    return render(request, "compliance/visit.html", context)


def _page(
    request: PortalRequest, site: Site, form: VisitForm, stage: str, workers: int, *, status: int = 200
) -> HttpResponse:
    context = {
        "site": site, "form": form, "stage": stage, "stage_label": stage_words(stage), "workers": workers,
        "stages": [(code, stage_words(code)) for code in STAGES], "may_ask": stage in spoken().stages,
        "key": form["key"].value() or "",
    }  # fmt: skip
    return render(request, "compliance/visit_form.html", context, status=status)
