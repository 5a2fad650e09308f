"""A storage of its own for every test, and papers, costs and trainings to hang files on."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.files import sent
from workers.files.door import keep
from workers.files.records import KINDS
from workers.models import CostItem, IdentityDocument, TrainingRecord


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """The folder of this test's files."""
    place = tmp_path / "kept"
    settings.STORAGES = {
        **settings.STORAGES,
        "files": {"BACKEND": "workers.files.storage.Folder", "OPTIONS": {"location": place}},
    }
    return place


@pytest.fixture
def upload():
    """``upload(content, name)``: as a browser sends it."""

    def _upload(content=None, name="IMG_1.jpg", kind="image/jpeg"):
        return SimpleUploadedFile(name, sent.photo() if content is None else content, kind)

    return _upload


@pytest.fixture
def records(cast):
    """Of IH-001: a paper, a cost, a training, each with one file: ``records.document``, ``records.document_file`` …"""
    placement = cast.placement("IH-001")
    found = SimpleNamespace(placement=placement)
    with cast.acting("ines") as by:
        owners = {"pilot_id": placement.pilot_id, "placement": placement, "recruiter_id": placement.recruiter_id,
                  "employer_id": placement.employer_id}  # fmt: skip
        found.document = IdentityDocument.objects.filter(person_id=placement.person_id, kind="passport").first()
        found.cost = CostItem.objects.create(
            **owners, cohort_id=placement.cohort_id, item="visa", amount=Decimal("120"), currency="NZD",
            paid_on=date(2026, 1, 10), paid_by="worker",
        )  # fmt: skip
        found.training = TrainingRecord.objects.create(
            **owners, course="Orchard safety", held_on=date(2026, 1, 20), passed=True
        )
        for code in ("document", "cost", "training"):
            kind = KINDS[code]
            row = keep(kind.files, sent.photo(), by=by, name="of Sione.jpg", **kind.owners(getattr(found, code)))
            setattr(found, f"{code}_file", row)
    return found
