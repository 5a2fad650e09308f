"""Forms of the case-work pages: filters, moves, and the facts that are recorded by hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import offer
from accounts.models import Organisation
from accounts.roles import Kind
from accounts.scope import Scope
from pilots.forms import WholeRow, among
from pilots.models import Cohort, JobOrder, Participation, Pilot
from workers.files.fields import UploadField
from workers.journey.moves import MOVE, Move
from workers.journey.steps import PHASES
from workers.journey.wording import move_words, phase_words, reason_words, step_choices
from workers.models import Consent, Hold, IdentityDocument, LegalHold, TrainingRecord
from workers.queries.sorting import SORTS
from workers.queries.waiting import waits_for

ANY = [("", _("Any"))]
# Columns of the list of workers that can be left out; who it is always stands there.
LIST_COLUMNS = [
    ("step", _("Step")), ("cohort", _("Cohort")), ("employer", _("Employer")), ("recruiter", _("Recruiter")),
    ("days", _("Days on this step")), ("end", _("Planned end")),
]  # fmt: skip


class PlacementFilter(forms.Form):
    """Filters of the list of placements. Only what the reader can tell apart is offered."""

    q = forms.CharField(
        label=_("Find"), required=False, max_length=120, widget=forms.TextInput(attrs={"type": "search"})
    )
    pilot = forms.TypedChoiceField(label=_("Pilot"), required=False, coerce=int, empty_value=None)
    cohort = forms.TypedChoiceField(label=_("Cohort"), required=False, coerce=int, empty_value=None)
    phase = forms.ChoiceField(label=_("Phase"), required=False)
    step = forms.ChoiceField(label=_("Step"), required=False)
    recruiter = forms.TypedChoiceField(label=_("Recruiter"), required=False, coerce=int, empty_value=None)
    employer = forms.TypedChoiceField(label=_("Employer"), required=False, coerce=int, empty_value=None)
    waits = forms.ChoiceField(label=_("What waits"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False)
    columns = forms.MultipleChoiceField(
        label=_("Columns"), required=False, choices=LIST_COLUMNS, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data, *, by: Scope):
        super().__init__(data)
        offer(self, "waits", ANY + waits_for(by))
        offer(self, "sort", [("", _("Newest first")), *((code, _(each.words)) for code, each in SORTS.items())])
        pilots = list(Pilot.objects.values_list("pk", "name"))
        cohorts = Cohort.objects.select_related("pilot").order_by("-departs_on", "id")
        offer(self, "pilot", ANY + pilots)
        named: list[tuple[Any, Any]] = [
            (c.pk, f"{c.name}, {c.pilot.name}" if len(pilots) > 1 else c.name) for c in cohorts
        ]
        offer(self, "cohort", ANY + named)
        offer(self, "phase", ANY + [(code, phase_words(code)) for code in PHASES])
        offer(self, "step", ANY + step_choices())
        self._partners(by)
        if len(pilots) < 2:
            del self.fields["pilot"]

    def _partners(self, by: Scope) -> None:
        """Recruiters and employers of the reader's pilots; a reader of that kind sees only its own and needs no choice."""
        partners = list(
            Organisation.objects.filter(kind__in=[Kind.RECRUITER, Kind.EMPLOYER]).values_list("pk", "name", "kind")
        )
        for name, kind in (("recruiter", Kind.RECRUITER), ("employer", Kind.EMPLOYER)):
            if by.kind == kind:
                del self.fields[name]
            else:
                offer(self, name, ANY + [(pk, words) for pk, words, of in partners if of == kind])

    def chosen(self) -> dict:
        """The filters in use; one that cannot be read filters nothing."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", False, [])}


class MoveForm(forms.Form):
    """One move: which, when it happened, when it was known, why. ``moves`` are those this reader may make here."""

    move = forms.ChoiceField(label=_("Move"))
    happened_on = forms.DateField(label=_("It happened on"), widget=forms.DateInput)
    known_on = forms.DateField(
        label=_("Known on"), required=False, widget=forms.DateInput,
        help_text=_("Only where you learned of it on a later day. Some deadlines run from that day."),
    )  # fmt: skip
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Seen by everybody who sees the placement. Nothing about health, family or a complaint."),
    )  # fmt: skip

    def __init__(self, *args, moves: list[Move], today: date, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "move", [("", _("Choose a move"))] + [(m.code, move_words(m.code)) for m in moves])
        codes = {code for m in moves for code in m.reasons}
        chosen = MOVE.get(self.data.get("move", "")) if self.is_bound else None
        if chosen is not None:
            codes = set(chosen.reasons)
        reasons = sorted(((code, reason_words(code)) for code in codes), key=lambda pair: pair[1])
        offer(self, "reason", [("", _("None")), *reasons])
        if not codes:
            del self.fields["reason"]
        self.fields["happened_on"].initial = today
        self.fields["happened_on"].widget.attrs["max"] = today.isoformat()

    def given(self) -> dict:
        """The arguments of the journey's door, apart from who and today."""
        clean = self.cleaned_data
        return {
            "at": clean["happened_on"],
            "known_on": clean.get("known_on"),
            "reason": clean.get("reason", ""),
            "note": clean.get("note", ""),
        }


class HoldForm(WholeRow):
    """A hold placed by hand: why, who can act, until when."""

    class Meta:
        model = Hold
        fields = ["words", "owner", "until"]
        labels = {"words": _("Why"), "owner": _("Who can act")}
        help_texts = {
            "words": _("In neutral words: everybody who sees the placement reads this."),
            "until": _("It lifts itself after this day. Leave empty where somebody has to decide."),
        }

    def __init__(self, *args, pilot: Pilot, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].required = True
        partners = Participation.objects.filter(pilot=pilot, left_on__isnull=True).values("organisation")
        among(self, "owner", Organisation.objects.filter(pk__in=partners))
        self.fields["owner"].required = True


