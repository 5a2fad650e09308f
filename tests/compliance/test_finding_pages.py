"""The pages of findings: what is open, what can be done and by whom, and two officers at once."""

import pytest
from django.urls import reverse
from django.utils import timezone

from compliance.findings import resolve
from compliance.models import Finding, FindingEvent, Waiver

pytestmark = pytest.mark.django_db


def url(finding, name="finding"):
    return reverse(f"compliance:{name}", args=[finding.pk])


def test_the_list_shows_open_findings_the_gravest_first_and_can_be_narrowed(cast, sign_in, finding):
    client = sign_in("ines")
    page = client.get(reverse("compliance:findings")).content.decode()
    assert url(finding) in page
    assert "Answered “No”" in page
    assert url(finding) not in client.get(reverse("compliance:findings"), {"severity": "major"}).content.decode()
    assert url(finding) not in client.get(reverse("compliance:findings"), {"state": "resolved"}).content.decode()


def test_the_list_pages_by_key_without_gap_or_double(cast, sign_in, today, monkeypatch):
    from compliance.checking import Answered, record_check
    from compliance.views import findings as views

    with cast.acting("rosa") as by:
        ids = [cast.placement(code).pk for code in ("IH-001", "IH-002", "RR-001")]
        answers = {code: Answered("no", shown_by="document") for code in ("D02", "D03")}
        record_check(ids, "employment", answers, by=by, done_on=today, today=today)
    monkeypatch.setattr(views, "PAGE", 4)
    client = sign_in("ines")
    first = client.get(reverse("compliance:findings"))
    second = client.get(reverse("compliance:findings"), {"after": first.context["next"]})
    seen = [line["finding"].pk for r in (first, second) for line in r.context["lines"]]
    with cast.acting("ines"):
        assert sorted(seen) == sorted(Finding.objects.values_list("pk", flat=True))
    assert second.context["next"] == ""


def test_an_officer_resolves_a_finding_and_the_hold_is_gone(cast, sign_in, finding):
    client = sign_in("ines")
    data = {"remedy": "The passport is back with the worker.", "on": finding.opened_on.isoformat(), "revision": 1}
    answer = client.post(url(finding, "remedies"), data, follow=True)
    assert "The finding is resolved." in answer.content.decode()
    assert "This finding holds nothing now." in answer.content.decode()
    with cast.acting("ines"):
        assert Finding.objects.get(pk=finding.pk).state == "resolved"


def test_words_that_are_missing_are_asked_for_and_the_rest_is_kept(cast, sign_in, finding):
    data = {"remedy": "", "on": "2026-01-01", "revision": 1}
    answer = sign_in("ines").post(url(finding, "remedies"), data)
    assert answer.status_code == 422
    assert 'value="2026-01-01"' in answer.content.decode()
    late = {"remedy": "done", "on": "2099-01-01", "revision": 1}
    assert sign_in("ines").post(url(finding, "remedies"), late).status_code == 422


def test_a_manager_waives_by_name_and_an_officer_may_not(cast, sign_in, finding):
    data = {"reason": "The office opens on Monday.", "until": timezone.localdate().isoformat(), "revision": 1}
    for name in ("ines", "rosa", "omar", "fay"):
        assert sign_in(name).post(url(finding, "waivers"), data).status_code == 403
    answer = sign_in("mara").post(url(finding, "waivers"), data, follow=True)
    page = answer.content.decode()
    assert "Mara Verde" in page
    assert "The office opens on Monday." in page
    with cast.acting("ines"):
        assert Waiver.objects.get().approved_name == "Mara Verde"


def test_a_waiver_longer_than_90_days_is_refused_with_words(cast, sign_in, finding):
    data = {"reason": "later", "until": "2099-01-01", "revision": 1}
    answer = sign_in("mara").post(url(finding, "waivers"), data)
    assert answer.status_code == 422
    assert "90 days at most" in answer.content.decode()


