"""What is kept is kept whole, under a name of ours, and never changed."""

import errno
import os
import stat

import pytest
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.db import DatabaseError, transaction

from accounts.rows import may, policy_of
from tests.files import sent
from workers.files import storage
from workers.files.door import FileRefused, keep, withdraw
from workers.files.records import KINDS
from workers.models import StoredFile

pytestmark = pytest.mark.django_db


def every_table() -> list[type[StoredFile]]:
    """The tables of files of all apps."""
    return StoredFile.__subclasses__()


def test_every_table_of_files_is_guarded_by_the_database(db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select tgrelid::regclass::text from pg_trigger where tgname = 'only_ends'")
        guarded = {row[0] for row in cursor.fetchall()}
    assert guarded == {model._meta.db_table for model in every_table()}


def test_nobody_may_delete_the_row_of_a_file():
    for model in every_table():
        assert not any("d" in verbs for _role, verbs, _rows in policy_of(model).lines())
        assert not may(model, "lamp_operator")
        assert not may(model, "lamp_reader")


def test_a_file_lies_closed_under_a_name_that_tells_nothing(records, folder):
    path = folder / records.document_file.stored_as
    assert storage.NAME.fullmatch(records.document_file.stored_as)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "Sione" not in str(path)


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "ab/../../x", "ab/" + "z" * 38, "", "ab", "ab/" + "a" * 38 + "\n"]
)
def test_the_storage_takes_no_name_but_its_own(name, folder):
    with pytest.raises(SuspiciousFileOperation):
        storage.store().exists(name)
    with pytest.raises(SuspiciousFileOperation):
        storage.store().delete(name)


def test_nothing_is_written_over(folder):
    from django.core.files.base import ContentFile

    name = storage.put(b"first")
    with pytest.raises(FileExistsError):
        storage.store().save(name, ContentFile(b"second"))
    assert storage.get(name) == b"first"
    assert len(list((folder / name).parent.iterdir())) == 1


def test_a_full_disk_leaves_no_row_and_no_half_file(records, cast, folder, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = sorted(p for p in folder.rglob("*") if p.is_file())
    kind = KINDS["document"]
    with cast.acting("ines") as by:
        with pytest.raises(FileRefused) as caught:
            keep(kind.files, sent.photo(), by=by, **kind.owners(records.document))
        assert kind.files.objects.filter(document=records.document).count() == 1
    assert caught.value.code == "not_stored"
    assert sorted(p for p in folder.rglob("*") if p.is_file()) == before


def test_the_row_of_a_file_is_never_changed(records, cast):
    row = records.document_file
    changes = [{"sha256": "0" * 64}, {"stored_as": "x"}, {"original_name": "y"}, {"size": 1}, {"document_id": 99_999},
               {"recruiter_id": None}, {"recorded_at": "2020-01-01T00:00:00Z"}]  # fmt: skip
    with cast.acting("ines"):
        for change in changes:
            with pytest.raises(DatabaseError, match="not changed"), transaction.atomic():
                type(row).objects.filter(pk=row.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()


def test_a_file_is_withdrawn_once_and_with_a_reason(records, cast):
    row = records.cost_file
    with cast.acting("ines") as by:
        with pytest.raises(ValidationError, match="Say why"):
            withdraw(row, by=by, reason="  ")
        with pytest.raises(ValidationError, match="300"):
            withdraw(row, by=by, reason="x" * 301)
        withdraw(row, by=by, reason="another person's receipt")
        with pytest.raises(ValidationError, match="before"):
            withdraw(row, by=by, reason="again")
        with pytest.raises(DatabaseError, match="not changed"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(withdrawn_reason="another reason")


def test_a_role_without_the_table_keeps_nothing(records, cast):
    kind = KINDS["cost"]
    with cast.acting("omar") as by:
        with pytest.raises(DatabaseError), transaction.atomic():
            keep(kind.files, sent.photo(), by=by, **kind.owners(records.cost))


def test_a_file_cannot_hang_on_a_record_of_another_pilot(records, cast):
    kind = KINDS["cost"]
    owners = kind.owners(records.cost) | {"pilot_id": cast.pilot("azul").pk}
    with cast.acting("dana") as by:
        with pytest.raises(DatabaseError), transaction.atomic():
            keep(kind.files, sent.photo(), by=by, **owners)
