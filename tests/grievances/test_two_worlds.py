"""Two worlds, built twice from nothing, alike but for what workers told: nobody whom it is about can tell them apart.

In one of them a worker tells with a code of their own that the employer underpays, and a welfare officer files a restricted
case about violence; both are read, moved, answered, offered, opened in an emergency, reviewed and closed. In the other nothing is
told. Then the same people do the same ordinary things in both: open every page of the access table, search, import a
list, ask for reports and download them. Each answer must be the same to the byte; so must every row that their database role reads, every
job with its number, and every mail. Numbers come from counters that start over with each world, so a gap would show.
"""

import hashlib
import itertools
import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.rows import RowPolicy, declared
from accounts.scope import acting_as, operator_scope
from compliance.duties.reminding import sweep_duties
from compliance.grievances import codes, notices
from compliance.models import Finding, Grievance, GrievanceOpening
from compliance.retaining.forgetting import forget
from lamp_portal.deleting import delete_files
from lamp_portal.notices import sending
from lamp_portal.tasks import run_job
from reports.models import EditionFile
from tests import cast as cast_module
from tests.compliance.test_two_worlds import NOISE, addresses
from tests.conftest import signed_in, start_over
from tests.files import sent
from tests.grievances.conftest import filed, joins
from tests.workers.sheets.test_door import workbook
from workers.journey.door import move
from workers.models import Hold, Placement

pytestmark = pytest.mark.django_db(transaction=True)
ACCUSED, BYSTANDERS = ("omar", "sefo"), ("olga", "ines", "fay")
TOLD = ("lena@cast.example", "rosa@cast.example")
# The clock of the database runs on between the two worlds; a workbook of the access table carries the moment it was made,
# and the code of a poster is drawn. Nothing else is left out.
CLOCK = re.compile(
    rb'datetime="20\d\d-\d\d-\d\dT[^"]*">[^<]*<|\d\d:\d\d(:\d\d)?|seconds="\d+"|SHA-256 [0-9a-f]{12}'
    rb"|at=[2-9A-Z]{8}|[2-9A-Z]{4}-[2-9A-Z]{4}"
    rb'|d="(?:M\d+ \d+h1v1h-1z)+"'  # the same code, as the camera reads it
    rb"|\w+:[0-9A-Za-z]{6}:[\w-]{43}"  # a signed link that stops mails, with the second in which it was signed
)


# The number of the request; and the length, which a drawn code and its square change where the page itself is compared.
OWN = {"X-Request-ID", "Content-Length"}
NONCE = re.compile(r"nonce-[\w-]+")
NAMES = re.compile(r"/$|/(?:placements|people|cohorts|actions|duties)/(?:\d+/)?(?:history/|story/|files/)?$")


def plain(content: bytes) -> bytes:
    """A page without tokens and clock times."""
    return CLOCK.sub(b"", NOISE.sub(b"", content))


