"""Rules over several payslips: guaranteed hours in blocks, missing payslips, payslips that look copied."""

from datetime import date
from decimal import Decimal

import pytest

from tests.compliance.rules.cases import one
from tests.compliance.rules.facts import Slip, Worker, days, every

FIRST = date(2024, 9, 30)
SECOND = date(2024, 10, 28)
NEW = {"arrived": date(2024, 9, 23), "on": date(2024, 11, 30)}
AFTER_SIX_WEEKS = date(2026, 3, 23)
RATE = Decimal("25.47")


def hours(*weeks: str, offered: tuple[str, ...] | None = None, visa: date | None = date(2024, 9, 2), **terms):
    """Hours of the first weeks, worked as they were offered, in season three at NZ$25.47."""

    def _change(worker: Worker) -> None:
        worker.season = 3
        worker.move("visa_granted", visa)
        worker.contracts[0] |= {"hourly_rate": RATE} | terms
        worker.slips_of(rate=RATE)
        for slip, worked, had in zip(worker.slips, weeks, offered or weeks, strict=False):
            slip.worked, slip.offered = Decimal(worked), Decimal(had)

    return _change


def paid(short_of: str, *weeks: str):
    """The shortfall was paid on top of the fourth week, but for this much."""

    def _change(worker: Worker) -> None:
        hours(*weeks)(worker)
        slip = worker.slips[3]
        slip.gross = RATE * slip.worked + Decimal("407.52") - Decimal(short_of)

    return _change


def leaves(*weeks: str, after: int = 0):
    """Two weeks into the second block the worker goes home, on the last day of a payslip or so many days after."""

    def _change(worker: Worker) -> None:
        hours("40", "40", "40", "40", *weeks)(worker)
        worker.slips = worker.slips[:6]
        last = worker.slips[-1].end + days(after)
        worker.events += [("left_country", last), ("home", last + days(1)), ("closed", last + days(9))]

    return _change


def engaged_again(on: date, paid: date = date(2026, 4, 30)):
    """Left the employer at the end of April, was paid to a day, and came back on another."""

    def _change(worker: Worker) -> None:
        worker.slips = [slip for slip in worker.slips if slip.end <= paid]
        worker.events += [("resigned", date(2026, 5, 1)), ("re_engaged", on)]

    return _change


def away_a_fortnight(hours_a_week: str):
    """Left on 6 April, back on 20 April: of that block of four weeks the first two were worked, and paid."""

    def _change(worker: Worker) -> None:
        gone, back = date(2026, 4, 6), date(2026, 4, 20)
        worker.slips = [slip for slip in worker.slips if slip.end < gone or slip.start >= back]
        for slip in worker.slips:
            if gone - days(14) <= slip.start < gone:
                slip.offered = slip.worked = Decimal(hours_a_week)
        worker.events += [("resigned", gone), ("re_engaged", back)]

    return _change


def paid_since(worker: Worker) -> None:
    """No payslip for the fortnight before leaving on 6 April; back on 20 April, and paid from that day."""
    gone, back = date(2026, 4, 6), date(2026, 4, 20)
    worker.slips = [s for s in worker.slips if s.end < gone - days(14)] + [s for s in worker.slips if s.start >= back]
    worker.events += [("resigned", gone), ("re_engaged", back)]


def monthly_slips(worker: Worker) -> None:
    """Pay by the month for a contract that guarantees hours by the month; that of June is not due."""
    worker.contracts[0] |= {"guaranteed_hours": Decimal(120), "guarantee_period": "month", "pay_cycle": "monthly"}
    months = [(2, 9, 28), (3, 1, 31), (4, 1, 30), (5, 1, 31)]
    worker.slips = [
        Slip(date(2026, m, a), date(2026, m, b), "XXX", Decimal(11), Decimal(6 * (b - a)), Decimal(6 * (b - a)),
             due=date(2026, m, b), paid=date(2026, m, b)) for m, a, b in months
    ]  # fmt: skip


def by_month(worker: Worker) -> None:
    """Payslips of months: 4 hours a day to the end of October, 5 hours a day in November."""
    hours()(worker)
    worker.contracts[0]["pay_cycle"] = "monthly"
    periods = ((FIRST, date(2024, 10, 31), 4), (date(2024, 11, 1), date(2024, 11, 30), 5))
    worker.slips = [
        Slip(a, b, "NZD", RATE, each * Decimal((b - a).days + 1), each * Decimal((b - a).days + 1), due=b, paid=b)
        for a, b, each in periods
    ]


def without(number: int):
    """One payslip of the first block is not there."""

    def _change(worker: Worker) -> None:
        hours("20", "20", "20", "20")(worker)
        del worker.slips[number]

    return _change


def contract(guaranteed: str | None, per: str, hours_a_week: str = "40", *, ends: bool = True):
    """A contract with this guarantee, and so many hours each week; it runs out in time to be judged."""

    def _change(worker: Worker) -> None:
        worker.contracts[0] |= {"guaranteed_hours": guaranteed and Decimal(guaranteed), "guarantee_period": per}
        for slip in worker.slips:
            slip.offered = slip.worked = Decimal(hours_a_week)
        if ends:
            worker.slips = worker.slips[:16]
            worker.planned_end = worker.slips[-1].end
            worker.contracts[0]["ends_on"] = worker.planned_end
            worker.events.append(("left_country", worker.planned_end))

    return _change


