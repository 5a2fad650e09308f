"""The worker's page, as anybody meets it: no account, no session, no script."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from compliance.grievances import codes, pace
from compliance.models import Grievance, GrievanceIdentity
from tests.compliance.test_two_worlds import NOISE
from tests.grievances.conftest import ON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_was_here_yet")]
BIG = re.compile(rb'code-big">([0-9A-Z-]{19})<')


def tell(client, code, **more):
    return client.post(reverse("compliance:concern"), {"code": code, "words": "CANARY-words"} | more)


def test_a_worker_tells_gets_a_receipt_reads_the_answer_and_writes_again(cast, client, sign_in, own_code):
    receipt = tell(client, own_code, safe_now="yes", about=["employer"])
    assert receipt.status_code == 200
    followup = BIG.search(receipt.content)[1].decode()
    code = re.search(rb"C-[0-9A-Z]{7}", receipt.content)[0].decode()
    lena, cover = sign_in("lena"), reverse("compliance:case", args=[code])
    assert b"CANARY-words" in lena.post(cover + "readings/").content
    moved = lena.post(cover + "moves/", {"move": "acknowledge", "message": "We read it.", "revision": 1})
    assert moved.status_code == 303
    stands = client.post(reverse("compliance:concern_follow"), {"code": followup}).content.decode()
    assert "We read it." in stands
    assert "Somebody has read it" in stands
    again = client.post(reverse("compliance:concern_answers"), {"code": followup, "text": "Thank you."})
    assert b"Thank you." in again.content
    assert b"Thank you." in lena.post(cover + "readings/").content
    known = client.post(reverse("compliance:concern_answers"), {"code": followup, "act": "release"})
    assert b"know who you are" in known.content
    assert b"IH-001" in lena.post(cover + "readings/").content
    hidden = client.post(reverse("compliance:concern_answers"), {"code": followup, "act": "withdraw"})
    assert b"no longer shows" in hidden.content
    assert b"IH-001" not in lena.post(cover + "readings/").content


def test_nothing_of_it_stays_in_the_session_the_cookies_or_an_address(client, own_code):
    receipt = tell(client, own_code)
    followup = BIG.search(receipt.content)[1].decode()
    answer = client.post(reverse("compliance:concern_follow"), {"code": followup})
    assert set(client.cookies) <= {"csrftoken"}
    for response in (receipt, answer):
        assert response["Cache-Control"] == "no-store, private"
        assert f"?code={followup}".encode() not in response.content
        assert not re.search(rb'(href|action)="[^"]*' + followup.encode(), response.content)


def test_an_invented_code_is_answered_like_a_real_one_to_the_byte(cast, client, own_code):
    pages = []
    for code in (own_code, codes.shown(codes.draw(codes.PERSON))):
        page = NOISE.sub(b"", tell(client, code).content)
        pages.append(re.sub(rb"C-[0-9A-Z]{7}", b"", BIG.sub(b"", page)))
    assert pages[0] == pages[1]
    with cast.acting("lena"):
        assert Grievance.objects.count() == 1


@pytest.mark.parametrize("code", ["", "no code", "AAAA-AAAA-AAAA-AAA2"])
def test_a_slip_in_the_code_is_said_and_the_words_are_not_lost(client, code):
    answer = tell(client, code)
    assert answer.status_code == 422
    assert b"CANARY-words" in answer.content


def test_every_code_that_opens_nothing_is_answered_alike(client, own_code):
    pages = []
    for code in ("x", own_code, codes.shown(codes.draw(codes.PERSON))):
        answer = client.post(reverse("compliance:concern_follow"), {"code": code})
        assert answer.status_code == 422
        pages.append(NOISE.sub(b"", answer.content).replace(f'value="{code}"'.encode(), b""))
    assert pages[0] == pages[1] == pages[2]


def test_the_page_asks_about_no_grave_harm_and_tells_limits_and_numbers_before(client):
    page = client.get(reverse("compliance:concern")).content.decode()
    for words in ("Sexual", "violence", "trafficking", "harass"):
        assert words.lower() not in page.lower()
    told = ("Call for help first", "they may have to tell others", "What happened?", "Send it")
    assert sorted(told, key=page.index) == list(told)


def test_a_poster_fills_in_its_own_code_and_a_persons_code_is_never_taken_from_an_address(cast, client, own_code):
    poster = codes.draw(codes.POSTER)
    assert codes.shown(poster) in client.get(reverse("compliance:concern"), {"at": poster}).content.decode()
    assert own_code not in client.get(reverse("compliance:concern"), {"at": own_code}).content.decode()


def test_a_guesser_is_slowed_and_another_address_is_not(client, monkeypatch):
    monkeypatch.setitem(pace.MOST, "read", 2)
    page = reverse("compliance:concern_follow")
    assert [client.post(page, {"code": "x"}).status_code for _n in range(4)][::3] == [422, 429]
    assert client.post(page, {"code": "x"}, REMOTE_ADDR="198.51.100.7").status_code == 422
    assert client.get(page).status_code == 200


def test_somebody_who_is_signed_in_finds_the_same_page_and_nothing_of_theirs(cast, client, sign_in):
    stranger = NOISE.sub(b"", client.get(reverse("compliance:concern")).content)
    for name in ("omar", "lena"):
        assert NOISE.sub(b"", sign_in(name).get(reverse("compliance:concern")).content) == stranger


def test_whoever_says_nothing_of_themselves_is_known_to_nobody(cast, client, own_code):
    tell(client, own_code)
    with cast.acting("lena"):
        assert not GrievanceIdentity.objects.exists()


def test_a_body_larger_than_a_page_takes_is_refused_before_it_is_read(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.BODY_MAX_BYTES = 20_000, 30_000
    form = "multipart/form-data; boundary=b"
    for url, size in (
        (reverse("compliance:concern"), 20_001), ("/account/login/", 20_001), ("/imports/", 30_001),
    ):  # fmt: skip
        answer = client.post(url, b"x" * size, content_type=form)
        assert answer.status_code == 413, url
        assert answer.headers["Cache-Control"] == "no-store, private"
    assert client.post("/imports/", b"x" * 30_000, content_type="text/plain").status_code == 302
    assert client.post(reverse("compliance:concern"), b"", content_type=form, CONTENT_LENGTH="many").status_code == 413


ABOUT = [[], ["employer"], ["welfare"], ["programme", "welfare"], ["programme", "welfare", "recruiter", "employer"]]


def _answered(client, code: str, **sent) -> tuple:
    """Everything of an answer that a finder of a card could look at, and the statements behind it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        answer = tell(client, code, **sent)
    body = re.sub(rb"C-[0-9A-Z]{7}", b"", BIG.sub(b"", NOISE.sub(b"", answer.content)))
    body = body.replace(f'value="{code}"'.encode(), b"")
    headers = {k: v for k, v in answer.headers.items() if k not in {"X-Request-ID", "Content-Security-Policy"}}
    statements = [re.sub(r"\s.*", "", query["sql"], flags=re.S) for query in asked.captured_queries]
    return answer.status_code, headers, len(body), body, [one for one in statements if one != "RELEASE"]


