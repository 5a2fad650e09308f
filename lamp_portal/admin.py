"""The operators' admin: organisations, accounts, pilots and settings. It acts as the operator role: no person's rows."""

from collections.abc import Iterable

from allauth.account.adapter import get_adapter
from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts.scope import acting_as
from lamp_portal.home.operator import facts

# All that an operator may see, by name: a record of a person never gets here because somebody wrote an admin for it.
SHOWN = {
    "accounts.organisation", "accounts.user", "accounts.membership", "accounts.invitation", "accounts.job",
    "accounts.auditevent", "pilots.corridor", "pilots.pilot", "pilots.participation", "pilots.exchangerate",
}  # fmt: skip


class OperatorAdminSite(AdminSite):
    """Stock admin under /operator/; sign-in, password and second factor are the portal's own."""

    site_header = _("LaMP Portal operators")
    site_title = _("Operators")
    index_title = _("Accounts and settings")
    enable_nav_sidebar = False
    index_template = "operator/index.html"

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> TemplateResponse:
        """What needs an operator today, above everything there is."""
        return super().index(request, {**(extra_context or {}), "facts": facts(timezone.now())})

    def has_permission(self, request: HttpRequest) -> bool:
        """Active operators only; their second factor was asked for by the middleware before."""
        return request.user.is_active and request.user.is_staff

    def register(self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class=None, **options) -> None:
        """Take in what is in ``SHOWN``. What libraries bring along stays out; one of our own not listed is a mistake."""
        several = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        for model in several:
            if model._meta.label_lower in SHOWN:
                super().register(model, admin_class, **options)
            elif _ours(model):
                raise ValueError(f"{model._meta.label} is not for operators: see SHOWN")

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """There is one way in, with a second factor; the admin's own form is none."""
        if self.has_permission(request):
            return redirect("admin:index")
        return redirect_to_login(reverse("admin:index"))

    def logout(  # type: ignore[override]  # the stubs know only the admin's own page; a view may redirect
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        """Sign out like everybody."""
        with acting_as(None):  # sessions are not the operator role's
            get_adapter().logout(request)
        return redirect("account_login")

    def password_change(  # type: ignore[override]  # as above
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        """Passwords are changed on the portal's own page."""
        return redirect("account_change_password")


def _ours(model: type[Model]) -> bool:
    return apps.get_app_config(model._meta.app_label).name in {
        "accounts", "pilots", "workers", "compliance", "reports",
    }  # fmt: skip
