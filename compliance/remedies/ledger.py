"""The door of the remedy ledger: ``record`` writes what was claimed, agreed, paid or written off for one finding.

The ledger keeps the currency of its finding; an amount paid in another one is entered as what it was worth to the
worker, with the rate in the words. The database holds the sums too (``guards.py``).
"""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from accounts.names import name_of
from accounts.roles import Permission
from accounts.scope import Scope
from compliance import events
from compliance.models import Finding, RemedyEntry
from compliance.remedies import guards
from compliance.remedies.balances import Balance, balances
from compliance.remedies.settling import settle

CLAIMED, AGREED, PAID, WRITTEN_OFF = RemedyEntry.Kind.values


def record(
    finding: Finding, kind: str, amount: Decimal, *, currency: str, by: Scope, on: date, words: str
) -> RemedyEntry:
    """Add one entry; ``words`` are the evidence, or the reason of a write-off. Must run inside ``acting_as(by)``.

    Amounts of a kind add up: a second agreement adds to the first. Writing off asks for the right to waive, and bears
    the name. A payment that settles everything resolves a finding whose actions are verified.
    Raises ValidationError with the sentence the user reads, PermissionDenied without the verb.
    """
    by.require(Permission.FINDING_WAIVE if kind == WRITTEN_OFF else Permission.FINDING_RESOLVE)
    if kind not in RemedyEntry.Kind.values:
        raise ValidationError({"kind": _("An entry is claimed, agreed, paid or written off.")})
    words = _worded(words)
    if amount <= 0:
        raise ValidationError({"amount": _("An amount is above zero.")})
    if on < finding.opened_on and kind != CLAIMED:
        raise ValidationError({"on": _("The date lies before the finding was opened.")})
    before = _balance(finding)
    if before and before.currency != currency:  # the rule's own, or that of the first entry
        raise ValidationError({"currency": _("The ledger of a finding has one currency.")})
    paid = (before.paid if before else Decimal(0)) + amount
    if kind == PAID and paid > (before.agreed if before else Decimal(0)):
        raise ValidationError(
            {"amount": _("No more can be paid than was agreed. Record the new agreement first.")}
        )  # fmt: skip
    if kind == WRITTEN_OFF and amount > (before.outstanding if before else Decimal(0)):
        raise ValidationError({"amount": _("No more can be written off than is still owed.")})
    return _write(finding, kind, amount, currency, by=by, on=on, words=words)


def take_back(entry: RemedyEntry, *, by: Scope, on: date, words: str) -> RemedyEntry:
    """Take back an entry that was a mistake, with an entry below zero that points at it."""
    by.require(Permission.FINDING_WAIVE if entry.kind == WRITTEN_OFF else Permission.FINDING_RESOLVE)
    words = _worded(words)
    finding = Finding.objects.get(pk=entry.finding_id)
    before = _balance(finding)
    if entry.reverses_id or RemedyEntry.objects.filter(reverses=entry).exists():
        raise ValidationError(_("This entry was already taken back."))
    if before and entry.kind == AGREED and before.paid > before.agreed - entry.amount:
        raise ValidationError(_("Money was paid under this agreement. Take back the payment first."))
    owed = before.owed if before else Decimal(0)
    if before and before.written_off and entry.kind in (CLAIMED, AGREED):
        left = max(
            finding.owed or Decimal(0),
            before.claimed - (entry.amount if entry.kind == CLAIMED else 0),
            before.agreed - (entry.amount if entry.kind == AGREED else 0),
        )
        if left < owed and before.paid + before.written_off > left:
            raise ValidationError(_("Something was written off under this entry. Take that back first."))
    return _write(finding, entry.kind, -entry.amount, entry.currency, by=by, on=on, words=words, reverses=entry)


def _balance(finding: Finding) -> Balance | None:
    """The balance now, while nobody else writes to the same finding."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [guards.LOCK, str(finding.pk)])
    return balances([finding.pk]).get(finding.pk)


def _write(
    finding: Finding,
    kind: str,
    amount: Decimal,
    currency: str,
    *,
    by: Scope,
    on: date,
    words: str,
    reverses: RemedyEntry | None = None,
) -> RemedyEntry:
    entry = RemedyEntry(
        id=events.random_id() if finding.restricted else None, pilot_id=finding.pilot_id, finding_id=finding.pk,
        restricted=finding.restricted, employer_id=finding.employer_id, kind=kind, amount=amount, currency=currency,
        happened_on=on, words=words, reverses=reverses, user_id=by.user_id, organisation_id=by.organisation_id,
        who=name_of(by),
    )  # fmt: skip
    entry.clean_fields(exclude=["finding", "pilot", "employer", "user", "organisation", "reverses"])
    entry.save(force_insert=True)
    if kind in (PAID, WRITTEN_OFF) and reverses is None:
        settle([finding.pk], by=by, on=on)
    return entry


def _worded(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({"words": _("Say what shows this, or why it is written off.")})
    if len(text) > 500:
        raise ValidationError({"words": _("Write 500 characters at most.")})
    return text
