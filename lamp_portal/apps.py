"""The roof as an app, and the operators' admin."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    """Home pages, the layout's tags, commands for the whole portal."""

    name = "lamp_portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Join the sign-in to allauth's second-factor app, and make our Celery the one that jobs are sent through."""
        from lamp_portal import celery, sign_in

        celery.app.set_default()
        sign_in.connect()


class OperatorAdminConfig(AdminConfig):
    """Django's admin for operators: accounts and settings, no person; behind the second factor."""

    default_site = "lamp_portal.admin.OperatorAdminSite"
