"""The roof as an app, and the operators' admin."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    """Home pages, the layout's tags, commands for the whole portal."""

    name = "lamp_portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Join the sign-in to allauth's second-factor app."""
        from lamp_portal import sign_in

        sign_in.connect()


class OperatorAdminConfig(AdminConfig):
    """Django's admin for operators: accounts and settings, no person; behind the second factor."""

    default_site = "lamp_portal.admin.OperatorAdminSite"
