"""G7: a list of workers as a file, from the door to the last byte, against xlsxwriter, django-import-export and bare COPY.

Every arm answers the same rows of one cohort under row security, with all columns that a programme officer sees, into a
file of this machine. What the arms wrote is read back and compared before anything is timed. Peak memory is that of a process of its
own for each size.
"""

import csv
import hashlib
import io
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter
from django.db import connection
from import_export import fields, resources
from import_export.formats import base_formats
from python_calamine import CalamineWorkbook

from accounts.scope import acting_as
from bench import world
from bench.measuring import Ratio, faster, in_turn, slower, vacuum
from pilots.models import Cohort, Pilot
from workers.exports import door
from workers.exports.listings import LISTINGS, Asked, Plan
from workers.exports.rows import stream, typed, written
from workers.models import Export, Person
from workers.sheets.formulas import unescape

TODAY, NOW = date(2026, 7, 1), datetime(2026, 7, 1, 10, tzinfo=UTC)
FEW = 1000
ROUNDS = 7
SLOW = 10  # the slowest peer does a tenth of the rows

FILL = """
with people as (
  insert into workers_person (pilot_id, worker_code, family_name, given_names, passport_name, sex, birth_date,
    birth_precision, nationality, village, province, languages, registered_on, version)
  select %(pilot)s, %(code)s || '-' || lpad(g::text, 7, '0'), initcap(substr(md5('f' || g %% 5000), 1, 8)),
    initcap(substr(md5('g' || g %% 3000), 1, 6)), '', (array['F', 'M'])[1 + g %% 2], date '1975-01-01' + g * 37 %% 11000, 'day', 'TO',
    'Village ' || g %% 900, 'Tongatapu', 'Tongan, English', date '2026-01-01' + g %% 100, 1
  from generate_series(1, %(n)s) g returning id, worker_code),
contacts as (
  insert into workers_personcontact (person_id, pilot_id, phone, email)
  select id, %(pilot)s, '+67677' || id, 'w' || id || '@example.org' from people),
homes as (
  insert into workers_personbackground (person_id, pilot_id, marital_status, dependants, home_income, home_income_currency)
  select id, %(pilot)s, 'married', id %% 6, 200.5 + id %% 700, 'TOP' from people),
papers as (
  insert into workers_identitydocument (person_id, pilot_id, kind, number, country, expires_on)
  select id, %(pilot)s, k.kind, k.letter || replace(worker_code, '-', ''), 'TO', k.expires from people,
    (values ('passport', 'P', date '2030-01-01'), ('national id', 'N', null::date)) k (kind, letter, expires)),
made as (
  insert into workers_placement (pilot_id, person_id, cohort_id, season, version)
  select %(pilot)s, id, %(cohort)s, 1, 1 from people returning id)
insert into workers_placementstate (placement_id, pilot_id, cohort_id, step, since, version)
select id, %(pilot)s, %(cohort)s, 'selected', date '2025-02-01', 1 from made
"""


