"""Every form that changes a record says what its reader saw of it, so that of two writers neither overwrites the other."""

from importlib import import_module
from pathlib import Path

from django import forms
from django.conf import settings

from accounts.merging import SeenForm

APPS = ("accounts", "pilots", "workers", "compliance", "reports", "lamp_portal")
# Every form that carries nothing of what was seen, and why nobody loses a word by it. A form that is to change what others
# change too is a SeenForm or carries a ``revision``; it does not come in here.
NO_SECOND_WRITER = {
    "the base of others, never shown itself": ["forms_departing.DayForm", "forms.WholeRow", "forms.RoleForm"],
    "it makes a new row beside whatever others make, or the table refuses a second one and the words stay in the form": [
        "forms.CohortForm", "forms.SiteForm", "forms.JobOrderForm", "forms_grants.GrantForm", "forms_grants.TargetForm",
        "forms_overrides.OverrideForm", "forms.HoldForm", "forms.LegalHoldForm", "forms.TrainingForm", "forms.ConsentForm",
        "forms.DocumentForm", "forms.PersonForm", "views.AttachForm", "forms.NoteForm",
        "forms.TaskForm", "forms.AskForm", "forms.TellForm", "forms.UploadForm", "forms.InviteForm", "forms.AcceptForm",
        "alone.AloneForm", "forms.ContactForm", "forms.EvidenceForm", "forms.VisitForm", "forms.SurveyForm",
        "coverage_forms.AttemptForm", "forms_duties.DischargeForm", "forms_duties.StartForm", "forms.DrawForm",
        "remedy_forms.ActionForm", "remedy_forms.EntryForm", "remedy_forms.PaymentForm", "remedy_forms.StepForm",
        "forms.AnswerForm", "forms.FileForm", "forms.MessageForm", "forms.OfferForm", "public_forms.ConcernForm",
        "public_forms.PhotosForm", "public_forms.WriteForm", "forms.CommentForm", "forms.ScheduleForm", "forms.SignOffForm",
        "forms.AgreementForm", "forms.ExtractForm", "partner_views.LetterForm",
    ],
    "it is done once: the door refuses the second, who reads that beside the own words": [
        "forms.LiftForm", "forms_grants.TargetChangeForm", "forms_overrides.EndForm", "forms.EndForm", "remedy_forms.EndForm",
        "remedy_forms.TakeBackForm", "forms_duties.TakeBackForm", "forms.OpeningForm", "forms.ReviewForm",
        "forms.WithdrawalForm", "forms.DecisionForm", "forms.UndoForm", "forms.CorrectionForm", "taking_back.WhyForm",
        "views.WhatForm",
    ],
    "it carries the number of the step that was seen": ["forms.MoveForm", "forms.AssignForm", "forms.HolderForm"],
    "it asks, and writes nothing": [
        "filter_forms.CaseFilter", "filter_forms.DutyFilter", "filter_forms.FindingFilter", "filter_forms.ListFilter",
        "filter_forms.PeriodFilter", "filter_forms.StageFilter", "filter_forms.StateFilter", "forms.CohortFilter",
        "forms.PlacementFilter", "forms.ListFilter", "forms.HistoryFilter", "forms.OrderForm", "forms.DownloadForm",
        "forms_departing.ReadinessForm", "public_forms.FollowForm", "styleguide.SampleFilter", "styleguide.SampleForm",
        "retention_page.DayForm", "phone_lock.UnlockForm", "views.ToForm",
    ],
    "a person's own settings": ["forms.SettingsForm", "forms.LanguageForm", "forms.PlaceForm", "forms.PlanForm"],
    "the sender's own sheet, checked again under its lock; its rows are compared with the records one by one": [
        "forms.ReadingForm",
    ],
}  # fmt: skip
EXCUSED = {name for names in NO_SECOND_WRITER.values() for name in names}


def forms_of_the_portal() -> set[type]:
    """Every form class, of tables or not."""
    root = Path(settings.BASE_DIR)
    for app in APPS:
        for path in (root / app).rglob("*.py"):
            text = path.read_text()
            if "Form" in text and "migrations" not in path.parts:
                import_module(".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"))
    found, waiting = set(), [forms.BaseForm]
    while waiting:
        for each in waiting.pop().__subclasses__():
            if each.__module__.split(".")[0] in APPS and "<locals>" not in each.__qualname__:
                found.add(each)
            waiting.append(each)
    return {each for each in found if each.__module__ not in {"django.forms.models", "django.forms.widgets"}}


def name_of(form: type) -> str:
    """Its module and its name, as the table above has them."""
    return f"{form.__module__.rpartition('.')[2]}.{form.__name__}"


def overwrites(found: set[type]) -> list[str]:
    """Those that would let a second writer overwrite the first."""
    return sorted(
        name_of(f) for f in found
        if not issubclass(f, SeenForm) and "revision" not in f.base_fields and name_of(f) not in EXCUSED
    )  # fmt: skip


def test_every_form_that_changes_a_record_carries_what_was_seen():
    found = forms_of_the_portal()
    assert overwrites(found) == []
    assert {name_of(f) for f in found} >= EXCUSED, "an excuse for a form that is no more"


def test_the_guard_sees_a_form_that_carries_nothing():
    careless = type("CarelessForm", (forms.Form,), {"__module__": "workers.forms"})
    assert overwrites({careless}) == ["forms.CarelessForm"]
    assert {"CohortForm", "CohortChangesForm", "DocumentForm"} <= {f.__name__ for f in forms_of_the_portal()}
