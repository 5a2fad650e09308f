"""The reports pages: a reader asks, reads, downloads; a stranger finds nothing."""

import hashlib
import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Job
from accounts.scope import acting_as
from reports.compiling import compile_report
from reports.models import Download
from tests.reports.test_compiling import order_of

pytestmark = pytest.mark.django_db
FORM = {"kind": "funder", "period_from": "2026-01-01", "period_to": "2026-12-31", "reason": ""}


@pytest.fixture
def edition(cast):
    scope = cast.scope("fay")
    with acting_as(scope):
        return compile_report(order_of(cast, "fay", "funder"), by=scope)


def test_fay_asks_for_a_report_and_lands_on_its_job(cast, sign_in):
    answer = sign_in("fay").post("/reports/", FORM | {"pilot": cast.pilot().pk})
    assert answer.status_code == 303
    with cast.acting("fay"):
        job = Job.objects.get(kind="compile_report")
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert job.params["report"] == "funder"


def test_a_period_that_runs_backwards_is_an_error_beside_the_field(cast, sign_in):
    wrong = FORM | {"pilot": cast.pilot().pk, "period_to": "2025-01-01"}
    answer = sign_in("fay").post("/reports/", wrong)
    assert answer.status_code == 422
    assert "The period ends before it begins." in answer.content.decode()


@pytest.mark.parametrize("name", ["sefo", "rosa"])
def test_who_receives_no_report_cannot_ask_for_one(cast, sign_in, name):
    answer = sign_in(name).post("/reports/", FORM | {"pilot": cast.pilot().pk})
    assert answer.status_code in {403, 422}
    with cast.acting(name):
        assert not Job.objects.filter(kind="compile_report").exists()


def test_fay_cannot_ask_for_the_employers_report_by_hand(cast, sign_in):
    answer = sign_in("fay").post("/reports/", FORM | {"pilot": cast.pilot().pk, "kind": "employer"})
    assert answer.status_code == 422


def test_fay_cannot_name_a_pilot_she_does_not_fund(cast, sign_in):
    foreign = sign_in("fay").post("/reports/", FORM | {"pilot": cast.pilot("azul").pk})
    absent = sign_in("fay").post("/reports/", FORM | {"pilot": 999999})
    assert foreign.status_code == absent.status_code == 422


def test_an_edition_says_what_it_means_what_is_hidden_and_its_checksum(edition, sign_in):
    page = sign_in("fay").get(f"/editions/{edition.pk}/").content.decode()
    assert "How do you know?" in page
    assert edition.sha256 in page
    assert "Wilson" in page
    assert "Hidden" in page


def test_a_download_gives_the_frozen_bytes_and_is_recorded(cast, edition, sign_in):
    with cast.acting("fay"):
        frozen = edition.files.get(name__endswith=".csv")
    answer = sign_in("fay").post(f"/editions/{edition.pk}/downloads/", {"name": frozen.name})
    assert hashlib.sha256(answer.content).hexdigest() == frozen.sha256
    assert answer["Content-Disposition"].startswith("attachment")
    with cast.acting("fay"):
        assert Download.objects.get().file_name == frozen.name


def test_a_chart_is_an_image_that_may_run_nothing(cast, edition, sign_in):
    with cast.acting("fay"):
        name = edition.files.filter(name__endswith="-light.svg").first().name
    answer = sign_in("fay").get(f"/editions/{edition.pk}/charts/{name}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer["Content-Security-Policy"]
    with cast.acting("fay"):
        other = edition.files.get(name__endswith=".pdf").name
    assert sign_in("fay").get(f"/editions/{edition.pk}/charts/{other}").status_code == 404


@pytest.mark.parametrize("name", ["omar", "kofi", "sefo", "rosa", "dana"])
def test_another_organisations_edition_is_not_found(edition, sign_in, name):
    client = sign_in(name)
    assert client.get(f"/editions/{edition.pk}/").status_code == 404
    assert client.get(f"/editions/{edition.pk + 1000}/").status_code == 404
    assert client.post(f"/editions/{edition.pk}/downloads/", {"name": "x.csv"}).status_code == 404


def test_the_command_writes_the_files_and_lists_what_is_hidden(cast, tmp_path, capsys):
    arguments = ["funder", "--pilot", "verde", "--from", "2026-01-01", "--to", "2026-12-31", "--as",
                 "fay@cast.example", "--out", str(tmp_path), "--json"]  # fmt: skip
    with pytest.raises(SystemExit) as stop:
        call_command("compile_report", *arguments)
    assert stop.value.code == 1  # eight people: figures are hidden
    answer = json.loads(capsys.readouterr().out)
    assert {f["metric"] for f in answer["figures"]} >= {"funnel", "open_critical"}
    hidden = [f for f in answer["figures"] if f["suppressed"]]
    assert hidden
    assert all(f["value"] is None and f["numerator"] is None for f in hidden)
    assert {p.rpartition(".")[2] for p in answer["files"]} >= {"pdf", "xlsx", "csv", "json"}


def test_the_command_does_nothing_for_somebody_without_the_right(cast, tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        call_command("compile_report", "funder", "--pilot", "verde", "--from", "2026-01-01", "--to", "2026-12-31",
                     "--as", "sefo@cast.example", "--out", str(tmp_path), "--json")  # fmt: skip
    assert stop.value.code == 2
    assert list(tmp_path.iterdir()) == []
    (words,) = json.loads(capsys.readouterr().out).values()
    assert "sefo@cast.example may not have reports compiled" in words


def test_queries_of_the_list_are_flat_in_editions(cast, edition, sign_in):
    def queries() -> int:
        client = sign_in("fay")
        client.get("/reports/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/reports/").status_code == 200
        return len(seen)

    with_one = queries()
    scope = cast.scope("fay")
    with acting_as(scope):
        for month in range(1, 4):
            compile_report(order_of(cast, "fay", "funder", period_to=date(2026, 12, month)), by=scope)
    assert queries() == with_one
