"""Rules of the contract: every field of a later version better, equal and worse; the payslips; the day; the language."""

from datetime import date
from decimal import Decimal

import pytest

from tests.compliance.rules.cases import Case, one
from tests.compliance.rules.facts import Worker, days, later

SHORT = {"on": date(2026, 3, 20)}
SIGNED = {
    "hourly_rate": Decimal("25.00"), "piece_rate": Decimal("1.20"), "guaranteed_hours": Decimal(30),
    "guarantee_period": "week", "overtime_multiplier": Decimal("1.50"), "weekly_deductions": Decimal("130.00"),
    "employer_name": "Orchard Bay", "site_name": "Main",
}  # fmt: skip
START = date(2026, 2, 9)


def then(**changes):
    """A later version with these changes beside the one signed at home."""

    def _change(worker: Worker) -> None:
        worker.contracts[0] |= SIGNED
        if "ends" in changes:
            changes_of = {k: v for k, v in changes.items() if k != "ends"}
            changes_of["ends_on"] = worker.contracts[0]["ends_on"] + days(changes["ends"])
        else:
            changes_of = changes
        later(worker, **changes_of)

    return _change


def field(name: str, worse: bool, **changes) -> Case:
    """One field of a later version."""
    found = [("CON-01", START, None)] if worse else []
    return one(name, "rse", then(**changes), *found, **SHORT)


def signed_again(on: date):
    """Another contract at two dollars less, signed on another day; paid as it says."""

    def _change(worker: Worker) -> None:
        later(worker, "signed", signed_on=on, hourly_rate=Decimal("28.00"))
        worker.slips_of(rate=Decimal("28.00"))

    return _change


def monthly(gross: str, *, offered: str = "174", worked: str = "174"):
    """The wage of March."""

    def _change(worker: Worker) -> None:
        worker.slip(date(2026, 3, 1), gross=Decimal(gross), offered=Decimal(offered), worked=Decimal(worked))

    return _change


def signed(on: date | None, **changes):
    """The contract signed at home, changed."""
    return lambda worker: worker.contracts[0].update({"signed_on": on} | changes)


def only_abroad(worker: Worker) -> None:
    """Nothing was signed at home; a contract was found in force."""
    worker.contracts[0] |= {"kind": "in force", "signed_on": date(2026, 2, 20)}


def undated_and_later(worker: Worker) -> None:
    """The day of the signature at home is not known; another paper was signed after the arrival."""
    worker.contracts[0]["signed_on"] = None
    later(worker, "arrival")


def corrected(worker: Worker) -> None:
    """The version in force was typed wrongly and corrected: what counts is the correction."""
    later(worker, hourly_rate=Decimal("20.00"))
    worker.contracts.append(
        worker.contracts[-1] | {"hourly_rate": worker.contracts[0]["hourly_rate"], "supersedes": True}
    )


