"""What is owed on a finding, and how much of it reached the worker: sums over the ledger, never stored.

To be repaid is the largest of what a rule counted, what was claimed and what was agreed; what is paid and what is
written off by name lessen it. The share recovered is what was paid of what was to be repaid: written off is not recovered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection


@dataclass(frozen=True, slots=True)
class Balance:
    """The ledger of one finding, in its currency. ``last_on``: the day of the newest payment."""

    finding_id: int
    currency: str
    claimed: Decimal
    agreed: Decimal
    paid: Decimal
    written_off: Decimal
    owed: Decimal
    outstanding: Decimal
    opened_on: date
    last_on: date | None

    @property
    def asked(self) -> Decimal:
        """What is left of what somebody claimed or agreed, whatever a rule counted."""
        return max(self.claimed, self.agreed) - self.paid - self.written_off

    @property
    def recovered(self) -> Decimal | None:
        """Share of what was to be repaid that was paid; none where nothing is to be repaid."""
        return self.paid / self.owed if self.owed else None

    @property
    def days(self) -> int | None:
        """Days from the finding to the payment that settled it; none while something is owed or nothing was paid."""
        if self.outstanding > 0 or self.last_on is None or not self.paid:
            return None
        return (self.last_on - self.opened_on).days


# The entries of each finding summed by kind; whoever asks says which entries, reports those known by their cut-off too.
LEDGER = """
  select e.finding_id, min(e.currency) as currency,
         coalesce(sum(e.amount) filter (where e.kind = 'claimed'), 0) as claimed,
         coalesce(sum(e.amount) filter (where e.kind = 'agreed'), 0) as agreed,
         coalesce(sum(e.amount) filter (where e.kind = 'paid'), 0) as paid,
         coalesce(sum(e.amount) filter (where e.kind = 'written off'), 0) as written_off,
         max(e.happened_on) filter (where e.kind = 'paid' and e.reverses_id is null) as last_on
  from compliance_remedyentry e
  where {entries}
  group by e.finding_id
"""
# One row per finding with money: what was claimed, agreed, paid, written off, what is to be repaid and what is left.
# What a rule counted is owed while its finding stands; a finding that was settled keeps what was settled.
SUMS = """
select b.*, greatest(b.owed - b.paid - b.written_off, 0) as outstanding
from (
  select f.id as finding_id, f.pilot_id, f.employer_id, f.opened_on, coalesce(s.currency, f.currency) as currency,
         coalesce(s.claimed, 0) as claimed, coalesce(s.agreed, 0) as agreed, coalesce(s.paid, 0) as paid,
         coalesce(s.written_off, 0) as written_off, s.last_on,
         greatest(s.claimed, s.agreed, s.paid + s.written_off,
                  case when f.state <> 'resolved' and f.currency = coalesce(s.currency, f.currency) then f.owed end, 0)
           as owed
  from compliance_finding f
  left join ({LEDGER}) s on s.finding_id = f.id
  where {findings} and (s.finding_id is not null or f.owed > 0 and f.state <> 'resolved')
) b
"""
OF_FINDINGS = SUMS.format(LEDGER=LEDGER.format(entries="e.finding_id = any(%(ids)s)"), findings="f.id = any(%(ids)s)")
OF_PILOTS = SUMS.format(
    LEDGER=LEDGER.format(entries="e.pilot_id = any(%(pilots)s)"), findings="f.pilot_id = any(%(pilots)s)"
)


def balances(finding_ids: Iterable[int]) -> dict[int, Balance]:
    """finding id → its balance, for those with money on them; one statement."""
    ids = list(finding_ids)
    if not ids:
        return {}
    sql = f"""
    select finding_id, currency, claimed, agreed, paid, written_off, owed, outstanding, opened_on, last_on
    from ({OF_FINDINGS}) b
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"ids": ids})
        return {row[0]: Balance(*row) for row in cursor.fetchall()}


def outstanding(found: Iterable[Balance]) -> list[tuple[str, Decimal]]:
    """What is still owed together, by currency; currencies are never added up."""
    sums: dict[str, Decimal] = {}
    for balance in found:
        if balance.outstanding:
            sums[balance.currency] = sums.get(balance.currency, Decimal(0)) + balance.outstanding
    return sorted(sums.items())
