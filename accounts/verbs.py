"""``@requires(Permission.X)``: the one way a page says which verb it needs."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.roles import Permission

View = Callable[..., HttpResponse]


class SeeOther(HttpResponseRedirect):
    """303: what was asked by POST is done; the page to look at is another one."""

    status_code = 303


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Only members whose role gives at least one of these verbs; others get 403, strangers' things 404 by row policy."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            scope = getattr(request, "scope", None)
            if scope is None or not any(scope.allows(p) for p in permissions):
                raise PermissionDenied(", ".join(permissions))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def member(view: View) -> View:
    """Any member of an organisation, whatever the role."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if getattr(request, "scope", None) is None:
            raise PermissionDenied("member")
        return view(request, *args, **kwargs)

    return guarded
