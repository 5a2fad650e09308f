"""The request as it is behind the middlewares: who acts for whom. Only for type checking; nothing makes one."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership, User
from accounts.scope import Scope


class VisitorRequest(HttpRequest):
    """Anybody's request, signed in or not. ``membership`` is there once an organisation is acted for."""

    id: str
    method: str
    htmx: HtmxDetails
    scope: Scope | None
    membership: Membership
    memberships: list[Membership]
    sensitive_reads: list[tuple[str, int, int | None, bool]]


class PortalRequest(VisitorRequest):
    """A member's request, as views see it: somebody is signed in and acts for an organisation."""

    user: User
    scope: Scope
    traces: list[tuple[str, str, int]]  # (what happened, kind, pilot), written to the audit trail after a refusal
