"""The ledger of pilots: totals by employer and currency, and the findings behind each total.

Both come from the same sums (``balances.OF_PILOTS``), so that a total is the sum of its list by construction; the list says
its sum again, over all its pages. Currencies are never added up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext_lazy

from compliance.models import Finding
from compliance.remedies.balances import OF_PILOTS

COLUMNS = {
    "owed": gettext_lazy("To be repaid"),
    "claimed": gettext_lazy("Claimed"),
    "agreed": gettext_lazy("Agreed"),
    "paid": gettext_lazy("Paid"),
    "written_off": gettext_lazy("Written off"),
    "outstanding": gettext_lazy("Outstanding"),
}


@dataclass(frozen=True, slots=True)
class Total:
    """What one employer owes, or owed, in one currency. ``days``: median from finding to full payment."""

    employer_id: int | None
    employer: str
    currency: str
    findings: int
    owed: Decimal
    claimed: Decimal
    agreed: Decimal
    paid: Decimal
    written_off: Decimal
    outstanding: Decimal
    settled: int
    days: int | None
    oldest: date | None

    @property
    def recovered(self) -> Decimal | None:
        """Share of what was to be repaid that was paid."""
        return self.paid / self.owed if self.owed else None


def totals(pilot_ids: Sequence[int]) -> list[Total]:
    """One line per employer and currency, what is outstanding first; one statement over the reader's sight."""
    sql = f"""
    select b.employer_id, coalesce(o.name, ''), b.currency, count(*), sum(b.owed), sum(b.claimed), sum(b.agreed),
           sum(b.paid), sum(b.written_off), sum(b.outstanding),
           count(*) filter (where b.outstanding = 0 and b.paid > 0),
           round(percentile_cont(0.5) within group (order by b.last_on - b.opened_on)
                 filter (where b.outstanding = 0 and b.paid > 0))::int,
           min(b.opened_on) filter (where b.outstanding > 0)
    from ({OF_PILOTS}) b
    left join accounts_organisation o on o.id = b.employer_id
    group by b.employer_id, o.name, b.currency
    order by (sum(b.outstanding) > 0) desc, o.name, b.currency
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"pilots": list(pilot_ids)})
        return [Total(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Line:
    """One finding of the ledger with the amount that is shown."""

    finding: Finding
    currency: str
    amount: Decimal
    owed: Decimal
    paid: Decimal
    outstanding: Decimal
    opened_on: date
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of findings; ``count`` and ``sums`` (by currency) are over all pages. ``next`` is the key of the next one."""

    rows: list[Line]
    count: int
    sums: dict[str, Decimal]
    next: int | None


def lines(
    pilot_ids: Sequence[int],
    *,
    employer_id: int | None = None,
    currency: str = "",
    show: str = "owed",
    after: int | None = None,
    limit: int = 50,
) -> Lines:
    """The findings whose amount under ``show`` (a key of ``COLUMNS``) is not zero, by age; two statements and the rows."""
    if show not in COLUMNS:
        raise ValueError(show)
    given = {
        "pilots": list(pilot_ids), "employer": employer_id, "currency": currency, "after": after, "limit": limit + 1,
    }  # fmt: skip
    mine = f"""
    from ({OF_PILOTS}) b
    where b.{show} <> 0 and (%(employer)s::bigint is null or b.employer_id = %(employer)s)
      and (%(currency)s = '' or b.currency = %(currency)s)
    """
    with connection.cursor() as cursor:
        cursor.execute(f"select b.currency, count(*), sum(b.{show}) {mine} group by b.currency order by 1", given)
        counted = cursor.fetchall()
        cursor.execute(
            f"""
            select b.finding_id, b.currency, b.{show}, b.owed, b.paid, b.outstanding, b.opened_on, b.last_on {mine}
              and (%(after)s::bigint is null or (b.opened_on, b.finding_id) >
                   ((select f.opened_on from compliance_finding f where f.id = %(after)s), %(after)s))
            order by b.opened_on, b.finding_id limit %(limit)s
            """,
            given,
        )
        found = cursor.fetchall()
    more, found = len(found) > limit, found[:limit]
    known = Finding.objects.select_related("placement__person", "site", "employer").in_bulk([row[0] for row in found])
    return Lines(
        rows=[Line(known[row[0]], *row[1:]) for row in found],
        count=sum(n for _c, n, _s in counted),
        sums={c: s for c, _n, s in counted},
        next=found[-1][0] if more else None,
    )
