"""The workers app."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """People, placements, the journey, papers, pay, costs, spreadsheets in and out."""

    name = "workers"
    verbose_name = "Workers"
