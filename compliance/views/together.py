"""Settling several findings together: choose them in a list, see who is concerned and who is not and why, and then do it.

``GET /findings/together/?finding=3&finding=7`` shows what can be done with them; the first POST of a form shows whom it
concerns and changes nothing, the second (``confirmed``) does it.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.parameters import number
from accounts.refusing import refuse
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance.models import Finding
from compliance.remedies import actions
from compliance.remedies import together as door
from compliance.remedy_forms import ActionForm, with_subject
from compliance.views.payment_forms import payment_form
from compliance.words import finding_words

MAY = Permission.FINDING_RESOLVE
USUAL = timedelta(days=14)


def chosen_of(given) -> list[Finding]:
    """The findings that the address or the form names."""
    return door.chosen(pk for pk in map(number, given.getlist("finding")) if pk is not None)


def lines_of(findings: Sequence[Finding]) -> list[dict]:
    """Each finding with its words."""
    return [{"finding": f, "question": finding_words(f)} for f in findings]


def workers_in(findings: Sequence[Finding]) -> int:
    """How many workers they concern."""
    return len({f.placement_id for f in findings if f.placement_id})


@require_safe
@requires(MAY)
def together(request: PortalRequest) -> HttpResponse:
    """What can be done for the ticked findings at once."""
    found = chosen_of(request.GET)
    if not found:
        messages.warning(request, _("Tick the findings first, then choose what to do with them."))
        return SeeOther(reverse("compliance:findings"))
    return _page(request, found)


def _page(request: PortalRequest, found: list[Finding], *, form: ActionForm | None = None, **more) -> HttpResponse:
    able = door.owners(found)
    start = {"due_on": timezone.localdate() + USUAL, "owner": next(iter(able), "")}
    status = 422 if form is not None and form.errors else 200
    context = {
        "lines": lines_of(found), "workers": workers_in(found), "today": timezone.localdate(),
        "payment_form": payment_form(found), "action_form": form or ActionForm(owners=able, initial=start), **more,
    }  # fmt: skip
    return render(request, "compliance/together.html", context, status=status)


@require_POST
@requires(MAY)
def together_actions(request: PortalRequest) -> HttpResponse:
    """One action for all of them: first whom it would be put for, and with ``confirmed`` the act itself."""
    found, today = chosen_of(request.POST), timezone.localdate()
    if not found:
        return SeeOther(reverse("compliance:findings"))
    form = ActionForm(request.POST, owners=door.owners(found))
    if not form.is_valid():
        return _page(request, found, form=form)
    data = form.cleaned_data
    owner, words = int(data["owner"]), with_subject(data["subject"], data["words"])
    able, refused = door.sorted_out(found, owner_id=owner, words=words)
    if data["due_on"] < today:
        form.add_error("due_on", _("An action is due on or after the day it was put to somebody."))
        return _page(request, found, form=form)
    if request.POST.get("confirmed") != "yes" or not able:
        context = {
            "able": lines_of(able), "refused": [{"refused": r, "question": finding_words(r.finding)} for r in refused],
            "workers": workers_in(able), "form": form, "owner": door.owners(found)[owner], "words": words, "today": today,
        }  # fmt: skip
        return render(request, "compliance/together_action.html", context)
    try:
        with transaction.atomic():
            actions.put(
                [f.pk for f in able], words=words, owner_id=owner, due_on=data["due_on"], by=request.scope, on=today,
                person=data["person"], names_worker=data["names_worker"],
            )  # fmt: skip
    except ValidationError as wrong:
        refuse(form, wrong)
        return _page(request, found, form=form)
    said = ngettext("Put to them for %(n)s finding.", "Put to them for %(n)s findings.", len(able)) % {"n": len(able)}
    messages.success(request, said)
    return SeeOther(reverse("compliance:actions"))
