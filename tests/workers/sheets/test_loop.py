"""The loop of a sheet on its pages: columns and words settled once, cells mended in place, conflicts, parts, origins."""

import io

import openpyxl
import pytest
from django.urls import reverse

from tests.browser.messy import messy_list
from tests.workers.sheets.test_door import HEADERS, MOVE_HEADERS, ROWS, opened, workbook
from tests.workers.sheets.test_pages import page, send
from workers.models import ImportBatch, ImportEdit, ImportRow, Person, SheetHabit, WithheldText
from workers.sheets.door import check
from workers.sheets.handing_over import hand_over

pytestmark = pytest.mark.django_db
BAD = ["NEW-7", "Any", "One", "wombat", "31/04/1990", "Tonga", "", "", "", "", "", "", ""]


def url(name, *args):
    return reverse(f"workers:{name}", args=args)


def text_of(response):
    return response.content.decode()


def test_a_list_with_every_trouble_is_understood_column_by_column(cast, sign_in):
    sefo = sign_in("sefo")
    seen = page(sefo, send(sefo, cast, messy_list(), date_order=""))
    pk = seen.context["batch"].pk
    assert seen.context["batch"].state == "refused"
    assert "Say what the columns are" in text_of(seen)
    columns = url("import_columns", pk)
    assert "Registration" in text_of(sefo.get(columns))
    assert sefo.post(columns, {"sheet": "Registration"}).status_code == 303
    shown = sefo.get(columns)
    assert [row["column"].header for row in shown.context["columns"]][:4] == ["No", "ID", "Surname", "First names"]
    assert [row["column"].values for row in shown.context["columns"]][2] == ["Faleolo", "Tupou", "Vea"]
    assert "hospital" not in text_of(shown), "what tells of health is not repeated"
    twice = sefo.post(columns, {"column_1": "worker_id", "column_8": "worker_id"})
    assert twice.status_code == 422
    assert "cannot both be" in text_of(twice)
    answered = {"column_1": "worker_id", "column_8": "passport_expiry", "column_10": "village", "column_11": "home_income",
                "column_13": "registered_on"}  # fmt: skip
    checked = page(sefo, sefo.post(columns, answered))
    assert checked.context["counts"]["refused"] == 6
    assert {q.about for q in checked.context["questions"]} == {"date_order", "decimal_sign", "currency", "word"}
    assert "2 dates of “DOB” can be read two ways" in text_of(checked)
    only = sefo.get(url("import", pk), {"show": "refused", "problem": "no_such_day:birth_date"})
    assert [row.number for row in only.context["rows"]] == [8]
    answers = {
        "date_order|birth_date": "dmy", "date_order|registered_on": "dmy", "decimal_sign|home_income": ",",
        "currency|home_income": "top", "word|country|Kingdom of T.": "TO", "word|sex|1": "M", "word|sex|2": "F",
    }  # fmt: skip
    done = page(sefo, sefo.post(url("import_answers", pk), answers))
    assert done.context["counts"]["new"] == 2
    assert "together 6, every row of the list" in text_of(done)
    with cast.acting("sefo"):
        row = ImportRow.objects.get(batch_id=pk, row_number=6)
        assert (row.clean["birth_date"], row.clean["home_income"], row.clean["home_income_currency"]) == (
            "1996-01-02", "980.50", "TOP",
        )  # fmt: skip
        assert not Person.objects.filter(worker_code="IH-101").exists(), "nothing is recorded before it is asked for"


def test_what_was_settled_is_used_again_seen_and_forgotten_by_its_organisation_alone(cast, sign_in):
    sefo, tavi = sign_in("sefo"), sign_in("tavi")
    rows = [["NEW-1", "Any", "M", "Kingdom of T."]]
    content = workbook(rows, ["Worker ID", "Surname", "M/F", "Citizenship of"])
    pk = page(sefo, send(sefo, cast, content)).context["batch"].pk
    sefo.post(url("import_columns", pk), {"column_3": "nationality"})
    again = page(sefo, sefo.post(url("import_answers", pk), {"word|country|Kingdom of T.": "TO"}))
    assert again.context["counts"]["new"] == 1
    rows[0][0] = "NEW-2"
    second = page(sefo, send(sefo, cast, workbook(rows, ["Worker ID", "Surname", "M/F", "Citizenship of"])))
    assert second.context["counts"]["new"] == 1
    assert "Remembered" in text_of(sefo.get(url("import_columns", second.context["batch"].pk)))
    kept = sefo.get(url("import_habits", "workers"))
    assert "Kingdom of T." in text_of(kept)
    assert "Kingdom of T." not in text_of(tavi.get(url("import_habits", "workers")))
    with cast.acting("sefo"):
        habits = dict(SheetHabit.objects.values_list("part", "pk"))
    assert tavi.post(url("import_habits", "workers"), {"habit": habits["word"]}).status_code == 404
    assert sefo.post(url("import_habits", "workers"), {"habit": habits["word"]}).status_code == 303
    rows[0][0] = "NEW-3"
    third = page(sefo, send(sefo, cast, workbook(rows, ["Worker ID", "Surname", "M/F", "Citizenship of"])))
    assert third.context["counts"]["refused"] == 1


