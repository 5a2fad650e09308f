"""The staff's pages of cases, through the client and the whole middleware."""

import re
import time

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from compliance.grievances import notices
from compliance.models import ConcernCode, Grievance, GrievanceMessage, GrievanceOffer, GrievanceOpening
from tests.compliance.test_two_worlds import NOISE
from tests.grievances.conftest import filed, joins

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(cast):
    """A pay grievance filed today, by the clock that the pages read."""
    return filed(cast, on=timezone.localdate()).grievance


def url(case, name="case"):
    return reverse(f"compliance:{name}", args=[case.code])


def test_the_list_shows_a_code_what_it_is_about_and_what_is_due_and_never_the_account(cast, sign_in, grievance):
    page = sign_in("lena").get(reverse("compliance:cases")).content.decode()
    assert grievance.code in page
    assert "Acknowledge" in page
    assert "CANARY" not in page
    assert "IH-001" not in page


def test_the_account_opens_by_a_click_and_every_reader_sees_who_read(cast, sign_in, grievance):
    lena = sign_in("lena")
    cover = lena.get(url(grievance)).content.decode()
    assert "CANARY" not in cover
    opened = lena.post(url(grievance, "readings")).content.decode()
    assert "CANARY-account" in opened
    assert "You do not know who" in opened
    assert "IH-001" not in opened
    assert "IH-001" in sign_in("rosa").post(url(grievance, "readings")).content.decode()
    assert "Lena Verde" in sign_in("rosa").get(url(grievance)).content.decode()


def test_a_case_is_filed_on_its_page_and_the_persons_code_is_shown_once(cast, sign_in):
    placement = cast.placement("IH-001").pk
    rosa = sign_in("rosa")
    form = rosa.get(reverse("compliance:case_new"), {"placement": placement}).content.decode()
    assert "Lena Verde, Fair Passage" in form
    assert "Sexual" not in form  # never offered in a routine form
    told = rosa.get(reverse("compliance:case_told"), {"placement": placement}).content.decode()
    assert "Sexual harassment or assault" in told
    assert "72 hours" in told
    assert "Call 111" in told
    data = {
        "placement": placement,
        "category": "pay",
        "account": "CANARY",
        "channel": "phone",
        "readers": [cast.user("lena").pk],
    }
    receipt = rosa.post(reverse("compliance:cases"), data)
    assert receipt.status_code == 200
    code = re.search(rb"C-[0-9A-Z]{7}", receipt.content)[0].decode()
    followup = re.search(rb'code-big">([0-9A-Z-]{19})<', receipt.content)[1].decode()
    answer = sign_in("zed").post(reverse("compliance:concern_follow"), {"code": followup})
    assert b"CANARY" in answer.content
    assert followup not in rosa.get(reverse("compliance:case", args=[code])).content.decode()


@pytest.mark.parametrize("change", [
    {"account": ""}, {"category": ""}, {"readers": ["999999"]}, {"concerned": ["999999"]}, {"channel": "own code"},
    {"category": "sexual violence"}, {"told": "yes"},
])  # fmt: skip
def test_a_form_that_is_wrong_is_shown_again_and_nothing_is_kept(cast, sign_in, change):
    data = {"placement": cast.placement("IH-001").pk, "category": "pay", "account": "kept", "channel": "phone"} | change
    assert sign_in("rosa").post(reverse("compliance:cases"), data).status_code == 422
    with cast.acting("rosa"):
        assert not Grievance.objects.exists()


def test_a_case_is_moved_noted_and_answered_on_its_page(cast, sign_in, now):
    rosa = sign_in("rosa")
    ok = rosa.post(url(now, "case_moves"), {"move": "acknowledge", "message": "We read it.", "revision": 1})
    assert ok.status_code == 303
    assert rosa.post(url(now, "case_notes"), {"text": "Called payroll."}).status_code == 303
    assert rosa.post(url(now, "case_messages"), {"message": "Tomorrow."}).status_code == 303
    changed = {"summary": "Van.", "safe_now": "yes", "revision": 4}
    assert rosa.post(url(now, "case_changes"), changed).status_code == 303
    with cast.acting("lena"):
        found = Grievance.objects.get()
        assert (found.stage, found.summary, found.safe_now) == ("acknowledged", "Van.", True)
        assert GrievanceMessage.objects.count() == 2
    opened = sign_in("lena").post(url(now, "readings")).content.decode()
    assert "Called payroll." in opened
    assert "Tomorrow." in opened


def test_a_move_that_does_not_follow_or_lacks_words_says_so_on_the_cover(cast, sign_in, now):
    rosa = sign_in("rosa")
    for data, words in (
        ({"move": "acknowledge", "message": ""}, "required"),
        ({"move": "investigate"}, "does not follow"),
    ):
        answer = rosa.post(url(now, "case_moves"), data | {"revision": 1})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert b"CANARY" not in answer.content
    late = rosa.post(url(now, "case_moves"), {"move": "acknowledge", "message": "x", "revision": 7})
    assert late.status_code == 409