def transferred(worker: Worker) -> None:
    """The worker came from another farm without leaving the country, and has 39 hours a week here."""
    contract(None, "", "39", ends=False)(worker)
    worker.earlier = [(date(2026, 1, 5), None, date(2026, 1, 10))]


def unknown_visa(worker: Worker) -> None:
    """Nobody wrote down when the visa was granted."""
    worker.move("visa_granted", None)
    worker.paper("visa")["issued_on"] = None


def visa_of_before(worker: Worker) -> None:
    """Nor was it written down that there is a new one: the visa that is known was over before this departure."""
    unknown_visa(worker)
    worker.papers.append({"kind": "visa", "issued_on": date(2024, 2, 1), "expires_on": date(2024, 8, 1)})


def hours_unsaid(worked: str):
    """The hours offered are not on the payslips."""

    def _change(worker: Worker) -> None:
        hours(worked, worked, worked, worked)(worker)
        for slip in worker.slips[:4]:
            slip.offered = None

    return _change


def gap(number: int, length: int):
    """So many days at the start of one payslip are on none."""

    def _change(worker: Worker) -> None:
        slip = worker.slips[number]
        slip.start += days(length)
        slip.offered = slip.worked = Decimal(8)

    return _change


def equal(count: int, worked: str = "37.25"):
    """So many payslips in a row with the very same hours."""

    def _change(worker: Worker) -> None:
        for slip in worker.slips[:count]:
            slip.worked = Decimal(worked)

    return _change


def tail(until: date, *, step: str = ""):
    """No payslip after a day; a step on the next one."""

    def _change(worker: Worker) -> None:
        worker.slips = [slip for slip in worker.slips if slip.end <= until]
        if step:
            worker.events.append((step, until + days(1)))

    return _change


