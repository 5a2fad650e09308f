"""The operators' pages for corridors, pilots, who takes part in them, and exchange rates."""

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from accounts.admin import OperatorAdmin, OperatorResource, OperatorSheets
from accounts.admin_forms import SeenRowForm
from accounts.choices import offer
from pilots.models import Corridor, ExchangeRate, Participation, Pilot
from pilots.schemes import reader


@admin.register(Corridor)
class CorridorAdmin(OperatorAdmin):
    """From one country to another, in one sector."""

    list_display = ["name", "origin", "destination", "sector"]
    search_fields = ["name"]


class PilotForm(SeenRowForm):
    """A pilot; its scheme is one of the files that describe schemes."""

    scheme = forms.ChoiceField()

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        offer(self, "scheme", [(scheme.slug, scheme.name) for scheme in reader.all_schemes()])


@admin.register(Pilot)
class PilotAdmin(OperatorAdmin):
    """Pilots: created here, worked on by their programme."""

    form = PilotForm
    list_display = ["name", "slug", "scheme", "programme", "starts_on", "ends_on"]
    list_select_related = ["programme"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["corridor", "programme"]


@admin.register(Participation)
class ParticipationAdmin(OperatorAdmin):
    """Which organisation takes part in which pilot: this line is what opens a pilot's rows to it."""

    list_display = ["organisation", "pilot", "kind", "joined_on", "left_on"]
    list_filter = ["kind"]
    list_select_related = ["organisation", "pilot"]
    search_fields = ["organisation__name", "pilot__name"]
    autocomplete_fields = ["pilot", "organisation"]
    fields = ["pilot", "organisation", "kind", "joined_on", "left_on"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Taking part in another pilot is another row."""
        return ["pilot", "organisation"] if obj else []


class ExchangeRateResource(OperatorResource):
    """Exchange rates as a sheet: one row for each month and pair of currencies."""

    class Meta:
        model = ExchangeRate
        import_id_fields = ("month", "from_currency", "to_currency")
        fields = ("month", "from_currency", "to_currency", "rate", "source")
        clean_model_instances = True
        skip_unchanged = True


@admin.register(ExchangeRate)
class ExchangeRateAdmin(OperatorSheets):
    """Rates that reports convert with, each with its source."""

    resource_classes = [ExchangeRateResource]
    list_display = ["month", "from_currency", "to_currency", "rate", "source"]
    list_filter = ["from_currency", "to_currency"]
    search_fields = ["source"]