def run(rows: int) -> list[Ratio]:
    """The ratios of G7 at this many rows; memory against a list of a thousand."""
    for code, number in ((f"E{rows}", rows), (f"E{FEW}", FEW), (f"E{rows // SLOW}", rows // SLOW)):
        _fill(code, number)
    vacuum()
    _same(rows)
    timed = in_turn(
        {
            "ours xlsx": arm(lambda: ours(rows, "xlsx")), "xlsxwriter": arm(lambda: by_xlsxwriter(rows)),
            "ours csv": arm(lambda: ours(rows, "csv")), "bare copy": arm(lambda: bare_copy(rows)),
            "import-export xlsx": arm(lambda: by_import_export(rows // SLOW, base_formats.XLSX)),
            "import-export csv": arm(lambda: by_import_export(rows // SLOW, base_formats.CSV)),
        },
        rounds=ROUNDS,
    )  # fmt: skip
    size = f"{rows // 1000}k rows"
    return [
        faster("G7", f"{size} .xlsx against xlsxwriter", timed["ours xlsx"], timed["xlsxwriter"], 6),
        faster("G7", f"{size} .xlsx against django-import-export (a tenth)", timed["ours xlsx"], timed["import-export xlsx"], 20),
        slower("G7", f"{size} .csv against bare COPY TO", timed["ours csv"], timed["bare copy"], 1.5),
        faster("G7", f"{size} .csv against django-import-export (a tenth)", timed["ours csv"], timed["import-export csv"], 20),
        _memory(rows, "xlsx"),
        _memory(rows, "csv"),
    ]  # fmt: skip


def _fill(code: str, number: int) -> None:
    with acting_as(world.scope()):
        pilot = Pilot.objects.get(slug="bench-0")
        if Cohort.objects.filter(pilot=pilot, code=code).exists():
            return
        cohort = Cohort.objects.create(
            pilot=pilot, name=code, code=code, target=number, opens_on=date(2025, 1, 1), departs_on=date(2025, 6, 1),
            returns_on=date(2026, 1, 1),
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(FILL, {"pilot": pilot.pk, "cohort": cohort.pk, "code": code, "n": number})


def _plan(rows: int) -> tuple[Plan, dict[str, str]]:
    pilot = Pilot.objects.get(slug="bench-0")
    cohort = Cohort.objects.get(pilot=pilot, code=f"E{rows}")
    given = {"pilot": str(pilot.pk), "cohort": str(cohort.pk)}
    return LISTINGS["workers"].plan(Asked(world.scope(), given, TODAY)), given


def ours(rows: int, form: str, target: io.IOBase | None = None) -> int:
    """The door: rights, plan, count, file with its mark; twice counted."""
    by = world.scope()
    _plan_of, given = _plan(rows)
    export = Export(pk=1, listing="workers", given=given, format=form, role=by.role_code)
    with tempfile.TemporaryFile() as kept:
        return door.make(export, target or kept, by=by, at=NOW, today=TODAY)  # type: ignore[arg-type]


def by_xlsxwriter(rows: int, target: io.IOBase | None = None) -> int:
    """The library in its mode of constant memory, with our own statement and cursor."""
    plan, _given = _plan(rows)
    with tempfile.TemporaryFile() as kept:
        book = xlsxwriter.Workbook(
            target or kept,
            {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"},
        )  # fmt: skip
        sheet = book.add_worksheet("Workers")
        sheet.write_row(0, 0, [cell.header for cell in plan.cells])
        number = 0
        for number, row in enumerate(stream(plan, [typed(cell) for cell in plan.cells]), start=1):
            sheet.write_row(number, 0, row)
        book.close()
        return number


def bare_copy(rows: int, target: io.IOBase | None = None) -> int:
    """COPY TO of the same columns without the version of the row, nothing escaped, no name of a column."""
    plan, _given = _plan(rows)
    cells = plan.cells[:-1]
    select = plan.select([written(cell) for cell in cells])
    number = 0
    with tempfile.TemporaryFile() as kept, connection.cursor() as cursor:
        file = target or kept
        with cursor.copy(f"copy ({select}) to stdout (format csv)", plan.params) as copy:
            for line in copy:
                file.write(line)
                number += 1
    return number


class _Workers(resources.ModelResource):
    """What somebody would declare: the person's columns, and those of the tables apart from it by their attributes."""

    phone = fields.Field(attribute="contact__phone", column_name="Phone")
    email = fields.Field(attribute="contact__email", column_name="Email")
    marital_status = fields.Field(attribute="background__marital_status", column_name="Marital status")
    dependants = fields.Field(attribute="background__dependants", column_name="Dependants")
    home_income = fields.Field(attribute="background__home_income", column_name="Home monthly income")
    home_income_currency = fields.Field(
        attribute="background__home_income_currency", column_name="Home income currency"
    )

    class Meta:
        model = Person
        fields = (
            "worker_code", "family_name", "given_names", "passport_name", "sex", "birth_date", "nationality", "village",
            "province", "languages", "registered_on", "phone", "email", "marital_status", "dependants", "home_income",
            "home_income_currency",
        )  # fmt: skip


def by_import_export(rows: int, form: type) -> int:
    """Stock django-import-export; without papers and recruiter, which cost it further statements a row."""
    found = (
        Person.objects.filter(worker_code__startswith=f"E{rows}-")
        .select_related("contact", "background")
        .order_by("-pk")
    )
    data = _Workers().export(queryset=found)
    with tempfile.TemporaryFile() as kept:
        content = form().export_data(data)
        kept.write(content if isinstance(content, bytes) else content.encode())
    return len(data)


def arm(work: Callable[[], int]) -> Callable[[], int]:
    """The work as the programme officer, under row security."""

    def timed() -> int:
        with acting_as(world.scope(), read_only=True):
            return work()

    return timed


def _same(rows: int) -> None:
    """Stops the run unless every arm wrote the same rows."""
    with acting_as(world.scope(), read_only=True):
        books = []
        for write in (lambda t: ours(rows, "xlsx", t), lambda t: by_xlsxwriter(rows, t)):
            buffer = io.BytesIO()
            write(buffer)
            buffer.seek(0)
            books.append(_digest(CalamineWorkbook.from_filelike(buffer).get_sheet_by_index(0).to_python()))
        texts = []
        for write, first, cut in ((lambda t: ours(rows, "csv", t), 1, -1), (lambda t: bare_copy(rows, t), 0, None)):
            buffer = io.BytesIO()
            write(buffer)
            lines = list(csv.reader(io.StringIO(buffer.getvalue().decode("utf-8-sig"), newline="")))[first:]
            texts.append(_digest([[unescape(cell) for cell in line[:cut]] for line in lines]))
    if books[0] != books[1] or texts[0] != texts[1] or books[0][0] != rows + 1 or texts[0][0] != rows:
        raise SystemExit(f"bench: the files differ: {books} {texts}")


def _digest(rows: list) -> tuple[int, str]:
    return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()


def _memory(rows: int, form: str) -> Ratio:
    """Peak memory of a whole process at this many rows, against one at a thousand."""
    many, few = (_peak(number, form) for number in (rows, FEW))
    value = many / few
    words = f"peak memory of .{form}: {many / 1024:.0f} MB at {rows // 1000}k rows against {few / 1024:.0f} MB at 1k"
    return Ratio("G7", words, value, value, value, "≤ 1.2", value <= 1.2)


def _peak(rows: int, form: str) -> int:
    answer = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import django; django.setup(); from bench import exporting; exporting.alone({rows}, '{form}')",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(answer.stdout.strip().splitlines()[-1])


def alone(rows: int, form: str) -> None:
    """One file in this process; prints its peak memory in kB. Started by ``_peak`` in the bench's own environment."""
    arm(lambda: ours(rows, form))()
    # Not ru_maxrss: a process begins with the peak of the one that started it.
    status = Path("/proc/self/status").read_text()
    print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