DEPARTED = date(2026, 2, 1)
CASES = [
    field("wage equal", False),
    field("wage a cent higher", False, hourly_rate=Decimal("25.01")),
    field("wage a cent lower", True, hourly_rate=Decimal("24.99")),
    field("wage lower in other units cannot be compared", False, hourly_rate=Decimal("15.00"), currency="GBP"),
    field("piece rate lower", True, piece_rate=Decimal("1.1999")),
    field("piece rate higher", False, piece_rate=Decimal("1.2001")),
    field("120 in four weeks is 30 a week", False, guaranteed_hours=Decimal(120), guarantee_period="4 weeks"),
    field("119 in four weeks is less", True, guaranteed_hours=Decimal(119), guarantee_period="4 weeks"),
    field("131 a month is more than 30 a week", False, guaranteed_hours=Decimal(131), guarantee_period="month"),
    field("130 a month is less than 30 a week", True, guaranteed_hours=Decimal(130), guarantee_period="month"),
    field("an hour a week less", True, guaranteed_hours=Decimal(29)),
    field("as many hours over the placement", False, guaranteed_hours=Decimal(746), guarantee_period="placement"),
    field("fewer hours over the placement", True, guaranteed_hours=Decimal(740), guarantee_period="placement"),
    field("overtime lower", True, overtime_multiplier=Decimal("1.49")),
    field("overtime higher", False, overtime_multiplier=Decimal("2.00")),
    field("deductions a cent higher", True, weekly_deductions=Decimal("130.01")),
    field("deductions lower", False, weekly_deductions=Decimal("129.99")),
    field("a day less", True, ends=-1),
    field("a day more", False, ends=1),
    field("another employer", True, employer_name="Hill Vines"),
    field("the employer in capitals", False, employer_name="ORCHARD BAY "),
    field("another site", True, site_name="Far Block"),
    field("a site not named", False, site_name=""),
    field("on arrival counts as later", True, kind="arrival", hourly_rate=Decimal("24.00")),
    one("a version signed after the day of the evaluation", "rse",
        lambda w: later(w, hourly_rate=Decimal(1), signed_on=date(2026, 3, 21)), **SHORT),
    one("a wrong version that was corrected", "rse", corrected, **SHORT),
    one("a payslip a dollar below the rate signed", "rse", lambda w: w.slip(START, rate=Decimal("29.00")),
        ("CON-01", START, "40.00"), **SHORT),
    one("a whole month below the wage signed", "eps", monthly("2399999"), ("CON-01", START, "1"), on=date(2026, 4, 10)),
    one("less pay in a month for days the worker stayed away", "eps", monthly("2300000", worked="166"),
        on=date(2026, 4, 10)),
    # The lowest rate is 10,320 won: for 174 hours 1,795,680. What is under it is owed by PAY-01.
    one("a whole month below the wage signed and the lowest lawful one", "eps", monthly("1700000"),
        ("PAY-01", date(2026, 3, 1), "95680"), ("CON-01", START, "604320"), on=date(2026, 4, 10)),
    one("a contract signed on the day of departure is one signed at home", "rse", signed_again(DEPARTED), **SHORT),
    one("one signed the day after departure is none", "rse", signed_again(DEPARTED + days(1)),
        ("CON-01", START, "400.00"), **SHORT),
    one("a version of the day of the evaluation", "rse",
        lambda w: later(w, signed_on=SHORT["on"], hourly_rate=Decimal("29.00")), ("CON-01", START, None), **SHORT),
    one("nothing signed at home beside what holds now", "rse", only_abroad, ("CON-02", DEPARTED, None),
        untold=[("CON-01", "contract signed at home")], **SHORT),
    one("signed on the day of departure", "rse", signed(DEPARTED), **SHORT),
    one("signed the day after departure", "rse", signed(DEPARTED + days(1)), ("CON-02", DEPARTED, None), **SHORT),
    one("no contract at all", "rse", lambda w: w.contracts.clear(),
        untold=[("CON-02", "contract signed at home")], **SHORT),
    one("a contract without its day", "rse", signed(None),
        untold=[("CON-02", "day on which the contract was signed")], **SHORT),
    one("a contract without its day, and a later paper", "rse", undated_and_later,
        untold=[("CON-02", "day on which the contract was signed")], **SHORT),
    one("a language the worker does not have", "rse", signed(date(2025, 12, 4), language="Mandarin"),
        ("CON-02", DEPARTED, None), **SHORT),
    one("one language of several", "rse", signed(date(2025, 12, 4), language="tongan"), **SHORT),
    one("half a word is no language", "rse", signed(date(2025, 12, 4), language="Tong"),
        ("CON-02", DEPARTED, None), **SHORT),
    one("the language of the contract is not known", "rse", signed(date(2025, 12, 4), language=""),
        untold=[("CON-02", "language of the contract")], **SHORT),
    one("the languages of the worker are not known", "rse", lambda w: setattr(w, "languages", ""),
        untold=[("CON-02", "languages of the worker")], **SHORT),
]  # fmt: skip


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_of_the_contract(judged, name):
    said, expected = judged[name]
    assert said == expected