def test_of_two_officers_the_second_is_shown_what_happened(cast, sign_in, finding):
    with cast.acting("lena") as by:
        resolve(finding, by=by, on=finding.opened_on, remedy="Given back on the same day.")
    data = {"reason": "the embassy is closed", "until": timezone.localdate().isoformat(), "revision": 1}
    answer = sign_in("mara").post(url(finding, "waivers"), data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "the embassy is closed" in page  # her words are not lost
    assert "Somebody else was quicker" in page
    assert "Given back on the same day." in page


def test_a_closed_finding_is_opened_again(cast, sign_in, finding):
    with cast.acting("ines") as by:
        resolve(finding, by=by, on=finding.opened_on, remedy="Given back.")
    answer = sign_in("ines").post(url(finding, "reopenings"), {"reason": "Taken again.", "revision": 2})
    assert answer.status_code == 303
    with cast.acting("ines"):
        assert Finding.objects.get(pk=finding.pk).state == "open"


@pytest.mark.parametrize("verb", ["remedies", "waivers", "reopenings"])
def test_the_verb_without_the_record_is_not_found_and_changes_nothing(cast, sign_in, finding, verb):
    """A welfare officer, an officer and a lead of another pilot have the verbs, not this record."""
    from accounts.models import Membership
    from accounts.scope import acting_as

    data = {"remedy": "x", "on": "2026-07-01", "reason": "x", "until": "2026-07-05", "revision": 1}
    with acting_as(None):
        membership = Membership.objects.get(user=cast.user("dana"))
        roles = ["programme_officer", "programme_manager", "safeguarding_lead", "welfare_officer"]
    for role in roles:
        with acting_as(None):
            Membership.objects.filter(pk=membership.pk).update(role=role)
        wanted = 403 if verb == "waivers" and role in ("programme_officer", "welfare_officer") else 404
        assert sign_in("dana").post(url(finding, verb), data).status_code == wanted
        assert sign_in("dana").get(url(finding)).status_code == 404
        assert (
            sign_in("dana").get(reverse("compliance:check", args=[finding.answer.check_record_id])).status_code == 404
        )
    with cast.acting("ines"):
        assert Finding.objects.get(pk=finding.pk).state == "open"


def test_a_restricted_finding_is_not_found_by_officers_and_managers(cast, sign_in, today):
    from compliance.checking import Answered, record_check

    with cast.acting("rosa") as by:
        done = record_check(
            cast.placement("IH-001").pk, "employment", {"D11": Answered("yes", shown_by="worker alone")}, by=by,
            done_on=today, today=today, told=True,
        )  # fmt: skip
    page = reverse("compliance:finding", args=[done.opened[0]])
    assert {n: sign_in(n).get(page).status_code for n in ("ines", "mara", "rosa", "lena")} == {
        "ines": 404, "mara": 404, "rosa": 200, "lena": 200,
    }  # fmt: skip
    data = {"remedy": "x", "on": today.isoformat(), "revision": 1}
    assert sign_in("ines").post(page + "remedies/", data).status_code == 404


def test_the_page_gives_signals_and_no_verdict(cast, sign_in, finding):
    page = sign_in("ines").get(url(finding)).content.decode()
    assert "Retention of identity documents" in page
    assert "Signals for a person to judge, never a verdict and never a score." in page


def test_lists_say_only_that_something_was_told_in_confidence(cast, sign_in, today):
    from compliance.checking import Answered, record_check

    placement = cast.placement("IH-001")
    with cast.acting("rosa") as by:
        record_check(
            placement.pk, "employment", {"D11": Answered("yes", shown_by="worker alone")}, by=by, done_on=today,
            today=today, told=True,
        )  # fmt: skip
    client = sign_in("rosa")
    for page in (
        "/findings/",
        "/checks/today/",
        reverse("compliance:placement_panel", args=[placement.pk]),
        "/checks/",
    ):
        text = client.get(page).content.decode()
        assert "harassment" not in text
        assert "D11" not in text
        assert "Physical and sexual violence" not in text
    assert "Told in confidence" in client.get("/findings/").content.decode()


def test_a_finding_about_a_place_has_its_page_and_its_line_without_a_worker(cast, sign_in, today):
    placement = cast.placement("IH-001")
    with cast.acting("rosa"):
        found = Finding.objects.create(
            pilot_id=placement.pilot_id, site_id=placement.site_id, employer_id=placement.employer_id, code="HOU-01",
            version="1", severity="critical", source="room:7", opened_on=today, due_on=today,
        )  # fmt: skip
    client = sign_in("ines")
    for page in (url(found), reverse("compliance:findings"), reverse("home")):
        text = client.get(page).content.decode()
        assert "Orchard Bay main" in text, page
    owner = cast.organisation("orchard-bay").pk
    data = {"owner": owner, "subject": "housing", "words": "Take two beds out of room 7.", "due_on": "2099-01-01"}
    answer = client.post(reverse("compliance:action_put", args=[found.pk]), data)
    assert answer.status_code == 303
    assert "Take two beds out of room 7." in sign_in("omar").get(reverse("compliance:actions")).content.decode()


def test_what_the_portal_did_by_itself_names_nobody(cast, sign_in, finding, today):
    """A rule that sees a finding again, or a waiver that ended, has no person and no organisation behind it."""
    with cast.acting("lena"):
        FindingEvent.objects.create(
            pilot_id=finding.pilot_id, finding=finding, restricted=finding.restricted,
            kind=FindingEvent.Kind.SEEN_AGAIN, happened_on=today,
        )  # fmt: skip
    client = sign_in("lena")
    assert "Seen again" in client.get(url(finding)).content.decode()
    panel = client.get(reverse("compliance:placement_panel", args=[finding.placement_id]))
    assert panel.status_code == 200
    assert "Seen again" in panel.content.decode()
