"""What happened to findings, written down."""

from collections.abc import Iterable, Mapping
from datetime import date

from accounts.scope import Scope
from compliance.models import Finding, FindingEvent
from compliance.random_ids import random_id


def write(
    findings: Iterable[Finding],
    kind: str,
    *,
    by: Scope,
    on: date | Mapping[int, date],
    words: str = "",
    who: str = "",
) -> None:
    """One event per finding, in one statement. ``on`` is a day, or a day for each finding's id.

    Restricted findings have restricted events.
    """
    FindingEvent.objects.bulk_create(
        FindingEvent(
            id=random_id() if finding.restricted else None,
            pilot_id=finding.pilot_id,
            finding_id=finding.pk,
            restricted=finding.restricted,
            kind=kind,
            happened_on=on if isinstance(on, date) else on[finding.pk],
            words=words[:500],
            user_id=by.user_id,
            organisation_id=by.organisation_id,
            who=who,
        )
        for finding in findings
    )
