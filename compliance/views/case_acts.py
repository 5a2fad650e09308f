"""What is done with a case: each POST is one act of a named reader. A refusal shows the cover and the form, never the account."""

from collections.abc import Callable
from datetime import date
from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.merging import ask, read_again, settle
from accounts.refusing import refuse
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.scope import Scope
from accounts.verbs import SeeOther, requires
from compliance.grievances import door, identity, keeping, offers, readers
from compliance.grievances.forms import ChangeForm
from compliance.models import Grievance
from compliance.views.case_forms import Act, act, move_of, stands
from compliance.views.cases import one, page

HANDLE = Permission.CASE_HANDLE
type Do = Callable[[Grievance, dict, Scope, date], object]


def perform(request: PortalRequest, found: Grievance, chosen: Act | None, do: Do) -> HttpResponse:
    """Do it and go back to the cover; or 422 with what is wrong, 409 where another reader was quicker."""
    if chosen is None:
        raise Http404
    form = chosen.form
    if form.is_valid():
        data = dict(form.cleaned_data)
        stands = found.revision
        found.revision = data.pop("revision", stands)
        try:
            with transaction.atomic():
                do(found, data, request.scope, timezone.localdate())
        except ValidationError as wrong:
            found.revision = stands
            refuse(form, wrong)
        except door.Changed:  # what was written stays in the form, to be sent again or left
            fresh = one(request, found.code)
            read_again(form, fresh.revision)
            return page(request, fresh, opened=False, late=True, status=409, acts=[chosen], refused=True)
        else:
            messages.success(request, _("Saved."))
            still = Grievance.objects.filter(pk=found.pk).exists()
            return SeeOther(reverse("compliance:case", args=[found.code]) if still else reverse("compliance:cases"))
    return page(request, found, opened=False, status=422, acts=[chosen], refused=True)


@require_POST
@requires(HANDLE)
def moves(request: PortalRequest, code: str) -> HttpResponse:
    """To the next stage."""
    found = one(request, code)
    name = request.POST.get("move", "")
    return perform(
        request, found, move_of(request, found), lambda g, data, by, on: door.move(g, name, by=by, on=on, **data)
    )


@require_POST
@requires(HANDLE)
def notes(request: PortalRequest, code: str) -> HttpResponse:
    """Add an internal note."""
    found = one(request, code)
    return perform(
        request, found, act(request, found, "note", request.POST),
        lambda g, data, by, on: door.note(g, by=by, on=on, text=data["text"]),
    )  # fmt: skip


@require_POST
@requires(HANDLE)
def case_messages(request: PortalRequest, code: str) -> HttpResponse:
    """Write to the person."""
    found = one(request, code)
    return perform(
        request, found, act(request, found, "message", request.POST),
        lambda g, data, by, on: door.say(g, by=by, on=on, text=data["message"]),
    )  # fmt: skip


@require_POST
@requires(HANDLE)
def changes(request: PortalRequest, code: str) -> HttpResponse:
    """Change what staff keep beside the words. What another reader changed meanwhile is weighed against it."""
    found = one(request, code)
    chosen = act(request, found, "change", request.POST)
    named = request.scope.user_id in found.reader_ids
    if (
        chosen is not None
        and named
        and chosen.form.is_valid()
        and chosen.form.cleaned_data["revision"] < found.revision
    ):
        now = stands(found)
        form = cast("ChangeForm", chosen.form)
        settled = settle(form, now)
        if settled.open:
            back = reverse("compliance:case", args=[code])
            return ask(request, form, settled, now, title=str(chosen.title), back=back)
        form.cleaned_data |= settled.values | {"revision": found.revision}
    return perform(
        request, found, chosen,
        lambda g, data, by, on: door.change(g, by=by, on=on, **chosen.form.values()),  # type: ignore[union-attr]
    )  # fmt: skip


@require_POST
@requires(HANDLE)
def case_readers(request: PortalRequest, code: str) -> HttpResponse:
    """Name a reader, take one off, or hand over."""
    found = one(request, code)
    does = {"name": readers.grant, "remove": readers.remove, "lead": readers.hand_over}
    name = request.POST.get("act", "")
    if name not in does:
        raise Http404
    return perform(
        request, found, act(request, found, name, request.POST),
        lambda g, data, by, on: does[name](g, data["reader"], by=by, on=on, why=data["why"]),
    )  # fmt: skip


@require_POST
@requires(HANDLE)
def identities(request: PortalRequest, code: str) -> HttpResponse:
    """Release who the person is to a reader, or take it back."""
    found = one(request, code)
    name = request.POST.get("act", "")
    if name not in {"release", "withdraw"}:
        raise Http404

    def do(g: Grievance, data: dict, by: Scope, on: date) -> None:
        if name == "release":
            identity.release(g, data["reader"], by=by, on=on, consent=data["why"])
        else:
            identity.withdraw(g, data["reader"], by=by, on=on)

    return perform(request, found, act(request, found, name, request.POST, known=identity.of(found)), do)


@require_POST
@requires(HANDLE)
def concerned(request: PortalRequest, code: str) -> HttpResponse:
    """It is also about these: they stop reading now."""
    found = one(request, code)

    def do(g: Grievance, data: dict, by: Scope, on: date) -> None:
        door.require_reader(g, by)
        organisations, persons = ([int(pk) for pk in data[name]] for name in ("concerned", "persons"))
        readers.concern(g, organisations, persons, by=by, on=on)

    return perform(request, found, act(request, found, "concerned", request.POST), do)


@require_POST
@requires(HANDLE)
def restrictions(request: PortalRequest, code: str) -> HttpResponse:
    """Graver than it seemed: only these read it from now on."""
    found = one(request, code)
    return perform(
        request, found, act(request, found, "restrict", request.POST),
        lambda g, data, by, on: door.raise_to_restricted(g, by=by, on=on, reader_ids=[int(pk) for pk in data["readers"]]),
    )  # fmt: skip


@require_POST
@requires(HANDLE)
def case_offers(request: PortalRequest, code: str) -> HttpResponse:
    """Offer it to somebody else, with the person's consent."""
    found = one(request, code)

    def do(g: Grievance, data: dict, by: Scope, on: date) -> None:
        offers.offer(g, by=by, on=on, to_user_id=data.pop("to_user"), **data)

    return perform(request, found, act(request, found, "offer", request.POST), do)


@require_POST
@requires(HANDLE)
def legal_holds(request: PortalRequest, code: str) -> HttpResponse:
    """Place a legal hold on the case, or lift it."""
    found = one(request, code)
    does = {"hold": keeping.hold, "lift": keeping.lift}
    name = request.POST.get("act", "")
    if name not in does:
        raise Http404
    return perform(
        request, found, act(request, found, name, request.POST),
        lambda g, data, by, on: does[name](g, data.pop("reason"), by=by, on=on, **data),
    )  # fmt: skip
