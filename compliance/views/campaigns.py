"""Campaigns: draw a sample of a partner's files, work through it, and read what it says with its error."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.merging import alone_with, ask, settle
from accounts.parameters import number
from accounts.refusing import refuse
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance.campaigns.drawing import OF_KIND, draw
from compliance.campaigns.forms import DrawForm, FileForm
from compliance.campaigns.questions import QUESTIONS
from compliance.campaigns.reviewing import current, results, review
from compliance.models import Campaign, CampaignItem
from pilots.models import Cohort, Participation, Pilot

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.FINDING_VIEW)
def campaigns(request: PortalRequest) -> HttpResponse:
    """GET: the campaigns of the pilots. POST: draw a new one."""
    if request.method == "POST":
        return draw_one(request)
    after = number(request.GET.get("after", ""))
    rows = Campaign.objects.select_related("pilot", "partner", "cohort").defer("population").order_by("-pk")
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(
        rows.annotate(touched=Count("items", filter=Q(items__answers__isnull=False), distinct=True))[: PAGE + 1]
    )
    context = {
        "rows": found[:PAGE], "next": found[PAGE - 1].pk if len(found) > PAGE else "",
        "may_draw": request.scope.allows(Permission.FINDING_RESOLVE),
    }  # fmt: skip
    return render(request, "compliance/campaigns.html", context)


def _draw_form(data=None) -> DrawForm:
    parts = Participation.objects.filter(kind__in=list(OF_KIND), left_on__isnull=True).select_related(
        "organisation", "pilot"
    )
    partners = [
        (f"{p.pilot_id}-{p.organisation_id}", f"{p.organisation.name} · {p.pilot.name}")
        for p in parts.order_by("organisation__name", "pilot__name", "pk")
    ]
    cohorts = [
        (str(c.pk), f"{c.name} · {c.pilot.name}")
        for c in Cohort.objects.select_related("pilot").order_by("pilot__name", "-departs_on", "pk")
    ]
    return DrawForm(data, partners=partners, cohorts=cohorts)


@require_safe
@requires(Permission.FINDING_RESOLVE)
def campaign_new(request: PortalRequest) -> HttpResponse:
    """The form that draws a sample."""
    return render(request, "compliance/campaign_form.html", {"form": _draw_form()})


@requires(Permission.FINDING_RESOLVE)
def draw_one(request: PortalRequest) -> HttpResponse:
    """Draw the sample that was asked for (POST to the campaigns)."""
    form = _draw_form(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        pilot_id, partner_id = (int(part) for part in data["partner"].split("-"))
        try:
            with transaction.atomic():
                made = draw(
                    Pilot.objects.get(pk=pilot_id), partner_id, sample_size=data["sample_size"], seed=data["seed"],
                    questions=data["questions"], by=request.scope, on=timezone.localdate(),
                    cohort=Cohort.objects.get(pk=int(data["cohort"])) if data["cohort"] else None,
                )  # fmt: skip
        except ValidationError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, _("The sample is drawn."))
            return SeeOther(reverse("compliance:campaign", args=[made.pk]))
    return render(request, "compliance/campaign_form.html", {"form": form}, status=422)


@require_safe
@requires(Permission.FINDING_VIEW)
def campaign(request: PortalRequest, pk: int) -> HttpResponse:
    """One campaign: what it says, how it was drawn, and its files."""
    found = get_object_or_404(Campaign.objects.select_related("pilot", "partner", "cohort").defer("population"), pk=pk)
    after = number(request.GET.get("after", ""))
    items = CampaignItem.objects.filter(campaign=found).select_related("placement__person").order_by("place")
    if after is not None:
        items = items.filter(place__gt=after)
    rows = list(items.annotate(answered=Count("answers__question", distinct=True))[: PAGE + 1])
    asked = results(found)
    context = {
        "campaign": found, "results": asked, "rows": rows[:PAGE], "asked": len(found.questions),
        "next": rows[PAGE - 1].place if len(rows) > PAGE else "",
        "may_review": request.scope.allows(Permission.FINDING_RESOLVE),
        "looked_at": sum(r.looked_at for r in asked), "to_look_at": found.sample_size * len(found.questions),
    }  # fmt: skip
    return render(request, "compliance/campaign.html", context)


def _file(pk: int) -> CampaignItem:
    rows = CampaignItem.objects.select_related("campaign__partner", "placement__person", "placement__cohort")
    return get_object_or_404(rows, pk=pk)


def _file_form(item: CampaignItem, data=None) -> FileForm:
    questions = [QUESTIONS[code] for code in item.campaign.questions]
    return FileForm(data, questions=questions, stands=current(item), initial={"on": timezone.localdate()})


@require_safe
@requires(Permission.FINDING_RESOLVE)
def campaign_file(request: PortalRequest, pk: int) -> HttpResponse:
    """The questions of one file of the sample."""
    item = _file(pk)
    return render(request, "compliance/campaign_file.html", {"item": item, "form": _file_form(item)})


@require_POST
@requires(Permission.FINDING_RESOLVE)
def campaign_answers(request: PortalRequest, pk: int) -> HttpResponse:
    """Record what was found in the file, and go on to the next one."""
    item, today = _file(pk), timezone.localdate()
    alone_with("file of a campaign", pk)
    form = _file_form(item, request.POST)
    if form.is_valid() and form.cleaned_data["on"] > today:
        form.add_error("on", _("The date lies in the future."))
    if form.is_valid():
        settled = settle(form, form.now)
        if settled.open:
            back = reverse("compliance:campaign_file", args=[pk])
            return ask(request, form, settled, form.now, title=item.placement.person.name, back=back)
        try:
            review(item, form.answers(settled.values), by=request.scope, on=form.cleaned_data["on"])
        except ValidationError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, _("Saved."))
            after = CampaignItem.objects.filter(campaign=item.campaign, place__gt=item.place).order_by("place").first()
            name, key = ("campaign_file", after.pk) if after else ("campaign", item.campaign_id)
            return SeeOther(reverse(f"compliance:{name}", args=[key]))
    return render(request, "compliance/campaign_file.html", {"item": item, "form": form}, status=422)
