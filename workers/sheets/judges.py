"""Which judge belongs to which kind of sheet, and what all kinds share between judging and writing.

``JUDGES`` is the list to edit. A judge is a module with ``judge(batch, by, today)``, which fills ``judged`` and
``trouble`` (see ``staging``), ``words(batch, by)``, its sentences, ``write(batch, by, today)``, which records,
``take_back(batch, by, today)``, which undoes that, ``allowed(kind, by)``, whether this scope may send the kind,
``unused(kind)``, columns that are read and not kept, and ``versions_now(kind, by)``, SQL of (n, version): what the
record of each judged row stands at, to hold a downloaded list against. It may have ``trusted(batch, by)``, which takes
the new rows of the check as they were judged then.
Kinds whose facts belong to a higher app are added by the roof, once, when the portal starts: ``lamp_portal/sheet_kinds.py``.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import reduce
from operator import or_
from types import ModuleType

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.scope import Scope
from workers.likeness import warning
from workers.models import ImportBatch, ImportRow

from . import moving, people, recording, running, staging, versions
from .kinds import COLUMNS
from .ledgers import LEDGERS
from .standing import Undone

JUDGES: dict[str, ModuleType] = {"workers": people, "moves": moving} | dict.fromkeys(LEDGERS, recording)


def add(more: Mapping[str, ModuleType]) -> None:
    """Add the kinds of higher apps: the roof calls this with its table."""
    JUDGES.update(more)


def offered(by: Scope) -> list[str]:
    """The kinds that this scope may send, in the order of ``COLUMNS``: those whose table its role may write."""
    return [kind for kind in COLUMNS if kind in JUDGES and JUDGES[kind].allowed(kind, by)]


def unused(kind: str, headers: dict[str, list[str]]) -> list[str]:
    """Headers of the file that are understood but not kept."""
    return [headers[key][0] for key in JUDGES[kind].unused(kind) if key in headers]


def judge(batch: ImportBatch, by: Scope, today: date) -> None:
    """Fill ``judged`` and ``trouble``; rows of a downloaded list are also held against how their records stand now."""
    JUDGES[batch.kind].judge(batch, by, today)
    if versions.given():
        versions.check(JUDGES[batch.kind].versions_now(batch.kind, by))


def warn(batch: ImportBatch, by: Scope) -> None:
    """Add warnings that only a person can settle, once a sheet is judged. They refuse nothing."""
    if batch.kind == "workers":
        warning.warn(batch, by)


def write(batch: ImportBatch, by: Scope, today: date) -> None:
    """Record what is judged new or changed."""
    JUDGES[batch.kind].write(batch, by, today)


def take_back(batch: ImportBatch, by: Scope, today: date) -> Undone:
    """Take the rows of a committed batch back, as far as nothing stands on them."""
    return JUDGES[batch.kind].take_back(batch, by, today)


def words(batch: ImportBatch, by: Scope) -> dict[str, str]:
    """Code -> sentence, in the reader's language."""
    changed = _("The record changed since the sheet was checked. Nothing was overwritten; check the sheet again.")
    return {**JUDGES[batch.kind].words(batch, by), **versions.words(), **running.words(), "changed_since": changed}


def write_trusted(batch: ImportBatch, by: Scope, today: date, say: Callable[[int], None]) -> bool:
    """Record on the verdicts of the check, block by block, judging anew only the rows that change what is recorded. False
    when this kind cannot do so, or when what its rows name is not there any more: then what was written must be rolled
    back. ``say`` is told how many new rows are written."""
    quick = getattr(JUDGES[batch.kind], "trusted", None)
    if quick is None:
        return False
    if batch.summary["counts"]["changed"]:
        staging.load(batch.pk, COLUMNS[batch.kind], ("changed",))
        judge(batch, by, today)
        settle(batch, by, ("changed",))
        write(batch, by, today)
    done = 0
    for rows in staging.load_blocks(batch.pk, COLUMNS[batch.kind], "new"):
        if not quick(batch, by):
            return False
        write(batch, by, today)
        done += rows
        say(done)
    return True


def settle(batch: ImportBatch, by: Scope, verdicts: tuple[str, ...] = ("new", "changed")) -> None:
    """Compare what is judged now with what was shown at the check, of the rows that had these verdicts. Rows that differ
    become conflicts and leave ``judged``; rows that somebody recorded meanwhile with the very same values become
    ``same``."""
    kind = COLUMNS[batch.kind]
    key = kind.columns[0].key
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            insert into trouble
            select r.row_number, '{key}', 'changed_since', r.clean->>'{key}', '' from workers_importrow r
            left join judged j on j.n = r.row_number
            where r.batch_id = %s and r.verdict = any(%s)
              and (j.n is null or (j.verdict <> 'same' and (j.verdict, j.changes) <> (r.verdict, r.changes)))
              and not exists (select from trouble t where t.n = r.row_number and t.code not like '~%%')
            """,
            [batch.pk, list(verdicts)],
        )
        cursor.execute("select exists (select from trouble where code not like '~%%')", [])
        if cursor.fetchone()[0]:
            staging.tell(words(batch, by), batch.summary.get("headers", {}), kind, batch.summary.get("sheets", []))
            cursor.execute(
                "update workers_importrow r set verdict = 'conflict', problems = r.problems || t.problems from told t"
                " where r.batch_id = %s and r.row_number = t.n and t.problems <> '[]'",
                [batch.pk],
            )
            cursor.execute("delete from judged j using told t where t.n = j.n and t.problems <> '[]'")
        cursor.execute(
            "update workers_importrow r set verdict = 'same' from judged j"
            " where r.batch_id = %s and r.row_number = j.n and j.verdict = 'same' and r.verdict <> 'same'",
            [batch.pk],
        )


# A number of somebody whom the sender does not see: the programme is told.
CLAIMED_TWICE = ("id_unusable", "passport_unusable", "national_id_unusable", "number_unusable")


def require(kind: str, by: Scope) -> None:
    """PermissionDenied unless this scope may send the kind: who may not write the table handles no sheet of it, be it
    their own organisation's."""
    if kind not in offered(by):
        raise PermissionDenied(
            _("A sheet is handled by those who may send one of its kind: your role does not record %(kind)s.")
            % {"kind": COLUMNS[kind].title}
        )


def claimed_twice(batch_id: int) -> int:
    """Rows that claim a number of somebody whom the sender does not see: the programme is told of them."""
    claimed = reduce(or_, (Q(problems__contains=[{"code": name}]) for name in CLAIMED_TWICE))
    return ImportRow.objects.filter(claimed, batch_id=batch_id, verdict="refused").count()


def said_by_constraint(error: IntegrityError) -> str:
    """The sentence of the constraint that was broken, as its model says it."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_message:
                return _("Nothing was recorded. %(why)s") % {"why": constraint.violation_error_message}
    return _("Nothing was recorded: somebody recorded the same at this moment. Check the sheet again.")
