"""The page that shows every component in every tone: for whoever builds pages, and for the accessibility check.

It exists on local installations only, reads no row, and needs no sign-in.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lamp_portal.screens.blocks import JOB_STATES
from lamp_portal.screens.rendering import TONES
from lamp_portal.screens.states import PHASES

JOB_ENDED = 286  # tells htmx to stop asking
TODAY = date(2026, 11, 21)


class SampleForm(forms.Form):
    """One field of each shape, to see hints, errors, and what is optional."""

    number = forms.CharField(label="Passport number", help_text="Letters and digits as printed.")
    country = forms.ChoiceField(label="Country", choices=[("", "Choose"), ("VU", "Vanuatu"), ("TO", "Tonga")])
    expires = forms.DateField(label="Expires", help_text="Some visas need six months left.")
    income = forms.DecimalField(label="Home monthly income", required=False)
    email = forms.EmailField(label="E-mail", required=False)
    mode = forms.ChoiceField(
        label="How was it checked?",
        choices=[("visit", "Visit in person"), ("call", "Call"), ("paper", "Paper only")],
        widget=forms.RadioSelect,
        help_text="In person counts for more.",
    )
    languages = forms.MultipleChoiceField(
        label="Languages",
        choices=[("bi", "Bislama"), ("to", "Tongan"), ("ko", "Korean")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    private = forms.BooleanField(label="The worker was alone", required=False, help_text="Out of hearing of others.")
    sheet = forms.FileField(
        label="Worker list",
        help_text=".xlsx or .csv, up to 50 MB.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)


class SampleFilter(forms.Form):
    """Filters above a list."""

    q = forms.CharField(label="Name or code", required=False)
    step = forms.ChoiceField(
        label="Step", required=False, choices=[("", "Every step"), ("visa", "Visa lodged"), ("ready", "Ready")]
    )
    held = forms.BooleanField(label="On hold only", required=False)


ROWS = (
    ("Mele Fifita", "RSE-0142", "Deployed", "abroad", False, 41, Decimal("18420.5"), date(2026, 12, 3), ""),
    ("Iopu Tanielu", "RSE-0088", "Visa lodged", "before", True, 23, None, date(2026, 11, 18), "is-critical"),
    ("Nguyễn Thị Hà", "EPS-0031", "Returned", "returned", False, 204, Decimal("31200"), None, ""),
    (
        "Ana Lucía Xicay",
        "GUA-0417",
        "Disengaged",
        "ended",
        False,
        12,
        Decimal("2210.75"),
        date(2026, 11, 26),
        "is-warning",
    ),
)


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component, with sample values; 404 where the portal is in use."""
    if not (settings.DEBUG or getattr(settings, "LOCAL", False)):
        raise Http404
    if "job" in request.GET:
        return render(request, "styleguide.html#job", status=JOB_ENDED)
    messages.success(request, "24 workers were added to the cohort.")
    messages.error(request, "The list was not read: it has no column for the worker ID.")
    filled = SampleForm(
        {"number": "RA 0O1I", "country": "", "expires": "2026-31-12", "income": "12a", "languages": ["to"]}
    )
    filters = SampleFilter(request.GET if request.GET.get("step") else {"step": "visa"})
    return render(
        request, "styleguide.html", samples() | {"form": SampleForm(), "bad_form": filled, "filters": filters}
    )


def samples() -> dict[str, object]:
    """The sample values of the page; `tests/screens` renders them too."""
    keys = ("name", "code", "step", "phase", "held", "days", "pay", "due", "mark")
    return {
        "today": TODAY,
        "tones": TONES,
        "phases": PHASES,
        "job_states": JOB_STATES,
        "rows": [dict(zip(keys, row, strict=True)) for row in ROWS],
        "due_dates": (date(2026, 11, 12), TODAY, date(2026, 11, 30), date(2027, 3, 1)),
        "when": datetime(2026, 11, 20, 22, 5, tzinfo=UTC),
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "tabs": (
            {"label": "Journey", "url": "#journey", "current": True},
            {"label": "Checks", "url": "#checks", "current": False, "count": 12},
            {"label": "Pay", "url": "#pay", "current": False},
        ),
        "stages": (
            {"label": "Upload", "state": "done", "note": "workers-north.xlsx", "url": "#upload"},
            {"label": "Check", "state": "current", "note": "2 rows to mend"},
            {"label": "Commit", "state": "todo"},
        ),
        "funnel": (
            {"label": "Registered", "count": 140, "url": "#registered"},
            {"label": "Selected", "count": 96},
            {"label": "Visa granted", "count": 71, "note": "9 waiting more than 30 days", "tone": "warning"},
            {"label": "Deployed", "count": 64},
            {"label": "Returned", "count": 12, "tone": "good"},
            {"label": "Ended early", "count": None, "note": "fewer than 5"},
        ),
    }