def play(cast, people) -> list[str]:
    """What is told in one of the worlds, from the first word to the last; answers the codes of the cases."""
    worker, lena, rosa, zed = people["worker"], people["lena"], people["rosa"], people["zed"]
    told = worker.post(reverse("compliance:concern"), {
        "code": people["code"], "words": "CANARY: the employer pays less than the paper says.", "about": ["employer"],
        "safe_now": "no", "photos": [SimpleUploadedFile("CANARY.jpg", sent.photo_with_place())],
    })  # fmt: skip
    own = re.search(rb"C-[0-9A-Z]{7}", told.content)[0].decode()
    followup = re.search(rb'code-big">([0-9A-Z-]{19})<', told.content)[1].decode()
    cover = reverse("compliance:case", args=[own])
    post = lena.post
    steps = [
        ("moves/", {"move": "acknowledge", "message": "CANARY We read it.", "revision": 1}),
        ("moves/", {"move": "triage", "category": "pay", "lead_id": cast.user("lena").pk, "limits_told": "on",
                    "restricted": "on", "revision": 2}),
        ("moves/", {"move": "investigate", "revision": 3}),
        ("notes/", {"text": "CANARY note"}),
        ("offers/", {"kind": "referral", "to_user": cast.user("rosa").pk, "purpose": "x", "consent_how": "told me",
                     "consent_on": timezone.localdate().isoformat()}),
    ]  # fmt: skip
    opened = post(cover + "readings/")
    assert opened.status_code == 200
    file_url = re.search(rf"{cover}files/\d+/", opened.content.decode())[0]
    assert post(file_url).status_code == 200
    assert post(file_url + "withdrawals/", {"reason": "CANARY back"}).status_code == 303
    photo = SimpleUploadedFile("CANARY2.jpg", sent.photo(colour="red"))
    again = worker.post(reverse("compliance:concern_photos"), {"code": followup, "photos": [photo]})
    assert again.status_code == 200
    for path, data in steps:
        answer = post(cover + path, data)
        assert answer.status_code == 303, (path, answer.content.decode()[-3000:])
    waiting = rosa.get(reverse("compliance:cases")).content.decode()
    assert rosa.post(re.search(r"/cases/offers/\d+/answers/", waiting)[0], {"accept": "yes"}).status_code == 303
    worker.post(reverse("compliance:concern_answers"), {"code": followup, "text": "CANARY thank you"})
    worker.post(reverse("compliance:concern_answers"), {"code": followup, "act": "release"})
    filed = rosa.post(reverse("compliance:cases"), {
        "placement": cast.placement("IH-002").pk, "told": "yes", "category": "violence", "account": "CANARY-violence",
        "channel": "in person", "limits_told": "on", "readers": [cast.user("lena").pk],
    })  # fmt: skip
    grave = re.search(rb"C-[0-9A-Z]{7}", filed.content)[0].decode()
    reason = "He calls from the hospital, and no reader can be reached."
    assert zed.post(reverse("compliance:openings"), {"code": grave, "reason": reason}).status_code == 303
    with cast.acting("lena"):
        opening = GrievanceOpening.objects.get().pk
        revision = Grievance.objects.get(code=grave).revision
    review = reverse("compliance:opening_reviews", args=[opening])
    assert lena.post(review, {"justified": "yes", "review": "x"}).status_code == 303
    end = {
        "move": "close",
        "satisfaction": "satisfied",
        "text": "CANARY end",
        "agreed_to_close": "on",
        "revision": revision,
    }
    assert rosa.post(reverse("compliance:case", args=[grave]) + "moves/", end).status_code == 303
    return [own, grave]


def answer_in_confidence(cast, rosa) -> None:
    """A finding of harm that nobody outside learns of, and that stays open. Its hold stops the programme's own moves, so
    officers see that there is one; employers and recruiters see nothing."""
    data = {
        "done_on": timezone.localdate().isoformat(), "mode": "in person", "stage": "employment", "key": "t" * 32,
        "D11": "yes", "D11-by": "worker alone", "D11-note": "CANARY-told",
    }  # fmt: skip
    told = reverse("compliance:told", args=[cast.placement("IH-001").pk])
    assert rosa.post(told, data).status_code == 303
    with cast.acting("rosa"):
        found = Finding.objects.get(restricted=True)
        assert Hold.objects.filter(source=f"finding:{found.pk}", lifted_at__isnull=True).exists()
    assert rosa.get(reverse("compliance:finding", args=[found.pk])).status_code == 200


def doings(cast, people, workbook: bytes) -> dict[str, bytes]:
    """What those who must not know do in both worlds, and every answer they get."""
    found: dict[str, bytes] = {}
    sheet = SimpleUploadedFile("list.xlsx", workbook)
    sent = people["sefo"].post(
        reverse("workers:imports"),
        {"kind": "workers", "pilot": cast.pilot().pk, "date_order": "dmy", "file": sheet},
    )
    found["sefo sends a list"] = sent["Location"].encode()
    found["sefo records it"] = people["sefo"].post(sent["Location"] + "commits/", {"rows": "all"})["Location"].encode()
    for person, kind in (("omar", "employer"), ("fay", "funder")):
        asked = people[person].post(
            reverse("reports:list"),
            {
                "kind": kind,
                "pilot": cast.pilot().pk,
                "period_from": "2026-01-01",
                "period_to": "2026-12-31",
                "reason": "",
            },
        )
        found[f"{person} asks for a report"] = asked["Location"].encode()
        run_job(int(asked["Location"].strip("/").split("/")[-1]))
        with acting_as(cast.scope(person)):
            files = list(EditionFile.objects.order_by("edition_id", "name").values_list("edition_id", "name"))
        for edition, name in files:
            answer = people[person].post(reverse("reports:download", args=[edition]), {"name": name})
            found[f"{person} downloads {edition} {name}"] = hashlib.sha256(b"".join(answer)).hexdigest().encode()
    before = len(mail.outbox)
    sending.sweep(datetime(2026, 10, 19, 21, tzinfo=UTC))  # from then on everybody is told what is new
    sweep_duties(date(2026, 10, 20))
    sending.sweep(datetime(2026, 10, 20, 7, tzinfo=UTC))
    found["mails of duties"] = repr(sorted((m.to, m.subject, m.body) for m in mail.outbox[before:])).encode()
    del mail.outbox[before:]
    for person in (*ACCUSED, *BYSTANDERS):
        client = people[person]
        for url in people["addresses"][person]:
            found[f"{person} {CLOCK.sub(b'', url.encode()).decode()}"] = whole(client.get(url))
        for query in ("IH-001", "IH-002", "IH", "CANARY", "violence"):
            answer = client.get(reverse("workers:list"), {"q": query})
            found[f"{person} searches {query}"] = plain(answer.content)
        for code in ("C-2222222", *people["codes"]):
            cover = reverse("compliance:case", args=[code])
            for verb, url in (("get", cover), ("post", cover + "readings/"), ("post", cover + "moves/")):
                answer = getattr(client, verb)(url, {"move": "close"})
                found[f"{person} tries a case: {verb} {url.split('/')[3]}"] = whole(answer).replace(code.encode(), b"")
    return found