def test_a_cell_is_mended_on_the_page_and_its_row_is_taken(cast, sign_in):
    sefo = sign_in("sefo")
    pk = page(sefo, send(sefo, cast, workbook([ROWS[0], BAD]))).context["batch"].pk
    half = page(sefo, sefo.post(url("import_row", pk, 3), {"cell_3": "F", "cell_4": "31/04/1990"}))
    assert "Row 3 is not right yet" in text_of(half)
    done = page(sefo, sefo.post(url("import_row", pk, 3), {"cell_4": "1990-04-30"}))
    assert "Row 3 can be taken now" in text_of(done)
    assert done.context["counts"]["new"] == 2
    nothing = page(sefo, sefo.post(url("import_row", pk, 3), {"cell_4": "1990-04-29"}))
    assert "not among those to mend" in text_of(nothing)
    sefo.post(url("import_commits", pk), {"rows": "all"})
    with cast.acting("sefo"):
        assert str(Person.objects.get(worker_code="NEW-7").birth_date) == "1990-04-30"
        assert ImportEdit.objects.filter(batch_id=pk).count() == 2


def test_words_about_health_are_not_kept_when_a_cell_is_mended(cast, sign_in):
    ines = sign_in("ines")
    rows = [["IH-004", "Shortlisted", "2026-02-01", "", "", "x" * 600]]
    pk = page(ines, send(ines, cast, workbook(rows, MOVE_HEADERS), kind="moves")).context["batch"].pk
    told = page(ines, ines.post(url("import_row", pk, 2), {"cell_5": "pregnant and sent home"}))
    assert "was not kept" in text_of(told)
    with cast.acting("ines"):
        assert not ImportEdit.objects.exists()


def test_a_row_changed_meanwhile_is_settled_field_by_field(cast, sign_in):
    sefo = sign_in("sefo")
    with cast.acting("sefo"):
        person = Person.objects.get(worker_code="IH-001")
        before = person.village
    headers = ["Worker ID", "Village", "Province", "Row version"]
    rows = [["IH-001", "Mine", "Mine too", f"v{person.pk}-0123456789"]]
    seen = page(sefo, send(sefo, cast, workbook(rows, headers)))
    pk = seen.context["batch"].pk
    assert seen.context["counts"]["conflict"] == 1
    assert "In your file" in text_of(seen)
    settled = sefo.post(url("import_sides", pk, 2), {"side_village": "theirs", "side_province": "yours"})
    after = page(sefo, settled)
    assert after.context["counts"]["changed"] == 1
    with cast.acting("sefo"):
        assert set(ImportRow.objects.get(batch_id=pk).changes) == {"province"}
    sefo.post(url("import_commits", pk), {"rows": "all"})
    with cast.acting("sefo"):
        person.refresh_from_db()
        assert (person.village, person.province) == (before, "Mine too")


def test_the_rows_to_mend_are_the_second_part_of_the_sheet_they_come_from(cast, sign_in):
    sefo = sign_in("sefo")
    first = page(sefo, send(sefo, cast, workbook([ROWS[0], BAD]))).context["batch"].pk
    left = sefo.get(url("import_remainder", first)).content
    book = openpyxl.load_workbook(io.BytesIO(left))
    assert [cell.value for cell in book.active[1]] == [*HEADERS, "What to fix"]
    book.active["D2"].value, book.active["E2"].value = "M", "1990-04-30"
    mended = io.BytesIO()
    book.save(mended)
    second = page(sefo, send(sefo, cast, mended.getvalue(), name="anything.xlsx"))
    assert second.context["batch"].part_of_id == first
    assert "second part of list.xlsx" in text_of(second)
    assert "anything.xlsx" in text_of(sefo.get(url("import", first)))
    tavi = sign_in("tavi")
    others = page(tavi, send(tavi, cast, mended.getvalue(), name="anything.xlsx"))
    assert others.context["batch"].part_of_id is None


