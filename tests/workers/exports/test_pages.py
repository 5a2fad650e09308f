"""Lists as files: the rows, columns and rights of the page, counted and said; long ones by a job, for their asker alone."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import openpyxl
import pytest
from django.conf import settings as configured
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts import jobs
from accounts.models import AuditEvent, Job
from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import acting_as, operator_scope
from compliance.rules.evaluating import evaluate
from tests.workers.exports.test_round_trip import record
from workers.exports import door, of_screens, sight
from workers.exports.listings import LISTINGS, Asked, offered
from workers.exports.marks import file_name
from workers.exports.retention import delete_expired
from workers.exports.rows import count
from workers.models import Export, ExportPiece, ExportSight, IdentityDocument, Person, PersonContact

pytestmark = pytest.mark.django_db
READERS = ("ines", "lena", "rosa", "sefo", "omar")
CODES = (
    "placements",
    "workers",
    "moves",
    "documents",
    "findings",
    "duties",
    "money-owed",
    "actions",
    "members",
    "audit",
    "imports",
)


def fetched(client, code, form="csv", **given):
    return client.post(reverse("workers:downloads"), {"list": code, "format": form, **given})


def read(response) -> list[list[str]]:
    content = response.content if not response.streaming else b"".join(response.streaming_content)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def plan_for(cast, name, code, today, **given):
    with cast.acting(name) as by:
        return LISTINGS[code].plan(Asked(by, {k: str(v) for k, v in given.items()}, today))


@pytest.mark.parametrize("name", READERS)
def test_every_list_has_as_many_rows_in_the_file_as_its_page_counts_and_says_so(cast, sign_in, name):
    client = sign_in(name)
    with cast.acting(name) as by:
        mine = [listing.code for listing in offered(by)]
    assert set(mine) <= set(LISTINGS)
    for code in mine:
        given = {"cohort_page": cast.cohort("V1").pk} if code == "cohort" else {}
        page = client.get(reverse("workers:download_new"), {"list": code, **given})
        said = re.search(r"(\d[\d,]*) rows?, as on the screen", page.content.decode())
        response = fetched(client, code, **given)
        assert response.status_code == 200, code
        rows = read(response)
        # The audit trail grows by the looking itself.
        if code != "audit":
            assert len(rows) - 1 == int(said[1]), code
        assert len({len(row) for row in rows}) == 1
        assert response["Content-Disposition"].startswith(f'attachment; filename="{code}')
        assert f"{len(rows) - 1}-rows" in response["Content-Disposition"]


@pytest.mark.parametrize("name", READERS)
def test_a_list_is_offered_only_to_who_may_read_its_table_and_refused_to_others(cast, sign_in, name):
    client = sign_in(name)
    with cast.acting(name) as by:
        others = [code for code, listing in LISTINGS.items() if not listing.allowed(by)]
    for code in others:
        assert client.get(reverse("workers:download_new"), {"list": code}).status_code == 404
        assert fetched(client, code).status_code == 404
        assert client.get(reverse("workers:listed", args=[code])).status_code == 404
    assert Export.objects.count() == 0


def test_the_file_has_the_filters_and_order_of_the_page(cast, sign_in):
    client = sign_in("ines")
    page = client.get(reverse("workers:list"), {"step": "working"}).content.decode()
    link = re.search(r'href="([^"]*downloads/new/[^"]*)"', page)[1].replace("&amp;", "&")
    assert "list=placements" in link
    assert "step=working" in link
    assert "3 rows, as on the screen" in client.get(link).content.decode()
    rows = read(fetched(client, "placements", step="working"))
    shown = re.findall(r'<bdi class="code">([^<]+)</bdi>', page)
    assert [row[0] for row in rows[1:]] == shown
    assert len(shown) == 3


def test_the_board_of_a_cohort_downloads_its_table_with_what_is_missing(cast, sign_in):
    client, pk = sign_in("ines"), cast.cohort("V1").pk
    page = client.get(reverse("workers:cohort", args=[pk])).content.decode()
    shown = re.findall(r'<bdi class="code">([^<]+)</bdi>', page)
    rows = read(fetched(client, "cohort", cohort_page=pk))
    assert [row[0] for row in rows[1:]] == shown
    assert rows[0][-1] == "Missing before departure"
    assert any(row[-1] for row in rows[1:])


@pytest.mark.parametrize("name", ["cohort", "readiness"])
def test_a_list_of_one_cohort_leads_to_its_page_and_is_nowhere_without_one(cast, sign_in, name):
    client, pk = sign_in("ines"), cast.cohort().pk
    address = reverse("workers:listed", args=[name])
    assert client.get(address, {f"{name}_page": pk})["Location"] == reverse(f"workers:{name}", args=[pk])
    assert client.get(address).status_code == 404


def test_columns_are_those_that_the_role_may_see(cast, today):
    for name in READERS:
        headers = {cell.header for cell in plan_for(cast, name, "workers", today).cells}
        with cast.acting(name) as by:
            assert ("Phone" in headers) == may(PersonContact, by.db_role), name
            assert ("Passport number" in headers) == may(IdentityDocument, by.db_role), name
            assert ("Home monthly income" in headers) == by.allows(Permission.BACKGROUND_VIEW), name
    assert "Phone" not in {cell.header for cell in plan_for(cast, "omar", "workers", today).cells}


def test_rivals_find_nobody_of_each_other_in_any_list(cast, sign_in):
    with cast.acting("ines") as by:
        for kind in ("contracts", "pay", "travel", "insurance"):
            record(cast, by, cast.today, kind)
    for name, never in (("tavi", "IH-"), ("olga", "IH-"), ("sefo", "RR-")):
        client = sign_in(name)
        with cast.acting(name) as by:
            mine = [listing.code for listing in offered(by)]
        for code in mine:
            given = {"cohort_page": cast.cohort("V1").pk} if code == "cohort" else {}
            text = fetched(client, code, **given).content.decode()
            assert never not in text, (name, code)


def test_a_formula_is_text_in_a_workbook_and_has_an_apostrophe_in_a_text_file(cast, sign_in):
    evil = ["=1+1", "+2", "@SUM(A1)", "-3", "\u00a0=cmd|' /C calc'!A0"]
    with cast.acting("ines"):
        for person, text in zip(Person.objects.order_by("pk"), evil, strict=False):
            Person.objects.filter(pk=person.pk).update(village=text)
    client = sign_in("ines")
    book = openpyxl.load_workbook(io.BytesIO(fetched(client, "workers", "xlsx").content))
    sheet = book.worksheets[0]
    place = [cell.value for cell in sheet[1]].index("Village")
    cells = [row[place] for row in sheet.iter_rows(min_row=2)]
    assert {cell.value for cell in cells} >= set(evil)
    assert all(cell.data_type == "s" and cell.number_format == "@" for cell in cells if cell.value)
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    texts = {row[place] for row in read(fetched(client, "workers"))}
    assert texts >= {"'" + text for text in evil}


def test_the_workbook_says_who_asked_when_for_what_and_how_many_rows(cast, sign_in):
    client = sign_in("ines")
    book = openpyxl.load_workbook(io.BytesIO(fetched(client, "moves", "xlsx").content))
    facts = {row[0].value: row[1].value for row in book["About this file"].iter_rows()}
    rows = book.worksheets[0].max_row - 1
    assert facts["Rows"] == str(rows)
    assert facts["Counted"] == f"{rows} rows, as on the screen"
    assert "Ines" in facts["Made for"]
    assert "Fair Passage" in facts["Made for"]
    assert facts["Filters"].startswith("Pilot: Verde")
    assert "Row version" in facts["To send back"]
    assert "as on the screen" in book.worksheets[0].oddHeader.left.text
    assert "Ines" in book.worksheets[0].oddFooter.left.text


def test_each_download_is_in_the_audit_trail(cast, sign_in):
    fetched(sign_in("sefo"), "workers")
    with acting_as(operator_scope()):
        event = AuditEvent.objects.get(action="download")
    assert (event.object_kind, event.user_id, event.outcome) == ("list workers", cast.user("sefo").pk, "done")
    assert event.reason == "5 rows, csv, as seen"


def long_one(client, code="moves", form="xlsx"):
    with override_settings(EXPORT_INLINE_ROWS=0):
        response = fetched(client, code, form)
    assert response.status_code == 303
    return int(response.url.rstrip("/").rpartition("/")[2])


def work(cast, name, pk):
    """Do the job as a worker would."""
    with cast.acting(name):
        job = Job.objects.get(kind="make_export", key=str(pk))
    taken = jobs.take(job.pk)
    with cast.acting(name) as scope:
        pass
    jobs.run(taken, scope, door.make_job)
    with cast.acting(name):
        return Job.objects.get(pk=job.pk)


def test_a_long_list_is_made_by_a_job_and_lies_ready_for_its_asker_alone(cast, sign_in):
    ines = sign_in("ines")
    pk = long_one(ines)
    page = reverse("workers:download", args=[pk])
    assert "Waits for a worker" in ines.get(page).content.decode()
    job = work(cast, "ines", pk)
    assert (job.state, job.result["url"], job.progress_done) == ("done", page, job.progress_total)
    assert "Lies ready" in ines.get(page).content.decode()
    response = ines.post(reverse("workers:download_file", args=[pk]))
    content = b"".join(response.streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(content))
    with cast.acting("ines"):
        export = Export.objects.get(pk=pk)
        assert book.worksheets[0].max_row - 1 == export.row_count
        assert response["X-SHA-256"] == export.sha256
        assert sum(len(p) for p in ExportPiece.objects.filter(export=pk).values_list("body", flat=True)) == len(content)
    for other in ("mara", "sefo", "dana"):
        client = sign_in(other)
        assert client.get(page).status_code == 404
        assert client.post(reverse("workers:download_file", args=[pk])).status_code == 404
        assert client.post(reverse("workers:download_withdrawals", args=[pk])).status_code == 404


def test_a_file_that_is_over_or_withdrawn_is_not_handed_out_and_its_bytes_go(cast, sign_in):
    ines = sign_in("ines")
    first, second = long_one(ines), long_one(ines, "documents", "csv")
    for pk in (first, second):
        work(cast, "ines", pk)
    assert ines.post(reverse("workers:download_withdrawals", args=[second])).status_code == 303
    assert ines.post(reverse("workers:download_file", args=[second])).status_code == 410
    with cast.acting("ines"):
        assert ExportPiece.objects.filter(export=second).count() == 0
        Export.objects.filter(pk=first).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ines.post(reverse("workers:download_file", args=[first])).status_code == 410
    assert delete_expired(now=timezone.now()) == 1
    with cast.acting("ines"):
        assert ExportPiece.objects.count() == 0
        assert Export.objects.get(pk=first).deleted_at is not None
    assert delete_expired(now=timezone.now() + timedelta(days=400)) == 0


def test_whoever_lost_a_right_or_a_row_since_does_not_get_the_file(cast, sign_in):
    ines = sign_in("ines")
    pk = long_one(ines)
    work(cast, "ines", pk)
    with cast.acting("ines"):
        Export.objects.filter(pk=pk).update(pilot_ids=[999_999])
    response = ines.post(reverse("workers:download_file", args=[pk]))
    assert (response.status_code, "has changed since" in response.content.decode()) == (410, True)
    with cast.acting("ines"):
        Export.objects.filter(pk=pk).update(pilot_ids=[], role="recruiter")
    assert ines.post(reverse("workers:download_file", args=[pk])).status_code == 410


def test_a_row_that_went_out_of_sight_is_not_made_good_by_another_one(cast, sign_in):
    """Where a person went to somebody else and another one came, the number of rows says nothing."""
    sefo = sign_in("sefo")
    pk = long_one(sefo, "workers", "csv")
    work(cast, "sefo", pk)
    fetch = reverse("workers:download_file", args=[pk])
    with cast.acting("ines"):
        Person.objects.filter(worker_code="IH-005").update(village="Elsewhere")
        Person.objects.create(
            pilot=cast.pilot(), worker_code="IH-777", given_names="Come", recruiter=cast.organisation("island-hands")
        )
    assert sefo.post(fetch).status_code == 200
    with cast.acting("ines"):
        Person.objects.filter(worker_code="IH-004").update(recruiter=cast.organisation("reef-recruiting"))
    with cast.acting("sefo"):
        assert Person.objects.count() == Export.objects.get(pk=pk).row_count == 5
    answer = sefo.post(fetch)
    assert (answer.status_code, "has changed since" in answer.content.decode()) == (410, True)
    with cast.acting("sefo"):
        ExportSight.objects.filter(export=pk).delete()
    assert sefo.post(fetch).status_code == 410


def test_every_list_says_which_record_a_row_is(cast, today):
    with cast.acting("ines") as by:
        for kind in ("contracts", "pay", "costs"):
            record(cast, by, today, kind)
        for code, listing in LISTINGS.items():
            if not listing.allowed(by):
                continue
            given = {"cohort_page": str(cast.cohort("V1").pk)} if code == "cohort" else {}
            plan = listing.plan(Asked(by, given, today))
            export = door.ask(listing, given, "csv", by=by, pilot_id=plan.pilot_id)
            assert sight.keep(export, plan) == count(plan), code
            assert not sight.lost(export, plan), code
            Export.objects.filter(pk=export.pk).update(made_at=timezone.now(), row_count=0)


def test_a_pilot_is_meant_by_number_or_short_name_and_never_another_one_in_its_place(cast, today):
    with cast.acting("ines") as by:
        evaluate([cast.pilot().pk], on=today, by=by)
        for code in ("findings", "duties", "workers", "costs"):
            rows = {}
            for named in ("", str(cast.pilot().pk), cast.pilot().slug, "nowhere", "0"):
                rows[named] = count(LISTINGS[code].plan(Asked(by, {"pilot": named, "state": "open"}, today)))
            assert rows[str(cast.pilot().pk)] == rows[cast.pilot().slug], code
            assert (rows["nowhere"], rows["0"]) == (0, 0), code


def test_filters_go_with_the_bytes_and_from_what_was_never_made(cast, sign_in):
    ines = sign_in("ines")
    made, never = long_one(ines), long_one(ines)
    work(cast, "ines", made)
    with cast.acting("ines"):
        Export.objects.update(given={"q": "Faleolo"})
    delete_expired(now=timezone.now() + timedelta(days=2))
    with cast.acting("ines"):
        assert [Export.objects.get(pk=pk).given for pk in (made, never)] == [{}, {"q": "Faleolo"}]
        assert not ExportSight.objects.exists()
    delete_expired(now=timezone.now() + timedelta(days=8))
    with cast.acting("ines"):
        assert Export.objects.get(pk=never).given == {}


def test_what_somebody_searched_for_is_not_kept_once_the_file_is_gone(cast, sign_in):
    ines = sign_in("ines")
    assert fetched(ines, "placements", q="Faleolo").status_code == 200
    pk = long_one(ines)
    work(cast, "ines", pk)
    with cast.acting("ines"):
        assert Export.objects.exclude(pk=pk).get().given == {}
        Export.objects.filter(pk=pk).update(given={"q": "Faleolo"})
    ines.post(reverse("workers:download_withdrawals", args=[pk]))
    with cast.acting("ines"):
        assert Export.objects.get(pk=pk).given == {}


def test_a_job_whose_asker_lost_the_right_makes_no_file(cast, sign_in):
    pk = long_one(sign_in("ines"))
    with cast.acting("ines"):
        Export.objects.filter(pk=pk).update(pilot_ids=[999_999])
    job = work(cast, "ines", pk)
    assert (job.state, "has changed since" in job.trouble) == ("failed", True)


def test_somebody_cannot_ask_for_files_without_end(cast, sign_in):
    client = sign_in("ines")
    for _n in range(configured.EXPORT_MOST_WAITING):
        long_one(client)
    with override_settings(EXPORT_INLINE_ROWS=0):
        response = fetched(client, "moves")
    assert (response.status_code, "still being made" in response.content.decode()) == (422, True)


def test_a_list_that_changes_under_our_hands_is_not_handed_out_short(cast, today, monkeypatch):
    with cast.acting("ines") as by:
        export = door.ask(LISTINGS["moves"], {}, "csv", by=by, pilot_id=None)
        monkeypatch.setattr(door, "count", lambda plan: count(plan) + 1)
        with pytest.raises(door.Refused, match="being changed"):
            door.at_once(export, by=by, at=timezone.now(), today=today)


def test_an_unknown_format_is_refused_with_the_form(cast, sign_in):
    assert fetched(sign_in("ines"), "moves", "exe").status_code == 422


def test_the_page_of_a_list_shows_the_rows_of_its_file_in_order(cast, sign_in):
    client = sign_in("ines")
    page = client.get(reverse("workers:listed", args=["workers"])).content.decode()
    shown = re.findall(r'<th scope="row">([^<]+)</th>', page)
    assert shown == [row[0] for row in read(fetched(client, "workers"))[1:]]
    assert f"{len(shown)} rows" in page


def test_a_day_in_a_file_and_in_its_name_is_the_readers(cast, monkeypatch):
    late = datetime(2026, 3, 1, 20, tzinfo=UTC)
    one = SimpleNamespace(
        user=SimpleNamespace(name="Ines", email="ines@example.org", second_factor=True), role="programme_officer",
        manages_members=False, second_factor=True, started_at=late,
    )  # fmt: skip
    monkeypatch.setattr(of_screens, "members_of", lambda _by: [one])
    monkeypatch.setattr(of_screens, "ROLES", {"programme_officer": SimpleNamespace(label="Officer")})
    with cast.acting("ines") as by, timezone.override("Pacific/Auckland"):
        (row,) = of_screens.members_plan(Asked(by, {}, cast.today)).values()
        assert row[-1] == date(2026, 3, 2)
        named = file_name(Export(listing="members", made_at=late, row_count=1, pk=7, format="csv"), "")
    assert named == "members-2026-03-02-1-rows-7.csv"
