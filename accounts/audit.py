"""The audit trail: acts and reads that leave no row of their own. Ids only, never names or values."""

from django.http import HttpRequest

from accounts.models import AuditEvent
from accounts.scope import Scope, current


def record(
    action: str,
    object_kind: str = "",
    object_id: int | None = None,
    *,
    scope: Scope | None = None,
    pilot_id: int | None = None,
    outcome: str = "done",
    reason: str = "",
) -> None:
    """Write one audit event under the scope in force (or the one given), in the current transaction."""
    who = scope or current()
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                user_id=who.user_id if who else None,
                organisation_id=who.organisation_id if who else None,
                pilot_id=pilot_id,
                action=action,
                object_kind=object_kind,
                object_id=object_id,
                outcome=outcome,
                reason=reason[:300],
                request=who.request if who else "",
            )
        ]
    )


def read_sensitive(request: HttpRequest, kind: str, object_id: int, pilot_id: int | None = None) -> None:
    """Note that this page shows a sensitive record; the audit trail gets it when the page is served."""
    if not hasattr(request, "sensitive_reads"):
        request.sensitive_reads = []
    request.sensitive_reads.append((kind, object_id, pilot_id))
