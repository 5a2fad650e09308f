"""Coverage of checks: counted by hand on the cast, whose first workers began on 9 February 2026 (every 28 days)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from compliance.checking import Answered, record_check
from compliance.coverage import SHOWS, behind, coverage, note_attempts, reasons
from compliance.models import ContactAttempt
from tests.effort import fewest_questions
from workers.journey.door import move
from workers.models import JourneyEvent, Placement

pytestmark = pytest.mark.django_db
EVER = date(2020, 1, 1)


def checked(cast, on, *codes, stage="employment", item="D24", told=False):
    with cast.acting("rosa") as by:
        ids = [cast.placement(code).pk for code in codes]
        answers = {"D11" if told else item: Answered("yes", shown_by="worker alone")}
        record_check(ids, stage, answers, by=by, done_on=on, today=max(on, cast.today), told=told)


def began(cast, code):
    placement = cast.placement(code)
    with cast.acting("ines"):
        return JourneyEvent.objects.get(placement=placement, to_step="working").happened_on


def line(cast, on, stage="employment", site="Orchard Bay main", who="ines", since=EVER):
    with cast.acting(who) as by:
        found = [r for r in coverage(by, on=on, since=since) if (r.stage, r.site) == (stage, site)]
    return found[0] if found else None


def rows(cast, on, who="ines", since=EVER, **more):
    with cast.acting(who) as by:
        return behind(by, on=on, since=since, **more)


@pytest.fixture
def every(cast):
    """Days between two contacts in the pilot's scheme."""
    from compliance import due

    with cast.acting("ines") as by:
        return due.obligation_parameters(by, cast.today, cast.pilot().pk)["every"][0]


def test_every_interval_that_is_over_counts_once_for_each_worker_and_missed_ones_stay_missed(cast, every):
    start = began(cast, "IH-001")
    assert line(cast, start + timedelta(days=every - 1)) is None
    on = start + timedelta(days=3 * every)
    found = line(cast, on)
    assert (found.owed, found.reached, found.not_reached, found.in_a_row) == (6, 0, 6, 3)
    checked(cast, start + timedelta(days=every + 1), "IH-001")
    found = line(cast, on)
    assert (found.owed, found.reached, found.not_reached, found.in_a_row) == (6, 1, 5, 3)
    runs = {(r.worker_code, r.due_on): r.in_a_row for r in rows(cast, on, stage="employment", show="missed")}
    assert runs["IH-001", start + timedelta(days=every)] == 1
    assert runs["IH-001", on] == 1
    assert runs["IH-002", on] == 3


@pytest.mark.parametrize(("days", "reached"), [(0, 1), (1, 1), (28, 1), (29, 2), (56, 2), (57, 3)])
def test_a_contact_belongs_to_the_interval_whose_last_day_it_is_at_most(cast, every, days, reached):
    assert every == 28
    start = began(cast, "IH-001")
    checked(cast, start + timedelta(days=days), "IH-001")
    on = start + timedelta(days=84)
    done = [r for r in rows(cast, on, stage="employment", show="reached") if r.worker_code == "IH-001"]
    assert [r.due_on for r in done] == [start + timedelta(days=28 * reached)]


def test_whoever_is_met_in_time_by_the_worklist_is_covered_in_every_interval(cast, every):
    start = began(cast, "IH-001")
    for n in range(1, 6):
        checked(cast, start + timedelta(days=n * every), "IH-001")
    missed = rows(cast, start + timedelta(days=5 * every), stage="employment", show="missed")
    assert "IH-001" not in {r.worker_code for r in missed}


def test_what_was_told_in_confidence_is_no_routine_contact(cast, every):
    start = began(cast, "IH-001")
    checked(cast, start + timedelta(days=3), "IH-001", told=True)
    assert line(cast, start + timedelta(days=every), who="lena").reached == 0


