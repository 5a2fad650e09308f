"""What a grant brought: the net gain of the workers for each unit of money of the grant."""

from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from reports.content import Basis, Figure
from reports.metrics.declaring import NO_TOTAL, Measured, Metric, Window, ask, dimension, totals
from reports.metrics.earnings import GAIN, of_each
from reports.metrics.gathering import RATE
from reports.statistics import TOO_FEW, ratio
from workers.journey.steps import marked as words


def _grants(window: Window) -> list[tuple[str, str, Decimal, Decimal | None]]:
    """Reference, name, amount and the rate from the pay currency, of the reader's grants that run in the period."""
    rate = RATE.format(source="p.currency", target="g.currency", day="least(g.ends_on, g.closed_on, %(cut)s)")
    with connection.cursor() as cursor:
        cursor.execute(
            f"select g.reference, g.name, g.amount, {rate} from pilots_grant g join pilots_pilot p on p.id = g.pilot_id"
            " where g.pilot_id = %(pilot)s and g.organisation_id = %(reader)s and g.recorded_at <= %(as_of)s"
            " and g.starts_on <= %(to)s and least(g.ends_on, g.closed_on) >= %(from)s order by g.starts_on, g.id",
            window.params(),
        )
        return cursor.fetchall()


def grant_return(window: Window) -> Measured:
    """The net gain of all placements that tell it, in the currency of the grant, over the amount of the grant."""
    grants = _grants(window)
    base = ask("select count(*) from earned", window.params())[0][0] if grants else 0
    gain = totals(of_each(GAIN), window.params()).get("", NO_TOTAL) if grants else NO_TOTAL
    figures = []
    for reference, _name, amount, rate in grants:
        enough = rate is not None and gain.n >= TOO_FEW
        value = ratio(gain.total * rate, amount, "times") if enough and rate is not None else None
        note = "" if enough else _("No exchange rate.") if rate is None else _("Too few to say.")
        figures.append(
            Figure(
                metric="grant_return", cell={"grant": reference}, value=value, denominator=gain.n, unit="times",
                basis=Basis(gain.people, gain.largest[0]), note=note,
            )
        )  # fmt: skip
    titles = [(reference, f"{name} ({reference})") for reference, name, _amount, _rate in grants]
    return Measured(
        tuple(figures),
        (dimension("grant", _("Grant"), "separate", titles),),
        base=base,
        missing=base - gain.n,
    )


METRICS = (
    Metric(
        code="grant_return", version=1, title=words("Net gain for each unit of the grant"), population="placements",
        kind="ratio", measure=grant_return,
        definition=words(
            "The net gain of all placements of the period for which it is known, in the currency of the grant, divided by the"
            " amount of the grant: how much of one unit of it reached workers as gain."
        ),
        numerator_words=words("Net gain: net pay less own costs of the job and less the pay at home forgone."),
        denominator_words=words("Placements whose net gain is known; the amount of the grant as agreed."),
        exclusions=words("Placements whose gain is not known: the true figure is that much higher or lower."),
        missing_words=words("No cost ledger, no home income stated, or no exchange rate."),
        uncertainty_words=words("A sum of what is known; no interval."),
        source=words("Payslips, recruitment-cost ledger, home income, exchange rates; grants as the programme recorded them."),
        statement=words(
            "It shows what this period's workers gained beside what was given. Gains of later seasons, and of people who went"
            " because of the pilot and outside it, are not in it; nor is what would have happened without the grant."
        ),
    ),
)  # fmt: skip
