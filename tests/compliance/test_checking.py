"""The door of checks: what is stored, what is refused, what a failure opens and what it never tells."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from compliance.catalogue.reader import catalogue
from compliance.checking import Answered, CannotRecord, Contact, fails, record_check, record_each
from compliance.models import Check, CheckAnswer, Finding, FindingEvent, PrivateNote
from workers.journey.door import move
from workers.models import Hold, Placement

pytestmark = pytest.mark.django_db
BAD = {"yes": "no", "no": "yes"}
ALONE = {"shown_by": "worker alone"}


def record(cast, today, code="IH-001", stage="employment", answers=None, by="rosa", **rest):
    placement = cast.placement(code)
    with cast.acting(by) as scope:
        return record_check(
            placement.pk, stage, answers or {"D09": Answered("no", **ALONE)}, by=scope,
            done_on=rest.pop("done_on", today), today=today, **rest,
        )  # fmt: skip


@pytest.mark.parametrize("item", catalogue().items, ids=lambda i: i.code)
def test_every_item_of_the_catalogue_can_be_answered_and_its_bad_answer_fails(cast, today, item):
    bad = BAD[item.good_answer]
    done = record(
        cast, today, stage=item.stage, told=item.disclosure_led,
        answers={item.code: Answered(bad, shown_by=item.answered_by[0], evidence="seen")},
    )  # fmt: skip
    with cast.acting("rosa"):
        answer = CheckAnswer.objects.get(check_record_id=done.checks[0])
        assert (answer.item, answer.answer, answer.failed) == (item.code, bad, True)
        assert fails(item.code, bad)
        assert not fails(item.code, item.good_answer)
        assert not fails(item.code, "not verified")
        assert Finding.objects.filter(code=item.code).count() == (0 if item.severity == "minor" else 1)
        assert bool(done.held) is (item.severity == "critical")


def test_an_answer_without_evidence_is_not_verified_and_opens_nothing(cast, today):
    done = record(cast, today, answers={"D09": "no", "D02": Answered("yes", shown_by="document")})
    with cast.acting("rosa"):
        found = dict(CheckAnswer.objects.filter(check_record_id=done.checks[0]).values_list("item", "answer"))
        assert found == {"D09": "not verified", "D02": "yes"}
        assert not Finding.objects.filter(code="D09").exists()
    assert done.not_verified == ("D09",)


def test_the_answers_keep_the_version_of_the_catalogue_they_were_asked_under(cast, today):
    done = record(cast, today)
    with cast.acting("rosa"):
        assert Check.objects.get(pk=done.checks[0]).template_version == catalogue().version


@pytest.mark.parametrize(
    ("answers", "told", "words"),
    [
        ({"Z99": "yes"}, False, "no item of this code"),
        ({"A01": "no"}, False, "not asked at this stage"),
        ({"D11": Answered("yes", **ALONE)}, False, "only when the worker tells"),
        ({"D26": Answered("no", **ALONE)}, False, "only when the worker tells"),
        ({"D09": Answered("no", **ALONE)}, True, "apart from the routine"),
        ({"D09": "perhaps"}, False, "yes, no, not applicable"),
        ({"D09": Answered("no", shown_by="employer")}, False, "cannot be shown in this way"),
        ({}, False, "at least one item"),
    ],
)
def test_what_may_not_be_recorded_is_refused_with_words_and_nothing_is_stored(cast, today, answers, told, words):
    placement = cast.placement("IH-001")
    with cast.acting("rosa") as by:
        before = Check.objects.count()
        with pytest.raises(CannotRecord, match=words):
            record_check(placement.pk, "employment", answers, by=by, done_on=today, today=today, told=told)
        assert Check.objects.count() == before


def test_a_date_in_the_future_and_an_unknown_stage_are_refused(cast, today):
    with pytest.raises(CannotRecord, match="future"):
        record(cast, today, done_on=date(2026, 7, 2))
    with pytest.raises(CannotRecord, match="no stage"):
        record(cast, today, stage="holiday")


def test_wage_and_threat_questions_are_not_answered_in_a_group(cast, today):
    with pytest.raises(CannotRecord, match="worker alone"):
        record(cast, today, answers={"D10": "yes"}, mode="group")


def test_only_who_may_record_checks_records_them(cast, today):
    with pytest.raises(PermissionDenied):
        record(cast, today, by="ines")


def test_a_group_visit_is_one_call_and_its_statements_do_not_grow_with_the_workers(
    cast, today, django_assert_num_queries
):
    ids = [cast.placement(code).pk for code in ("IH-001", "IH-002", "RR-001")]
    answers = {"D15": Answered("no", shown_by="observation"), "D27": Answered("yes", shown_by="worker in group")}

    def visit(which):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with (
            cast.acting("rosa") as by,
            CaptureQueriesContext(
                connection,
            ) as seen,
        ):
            done = record_check(which, "employment", answers, by=by, done_on=today, today=today, mode="group")
        return done, len(seen)

    one, first = visit(ids[:1])
    three, second = visit(ids[1:])
    assert (len(one.checks), len(three.checks)) == (1, 2)
    assert second <= first
    with cast.acting("rosa"):
        assert Finding.objects.filter(code="D15").count() == 3


def test_one_foreign_worker_refuses_the_whole_visit(cast, today):
    mine, foreign = cast.placement("IH-001"), cast.placement("AZ-001")
    with cast.acting("rosa") as by:
        before = Check.objects.count()
        with pytest.raises(CannotRecord, match="no such placement") as refused:
            record_check(
                [mine.pk, foreign.pk], "employment", {"D27": Answered("yes", shown_by="worker in group")}, by=by,
                done_on=today, today=today, mode="group",
            )  # fmt: skip
        assert [p.placement_id for p in refused.value.problems] == [foreign.pk]
        assert Check.objects.count() == before


def test_each_worker_of_a_visit_may_have_own_answers_and_an_own_day(cast, today):
    one, two = cast.placement("IH-001").pk, cast.placement("IH-002").pk
    with cast.acting("rosa") as by:
        done = record_each(
            [
                Contact(one, "employment", {"D09": Answered("no", **ALONE)}, date(2026, 6, 20)),
                Contact(two, "employment", {"D09": Answered("yes", **ALONE)}, date(2026, 6, 21)),
            ],
            by=by, today=today,
        )  # fmt: skip
        assert len(done.checks) == 2
        finding = Finding.objects.get(pk__in=done.opened)
        assert (finding.placement_id, finding.opened_on, finding.due_on) == (one, date(2026, 6, 20), date(2026, 6, 20))


def test_a_critical_no_opens_one_finding_due_the_same_day_with_its_indicators_and_a_hold(cast, today):
    first = record(cast, today)
    second = record(cast, today)
    with cast.acting("ines"):
        finding = Finding.objects.get(pk__in=first.opened)
        assert (finding.severity, finding.due_on, finding.state) == ("critical", today, "open")
        assert "documents_held" in finding.indicators
        assert (second.opened, second.seen_again) == ((), (finding.pk,))
        hold = Hold.objects.get(placement_id=finding.placement_id)
        assert hold.source == f"finding:{finding.pk}"
        assert hold.owner_id == cast.organisation("fair-passage").pk
        assert [e.kind for e in FindingEvent.objects.filter(finding=finding)] == ["opened", "seen again"]


def test_the_words_of_a_hold_name_neither_the_item_nor_the_answer(cast, today):
    done = record(cast, today, answers={"D10": Answered("yes", note="the supervisor threatened me", **ALONE)})
    with cast.acting("omar"):
        hold = Hold.objects.get(placement_id=done.held[0])
        assert hold.words == "The programme must clear this placement before its next step."


def test_a_major_failure_is_due_in_two_weeks_and_holds_nothing(cast, today):
    done = record(cast, today, answers={"D02": Answered("no", shown_by="document")})
    with cast.acting("ines"):
        assert Finding.objects.get(pk__in=done.opened).due_on == date(2026, 7, 15)
        assert not Hold.objects.exists()


def test_a_major_failure_that_became_critical_raises_the_same_finding(cast, today):
    first = record(cast, today, answers={"D01": Answered("no", shown_by="document")})
    second = record(cast, today, answers={"D01": Answered("no", shown_by="document", critical=True)})
    with cast.acting("ines"):
        finding = Finding.objects.get(code="D01")
        assert first.opened == (finding.pk,)
        assert second.held == (finding.placement_id,)
        assert (finding.severity, finding.due_on) == ("critical", today)


def test_the_journey_refuses_the_next_move_while_the_finding_is_open(cast, today):
    done = record(cast, today, "IH-003", "pre-departure", {"B03": Answered("no", shown_by="document", critical=True)})
    with cast.acting("ines") as by:
        outcome = move(Placement.objects.filter(pk=done.held[0]), "deploy", by=by, at=today, today=today)
        assert outcome.moved == ()
        assert "no_hold" in outcome.refused[0].guards


def test_what_was_told_in_confidence_leaves_no_trace_for_programme_officers_and_employers(cast, today):
    record(cast, today, "IH-002")

    def seen(name, *models):
        with cast.acting(name):
            return [list(m.objects.order_by("pk").values()) for m in models]

    before = seen("ines", Check, CheckAnswer, Finding, FindingEvent), seen("omar", Hold), seen("sefo", Hold)
    done = record(
        cast, today, told=True, answers={"D11": Answered("yes", shown_by="worker alone", note="what she told")}
    )
    after = seen("ines", Check, CheckAnswer, Finding, FindingEvent), seen("omar", Hold), seen("sefo", Hold)
    assert before == after
    assert done.held
    with cast.acting("rosa"):
        assert Finding.objects.get(pk__in=done.opened).restricted
        assert PrivateNote.objects.get(item="D11").text == "what she told"
    # The next counted ids follow on without a gap.
    last = max(row["id"] for row in before[0][0])
    again = record(cast, today, "IH-002")
    assert again.checks == (last + 1,)


def test_the_programmes_own_moves_wait_for_a_restricted_finding_and_the_words_are_the_same(cast, today):
    record(cast, today, "IH-002")
    record(cast, today, "IH-001", told=True, answers={"D11": Answered("yes", shown_by="worker alone")})
    with cast.acting("ines"):
        assert len({(h.words, h.owner_id) for h in Hold.objects.all()}) == 1


def test_a_restricted_item_asked_as_routine_goes_to_its_own_check(cast, today):
    done = record(
        cast, today, stage="after-return",
        answers={"F06": Answered("no", evidence="scar on the hand", **ALONE), "F08": Answered("yes", **ALONE)},
    )  # fmt: skip
    assert len(done.checks) == 2
    with cast.acting("ines"):
        assert list(CheckAnswer.objects.filter(check_record_id__in=done.checks).values_list("item", flat=True)) == [
            "F08"
        ]
    with cast.acting("lena"):
        assert CheckAnswer.objects.get(item="F06").evidence == "worker alone"
        assert PrivateNote.objects.get(item="F06").text == "scar on the hand"


@pytest.mark.parametrize(
    ("item", "private"), [("D13", False), ("D14", False), ("D09", True)], ids=["health", "injury", "alone"]
)
def test_words_of_health_and_of_a_worker_alone_never_reach_the_open_table(cast, today, item, private):
    done = record(
        cast,
        today,
        private=private,
        answers={item: Answered("no", evidence="CANARY-words", **ALONE)},
        note="CANARY-note",
    )
    with cast.acting("ines"):
        assert not CheckAnswer.objects.filter(evidence__contains="CANARY").exists()
    with cast.acting("rosa"):
        texts = set(PrivateNote.objects.filter(check_record_id__in=done.checks).values_list("text", flat=True))
        assert texts == {"CANARY-words", "CANARY-note"}
