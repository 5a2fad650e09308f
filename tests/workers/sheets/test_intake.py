"""What a new recruiter stumbled over: comments on cells, running numbers, the rest of a sheet, new rows, reloads."""

import io

import openpyxl
import pytest
import xlsxwriter
from django.urls import reverse

from lamp_portal.way_back import page_above
from tests.files.casebook import HERE
from tests.workers.sheets.test_door import HEADERS, ROWS, workbook
from tests.workers.sheets.test_loop import BAD
from tests.workers.sheets.test_pages import page, send
from workers.models import ImportBatch, ImportRow, Person, SheetHabit, WithheldText

pytestmark = pytest.mark.django_db
BROWSER = {"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8"}


def url(name, *args):
    return reverse(f"workers:{name}", args=args)


def text_of(response):
    return response.content.decode()


def commented(comments, rows=ROWS) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List")
        for at, row in enumerate([HEADERS, *rows]):
            sheet.write_row(at, 0, row)
        for cell, text in comments.items():
            sheet.write_comment(cell, text)
    return buffer.getvalue()


def villages(rows_of) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in rows_of.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return buffer.getvalue()


def test_a_comment_on_a_cell_that_tells_of_health_is_handed_over_like_a_column_of_comments(cast, sign_in):
    sefo, lena = sign_in("sefo"), sign_in("lena")
    content = commented({"C2": "beaten by the driver", "B3": "spelt as in the passport", "Z9": "far away"})
    seen = page(sefo, send(sefo, cast, content))
    pk = seen.context["batch"].pk
    assert seen.context["counts"]["new"] == 2, "a comment holds up no row"
    assert "1 row has a comment that seems to tell of health or abuse" in text_of(seen)
    assert "beaten" not in text_of(seen)
    assert "outside the list: Z9" in text_of(seen)
    assert "Comments handed over" in text_of(page(sefo, sefo.post(url("import_hand_over", pk))))
    told = text_of(lena.get(url("import_withheld")))
    assert "beaten by the driver" in told
    assert "Comment on the cell C2" in told
    with cast.acting("lena"):
        assert WithheldText.objects.get().worker_code == "NEW-1"
    sefo.post(url("import_commits", pk), {"rows": "all"})
    with cast.acting("sefo"):
        assert Person.objects.get(worker_code="NEW-1").given_names == "Sione", "the cell itself is taken"


def test_comments_of_an_old_workbook_are_seen_and_handed_over(cast, sign_in):
    sefo = sign_in("sefo")
    content = (HERE / "old_workbook_with_comments.xls").read_bytes()
    seen = page(sefo, send(sefo, cast, content, name="pool.xls"))
    assert seen.context["batch"].summary["withheld"] == 1
    assert "spelt as in the passport" in text_of(sefo.get(seen.request["PATH_INFO"], {"show": "warnings"}))
    notes = " ".join(seen.context["batch"].summary["notes"])
    assert "Hidden rows were read like the others: 3" in notes
    assert "Colours cannot be seen in an old workbook" in notes


def test_the_rows_to_mend_bring_no_comments_of_the_portal_and_keep_the_answers(cast, sign_in):
    sefo = sign_in("sefo")
    bad = [*BAD]
    rows = [ROWS[0], bad, ["NEW-8", "Tau", "Lupe", "F", "02/03/1990", "Tonga", "", "", "", "", "", "", ""]]
    rows[2][10] = "Nowhere"
    first = page(sefo, send(sefo, cast, workbook(rows), date_order="")).context["batch"].pk
    asked = page(sefo, sefo.post(url("import_answers", first), {"date_order|birth_date": "dmy"}))
    assert asked.context["counts"]["refused"] == 2
    book = openpyxl.load_workbook(io.BytesIO(sefo.get(url("import_remainder", first)).content))
    assert book.active["D2"].comment.text.startswith("What to fix: "), "the reason stands beside the cell"
    mended = io.BytesIO()
    book.active["D2"].value, book.active["E2"].value, book.active["K3"].value = "M", "30/04/1990", "V1"
    book.save(mended)
    second = page(sefo, send(sefo, cast, mended.getvalue(), name="anything.xlsx", date_order=""))
    batch = second.context["batch"]
    assert second.context["counts"]["new"] == 2, "the order of dates was answered before"
    assert (batch.part_of_id, batch.options["columns"]) == (first, {"birth_date": {"date_order": "dmy"}})
    with cast.acting("sefo"):
        warned = [w["code"] for row in ImportRow.objects.filter(batch=batch) for w in row.warnings]
        assert "comment" not in warned
        assert ImportRow.objects.get(batch=batch, row_number=3).clean["birth_date"] == "1990-03-02"
    tavi = sign_in("tavi")
    others = page(tavi, send(tavi, cast, mended.getvalue(), name="workers-1-to-mend.xlsx", date_order=""))
    assert "columns" not in others.context["batch"].options or not others.context["batch"].options["columns"]


