"""Correcting what is recorded of a person: by hand, one person at a time, beside whoever does the same just now."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.merging import ask, settle
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.rows import may
from accounts.verbs import SeeOther, requires
from workers.forms_people import PersonForm
from workers.models import Person, PersonContact

OF_CONTACT = ("phone", "email")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PERSON_IMPORT)
def person_changes(request: PortalRequest, pk: int) -> HttpResponse:
    """GET: the record in a form. POST: write what changed, or ask where somebody else changed the same."""
    writes = may(Person, request.scope.db_role, "u") and may(PersonContact, request.scope.db_role, "u")
    if not writes:
        raise PermissionDenied("person")
    sends = request.method == "POST"
    rows = Person.objects.select_for_update(of=("self",)) if sends else Person.objects
    found = get_object_or_404(rows, pk=pk)
    contact = PersonContact.objects.filter(pk=pk).first() or PersonContact(
        person_id=pk, pilot_id=found.pilot_id, recruiter_id=found.recruiter_id
    )
    now = {name: getattr(contact if name in OF_CONTACT else found, name) for name in PersonForm.fields_of_the_record()}
    form = PersonForm(request.POST if sends else None, initial=dict(now))
    form.show(now)
    back = reverse("workers:person", args=[pk])
    if form.is_valid():
        settled = settle(form, now)
        if settled.open:
            return ask(request, form, settled, now, title=found.name, back=back)
        if _write(found, contact, now, settled.values, form):
            messages.success(request, _("The record was changed."))
            return SeeOther(back)
    context = {"person": found, "form": form, "back": back}
    return render(request, "workers/person_form.html", context, status=422 if sends else 200)


def _write(
    person: Person, contact: PersonContact, now: Mapping[str, Any], values: Mapping[str, Any], form: PersonForm
) -> bool:
    """Write the fields that changed; False with the sentence in the form where the tables refuse."""
    changed = [name for name in now if values[name] != now[name]]
    for name in changed:
        setattr(contact if name in OF_CONTACT else person, name, values[name])
    own = [name for name in changed if name not in OF_CONTACT]
    if form.refused_by(person):
        return False
    if own:
        person.version += 1
        person.save(update_fields=[*own, "version"])
    if len(own) < len(changed):
        contact.save()
    return True
