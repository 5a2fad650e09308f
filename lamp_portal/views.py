"""Home, health and the page of somebody who belongs to no organisation."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.scope import acting_as, person_scope
from accounts.verbs import SeeOther, member, requires
from lamp_portal import home as today
from lamp_portal.home.first_steps import first_steps
from lamp_portal.home.rights import duties


@login_not_required
def healthz(request: PortalRequest) -> HttpResponse:
    """The web server answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def readyz(request: PortalRequest) -> HttpResponse:
    """Database and cache answer too; 503 when one does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        cache.set("readyz", "1", 5)
    except Exception:  # noqa: BLE001 - whatever is wrong, the answer is the same
        return HttpResponse("not ready", status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")


def no_membership(request: PortalRequest) -> HttpResponse:
    """Signed in, but member of no organisation now."""
    return render(request, "accounts/no_membership.html")


@member
def home(request: PortalRequest) -> HttpResponse:
    """What needs this person today."""
    template, panels = today.page(request.scope, timezone.now())
    waits = panels["needs"].waiting if "needs" in panels else panels["editions"]
    return render(request, template, panels | {"steps": [] if waits else first_steps(request.scope, request.user)})


@require_POST
@member
def first_steps_closings(request: PortalRequest) -> HttpResponse:
    """Put the first steps away, for oneself."""
    with acting_as(person_scope(request.user.pk, request=request.id)):
        User.objects.filter(pk=request.user.pk).update(first_steps_closed_at=timezone.now())
    return SeeOther(reverse("home"))


@require_safe
@requires(Permission.PERSON_VIEW)
def home_duties(request: PortalRequest) -> HttpResponse:
    """What is owed now, for the first page: asked apart, because every clock of every scheme is read for it."""
    if not request.htmx:
        return redirect("compliance:duties")
    day = timezone.localdate()
    return render(request, "home/duties.html", {"need": duties(request.scope, day), "today": day})
