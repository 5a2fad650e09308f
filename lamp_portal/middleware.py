"""Middlewares, each doing one thing. Their order in the settings is part of what they promise."""

import time
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.members import has_second_factor
from accounts.models import Membership
from accounts.parameters import BIGGEST
from accounts.preferences import language_of, zone_of
from accounts.requests import VisitorRequest
from accounts.roles import ROLES
from accounts.scope import Scope, acting_as, operator_scope, person_scope
from lamp_portal.sign_in import second_factor_shown
from pilots.access import memberships_of, scope_for

Respond = Callable[[VisitorRequest], HttpResponse]

# Signing in and out, one's own factors and sessions: done as the person, before any organisation is chosen.
ACCOUNT_PREFIX = "/account/"
OPERATOR_PREFIX = "/operator/"
OPEN_PREFIXES = (
    ACCOUNT_PREFIX,
    "/static/",
    "/healthz",
    "/readyz",
    "/invitations/accept/",
    "/links/",
    "/notices/stop/",
    "/language/",
    "/demo/",
    "/concern/",
)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# What a page asks for by itself while nobody sits before it; it does not keep a session alive.
BY_ITSELF = "/progress/"


class RequestIdMiddleware:
    """Gives each request an id that the history, the audit trail and the log share."""

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex
        response = self.get_response(request)
        response["X-Request-ID"] = request.id
        return response


