"""One's own settings, and the language of the pages before sign-in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import LanguageForm, SettingsForm
from accounts.members import has_second_factor
from accounts.models import User
from accounts.requests import PortalRequest, VisitorRequest
from accounts.roles import ROLES
from accounts.scope import acting_as, person_scope
from accounts.verbs import SeeOther, member


@require_http_methods(["GET", "HEAD", "POST"])
@member
def me(request: PortalRequest) -> HttpResponse:
    """Name, language, time zone and appearance, and the ways to everything about signing in."""
    scope = person_scope(request.user.pk, request.scope.organisation_id, request.id)
    with acting_as(scope):  # one's own row is the person's, not the organisation's
        user = User.objects.get(pk=request.user.pk)
        form = SettingsForm(request.POST if request.method == "POST" else None, instance=user)
        if request.method == "POST" and form.is_valid():
            form.save()
            with override(user.language):
                messages.success(request, _("Saved."))
            return SeeOther(reverse("accounts:me"))
        factor = has_second_factor(request.user.pk)
    places = [{"organisation": m.organisation, "role": ROLES[m.role]} for m in request.memberships]
    context = {"form": form, "places": places, "second_factor": factor}
    return render(request, "accounts/me.html", context, status=422 if form.errors else 200)


@login_not_required
@require_POST
def language(request: VisitorRequest) -> HttpResponse:
    """Choose a language: kept in a cookie before sign-in, and on the account after.

    On the worker's page only until the browser is closed: phones are shared.
    """
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("home")
    response = SeeOther(target)
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return response
    chosen = form.cleaned_data["language"]
    if request.user.is_authenticated:
        with acting_as(person_scope(request.user.pk, request=request.id)):
            User.objects.filter(pk=request.user.pk).update(language=chosen)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=None if target.startswith("/concern/") else 365 * 24 * 3600, samesite="Lax", httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response
