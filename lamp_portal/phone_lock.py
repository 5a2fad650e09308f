"""The lock of a phone that was handed over: every address answers with this page until the officer shows who they are.

It stands on the server, so that neither a typed address nor the way back nor a page without scripts leads around it. Five
wrong tries end the session, as does the button for it.
"""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import narrowed
from accounts.models import User
from accounts.requests import VisitorRequest
from accounts.verbs import SeeOther
from lamp_portal.demo import PASSWORD
from lamp_portal.sign_in import note

Respond = Callable[[VisitorRequest], HttpResponse]


class UnlockForm(forms.Form):
    """The officer's password, or a code of their second factor."""

    proof = forms.CharField(
        label=gettext_lazy("Your password, or a code from your code generator"), max_length=200, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class PhoneLockMiddleware:
    """Lets a narrowed session open its one form and the page that opens it again; everything else is that page, with 423."""

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        path = request.path_info
        if (
            not request.user.is_authenticated
            or narrowed.opens(request.session, path)
            or path == reverse("phone_lock")
            or path.startswith(settings.STATIC_URL)
        ):
            return self.get_response(request)
        return page(request, status=423)


def page(request: VisitorRequest, form: UnlockForm | None = None, status: int = 200) -> HttpResponse:
    """The lock page. It names nobody, and shows nothing of what is behind it."""
    context = {"form": form or UnlockForm(), "password": PASSWORD if settings.DEMO else ""}
    return render(request, "phone_lock.html", context, status=status)


@sensitive_post_parameters("proof")
@require_http_methods(["GET", "HEAD", "POST"])
def phone_lock(request: VisitorRequest) -> HttpResponse:
    """GET: the lock. POST: open it, or end the session. As the person, outside any organisation."""
    session = request.session
    if not narrowed.is_narrowed(session):
        return SeeOther(reverse("home"))
    if request.method != "POST":
        return page(request)
    if "end" in request.POST:
        return _end(request, "ended")
    form = UnlockForm(request.POST)
    if form.is_valid():
        if _proves(request.user, form.cleaned_data["proof"]):
            back = narrowed.way_back(session)
            narrowed.widen(session)
            note(request, "phone_unlocked", request.user.pk)
            return SeeOther(back)
        note(request, "phone_unlocked", request.user.pk, outcome="refused", reason="proof")
        if narrowed.tried(session):
            return _end(request, "tries")
        form.add_error("proof", _("This is neither your password nor a code in force."))
    return page(request, form, status=422)


def _proves(user: User | AnonymousUser, proof: str) -> bool:
    if user.check_password(proof):
        return True
    factor = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).first()
    return factor is not None and bool(factor.wrap().validate_code(proof.replace(" ", "")))


def _end(request: VisitorRequest, why: str) -> HttpResponse:
    """Sign out: nothing of this session opens any more."""
    note(request, "phone_unlocked", request.user.pk, outcome="refused", reason=why)
    logout(request)
    return redirect("account_login")
