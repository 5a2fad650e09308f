"""Pages of whoever manages members: who has how much to do, and handing over the work of one of them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Membership
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from lamp_portal.handing_over import caseload as loads
from lamp_portal.handing_over import door
from lamp_portal.handing_over.kinds import KINDS
from lamp_portal.handing_over.piles import SHOWN, Pile, To

TEAM = "team"


class ToForm(forms.Form):
    """To whom the work goes: a colleague who sees persons, the one who hands over, or whoever takes it."""

    to = forms.ChoiceField(label=gettext_lazy("To whom"))

    def __init__(self, data: Any, *, receivers: list[Membership], me: int):
        super().__init__(data)
        self.people = {str(m.user_id): m for m in receivers}
        names = [(key, _("Myself") if m.user_id == me else m.user.name) for key, m in self.people.items()]
        self.fields["to"].choices = [("", _("Choose somebody")), *names, (TEAM, _("Whoever takes it"))]  # type: ignore[attr-defined]  # a ChoiceField

    def chosen(self) -> To | None:
        """Whom the reader chose; None where nobody or somebody who is not offered."""
        if not self.is_bound or not self.is_valid():
            return None
        return To(self.people.get(self.cleaned_data["to"]))


class WhatForm(forms.Form):
    """What of it goes: each kind of which something can go, ticked; each case that may go, not ticked."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What goes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    cases = forms.MultipleChoiceField(
        label=gettext_lazy("Cases that go"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None goes unless you tick it. Each keeps in its own trail who handed it to whom."),
    )  # fmt: skip

    def __init__(self, data: Any, *, piles: list[Pile]):
        going = [(pile.code, _goes(pile)) for pile in piles if pile.code in KINDS and pile.goes]
        super().__init__(data, initial={"kinds": [code for code, _words in going]})
        self.fields["kinds"].choices = going  # type: ignore[attr-defined]  # a MultipleChoiceField
        able = [thing for pile in piles if pile.code == "cases" for thing in pile.things if not thing.why_not]
        words = [(str(each.pk), _case(each.words, each.grave)) for each in able]
        self.fields["cases"].choices = words  # type: ignore[attr-defined]  # a MultipleChoiceField
        for name, found in (("kinds", going), ("cases", able)):
            if not found:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Something is ticked."""
        clean = super().clean() or {}
        if not self.errors and not any(clean.values()):
            raise ValidationError(_("Tick what is to be handed over."))
        return clean


def _goes(pile: Pile) -> str:
    words = {"label": pile.label, "goes": pile.goes, "total": pile.total}
    if pile.goes == pile.total:
        return _("%(label)s: all %(total)d") % words
    return _("%(label)s: %(goes)d of %(total)d") % words


def _case(code: str, grave: bool) -> str:
    return _("%(code)s, restricted") % {"code": code} if grave else code


@require_safe
@requires(Permission.MEMBER_VIEW)
def caseload(request: PortalRequest) -> HttpResponse:
    """Who has how much to do; each count opens what it counts."""
    rows = loads.caseload(by=request.scope, today=timezone.localdate())
    context = {
        "loads": rows, "organisation": request.membership.organisation,
        "columns": {name: any(getattr(load, name) for load in rows) for name in ("schedules", "cases", "sheets")},
    }  # fmt: skip
    return render(request, "accounts/caseload.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MEMBER_VIEW)
def handing_over(request: PortalRequest, pk: int) -> HttpResponse:
    """GET: what is open with this member; with ``?to=`` what of it can go to whom, and why the rest cannot. POST: what is
    ticked goes, together or not at all. Also of whoever has left already.
    """
    membership, by, now = _member(request, pk), request.scope, timezone.now()
    door.require_handing(by)
    given = request.POST if request.method == "POST" else request.GET if "to" in request.GET else None
    to_form = ToForm(given, receivers=door.receivers(membership.user_id, by), me=by.user_id)
    to, today = to_form.chosen(), timezone.localdate()
    piles = door.open_with(membership.user_id, by=by, today=today, to=to)
    what = WhatForm(request.POST if request.method == "POST" else None, piles=piles) if to else None
    if request.method == "POST" and to and what and what.is_valid():
        try:
            done = door.hand_over(
                membership.user_id, to, by=by, at=now, today=today, kinds=what.cleaned_data.get("kinds", ()),
                cases=[int(each) for each in what.cleaned_data.get("cases", ())],
            )  # fmt: skip
        except ValidationError as refused:
            what.add_error(None, refused)
        else:
            messages.success(request, _said(_("Handed over: %(what)s."), done))
            return SeeOther(reverse("member_handing_over", args=[membership.pk]))
    context = {
        "membership": membership, "piles": piles, "to": to, "to_form": to_form, "what": what, "today": today,
        "shown": SHOWN, "given": [(one, _counts(one.counts)) for one in door.given(membership.user_id, by=by, at=now)],
        "movable": any(not pile.stays for pile in piles),
    }  # fmt: skip
    wrong = request.method == "POST" or (given is not None and to is None)
    return render(request, "accounts/handing_over.html", context, status=422 if wrong else 200)


@require_POST
@requires(Permission.MEMBER_VIEW)
def back(request: PortalRequest, pk: int) -> HttpResponse:
    """Give back what was handed over at one moment, as far as it is still open with whoever got it."""
    membership = _member(request, pk)
    try:
        done = door.give_back(membership.user_id, request.POST.get("mark", ""), by=request.scope, at=timezone.now())
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(request, _said(_("Given back: %(what)s."), done))
    return SeeOther(reverse("member_handing_over", args=[membership.pk]))


def _member(request: PortalRequest, pk: int) -> Membership:
    rows = Membership.objects.select_related("user")
    return get_object_or_404(rows, pk=pk, organisation_id=request.scope.organisation_id)


def _counts(done: dict[str, int]) -> str:
    """How many of each kind, those with none left out."""
    words = {
        "tasks": _("tasks %(n)d"), "schedules": _("schedules of reports %(n)d"), "views": _("views of the team %(n)d"),
        "cases": _("cases %(n)d"),
    }  # fmt: skip
    return ", ".join(words[code] % {"n": n} for code, n in done.items() if n) or _("nothing")


def _said(sentence: str, done: dict[str, int]) -> str:
    return sentence % {"what": _counts(done)}