def whole(answer) -> bytes:
    """Status, every header with its value, and the page; without tokens, clock times, the number of the request, and the
    session's cookie, which is written anew once a minute."""
    headers = sorted((name, NONCE.sub("", value)) for name, value in answer.headers.items() if name not in OWN)
    cookies = sorted(set(answer.cookies) - {"sessionid"})
    content = b"".join(answer) if answer.streaming else answer.content
    return f"{answer.status_code} {plain(str(headers).encode())} {cookies}".encode() + plain(content)


def lists(people) -> dict[str, bytes]:
    """Every list that the accused may have, as a file, with the page of downloads after it."""
    found = {}
    for person in ACCUSED:
        page = people[person].get(reverse("workers:lists")).content.decode()
        for code in sorted(set(re.findall(r'href="/lists/([a-z-]+)/', page))):
            answer = people[person].post(reverse("workers:downloads"), {"list": code, "format": "csv"})
            found[f"{person} takes the list {code}"] = whole(answer)
        found[f"{person} looks at the downloads"] = whole(people[person].get(reverse("workers:downloads")))
    return found


def home_and_forgotten(cast, people) -> dict[str, bytes]:
    """The employer records that both workers left and are home; eight years later the time of both is over."""
    found, today = {}, timezone.localdate()
    for code, step in itertools.product(("IH-001", "IH-002"), ("leave_country", "reach_home")):
        with cast.acting("omar") as by:
            mine = Placement.objects.filter(person__worker_code=code)
            outcome = move(mine, step, by=by, at=today, today=today)
        found[f"omar moves {code}: {step}"] = repr(outcome).encode()
    then = timezone.now() + timedelta(days=365 * 8)
    found["how much goes"] = repr([forget(now=then, really=really).people for really in (False, True)]).encode()
    found["how many bytes go"] = repr(delete_files(now=then).failed).encode()
    for person in ACCUSED:
        # Every page that names people; the others were looked at before.
        for url in (url for url in people["addresses"][person] if NAMES.match(url)):
            found[f"{person} {url} after eight years"] = whole(people[person].get(url))
    return found


def rows_read(cast) -> dict[str, tuple]:
    """Every row that the role of each of them reads in SQL, without clock times and ids of requests."""
    found = {}
    for person in (*ACCUSED, *BYSTANDERS):
        scope = cast.scope(person)
        with acting_as(scope), connection.cursor() as cursor:
            for table, operation in declared().items():
                lines = RowPolicy(operation.grants).lines()
                if not any(role == scope.db_role and "r" in verbs for role, verbs, _sql in lines):
                    continue
                cursor.execute(
                    "select column_name from information_schema.columns where table_name = %s and table_schema = 'public'"
                    " and data_type not like 'timestamp%%' and column_name not in ('request', 'stored_as')"
                    " order by ordinal_position",
                    [table],
                )
                columns = [f'"{name}"' for (name,) in cursor.fetchall() if (table, name) not in LEFT_OUT]
                cursor.execute(f"select {', '.join(columns)} from {table}")
                found[f"{person} {table}"] = (columns, sorted(tuple(map(str, row)) for row in cursor.fetchall()))
    return found


# The programme's officers read the open history of their pilots; its counter is shared with what they do not read.
# The rest is salted, drawn, made by the clock, or carries the moment a workbook was made.
LEFT_OUT = {
    ("accounts_history", "id"), ("accounts_history", "before"), ("accounts_job", "params"), ("accounts_user", "password"),
    ("accounts_job", "progress_words"), ("accounts_job", "progress_done"), ("reports_edition", "content"),
    ("compliance_concerncode", "code_hash"), ("compliance_concerncode", "poster"), ("workers_importbatch", "file_sha256"),
    ("workers_importfile", "content"),
}  # fmt: skip


