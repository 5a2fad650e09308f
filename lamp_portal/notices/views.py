"""One's own notices: what comes by mail, how often, in which language, on which clock; and the link that stops them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.notices import door
from accounts.requests import PortalRequest, VisitorRequest
from accounts.roles import Permission
from accounts.scope import acting_as, person_scope
from accounts.verbs import SeeOther, member
from lamp_portal.notices.forms import PlanForm, place_form
from lamp_portal.notices.kinds import offered

GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_AND_POST
@member
def notices(request: PortalRequest) -> HttpResponse:
    """What comes by mail and when. Saving begins mail again that was stopped, or that the mailbox had refused."""
    data = request.POST if request.method == "POST" else None
    kinds = offered([request.scope])
    with acting_as(person_scope(request.user.pk, request.scope.organisation_id, request.id)):
        user = User.objects.get(pk=request.user.pk)
        plan = door.plan_for(user.pk)
        chosen = door.choices_of(user.pk)
        place = place_form(user, data)
        form = PlanForm(data, instance=plan, kinds=kinds, chosen=chosen)
        if data is not None and place.is_valid() and form.is_valid():
            place.save()
            door.choose(form.instance, form.cadences())
            with override(user.language):
                messages.success(request, _("Saved."))
            return SeeOther(reverse("notices"))
    context = {
        "form": form, "place": place, "plan": plan, "kinds": kinds, "address": user.email,
        "cases": request.scope.allows(Permission.CASE_HANDLE),
    }  # fmt: skip
    return render(request, "notices/settings.html", context, status=422 if form.errors or place.errors else 200)


@csrf_exempt  # what a mail program sends for its reader (RFC 8058); the token is the proof
@login_not_required
@GET_AND_POST
def stop(request: VisitorRequest, token: str) -> HttpResponse:
    """The link of a mail, without signing in: looking changes nothing, a POST stops these mails, another brings them back."""
    user_id = door.user_of(token)
    if user_id is None:
        raise Http404
    with acting_as(person_scope(user_id, request=request.id)):
        user = User.objects.filter(pk=user_id).first()
        if user is None:
            raise Http404
        if request.method == "POST":
            if "again" in request.POST:
                door.resume(user_id)
            else:
                door.stop(user_id, at=timezone.now())
        stopped = door.plan_for(user_id).stopped_at is not None
    with override(user.language):
        return render(request, "notices/stop.html", {"stopped": stopped, "here": request.path})
