"""Each clock: what starts it, when it is due, what shows it done; knowledge and fact, corrected facts, overrides."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from compliance.checking import Answered, record_check
from compliance.duties import recording
from compliance.duties.door import DONE, DUE, LATE, OVERDUE, SOON, WAITING, due
from compliance.models import DutyStart
from pilots import overriding
from pilots.models import JobOrder
from workers.models import (
    ContractVersion,
    CostItem,
    DeductionAgreement,
    Insurance,
    PayRecord,
    PlacementState,
    Room,
    RoomInspection,
    Travel,
)

pytestmark = pytest.mark.django_db
ARRIVED, WORKED = date(2026, 1, 26), date(2026, 2, 9)


def test_a_report_of_arrival_is_owed_by_the_employer_within_fourteen_days(field):
    field.scheme("palm-short", destination="AU")
    last = ARRIVED + timedelta(days=14)
    states = {day: field.one("10", last + timedelta(days=day), "IH-001").state for day in (-15 + 15, -1, 1)}
    assert states == {0: DUE, -1: SOON, 1: OVERDUE}
    owed = field.one("10", last, "IH-001")
    assert (owed.starts, owed.due, owed.owners, owed.worker) == (ARRIVED, last, ("employer",), "IH-001")
    assert owed.organisation_ids == (field.cast.organisation("orchard-bay").pk,)


def test_the_reporting_rule_did_not_exist_before_the_day_it_began(field):
    field.scheme("palm-short", destination="AU")
    field.event("IH-004", "arrived", date(2025, 8, 14))
    field.event("IH-005", "arrived", date(2025, 8, 15))
    on = date(2025, 8, 20)
    assert not [o for o in field.due(on, "IH-004") if o.key == "10"]
    assert field.one("10", on, "IH-005").due == date(2025, 8, 29)


def test_disengagement_runs_from_knowledge_one_business_day(field):
    """Left on Tuesday, known on Friday: due on Monday. Had it run from the fact, it would have been Wednesday."""
    field.scheme("palm-short", destination="AU")
    field.event("IH-001", "disengaged", date(2026, 6, 30), known=date(2026, 7, 3))
    owed = field.one("12", date(2026, 7, 4), "IH-001")
    assert (owed.starts, owed.due) == (date(2026, 7, 3), date(2026, 7, 6))
    assert not [o for o in field.due(date(2026, 7, 2), "IH-001") if o.key == "12"], "not known yet"


def test_the_departure_report_runs_from_the_fact_over_a_holiday(field):
    """Resigned on Thursday: Friday counts, whatever the day it was known. Before Christmas 2026 three days are free."""
    field.scheme("palm-short", destination="AU")
    field.event("IH-001", "resigned", date(2026, 4, 23), known=date(2026, 4, 28))
    assert field.one("13", date(2026, 5, 1), "IH-001").due == date(2026, 4, 24)
    field.event("IH-002", "dismissed", date(2026, 12, 24), known=date(2026, 12, 24))
    assert field.one("13", date(2026, 12, 26), "IH-002").due == date(2026, 12, 28)


def test_an_incident_is_started_by_hand_and_due_by_the_end_of_the_next_day(field):
    field.scheme("palm-short", destination="AU")
    with field.cast.acting("ines") as by:
        pilot = field.cast.pilot()
        recording.start(
            pilot, key="15", about=field.placement("IH-001"), happened_on=date(2026, 6, 28), known_on=date(2026, 6, 30),
            words="A vehicle turned over on the way to work.", by=by, today=date(2026, 7, 1),
        )  # fmt: skip
    owed = field.one("15", date(2026, 7, 2), "IH-001")
    assert (owed.starts, owed.due, owed.state) == (date(2026, 6, 30), date(2026, 7, 1), OVERDUE)
    assert not [o for o in field.due(date(2026, 6, 29), "IH-001") if o.key == "15"]


def test_every_move_needs_its_own_report_and_its_own_proof(field):
    field.scheme("palm-short", destination="AU")
    field.event("IH-001", "redeployed", date(2026, 4, 1))
    field.event("IH-001", "extended", date(2026, 6, 1))
    on = date(2026, 6, 10)
    with field.cast.acting("ines") as by:
        first = next(o for o in due(by, on=on) if o.key == "11" and o.starts == date(2026, 4, 1))
        recording.discharge([first], done_on=date(2026, 4, 9), evidence="Report 12", by=by, today=on)
    states = {o.starts: o.state for o in field.due(on, "IH-001") if o.key == "11"}
    assert states == {date(2026, 4, 1): DONE, date(2026, 6, 1): SOON}


def test_the_longest_stay_ends_the_day_before_and_later_for_kiribati_and_tuvalu(field):
    on = date(2026, 7, 1)
    assert field.one("29", on, "IH-001").due == date(2026, 8, 25)
    for country in ("KI", "TV"):
        field.nationality("IH-001", country)
        assert field.one("29", on, "IH-001").due == date(2026, 10, 25), country
    field.event("IH-004", "arrived", date(2025, 10, 1))
    assert field.one("29", on, "IH-004").due == date(2026, 4, 30), "entry on 1 October, seven months"


def test_leaving_in_time_ends_the_clock_of_the_stay_and_leaving_late_is_late(field):
    field.event("IH-001", "left_country", date(2026, 8, 25))
    field.event("IH-002", "left_country", date(2026, 8, 26))
    on = date(2026, 9, 1)
    assert [field.one("29", on, code).state for code in ("IH-001", "IH-002")] == [DONE, LATE]
    assert field.one("29", date(2026, 8, 25), "IH-002").state == DUE, "as asked on that day"


def test_a_corrected_entry_moves_the_day(field):
    """The first day that any record gives counts; a correction with an earlier day moves the clock."""
    field.event("IH-001", "arrived", date(2026, 1, 20), known=date(2026, 3, 1))
    assert field.one("29", date(2026, 7, 1), "IH-001").due == date(2026, 8, 19)


def test_the_pilots_own_stay_limit_moves_the_clock(field):
    with field.cast.acting("ines") as by:
        overriding.depart(
            field.cast.pilot(), parameter="stay_limit", value="8", valid_from=date(2026, 1, 1),
            valid_to=date(2026, 12, 31), reason="Agreed with the ministry for storms.", by=by,
        )  # fmt: skip
    assert field.one("29", date(2026, 7, 1), "IH-001").due == date(2026, 9, 25)


def test_a_welfare_meeting_is_owed_a_fortnight_after_the_last_one_in_person(field):
    field.scheme("palm-short", destination="AU")
    assert field.one("16", date(2026, 2, 20), "IH-001").due == WORKED + timedelta(days=14)
    with field.cast.acting("rosa") as by:
        record_check(
            field.placement("IH-001").pk, "employment", {"D27": Answered("yes", shown_by="worker alone")}, by=by,
            done_on=date(2026, 2, 20), today=date(2026, 2, 20),
        )  # fmt: skip
    owed = field.one("16", date(2026, 3, 7), "IH-001")
    assert (owed.starts, owed.due, owed.state) == (date(2026, 2, 20), date(2026, 3, 6), OVERDUE)
    assert owed.organisation_ids == (field.cast.organisation("harbour-welfare").pk,)


def test_a_withdrawn_deduction_is_stopped_within_two_weeks_of_the_notice(field):
    agreed = {"item": "advance", "currency": "NZD", "consent_on": WORKED, "starts_on": WORKED}
    first = field.make(DeductionAgreement, "IH-001", **agreed)
    assert not [o for o in field.due(date(2026, 5, 20), "IH-001") if o.key == "17"]
    field.make(DeductionAgreement, "IH-001", **agreed, withdrawn_on=date(2026, 5, 1), supersedes=first)
    owed = field.one("17", date(2026, 5, 20), "IH-001")
    assert (owed.due, owed.state) == (date(2026, 5, 15), OVERDUE)


def test_blocks_of_hours_are_shown_done_by_the_payslips(field):
    for week, hours in enumerate((30, 25, 35, 30, 30, 20, 30, 30)):
        start = WORKED + timedelta(weeks=week)
        field.make(
            PayRecord, "IH-001", period_start=start, period_end=start + timedelta(days=6), hours_worked=hours,
            gross=Decimal(700), net=Decimal(600), currency="NZD",
        )  # fmt: skip
    blocks = {o.starts: o for o in field.due(date(2026, 4, 20), "IH-001") if o.key == "18"}
    first, second, third = (WORKED + timedelta(weeks=w) for w in (0, 4, 8))
    assert (blocks[first].state, blocks[first].done) == (DONE, WORKED + timedelta(days=27))
    assert (blocks[second].state, blocks[second].done) == (WAITING, None), (
        "110 of 120 hours, and more payslips may come"
    )
    assert blocks[third].due == WORKED + timedelta(days=83 + 31 + 14), "the contract does not say how often pay comes"
    due_on = WORKED + timedelta(days=55 + 31 + 14)
    blocks = {o.starts: o for o in field.due(due_on + timedelta(days=1), "IH-001") if o.key == "18"}
    assert (blocks[second].due, blocks[second].state) == (due_on, OVERDUE)


def test_a_block_of_hours_is_due_when_rule_pay_02_asks_for_its_payslips(field):
    field.make(ContractVersion, "IH-001", kind="in force", starts_on=WORKED, pay_cycle="weekly")
    (block,) = [o for o in field.due(WORKED + timedelta(days=27), "IH-001") if o.key == "18" and o.starts == WORKED]
    assert block.due == WORKED + timedelta(days=27 + 7 + 14)


def test_nothing_more_is_expected_of_a_worker_whose_file_is_closed(field):
    late = date(2026, 12, 1)
    assert field.one("29", late, "IH-001").state == OVERDUE
    field.event("IH-001", "disengaged", date(2026, 6, 1))
    field.event("IH-001", "closed", date(2026, 9, 1))
    with field.cast.acting("ines"):
        PlacementState.objects.filter(placement=field.placement("IH-001")).update(step="closed")
    assert "29" not in {o.key for o in field.due(late, "IH-001")}
    assert {o.owners for o in field.due(late, "IH-001")} >= {("employer",)}, "others still owe what they owe"


def test_both_insurances_of_the_employer_are_joined_before_the_clock_stops(field):
    field.scheme("eps", origin="VN", destination="KR")
    field.make(ContractVersion, "IH-001", kind="in force", starts_on=date(2026, 2, 10))
    last = date(2026, 2, 25)
    assert field.one("9", last, "IH-001").state == DUE
    field.make(Insurance, "IH-001", kind="departure guarantee", joined_on=date(2026, 2, 20))
    assert field.one("9", last + timedelta(days=1), "IH-001").state == OVERDUE
    field.make(Insurance, "IH-001", kind="wage guarantee", joined_on=date(2026, 2, 26))
    owed = field.one("9", date(2026, 3, 1), "IH-001")
    assert (owed.state, owed.done) == (LATE, date(2026, 2, 26))


def test_the_contract_in_force_starts_the_clock_before_the_one_signed_at_home(field):
    field.scheme("eps", origin="VN", destination="KR")
    field.make(ContractVersion, "IH-001", kind="signed", starts_on=date(2026, 2, 1))
    assert field.one("9", date(2026, 3, 1), "IH-001").starts == date(2026, 2, 1)
    field.make(ContractVersion, "IH-001", kind="in force", starts_on=date(2026, 2, 9))
    assert field.one("9", date(2026, 3, 1), "IH-001").starts == date(2026, 2, 9)
    assert field.one("9", date(2026, 3, 1), "IH-002").starts == WORKED, "no contract on record: the first day of work"


def test_korea_counts_test_roster_entry_exit_and_three_steps_of_guidance(field):
    field.scheme("eps", origin="VN", destination="KR")
    field.event("IH-004", "test_passed", date(2026, 1, 31))
    owed = field.one("5", date(2026, 3, 1), "IH-004")
    assert (owed.due, owed.owners) == (date(2026, 3, 31), ("sending unit",))
    assert field.one("6", date(2026, 3, 1), "IH-004").due == date(2028, 1, 31)
    field.event("IH-004", "on_roster", date(2026, 2, 28))
    assert field.one("5", date(2026, 3, 1), "IH-004").state == DONE
    assert field.one("7", date(2026, 3, 1), "IH-004").due == date(2027, 2, 28)
    assert field.one("8", date(2026, 3, 1), "IH-001").due == date(2026, 4, 26)
    assert field.one("31", date(2026, 3, 1), "IH-001").due == date(2029, 1, 25)
    guides = {o.key: o.due for o in field.due(date(2026, 7, 1), "IH-001") if o.number == 25}
    exit_on = date(2026, 8, 31)
    assert guides == {"25.1": date(2026, 5, 31), "25.2": exit_on - timedelta(14), "25.3": exit_on - timedelta(7)}
    assert field.one("24", date(2026, 7, 1), "IH-001").due == date(2026, 7, 31)
    assert field.one("24", date(2026, 7, 1), "IH-001").owners == ("employer", "worker")


def test_a_right_waits_opens_and_is_never_overdue(field):
    field.scheme("eps", origin="VN", destination="KR")
    states = [field.one("26", day, "IH-001").state for day in (
        date(2026, 2, 27), date(2026, 2, 28), date(2026, 8, 31), date(2026, 9, 1),
    )]  # fmt: skip
    assert states == [WAITING, SOON, SOON, DONE]


def test_a_change_of_workplace_has_its_two_clocks(field):
    field.scheme("eps", origin="VN", destination="KR")
    field.event("IH-001", "dismissed", date(2026, 3, 31))
    assert field.one("22", date(2026, 4, 1), "IH-001").due == date(2026, 4, 30)
    with field.cast.acting("ines") as by:
        recording.start(
            field.cast.pilot(), key="23", about=field.placement("IH-001"), happened_on=date(2026, 4, 10),
            known_on=date(2026, 4, 10), words="Asked at the job centre.", by=by, today=date(2026, 7, 1),
        )  # fmt: skip
    assert field.one("23", date(2026, 4, 20), "IH-001").due == date(2026, 7, 10)


def test_the_fare_is_repaid_at_half_of_the_contract(field):
    """9 February to 31 August 2026 are 204 days: the 102nd is 21 May."""
    field.scheme("h-2a", destination="US")
    assert field.one("27", date(2026, 4, 1), "IH-001").due == date(2026, 5, 21)
    fare = {"item": "international travel", "amount": Decimal(900), "currency": "USD", "paid_on": WORKED,
            "paid_by": "worker"}  # fmt: skip
    field.make(CostItem, "IH-001", **fare, reimbursed=Decimal(900), reimbursed_on=date(2026, 5, 20))
    field.make(CostItem, "IH-002", **fare, reimbursed=Decimal(899), reimbursed_on=date(2026, 5, 20))
    field.make(Travel, "RR-001", direction="out", departs_on=date(2026, 1, 24), paid_by="employer")
    states = [field.one("27", date(2026, 6, 1), code).state for code in ("IH-001", "IH-002", "RR-001")]
    assert states == [DONE, OVERDUE, DONE]


def test_the_minimum_hours_of_a_farm_in_canada(field):
    field.scheme("sawp", destination="CA")
    for week in range(6):
        start = WORKED + timedelta(weeks=week)
        field.make(
            PayRecord, "IH-001", period_start=start, period_end=start + timedelta(days=6), hours_worked=40,
            gross=Decimal(700), net=Decimal(600), currency="CAD",
        )  # fmt: skip
    owed = field.one("19", date(2026, 4, 1), "IH-001")
    assert (owed.due, owed.state) == (WORKED + timedelta(weeks=6), DONE)
    assert field.one("19", date(2026, 4, 1), "IH-002").state == OVERDUE


def test_applications_are_owed_before_the_start_and_say_when_they_open(field):
    order = field.cast.job_order("Picking apples")
    found = {o.about_id: o for o in field.due(date(2025, 8, 15)) if o.key == "1"}[order.pk]
    assert (found.starts, found.opens, found.due) == (date(2026, 2, 1), date(2025, 7, 1), date(2025, 9, 1))
    assert (found.name, found.state) == ("V1 · Picking apples", WAITING)
    field.scheme("palm-short", destination="AU")
    keys = {o.key: o.due for o in field.due(date(2025, 11, 1)) if o.about_id == order.pk and o.about == "job_order"}
    assert keys == {"2": date(2025, 12, 7), "3": date(2025, 12, 28)}


def test_housing_is_audited_a_year_after_the_last_time(field):
    order = field.cast.job_order("Picking apples")
    with field.cast.acting("ines"):
        site = JobOrder.objects.select_related("site").get(pk=order.pk).site
    found = {o.about_id: o for o in field.due(date(2026, 3, 1)) if o.key == "32"}
    assert found[site.pk].due == date(2027, 2, 9), "never audited: a year from the first day of work"
    with field.cast.acting("ines"):
        room = Room.objects.create(pilot_id=site.pilot_id, site=site, employer_id=site.employer_id, name="1")
        RoomInspection.objects.create(
            pilot_id=site.pilot_id, room=room, employer_id=site.employer_id, inspected_on=date(2024, 2, 29)
        )
    owed = {o.about_id: o for o in field.due(date(2026, 3, 1)) if o.key == "32"}
    assert owed[site.pk].due == date(2025, 2, 28), "from a leap day to the end of February"
    assert owed[site.pk].state == OVERDUE


def test_an_optional_clock_runs_only_where_it_was_started(field):
    field.scheme("custom", origin="KE", destination="DE")
    assert not [o for o in field.due(date(2026, 7, 1)) if o.number in (19, 27, 28)]
    with field.cast.acting("ines") as by:
        recording.start(
            field.cast.pilot(), key="28", about=field.placement("IH-001"), happened_on=date(2026, 2, 1),
            known_on=date(2026, 2, 1), words="Began at the hospital.", by=by, today=date(2026, 7, 1),
        )  # fmt: skip
        assert DutyStart.objects.count() == 1
    owed = field.one("28", date(2026, 7, 1), "IH-001")
    assert (owed.due, owed.owners) == (date(2027, 2, 1), ("employer", "worker"))


def test_what_is_long_past_can_be_left_out(field):
    field.scheme("palm-short", destination="AU")
    last = ARRIVED + timedelta(days=14)
    with field.cast.acting("ines") as by:
        listed = [any(o.key == "10" for o in due(by, on=date(2027, 5, 1), since=since))
                  for since in (None, last, last + timedelta(days=1))]  # fmt: skip
    assert listed == [True, True, False]


def test_the_statements_do_not_grow_with_the_workers(field, django_assert_max_num_queries):
    field.scheme("eps", origin="VN", destination="KR")
    for code in ("IH-004", "IH-005", "RR-003"):
        field.event(code, "test_passed", date(2026, 1, 31))
    with field.cast.acting("ines") as by, django_assert_max_num_queries(16):
        assert len(due(by, on=date(2026, 3, 1))) > 20