def test_once_the_second_part_is_sent_the_first_has_nothing_left_to_mend(cast, sign_in):
    sefo = sign_in("sefo")
    first = page(sefo, send(sefo, cast, workbook([ROWS[0], BAD]))).context["batch"].pk
    before = page(sefo, sefo.post(url("import_commits", first), {"rows": "accepted"}))
    assert before.context["left"] == 1
    listed = {"state": "left"}
    assert "list.xlsx" in text_of(sefo.get(url("imports"), listed))
    second = page(sefo, sefo.post(url("import_rest", first))).context["batch"].pk
    sefo.post(url("import_row", second, 2), {"cell_3": "M", "cell_4": "1990-04-30"})
    sefo.post(url("import_commits", second), {"rows": "all"})
    after = sefo.get(url("import", first))
    assert (after.context["left"], after.context["went_on"]) == (0, 1)
    assert "Went on in the next part" in text_of(after)
    assert "Go on with the rows to mend here" not in text_of(after)
    assert "No sheet answers to this" in text_of(sefo.get(url("imports"), listed))
    with cast.acting("sefo"):
        ImportBatch.objects.filter(pk=second).update(state="undone")
    assert sefo.get(url("import", first)).context["left"] == 1, "a part that was taken back took nothing along"


def test_a_new_row_shows_what_it_would_record(cast, sign_in):
    seen = page(sefo := sign_in("sefo"), send(sefo, cast))
    (first, _second) = seen.context["rows"]
    shown = dict(first.values)
    assert shown["Date of birth"] == "1994-05-17"
    assert shown["Nationality"] == "Tonga", "a country by its name, not by its code"
    assert shown["Passport number"] == "T900001"
    assert "Birth precision" not in shown
    assert "T900001" in text_of(seen)
    assert "A new person" not in text_of(seen)


def test_a_date_of_birth_is_shown_with_as_much_as_is_known_of_it(cast, sign_in):
    sefo, row = sign_in("sefo"), [*ROWS[0]]
    row[4] = "1994"
    seen = page(sefo, send(sefo, cast, workbook([row])))
    shown = dict(seen.context["rows"][0].values)
    assert shown["Date of birth"] == "1994"
    assert "Birth precision" not in shown
    done = page(sefo, sefo.post(url("import_commits", seen.context["batch"].pk), {"rows": "all"}))
    assert 'href="/placements/"' in text_of(done)
    row[4] = "1994-01-01"
    (changed,) = page(sefo, send(sefo, cast, workbook([row]))).context["rows"]
    assert changed.changes == [("Date of birth", "1994", "1994-01-01")], "the same first of January, known to the day"


def test_an_address_that_only_takes_what_is_sent_leads_a_browser_to_its_page(cast, sign_in):
    sefo = sign_in("sefo")
    pk = page(sefo, send(sefo, cast)).context["batch"].pk
    for name in ("import_undoings", "import_commits", "import_checks", "import_answers", "import_rest"):
        assert sefo.get(url(name, pk)).status_code == 405, "a program is told plainly"
        led = sefo.get(url(name, pk), **BROWSER)
        assert (led.status_code, led["Location"]) == (303, url("import", pk)), name
    led = sefo.get(url("import_row", pk, 2), **BROWSER)
    assert led["Location"] == url("import", pk)
    assert sefo.get(url("import_undoings", 10**9), **BROWSER).status_code == 303, "the page says whether it is there"
    assert sefo.put(url("import_undoings", pk), **BROWSER).status_code == 405
    assert sefo.get("/language/", **BROWSER)["Location"] == "/"
    assert page_above("/no/such/thing/at/all/") == "/"


def numbered(*names, header="Worker No"):
    return workbook(
        [[at, name, "Any"] for at, name in enumerate(names, start=1)], [header, "Family name", "Given names"]
    )


def test_running_numbers_are_not_taken_for_worker_ids_before_somebody_says_so(cast, sign_in):
    sefo = sign_in("sefo")
    seen = page(sefo, send(sefo, cast, numbered("Vaka", "Moala", "Tau")))
    pk = seen.context["batch"].pk
    assert seen.context["counts"]["refused"] == 3
    (question,) = seen.context["questions"]
    assert "run on like those of lines" in question.words
    assert sefo.post(url("import_answers", pk), {"running|worker_id": "both"}).status_code == 422
    assert sefo.post(url("import_answers", pk), {"running|family_name": "line"}).status_code == 422
    done = page(sefo, sefo.post(url("import_answers", pk), {"running|worker_id": "code"}))
    assert done.context["counts"]["new"] == 3
    again = page(sefo, send(sefo, cast, numbered("Fonua", "Lolo")))
    assert again.context["counts"]["new"] == 2, "said once, remembered"
    with cast.acting("sefo"):
        SheetHabit.objects.all().delete()
    pk = page(sefo, send(sefo, cast, numbered("Fonua", "Lolo"))).context["batch"].pk
    left_out = page(sefo, sefo.post(url("import_answers", pk), {"running|worker_id": "line"}))
    assert left_out.context["batch"].state == "refused"
    assert "Say what the columns are" in text_of(left_out)


