"""The page of duties and the command: who sees what, proof recorded in a browser, and what is wrong said in words."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone

from compliance.duties import recording
from compliance.duties.door import due
from compliance.models import DutyDischarge, DutyStart

pytestmark = pytest.mark.django_db


def main(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2]


@pytest.fixture
def palm(field, monkeypatch):
    """The pilot under the scheme whose employer reports arrivals, on 20 February 2026."""
    field.scheme("palm-short", destination="AU")
    monkeypatch.setattr(timezone, "localdate", lambda value=None, timezone=None: date(2026, 2, 20))
    return field


def token(field, key="10", code="IH-001"):
    with field.cast.acting("ines") as by:
        (owed,) = [o for o in due(by, on=date(2026, 2, 20), placement_id=field.placement(code).pk) if o.key == key]
    return recording.token_of(owed)


def test_the_programme_sees_the_longest_overdue_first_and_filters(palm, sign_in):
    client = sign_in("ines")
    page = main(client.get("/duties/"))
    for words in ("Report the arrival", "Orchard Bay", "IH-001", "Overdue", "Meet each worker in person"):
        assert words in page, words
    assert page.index("Report the arrival") < page.index("Meet each worker in person")
    only = main(client.get("/duties/?owner=welfare+person"))
    assert "Meet each worker in person" in only
    assert "Report the arrival" not in only
    assert "IH-002" not in main(client.get("/duties/?worker=ih-001"))
    assert "Report the arrival" not in main(client.get("/duties/?state=done"))
    assert client.get("/duties/?from=999&state=rubbish&pilot=x&owner=y").status_code == 200


def test_an_employer_sees_its_own_duties_and_records_one(palm, sign_in):
    client = sign_in("omar")
    page = main(client.get("/duties/"))
    assert "Report the arrival" in page
    assert "RR-001" not in page
    assert "Meet each worker in person" not in page
    mark = token(palm)
    form = main(client.get("/duties/discharges/", {"duty": mark}))
    assert "What shows it" in form
    wrong = client.post("/duties/discharges/", {"duty": mark, "done_on": "2026-03-30", "evidence": "Receipt 1"})
    assert wrong.status_code == 422
    assert "lies in the future" in wrong.content.decode()
    sent = {"duty": mark, "done_on": "2026-02-08", "evidence": "Receipt 1"}
    assert client.post("/duties/discharges/", sent).status_code == 303
    done = main(client.get("/duties/?state=done"))
    assert "Receipt 1" in done
    with palm.cast.acting("omar"):
        row = DutyDischarge.objects.get()
    path = f"/duties/discharges/{row.pk}/withdrawals/"
    assert path in done
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "The receipt was another one."}).status_code == 303
    assert "Receipt 1" not in main(client.get("/duties/?state=done"))
    assert sign_in("olga").get(path).status_code == 404


def test_what_is_not_in_sight_or_done_already_is_not_offered(palm, sign_in):
    assert sign_in("olga").get("/duties/discharges/", {"duty": token(palm)}).status_code == 303
    assert sign_in("omar").get("/duties/discharges/").status_code == 303
    assert sign_in("omar").get("/duties/discharges/", {"duty": "rubbish"}).status_code == 303
    with palm.cast.acting("ines"):
        assert not DutyDischarge.objects.exists()


@pytest.mark.parametrize("name", ["rosa", "lena"])
def test_duties_of_others_are_refused(palm, sign_in, name):
    sent = {"duty": token(palm), "done_on": "2026-02-08", "evidence": "x"}
    assert sign_in(name).post("/duties/discharges/", sent).status_code == 403
    with palm.cast.acting("ines"):
        assert not DutyDischarge.objects.exists()


def test_a_clock_is_started_on_the_page(palm, sign_in):
    client = sign_in("omar")
    assert "Report a critical incident" in main(client.get("/pilots/verde/duties/starts/"))
    good = {"duty": "15", "worker": "ih-001", "happened_on": "2026-02-18", "known_on": "2026-02-19",
            "words": "A ladder broke; nobody was hurt badly."}  # fmt: skip
    for changed, words in (
        ({"worker": ""}, "Name one worker"), ({"worker": "IH-999"}, "No worker of this pilot"),
        ({"worker": "RR-001"}, "No worker of this pilot"), ({"known_on": "2026-02-17"}, "on the day it happens or later"),
        ({"duty": "10"}, "Select a valid choice"),
    ):  # fmt: skip
        wrong = client.post("/pilots/verde/duties/starts/", good | changed)
        assert wrong.status_code == 422, changed
        assert words in wrong.content.decode(), changed
    assert client.post("/pilots/verde/duties/starts/", good).status_code == 303
    assert "Report a critical incident in writing" in main(client.get("/duties/"))
    with palm.cast.acting("ines"):
        assert DutyStart.objects.get().known_on == date(2026, 2, 19)
    assert sign_in("sefo").get("/pilots/verde/duties/starts/").status_code == 404, "nothing of its own to start"
    assert sign_in("dana").get("/pilots/verde/duties/starts/").status_code == 404


def command(capsys, *args):
    """Exit code, what stood on standard output, and on standard error."""
    code = 0
    try:
        call_command("list_duties", *args)
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_prints_one_json_object_and_nothing_else(palm, capsys):
    asked = ("--pilot", "verde", "--on", "2026-02-20", "--as", "ines@cast.example", "--json")
    code, out, err = command(capsys, *asked)
    assert code == 0
    found = json.loads(out)["duties"]
    (line,) = [d for d in found if d["duty"] == 10 and d["worker"] == "IH-001"]
    assert {k: line[k] for k in ("owner", "starts", "due", "done", "state", "organisations")} == {
        "owner": "employer", "starts": "2026-01-26", "due": "2026-02-09", "done": None, "state": "overdue",
        "organisations": ["Orchard Bay"],
    }  # fmt: skip
    assert "duties of verde on 2026-02-20" in err
    assert found[0]["state"] == "overdue"
    text = command(capsys, *asked[:-1])
    assert text[0] == 0
    assert "Report the arrival" in text[1]


def test_the_command_acts_under_the_persons_rights(palm, capsys):
    asked = ("--pilot", "verde", "--on", "2026-02-20", "--json")
    own = json.loads(command(capsys, *asked, "--as", "olga@cast.example")[1])["duties"]
    assert {d["worker"] for d in own if d["worker"]} == {"RR-001"}
    for email in ("dana@cast.example", "kofi@cast.example", "nobody@cast.example"):
        code, out, err = command(capsys, *asked, "--as", email)
        assert (code, list(json.loads(out))) == (2, ["error"]), email
        assert err.strip(), email


def test_home_and_the_placement_show_what_is_owed(palm, sign_in):
    part = sign_in("omar").get("/today/duties/", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert "Report the arrival" in part
    pk = palm.placement("IH-001").pk
    page = main(sign_in("ines").get(f"/placements/{pk}/duties/"))
    assert "Report the arrival" in page
    assert "Meet each worker in person" in page
    assert "IH-002" not in page
    assert "Meet each worker in person" not in main(sign_in("omar").get(f"/placements/{pk}/duties/"))
    for home in ("ines", "omar", "sefo", "rosa"):
        assert "/today/duties/" in main(sign_in(home).get("/"))
