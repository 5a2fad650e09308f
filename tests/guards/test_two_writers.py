"""Every form that changes a record says what its reader saw of it, so that of two writers neither overwrites the other."""

from importlib import import_module
from pathlib import Path

from django import forms
from django.conf import settings

from accounts.merging import SeenForm

APPS = ("accounts", "pilots", "workers", "compliance", "reports")
# Forms over a table that only ever make a new row, or whose row has one writer. A form that is to change rows that
# others change too is a SeenForm beside them.
NO_SECOND_WRITER = {
    "WholeRow": "the base of those below", "CohortForm": "makes a cohort", "SiteForm": "makes a site",
    "JobOrderForm": "makes a job order", "GrantForm": "makes a grant", "TargetForm": "makes a target",
    "AgreementForm": "makes an agreement",
    "HoldForm": "makes a hold", "TrainingForm": "makes a training", "ConsentForm": "makes a consent",
    "DocumentForm": "makes a paper", "LegalHoldForm": "makes a legal hold", "SettingsForm": "a person's own settings",
    "RoleOfKindForm": "the operator's own site", "InvitationForm": "the operator's own site", "PilotForm": "the operator's own site",
}  # fmt: skip


def forms_over_tables() -> set[type]:
    """Every ModelForm of the portal."""
    root = Path(settings.BASE_DIR)
    for app in APPS:
        for path in (root / app).rglob("*.py"):
            if "ModelForm" in (text := path.read_text()) or "WholeRow" in text or "SeenForm" in text:
                import_module(".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"))
    found, waiting = set(), [forms.ModelForm]
    while waiting:
        for each in waiting.pop().__subclasses__():
            if each.__module__.split(".")[0] in APPS:
                found.add(each)
            waiting.append(each)
    return found


def overwrites(found: set[type]) -> list[str]:
    """Those that would let a second writer overwrite the first."""
    return sorted(f.__name__ for f in found if not issubclass(f, SeenForm) and f.__name__ not in NO_SECOND_WRITER)


def test_every_form_that_changes_a_record_carries_what_was_seen():
    assert overwrites(forms_over_tables()) == []


def test_the_guard_sees_a_form_that_carries_nothing():
    careless = type("CarelessForm", (forms.Form,), {})
    assert overwrites({careless}) == ["CarelessForm"]
    assert {"CohortForm", "CohortChangesForm", "DocumentForm"} <= {f.__name__ for f in forms_over_tables()}
