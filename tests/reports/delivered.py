"""A schedule and a frozen edition for the tests of delivery, made without compiling."""

import hashlib
from datetime import UTC, date, datetime

from accounts.scope import acting_as, compiler_scope
from reports.content import canonical
from reports.delivery.models import Schedule
from reports.delivery.schedules import make
from reports.models import Edition, EditionFile
from tests.reports.demonstration import edition as demonstration

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)


def scheduled(cast, reader="fay", by="ines", **more) -> Schedule:
    """A schedule of Verde for this person's organisation, monthly unless told otherwise."""
    given = {
        "kind": "funder", "period": "month", "time_zone": "Pacific/Auckland", "days_after": 1,
        "counts_from": date(2026, 1, 1), "waits_for_signature": True,
    } | more  # fmt: skip
    with cast.acting(by) as scope:
        new = Schedule(pilot=cast.pilot(), organisation_id=cast.scope(reader).organisation_id, **given)
        return make(new, by=scope)


def frozen(cast, reader="fay", number=None, job_id=None, body=b"code,value\n") -> Edition:
    """An edition with the content of the demonstration and one file; the next of its report where no number is given."""
    content = demonstration()
    scope = cast.scope(reader)
    organisation_id = scope.organisation_id
    with acting_as(compiler_scope(scope, (cast.pilot().pk,))):
        before = Edition.objects.filter(kind="funder", organisation_id=organisation_id, period_from=date(2026, 1, 1))
        number = number or before.count() + 1
        made = Edition.objects.create(
            pilot=cast.pilot(), organisation_id=organisation_id, kind="funder", number=number,
            period_from=date(2026, 1, 1), period_to=date(2026, 3, 31), as_of=AS_OF, content=content.to_json(),
            sha256=hashlib.sha256(canonical(content)).hexdigest(), job_id=job_id, asked_by_id=scope.user_id,
        )  # fmt: skip
        EditionFile.objects.create(
            pilot=cast.pilot(), organisation_id=organisation_id, edition=made, name="report.csv", media_type="text/csv",
            body=body, size=len(body), sha256=hashlib.sha256(body).hexdigest(),
        )  # fmt: skip
    return made
