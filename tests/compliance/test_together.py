"""One action for several findings: seen before it is put, refused with a reason, answered together, verified by somebody else."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from compliance.models import CorrectiveAction, Finding
from compliance.remedies import actions, together
from tests.compliance.test_remedy_ledger import opened

pytestmark = pytest.mark.django_db
WORDS = "Pay what the payslips of July lack."


@pytest.fixture
def three(cast, today):
    """Two findings at Orchard Bay and one that was told in confidence there."""
    return [opened(cast, today, "IH-001"), opened(cast, today, "IH-002"), opened(cast, today, "IH-001", told=True)]


def put_all(cast, findings, today, owner="orchard-bay"):
    with cast.acting("ines") as by:
        return actions.put(
            [f.pk for f in findings], words=WORDS, owner_id=cast.organisation(owner).pk,
            due_on=today + timedelta(days=7), by=by, on=today,
        )  # fmt: skip


def asked(cast, findings, **more):
    owner = cast.organisation("orchard-bay").pk
    sent = {
        "finding": [f.pk for f in findings], "owner": owner, "subject": "pay", "words": WORDS, "due_on": "2099-07-20",
    }  # fmt: skip
    return sent | more


def test_who_is_refused_and_why_is_said_before_anything_is_put(cast, today, three):
    owner = cast.organisation("orchard-bay").pk
    put_all(cast, three[:1], today)
    with cast.acting("lena"):
        able, refused = together.sorted_out(together.chosen([f.pk for f in three]), owner_id=owner, words=WORDS)
    assert [f.pk for f in able] == [three[1].pk]
    reasons = {r.finding.pk: r.why for r in refused}
    assert "They were asked for this before and have not finished." in reasons[three[0].pk]
    assert "told in confidence" in reasons[three[2].pk]


def test_the_reasons_take_a_few_statements_whatever_the_number(cast, today, three, django_assert_max_num_queries):
    owner = cast.organisation("orchard-bay").pk
    with cast.acting("lena"), django_assert_max_num_queries(4):
        together.sorted_out(together.chosen([f.pk for f in three]), owner_id=owner, words=WORDS)


def test_the_first_post_shows_whom_it_concerns_and_changes_nothing_and_the_second_does_it(sign_in, cast, today, three):
    client, url = sign_in("ines"), reverse("compliance:together_actions")
    shown = client.post(url, asked(cast, three[:2]))
    assert shown.status_code == 200
    assert "IH-001" in shown.content.decode()
    assert "IH-002" in shown.content.decode()
    with cast.acting("ines"):
        assert not CorrectiveAction.objects.exists()
    assert client.post(url, asked(cast, three[:2], confirmed="yes")).status_code == 303
    assert client.post(url, asked(cast, three[:2], confirmed="yes")).status_code == 200  # all of them were asked before
    with cast.acting("ines"):
        assert CorrectiveAction.objects.count() == 2


def test_a_form_without_words_or_with_a_day_gone_by_comes_back(sign_in, cast, three):
    client, url = sign_in("ines"), reverse("compliance:together_actions")
    for wrong in ({"words": ""}, {"due_on": "2020-01-01"}, {"owner": cast.organisation("hill-vines").pk}):
        assert client.post(url, asked(cast, three[:2], confirmed="yes", **wrong)).status_code == 422
    with cast.acting("ines"):
        assert not CorrectiveAction.objects.exists()


def test_findings_of_another_pilot_cannot_be_ticked(sign_in, cast, three):
    client = sign_in("dana")
    ids = [f.pk for f in three[:2]]
    assert client.get(reverse("compliance:together"), {"finding": ids}).status_code == 303
    assert client.post(reverse("compliance:together_actions"), asked(cast, three[:2])).status_code == 303


def test_a_programme_officer_cannot_tick_what_was_told_in_confidence(sign_in, three):
    page = sign_in("ines").get(reverse("compliance:together"), {"finding": [f.pk for f in three]}).content.decode()
    assert "2 findings" in page


def test_what_was_put_together_is_reported_verified_and_returned_together(cast, today, three):
    first, second = put_all(cast, three[:2], today)
    with cast.acting("omar") as by:
        others = list(together.alike(first))
        assert [a.pk for a in others] == [second.pk]
        actions.report_done(first, by=by, on=today, words="Paid on Friday; the bank's list is here.", also=others)
    with cast.acting("rosa") as by:
        actions.send_back(first, by=by, on=today, reason="IH-002 says that nothing came.", also=[second])
    with cast.acting("omar") as by:
        actions.report_done(second, by=by, on=today, words="Paid again.")
        actions.report_done(first, by=by, on=today, words="Paid again.")
    with cast.acting("rosa") as by:
        actions.verify(first, by=by, on=today, words="I saw both payslips.", also=[second])
        assert set(Finding.objects.filter(pk__in=[f.pk for f in three[:2]]).values_list("state", flat=True)) == {
            "resolved"
        }


def test_an_alike_that_stands_elsewhere_is_left_out_and_the_first_is_still_refused_by_itself(cast, today, three):
    first, second = put_all(cast, three[:2], today)
    with cast.acting("omar") as by:
        actions.report_done(second, by=by, on=today, words="Paid.")
        actions.report_done(first, by=by, on=today, words="Paid too.", also=[second])
    with cast.acting("omar") as by, pytest.raises(ValidationError, match="already reported done"):
        actions.report_done(second, by=by, on=today, words="Paid.", also=[first])
    with cast.acting("rosa"):
        assert [list(a.steps.values_list("kind", flat=True)) for a in (first, second)] == [["done"], ["done"]]


def test_the_page_of_an_action_offers_the_others_that_stand_alike(sign_in, cast, today, three):
    first, second = put_all(cast, three[:2], today)
    client = sign_in("omar")
    assert "Also for the 1 other" in client.get(reverse("compliance:action", args=[first.pk])).content.decode()
    sent = {"words": "Paid.", "on": today.isoformat(), "also": "on"}
    assert client.post(reverse("compliance:action_reports", args=[first.pk]), sent).status_code == 303
    with cast.acting("ines"):
        states = actions.standing(CorrectiveAction.objects.order_by("pk")).values_list("state", flat=True)
        assert list(states) == ["done", "done"]
    assert second.pk