def test_intervals_end_with_the_work(cast, every):
    start = began(cast, "IH-001")
    left = start + timedelta(days=every + 3)
    with cast.acting("ines") as by:
        mine = Placement.objects.filter(pk=cast.placement("IH-001").pk)
        assert move(mine, "disengage", by=by, at=left, today=cast.today, reason="not_known").moved
    on = start + timedelta(days=4 * every)
    mine = [r for r in rows(cast, on, stage="employment", show="owed") if r.worker_code == "IH-001"]
    assert [r.due_on for r in mine] == [start + timedelta(days=every)]


def test_late_counts_as_missed_until_it_is_done_and_then_as_reached_late(cast, today):
    before = line(cast, today, stage="arrival")
    assert (before.owed, before.overdue, before.late, before.reached) == (2, 2, 0, 0)
    checked(cast, today, "IH-001", stage="arrival", item="C14")
    after = line(cast, today, stage="arrival")
    assert (after.owed, after.overdue, after.late, after.reached) == (2, 1, 1, 1)


def test_every_number_equals_the_list_behind_it(cast, today):
    start = began(cast, "IH-001")
    checked(cast, start + timedelta(days=30), "IH-001", "RR-001")
    checked(cast, today, "IH-002", stage="arrival", item="C14")
    with cast.acting("ines") as by:
        for found in coverage(by, on=today, since=EVER):
            counted = dict.fromkeys(SHOWS, 0) | {
                "owed": found.owed, "reached": found.reached, "late": found.late, "overdue": found.overdue,
                "not reached": found.not_reached, "missed": found.missed,
            }  # fmt: skip
            for show, n in counted.items():
                listed = behind(by, on=today, since=EVER, site_id=found.site_key, stage=found.stage, show=show)
                assert len(listed) == n, (found.site, found.stage, show)
            assert found.owed == found.reached + found.overdue + found.not_reached


def test_the_reasons_add_up_to_what_was_missed(cast, today, every):
    start = began(cast, "IH-001")
    tried = start + timedelta(days=every - 2)
    with cast.acting("rosa") as by:
        pk = cast.placement("IH-001").pk
        give = {"stage": "employment", "due_on": tried, "tried_on": tried, "by": by, "today": today}
        assert note_attempts([pk], reason="refused", **give) == 1
        assert note_attempts([pk], reason="refused", **give) == 0
        why = reasons(by, on=today, since=EVER)
        missed = sum(r.missed for r in coverage(by, on=today, since=EVER))
        assert sum(why.values()) == missed
        assert why["refused"] == 1
        listed = behind(by, on=today, since=EVER, reason="refused")
        assert [(r.worker_code, r.due_on, r.tried_on) for r in listed] == [
            ("IH-001", start + timedelta(days=every), tried)
        ]
        assert len(behind(by, on=today, since=EVER, reason="none")) == why["none"]


def test_a_contact_in_the_same_interval_outweighs_the_attempt(cast, today, every):
    start = began(cast, "IH-001")
    with cast.acting("rosa") as by:
        note_attempts(
            [cast.placement("IH-001").pk], stage="employment", due_on=start, tried_on=start + timedelta(days=2),
            reason="away", by=by, today=today,
        )  # fmt: skip
    checked(cast, start + timedelta(days=4), "IH-001")
    with cast.acting("ines") as by:
        assert "away" not in reasons(by, on=today, since=EVER)


def test_the_period_cuts_by_the_day_a_check_was_due(cast, today, every):
    start = began(cast, "IH-001")
    found = line(cast, start + timedelta(days=3 * every), since=start + timedelta(days=2 * every))
    assert (found.owed, found.in_a_row) == (4, 3)


def test_an_attempt_needs_a_known_reason_a_past_day_a_stage_and_the_verb(cast, today):
    pk = cast.placement("IH-001").pk
    good = {"stage": "employment", "due_on": today, "tried_on": today, "reason": "away", "today": today}
    for wrong, words in (
        ({"reason": "lazy"}, "words of the list"), ({"tried_on": today + timedelta(days=1)}, "in the future"),
        ({"tried_on": today - timedelta(days=400)}, "more than a year back"), ({"stage": "x"}, "no stage"),
    ):  # fmt: skip
        with cast.acting("rosa") as by, pytest.raises(ValidationError, match=words):
            note_attempts([pk], **(good | wrong), by=by)
    with cast.acting("ines") as by, pytest.raises(PermissionDenied):
        note_attempts([pk], **good, by=by)
    with cast.acting("rosa") as by, pytest.raises(Placement.DoesNotExist):
        note_attempts([pk, cast.placement("AZ-001").pk], **good, by=by)


