"""The doors of a payment for several findings: ``record`` it with its shares, ``verify`` by somebody else, ``withdraw``.

A recorded payment counts nothing. Verified, every share becomes an entry of its finding's ledger, in one act and once:
the database holds that a share is entered once, as it was recorded, and after somebody else verified it.
Must run inside ``acting_as(by)``; each raises ValidationError with the sentences the user reads.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.names import name_of
from accounts.roles import Permission
from accounts.scope import Scope
from compliance.models import Finding, RemedyEntry, Settlement, SettlementEnd, SettlementLine
from compliance.remedies import guards
from compliance.remedies.settling import settle
from compliance.remedies.splitting import open_rows, payable, too_much

RECORDED = "recorded"
VERIFIED, WITHDRAWN = SettlementEnd.Kind.values


def standing(rows: QuerySet[Settlement], state: str = "") -> QuerySet[Settlement]:
    """The payments with ``state``: recorded, verified or withdrawn; with a ``state``, only those."""
    end = SettlementEnd.objects.filter(settlement=OuterRef("pk")).values("kind")[:1]
    found = rows.annotate(state=Coalesce(Subquery(end), Value(RECORDED), output_field=CharField()))
    return found.filter(state=state) if state else found


def record(
    shares: Mapping[int, Decimal],
    *,
    debtor_id: int,
    amount: Decimal,
    currency: str,
    agrees: bool,
    reference: str,
    words: str,
    by: Scope,
    on: date,
    today: date,
) -> Settlement:
    """Record one payment with its share for each finding; what is over stays over, and is said. Nothing counts yet.

    ``agrees``: verified, it also agrees what was paid beyond what was agreed before.
    """
    by.require(Permission.FINDING_RESOLVE)
    wrong: dict[str, list[str]] = {}
    reference, words = reference.strip(), words.strip()
    if not reference:
        wrong["reference"] = [_("Say how the bank or the receipt names this payment.")]
    if not words:
        wrong["words"] = [_("Say what shows the payment.")]
    if on > today:
        wrong["on"] = [_("The date lies in the future.")]
    shares = {pk: part for pk, part in shares.items() if part}
    if not shares or min(shares.values()) < 0:
        wrong["amount"] = [_("The payment is for at least one finding.")]
    elif sum(shares.values()) > amount:
        wrong["amount"] = [_("The shares are more than the payment.")]
    if wrong:
        raise ValidationError(wrong)
    _lock(f"debtor {debtor_id}")
    findings = list(Finding.objects.filter(pk__in=shares).select_related("placement__person").order_by("pk"))
    if len(findings) < len(shares):
        raise Finding.DoesNotExist
    if len({f.pilot_id for f in findings}) > 1:
        raise ValidationError(_("A payment is recorded for the findings of one pilot."))
    if any(on < f.opened_on for f in findings):
        raise ValidationError({"on": [_("The date lies before a finding was opened.")]})
    pilot_id = findings[0].pilot_id
    rows = open_rows([pilot_id], shares, on=today)
    able, refused = payable(findings, rows, debtor_id=debtor_id, currency=currency, agrees=agrees)
    reasons = [f"{_named(r.finding)}: {r.why}" for r in refused]
    reasons += [f"{_named(f)}: {why}" for f, row in able if (why := too_much(shares[f.pk], row, agrees))]
    if reasons:
        raise ValidationError(reasons)
    made = Settlement(
        pilot_id=pilot_id, debtor_id=debtor_id, amount=amount, currency=currency, paid_on=on, reference=reference[:80],
        words=words[:500], agrees=agrees, user_id=by.user_id, organisation_id=by.organisation_id, who=name_of(by),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as twice:
        if guards.PAID_TWICE not in str(twice):
            raise
        raise ValidationError({"reference": [_(guards.PAID_TWICE)]}) from twice
    SettlementLine.objects.bulk_create(
        SettlementLine(pilot_id=pilot_id, settlement=made, finding_id=pk, amount=part) for pk, part in shares.items()
    )
    return made


def _named(finding: Finding) -> str:
    return finding.placement.person.worker_code if finding.placement else _("Everybody there")


def verify(found: Settlement, *, by: Scope, on: date, words: str) -> list[RemedyEntry]:
    """Somebody else saw that it was paid: every share goes into its ledger. Answers the payments entered.

    Refused whole, with every reason, where a share is more than is still open now: somebody entered the same money by
    itself in the meantime.
    """
    by.require(Permission.FINDING_RESOLVE)
    if found.user_id == by.user_id or found.debtor_id == by.organisation_id:
        raise ValidationError(_("Somebody else verifies a payment: another person, and not of whoever paid."))
    if on < found.paid_on:
        raise ValidationError({"on": _("The date lies before the payment.")})
    lines = list(found.lines.select_related("finding__placement__person").order_by("finding_id"))
    _end(found, VERIFIED, by=by, on=on, words=words, missing=_("Say how you know that it was paid."))
    _lock(*(str(line.finding_id) for line in lines))
    rows = open_rows([found.pilot_id], [line.finding_id for line in lines], on=on)
    reasons, entries, agreements = [], [], []
    for line in lines:
        row = rows.get(line.finding_id)
        # Its own share waits no more: the end was written above.
        why = too_much(line.amount, row, found.agrees) if row else _("Nothing is owed on it.")
        if why or row is None or row.currency != found.currency:
            reasons.append(f"{_named(line.finding)}: {why or _('Nothing is owed on it.')}")
            continue
        if line.amount > row.agreed_left:
            agreements.append(_entry(line, found, "agreed", line.amount - row.agreed_left, by))
        entries.append(_entry(line, found, "paid", line.amount, by))
    if reasons:
        said = _("Some of it was paid or settled in the meantime. Withdraw this payment and record it again.")
        raise ValidationError([said, *reasons])
    RemedyEntry.objects.bulk_create(agreements)
    made = RemedyEntry.objects.bulk_create(entries)
    settle([line.finding_id for line in lines], by=by, on=on)
    return made


def withdraw(found: Settlement, *, by: Scope, on: date, words: str) -> None:
    """It was recorded by mistake, or was not paid: it counts nothing, and its reference may be recorded again."""
    by.require(Permission.FINDING_RESOLVE)
    _end(found, WITHDRAWN, by=by, on=on, words=words, missing=_("Say why it is withdrawn."))


def _end(found: Settlement, kind: str, *, by: Scope, on: date, words: str, missing: str) -> None:
    words = words.strip()
    if not words:
        raise ValidationError({"words": missing})
    _lock(f"debtor {found.debtor_id}")
    if SettlementEnd.objects.filter(settlement=found).exists():
        raise ValidationError(_("This payment is already verified or withdrawn."))
    SettlementEnd.objects.create(
        pilot_id=found.pilot_id, settlement=found, kind=kind, words=words[:500], happened_on=on,
        recorder_id=found.user_id, debtor_id=found.debtor_id, user_id=by.user_id, organisation_id=by.organisation_id,
        who=name_of(by),
    )  # fmt: skip


def _entry(line: SettlementLine, found: Settlement, kind: str, amount: Decimal, by: Scope) -> RemedyEntry:
    words = _("%(words)s (payment %(reference)s, recorded by %(who)s)") % {
        "words": found.words, "reference": found.reference, "who": found.who,
    }  # fmt: skip
    return RemedyEntry(
        pilot_id=line.pilot_id, finding_id=line.finding_id, employer_id=line.finding.employer_id, kind=kind, amount=amount,
        currency=found.currency, happened_on=found.paid_on, words=words[:500], settlement_line=line, user_id=by.user_id,
        organisation_id=by.organisation_id, who=name_of(by),
    )  # fmt: skip


def _lock(*what: str) -> None:
    """Wait for whoever writes to the same ledgers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, hashtext(w)) from unnest(%s::text[]) as named (w)",
            [guards.LOCK, list(what)],
        )