def test_codes_that_only_look_like_numbers_are_not_asked_about(cast, sign_in):
    sefo = sign_in("sefo")
    rows = [["4711", "Vaka", "Any"], ["4712", "Moala", "One"]]
    seen = page(sefo, send(sefo, cast, workbook(rows, ["Worker ID", "Family name", "Given names"])))
    assert seen.context["counts"]["new"] == 2
    rows = [["1", "Vaka", "Any"], ["7", "Moala", "One"], ["9", "Tau", "Two"]]
    seen = page(sefo, send(sefo, cast, workbook(rows, ["Worker ID", "Family name", "Given names"])))
    assert seen.context["counts"]["new"] == 3


def test_a_missing_name_is_typed_where_names_stand(cast, sign_in):
    sefo = sign_in("sefo")
    rows = [["NEW-1", "", "", "M"]]
    seen = page(sefo, send(sefo, cast, workbook(rows, ["Worker ID", "Family name", "Given names", "Sex"])))
    (cell,) = seen.context["rows"][0].cells
    assert (cell["cell"], cell["told"]) == ("B2", ["A new person needs a family name or given names."])
    done = page(sefo, sefo.post(url("import_row", seen.context["batch"].pk, 2), {"cell_1": "Vaka"}))
    assert done.context["counts"]["new"] == 1
    seen = page(sefo, send(sefo, cast, workbook([["NEW-2", "", "M"]], ["Worker ID", "Given names", "Sex"])))
    (cell,) = seen.context["rows"][0].cells
    assert cell["cell"] == "B2", "without a column of family names, where given names stand"


def test_a_whole_name_in_the_column_of_family_names_is_pointed_out(cast, sign_in):
    sefo = sign_in("sefo")
    rows = [["NEW-1", "Sione Faleolo", ""], ["NEW-2", "Suharto", ""], ["NEW-3", "de la Cruz", "Ana"]]
    seen = page(sefo, send(sefo, cast, workbook(rows, ["Worker ID", "Family name", "Given names"])))
    told = {row.number: [w["code"] for w in row.warnings] for row in seen.context["rows"]}
    assert told == {2: ["whole_name"], 3: [], 4: []}
    typed = {"pilot": cast.pilot().pk, "worker_id": "NEW-9", "family_name": "Sione Faleolo"}
    assert "The whole name seems to stand" in text_of(sefo.post(url("new_person_alike"), typed))


def test_a_row_of_another_sheet_is_named_with_its_sheet(cast, sign_in):
    ines = sign_in("ines")
    head = ["Worker ID", "Item", "Amount", "Currency", "Date", "Paid by"]
    row = ["IH-001", "visa fee", 150, "NZD", "2026-02-01", "worker"]
    other = ["IH-002", "visa fee", 90, "NZD", "2026-02-01", "worker"]
    content = villages({"Kolovai": [head, other], "Neiafu": [head, row, row]})
    seen = page(ines, send(ines, cast, content, kind="costs"))
    (told,) = [
        p["message"]
        for row in seen.context["rows"]
        for cell in row.cells
        for p in [{"message": m} for m in cell["told"]]
    ]
    assert told == "The same stands in row 2 (Neiafu). Keep one of the two."


def test_letters_that_may_be_figures_are_told_in_words(cast, sign_in):
    sefo = sign_in("sefo")
    rows = [["NEW-1", "Vaka", "Ana", "PA1O34567", "Australia"]]
    headers = ["Worker ID", "Family name", "Given names", "Passport number", "Passport country"]
    seen = page(sefo, send(sefo, cast, workbook(rows, headers)))
    (warning,) = seen.context["rows"][0].warnings
    assert warning["message"] == (
        "PA1O34567 does not look like a passport number of Australia. Is it PA1034567, with the figure 0 and not the letter O "
        "in place 4?"
    )


def test_a_list_of_another_pilot_is_found_by_its_short_name_and_never_replaced(cast, sign_in):
    ines = sign_in("ines")
    for pilot in (cast.pilot().slug, str(cast.pilot().pk)):
        shown = ines.get(reverse("workers:download_new"), {"list": "workers-sheet", "pilot": pilot})
        shown = (
            shown
            if shown.status_code == 200
            else ines.get(reverse("workers:download_new"), {"list": "costs", "pilot": pilot})
        )
        assert dict(shown.context["filters"])["Pilot"] == cast.pilot().name
    none = ines.get(reverse("workers:download_new"), {"list": "costs", "pilot": "no-such-pilot"})
    assert (none.context["number"], dict(none.context["filters"])["Pilot"]) == (0, "none")
