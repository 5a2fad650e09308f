"""Pages of spreadsheets, through the whole client: send, look, record, fetch what is left, send that."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEvent, Job
from tests.workers.sheets.test_door import HEADERS, MOVE_HEADERS, ROWS, workbook
from workers.models import ImportBatch, ImportRow, Person

pytestmark = pytest.mark.django_db


def send(client, cast, content=None, name="list.xlsx", **more):
    data = {"kind": "workers", "pilot": cast.pilot().pk, "date_order": "dmy"} | more
    data["file"] = SimpleUploadedFile(name, content or workbook())
    return client.post(reverse("workers:imports"), data)


def page(client, response):
    assert response.status_code == 303, response.content.decode()[:3000]
    return client.get(response["Location"])


def test_a_recruiter_sends_a_list_looks_and_records_it(cast, sign_in):
    sefo = sign_in("sefo")
    assert sefo.get(reverse("workers:imports")).status_code == 200
    seen = page(sefo, send(sefo, cast))
    assert seen.status_code == 200
    text = seen.content.decode()
    assert "Record all 2 rows" in text
    assert "NEW-1" in text
    pk = seen.context["batch"].pk
    done = sefo.post(reverse("workers:import_commits", args=[pk]), {"rows": "all"})
    after = page(sefo, done)
    assert "Recorded: 2 new, 0 changed." in after.content.decode()
    with cast.acting("sefo"):
        assert Person.objects.filter(worker_code="NEW-1").exists()
    with cast.acting("ines"):
        event = AuditEvent.objects.get(action="import committed")
        assert (event.object_id, event.reason) == (pk, "workers: 2 new, 0 changed")


def test_what_is_wrong_is_named_by_its_cell_and_the_rest_can_be_recorded(cast, sign_in):
    rows = [ROWS[0], ["NEW-7", "Any", "One", "wombat", "31/04/1990", "Tonga", "", "", "", "", "", "", ""]]
    sefo = sign_in("sefo")
    seen = page(sefo, send(sefo, cast, workbook(rows)))
    text = seen.content.decode()
    assert ">D3<" in text
    assert ">E3<" in text
    assert "wombat" in text
    assert "Record the 1 accepted row" in text
    pk = seen.context["batch"].pk
    refused = sefo.post(reverse("workers:import_commits", args=[pk]), {"rows": "all"})
    assert refused.status_code == 422
    assert "all rows or none" in refused.content.decode()
    assert sefo.post(reverse("workers:import_commits", args=[pk]), {"rows": "accepted"}).status_code == 303
    again = sefo.post(reverse("workers:import_commits", args=[pk]), {"rows": "accepted"})
    assert again.status_code == 422
    assert "already recorded" in again.content.decode()


def test_the_remainder_is_mended_and_sent_again(cast, sign_in):
    import openpyxl

    rows = [ROWS[0], ["NEW-7", "=cmd()", "One", "M", "", "Tonga", "", "", "", "", "", "", ""]]
    sefo = sign_in("sefo")
    seen = page(sefo, send(sefo, cast, workbook(rows)))
    left = sefo.get(reverse("workers:import_remainder", args=[seen.context["batch"].pk]))
    assert left["Content-Disposition"].endswith('to-mend.xlsx"')
    book = openpyxl.load_workbook(io.BytesIO(left.content))
    sheet = book.active
    assert [c.value for c in sheet[1]] == [*HEADERS, "What to fix"]
    assert (sheet["B2"].value, sheet["B2"].data_type, sheet.max_row) == ("=cmd()", "s", 2)
    sheet["B2"].value = "Mended"
    mended = io.BytesIO()
    book.save(mended)
    after = page(sefo, send(sefo, cast, mended.getvalue(), name="mended.xlsx"))
    with cast.acting("sefo"):
        row = ImportRow.objects.get(batch=after.context["batch"])
        assert (row.verdict, row.clean["family_name"]) == ("new", "Mended")


def test_health_and_abuse_in_a_note_is_warned_of_and_not_kept(cast, sign_in):
    rows = [["IH-004", "Shortlisted", "2026-02-01", "", "", "pregnant, was beaten by the foreman"]]
    ines = sign_in("ines")
    seen = page(ines, send(ines, cast, workbook(rows, MOVE_HEADERS), kind="moves"))
    text = seen.content.decode()
    assert "health or abuse" in text
    assert "beaten" not in text
    with cast.acting("ines"):
        row = ImportRow.objects.get(batch=seen.context["batch"])
        assert "beaten" not in f"{row.raw}{row.clean}{row.warnings}"
        assert row.verdict == "new"


def test_another_organisations_sheet_is_not_there_and_the_programme_only_looks(cast, sign_in):
    sefo, tavi, ines = sign_in("sefo"), sign_in("tavi"), sign_in("ines")
    rows = [["RR-001", "Any", "Name", "M", "", "Tonga", "", "", "", "", "", "", ""]]
    pk = page(sefo, send(sefo, cast, workbook(rows))).context["batch"].pk
    for name in ("import", "import_remainder"):
        assert tavi.get(reverse(f"workers:{name}", args=[pk])).status_code == 404
    for name in ("import_checks", "import_commits"):
        assert tavi.post(reverse(f"workers:{name}", args=[pk])).status_code == 404
        assert ines.post(reverse(f"workers:{name}", args=[pk])).status_code == 403
    assert "Number claimed twice" in ines.get(reverse("workers:imports")).content.decode()
    assert "claimed twice" in ines.get(reverse("workers:import", args=[pk])).content.decode()
    assert ines.get(reverse("workers:import_remainder", args=[pk])).status_code == 404


@pytest.mark.parametrize("name", ["kofi", "nell", "fay"])
def test_who_imports_nothing_has_no_such_page(cast, sign_in, name):
    assert sign_in(name).get(reverse("workers:imports")).status_code == 403


def test_a_file_that_is_no_sheet_is_refused_in_words(cast, sign_in):
    sefo = sign_in("sefo")
    seen = page(sefo, send(sefo, cast, b"\x89PNG\r\n\x1a\n" + b"0" * 200, name="<script>.xlsx"))
    text = seen.content.decode()
    assert "This is a picture" in text
    assert "<script>.xlsx" not in text
    assert "&lt;script&gt;.xlsx" in text


def test_a_file_too_large_is_refused_on_the_form(cast, sign_in, settings):
    settings.SHEET_MAX_BYTES = 100
    response = send(sign_in("sefo"), cast)
    assert response.status_code == 422
    assert "at most" in response.content.decode()
    with cast.acting("sefo"):
        assert not ImportBatch.objects.exists()


def test_a_long_sheet_is_read_by_a_job(cast, sign_in, monkeypatch):
    monkeypatch.setattr("workers.sheets.views.INLINE_BYTES", 10)
    sefo = sign_in("sefo")
    seen = page(sefo, send(sefo, cast))
    assert seen.context["work"]["label"] == "Reading a spreadsheet"
    with cast.acting("sefo"):
        job = Job.objects.get(kind="check_sheet")
        assert job.params == {"batch": seen.context["batch"].pk}


def test_an_empty_sheet_of_each_kind_can_be_fetched(cast, sign_in):
    sefo = sign_in("sefo")
    for kind in ("workers", "moves"):
        got = sefo.get(reverse("workers:import_template", args=[kind]))
        assert got.content[:2] == b"PK"
    assert sefo.get("/imports/templates/nothing.xlsx").status_code == 404


def test_a_cohort_of_another_pilot_is_not_offered(cast, sign_in):
    response = send(sign_in("sefo"), cast, cohort=cast.cohort("AZ1").pk)
    assert response.status_code == 422


def test_the_order_of_dates_can_be_settled_on_the_page(cast, sign_in):
    sefo = sign_in("sefo")
    rows = [[*ROWS[1][:4], "03/04/1994", *ROWS[1][5:]]]
    seen = page(sefo, send(sefo, cast, workbook(rows), date_order=""))
    assert seen.context["counts"]["refused"] == 1
    pk = seen.context["batch"].pk
    wrong = sefo.post(reverse("workers:import_answers", args=[pk]), {"date_order|birth_date": "xyz"})
    assert wrong.status_code == 422
    again = page(sefo, sefo.post(reverse("workers:import_answers", args=[pk]), {"date_order|birth_date": "mdy"}))
    assert again.context["counts"]["new"] == 1
    with cast.acting("sefo"):
        assert ImportRow.objects.get(batch_id=pk).clean["birth_date"] == "1994-03-04"


def test_a_sheet_is_taken_back_on_its_page_with_a_reason(cast, sign_in):
    sefo = sign_in("sefo")
    pk = page(sefo, send(sefo, cast)).context["batch"].pk
    sefo.post(reverse("workers:import_commits", args=[pk]), {"rows": "all"})
    assert sefo.post(reverse("workers:import_undoings", args=[pk]), {"reason": ""}).status_code == 422
    after = page(sefo, sefo.post(reverse("workers:import_undoings", args=[pk]), {"reason": "wrong file"}))
    assert "Taken back: 2 rows." in after.content.decode()
    with cast.acting("sefo"):
        assert not Person.objects.filter(worker_code="NEW-1").exists()


def test_the_page_of_a_sheet_asks_the_same_number_of_questions_for_any_number_of_rows(cast, sign_in):
    sefo = sign_in("sefo")
    few = page(sefo, send(sefo, cast)).context["batch"].pk
    rows = [[f"MANY-{n}", "Any", "One", *[""] * 10] for n in range(120)]
    many = page(sefo, send(sefo, cast, workbook(rows), name="many.xlsx")).context["batch"].pk
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for pk in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            sefo.get(reverse("workers:import", args=[pk]))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    second = sefo.get(reverse("workers:import", args=[many]), {"show": "new", "after": "41"})
    assert second.context["rows"][0].number == 42


def test_a_column_is_mapped_by_hand_once_and_remembered_for_the_organisation(cast, sign_in):
    sefo, tavi = sign_in("sefo"), sign_in("tavi")
    content = workbook([["MAP-1", "Any", "Kolovai"]], ["Worker ID", "Family name", "Where from"])
    seen = page(sefo, send(sefo, cast, content))
    assert seen.context["batch"].summary["ignored"] == ["Where from"]
    pk = seen.context["batch"].pk
    again = page(sefo, sefo.post(reverse("workers:import_columns", args=[pk]), {"column_2": "village"}))
    assert again.context["batch"].summary["ignored"] == []
    next_one = page(
        sefo, send(sefo, cast, workbook([["MAP-2", "Any", "Neiafu"]], ["Worker ID", "Family name", "Where from"]))
    )
    with cast.acting("sefo"):
        assert ImportRow.objects.get(batch=next_one.context["batch"]).clean["village"] == "Neiafu"
    others = page(tavi, send(tavi, cast, content))
    assert others.context["batch"].summary["ignored"] == ["Where from"]


def test_a_small_file_with_a_great_many_rows_is_left_to_a_job(cast, sign_in):
    sefo = sign_in("sefo")
    many = workbook([["S", "A"]] * 1200, ["Worker ID", "Family name"])
    assert len(many) < 80_000
    seen = page(sefo, send(sefo, cast, many))
    assert seen.context["work"]["label"] == "Reading a spreadsheet"
    assert "could not be read" not in seen.content.decode()


def test_every_kind_that_is_offered_has_its_template(cast, sign_in):
    from workers.sheets.judges import offered

    with cast.acting("ines") as by:
        kinds = offered(by)
    client = sign_in("ines")
    page = client.get(reverse("workers:imports")).content.decode()
    assert 'href=""' not in page
    for kind in kinds:
        address = reverse("workers:import_template", args=[kind])
        assert address in page
    assert client.get(reverse("workers:import_template", args=["exchange rates"])).status_code == 200
