"""Where recorded values come from: the sheets, rows and cells that told them, as far as the reader may know."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.rows import may
from accounts.verbs import requires
from workers.models import Person
from workers.sheets.kinds import COLUMNS
from workers.sheets.ledgers import LEDGERS
from workers.sheets.provenance import MOVES, PERSON, of_person, provenance


@require_GET
@requires(Permission.SHEET_SEND)
def origins(request: PortalRequest, pk: int) -> HttpResponse:
    """The fields of a person with the cell each came from, and every other row that told of the person."""
    person = get_object_or_404(Person.objects.select_related("pilot"), pk=pk)
    fields, told = provenance(PERSON, pk), of_person(person)
    if fields or told:
        audit.read_sensitive(request, "person", person.pk, person.pilot_id)
    context = {
        "person": person, "fields": fields, "title": _("Where this comes from"),
        "told": [(each, _(COLUMNS[each.kind].title)) for each in told],
    }  # fmt: skip
    return render(request, "workers/sheets/origins.html", context)


@require_GET
@requires(Permission.SHEET_SEND)
def origin(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    """The values of one fact with the cells they came from; 404 when no sheet told it that the reader may know of."""
    if kind not in LEDGERS and kind not in (PERSON, MOVES):
        raise Http404
    if kind in LEDGERS and not may(LEDGERS[kind].model, request.scope.db_role):
        raise Http404
    fields = provenance(kind, pk)
    if not fields:
        raise Http404
    audit.read_sensitive(request, "import", fields[0].batch.pk, fields[0].batch.pilot_id)
    context = {"fields": fields, "title": _("Where this comes from"), "kind": _(COLUMNS[kind].title)}
    return render(request, "workers/sheets/origins.html", context)
