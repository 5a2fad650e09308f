"""The version of a row: which record a downloaded row was, and how it stood then.

``v<id>-<hash>``: the record's number and ten figures of a hash over what its sheet carries. The download writes it into
the last column, the upload brings it back, and ``check`` compares it with the record as it stands now. The hash guards
against mistakes, not against forgery: whoever empties the cell is not held up, and may write what the role may write.
"""

import re
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from .cleaning import NOTHING, CellProblem, Cleaned, Context, Raw, brief, shown

KEY: Final = "row_version"
MEANWHILE: Final = "changed_meanwhile"  # the one problem that makes a row a conflict and not a row to mend
SHAPE = re.compile(r"v[0-9]{1,18}-[0-9a-f]{10}")
# The number of the record that row s was.
POINTED: Final = f"substr(split_part(s.{KEY}, '-', 1), 2)::bigint"


def clean(raw: Raw, _context: Context) -> Cleaned:
    """A version as it was written, or nothing."""
    value = brief(raw, 40).lower()
    if not value:
        return NOTHING
    if not SHAPE.fullmatch(value):
        raise CellProblem(
            "not_a_version",
            _(
                "“%(value)s” is not what the portal wrote here. Leave the cell blank for a new row, or download the list again."
            )
            % {"value": shown(value)},
        )
    return Cleaned(value)


def of(record: str, values: list[str]) -> str:
    """SQL: the version of the record with this number and these values."""
    return f"'v' || {record} || '-' || left(md5(row({', '.join([record, *values])})::text), 10)"


def naming(record: int) -> str:
    """What a form by hand says in the place of a version: which record it is about, and nothing of how it stood."""
    return f"v{record}-{'0' * 10}"


def given() -> bool:
    """Whether any row of the sheet brings a version. Lists made by hand bring none, and pay nothing for them."""
    with connection.cursor() as cursor:
        cursor.execute(f"select exists (select from sheet where {KEY} is not null)")
        return bool(cursor.fetchone()[0])


def check(now: str) -> None:
    """Add to ``trouble`` what the versions have against the judged rows. ``now``: SQL of (n, version), what each row's
    record stands at. A row that says what is recorded is the same, whatever its version."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            insert into trouble
            select s.n, '{KEY}', case j.verdict when 'new' then 'was_another' else '{MEANWHILE}' end, s.{KEY}, ''
            from sheet s join judged j using (n) left join ({now}) v using (n)
            where s.{KEY} is not null and j.verdict in ('new', 'changed') and s.{KEY} is distinct from v.version
            """
        )


def words() -> dict[str, str]:
    """The sentences of ``check``."""
    return {
        MEANWHILE: _(
            "This record was changed after the list was downloaded. Nothing is overwritten. Compare what is recorded now with "
            "your row; to write your row all the same, empty the cell “Row version”."
        ),
        "was_another": _(
            "The cells that tell which record this is were changed after the download, or the record is gone. Put them back; "
            "to record the row as a new one, empty the cell “Row version”."
        ),
    }
