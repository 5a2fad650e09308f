"""The remedy ledger: entries of one finding, and the ledger of a pilot with the list behind every total."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.parameters import number
from accounts.refusing import refuse
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance.filter_forms import ListFilter
from compliance.models import RemedyEntry
from compliance.remedies import ledger as door
from compliance.remedies.totals import COLUMNS, lines, totals
from compliance.remedy_forms import EntryForm, TakeBackForm
from compliance.views.findings import finding_or_404, finding_page
from compliance.words import finding_words
from pilots.chosen import pilot_number
from pilots.models import Pilot

PAGE = 50
UNKNOWN = "unknown"  # nobody is known who must repay


@require_POST
@requires(Permission.FINDING_RESOLVE)
def entries(request: PortalRequest, pk: int) -> HttpResponse:
    """Add an entry to the ledger of this finding."""
    found = finding_or_404(pk)
    form = EntryForm(request.POST, may_write_off=request.scope.allows(Permission.FINDING_WAIVE))
    if form.is_valid() and form.cleaned_data["on"] > timezone.localdate():
        form.add_error("on", _("The date lies in the future."))
    if form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                door.record(
                    found, data["kind"], data["amount"], currency=data["currency"], by=request.scope, on=data["on"],
                    words=data["words"],
                )  # fmt: skip
        except ValidationError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, _("The ledger has a new entry."))
            return SeeOther(f"{reverse('compliance:finding', args=[pk])}#money")
    return finding_page(request, found, status=422, sent={"entry_form": form})


@require_POST
@requires(Permission.FINDING_RESOLVE)
def reversals(request: PortalRequest, pk: int) -> HttpResponse:
    """Take back an entry that was a mistake."""
    entry = get_object_or_404(RemedyEntry, pk=pk)
    form = TakeBackForm(request.POST)
    problem = _("Say why it is taken back.")
    if form.is_valid():
        try:
            with transaction.atomic():
                door.take_back(entry, by=request.scope, on=timezone.localdate(), words=form.cleaned_data["words"])
        except ValidationError as wrong:
            problem = " ".join(wrong.messages)
        except PermissionDenied:
            raise
        else:
            messages.success(request, _("The entry is taken back by one of its own kind."))
            return SeeOther(f"{reverse('compliance:finding', args=[entry.finding_id])}#money")
    return finding_page(request, finding_or_404(entry.finding_id), status=422, problem=problem)


@require_safe
@requires(Permission.FINDING_VIEW)
def ledger(request: PortalRequest) -> HttpResponse:
    """What is owed to workers and what reached them: totals by who must repay and currency, each opening its list."""
    pilots = list(Pilot.objects.order_by("name", "pk"))
    wanted = pilot_number(request.GET.get("pilot", ""))
    pilot = next((p for p in pilots if p.pk == wanted), None)
    rows = totals([p.pk for p in pilots if wanted in (None, p.pk)], on=timezone.localdate())
    context = {"rows": rows, "filter": ListFilter(request.GET, pilots), "pilot": pilot, "today": timezone.localdate()}
    return render(request, "compliance/ledger.html", context)


@require_safe
@requires(Permission.FINDING_VIEW)
def ledger_lines(request: PortalRequest) -> HttpResponse:
    """The findings behind one total of the ledger, the oldest first, with their sum."""
    given = request.GET
    show = given.get("show", "owed")
    show = show if show in COLUMNS else "owed"
    pilot = pilot_number(given.get("pilot", ""))
    found = lines(
        [pk for pk in request.scope.pilot_ids if pilot in (None, pk)],
        on=timezone.localdate(), debtor_id=number(given.get("debtor", "")),
        unknown=given.get("debtor", "") == UNKNOWN, currency=given.get("currency", "")[:3], show=show,
        after=number(given.get("after", "")), limit=PAGE,
    )  # fmt: skip
    context = {
        "found": found, "may_settle": request.scope.allows(Permission.FINDING_RESOLVE), "show": show, "label": COLUMNS[show], "today": timezone.localdate(),
        "rows": [{"line": row, "question": finding_words(row.finding)} for row in found.rows],
        "pilot": given.get("pilot", ""), "debtor": given.get("debtor", ""), "currency": given.get("currency", ""),
    }  # fmt: skip
    return render(request, "compliance/ledger_lines.html", context)
