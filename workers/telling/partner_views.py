"""Writing to the recruiters and employers of a selection: who would read it about whom, and the act."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from pilots.models import Cohort
from workers.models.notes import LONGEST_NOTE
from workers.notes.about import about_cohort
from workers.notes.door import is_warning, withhold
from workers.notes.views import HAND_OVER, KEEP
from workers.queries.placements import Row
from workers.sheets.restricted import tells_of_health_or_abuse
from workers.telling import partners as door
from workers.views.acts import back_to, picked, rows_of


class LetterForm(forms.Form):
    """To which of their organisations, and the words."""

    to = forms.MultipleChoiceField(
        label=gettext_lazy("To whom"), choices=[(code, words) for code, (_name, words) in door.PARTNERS.items()],
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("Each organisation reads about its own people alone."),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Message"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Stands as a note with each person. Nothing about health or violence: that is for the safeguarding lead."),
    )  # fmt: skip


def preview(
    request: PortalRequest, cohort: Cohort, rows: list[Row], around: dict[str, str], form: LetterForm | None = None,
    *, warned: bool = False,
) -> HttpResponse:  # fmt: skip
    """Who would read it about whom. Nothing is written yet."""
    request.scope.require(Permission.PARTNERS_WRITE)
    to = request.POST.getlist("to") if form else [door.RECRUITERS]
    form = form or LetterForm(initial={"to": to})
    found = door.drafts([row.placement.pk for row in rows], to, by=request.scope)
    steps = {row.placement.pk: row for row in rows}
    context: dict[str, Any] = {
        "cohort": cohort, "rows": rows, "form": form, "warned": warned, **around,
        "drafts": [
            (found.names[pk], [steps[one.pk] for one in people])
            for pk, people in sorted(found.people.items(), key=lambda each: found.names[each[0]])
        ],
        "left_out": [steps[one.pk] for one in found.left_out],
    }  # fmt: skip
    return render(request, "workers/telling_partners.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires(Permission.PARTNERS_WRITE)
def letters(request: PortalRequest, pk: int) -> HttpResponse:
    """Write it, or hand words that many must not read over to the safeguarding leads."""
    cohort = get_object_or_404(Cohort.objects.select_related("pilot"), pk=pk)
    around, now = back_to(request, cohort), timezone.now()
    rows = rows_of(cohort, list(picked(request)), timezone.localdate(now))
    form, answer = LetterForm(request.POST), request.POST.get("as", "")
    if request.POST.get("do") == "look" or not form.is_valid():
        return preview(request, cohort, rows, around, form)
    text = form.cleaned_data["text"]
    if answer == HAND_OVER and tells_of_health_or_abuse(text):
        withhold(about_cohort(cohort.pk), text, by=request.scope)
        messages.success(request, _("Your words were handed over to the safeguarding lead. They stand in no note."))
        return SeeOther(around["back_url"])
    try:
        sent = door.send(
            [row.placement.pk for row in rows], form.cleaned_data["to"], text, by=request.scope, at=now,
            harmless=answer == KEEP,
        )  # fmt: skip
    except ValidationError as refused:
        form.add_error(None, refused)
        return preview(request, cohort, rows, around, form, warned=is_warning(refused))
    words = ngettext(
        "Written to %(n)d organisation. It stands with each person under Notes and tasks.",
        "Written to %(n)d organisations. It stands with each person under Notes and tasks.",
        len(sent.names),
    )
    messages.success(request, words % {"n": len(sent.names)})
    return SeeOther(around["back_url"])
