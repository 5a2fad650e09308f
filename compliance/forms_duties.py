"""Forms about duties: proof that one was done, proof taken back, and a clock started by hand."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import offer
from compliance.duties.clocks import Clock
from pilots.models import JobOrder, Pilot
from workers.models import Placement


class DischargeForm(forms.Form):
    """When it was done, and what shows it."""

    done_on = forms.DateField(label=gettext_lazy("Done on"), widget=forms.DateInput)
    evidence = forms.CharField(
        label=gettext_lazy("What shows it"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For example the number of the report, or where the receipt is kept."),
    )  # fmt: skip

    def __init__(self, *args, **options):
        super().__init__(*args, **({"label_suffix": ""} | options))


class TakeBackForm(forms.Form):
    """Why a proof was wrong."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is taken back"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **({"label_suffix": ""} | options))


class StartForm(forms.Form):
    """Which clock, about whom, when it happened and when it was known."""

    duty = forms.ChoiceField(label=gettext_lazy("What has to be done"))
    worker = forms.CharField(
        label=gettext_lazy("Worker ID"), max_length=60, required=False,
        help_text=gettext_lazy("The pilot’s own code. Leave empty where it is about a job order."),
    )  # fmt: skip
    job_order = forms.ModelChoiceField(JobOrder.objects.none(), label=gettext_lazy("Job order"), required=False)
    happened_on = forms.DateField(label=gettext_lazy("It happened on"), widget=forms.DateInput)
    known_on = forms.DateField(
        label=gettext_lazy("Known on"), widget=forms.DateInput,
        help_text=gettext_lazy("When the one who has to act came to know of it."),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("What happened"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Whoever has to act reads this. Write nothing that was told in confidence."),
    )  # fmt: skip

    def __init__(self, *args, pilot: Pilot, clocks: list[Clock], **options):
        super().__init__(*args, **({"label_suffix": ""} | options))
        self.pilot = pilot
        offer(self, "duty", [(clock.key, _(clock.duty.words)) for clock in clocks])
        orders = JobOrder.objects.filter(pilot=pilot).order_by("-starts_on", "pk")
        cast("forms.ModelChoiceField", self.fields["job_order"]).queryset = orders

    def clean(self) -> dict[str, Any]:
        """One worker or one job order, and a worker who is in sight."""
        clean = super().clean() or {}
        code = (clean.get("worker") or "").strip()
        if bool(code) == bool(clean.get("job_order")):
            raise ValidationError({"worker": _("Name one worker, or choose one job order.")})
        if code:
            found = Placement.objects.filter(pilot=self.pilot, person__worker_code__iexact=code).order_by("-pk").first()
            if found is None:
                raise ValidationError({"worker": _("No worker of this pilot has this code.")})
            clean["placement"] = found
        return clean

    def facts(self) -> dict[str, Any]:
        """What the door asks for."""
        clean = self.cleaned_data
        return {
            "key": clean["duty"], "about": clean.get("placement") or clean["job_order"],
            "happened_on": clean["happened_on"], "known_on": clean["known_on"], "words": clean["words"],
        }  # fmt: skip
