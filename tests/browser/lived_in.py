"""A portal in which something has happened: a check with findings, a restricted case, an edition, jobs."""

from datetime import date, timedelta

from accounts.scope import acting_as
from compliance.checking import Answered, record_check
from compliance.grievances.filing import file
from reports.compiling import compile_report
from tests.cast import Cast
from tests.reports.test_compiling import order_of


def live(cast: Cast) -> None:
    """Rosa checks a worker and writes a case that Lena reads too; Fay gets a report."""
    placement, today = cast.placement("IH-001"), date.today()
    lena = cast.user("lena").pk
    answers = {
        "D09": Answered("no", shown_by="worker alone", critical=True),
        "D15": Answered("no", shown_by="observation", evidence="Six beds for eight people"),
        "D02": Answered("yes", shown_by="document", evidence="Payslips of three weeks"),
    }
    with cast.acting("rosa") as by:
        record_check(placement.pk, "employment", answers, by=by, done_on=today - timedelta(days=3), today=today)
        file(
            by=by, on=today, pilot_id=placement.pilot_id, placement=placement, category="violence", channel="in person",
            account="He told me that he is afraid to speak.", reader_ids=[lena], safe_now=True, limits_told=True,
        )  # fmt: skip
    scope = cast.scope("fay")
    with acting_as(scope):
        compile_report(order_of(cast, "fay", "funder"), by=scope)
