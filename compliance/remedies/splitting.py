"""How one payment is split over findings, to the cent: in full from the oldest on, or in proportion to what is still open.

Pure arithmetic over ``Open`` rows; ``open_rows`` asks the ledger for them. What waits in another payment that nobody has
verified yet is not open a second time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.db import connection
from django.utils.translation import gettext as _

from accounts.amounts import amount_words
from compliance.models import Finding
from compliance.remedies.together import Refused
from compliance.remedies.totals import OWING, given

IN_FULL, IN_PROPORTION = "in full", "in proportion"
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Open:
    """What one finding still waits for. ``waiting``: recorded in payments that nobody has verified yet."""

    finding_id: int
    debtor_id: int | None
    unknown: bool
    currency: str
    outstanding: Decimal
    agreed: Decimal
    paid: Decimal
    waiting: Decimal
    opened_on: date

    @property
    def left(self) -> Decimal:
        """What another payment may still be for."""
        return max(self.outstanding - self.waiting, Decimal(0))

    @property
    def agreed_left(self) -> Decimal:
        """What may be paid under what was agreed."""
        return max(self.agreed - self.paid - self.waiting, Decimal(0))


def open_rows(pilot_ids: Iterable[int], finding_ids: Iterable[int], *, on: date) -> dict[int, Open]:
    """finding id → what is open, for those with money on them; one statement over the reader's sight."""
    sql = f"""
    select b.finding_id, b.debtor_id, b.unknown, b.currency, b.outstanding, b.agreed, b.paid,
      coalesce((select sum(l.amount) from compliance_settlementline l where l.finding_id = b.finding_id
        and not exists (select from compliance_settlementend e where e.settlement_id = l.settlement_id)), 0),
      b.opened_on
    from ({OWING}) b where b.finding_id = any(%(ids)s)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, given(sorted(pilot_ids), on) | {"ids": list(finding_ids)})
        return {row[0]: Open(*row) for row in cursor.fetchall()}


def debtors(rows: Iterable[Open]) -> list[tuple[int, str, Decimal]]:
    """(who must repay, currency, what is left) of these findings together, the largest first."""
    sums: dict[tuple[int, str], Decimal] = {}
    for row in rows:
        if row.debtor_id is not None and row.left:
            key = (row.debtor_id, row.currency)
            sums[key] = sums.get(key, Decimal(0)) + row.left
    return sorted(((pk, code, left) for (pk, code), left in sums.items()), key=lambda d: -d[2])


def payable(
    findings: Sequence[Finding], rows: Mapping[int, Open], *, debtor_id: int, currency: str, agrees: bool
) -> tuple[list[tuple[Finding, Open]], list[Refused]]:
    """(those that a payment of this debtor can be for, the oldest first; those it cannot be for, with the reason)."""
    able, refused = [], []
    for finding in findings:
        row = rows.get(finding.pk)
        if why := _why_not(finding, row, debtor_id, currency, agrees):
            refused.append(Refused(finding, why))
        elif row is not None:
            able.append((finding, row))
    return sorted(able, key=lambda pair: (pair[1].opened_on, pair[0].pk)), refused


def _why_not(finding: Finding, row: Open | None, debtor_id: int, currency: str, agrees: bool) -> str:
    if finding.restricted:
        return _("What was told in confidence is paid by itself.")
    if row is None or not row.outstanding:
        return _("Nothing is owed on it.")
    if row.unknown:
        return _("No rule of the pilot says who must repay it.")
    if row.debtor_id != debtor_id:
        return _("Somebody else must repay it.")
    if row.currency != currency:
        return _("It is owed in %(currency)s.") % {"currency": row.currency}
    if not row.left:
        return _("All of it waits in another payment that nobody has verified yet.")
    if not agrees and not row.agreed_left:
        return _("Nothing more was agreed. Record the agreement first, or let this payment record it.")
    return ""


def room(row: Open, agrees: bool) -> Decimal:
    """The most that a payment can be for on this finding."""
    return row.left if agrees else min(row.left, row.agreed_left)


def split(amount: Decimal, rooms: Mapping[int, Decimal], how: str) -> dict[int, Decimal]:
    """finding id → its share, in the order given; together never more than the amount, none more than its room.

    In proportion: each gets its part cut to the cent, and the cents that are left go to the largest remainders, the first
    of them first. What is more than all rooms together stays over.
    """
    whole = sum(rooms.values(), Decimal(0))
    if amount >= whole:
        return {pk: part for pk, part in rooms.items() if part}
    if how == IN_PROPORTION:
        exact = {pk: amount * part / whole for pk, part in rooms.items()}
        shares = {pk: part.quantize(CENT, ROUND_DOWN) for pk, part in exact.items()}
        cents = int((amount - sum(shares.values())) / CENT)
        for pk in sorted(shares, key=lambda pk: shares[pk] - exact[pk])[:cents]:
            shares[pk] += CENT
        return {pk: part for pk, part in shares.items() if part}
    shares, left = {}, amount
    for pk, part in rooms.items():
        shares[pk] = min(part, left)
        left -= shares[pk]
    return {pk: part for pk, part in shares.items() if part}


def too_much(share: Decimal, row: Open, agrees: bool) -> str:
    """Why this share cannot stand; empty where it can."""
    most = room(row, agrees)
    if share <= most:
        return ""
    return _("At most %(amount)s.") % {"amount": amount_words(most, row.currency)}