def test_two_readers_write_on_one_case_and_no_word_of_either_is_lost(cast, sign_in, now):
    rosa, lena = sign_in("rosa"), sign_in("lena")
    seen = re.search(r'name="seen" value="([^"]+)"', rosa.post(url(now, "readings")).content.decode())[1]
    hers = {"summary": "Paid for thirty hours.", "wishes": "To be paid.", "revision": 1, "seen": seen}
    assert rosa.post(url(now, "case_changes"), hers).status_code == 303
    mine = {"summary": "The van was late.", "wishes": "", "revision": 1, "seen": seen}
    answer = lena.post(url(now, "case_changes"), mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Theirs: Paid for thirty hours." in page
    assert "Yours: The van was late." in page
    again = re.search(r'name="seen" value="([^"]+)"', page)[1]
    chosen = {"seen": again, "keep-summary": "both", "keep-wishes": "theirs"}
    assert lena.post(url(now, "case_changes"), mine | chosen).status_code == 303
    with cast.acting("lena"):
        found = Grievance.objects.get()
        assert (found.summary, found.wishes) == ("Paid for thirty hours.\nThe van was late.", "To be paid.")
    late = rosa.post(url(now, "case_moves"), {"move": "acknowledge", "message": "My own words", "revision": 1})
    assert late.status_code == 409
    assert "My own words" in late.content.decode()


def test_readers_are_named_handed_over_and_taken_off_on_the_page(cast, sign_in):
    told = filed(cast, by="ines", readers=()).grievance
    mara, ines = cast.user("mara").pk, cast.user("ines").pk
    one = sign_in("ines")
    post = {"act": "name", "reader": mara, "why": "Holiday", "revision": 1}
    assert one.post(url(told, "case_readers"), post).status_code == 303
    other = sign_in("mara")
    assert (
        other.post(
            url(told, "case_readers"), {"act": "lead", "reader": mara, "why": "Mine now", "revision": 2}
        ).status_code
        == 303
    )
    assert (
        other.post(
            url(told, "case_readers"), {"act": "remove", "reader": ines, "why": "Left", "revision": 3}
        ).status_code
        == 303
    )
    assert one.get(url(told)).status_code == 404


@pytest.mark.parametrize("name", ["omar", "sefo"])
def test_a_forged_reader_is_refused_on_the_page(cast, sign_in, now, name):
    data = {"act": "name", "reader": cast.user(name).pk, "why": "x", "revision": 1}
    assert sign_in("rosa").post(url(now, "case_readers"), data).status_code in {404, 422}
    with cast.acting("rosa"):
        assert len(Grievance.objects.get().reader_ids) == 2


def test_who_the_person_is_is_released_on_the_page(cast, sign_in, now):
    lena = cast.user("lena").pk
    data = {"act": "release", "reader": lena, "why": "On the phone", "revision": 1}
    assert sign_in("rosa").post(url(now, "case_identities"), data).status_code == 303
    assert b"IH-001" in sign_in("lena").post(url(now, "readings")).content
    assert sign_in("rosa").post(url(now, "case_identities"), data | {"act": "withdraw"}).status_code == 303
    assert b"IH-001" not in sign_in("lena").post(url(now, "readings")).content


def test_whom_it_is_about_is_taken_off_on_the_page(cast, sign_in, now):
    data = {"concerned": [cast.organisation("fair-passage").pk], "revision": 1}
    assert sign_in("rosa").post(url(now, "case_concerned"), data).status_code == 303
    assert sign_in("lena").get(url(now)).status_code == 404


def test_an_offer_is_made_answered_and_withdrawn_on_its_pages(cast, sign_in):
    told = filed(cast, readers=(), on=timezone.localdate()).grievance
    rosa, lena = sign_in("rosa"), sign_in("lena")
    data = {"kind": "referral", "to_user": cast.user("lena").pk, "purpose": "Counselling", "consent_how": "told me",
            "consent_on": timezone.localdate().isoformat()}  # fmt: skip
    assert rosa.post(url(told, "case_offers"), data | {"consent_how": ""}).status_code == 422
    assert rosa.post(url(told, "case_offers"), data).status_code == 303
    with cast.acting("lena"):
        pk = GrievanceOffer.objects.get().pk
    waiting = lena.get(reverse("compliance:cases")).content.decode()
    assert told.code in waiting
    assert "CANARY" not in lena.get(reverse("compliance:offer_answers", args=[pk])).content.decode()
    assert lena.post(reverse("compliance:offer_answers", args=[pk]), {"accept": "yes"}).status_code == 303
    assert lena.get(url(told)).status_code == 200
    assert rosa.post(reverse("compliance:offer_revocations", args=[pk]), {"why": "No consent"}).status_code == 303
    assert lena.get(url(told)).status_code == 404


# --- Emergency ------------------------------------------------------------------------------------------------


def aged(client) -> None:
    """The second factor was shown six minutes ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 360
    session.save()


def test_an_emergency_opening_asks_for_the_second_factor_again_and_a_reason(cast, sign_in, now):
    joins(cast, "zed", "harbour-welfare", "welfare_officer")
    zed, page = sign_in("zed"), reverse("compliance:openings")
    data = {"code": now.code, "reason": "He calls from the hospital, and no reader can be reached."}
    aged(zed)
    asked = zed.post(page, data)
    assert asked.status_code == 302
    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))
    with cast.acting("rosa"):
        assert not GrievanceOpening.objects.exists()
    zed = sign_in("zed")
    assert zed.post(page, data | {"reason": "short"}).status_code == 422
    assert zed.post(page, data).status_code == 303
    opened = zed.post(url(now, "readings")).content.decode()
    assert "CANARY-account" in opened
    assert "can change nothing" in opened
    assert "Write to the person" not in opened
    assert zed.post(url(now, "case_notes"), {"text": "x"}).status_code == 422


def test_a_case_that_may_not_be_opened_is_answered_like_one_that_does_not_exist(cast, sign_in, now):
    joins(cast, "zed", "harbour-welfare", "welfare_officer")
    joins(cast, "zed", "orchard-bay", "employer")
    zed, page = sign_in("zed"), reverse("compliance:openings")
    reason = "He calls from the hospital, and no reader can be reached."
    answers = [zed.post(page, {"code": code, "reason": reason}) for code in (now.code, "C-2222222")]
    assert [a.status_code for a in answers] == [422, 422]
    first, second = (
        NOISE.sub(b"", a.content).replace(c, b"")
        for a, c in zip(answers, (now.code.encode(), b"C-2222222"), strict=True)
    )
    assert first == second


def test_an_opening_is_reviewed_on_its_page_by_somebody_else(cast, sign_in, now):
    joins(cast, "zed", "harbour-welfare", "welfare_officer")
    zed = sign_in("zed")
    reason = "He calls from the hospital, and no reader can be reached."
    zed.post(reverse("compliance:openings"), {"code": now.code, "reason": reason})
    with cast.acting("lena"):
        pk = GrievanceOpening.objects.get().pk
    page = reverse("compliance:opening_reviews", args=[pk])
    assert reason in sign_in("lena").get(page).content.decode()
    data = {"justified": "no", "review": "Rosa was on duty."}
    assert zed.post(page, data).status_code == 422
    assert sign_in("lena").post(page, data).status_code == 303
    with cast.acting("lena"):
        assert GrievanceOpening.objects.get().justified is False


# --- Codes and mail -------------------------------------------------------------------------------------------


def test_a_workers_code_is_shown_once_and_a_posters_may_be_printed_again(cast, sign_in):
    rosa, page = sign_in("rosa"), reverse("compliance:concern_codes")
    placement = cast.placement("IH-001")
    card = rosa.post(page, {"placement": placement.pk})
    assert re.search(rb'code-big">([0-9A-Z-]{19})<', card.content)
    assert rosa.post(page, {"site": placement.site_id}).status_code == 303
    with cast.acting("rosa"):
        poster = ConcernCode.objects.exclude(poster="").get()
    listed = rosa.get(page).content.decode()
    assert poster.poster[:4] in listed
    printed = rosa.get(reverse("compliance:poster", args=[poster.pk])).content.decode()
    assert poster.poster[:4] in printed
    assert f"?at={poster.poster}" in printed
    assert rosa.post(reverse("compliance:code_revocations", args=[poster.pk])).status_code == 303


def test_mail_to_readers_says_that_something_waits_and_nothing_else(cast, grave):
    with cast.acting("rosa"):
        pass
    assert notices.deliver([cast.user("lena").pk]) == 1
    [sent] = mail.outbox
    words = f"{sent.subject} {sent.body}"
    for told in (grave.code, "CANARY", "IH-001", "violence", "grievance", "case", "Orchard", "http"):
        assert told.lower() not in words.lower()
    assert sent.to == ["lena@cast.example"]


def test_only_readers_are_told_and_never_anybody_concerned(cast, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr(
        "compliance.grievances.notices.current_app.send_task", lambda _t, args, **_o: told.extend(args[0])
    )
    with django_capture_on_commit_callbacks(execute=True):
        filed(cast)
    assert told == [cast.user("lena").pk]


def test_the_story_of_a_worker_shows_a_case_to_nobody_not_even_to_its_readers(cast, sign_in):
    placement = cast.placement("IH-001")
    pages = {
        name: sign_in(name).get(reverse("compliance:placement_story", args=[placement.pk])) for name in ("rosa", "ines")
    }
    made = filed(cast).grievance
    for name, before in pages.items():
        after = sign_in(name).get(reverse("compliance:placement_story", args=[placement.pk]))
        assert after.status_code == 200
        assert made.code not in after.content.decode()
        assert NOISE.sub(b"", after.content) == NOISE.sub(b"", before.content)
