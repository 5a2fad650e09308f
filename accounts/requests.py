"""The request as views see it, behind the middlewares: who acts for whom. Only for type checking; nothing makes one."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership
from accounts.scope import Scope


class PortalRequest(HttpRequest):
    """What the middlewares add. ``scope`` and ``membership`` are there on every page that a member opens."""

    id: str
    htmx: HtmxDetails
    scope: Scope
    membership: Membership
    memberships: list[Membership]
    sensitive_reads: list[tuple[str, int, int | None]]
