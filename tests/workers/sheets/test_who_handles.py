"""Who handles a sheet: those who may send its kind, in the pilots of their organisation; and what probing leaves behind."""

import csv
import io
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.scope import acting_as
from tests.workers.likeness.test_pages import TYPED
from workers.models import ContractVersion, ImportBatch, ImportRow, Person
from workers.sheets.door import check, commit, open_batch, undo
from workers.sheets.provenance import provenance

pytestmark = pytest.mark.django_db
CONTRACT = ("Worker ID", "Version", "Signed on", "Hourly rate", "Currency", "Start", "Planned end")
LINE = ("IH-001", "signed", "2026-01-10", "25.00", "NZD", "2026-02-10", "2026-08-31")


def recorded(cast, name, kind, *rows, today):
    """A sheet of this kind, recorded by this person."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    with cast.acting(name) as by:
        batch = check(open_batch(text.getvalue().encode(), "list.csv", kind, cast.pilot(), by=by), by=by, today=today)
        commit(batch, by=by, only_accepted=True, today=today)
    return batch


def test_who_may_not_record_a_kind_neither_reads_nor_takes_back_a_sheet_of_it(cast, sign_in, today):
    batch = recorded(cast, "ines", "contracts", CONTRACT, LINE, today=today)
    with cast.acting("ines"):
        assert ContractVersion.objects.filter(placement__person__worker_code="IH-001").count() == 1
    lena = sign_in("lena")
    for name in ("import", "import_remainder"):
        assert lena.get(reverse(f"workers:{name}", args=[batch.pk])).status_code == 404
    for name in ("import_undoings", "import_commits", "import_checks"):
        answer = lena.post(reverse(f"workers:{name}", args=[batch.pk]), {"reason": "Wrong file."})
        assert answer.status_code == 404, name
    with cast.acting("lena") as by, pytest.raises(PermissionDenied):
        undo(ImportBatch.objects.get(pk=batch.pk), by=by, reason="Wrong file.")
    with cast.acting("ines"):
        assert ContractVersion.objects.filter(placement__person__worker_code="IH-001").count() == 1
    listed = lena.get(reverse("workers:imports")).content.decode()
    assert f"/imports/{batch.pk}/" not in listed


def test_an_organisation_that_left_the_pilot_reads_its_sheets_no_more(cast, today):
    recorded(cast, "sefo", "workers", ("Worker ID", "Family name"), ("L-1", "Lolo"), today=today)
    with cast.acting("sefo"):
        assert ImportRow.objects.count() == 1
    with acting_as(replace(cast.scope("sefo"), pilot_ids=())):
        assert not ImportBatch.objects.exists()
        assert not ImportRow.objects.exists()


def test_typing_the_number_of_somebody_not_seen_leaves_a_trace(cast, sign_in):
    with cast.acting("ines"):
        passport = cast.placement("IH-001").person.documents.get(kind="passport")
    with cast.acting("ines"):
        before = AuditEvent.objects.filter(action="number claimed twice").count()
    typed = TYPED | {"pilot": cast.pilot().pk, "compared": "1", "passport_number": passport.number,
                     "passport_country": passport.country}  # fmt: skip
    assert sign_in("tavi").post(reverse("workers:new_person"), typed).status_code == 422
    with cast.acting("ines"):
        assert AuditEvent.objects.filter(action="number claimed twice").count() == before + 1


@pytest.mark.parametrize("kind", ["pay", "costs", "debts", "housing", "exchange rates"])
def test_asking_where_a_fact_comes_from_that_one_may_not_read_is_not_found(sign_in, kind):
    assert sign_in("sefo").get(reverse("workers:origin", args=[kind, 1])).status_code == 404


def test_where_a_value_comes_from_tells_no_role_what_its_tables_keep_from_it(cast, sign_in, today):
    """A safeguarding lead of the programme's own organisation reads no income and no passport, in no sheet either."""
    head = ("Worker ID", "Passport number", "Passport country", "Home monthly income", "Home income currency")
    recorded(cast, "ines", "workers", head, ("IH-004", "T987654", "Tonga", "777", "TOP"), today=today)
    with cast.acting("ines"):
        person = Person.objects.get(worker_code="IH-004")
    address = reverse("workers:origins", args=[person.pk])
    assert "T987654" in sign_in("ines").get(address).content.decode()
    page = sign_in("lena").get(address).content.decode()
    assert "T987654" not in page
    assert "777" not in page
    assert sign_in("lena").get(reverse("workers:origin", args=["workers", person.pk])).status_code == 404


def test_where_a_value_comes_from_is_found_by_an_index(cast, today):
    recorded(cast, "sefo", "workers", ("Worker ID", "Family name"), ("L-1", "Lolo"), today=today)
    with cast.acting("sefo"), connection.cursor() as cursor:
        person = Person.objects.get(worker_code="L-1")
        assert [origin.value for origin in provenance("workers", person.pk)][:2] == ["L-1", "Lolo"]
        # The rows are few here: what is looked at is whether the policies let the indexes be used at all.
        cursor.execute("set local enable_seqscan = off; set local enable_indexscan = off")
        plan = ImportRow.objects.filter(
            Q(person_id=person.pk) | Q(person_id__isnull=True, worker_code="L-1"), pilot_id=person.pilot_id,
            verdict__in=("new", "changed"),
        ).order_by().explain()  # fmt: skip
    assert ("row_of_worker_id" in plan, "row_of_person" in plan) == (True, True), plan
