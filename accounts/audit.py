"""The audit trail: acts and reads that leave no row of their own. Ids only, never names or values."""

from django.db import connection

from accounts.requests import VisitorRequest
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
    restricted: bool = False,
) -> None:
    """Write one audit event under the scope in force (or the one given), in the current transaction. ``restricted``: that
    there is such a thing is itself told in confidence, so programme officers do not read the event."""
    who = scope or current()
    with connection.cursor() as cursor:
        # Plain SQL: the ORM would read the new row back, and who may write here may not read here.
        cursor.execute(
            "insert into accounts_auditevent (user_id, organisation_id, pilot_id, action, object_kind, object_id,"
            " outcome, reason, request, restricted) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                who.user_id if who else None, who.organisation_id if who else None, pilot_id, action[:40],
                object_kind[:40], object_id, outcome[:16], reason[:300], who.request if who else "", restricted,
            ],
        )  # fmt: skip


def read_sensitive(
    request: VisitorRequest, kind: str, object_id: int, pilot_id: int | None = None, *, restricted: bool = False
) -> None:
    """Note that this page shows a sensitive record; the audit trail gets it when the page is served. ``restricted`` as in
    ``record``."""
    if not hasattr(request, "sensitive_reads"):
        request.sensitive_reads = []
    request.sensitive_reads.append((kind, object_id, pilot_id, restricted))