def jobs() -> list:
    """Every job that there is, with its number."""
    with acting_as(operator_scope()), connection.cursor() as cursor:
        cursor.execute("select id, kind, organisation_id, user_id, state, attempt from accounts_job order by id")
        return cursor.fetchall()


def world(monkeypatch, *, told: bool, known: list[str], list_sent: bytes) -> SimpleNamespace:
    """Build everything from nothing, let it be told or not, let the others do what they do; answer what they saw."""
    start_over()
    cache.clear()
    mail.outbox.clear()
    monkeypatch.setattr(
        notices, "current_app", SimpleNamespace(send_task=lambda _t, args, **_o: notices.deliver(args[0]))
    )
    cast = cast_module.load()
    joins(cast, "zed", "harbour-welfare", "welfare_officer")
    people: dict = {name: signed_in(cast.user(name)) for name in (*ACCUSED, *BYSTANDERS, "lena", "rosa", "zed")}
    people["worker"] = Client()
    placement = cast.placement("IH-001")
    with cast.acting("rosa") as by:
        people["code"] = codes.shown(codes.issue_to(placement, by=by, on=date(2026, 7, 1)))
    # Resolving some addresses makes rows (a check, a finding), the same ones in both worlds.
    people["addresses"] = {name: addresses(cast, name) for name in (*ACCUSED, *BYSTANDERS)}
    made = play(cast, people) if told else []
    people["codes"] = known or made
    seen, rows, work = doings(cast, people, list_sent), rows_read(cast), jobs()
    other = [(m.to, m.subject, m.body) for m in mail.outbox if not set(m.to) & set(TOLD)]
    told_by_mail = len(mail.outbox) - len(other)
    if told:
        answer_in_confidence(cast, people["rosa"])
    seen |= lists(people) | home_and_forgotten(cast, people)
    return SimpleNamespace(seen=seen, rows=rows, jobs=work, mail=other, codes=made, told=told_by_mail)


def apart(one: bytes, two: bytes) -> tuple[bytes, bytes]:
    """Where two answers part, for whoever must find out why."""
    at = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return one[max(0, at - 60) : at + 60], two[max(0, at - 60) : at + 60]


def told_apart(one: dict, two: dict) -> set[str]:
    """Who reads which table and column differently in the two worlds; "rows" where their number differs."""
    found = set()
    for what, (columns, rows) in one.items():
        others = two[what][1]
        if len(rows) != len(others):
            found.add(f"{what}: rows")
        for row, other in zip(rows, others, strict=False):
            found |= {f"{what}: {c}" for c, a, b in zip(columns, row, other, strict=True) if a != b}
    return found


def test_with_and_without_what_was_told_everything_they_see_is_the_same_to_the_byte(monkeypatch):
    later = (timezone.now() + timedelta(hours=1)).replace(second=0, microsecond=0)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    same_list = workbook()  # a workbook carries the moment it was made
    one = world(monkeypatch, told=True, known=[], list_sent=same_list)
    two = world(monkeypatch, told=False, known=one.codes, list_sent=same_list)
    assert one.told > 0
    assert two.told == 0
    assert one.seen.keys() == two.seen.keys()
    assert {what: apart(page, two.seen[what]) for what, page in one.seen.items() if page != two.seen[what]} == {}
    assert not told_apart(one.rows, two.rows), "; ".join(sorted(told_apart(one.rows, two.rows)))
    assert one.jobs == two.jobs
    assert one.mail == two.mail
    for what, page in one.seen.items():
        assert "searches" in what or b"CANARY" not in page, what  # a search says what was searched for
        assert not any(code.encode() in page for code in one.codes), what
    assert b"@cast.example" in one.seen["mails of duties"]
    assert sum("omar" in what for what in one.seen) > 20
    assert sum("sefo" in what for what in one.seen) > 20


def test_the_comparison_can_fail():
    """What a reader sees does differ, and so do the rows of the store."""
    start_over()
    cache.clear()
    cast = cast_module.load()
    people: dict = {"lena": signed_in(cast.user("lena"))}
    before = plain(people["lena"].get(reverse("compliance:cases")).content)
    made = filed(cast).grievance
    after = plain(people["lena"].get(reverse("compliance:cases")).content)
    assert before != after
    assert made.code.encode() in after
