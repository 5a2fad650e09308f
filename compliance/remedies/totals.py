"""The ledger of pilots: totals by who must repay and currency, and the findings behind each total.

What a worker paid before departure is owed by whoever the pilot's rules name (``recruitment_cost_repaid_by``): the
employer, the recruiter, or nobody that is known. All other money is owed by the employer.

Both come from the same sums (``balances.OF_PILOTS``), so that a total is the sum of its list by construction; the list says
its sum again, over all its pages. Currencies are never added up.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from compliance.models import Finding
from compliance.remedies.balances import OF_PILOTS
from pilots.models import Pilot
from pilots.rulebook import rulebooks

# Codes of findings about what a worker paid for the job before leaving: fees, and items A of the catalogue.
PAID_BEFORE = "^(A[0-9]|FEE-)"
DEBTORS = ("employer", "recruiter")

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
    """What one debtor owes, or owed, in one currency. ``days``: median from finding to full payment.

    ``unknown``: paid before departure, and no rule says who must repay it.
    """

    debtor_id: int | None
    debtor: str
    unknown: bool
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


# The debtor of each balance. A fee that the worker paid at home is not the employer's because the worker is there now.
OWING = f"""
select b.*, b.before and coalesce(b.repaid_by not in ('employer', 'recruiter'), true) as unknown,
       case when not b.before or b.repaid_by = 'employer' then b.employer_id
            when b.repaid_by = 'recruiter' then b.recruiter_id end as debtor_id
from (
  select b.*, p.recruiter_id, f.code ~ '{PAID_BEFORE}' as before, %(repaid_by)s::jsonb ->> b.pilot_id::text as repaid_by
  from ({OF_PILOTS}) b
  join compliance_finding f on f.id = b.finding_id
  left join workers_placement p on p.id = f.placement_id
) b
"""


def repaid_by(pilot_ids: Sequence[int], on: date) -> dict[int, str]:
    """pilot id → who repays what workers should not have paid for the job, by its rules on the day: employer or
    recruiter. Pilots whose rules do not say it are left out."""
    books = rulebooks(Pilot.objects.filter(pk__in=pilot_ids))
    name = "recruitment_cost_repaid_by"
    said = {pk: str(book.parameter(name, on=on).value) for pk, book in books.items() if book.has(name, on=on)}
    return {pk: who for pk, who in said.items() if who in DEBTORS}


def given(pilot_ids: Sequence[int], on: date) -> dict[str, Any]:
    """What ``OWING`` compares with: the pilots, and who repays what was paid before departure."""
    return {"pilots": list(pilot_ids), "repaid_by": json.dumps(repaid_by(pilot_ids, on))}


def totals(pilot_ids: Sequence[int], *, on: date) -> list[Total]:
    """One line per debtor and currency, what is outstanding first; one statement over the reader's sight."""
    sql = f"""
    select b.debtor_id, coalesce(o.name, ''), b.unknown, b.currency, count(*), sum(b.owed), sum(b.claimed), sum(b.agreed),
           sum(b.paid), sum(b.written_off), sum(b.outstanding),
           count(*) filter (where b.outstanding = 0 and b.paid > 0),
           round(percentile_cont(0.5) within group (order by b.last_on - b.opened_on)
                 filter (where b.outstanding = 0 and b.paid > 0))::int,
           min(b.opened_on) filter (where b.outstanding > 0)
    from ({OWING}) b
    left join accounts_organisation o on o.id = b.debtor_id
    group by b.debtor_id, o.name, b.unknown, b.currency
    order by (sum(b.outstanding) > 0) desc, o.name, b.unknown, b.currency
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, given(pilot_ids, on))
        return [Total(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Line:
    """One finding of the ledger with the amount that is shown."""

    finding: Finding
    debtor: Organisation | None
    unknown: bool
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
    on: date,
    debtor_id: int | None = None,
    unknown: bool = False,
    currency: str = "",
    show: str = "owed",
    after: int | None = None,
    limit: int = 50,
) -> Lines:
    """The findings whose amount under ``show`` (a key of ``COLUMNS``) is not zero, by age; two statements and the rows.
    ``unknown``: only those of which no rule says who must repay them."""
    if show not in COLUMNS:
        raise ValueError(show)
    asked = given(pilot_ids, on) | {
        "debtor": debtor_id, "unknown": unknown, "currency": currency, "after": after, "limit": limit + 1,
    }  # fmt: skip
    mine = f"""
    from ({OWING}) b
    where b.{show} <> 0 and (%(debtor)s::bigint is null or b.debtor_id = %(debtor)s) and (not %(unknown)s or b.unknown)
      and (%(currency)s = '' or b.currency = %(currency)s)
    """
    with connection.cursor() as cursor:
        cursor.execute(f"select b.currency, count(*), sum(b.{show}) {mine} group by b.currency order by 1", asked)
        counted = cursor.fetchall()
        cursor.execute(
            f"""
            select b.finding_id, b.currency, b.{show}, b.owed, b.paid, b.outstanding, b.opened_on, b.last_on,
              b.debtor_id, b.unknown {mine}
              and (%(after)s::bigint is null or (b.opened_on, b.finding_id) >
                   ((select f.opened_on from compliance_finding f where f.id = %(after)s), %(after)s))
            order by b.opened_on, b.finding_id limit %(limit)s
            """,
            asked,
        )
        found = cursor.fetchall()
    more, found = len(found) > limit, found[:limit]
    known = Finding.objects.select_related("placement__person", "site", "employer").in_bulk([row[0] for row in found])
    names = Organisation.objects.in_bulk({row[8] for row in found if row[8]})
    return Lines(
        rows=[Line(known[row[0]], names.get(row[8]), row[9], *row[1:8]) for row in found],
        count=sum(n for _c, n, _s in counted),
        sums={c: s for c, _n, s in counted},
        next=found[-1][0] if more else None,
    )