class BodyMiddleware:
    """Refuses a body larger than any page takes before a byte of it is read: files are spooled to disk before anybody
    knows who sends them. Open pages take no files at all."""

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_open = request.path_info.startswith(OPEN_PREFIXES)
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if is_open else settings.BODY_MAX_BYTES
        if not length.isdecimal() or int(length) > most:
            return HttpResponse(_("This is too large."), status=413, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class AddressMiddleware:
    """No page meets what no text and no key can be: a NUL sign is refused, a number beyond every key leads nowhere.

    PostgreSQL keeps neither, so each page would break on them in a place of its own.
    """

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        if "\0" in request.path_info or _has_nul(request.GET):
            return self.refuse()
        return self.get_response(request)

    def process_view(self, request: VisitorRequest, view: object, args: tuple, kwargs: dict) -> HttpResponse | None:
        if any(isinstance(value, int) and value > BIGGEST for value in kwargs.values()):
            raise Http404
        return self.refuse() if request.method == "POST" and _has_nul(request.POST) else None

    @staticmethod
    def refuse() -> HttpResponse:
        """400, in a sentence; no browser sends this by itself."""
        words = _("This holds a sign that no text has. Go back and type it again.")
        return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")


def _has_nul(given: QueryDict) -> bool:
    return any("\0" in text for key, values in given.lists() for text in (key, *values))


class PrivateMiddleware:
    """No cache on the way keeps a page: what one person sees must not be served to another, nor after signing out."""

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store, private")
        response.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.method == "POST" and request.path_info == reverse("account_logout"):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class FragmentMiddleware:
    """A part of a page that may not be served any more sends the whole page to sign-in, not sign-in into the part."""

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.htmx or response.status_code not in {301, 302, 303}:
            return response
        path = urlsplit(response["Location"]).path
        if path == reverse("account_login"):
            page = request.htmx.current_url_abs_path or "/"
            return HttpResponse(headers={"HX-Redirect": redirect_to_login(page)["Location"]})
        if path.startswith(ACCOUNT_PREFIX) or path in {reverse("no_membership"), reverse("accounts:switch")}:
            return HttpResponse(headers={"HX-Redirect": response["Location"]})
        return response


class PreferencesMiddleware:
    """The person's own language and time zone, for the length of the request."""

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        # Not overridden but activated: the middleware around this one says in the answer which language it is in.
        translation.activate(language_of(request.user))
        request.LANGUAGE_CODE = translation.get_language()
        timezone.activate(zone_of(request.user))
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


class SessionLimitsMiddleware:
    """Signs out a session that stood idle for 30 minutes, or that began 12 hours ago."""

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = int(time.time())
        started = request.session.setdefault("started", now)
        seen = request.session.get("seen")
        too_long = now - started > settings.SESSION_OVERALL_SECONDS
        if too_long or (seen is not None and now - seen > settings.SESSION_IDLE_SECONDS):
            logout(request)
            messages.info(request, _("You were signed out because the session was over. Please sign in again."))
            return redirect_to_login(request.get_full_path() if request.method in SAFE_METHODS else "/")
        if (seen is None or now - seen >= 60) and not request.path_info.endswith(BY_ITSELF):
            request.session["seen"] = now
            # Once a minute is enough for the person's own list of sessions; allauth's middleware writes each time.
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Who may see persons, and every operator, has a second factor; and a session shows it before anything opens."""

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        if has_second_factor(request.user.pk):
            if not second_factor_shown(request):
                return self.ask(request)
        elif not request.path_info.startswith(OPEN_PREFIXES) and self.needed(request):
            messages.info(request, _("Your role sees personal records. Please set up a second factor first."))
            return redirect("mfa_index")
        return self.get_response(request)

    def ask(self, request: VisitorRequest) -> HttpResponse:
        """A session that only knows the password may show the factor or sign out, nothing else."""
        methods = get_adapter().get_reauthentication_methods(request.user)
        ways = [m["url"] for m in methods if m["id"].startswith("mfa_reauthenticate")]
        if request.path_info in {*ways, reverse("account_logout")}:
            return self.get_response(request)
        page = request.get_full_path() if request.method in SAFE_METHODS else "/"
        return redirect_to_login(page, login_url=ways[0])

    @staticmethod
    def needed(request: VisitorRequest) -> bool:
        """Whether any role this person holds asks for a second factor."""
        return request.user.is_staff or any(ROLES[m.role].sees_persons for m in memberships(request))


class ScopeMiddleware:
    """Owns the transaction of a request and acts in it as the person's role for the chosen organisation.

    A GET runs in a read-only transaction: it cannot write. A failed response rolls everything back. The operators'
    pages act as the operator role; for everybody else they do not exist.
    """

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        request.scope = None
        if request.path_info.startswith(OPEN_PREFIXES) or not request.user.is_authenticated:
            return self.get_response(request)
        if request.path_info.startswith(OPERATOR_PREFIX):
            return self.operate(request)
        if not memberships(request):
            return self.without_organisation(request)
        membership = self.choose(request)
        if membership is None:
            messages.warning(request, _("You no longer act for the organisation you had chosen. Nothing was done."))
            return redirect("accounts:switch" if len(memberships(request)) > 1 else "home")
        request.membership = membership
        request.scope = scope_for(membership, request.id)
        return self.respond(request, request.scope)

    def respond(self, request: VisitorRequest, scope: Scope) -> HttpResponse:
        """The page, in one transaction of this scope."""
        with acting_as(scope, read_only=request.method in SAFE_METHODS):
            response = self.get_response(request)
            if response.streaming and not getattr(response, "carries_no_rows", False):
                raise RuntimeError("A streaming response would outlive its scope and be empty.")
            if response.status_code >= 400:
                transaction.set_rollback(True)
        self.after(request, response, scope)
        return response

    def operate(self, request: VisitorRequest) -> HttpResponse:
        """The operators' pages."""
        if request.user.is_staff:
            return self.respond(request, operator_scope(request.user.pk, request.id))
        with acting_as(None):
            who = person_scope(request.user.pk, request=request.id)
            audit.record(request.method.lower(), "operator", scope=who, outcome="denied", reason="404")
        raise Http404

    def without_organisation(self, request: VisitorRequest) -> HttpResponse:
        """Signed in but member of nothing: one page says so. An operator goes to the operators' pages."""
        if request.user.is_staff:
            return redirect("admin:index")
        if request.path_info == reverse("no_membership"):
            return self.get_response(request)
        return redirect("no_membership")

    @staticmethod
    def choose(request: VisitorRequest) -> Membership | None:
        """The membership the person acts under; none when the chosen one is over, so that nothing is done for another."""
        held = memberships(request)
        chosen = request.session.get("acting_for")
        if chosen is None:
            request.session["acting_for"] = held[0].pk
            return held[0]
        found = next((m for m in held if m.pk == chosen), None)
        if found is None:
            del request.session["acting_for"]
        return found

    def after(self, request: VisitorRequest, response: HttpResponse, scope: Scope) -> None:
        """Write what a read-only or refused request leaves behind: reads of sensitive records, refusals."""
        reads = getattr(request, "sensitive_reads", []) if response.status_code < 400 else []
        page = request.resolver_match if response.status_code in {403, 404} else None
        traces = getattr(request, "traces", [])
        if not reads and not traces and page is None:
            return
        with acting_as(scope):
            for verb, kind, pilot_id in traces:
                audit.record(verb, kind, scope=scope, pilot_id=pilot_id, outcome="denied")
            for kind, object_id, pilot_id, restricted in reads:
                audit.record("read", kind, object_id, pilot_id=pilot_id, restricted=restricted)
            if page is not None:
                numbers = [v for v in page.kwargs.values() if isinstance(v, int) and v <= BIGGEST]
                audit.record(
                    request.method.lower(), page.view_name or "", numbers[0] if numbers else None, outcome="denied",
                    reason=str(response.status_code),
                )  # fmt: skip


def memberships(request: VisitorRequest) -> list[Membership]:
    """The signed-in person's open memberships, read once per request and as they are now."""
    if not hasattr(request, "memberships"):
        request.memberships = memberships_of(request.user.pk)
    return request.memberships
