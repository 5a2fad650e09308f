"""The reports app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Metrics, disclosure, editions, rendering."""

    name = "reports"
    verbose_name = "Reports"
