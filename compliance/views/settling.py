"""One payment for several findings: whom it is for and whom it is not and why, its shares, and its verification.

``POST /payments/`` shows the split first and changes nothing; with ``confirmed`` it records the shares as they stand in
the form, which a person may have changed. ``/payments/3/`` is the payment, where somebody else verifies it.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organisation
from accounts.parameters import number, without
from accounts.refusing import refuse
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance.filter_forms import StateFilter
from compliance.models import Finding, Settlement
from compliance.remedies import settlements as door
from compliance.remedies import splitting
from compliance.remedy_forms import EndForm, PaymentForm, debtor_of
from compliance.views.payment_forms import payment_form
from compliance.views.together import chosen_of, workers_in
from compliance.words import finding_words

MAY = Permission.FINDING_RESOLVE
PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.FINDING_VIEW)
def payments(request: PortalRequest) -> HttpResponse:
    """GET: payments for several findings, those that wait for somebody to verify them first. POST: record one."""
    if request.method == "POST":
        request.scope.require(MAY)
        return _record(request)
    state = request.GET.get("state") or door.RECORDED
    rows = door.standing(Settlement.objects.select_related("debtor", "pilot"), state)
    if (after := number(request.GET.get("after", ""))) is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    states = [("", _("To be verified")), (door.VERIFIED, _("Verified")), (door.WITHDRAWN, _("Withdrawn"))]
    context = {
        "rows": found[:PAGE], "filter": StateFilter(request.GET, state=states), "given": without(request.GET, "after"),
        "next": found[PAGE - 1].pk if len(found) > PAGE else "",
    }  # fmt: skip
    return render(request, "compliance/payments.html", context)


def _shares(given: Mapping[str, str], ids: list[int]) -> dict[int, Decimal] | None:
    """The shares as they were typed; none where one is no amount."""
    found = {}
    for pk in ids:
        try:
            part = Decimal(given.get(f"share-{pk}", "").strip() or "0")
        except InvalidOperation:
            return None
        if not part.is_finite() or part < 0 or part != part.quantize(splitting.CENT):
            return None
        found[pk] = part
    return found


def _record(request: PortalRequest) -> HttpResponse:
    found, today = chosen_of(request.POST), timezone.localdate()
    form = payment_form(found, request.POST) if found else None
    if form is None:
        messages.warning(request, _("Nobody owes anything on the findings you ticked."))
        return SeeOther(reverse("compliance:findings"))
    if not form.is_valid():
        return _preview(request, form, found, status=422)
    if request.POST.get("confirmed") != "yes":
        return _preview(request, form, found, data=form.cleaned_data)
    data, shares = dict(form.cleaned_data), _shares(request.POST, [f.pk for f in found])
    if shares is None:
        form.add_error(None, _("A share is an amount with two decimals at most, such as 12.50."))
        return _preview(request, form, found, data=data, status=422)
    debtor, currency = debtor_of(data["who"])
    try:
        with transaction.atomic():
            made = door.record(
                shares, debtor_id=debtor, amount=data["amount"], currency=currency, agrees=data["agrees"],
                reference=data["reference"], words=data["words"], by=request.scope, on=data["on"], today=today,
            )  # fmt: skip
    except ValidationError as wrong:
        refuse(form, wrong)
        return _preview(request, form, found, data=data, shares=shares, status=422)
    messages.success(request, _("The payment is recorded. It counts once somebody else has verified it."))
    return SeeOther(reverse("compliance:payment", args=[made.pk]))


def _preview(
    request: PortalRequest,
    form: PaymentForm,
    found: list[Finding],
    *,
    data: dict | None = None,
    shares: dict | None = None,
    status: int = 200,
) -> HttpResponse:
    """Whom it is for with each share, whom it is not for and why, and what is over; only the form where it is wrong."""
    context: dict = {"form": form, "found": found, "given": data, "today": timezone.localdate()}
    if data is not None:
        debtor, currency = debtor_of(data["who"])
        rows = splitting.open_rows({f.pilot_id for f in found}, [f.pk for f in found], on=context["today"])
        able, refused = splitting.payable(found, rows, debtor_id=debtor, currency=currency, agrees=data["agrees"])
        rooms = {f.pk: splitting.room(row, data["agrees"]) for f, row in able}
        parts = shares or splitting.split(data["amount"], rooms, data["how"])
        context |= {
            "able": [
                {"finding": f, "row": row, "share": parts.get(f.pk, Decimal(0)), "most": rooms[f.pk],
                 "question": finding_words(f)}
                for f, row in able
            ],
            "refused": [{"refused": r, "question": finding_words(r.finding)} for r in refused],
            "workers": workers_in([f for f, _row in able if parts.get(f.pk)]), "currency": currency,
            "over": data["amount"] - sum((parts.get(f.pk, Decimal(0)) for f, _row in able), Decimal(0)),
            "debtor": Organisation.objects.get(pk=debtor),
        }  # fmt: skip
    return render(request, "compliance/payment_new.html", context, status=status)


def _one(pk: int) -> Settlement:
    return get_object_or_404(door.standing(Settlement.objects.select_related("debtor", "pilot")), pk=pk)


@require_safe
@requires(Permission.FINDING_VIEW)
def payment(request: PortalRequest, pk: int) -> HttpResponse:
    """One payment with its shares, and how it ended."""
    return _page(request, _one(pk))


def _page(request: PortalRequest, found: Settlement, *, status: int = 200, **sent: EndForm) -> HttpResponse:
    lines = list(found.lines.select_related("finding__placement__person", "finding__site").order_by("pk"))
    state = found.state  # type: ignore[attr-defined]  # annotated by ``standing``
    may = request.scope.allows(MAY) and state == door.RECORDED
    mine = found.user_id == request.scope.user_id or found.debtor_id == request.scope.organisation_id
    context = {
        "payment": found, "state": state, "mine": mine, "end": found.ends.select_related("organisation").first(),
        "lines": [{"line": line, "question": finding_words(line.finding)} for line in lines],
        "over": found.amount - sum((line.amount for line in lines), Decimal(0)),
        "workers": workers_in([line.finding for line in lines]), "today": timezone.localdate(),
        "verify_form": sent.get("verify_form") or (_end_form("verify") if may and not mine else None),
        "withdraw_form": sent.get("withdraw_form") or (_end_form("withdraw") if may else None),
    }  # fmt: skip
    return render(request, "compliance/payment.html", context, status=status)


def _end_form(name: str, data=None) -> EndForm:
    labels = {"verify": _("How you know that it was paid"), "withdraw": _("Why it is withdrawn")}
    return EndForm(data, label=labels[name], auto_id=f"{name}_%s")


def _ended(request: PortalRequest, pk: int, name: str, act, done: str) -> HttpResponse:
    found, form = _one(pk), _end_form(name, request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                act(found, by=request.scope, on=timezone.localdate(), words=form.cleaned_data["words"])
        except ValidationError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, done)
            return SeeOther(reverse("compliance:payment", args=[pk]))
    return _page(request, _one(pk), status=422, **{f"{name}_form": form})


@require_POST
@requires(MAY)
def payment_verifications(request: PortalRequest, pk: int) -> HttpResponse:
    """Somebody else saw that it was paid: its shares go into the ledgers."""
    return _ended(request, pk, "verify", door.verify, _("Verified. Every share stands in its ledger now."))


@require_POST
@requires(MAY)
def payment_withdrawals(request: PortalRequest, pk: int) -> HttpResponse:
    """It was a mistake."""
    return _ended(request, pk, "withdraw", door.withdraw, _("The payment is withdrawn and counts nothing."))