START = date(2026, 2, 9)
CASES = [
    one("120 hours in four weeks", "rse", hours("24", "32", "36", "28"), **NEW),
    one("an hour less than 120", "rse", hours("24", "32", "35", "28"), ("PAY-02", FIRST, "25.47"), **NEW),
    one("V34: 104 hours offered, 16 short, NZ$407.52", "rse", hours("24", "32", "20", "28"),
        ("PAY-02", FIRST, "407.52"), **NEW),
    one("a visa of 1 September 2024 keeps thirty hours in each week", "rse",
        hours("24", "32", "20", "28", visa=date(2024, 9, 1)), ("PAY-02", FIRST, "152.82"),
        ("PAY-02", date(2024, 10, 14), "254.70"), ("PAY-02", date(2024, 10, 21), "50.94"), **NEW),
    one("thirty in each week under the old rule", "rse",
        hours("30", "30", "30", "30", visa=date(2024, 9, 1)), **NEW),
    one("the shortfall was paid", "rse", paid("0", "24", "32", "20", "28"), **NEW),
    one("the shortfall was paid but for a cent", "rse", paid("0.01", "24", "32", "20", "28"),
        ("PAY-02", FIRST, "0.01"), **NEW),
    one("offered and not worked is not owed", "rse",
        hours("20", "20", "20", "20", offered=("30", "30", "30", "30")), **NEW),
    one("worked and not offered was offered", "rse",
        hours("30", "30", "30", "30", offered=("20", "20", "20", "20")), **NEW),
    one("hours offered unsaid, enough worked", "rse", hours_unsaid("30"), **NEW),
    one("hours offered unsaid, too few worked", "rse", hours_unsaid("29"), untold=[("PAY-02", "hours offered")], **NEW),
    one("a last block of two weeks needs sixty hours", "rse", leaves("30", "30"), **NEW),
    one("half an hour short in a last block", "rse", leaves("30", "29.5"), ("PAY-02", SECOND, "12.74"), **NEW),
    one("payslips of months are shared by days", "rse", by_month, ("PAY-02", FIRST, "203.76"), **NEW),
    one("a contract that guarantees more than the scheme", "rse",
        hours("35", "34", "35", "35", guaranteed_hours=Decimal(35), guarantee_period="week"),
        ("PAY-02", FIRST + days(7), "25.47"), **NEW),
    one("a contract that guarantees the same", "rse",
        hours("24", "32", "36", "28", guaranteed_hours=Decimal(30), guarantee_period="week"), **NEW),
    one("a payslip of the block is missing", "rse", without(1), ("PAY-09", FIRST + days(7), None),
        untold=[("PAY-02", "payslips of the whole block")], **NEW),
    one("the day of the visa is not known", "rse", unknown_visa,
        untold=[("PAY-02", "day on which the visa was granted")], **NEW),
    one("the visa of a season before says nothing of this one", "rse", visa_of_before,
        untold=[("PAY-02", "day on which the visa was granted")], **NEW),
    one("38 hours each week in the long stream", "palm-long", contract(None, "", "38", ends=False),
        on=date(2026, 3, 3)),
    one("37 hours in each week of the long stream", "palm-long", contract(None, "", "37", ends=False),
        ("PAY-02", START, "32.00"), ("PAY-02", date(2026, 2, 16), "32.00"), ("PAY-02", date(2026, 2, 23), "32.00"),
        on=date(2026, 3, 4)),
    one("the contract alone guarantees, in four weeks", "custom", contract("120", "4 weeks", "29", ends=False),
        ("PAY-02", START, "44.00"), on=date(2026, 3, 20)),
    one("240 hours in the first six weeks", "sawp", contract("120", "4 weeks", "40", ends=False), on=date(2026, 4, 10)),
    one("234 hours in the first six weeks", "sawp", contract("120", "4 weeks", "39", ends=False),
        ("PAY-02", START, "120.00"), on=date(2026, 4, 10)),
    one("the blocks of the contract begin after the first six weeks", "sawp", contract("160", "4 weeks", "39", ends=False),
        ("PAY-02", START, "120.00"), ("PAY-02", AFTER_SIX_WEEKS, "80.00"), on=date(2026, 4, 24)),
    one("a contract that promises more than 240 in six weeks", "sawp", contract("170", "4 weeks", "42", ends=False),
        ("PAY-02", START, "60.00"), on=date(2026, 4, 10)),
    one("the first six weeks are not over", "sawp", contract(None, "", "39", ends=False), on=date(2026, 3, 20)),
    one("from another farm: nothing is promised for six weeks", "sawp", transferred,
        ("PAY-09", date(2026, 1, 10), None), on=date(2026, 4, 10)),
    one("the contract alone guarantees, over the placement", "custom", contract("700", "placement"),
        ("PAY-02", START, "660.00")),
    one("the contract alone guarantees, and it was met", "custom", contract("640", "placement")),
    one("three quarters of the contract", "h-2a", contract("853.33", "placement")),
    one("less than three quarters of the contract", "h-2a", contract("880", "placement"), ("PAY-02", START, "400.00")),
    one("the hours of the contract are not known", "h-2a", contract(None, ""),
        untold=[("PAY-02", "hours in the contract")]),
    one("five days without a payslip", "custom", gap(3, 5), untold=[("PAY-02", "payslips of the whole block")]),
    one("six days without a payslip", "custom", gap(3, 6), ("PAY-09", date(2026, 3, 2), None),
        untold=[("PAY-02", "payslips of the whole block")]),
    one("five days before the first payslip", "eps", gap(0, 5)),
    one("six days before the first payslip", "eps", gap(0, 6), ("PAY-09", START, None)),
    one("no payslip since five weeks", "eps", tail(date(2026, 4, 30)), ("PAY-09", date(2026, 5, 1), None)),
    one("no payslip for six days at the end", "sawp", tail(date(2026, 6, 7)), on=date(2026, 6, 27)),
    one("no payslip since three weeks", "sawp", tail(date(2026, 6, 7)), ("PAY-09", date(2026, 6, 8), None),
        on=date(2026, 6, 28)),
    one("leave, and no word whether it was paid", "sawp", tail(date(2026, 6, 7), step="on_sick_leave"),
        untold=[("PAY-09", "whether the leave was paid")], on=date(2026, 6, 28)),
    one("away from the employer for five weeks, and engaged again", "eps", engaged_again(date(2026, 6, 5))),
    one("unpaid for a month before leaving, and engaged again", "eps", engaged_again(date(2026, 6, 5), paid=date(2026, 3, 31)),
        ("PAY-09", date(2026, 4, 1), None)),
    one("unpaid before leaving, and paid since", "sawp", paid_since, ("PAY-09", date(2026, 3, 23), None),
        untold=[("PAY-02", "payslips of the whole block")], on=date(2026, 6, 5)),
    one("two weeks of a block at work and two away from the employer: sixty hours", "sawp", away_a_fortnight("30"),
        on=date(2026, 6, 5)),
    one("two weeks of a block at work, and two hours less than sixty", "sawp", away_a_fortnight("29"),
        ("PAY-02", date(2026, 3, 23), "40.00"), on=date(2026, 6, 5)),
    one("engaged again, and no payslip since", "eps", engaged_again(date(2026, 5, 10)),
        ("PAY-09", date(2026, 5, 10), None)),
    one("the payslip of the month is not due yet", "custom", monthly_slips, on=date(2026, 6, 28)),
    one("on the day of leaving nobody works", "rse", leaves("30", "30", after=1), **NEW),
    one("gone the day after the last payslip", "eps", tail(date(2026, 4, 30), step="left_country")),
    one("three equal payslips", "rse", equal(3)),
    one("four equal payslips", "rse", equal(4), ("PAY-11", START, None)),
    one("four equal payslips of a roster", "rse", equal(4, "38")),
]  # fmt: skip


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_of_several_payslips(judged, name):
    said, expected = judged[name]
    assert said == expected


def test_the_weeks_of_the_cases_are_whole(cast):
    worker = CASES[0].worker("X")
    assert worker.slips[0].start == FIRST
    assert [slip.days for slip in every(worker, 7)] == [7] * len(worker.slips)
