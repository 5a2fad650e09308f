"""Comments of a sheet that tell of health or abuse, on their way to those few who may read them.

Checking keeps such text out of the open store and only counts it. ``hand_over`` reads the kept file once more and puts the
texts where safeguarding leads of the pilot read them (``WithheldText``); the sender cannot read them back from there. They
go with the file after 90 days, by when a case is opened for what matters.
"""

from django.db import connection
from django.utils import timezone

from accounts import audit
from accounts.scope import Scope
from workers.models import ImportBatch

from .kept import opened

LONGEST_HEADER = 200


def hand_over(batch: ImportBatch, *, by: Scope) -> int:
    """Hand over what the check withheld, once; how many rows had such text. Raises SheetRefused when the file is gone."""
    rows: list[tuple[int, str, str, str]] = []
    found = 0
    with opened(batch, timezone.localdate(batch.uploaded_at)) as checked:
        for row in checked:
            found += bool(row.withheld)
            for key, text in row.withheld.items():
                header = checked.kind.column(key).header if key in checked.mapping.places else key
                rows.append((row.number, str(row.values.get("worker_id") or "")[:40], header[:LONGEST_HEADER], text))
    with connection.cursor() as cursor:
        # Without RETURNING and without naming the key that may stand already: the sender may add here and not read.
        cursor.execute(
            "insert into workers_withheldtext (pilot_id, organisation_id, batch_id, user_id, row_number, worker_code, header,"
            " text) select %s, %s, %s, %s, x.* from unnest(%s::int[], %s::text[], %s::text[], %s::text[]) as x"
            " on conflict do nothing",
            [batch.pilot_id, by.organisation_id, batch.pk, by.user_id, *(list(each) for each in zip(*rows, strict=True))]
            if rows
            else [batch.pilot_id, by.organisation_id, batch.pk, by.user_id, [], [], [], []],
        )  # fmt: skip
    # The sheet may have been recorded since it was read here: its counts then are not ours to put back.
    now = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    batch.summary = {**now.summary, "handed_over": found}
    batch.save(update_fields=["summary"])
    audit.record(
        "comments handed over",
        "import",
        batch.pk,
        scope=by,
        pilot_id=batch.pilot_id,
        reason=f"{found} rows",
        restricted=True,
    )
    return found
