"""Middlewares, each doing one thing: request id, private caching, session limits, second factor, scope."""

import time
import uuid
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import audit
from accounts.scope import Scope, acting_as, operator_scope
from pilots.access import memberships_of, scope_for

Respond = Callable[[HttpRequest], HttpResponse]

# Signing in and out, one's own factors and sessions: done as the person, before any organisation is chosen.
ACCOUNT_PREFIX = "/account/"
OPERATOR_PREFIX = "/operator/"
OPEN_PREFIXES = (ACCOUNT_PREFIX, "/static/", "/healthz", "/readyz", "/invitations/accept/", "/language/", "/demo/")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class RequestIdMiddleware:
    """Gives each request an id that the history, the audit trail and the log share."""

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex
        response = self.get_response(request)
        response["X-Request-ID"] = request.id
        return response


class PrivateMiddleware:
    """No cache on the way keeps a page: what one person sees must not be served to another, nor after signing out."""

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store, private")
        response.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class SessionLimitsMiddleware:
    """Signs out a session that stood idle for 30 minutes, or that began 12 hours ago."""

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            started = request.session.setdefault("started", now)
            seen = request.session.get("seen", now)
            too_long = now - started > settings.SESSION_OVERALL_SECONDS
            if too_long or now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
                messages.info(request, _("You were signed out because the session was over. Please sign in again."))
                return redirect(f"{reverse('account_login')}?next={request.path}")
            if now - seen >= 60 or "seen" not in request.session:
                request.session["seen"] = now
        return self.get_response(request)


class SecondFactorMiddleware:
    """Whoever may see persons, and every operator, first sets up a second factor; nothing else opens before."""

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN_PREFIXES) or not request.user.is_authenticated:
            return self.get_response(request)
        if not request.session.get("second_factor") and self.needed(request):
            strong = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}
            if not Authenticator.objects.filter(user=request.user, type__in=strong).exists():
                messages.info(request, _("Your role sees personal records. Please set up a second factor first."))
                return redirect("mfa_index")
        return self.get_response(request)

    @staticmethod
    def needed(request: HttpRequest) -> bool:
        """Whether any role this person holds asks for a second factor."""
        from accounts.roles import ROLES

        if request.user.is_staff:
            return True
        return any(ROLES[m.role].sees_persons for m in memberships_of(request.user.pk))


class ScopeMiddleware:
    """Owns the transaction of a request and acts in it as the person's role for the chosen organisation.

    A GET runs in a read-only transaction: it cannot write. A failed response rolls everything back.
    """

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.scope = None
        if request.path.startswith(OPEN_PREFIXES) or not request.user.is_authenticated:
            return self.get_response(request)
        scope = self.choose(request)
        if scope is None:
            if request.path == reverse("no_membership"):
                return self.get_response(request)
            return redirect("no_membership")
        if not request.path.startswith(OPERATOR_PREFIX):
            request.scope = scope
        reads_only = request.method in SAFE_METHODS and not request.path.startswith(OPERATOR_PREFIX)
        with acting_as(scope, read_only=reads_only):
            response = self.get_response(request)
            if response.streaming and not getattr(response, "carries_no_rows", False):
                raise RuntimeError("A streaming response would outlive its scope and be empty.")
            if response.status_code >= 400:
                transaction.set_rollback(True)
        self.after(request, response, scope)
        return response

    def choose(self, request: HttpRequest) -> Scope | None:
        """The scope for this request: the operator's, or that of the organisation the person acts for."""
        if request.path.startswith(OPERATOR_PREFIX):
            if request.user.is_staff:
                return operator_scope(request.user.pk, request.id)
            return None
        request.memberships = memberships_of(request.user.pk)
        if not request.memberships:
            return None
        chosen = request.session.get("acting_for")
        membership = next((m for m in request.memberships if m.pk == chosen), request.memberships[0])
        request.membership = membership
        return scope_for(membership, request.id)

    def after(self, request: HttpRequest, response: HttpResponse, scope: Scope) -> None:
        """Write what a read-only or refused request leaves behind: reads of sensitive records, refusals."""
        reads = getattr(request, "sensitive_reads", [])
        denied = response.status_code in {403, 404} and request.resolver_match is not None
        if not (reads or denied):
            return
        with acting_as(scope):
            for kind, object_id, pilot_id in reads if response.status_code < 400 else []:
                audit.record("read", kind, object_id, pilot_id=pilot_id)
            if denied:
                name = request.resolver_match.view_name or ""
                numbers = [v for v in request.resolver_match.kwargs.values() if isinstance(v, int)]
                audit.record(
                    request.method.lower(), name[:40], numbers[0] if numbers else None, outcome="denied",
                    reason=str(response.status_code),
                )  # fmt: skip