def test_attempts_are_never_rewritten_and_no_partner_reads_them(cast, today):
    with cast.acting("rosa") as by:
        note_attempts(
            [cast.placement("IH-001").pk], stage="employment", due_on=today, tried_on=today, reason="away", by=by,
            today=today,
        )  # fmt: skip
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            ContactAttempt.objects.update(reason="declined")
    for name in ("omar", "sefo", "fay"):
        with cast.acting(name), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            ContactAttempt.objects.exists()


def test_another_pilot_counts_nothing_of_this_one(cast, today):
    assert line(cast, today, who="dana") is None


# --- Pages ----------------------------------------------------------------------------------------------------


def test_the_page_shows_numbers_that_open_their_lists(cast, sign_in, today):
    client = sign_in("rosa")
    page = client.get(reverse("compliance:coverage"), {"days": 3660})
    assert page.status_code == 200
    assert "Orchard Bay main" in page.content.decode()
    item = next(i for i in page.context["lines"] if i["line"].stage == "arrival" and "Orchard" in i["line"].site)
    given = {"days": 3660, "site": item["line"].site_key, "stage": "arrival", "show": "overdue"}
    behind_it = client.get(reverse("compliance:coverage_list"), given)
    assert len(behind_it.context["rows"]) == item["line"].overdue == 2
    assert "No attempt noted" in behind_it.content.decode()


def test_the_list_pages_by_key_without_gap_or_double(cast, sign_in, monkeypatch):
    from compliance.views import coverage as views

    client = sign_in("ines")
    address = reverse("compliance:coverage_list")
    whole = [r["row"] for r in client.get(address, {"days": 3660, "show": "owed"}).context["rows"]]
    monkeypatch.setattr(views, "PAGE", 4)
    seen, query = [], "days=3660&show=owed"
    while query:
        page = client.get(f"{address}?{query}")
        seen += [r["row"] for r in page.context["rows"]]
        query = page.context["next"]
    assert seen == whole[: len(seen)]
    assert len(seen) >= min(len(whole), 12)


def test_a_welfare_officer_notes_why_nobody_was_reached_on_a_page(cast, sign_in, today):
    placement = cast.placement("IH-001")
    client = sign_in("rosa")
    form = client.get(
        reverse("compliance:attempt_new", args=[placement.pk]), {"stage": "employment", "due": "2026-07-05"}
    )
    assert 'value="2026-07-05"' in form.content.decode()
    data = {"tried_on": "2026-07-01", "reason": "no answer", "stage": "employment", "due_on": "2026-07-05"}
    address = reverse("compliance:attempts", args=[placement.pk])
    assert client.post(address, data).status_code == 303
    with cast.acting("rosa"):
        assert ContactAttempt.objects.get().reason == "no answer"
    for wrong in ({"reason": ""}, {"tried_on": "2099-01-01"}, {"stage": "nowhere"}):
        assert client.post(address, data | wrong).status_code == 422


@pytest.mark.parametrize("name", ["coverage", "coverage_list"])
def test_a_page_asks_as_many_questions_for_many_checks_as_for_none(cast, sign_in, name):
    client = sign_in("ines")
    address = reverse(f"compliance:{name}")
    asked = [
        fewest_questions(lambda days=days: client.get(address, {"days": days, "show": "missed"})) for days in (1, 3660)
    ]
    page = client.get(address, {"days": 3660, "show": "missed"})
    assert len(page.context["lines" if name == "coverage" else "rows"]) > 1
    assert asked[1] - asked[0] <= (3 if name == "coverage" else 0)  # why is asked where something was missed
