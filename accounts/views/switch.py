"""Acting for one organisation at a time."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PortalRequest
from accounts.roles import ROLES
from accounts.scope import acting_as
from accounts.verbs import SeeOther, member


@require_http_methods(["GET", "HEAD", "POST"])
@member
def switch(request: PortalRequest) -> HttpResponse:
    """The organisations the person belongs to; POST chooses the one to act for from now on."""
    if request.method == "POST":
        wanted = request.POST.get("membership", "")
        chosen = next((m for m in request.memberships if str(m.pk) == wanted), None)
        if chosen is None:
            raise Http404
        with acting_as(None):  # a new session id, as after every change of rights; sessions belong to no organisation
            request.session.cycle_key()
        request.session["acting_for"] = chosen.pk
        messages.success(request, _("You now act for %(name)s.") % {"name": chosen.organisation.name})
        return SeeOther(reverse("home"))
    places = [{"membership": m, "role": ROLES[m.role], "current": m == request.membership} for m in request.memberships]
    return render(request, "accounts/switch.html", {"places": places})
