"""The compliance app."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    """Checks, findings, waivers, restricted cases."""

    name = "compliance"
    verbose_name = "Compliance"
