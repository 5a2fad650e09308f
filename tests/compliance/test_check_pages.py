"""The pages of checks through the whole portal: due lists, the phone form, a visit to a site, the page of a check."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from compliance.catalogue.reader import catalogue
from compliance.models import Check, CheckAnswer, Finding, PrivateNote
from pilots.models import Site
from tests.effort import fewest_questions
from workers.models import Hold

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 30)


def panel(cast, code="IH-001"):
    return reverse("compliance:placement_panel", args=[cast.placement(code).pk])


def site_of(cast, code="IH-001"):
    return cast.placement(code).site_id


def test_a_welfare_officer_records_a_check_and_sees_what_it_opened(cast, sign_in, filled):
    client = sign_in("rosa")
    data = filled(ON, D09=("no", "worker alone"), D02=("yes", "document"), D27="yes")
    answer = client.post(panel(cast), data)
    assert answer.status_code == 303
    page = client.get(answer["Location"])
    assert page.status_code == 200
    with cast.acting("rosa"):
        check = Check.objects.get()
        assert answer["Location"] == reverse("compliance:check", args=[check.pk])
        assert dict(CheckAnswer.objects.values_list("item", "answer")) == {
            "D09": "no", "D02": "yes", "D27": "not verified",
        }  # fmt: skip
        finding = Finding.objects.get()
        assert Hold.objects.filter(placement_id=check.placement_id).exists()
    assert reverse("compliance:finding", args=[finding.pk]) in page.content.decode()


def test_the_form_has_every_routine_item_of_the_stage_and_none_that_is_led_by_disclosure(cast, sign_in):
    client = sign_in("rosa")
    url = reverse("compliance:check_new", args=[cast.placement("IH-001").pk])
    for stage in catalogue().stages:
        page = client.get(url, {"stage": stage.code}).content.decode()
        for item in catalogue().for_stage(stage.code):
            assert (f'name="{item.code}"' in page) is not item.disclosure_led, item.code
    assert client.get(url, {"stage": "holiday"}).status_code == 404


@pytest.mark.parametrize(("code", "item"), [("IH-004", "A01"), ("IH-003", "A01"), ("RR-002", "B01"), ("IH-001", "D09")])
def test_the_stage_follows_from_where_the_placement_stands(cast, sign_in, code, item):
    url = reverse("compliance:check_new", args=[cast.placement(code).pk])
    page = sign_in("rosa").get(url).content.decode()
    expected = {"IH-003": "B01"}.get(code, item)
    assert f'name="{expected}"' in page


def test_a_grave_failure_that_nothing_showed_is_asked_about_and_nothing_typed_is_lost(cast, sign_in, filled):
    client = sign_in("rosa")
    data = filled(ON, D09="no", D02=("yes", "document")) | {"D09-note": "typed words", "interpreter": "Sione"}
    answer = client.post(panel(cast), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say who or what showed this" in page
    assert "typed words" in page
    assert 'value="Sione"' in page
    with cast.acting("rosa"):
        assert not Check.objects.exists()


def test_with_the_worker_alone_what_the_worker_says_is_what_showed_it(cast, sign_in, filled):
    sign_in("rosa").post(panel(cast), filled(ON, D10="yes") | {"private": "on", "D10-note": "said in private"})
    with cast.acting("rosa"):
        assert CheckAnswer.objects.get().answered_by == "worker alone"
        assert PrivateNote.objects.get().text == "said in private"


@pytest.mark.parametrize(
    "change",
    [{"done_on": "2099-01-01"}, {"done_on": ""}, {"mode": "by pigeon"}, {"D09": "perhaps"}, {"D09": ""}],
    ids=["future", "no day", "unknown way", "unknown answer", "nothing answered"],
)
def test_a_bad_form_is_refused_with_words(cast, sign_in, filled, change):
    answer = sign_in("rosa").post(panel(cast), filled(ON, D09=("no", "worker alone")) | change)
    assert answer.status_code == 422
    with cast.acting("rosa"):
        assert not Check.objects.exists()


def test_a_disclosure_led_item_slipped_into_the_routine_form_is_not_stored(cast, sign_in, filled):
    sign_in("rosa").post(panel(cast), filled(ON, D11=("yes", "worker alone"), D27=("yes", "worker in group")))
    with cast.acting("rosa"):
        assert list(CheckAnswer.objects.values_list("item", flat=True)) == ["D27"]


def test_the_same_form_sent_twice_is_one_check(cast, sign_in, filled):
    client = sign_in("rosa")
    data = filled(ON, D09=("no", "worker alone"))
    first, second = (client.post(panel(cast), data)["Location"] for _n in range(2))
    assert first == second
    with cast.acting("rosa"):
        assert Check.objects.count() == 1


def test_an_officer_reads_the_answers_but_never_the_private_words(cast, sign_in, finding):
    url = reverse("compliance:check", args=[finding.answer.check_record_id])
    for name in ("ines", "mara"):
        assert b"CANARY" not in sign_in(name).get(url).content
    for name in ("rosa", "lena"):
        page = sign_in(name).get(url).content.decode()
        assert "CANARY-note" in page
        assert "CANARY-seen" in page


def test_reading_private_notes_is_recorded(cast, sign_in, finding):
    from accounts.models import AuditEvent

    sign_in("lena").get(reverse("compliance:check", args=[finding.answer.check_record_id]))
    with cast.acting("lena") as by:
        assert AuditEvent.objects.filter(action="read", object_kind="private note", user_id=by.user_id).exists()
    # That somebody read it says that it was told: whoever may not read notes does not see the reading either.
    with cast.acting("ines"):
        assert not AuditEvent.objects.filter(object_kind="private note").exists()


def test_nobody_else_records_a_check(cast, sign_in, filled):
    data = filled(ON, D09=("no", "worker alone"))
    expected = {"ines": 403, "omar": 403, "sefo": 403, "fay": 403, "dana": 403}
    assert {name: sign_in(name).post(panel(cast), data).status_code for name in expected} == expected
    assert sign_in("rosa").post(panel(cast, "AZ-001"), data).status_code == 404
    with cast.acting("rosa"):
        assert not Check.objects.exists()


def test_the_list_of_checks_shows_who_is_due_by_site_and_by_worker(cast, sign_in):
    page = sign_in("rosa").get(reverse("compliance:checks")).content.decode()
    assert "Orchard Bay main" in page
    assert "IH-001" in page
    only = sign_in("rosa").get(reverse("compliance:checks"), {"stage": "arrival"}).content.decode()
    assert "?stage=arrival" in only
    assert "?stage=pre-return" not in only
    assert sign_in("rosa").get(reverse("compliance:checks"), {"after": "nonsense", "site": "x"}).status_code == 200


def test_a_visit_records_one_check_for_each_worker_met(cast, sign_in):
    site = site_of(cast)
    client = sign_in("rosa")
    page = client.get(reverse("compliance:visit_new", args=[site])).content.decode()
    assert 'name="D15"' in page
    assert 'name="D10"' not in page
    assert "IH-003" not in page
    workers = [cast.placement(code).pk for code in ("IH-001", "IH-002")]
    data = {
        "done_on": ON.isoformat(), "mode": "group", "stage": "employment", "key": "v" * 32, "workers": workers,
        "D15": "no", "D15-by": "observation", "D15-evidence": "no water at the packing shed", "D15-critical": "on",
    }  # fmt: skip
    answer = client.post(reverse("compliance:visits", args=[site]), data)
    assert answer.status_code == 303
    with cast.acting("ines"):
        assert sorted(Check.objects.values_list("placement_id", flat=True)) == sorted(workers)
        assert set(Check.objects.values_list("site_id", flat=True)) == {site}
        assert Finding.objects.filter(severity="critical").count() == 2


@pytest.mark.parametrize("workers", [[], ["foreign"], ["elsewhere"]])
def test_a_visit_takes_only_workers_of_the_site(cast, sign_in, workers):
    known = {"foreign": cast.placement("AZ-001").pk, "elsewhere": cast.placement("RR-001").pk}
    data = {
        "done_on": ON.isoformat(), "mode": "group", "stage": "employment", "key": "v" * 32,
        "workers": [known[w] for w in workers], "D27": "yes", "D27-by": "worker in group",
    }  # fmt: skip
    answer = sign_in("rosa").post(reverse("compliance:visits", args=[site_of(cast)]), data)
    assert answer.status_code == 422
    with cast.acting("rosa"):
        assert not Check.objects.exists()


def test_what_was_told_in_confidence_has_a_page_of_its_own(cast, sign_in, filled):
    url = reverse("compliance:told", args=[cast.placement("IH-001").pk])
    client = sign_in("rosa")
    assert 'name="D11"' in client.get(url).content.decode()
    answer = client.post(url, filled(ON, D11=("yes", "worker alone")) | {"D11-note": "what was told"})
    assert answer.status_code == 303
    assert "what was told" in client.get(answer["Location"].partition("?")[0]).content.decode()
    assert sign_in("ines").get(answer["Location"]).status_code == 404


def test_the_panel_is_a_part_with_htmx_and_a_page_without(cast, sign_in, finding):
    client = sign_in("ines")
    url = panel(cast)
    page, part = client.get(url), client.get(url, headers={"HX-Request": "true"})
    assert (page.status_code, part.status_code) == (200, 200)
    assert "<html" in page.content.decode()
    assert "<html" not in part.content.decode()
    inner = part.content.decode().strip()
    assert inner in page.content.decode()
    assert "The passport is not with the worker" in inner


def test_queries_do_not_grow_with_rows(cast, sign_in, today):
    from compliance.checking import Answered, record_check

    client = sign_in("ines")
    urls = [reverse(name) for name in ("compliance:checks", "compliance:findings", "home")] + [panel(cast)]
    counts = []
    for round_ in range(3):
        with cast.acting("rosa") as by:
            ids = [cast.placement(code).pk for code in ("IH-001", "IH-002", "RR-001")]
            answers = {
                code: Answered("no", shown_by="document")
                for code in [("D02", "D03"), ("D04", "D05", "D13"), ("D14", "D19", "D21", "D23")][round_]
            }
            on = today - timedelta(days=round_)
            record_check(ids, "employment", answers, by=by, done_on=on, today=today)
        one = []
        for url in urls:
            assert client.get(url).status_code == 200
            one.append(fewest_questions(lambda url=url: client.get(url)))
        counts.append(one)
    assert counts[1] == counts[2]
    with cast.acting("rosa"):
        assert Site.objects.exists()


def test_after_a_talk_in_private_neither_name_nor_answers_stand_on_the_screen(cast, sign_in, filled):
    client = sign_in("rosa")
    answer = client.post(panel(cast), filled(ON, D10=("no", "worker alone"), D09="yes") | {"private": "on"})
    page = client.get(answer["Location"]).content.decode().partition("<main")[2]
    with cast.acting("rosa"):
        check = Check.objects.select_related("placement__person").get()
    person = check.placement.person
    for told in (person.family_name, person.given_names, person.worker_code, "failed", "D10", "not verified"):
        assert told not in page, told
    assert "Saved" in page
    full = reverse("compliance:check", args=[check.pk])
    assert f'href="{full}"' in page
    shown = client.get(full).content.decode()
    assert person.family_name in shown
    assert "D10" in shown


def test_without_private_mode_the_answers_are_shown_at_once(cast, sign_in, filled):
    answer = sign_in("rosa").post(panel(cast), filled(ON, D09=("no", "worker alone")))
    assert "?" not in answer["Location"]
