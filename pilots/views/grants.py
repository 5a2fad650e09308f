"""The grants of a pilot and their targets: what a funder gave, and what was agreed to be reached with it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.amounts import day_words
from accounts.merging import overtaken, write_row
from accounts.models import History, User
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from pilots.forms_grants import ClosingForm, GrantChangeForm, GrantForm, TargetChangeForm, TargetForm
from pilots.models import AIMED, Grant, GrantTarget
from pilots.views.places import pilot_or_404

MOST = 200
TOLD = (
    "name", "reference", "amount", "currency", "starts_on", "ends_on", "closed_on", "closed_reason", "figure", "value",
    "by_on", "agreed_on", "ended_on", "ended_reason",
)  # fmt: skip
GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


def _lines(grant: Grant) -> list[dict]:
    """The targets of a grant, each with the unit it is written in."""
    return [
        {
            "label": AIMED[row.figure].label,
            "value": row.value,
            "unit": AIMED[row.figure].unit,
            "by": row.by_on,
            "row": row,
        }
        for row in grant.targets.all()
    ]


@GET_AND_POST
@requires(Permission.PILOT_EDIT)
def grants(request: PortalRequest, slug: str) -> HttpResponse:
    """The grants of the pilot, and the form to record one. POST records it."""
    pilot = pilot_or_404(slug)
    form = GrantForm(request.POST if request.method == "POST" else None, instance=Grant(pilot=pilot), pilot=pilot)
    if request.method == "POST" and form.is_valid():
        grant = form.save()
        messages.success(request, _("The grant was recorded. Now add what was agreed to be reached with it."))
        return SeeOther(reverse("pilots:grant_targets", args=[pilot.slug, grant.pk]))
    targets = Prefetch("targets", GrantTarget.objects.order_by("by_on", "id"))
    found = Grant.objects.filter(pilot=pilot).select_related("organisation").prefetch_related(targets)
    lines = [{"grant": grant, "targets": _lines(grant)} for grant in found]
    status = 422 if request.method == "POST" else 200
    return render(request, "pilots/grants.html", {"pilot": pilot, "lines": lines, "form": form}, status=status)


@GET_AND_POST
@requires(Permission.PILOT_EDIT)
def targets(request: PortalRequest, slug: str, pk: int) -> HttpResponse:
    """The targets of one grant, and the form to add one. POST adds it."""
    pilot = pilot_or_404(slug)
    grant = get_object_or_404(Grant.objects.select_related("organisation"), pk=pk, pilot=pilot)
    row = GrantTarget(pilot=pilot, organisation_id=grant.organisation_id, grant=grant)
    form = TargetForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The target was added."))
        return SeeOther(reverse("pilots:grant_targets", args=[pilot.slug, grant.pk]))
    context = {"pilot": pilot, "grant": grant, "targets": _lines(grant), "form": form}
    return render(request, "pilots/grant.html", context, status=422 if request.method == "POST" else 200)


def _grant_or_404(slug: str, pk: int) -> Grant:
    return get_object_or_404(Grant.objects.select_related("organisation", "pilot"), pk=pk, pilot=pilot_or_404(slug))


def _was(grant: Grant) -> list[dict]:
    """What the grant and its targets said before each change, newest first, in the words of their fields."""
    tables: dict[str, type[Grant] | type[GrantTarget]] = {
        Grant._meta.db_table: Grant, GrantTarget._meta.db_table: GrantTarget,
    }  # fmt: skip
    of_grant = Q(table_name=Grant._meta.db_table, row_id=grant.pk)
    of_targets = Q(table_name=GrantTarget._meta.db_table, row_id__in=[target.pk for target in grant.targets.all()])
    kept = list(
        History.objects.filter(of_grant | of_targets, operation="U", pilot_id=grant.pilot_id).order_by("-pk")[:MOST]
    )
    names = dict(User.objects.filter(pk__in={row.user_id for row in kept}).values_list("pk", "name"))
    return [
        {"at": row.at, "who": names.get(row.user_id or 0, ""), "what": tables[row.table_name]._meta.verbose_name,
         "said": list(_said(tables[row.table_name], row.before or {}))}
        for row in kept
    ]  # fmt: skip


def _said(model: type[Grant] | type[GrantTarget], before: dict) -> Iterator[tuple[str, str]]:
    words = {field.name: str(field.verbose_name) for field in model._meta.fields}
    for name in TOLD:
        if before.get(name) not in (None, ""):
            said = before[name]
            yield words[name], f"{said:.2f}" if isinstance(said, float) else str(said)


def _grant_page(request: PortalRequest, grant: Grant, form: GrantChangeForm, closing: ClosingForm) -> HttpResponse:
    stored = Grant.objects.select_related("organisation", "pilot").get(pk=grant.pk)
    context = {"pilot": stored.pilot, "grant": stored, "form": form, "closing": closing, "was": _was(stored)}
    return render(request, "pilots/grant_change.html", context, status=422 if form.errors or closing.errors else 200)


def _form[F: (GrantChangeForm, ClosingForm)](kind: type[F], found: Grant, data: QueryDict | None = None) -> F:
    """A form over the grant as it stands, which carries what its reader saw of it."""
    now = _standing(kind, found)  # before the form puts into the row what was sent
    form = kind(data, instance=found, auto_id=f"{kind.__name__.lower()}-%s")  # two of them stand on one page
    form.show(now)
    return form


def _standing(kind: type[GrantChangeForm | ClosingForm], found: Grant) -> dict[str, Any]:
    return {name: getattr(found, name) for name in kind.Meta.fields}


def _locked(slug: str, pk: int) -> Grant:
    """The grant, which nobody else changes until this request is over."""
    _grant_or_404(slug, pk)
    return Grant.objects.select_for_update(of=("self",)).select_related("organisation", "pilot").get(pk=pk)


@GET_AND_POST
@requires(Permission.PILOT_EDIT)
def grant(request: PortalRequest, slug: str, pk: int) -> HttpResponse:
    """One grant: set right what was recorded, close it, and what it said before. POST sets it right."""
    if request.method != "POST":
        found = _grant_or_404(slug, pk)
        return _grant_page(request, found, _form(GrantChangeForm, found), _form(ClosingForm, found))
    found = _locked(slug, pk)
    now, form = _standing(GrantChangeForm, found), _form(GrantChangeForm, found, request.POST)
    if form.is_valid():
        asked = write_row(request, form, found, now, title=now["name"], back=reverse("pilots:grant", args=[slug, pk]))
        if asked is not None:
            return asked
        if not form.errors:
            messages.success(request, _("The grant was changed. What it said before is kept."))
            return SeeOther(reverse("pilots:grant", args=[slug, pk]))
    return _grant_page(request, found, form, _form(ClosingForm, _grant_or_404(slug, pk)))


@require_POST
@requires(Permission.PILOT_EDIT)
def closings(request: PortalRequest, slug: str, pk: int) -> HttpResponse:
    """Close a grant on a day with a reason, or open it again with neither."""
    found = _locked(slug, pk)
    now, form = _standing(ClosingForm, found), _form(ClosingForm, found, request.POST)
    if form.is_valid():
        asked = write_row(request, form, found, now, title=found.name, back=reverse("pilots:grant", args=[slug, pk]))
        if asked is not None:
            return asked
        if not form.errors:
            messages.success(request, _("The grant is closed.") if found.closed_on else _("The grant is open again."))
            return SeeOther(reverse("pilots:grant", args=[slug, pk]))
    return _grant_page(request, found, _form(GrantChangeForm, _grant_or_404(slug, pk)), form)


@GET_AND_POST
@requires(Permission.PILOT_EDIT)
def target(request: PortalRequest, slug: str, pk: int, target: int) -> HttpResponse:
    """A target is another one from a day on, or none any more. POST ends it, and records the new one."""
    found = _grant_or_404(slug, pk)
    rows = GrantTarget.objects.select_related("grant")
    # Of two who change it at once, the second finds that it has ended.
    rows = rows.select_for_update(of=("self",)) if request.method == "POST" else rows
    row = get_object_or_404(rows, pk=target, grant=found)
    form = TargetChangeForm(request.POST if request.method == "POST" else None, target=row)
    if row.ended_on is not None:
        return _ended_meanwhile(request, row, form, reverse("pilots:grant_targets", args=[slug, pk]))
    if form.is_valid():
        form.save()
        messages.success(request, _("The target was changed. What was agreed before is kept, with its days."))
        return SeeOther(reverse("pilots:grant_targets", args=[slug, pk]))
    context = {"pilot": found.pilot, "grant": found, "target": row, "label": AIMED[row.figure].label, "form": form}
    return render(request, "pilots/grant_target.html", context, status=422 if form.errors else 200)


def _ended_meanwhile(request: PortalRequest, row: GrantTarget, form: TargetChangeForm, back: str) -> HttpResponse:
    """What somebody else made of the target, beside what this form would have made of it; 404 before it is sent."""
    if request.method != "POST":
        raise Http404("target ended")
    assert row.ended_on is not None, "asked of ended targets alone"
    after = GrantTarget.objects.filter(grant=row.grant_id, figure=row.figure, agreed_on=row.ended_on, pk__gt=row.pk)
    theirs = {str(form.fields["on"].label): day_words(row.ended_on), str(form.fields["reason"].label): row.ended_reason}
    if (new := after.order_by("pk").first()) is not None:
        theirs |= {
            str(form.fields["value"].label): str(new.value), str(form.fields["by_on"].label): day_words(new.by_on),
        }  # fmt: skip
    return overtaken(request, form, theirs, title=str(AIMED[row.figure].label), back=back)
