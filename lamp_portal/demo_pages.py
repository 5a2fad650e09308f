"""``/demo/``: the demonstration's people, each with a button that signs you in. 404 where DEMO is off."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login as AllauthLogin
from allauth.account.stages import LoginStageController
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.verbs import SeeOther
from lamp_portal.demo import DOMAIN, PASSWORD, logins
from pilots.access import memberships_of


@login_not_required
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Who you may be in the demonstration, with what to type for those who want to see the real sign-in."""
    if not settings.DEMO:
        raise Http404
    people = [
        login.as_dict() | {"address": f"{reverse('demo_sign_in')}?for={login.membership_id or ''}"}
        for login in logins()
    ]
    return render(request, "demo/demo.html", {"logins": people, "password": PASSWORD})


@login_not_required
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a demonstration person, through allauth: password, then the second factor, then the session.

    The button stands for typing the code. It does not use the code up, so it works twice within its 30 seconds.
    """
    email = request.POST.get("email", "")
    if not settings.DEMO or not email.endswith(DOMAIN):
        raise Http404
    if request.user.is_authenticated:
        logout(request)
    clear_login(request)
    user = authenticate(request, email=email, password=PASSWORD)
    if user is None:
        raise Http404
    response = perform_password_login(request, {"email": email}, AllauthLogin(user=user, email=email))
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None:  # no second factor: signed in already, or stopped at another stage
        return response
    factor = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    factor.user = user
    post_authentication(request, factor)
    stage.exit()
    _act_for(request, request.GET.get("for", ""))
    return SeeOther(reverse("home"))


def _act_for(request: HttpRequest, wanted: str) -> None:
    """Begin in the organisation whose line was pressed, if it is one of theirs."""
    mine = next((m for m in memberships_of(request.user.pk) if str(m.pk) == wanted), None)
    if mine is not None:
        request.session["acting_for"] = mine.pk
