"""The life of a finding: resolved with a remedy, waived by name until a day, back when the waiver ends."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from compliance.checking import Answered, record_check
from compliance.findings import Changed, end_waivers, reopen, resolve, sweep_waivers, waive
from compliance.models import Finding, FindingEvent, Waiver
from workers.journey.door import move
from workers.models import Hold, Placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def finding(cast, today):
    """A critical finding before departure: the contract is worse than the approved one. IH-003 is ready to depart."""
    return opened(cast, today, "IH-003", "pre-departure", {"B03": Answered("no", shown_by="document", critical=True)})


def opened(cast, today, code, stage, answers, told=False):
    placement = cast.placement(code)
    with cast.acting("rosa") as by:
        done = record_check(placement.pk, stage, answers, by=by, done_on=today, today=today, told=told)
        return Finding.objects.get(pk=done.opened[0])


def deploys(cast, today, finding):
    with cast.acting("ines") as by, transaction.atomic():
        outcome = move(Placement.objects.filter(pk=finding.placement_id), "deploy", by=by, at=today, today=today)
        transaction.set_rollback(True)
        return bool(outcome.moved)


def test_the_next_move_waits_for_the_remedy_and_goes_on_after_it(cast, today, finding):
    assert not deploys(cast, today, finding)
    with cast.acting("ines") as by:
        done = resolve(finding, by=by, on=today, remedy="The approved contract was signed again.")
        assert (done.state, done.closed_on, done.remedy) == (
            "resolved",
            today,
            "The approved contract was signed again.",
        )
    assert deploys(cast, today, finding)


def test_a_finding_is_not_closed_without_words_or_before_it_was_opened(cast, today, finding):
    with cast.acting("ines") as by:
        with pytest.raises(ValidationError, match="what was done"):
            resolve(finding, by=by, on=today, remedy="  ")
        with pytest.raises(ValidationError, match="after it was opened"):
            resolve(finding, by=by, on=date(2026, 6, 1), remedy="done")


def test_only_who_may_waive_waives_and_the_waiver_bears_the_name(cast, today, finding):
    with cast.acting("ines") as by, pytest.raises(PermissionDenied):
        waive(finding, by=by, reason="Flight tomorrow", until=date(2026, 7, 10), on=today)
    with cast.acting("mara") as by:
        waiver = waive(finding, by=by, reason="Flight tomorrow", until=date(2026, 7, 10), on=today)
        assert waiver.approved_name == "Mara Verde"
    with cast.acting("rosa"):
        assert FindingEvent.objects.get(finding=finding, kind="waived").who == "Mara Verde"
    assert deploys(cast, today, finding)


def test_a_waiver_ends_within_90_days_and_not_before_it_began(cast, today, finding):
    with cast.acting("mara") as by:
        for until in (date(2026, 6, 30), date(2026, 10, 1)):
            with pytest.raises(ValidationError):
                waive(finding, by=by, reason="because", until=until, on=today)


def test_when_the_waiver_ends_finding_and_hold_are_back(cast, today, finding):
    with cast.acting("mara") as by:
        waive(finding, by=by, reason="Flight tomorrow", until=date(2026, 7, 10), on=today)
    assert sweep_waivers(date(2026, 7, 10)) == []
    assert deploys(cast, today, finding)
    assert sweep_waivers(date(2026, 7, 11)) == [finding.pk]
    assert sweep_waivers(date(2026, 7, 11)) == []
    assert not deploys(cast, today, finding)
    with cast.acting("ines"):
        back = Finding.objects.get(pk=finding.pk)
        assert (back.state, back.due_on, back.closed_on) == ("open", date(2026, 7, 11), None)
        events = FindingEvent.objects.filter(finding=finding)
        assert [(e.kind, e.who) for e in events] == [
            ("opened", "Rosa Harbour"), ("waived", "Mara Verde"), ("waiver ended", ""),
        ]  # fmt: skip
        assert Hold.objects.filter(placement_id=finding.placement_id).count() == 2


def test_a_newer_waiver_counts_and_not_the_older_one(cast, today, finding):
    with cast.acting("mara") as by:
        waive(finding, by=by, reason="a", until=date(2026, 7, 5), on=today)
    sweep_waivers(date(2026, 7, 6))
    with cast.acting("mara") as by:
        waive(Finding.objects.get(pk=finding.pk), by=by, reason="b", until=date(2026, 7, 20), on=date(2026, 7, 6))
        assert end_waivers(date(2026, 7, 15), by=by) == []


def test_the_same_failure_under_a_waiver_opens_nothing_new(cast, today, finding):
    with cast.acting("mara") as by:
        waive(finding, by=by, reason="a", until=date(2026, 7, 5), on=today)
    with cast.acting("rosa") as by:
        done = record_check(
            finding.placement_id, "pre-departure", {"B03": Answered("no", shown_by="document", critical=True)}, by=by,
            done_on=today, today=today,
        )  # fmt: skip
        assert (done.opened, done.seen_again, done.held) == ((), (finding.pk,), ())


def test_of_two_officers_one_wins_and_the_other_sees_what_happened(cast, today, finding):
    with cast.acting("ines") as by:
        resolve(finding, by=by, on=today, remedy="Signed again.")
    with cast.acting("mara") as by, pytest.raises(Changed) as late:
        waive(finding, by=by, reason="Flight tomorrow", until=date(2026, 7, 10), on=today)
    assert (late.value.finding.state, late.value.finding.remedy) == ("resolved", "Signed again.")
    with cast.acting("ines"):
        assert not Waiver.objects.filter(finding=finding).exists()


def test_a_resolved_finding_can_be_opened_again_and_holds_again(cast, today, finding):
    with cast.acting("ines") as by:
        done = resolve(finding, by=by, on=today, remedy="Signed again.")
        again = reopen(done, by=by, on=today, reason="It was the wrong paper.")
        assert again.state == "open"
    assert not deploys(cast, today, finding)
    with cast.acting("ines"):
        kinds = list(FindingEvent.objects.filter(finding=finding).values_list("kind", flat=True))
        assert kinds == ["opened", "resolved", "reopened"]


def test_lifting_a_hold_says_nothing_of_the_finding(cast, today, finding):
    with cast.acting("ines") as by:
        resolve(finding, by=by, on=today, remedy="The recruiter had changed the pay.")
    with cast.acting("sefo"):
        hold = Hold.objects.get(placement_id=finding.placement_id)
        assert hold.lifted_reason == "The programme cleared this placement."


def test_a_restricted_finding_does_not_exist_for_officers_and_managers(cast, today):
    secret = opened(cast, today, "IH-001", "employment", {"D11": Answered("yes", shown_by="worker alone")}, told=True)
    with cast.acting("mara") as by, pytest.raises(Finding.DoesNotExist):
        waive(secret, by=by, reason="a", until=date(2026, 7, 5), on=today)
    with cast.acting("lena") as by:
        waive(secret, by=by, reason="a", until=date(2026, 7, 5), on=today)
    with cast.acting("mara"):
        assert not Waiver.objects.exists()
        assert not FindingEvent.objects.exists()
    assert sweep_waivers(date(2026, 7, 6)) == [secret.pk]


@pytest.mark.parametrize("name", ["omar", "sefo", "fay", "kofi", "nell"])
@pytest.mark.parametrize(
    "table",
    [
        "check",
        "checkanswer",
        "finding",
        "findingevent",
        "waiver",
        "privatenote",
        "remedyentry",
        "contactattempt",
        "campaign",
        "campaignitem",
        "campaignanswer",
    ],
)
def test_employer_recruiter_funder_and_governments_read_no_row_in_sql(cast, today, finding, name, table):
    from django.db import connection

    with cast.acting(name), pytest.raises(DatabaseError, match="permission denied"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"select count(*) from compliance_{table}")


def test_officers_of_another_pilot_see_and_change_nothing(cast, today, finding):
    with cast.acting("dana") as by:
        assert not Finding.objects.exists()
        with pytest.raises(Finding.DoesNotExist):
            resolve(finding, by=by, on=today, remedy="x")


def test_what_happened_to_a_finding_cannot_be_rewritten(cast, today, finding):
    with cast.acting("lena"), pytest.raises(DatabaseError, match="permission denied"):
        with transaction.atomic():
            FindingEvent.objects.filter(finding=finding).update(words="nothing happened")