class LiftForm(forms.Form):
    """Why a hold is lifted."""

    reason = forms.CharField(label=_("Why it is lifted"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class LegalHoldForm(WholeRow):
    """Why nothing of a person may be deleted, and when it ends or is looked at again."""

    class Meta:
        model = LegalHold
        fields = ["reason", "ends_on", "review_on"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "reason": _(
                "The court, authority or claim that needs it. Officers of the programme read this, and partners see that the"
                " name stays: what was told in confidence has a hold of its own, on the case."
            ),
            "ends_on": _("After this day it ends by itself."),
            "review_on": _("Or it stands until somebody lifts it, and is looked at again on this day."),
        }


class TrainingForm(WholeRow):
    """One course and its result."""

    file = UploadField(
        label=_("Certificate"), required=False, help_text=_("A photo or a PDF. More can be added later.")
    )

    class Meta:
        model = TrainingRecord
        fields = [
            "course", "provider", "held_on", "planned_hours", "attended_hours", "score", "passed", "certificate",
        ]  # fmt: skip
        labels = {
            "held_on": _("Held on"), "passed": _("The course was passed"), "certificate": _("Number of the certificate"),
        }  # fmt: skip


class ConsentForm(WholeRow):
    """Consent to one purpose."""

    class Meta:
        model = Consent
        fields = ["purpose", "given_on", "form_version", "language"]


class DocumentForm(WholeRow):
    """A passport, visa or other paper. A new one of the same kind and country replaces the old."""

    file = UploadField(
        label=_("Copy"), required=False,
        help_text=_("A photo or a PDF. Deleted three months after the return; that it was seen stays on record."),
    )  # fmt: skip

    class Meta:
        model = IdentityDocument
        fields = ["kind", "number", "country", "issued_on", "expires_on"]
        help_texts = {"country": _("Two letters, such as TO or NZ.")}

    def clean_country(self) -> str:
        """Two capital letters."""
        country = self.cleaned_data["country"].strip().upper()
        if len(country) != 2 or not country.isalpha():
            raise forms.ValidationError(_("Write the country as two letters, such as NZ."))
        return country

    def clean_number(self) -> str:
        """Without spaces, in capital letters, as it is compared and searched."""
        return "".join(self.cleaned_data["number"].split()).upper()

    def clean(self) -> dict:
        """A paper that this person already has is said as such, before the table says that somebody has it."""
        super().clean()
        clean = self.cleaned_data
        own = {name: clean.get(name) for name in ("kind", "number", "country")}
        person = {"person_id": self.instance.person_id, "replaced_at__isnull": True}
        if all(own.values()) and IdentityDocument.objects.filter(**own, **person).exists():
            raise forms.ValidationError(_("This paper is already recorded for this person."))
        return clean


class CohortFilter(forms.Form):
    """Filters of a cohort's board."""

    step = forms.ChoiceField(label=_("Step"), required=False)
    employer = forms.TypedChoiceField(label=_("Employer"), required=False, coerce=int, empty_value=None)
    recruiter = forms.TypedChoiceField(label=_("Recruiter"), required=False, coerce=int, empty_value=None)
    job_order = forms.TypedChoiceField(label=_("Job order"), required=False, coerce=int, empty_value=None)
    reached = forms.ChoiceField(label=_("Reached at any time"), required=False)
    abroad = forms.BooleanField(label=_("Abroad now"), required=False)
    held = forms.BooleanField(label=_("Held only"), required=False)
    view = forms.ChoiceField(required=False, choices=[("table", ""), ("board", "")], widget=forms.HiddenInput)

    def __init__(self, data, *, by: Scope, steps: list[tuple[str, str, int]], partners: list[Organisation],
                 orders: list[JobOrder], milestones: Sequence[tuple[str, str]]):  # fmt: skip
        super().__init__(data)
        offer(self, "reached", ANY + list(milestones))
        offer(self, "step", ANY + [(code, f"{words} ({n})") for code, words, n in steps])
        offer(self, "job_order", ANY + [(o.pk, o.task) for o in orders])
        for name, kind in (("recruiter", Kind.RECRUITER), ("employer", Kind.EMPLOYER)):
            if by.kind == kind:
                del self.fields[name]
            else:
                offer(self, name, ANY + [(o.pk, o.name) for o in partners if o.kind == kind])

    def chosen(self) -> dict:
        """The filters in use; one that cannot be read filters nothing."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", False)}


class OrderChoice(forms.ModelChoiceField):
    """Job orders with the places that are left."""

    taken: dict[int, int]

    def label_from_instance(self, order: JobOrder) -> str:
        """Work, employer, places."""
        left = max(order.places - self.taken.get(order.pk, 0), 0)
        words = {"task": order.task, "employer": order.employer.name, "left": left, "places": order.places}
        return _("%(task)s, %(employer)s: %(left)s of %(places)s places left") % words


class AssignForm(forms.Form):
    """Which job order of the cohort."""

    job_order = OrderChoice(JobOrder.objects.none(), label=_("Job order"))

    def __init__(self, *args, cohort: Cohort, taken: dict[int, int], **kwargs):
        super().__init__(*args, **kwargs)
        cast("OrderChoice", self.fields["job_order"]).taken = taken
        among(self, "job_order", JobOrder.objects.filter(cohort=cohort).select_related("employer"))
