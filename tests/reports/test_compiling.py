"""Compiling an edition: hand-counted figures, the asker's rights, the reader's disclosure, once per order."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from accounts.scope import acting_as, compiler_scope
from reports.compiling import Order, ask_for, compile_report, measure
from reports.content import Content
from reports.kinds import KINDS, by_what_money_buys
from reports.metrics import METRIC, METRICS, Window
from reports.metrics.gathering import ask
from reports.models import Edition, EditionFile
from workers.journey.door import move
from workers.models import CostItem, PayRecord, Placement

pytestmark = pytest.mark.django_db
AS_OF = datetime(2030, 1, 1, tzinfo=UTC)


def order_of(cast, name, kind, **more):
    given = {
        "kind": kind, "pilot_id": cast.pilot().pk, "organisation_id": cast.scope(name).organisation_id,
        "period_from": date(2026, 1, 1), "period_to": date(2026, 12, 31), "as_of": AS_OF,
    }  # fmt: skip
    return Order(**(given | more))


def sections_of(cast, employer=None, period_to=date(2026, 12, 31)):
    """Undisclosed sections by metric, measured as the compiling hand."""
    pilot = cast.pilot()
    window = Window(pilot.pk, pilot.scheme, date(2026, 1, 1), period_to, AS_OF, employer)
    with acting_as(compiler_scope(cast.scope("ines"), (pilot.pk,))):
        return {s.metric: s for s in measure(window, KINDS["pilot"])}


def figure(section, **cell):
    return next(f for f in section.figures if f.cell == cell)


def test_the_funnel_equals_the_hand_count(cast):
    """Eight placements in Verde: three working, one ready, one with a contract, three nominated."""
    funnel = sections_of(cast)["funnel"]
    reached = {f.cell["step"]: f.numerator for f in funnel.figures}
    assert reached == {
        "nominated": 8, "shortlisted": 5, "selected": 5, "contract_signed": 5, "documents_complete": 4,
        "visa_granted": 4, "departed": 3, "working": 3,
    }  # fmt: skip
    assert {f.denominator for f in funnel.figures} == {8}


def test_an_employers_report_counts_its_own_placements_only(cast):
    mine = sections_of(cast, employer=cast.scope("olga").organisation_id)["funnel"]
    assert figure(mine, step="working").numerator == 1
    assert figure(mine, step="contract_signed").numerator == 2


def test_days_between_milestones_are_counted_from_the_facts(cast):
    stage = sections_of(cast)["time_in_stage"]
    # The cast moves once a week: shortlist, interview, select, so two weeks from shortlisted to selected.
    assert figure(stage, stage="shortlisted>selected").denominator == 5
    assert figure(stage, stage="shortlisted>selected").value in (None, Decimal(14))


def test_completion_and_early_ends_equal_the_hand_count(cast, today):
    with cast.acting("ines") as by:
        home = Placement.objects.filter(person__worker_code="IH-001")
        early = Placement.objects.filter(person__worker_code="IH-002")
        assert move(home, "leave_country", by=by, at=date(2026, 8, 31), today=date(2026, 9, 15)).moved
        assert move(early, "resign", by=by, at=date(2026, 5, 1), today=today, reason="better_offer").moved
    found = sections_of(cast)
    total = figure(found["completion"])
    assert (total.numerator, total.denominator) == (1, 2)
    assert (found["completion"].base, found["completion"].missing) == (3, 1)
    assert figure(found["early_ends"], end="resigned").value == 1
    assert found["early_ends"].base == 3


def pay(cast, code, gross, start=date(2026, 3, 1), end=date(2026, 3, 30), **more):
    placement = cast.placement(code)
    with cast.acting("ines"):
        return PayRecord.objects.create(
            pilot_id=placement.pilot_id, placement=placement, cohort_id=placement.cohort_id,
            recruiter_id=placement.recruiter_id, employer_id=placement.employer_id, period_start=start,
            period_end=end, gross=gross, net=gross, currency="NZD", **more,
        )  # fmt: skip


def test_income_multiple_compares_one_persons_months_in_one_currency(cast):
    """600 TOP a month at home; 30 days abroad at 4,200 NZD, a TOP being 0.70 NZD: 6,000 TOP for 30 days."""
    pilot = cast.pilot()
    window = Window(pilot.pk, pilot.scheme, date(2026, 1, 1), date(2026, 12, 31), AS_OF)
    pay(cast, "IH-001", Decimal("4200"))
    wrong = pay(cast, "IH-002", Decimal("99"))
    pay(cast, "IH-002", Decimal("4200"), supersedes=wrong)
    with acting_as(compiler_scope(cast.scope("ines"), (pilot.pk,))):
        rows = ask("select placement_id, gross from pay order by 1", window.params())
        assert [gross for _p, gross in rows] == [4200, 4200]
        measured = METRIC["income_multiple"].measure(window)
    assert (measured.base, measured.missing) == (2, 0)
    assert measured.figures[0].denominator == 2


def test_cost_ratio_counts_before_and_after_repayment_and_tells_not_asked_from_nothing_paid(cast):
    codes = ("IH-001", "IH-002", "IH-003", "IH-004", "RR-001")
    for code in (*codes, "RR-002"):
        pay(cast, code, Decimal("3000"))
    for code in codes:
        placement = cast.placement(code)
        with cast.acting("ines"):
            CostItem.objects.create(
                pilot_id=placement.pilot_id, placement=placement, cohort_id=placement.cohort_id, item="visa",
                amount=Decimal("600"), currency="NZD", paid_on=date(2026, 1, 5), paid_by="worker",
                reimbursed=Decimal("450"), reimbursed_on=date(2026, 4, 1),
            )  # fmt: skip
    found = sections_of(cast)["cost_ratio_of_totals"]
    assert (found.base, found.missing) == (6, 1)
    assert figure(found, when="before").denominator == 5
    assert figure(found, when="before").low is None  # fewer than ten people
    # 3,000 for 30 days is 3,043.75 a month of 30.4375 days.
    assert round(figure(found, when="before").value, 3) == Decimal("0.197")
    assert round(figure(found, when="after").value, 3) == Decimal("0.049")


def test_a_funder_gets_an_edition_with_small_cells_hidden_and_files_that_carry_its_hash(cast):
    scope = cast.scope("fay")
    with acting_as(scope):
        edition = compile_report(order_of(cast, "fay", "funder"), by=scope)
    with cast.acting("fay"):
        again = Edition.objects.get(pk=edition.pk)
        content = Content.from_json(again.content)
        funnel = next(section for section in content.sections if section.metric == "funnel")
        assert all(f.suppressed for f in funnel.figures)  # eight people: all hidden from outside
        files = {f.name.rpartition(".")[2]: bytes(f.body) for f in EditionFile.objects.filter(edition=again)}
        assert {"pdf", "xlsx", "csv", "json", "svg"} <= set(files)
        assert again.sha256.encode() in files["csv"]


def test_compiling_again_later_is_a_new_edition_that_names_the_one_before(cast):
    scope = cast.scope("fay")
    with acting_as(scope):
        first = compile_report(order_of(cast, "fay", "funder"), by=scope)
        second = compile_report(order_of(cast, "fay", "funder", reason="Late records."), by=scope)
    assert (first.number, second.number) == (1, 2)
    assert Content.from_json(second.content).previous.sha256 == first.sha256


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("fay", "employer"),
        ("omar", "funder"),
        ("kofi", "destination-government"),
        ("sefo", "funder"),
        ("rosa", "pilot"),
    ],
)
def test_nobody_asks_for_a_report_that_is_not_theirs(cast, name, kind):
    scope = cast.scope(name)
    with acting_as(scope), pytest.raises(PermissionDenied):
        compile_report(order_of(cast, name, kind), by=scope)


def test_nobody_asks_for_another_pilots_report(cast):
    scope = cast.scope("fay")
    with acting_as(scope), pytest.raises(PermissionDenied):
        compile_report(order_of(cast, "fay", "funder", pilot_id=cast.pilot("azul").pk), by=scope)


def test_the_same_order_is_one_job(cast):
    with cast.acting("fay") as by:
        one = ask_for(order_of(cast, "fay", "funder"), by=by)
        two = ask_for(order_of(cast, "fay", "funder"), by=by)
    assert one.pk == two.pk


def test_an_edition_cannot_be_changed(cast):
    from django.db import ProgrammingError, transaction

    scope = cast.scope("fay")
    with acting_as(scope):
        compile_report(order_of(cast, "fay", "funder"), by=scope)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Edition.objects.update(number=9)


def test_every_metric_of_a_kind_is_declared_and_every_metric_is_in_some_kind():
    used = {code for kind in KINDS.values() for code in by_what_money_buys(kind).metrics}
    assert used == {m.code for m in METRICS}


def test_a_finding_counts_as_open_until_the_day_it_was_closed_and_for_what_was_known_then(cast):
    from compliance.models import Finding, FindingEvent

    placement = cast.placement("IH-001")
    with cast.acting("rosa"):
        finding = Finding.objects.create(
            pilot_id=placement.pilot_id, placement=placement, cohort_id=placement.cohort_id, code="C05", version="1",
            severity="critical", opened_on=date(2026, 4, 1), state="resolved", closed_on=date(2026, 6, 1), remedy="Done.",
        )  # fmt: skip
        told = (("opened", date(2026, 4, 1)), ("resolved", date(2026, 6, 1)), ("verified", date(2026, 6, 3)))
        for kind, on in told:
            FindingEvent.objects.create(
                pilot_id=placement.pilot_id, finding=finding, kind=kind, happened_on=on, words="", who="Rosa"
            )
    assert figure(sections_of(cast, period_to=date(2026, 5, 1))["open_critical"]).value == 1
    assert figure(sections_of(cast, period_to=date(2026, 7, 1))["open_critical"]).value == 0


@pytest.mark.parametrize("kind", ["pilot", "funder"])
def test_a_period_in_which_nobody_departed_makes_an_edition_too(cast, kind):
    who = {"pilot": "ines", "funder": "fay"}[kind]
    scope = cast.scope(who)
    with acting_as(scope):
        order = order_of(cast, who, kind, period_from=date(2019, 1, 1), period_to=date(2019, 12, 31))
        edition = compile_report(order, by=scope)
        names = {file.name.rpartition(".")[2] for file in EditionFile.objects.filter(edition=edition)}
    assert names >= {"pdf", "xlsx", "csv", "json"}
