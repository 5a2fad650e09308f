"""A corrective action: put to an owner who reads its words only, reported done, verified by somebody else."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from compliance.checking import Answered, record_check
from compliance.findings import resolve
from compliance.models import CorrectiveAction, CorrectiveStep, Finding, FindingEvent
from compliance.remedies import actions as door
from workers.journey.door import move
from workers.models import Hold, Placement

pytestmark = pytest.mark.django_db
WORDS = "Give every worker the passport back."


@pytest.fixture
def action(cast, today, finding):
    """Put by ines to Orchard Bay, which reads no name."""
    return put(cast, finding, today)


def put(cast, finding, today, owner="orchard-bay", by="ines", **more):
    with cast.acting(by) as scope:
        made = door.put(
            [finding.pk], words=WORDS, owner_id=cast.organisation(owner).pk, due_on=today + timedelta(days=7),
            by=scope, on=today, **more,
        )  # fmt: skip
        return made[0]


def done(cast, action, today, by="omar", words="Given back on Monday; every worker signed."):
    with cast.acting(by) as scope:
        return door.report_done(action, by=scope, on=today, words=words)


def state_of(cast, action):
    with cast.acting("rosa"):
        return door.standing(CorrectiveAction.objects.all()).get(pk=action.pk).state


def told(cast, today, code="IH-001"):
    with cast.acting("rosa") as by:
        answers = {"D11": Answered("yes", shown_by="worker alone")}
        made = record_check(
            cast.placement(code).pk, "employment", answers, by=by, done_on=today, today=today, told=True
        )
        return Finding.objects.get(pk=made.opened[0])


def test_an_action_goes_from_put_to_verified_and_the_finding_is_resolved_with_what_was_done(
    cast, today, finding, action
):
    assert state_of(cast, action) == "put"
    done(cast, action, today)
    assert state_of(cast, action) == "done"
    with cast.acting("rosa") as by:
        door.verify(action, by=by, on=today, words="I saw three passports in the workers' own lockers.")
        closed = Finding.objects.get(pk=finding.pk)
    assert state_of(cast, action) == "verified"
    assert (closed.state, closed.remedy) == ("resolved", "Given back on Monday; every worker signed.")


def test_what_is_returned_is_done_again_in_a_new_round(cast, today, action):
    done(cast, action, today)
    with cast.acting("ines") as by:
        door.send_back(action, by=by, on=today, reason="Two passports are still in the safe.")
    assert state_of(cast, action) == "returned"
    again = done(cast, action, today, words="The last two were given back.")
    assert again.round == 2
    with cast.acting("ines") as by:
        door.verify(action, by=by, on=today, words="Seen.")
    assert state_of(cast, action) == "verified"


def test_a_finding_is_not_resolved_while_an_action_waits_and_is_when_it_is_withdrawn(cast, today, finding, action):
    with cast.acting("ines") as by:
        with pytest.raises(ValidationError, match="1 corrective action is not verified yet"):
            resolve(finding, by=by, on=today, remedy="done")
        door.withdraw(action, by=by, on=today, reason="Put to the wrong organisation.")
        assert resolve(finding, by=by, on=today, remedy="done").state == "resolved"


def test_nobody_verifies_what_they_or_their_organisation_reported(cast, today, finding):
    mine = put(cast, finding, today, owner="fair-passage")
    done(cast, mine, today, by="ines")
    for name in ("ines", "mara", "lena"):
        with cast.acting(name) as by, pytest.raises(ValidationError, match="Somebody else verifies"):
            door.verify(mine, by=by, on=today, words="Seen.")
    with cast.acting("rosa") as by:
        door.verify(mine, by=by, on=today, words="Seen.")


def test_the_database_itself_refuses_a_verification_by_the_owner_or_by_the_doer(cast, today, action):
    step = done(cast, action, today)
    common = {
        "pilot_id": action.pilot_id, "action": action, "owner_id": action.owner_id, "kind": "verified",
        "happened_on": today, "answers": step, "who": "x",
    }  # fmt: skip
    with cast.acting("ines") as by:
        cases = [
            {"user_id": by.user_id, "organisation_id": action.owner_id, "doer_id": step.user_id},
            {"user_id": step.user_id, "organisation_id": by.organisation_id, "doer_id": step.user_id},
            # Naming somebody else as the doer does not help: the step says who it was.
            {"user_id": step.user_id, "organisation_id": by.organisation_id, "doer_id": by.user_id},
        ]
        for case in cases:
            with pytest.raises(IntegrityError), transaction.atomic():
                CorrectiveStep.objects.create(**common, **case)


def test_an_employer_may_report_its_own_work_done_and_write_nothing_else(cast, today, action):
    row = {
        "pilot_id": action.pilot_id, "action": action, "owner_id": action.owner_id, "words": "w", "happened_on": today,
        "who": "x",
    }  # fmt: skip
    ines = cast.user("ines").pk
    with cast.acting("omar") as by:
        own = {"user_id": by.user_id, "organisation_id": by.organisation_id}
        somebody = {"user_id": ines, "organisation_id": cast.organisation("fair-passage").pk}
        for wrong in ({"kind": "withdrawn", **own}, {"kind": "done", **somebody}):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                CorrectiveStep.objects.create(**row, **wrong)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            CorrectiveAction.objects.filter(pk=action.pk).update(words="nothing")
        with pytest.raises(PermissionDenied):
            door.verify(action, by=by, on=today, words="x")
    with cast.acting("rosa") as by, pytest.raises(PermissionDenied):
        door.report_done(action, by=by, on=today, words="Done for them.")


def test_the_owner_sees_the_action_and_its_rival_the_recruiter_and_the_funder_do_not(cast, action):
    def sees(name):
        with cast.acting(name):
            return CorrectiveAction.objects.filter(pk=action.pk).exists()

    assert {n: sees(n) for n in ("ines", "rosa", "omar", "olga", "sefo", "dana")} == {
        "ines": True, "rosa": True, "omar": True, "olga": False, "sefo": False, "dana": False,
    }  # fmt: skip
    with cast.acting("fay"), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        CorrectiveAction.objects.exists()


def test_the_owner_is_told_the_worker_only_where_that_is_asked_for(cast, today, finding, action):
    assert action.placement_id is None
    assert put(cast, finding, today, names_worker=True).placement_id == finding.placement_id


def test_an_action_is_put_to_the_own_employer_or_recruiter_and_to_no_rival(cast, today, finding):
    for slug in ("hill-vines", "reef-recruiting", "north-fund", "azul-employer"):
        with pytest.raises(ValidationError, match="Choose the employer or recruiter"):
            put(cast, finding, today, owner=slug)
    assert put(cast, finding, today, owner="island-hands").owner_kind == "recruiter"


def test_what_was_told_in_confidence_is_put_to_nobody_outside_whoever_asks_and_however(cast, today):
    secret = told(cast, today)
    with pytest.raises(ValidationError, match="told in confidence"):
        put(cast, secret, today, by="rosa")
    inside = put(cast, secret, today, owner="harbour-welfare", by="lena")
    assert inside.restricted
    with cast.acting("lena") as by:
        row = {
            "pilot_id": secret.pilot_id, "finding": secret, "owner": cast.organisation("orchard-bay"), "words": "w",
            "put_on": today, "due_on": today, "user_id": by.user_id, "organisation_id": by.organisation_id, "who": "x",
        }  # fmt: skip
        with pytest.raises(IntegrityError, match="stays_inside"), transaction.atomic():
            CorrectiveAction.objects.create(**row, owner_kind="employer", restricted=True)
        with pytest.raises(IntegrityError, match="bears_mark"), transaction.atomic():
            CorrectiveAction.objects.create(**row, owner_kind="employer", restricted=False)
    for name in ("ines", "omar"):
        with cast.acting(name):
            assert not CorrectiveAction.objects.filter(finding_id=secret.pk).exists()


def test_steps_of_a_restricted_action_follow_each_other_though_their_ids_are_drawn(cast, today):
    secret = told(cast, today)
    inside = put(cast, secret, today, owner="harbour-welfare", by="lena")
    for number in range(1, 9):
        assert done(cast, inside, today, by="rosa").round == number
        with cast.acting("lena") as by:
            door.send_back(inside, by=by, on=today, reason="Not yet.")
        assert state_of(cast, inside) == "returned"
    with cast.acting("lena") as by:
        door.withdraw(inside, by=by, on=today, reason="No longer.")
    assert state_of(cast, inside) == "withdrawn"


def test_how_it_was_verified_stands_with_the_finding_and_not_where_the_owner_reads(cast, today, finding, action):
    done(cast, action, today)
    with cast.acting("rosa") as by:
        door.verify(action, by=by, on=today, words="CANARY The worker told me alone.")
        assert FindingEvent.objects.filter(finding=finding, kind="verified", words__contains="CANARY").exists()
    with cast.acting("omar"):
        assert "CANARY" not in " ".join(CorrectiveStep.objects.values_list("words", flat=True))


def test_of_two_who_verify_the_second_is_told(cast, today, action):
    done(cast, action, today)
    with cast.acting("rosa") as by:
        door.send_back(action, by=by, on=today, reason="Not yet.")
    with cast.acting("ines") as by, pytest.raises(ValidationError, match="Only what was reported done"):
        door.verify(action, by=by, on=today, words="Seen.")
    with cast.acting("omar") as by, pytest.raises(ValidationError, match="before the step before it"):
        door.report_done(action, by=by, on=today - timedelta(days=1), words="Done.")


def test_the_last_critical_finding_that_closes_frees_the_placement_and_not_the_first(cast, today):
    placement = cast.placement("IH-003")
    with cast.acting("rosa") as by:
        answers = {"B03": Answered("no", shown_by="document", critical=True)}
        first = record_check(placement.pk, "pre-departure", answers, by=by, done_on=today, today=today).opened[0]
        answers = {"A13": Answered("no", shown_by="worker alone")}
        second = record_check(placement.pk, "recruitment", answers, by=by, done_on=today, today=today).opened[0]

    def deploys():
        with cast.acting("ines") as by, transaction.atomic():
            outcome = move(Placement.objects.filter(pk=placement.pk), "deploy", by=by, at=today, today=today)
            transaction.set_rollback(True)
            return bool(outcome.moved)

    for pk, free in ((first, False), (second, True)):
        with cast.acting("ines") as by:
            assert Hold.objects.filter(placement=placement, lifted_at__isnull=True).exists()
        mend = put(cast, Finding(pk=pk), today, owner="island-hands")
        done(cast, mend, today, by="sefo")
        with cast.acting("ines") as by:
            door.verify(mend, by=by, on=today, words="Seen.")
        assert deploys() is free


# --- Pages ----------------------------------------------------------------------------------------------------


def url(name, pk):
    return reverse(f"compliance:{name}", args=[pk])


def test_an_officer_puts_an_action_the_employer_reports_it_and_the_officer_verifies_through_the_pages(
    cast, sign_in, finding
):
    on = timezone.localdate()
    data = {"owner": cast.organisation("orchard-bay").pk, "words": WORDS, "due_on": on.isoformat()}
    assert sign_in("ines").post(url("action_put", finding.pk), data).status_code == 422, "what it is about is asked"
    data["subject"] = "pay"
    assert sign_in("ines").post(url("action_put", finding.pk), data).status_code == 303
    with cast.acting("ines"):
        pk = CorrectiveAction.objects.get().pk
    employer = sign_in("omar")
    assert WORDS in employer.get(reverse("home")).content.decode()
    page = employer.get(url("action", pk)).content.decode()
    assert WORDS in page
    assert f"Pay and deductions: {WORDS}" in page
    assert "Report it done" in page
    for hidden in ("CANARY", f"/findings/{finding.pk}/", "IH-001", "passport still with worker"):
        assert hidden not in page
    words = {"words": "All given back, list signed.", "on": on.isoformat()}
    assert employer.post(url("action_reports", pk), words).status_code == 303
    assert employer.post(url("action_verifications", pk), words).status_code == 403
    officer = sign_in("ines")
    assert "All given back, list signed." in officer.get(url("action", pk)).content.decode()
    assert officer.post(url("action_verifications", pk), words, follow=True).status_code == 200
    with cast.acting("ines"):
        assert Finding.objects.get(pk=finding.pk).state == "resolved"


@pytest.mark.parametrize("name", ["action_reports", "action_verifications", "action_returns", "action_withdrawals"])
def test_a_step_without_words_or_in_the_future_is_refused_and_what_was_typed_is_kept(
    cast, sign_in, today, action, name
):
    who = "omar" if name == "action_reports" else "ines"
    if name in ("action_verifications", "action_returns"):
        done(cast, action, today)
    client = sign_in(who)
    assert client.post(url(name, action.pk), {"words": "", "on": "2026-07-02"}).status_code == 422
    late = client.post(url(name, action.pk), {"words": "Kept words", "on": "2099-01-01"})
    assert late.status_code == 422
    assert "Kept words" in late.content.decode()


def test_another_organisations_action_is_not_found_and_another_owner_may_not_report(cast, sign_in, today, action):
    data = {"words": "x", "on": date(2026, 7, 2).isoformat()}
    for name in ("olga", "sefo", "tavi", "dana"):
        assert sign_in(name).get(url("action", action.pk)).status_code == 404
        assert sign_in(name).post(url("action_reports", action.pk), data).status_code == 404
    assert sign_in("ines").post(url("action_reports", action.pk), data).status_code == 403
    assert state_of(cast, action) == "put"


def test_an_action_of_a_restricted_finding_is_on_no_page_of_officers_and_employers(cast, sign_in, today):
    secret = told(cast, today)
    inside = put(cast, secret, today, owner="harbour-welfare", by="lena")
    assert {n: sign_in(n).get(url("action", inside.pk)).status_code for n in ("ines", "omar", "rosa", "lena")} == {
        "ines": 404, "omar": 404, "rosa": 200, "lena": 200,
    }  # fmt: skip
    assert WORDS not in sign_in("ines").get(reverse("compliance:actions")).content.decode()


def test_the_list_pages_by_key_without_gap_or_double(cast, sign_in, today, finding, monkeypatch):
    from compliance.views import actions as views

    made = {put(cast, finding, today).pk for _n in range(5)}
    monkeypatch.setattr(views, "PAGE", 2)
    client, seen, after = sign_in("omar"), [], ""
    while True:
        page = client.get(reverse("compliance:actions"), {"after": after})
        seen += [row.pk for row in page.context["rows"]]
        after = page.context["next"]
        if not after:
            break
    assert sorted(seen) == sorted(made)
