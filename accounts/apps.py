"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organisations, members, roles, scope, jobs, history."""

    name = "accounts"
    verbose_name = "Accounts"
