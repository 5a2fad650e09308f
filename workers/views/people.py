"""A person with all their placements, and who changed what on a placement."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.rows import may
from accounts.verbs import requires
from workers.journey.wording import step_phase, step_words
from workers.likeness.forms import UndoForm
from workers.likeness.queries import merges_of
from workers.models import Person, PersonContact
from workers.queries import placement as placement_facts
from workers.queries.history import changes
from workers.views import legal_holds
from workers.views.placements import part_of


@require_GET
@requires(Permission.PERSON_VIEW)
def person(request: PortalRequest, pk: int) -> HttpResponse:
    """A person over seasons: every placement the reader sees, newest first."""
    found, placements = placement_facts.person_with_placements(pk)
    rows = [
        {
            "placement": p,
            "step": step_words(p.state.step, p.pilot.scheme),
            "phase": step_phase(p.state.step),
        }
        for p in placements
    ]
    today, records = timezone.localdate(), placement_facts.records_of(found)
    context = {
        "person": found, "rows": rows, "today": today, "age": placement_facts.age_on(found.birth_date, today),
        "sees_home": may(PersonContact, request.scope.db_role), "may_send": request.scope.allows(Permission.SHEET_SEND),
        "may_change": request.scope.allows(Permission.PERSON_IMPORT) and may(Person, request.scope.db_role, "u"),
        "records": records.values(), **legal_holds.of_person(request, [found.pk, *records]),
    }  # fmt: skip
    if context["records"] and request.scope.allows(Permission.PERSON_MERGE):
        context |= {"merges": merges_of(found), "undoing": UndoForm(None)}
    return render(request, "workers/person.html", context)


@require_GET
@requires(Permission.HISTORY_VIEW)
def history(request: PortalRequest, pk: int) -> HttpResponse:
    """Who changed what on the records of a placement."""
    found = placement_facts.one(pk)
    context = {"placement": found, "changes": changes(found, by=request.scope)}
    return render(request, part_of(request, "workers/history.html", "history"), context)