def test_the_rest_is_mended_without_a_file_once_the_accepted_rows_are_recorded(cast, sign_in):
    sefo = sign_in("sefo")
    first = page(sefo, send(sefo, cast, workbook([ROWS[0], BAD]))).context["batch"].pk
    assert sefo.post(url("import_rest", first)).status_code == 404, "nothing is recorded yet"
    sefo.post(url("import_commits", first), {"rows": "accepted"})
    rest = page(sefo, sefo.post(url("import_rest", first)))
    second = rest.context["batch"].pk
    assert (rest.context["counts"]["rows"], rest.context["batch"].part_of_id) == (1, first)
    assert sefo.post(url("import_rest", first))["Location"] == url("import", second), "asked twice is one part"
    done = page(sefo, sefo.post(url("import_row", second, 2), {"cell_3": "M", "cell_4": "1990-04-30"}))
    assert done.context["counts"]["new"] == 1


def test_a_cohort_that_the_sheet_calls_otherwise_is_asked_once_and_not_remembered(cast, sign_in):
    sefo = sign_in("sefo")
    rows = [[*row[:10], "Batch 1", *row[11:]] for row in ROWS]
    seen = page(sefo, send(sefo, cast, workbook(rows)))
    pk = seen.context["batch"].pk
    (question,) = seen.context["questions"]
    assert (question.cells, question.words) == (2, "In “Cohort”, what does “Batch 1” mean?")
    assert "V1" in dict(question.choices)
    wrong = sefo.post(url("import_answers", pk), {"word|cohort|Batch 1": "of another pilot"}, follow=True)
    assert "Choose one of the list." in text_of(wrong)
    done = page(sefo, sefo.post(url("import_answers", pk), {"word|cohort|Batch 1": "V1"}))
    assert done.context["counts"]["new"] == 2
    with cast.acting("sefo"):
        assert not SheetHabit.objects.exists(), "the next “Batch 1” is another cohort"


def handed_over(client):
    """The lines of the first page about words that wait to be read."""
    needs = client.get(reverse("home")).context["needs"]
    return next(n.lines for n in [*needs.waiting, *needs.clear] if n.code == "withheld")


def test_comments_about_health_are_handed_over_to_those_few_who_may_read_them(cast, sign_in):
    sefo, lena = sign_in("sefo"), sign_in("lena")
    rows = [[*ROWS[0], "beaten by the driver"], [*ROWS[1], "likes football"]]
    seen = page(sefo, send(sefo, cast, workbook(rows, [*HEADERS, "Comments"])))
    pk = seen.context["batch"].pk
    assert "1 row has a comment that seems to tell of health or abuse" in text_of(seen)
    assert sign_in("ines").post(url("import_hand_over", pk)).status_code == 403
    handed = page(sefo, sefo.post(url("import_hand_over", pk)))
    assert "Comments handed over" in text_of(handed)
    sefo.post(url("import_hand_over", pk))
    told = text_of(lena.get(url("import_withheld")))
    assert told.count("beaten by the driver") == 1
    assert sefo.get(url("import_withheld")).status_code == 403
    with cast.acting("lena"):
        assert WithheldText.objects.get().worker_code == "NEW-1"
    with cast.acting("ines"):
        batch = ImportBatch.objects.get(pk=pk)
        assert "beaten" not in f"{batch.summary}{batch.options}"
    # What is new is told from what was read, on the first page too.
    assert "New" in told
    assert len(handed_over(lena)) == 1
    mark = {"text": [*lena.get(url("import_withheld")).context["new"], "x", 10**15]}
    assert "1 comment is marked as read." in text_of(page(lena, lena.post(url("import_withheld_readings"), mark)))
    read = lena.get(url("import_withheld"))
    assert read.context["new"] == []
    assert "Read by" in text_of(read)
    assert handed_over(lena) == []
    assert "0 comments are marked" in text_of(page(lena, lena.post(url("import_withheld_readings"), mark)))


def test_a_comment_about_somebody_elses_worker_says_so_to_who_reads_it(cast, sign_in):
    headers = ["Worker ID", "Step", "Date", "Note"]
    rows = [
        ["IH-004", "shortlisted", "2026-06-01", "pregnant"],
        ["RR-001", "shortlisted", "2026-06-01", "beaten by his wife"],
    ]
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by, workbook(rows, headers), kind="moves"), by=by, today=cast.today)
        assert hand_over(batch, by=by) == 2
    page = sign_in("lena").get(reverse("workers:import_withheld")).content.decode()
    assert (page.count("Island Hands"), page.count("not their worker")) == (2, 1)


