"""A visit to a site: the items that hold for everybody there are answered once, for all who were met."""

import itertools

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance.catalogue.reader import catalogue
from compliance.checking import CannotRecord, record_check
from compliance.forms import VisitForm, for_a_group
from compliance.words import stage_words
from pilots.models import Site
from workers.journey.moves import WITH_EMPLOYER
from workers.models import Placement

STAGES = ("arrival", "employment", "pre-return")
MOST = 500


def _parts(pk: int, stage: str) -> tuple[Site, list[Placement], tuple]:
    """The site, who works there now, and what can be answered for all of them."""
    site = get_object_or_404(Site.objects.select_related("employer", "pilot"), pk=pk)
    if stage not in STAGES:
        raise Http404
    rows = Placement.objects.filter(site=site, state__step__in=WITH_EMPLOYER).select_related("person", "state")
    return site, list(rows.order_by("person__family_name", "pk")[:MOST]), for_a_group(catalogue().to_ask(stage))


def _form(data, workers: list[Placement], items: tuple, stage: str) -> VisitForm:
    choices = [(p.pk, f"{p.person.name} ({p.person.worker_code})") for p in workers]
    return VisitForm(data, workers=choices, items=items, stage=stage, today=timezone.localdate())


@require_safe
@requires(Permission.CHECK_RECORD)
def visit_new(request: PortalRequest, pk: int) -> HttpResponse:
    """Choose who was met and answer what holds for all."""
    stage = request.GET.get("stage", "employment")
    site, workers, items = _parts(pk, stage)
    return _page(request, site, _form(None, workers, items, stage), stage, len(workers))


@require_POST
@requires(Permission.CHECK_RECORD)
def visits(request: PortalRequest, pk: int) -> HttpResponse:
    """Record the visit: one check for each worker met."""
    stage = request.POST.get("stage", "")
    site, workers, items = _parts(pk, stage)
    form = _form(request.POST, workers, items, stage)
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
                [next(same) for _words, same in itertools.groupby(refused.problems, lambda p: (p.item, p.words))]
            )
        else:
            words = ngettext("Saved for %(count)d worker.", "Saved for %(count)d workers.", len(done.checks))
            messages.success(request, words % {"count": len(done.checks)})
            return SeeOther(f"{reverse('compliance:checks')}?site={site.pk}")
    return _page(request, site, form, stage, len(workers), status=422)


def _page(
    request: PortalRequest, site: Site, form: VisitForm, stage: str, workers: int, *, status: int = 200
) -> HttpResponse:
    context = {
        "site": site, "form": form, "stage": stage, "stage_label": stage_words(stage), "workers": workers,
        "stages": [(code, stage_words(code)) for code in STAGES],
    }  # fmt: skip
    return render(request, "compliance/visit_form.html", context, status=status)