@pytest.mark.parametrize("about", ABOUT, ids="-".join)
@pytest.mark.parametrize("contact", ["", "by night, 021 555 0100"])
def test_nothing_of_an_answer_tells_whether_a_code_exists(cast, client, own_code, about, contact):
    with cast.acting("rosa") as by:
        poster = codes.shown(codes.issue_at(cast.placement("IH-001").site, by=by, on=ON))
        elsewhere = codes.shown(codes.issue_to(cast.placement("RR-003"), by=by, on=ON))
    with cast.acting("dana") as by:
        other_pilot = codes.shown(codes.issue_to(cast.placement("AZ-001"), by=by, on=ON))
    for length, real in ((codes.PERSON, (own_code, elsewhere, other_pilot)), (codes.POSTER, (poster,))):
        invented = _answered(client, codes.shown(codes.draw(length)), about=about, contact=contact)
        for code in real:
            status, headers, size, body, statements = _answered(client, code, about=about, contact=contact)
            assert (status, headers, size, body) == invented[:4]
            assert [s for s in statements if s != "ROLLBACK"] == [s for s in invented[4] if s != "ROLLBACK"]


def test_what_nobody_may_read_is_answered_alike_and_waits_for_a_lead(cast, client, own_code, monkeypatch):
    from compliance.grievances import readers

    real = readers.for_intake
    pilot = cast.placement("IH-001").pilot_id
    monkeypatch.setattr(readers, "for_intake", lambda pk, about: ([], "restricted") if pk == pilot else real(pk, about))
    found = _answered(client, own_code)
    monkeypatch.setattr(readers, "for_intake", real)
    assert found[:4] == _answered(client, codes.shown(codes.draw(codes.PERSON)))[:4]
    with cast.acting("lena") as by:
        (waiting,) = readers.left_alone(by)
        assert readers.take_up(waiting.code, by=by, on=ON)
        assert Grievance.objects.get(code=waiting.code).reader_ids == [by.user_id]


def test_the_language_is_chosen_on_the_page_and_forgotten_with_the_browser(client):
    page = reverse("compliance:concern")
    told = client.get(page).content.decode()
    assert 'name="language" value="fr"' in told
    assert "Français" in told
    answer = client.post(reverse("accounts:language"), {"language": "fr", "next": page})
    assert (answer.status_code, answer["Location"]) == (303, page)
    assert answer.cookies["django_language"]["max-age"] == ""
    assert 'lang="fr"' in client.get(page).content.decode().partition("<body")[0]
    assert 'name="language" value="es"' in client.get(reverse("compliance:concern_follow")).content.decode()


def test_a_poster_brings_the_number_of_its_country_first_and_folds_the_others(client):
    page = client.get(reverse("compliance:concern"), {"at": codes.draw(codes.POSTER), "in": "NZ"}).content.decode()
    first, _folded, others = page.partition("In another country")
    assert "<strong>111</strong>" in first
    assert "<strong>999</strong>" not in first
    assert "<strong>999</strong>" in others
    assert "In another country" not in client.get(reverse("compliance:concern")).content.decode()


def test_what_the_person_reads_of_who_knows_them_is_what_the_readers_page_says(cast, client, sign_in, own_code):
    followup = BIG.search(tell(client, own_code).content)[1].decode()
    with cast.acting("lena"):
        case = Grievance.objects.get()
    stands = client.post(reverse("compliance:concern_follow"), {"code": followup}).content.decode()
    assert "Those who read this do not know who you are." in stands
    assert "do not all know" not in stands
    read = sign_in("lena").post(reverse("compliance:case", args=[case.code]) + "readings/").content.decode()
    assert "You do not know who" in read
