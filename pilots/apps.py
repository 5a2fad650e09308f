"""The pilots app."""

from django.apps import AppConfig


class PilotsConfig(AppConfig):
    """Corridors, pilots, who takes part, cohorts, sites and job orders."""

    name = "pilots"
    verbose_name = "Pilots"
