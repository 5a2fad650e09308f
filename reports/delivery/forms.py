"""The forms of delivery: a schedule, a comment, an answer."""

import zoneinfo
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.scope import Scope
from pilots.models import Grant, Participation
from reports.delivery.models import EditionComment, Schedule
from reports.kinds import kinds_for, title_of

LONGEST = EditionComment._meta.get_field("text").max_length


class GrantChoice(forms.ModelChoiceField):
    """A grant by its funder and reference."""

    def label_from_instance(self, obj: Grant) -> str:
        """North Fund, NF-7."""
        return f"{obj.organisation.name}, {obj.reference}"


class ScheduleForm(forms.Form):
    """Which report for whom, which periods, from when. What a reader may not get is not offered."""

    whom = forms.ChoiceField(label=_("Report, pilot and reader"))
    period = forms.ChoiceField(label=_("Periods"), choices=Schedule.Period.choices)
    grant = GrantChoice(
        label=_("Grant"), queryset=Grant.objects.none(), required=False,
        help_text=_("Only for the period of a grant."),
    )  # fmt: skip
    counts_from = forms.DateField(
        label=_("First period ends on or after"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A day in the past asks for the periods since then too, at once."),
    )  # fmt: skip
    days_after = forms.IntegerField(
        label=_("Days after the period’s end"), min_value=1, max_value=90, initial=1,
        help_text=_("How long to wait for late records. The report is compiled in the night with which that day begins."),
    )  # fmt: skip
    time_zone = forms.ChoiceField(label=_("The reader’s time zone"))
    waits_for_signature = forms.BooleanField(
        label=_("Wait until the safeguarding lead has decided about rare events, where the period is a year or more"),
        required=False, initial=True,
    )  # fmt: skip

    def __init__(self, *args, by: Scope, today: date, time_zone: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = _offered(by)
        whom, zone = self.fields["whom"], self.fields["time_zone"]
        assert isinstance(whom, forms.ChoiceField)
        assert isinstance(zone, forms.ChoiceField)
        whom.choices = [(key, words) for key, (words, _about) in self.offered.items()]
        zone.choices = [(name, name.replace("_", " ")) for name in sorted({*zoneinfo.available_timezones(), "UTC"})]
        zone.initial = time_zone
        self.fields["counts_from"].initial = today
        grant = self.fields["grant"]
        assert isinstance(grant, GrantChoice)
        grant.queryset = Grant.objects.select_related("organisation").order_by("organisation__name", "reference")

    def clean(self):
        """A grant goes with its own period, and with no other."""
        cleaned = super().clean() or {}
        of_a_grant = cleaned.get("period") == Schedule.Period.GRANT
        if of_a_grant and not cleaned.get("grant"):
            self.add_error("grant", _("Choose the grant whose period the report covers."))
        if cleaned.get("grant") and not of_a_grant:
            self.add_error("period", _("A schedule for the period of a grant names the grant; no other does."))
        return cleaned

    def schedule(self) -> Schedule:
        """The schedule as it is wanted, not saved."""
        data = self.cleaned_data
        kind, pilot_id, organisation_id = self.offered[data["whom"]][1]
        names = ("period", "grant", "counts_from", "days_after", "time_zone", "waits_for_signature")
        return Schedule(kind=kind, pilot_id=pilot_id, organisation_id=organisation_id, **{n: data[n] for n in names})


def _offered(by: Scope) -> dict[str, tuple[str, tuple[str, int, int]]]:
    """key → (words, (kind, pilot, reader)): every report that a partner of the scope's pilots may get."""
    rows = Participation.objects.filter(left_on__isnull=True, pilot__in=by.pilot_ids).select_related(
        "pilot", "organisation"
    ).order_by("pilot__name", "organisation__name")  # fmt: skip
    return {
        f"{kind.code}:{row.pilot_id}:{row.organisation_id}": (
            f"{_('All pilots') if kind.across else row.pilot.name}: {row.organisation.name}, {title_of(kind.code)}",
            (kind.code, row.pilot_id, row.organisation_id),
        )
        for row in rows
        for kind in kinds_for(row.kind)
        # A report over all pilots lies with the oldest of them (`settled` in reports/spanning.py).
        if not kind.across or (row.organisation_id, row.pilot_id) == (by.organisation_id, min(by.pilot_ids))
    }  # fmt: skip


class CommentForm(forms.Form):
    """A comment of the reader, on the whole edition or on one of its figures."""

    metric = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Comment"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Your organisation and the programme read it, nobody else. Name no person."),
    )  # fmt: skip

    def __init__(self, *args, figures: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        metric = self.fields["metric"]
        assert isinstance(metric, forms.ChoiceField)
        metric.choices = [("", _("The whole report")), *figures]


class AnswerForm(forms.Form):
    """An answer of the programme."""

    text = forms.CharField(label=_("Answer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
