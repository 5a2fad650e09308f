"""The operators' admin: organisations, accounts, pilots and settings. It acts as the operator role: no person's rows."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class OperatorAdminSite(AdminSite):
    """Stock admin under /operator/; sign-in and second factor are the portal's own."""

    site_header = _("LaMP Portal operators")
    site_title = _("Operators")
    index_title = _("Accounts and settings")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Active operators only; their second factor was asked for by the middleware before."""
        return request.user.is_active and request.user.is_staff