def test_where_a_value_comes_from_is_told_to_whom_the_sheet_belongs_and_the_programme(cast, sign_in):
    sefo = sign_in("sefo")
    rows = [["IH-001", "Kolovai of the list"]]
    pk = (
        page(sefo, send(sefo, cast, workbook(rows, ["Worker ID", "Village"]), name="secret-name.xlsx"))
        .context["batch"]
        .pk
    )
    sefo.post(url("import_commits", pk), {"rows": "all"})
    person = cast.placement("IH-001").person_id
    for name in ("sefo", "ines"):
        told = text_of(sign_in(name).get(url("origins", person)))
        assert "secret-name.xlsx" in told
        assert "B2" in told
        assert "Kolovai of the list" in told
    employer = sign_in("omar").get(url("origins", person))
    assert employer.status_code == 200
    assert "secret-name" not in text_of(employer)
    assert sign_in("tavi").get(url("origins", person)).status_code == 404
    assert sefo.get(url("origin", "workers", person)).status_code == 200
    assert sign_in("tavi").get(url("origin", "workers", person)).status_code == 404


def test_a_fact_knows_its_row_and_another_fact_of_the_same_person_does_not(cast, sign_in):
    from workers.models import TrainingRecord

    ines = sign_in("ines")
    headers = ["Worker ID", "Course", "Date", "Planned hours", "Passed"]
    rows = [["IH-001", "Safety", "2026-02-01", "8", "yes"], ["IH-001", "Budgeting", "2026-02-02", "4", "yes"]]
    pk = page(ines, send(ines, cast, workbook(rows, headers), kind="training")).context["batch"].pk
    ines.post(url("import_commits", pk), {"rows": "all"})
    with cast.acting("ines"):
        record = TrainingRecord.objects.get(course__iexact="Budgeting")
    told = ines.get(url("origin", "training", record.pk))
    assert {origin.row for origin in told.context["fields"]} == {"3"}


def test_what_would_stay_is_seen_before_anything_is_taken_back(cast, sign_in):
    sefo = sign_in("sefo")
    pk = page(sefo, send(sefo, cast)).context["batch"].pk
    sefo.post(url("import_commits", pk), {"rows": "all"})
    looked = sefo.post(url("import_undoings", pk), {"look": "1"})
    assert "2 rows would be taken back" in text_of(looked)
    with cast.acting("sefo"):
        assert Person.objects.filter(worker_code="NEW-1").exists()
        assert ImportBatch.objects.get(pk=pk).state == "committed"


def test_the_list_of_sheets_is_narrowed_by_kind_state_and_day(cast, sign_in):
    sefo = sign_in("sefo")
    send(sefo, cast, name="people.xlsx")
    send(sefo, cast, b"\x89PNG\r\n\x1a\n" + b"0" * 200, name="picture.xlsx")
    both = text_of(sefo.get(url("imports")))
    assert "people.xlsx" in both
    assert "picture.xlsx" in both
    for asked, there, gone in (
        ({"state": "refused"}, "picture.xlsx", "people.xlsx"), ({"q": "PEOP"}, "people.xlsx", "picture.xlsx"),
    ):  # fmt: skip
        told = text_of(sefo.get(url("imports"), asked))
        assert there in told
        assert gone not in told
    assert "No sheet answers to this" in text_of(sefo.get(url("imports"), {"kind": "moves"}))


def test_the_example_of_a_template_is_shown_and_never_read_as_a_person(cast, sign_in):
    sefo = sign_in("sefo")
    book = openpyxl.load_workbook(io.BytesIO(sefo.get(url("import_template", "workers")).content))
    assert book.worksheets[0]["A2"].value == "TON-0042"
    words = [cell.value for row in book.worksheets[2].iter_rows() for cell in row]
    assert "V1" in words, "the cohorts that this recruiter sees can be chosen"
    book.worksheets[0]["A3"].value, book.worksheets[0]["B3"].value = "NEW-9", "Somebody"
    filled = io.BytesIO()
    book.save(filled)
    seen = page(sefo, send(sefo, cast, filled.getvalue()))
    assert seen.context["counts"] == {
        "new": 1,
        "changed": 0,
        "same": 0,
        "refused": 0,
        "conflict": 0,
        "rows": 1,
        "warnings": 0,
    }
