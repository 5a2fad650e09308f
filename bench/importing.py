"""G1: a workbook of workers, from the bytes to the recorded rows, against django-import-export and the bare COPY.

Every arm begins with the same .xlsx bytes and ends with the rows in the tables, rolled back after the count was
compared. Ours and the peers run as a programme officer under row security, with history; the floor is a COPY into one
indexed table of its owner, which checks nothing.
"""

import io
import os
import time
from datetime import date, timedelta

import psycopg
import tablib
import xlsxwriter
from django.db import transaction
from import_export import fields, resources
from import_export.instance_loaders import CachedInstanceLoader
from python_calamine import CalamineWorkbook

from accounts.scope import acting_as
from bench import world
from bench.measuring import Ratio, Timed, faster, in_turn, slower
from pilots.models import Pilot
from workers.models import IdentityDocument, Person, PersonBackground, PersonContact
from workers.sheets.door import check, commit, open_batch

TODAY = date(2026, 7, 1)
HEADERS = (
    "Worker ID", "Family name", "Given names", "Sex", "Date of birth", "Nationality", "Passport number",
    "Passport country", "Passport expiry", "National ID", "Phone", "Email", "Village", "Province", "Languages",
    "Marital status", "Dependants", "Home monthly income", "Home income currency", "Registered on",
)  # fmt: skip
PERSON = {
    "worker_code": "Worker ID", "family_name": "Family name", "given_names": "Given names", "sex": "Sex",
    "birth_date": "Date of birth", "nationality": "Nationality", "village": "Village", "province": "Province",
    "languages": "Languages", "registered_on": "Registered on",
}  # fmt: skip


def workbook(rows: int) -> bytes:
    """A list of ``rows`` people with 20 columns; every person is new, every number its own."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("Workers")
        sheet.write_row(0, 0, HEADERS)
        for n in range(1, rows + 1):
            sheet.write_row(n, 0, _row(n))
    return buffer.getvalue()


def _row(n: int) -> list[object]:
    born = date(1975, 1, 1) + timedelta(days=n * 37 % 11_000)
    expires = date(2028, 1, 1) + timedelta(days=n * 17 % 1500)
    registered = date(2026, 1, 1) + timedelta(days=n % 100)
    family, given = f"Fa{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}leolo", f"Si{chr(97 + n // 7 % 26)}one"
    return [
        f"I-{n:07d}", family, given, "FM"[n % 2], born, "TO", f"P{n:07d}", "TO", expires, f"N{n:07d}",
        f"+67677{n:07d}", f"w{n}@example.org", f"Village {n % 900}", "Tongatapu", "Tongan, English",
        ("married", "single")[n % 2], n % 6, 200 + n % 700 + 0.5, "TOP", registered,
    ]  # fmt: skip


class _Undo(Exception):
    """Rolls a round back, so that every round does the same work."""


def _rolled_back(work, wanted: int):
    """An arm that runs as the programme officer; its time ends before the roll-back, its count must be right."""

    def arm() -> tuple[int, float]:
        try:
            with acting_as(world.scope()), transaction.atomic():
                started = time.perf_counter()
                work()
                seconds = time.perf_counter() - started
                people = Person.objects.filter(worker_code__startswith="I-").count()
                papers = IdentityDocument.objects.filter(person__worker_code__startswith="I-").count()
                raise _Undo
        except _Undo:
            if (people, papers) != (wanted, 2 * wanted):
                raise SystemExit(f"bench: {people} people and {papers} papers instead of {wanted}.") from None
        return people, seconds

    return arm


def ours(content: bytes, rows: int):
    """The whole door: keep the file, read it apart, clean, stage, match, judge, judge again, record."""

    def work() -> None:
        by = world.scope()
        pilot = Pilot.objects.select_related("corridor").get(slug="bench-0")
        batch = open_batch(content, "workers.xlsx", "workers", pilot, by=by)
        check(batch, by=by, today=TODAY)
        done = commit(batch, by=by, only_accepted=False, today=TODAY)
        assert done.new == rows, done

    return _rolled_back(work, rows)


class _Resource(resources.ModelResource):
    """What somebody would declare: the person's columns, and their parts made as each row is saved."""

    def __init__(self, pilot: Pilot):
        super().__init__()
        self.pilot = pilot

    class Meta:
        model = Person
        import_id_fields = ("worker_code",)
        fields = tuple(PERSON)

    def before_save_instance(self, instance, row, **kwargs):
        """The pilot is not a column of the file."""
        instance.pilot = self.pilot

    def after_import(self, dataset, result, **kwargs):
        """Its own puts the sequences of the tables back, which is not the portal's role to do: left out."""

    def parts(self, person: Person, row) -> list:
        """The rows of the other tables that belong to this one."""
        own = {"person": person, "pilot": self.pilot}
        return [
            PersonContact(**own, phone=row["Phone"], email=row["Email"]),
            PersonBackground(
                **own, marital_status=row["Marital status"], dependants=row["Dependants"],
                home_income=row["Home monthly income"], home_income_currency=row["Home income currency"],
            ),
            IdentityDocument(
                **own, kind="passport", number=row["Passport number"], country=row["Passport country"],
                expires_on=row["Passport expiry"],
            ),
            IdentityDocument(**own, kind="national id", number=row["National ID"], country="TO"),
        ]  # fmt: skip


for _name, _header in PERSON.items():
    _field = fields.Field(
        column_name=_header, attribute=_name, widget=resources.ModelResource.widget_from_django_field(
            Person._meta.get_field(_name)
        )(),
    )  # fmt: skip
    _Resource.fields[_name] = _field


class Stock(_Resource):
    """As the admin uses it."""

    def after_save_instance(self, instance, row, **kwargs):
        """Save the parts one by one."""
        for part in self.parts(instance, row):
            part.save(force_insert=True)


class Best(_Resource):
    """Its fastest settings: bulk statements, no comparison, one read of what is there."""

    class Meta(_Resource.Meta):
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        skip_html_diff = True
        instance_loader_class = CachedInstanceLoader

    def after_import(self, dataset, result, **kwargs):
        """Write the parts of everybody, table by table."""
        if kwargs.get("dry_run"):
            return
        people = {p.worker_code: p for p in Person.objects.filter(worker_code__in=dataset["Worker ID"])}
        parts = [self.parts(people[row["Worker ID"]], row) for row in dataset.dict]
        for kind in zip(*parts, strict=True):
            type(kind[0]).objects.bulk_create(kind, batch_size=1000)


def peer(resource: type[_Resource], content: bytes, rows: int):
    """django-import-export as its admin does it: parse, try, parse again, import. Its log entries are left out."""

    def work() -> None:
        pilot = Pilot.objects.get(slug="bench-0")
        for dry_run in (True, False):
            result = resource(pilot).import_data(
                parsed(content), dry_run=dry_run, raise_errors=True, use_transactions=True
            )
            assert result.totals["new"] == rows, result.totals

    return _rolled_back(work, rows)


def parsed(content: bytes) -> tablib.Dataset:
    """The file as a data set, read with the quick parser in the peer's favour (its own is ten times slower)."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return tablib.Dataset(*sheet[1:], headers=sheet[0])


FLOOR_COLUMNS = {
    "worker_code": "text unique", "family_name": "text", "given_names": "text", "sex": "text", "birth_date": "date",
    "nationality": "text", "passport": "text", "passport_country": "text", "passport_expiry": "date",
    "national_id": "text", "phone": "text", "email": "text", "village": "text", "province": "text",
    "languages": "text", "marital": "text", "dependants": "smallint", "home_income": "numeric(14,2)",
    "currency": "text", "registered_on": "date",
}  # fmt: skip
FLOOR = f"""
create temp table floor (id bigint generated by default as identity primary key,
  {", ".join(f"{name} {kind}" for name, kind in FLOOR_COLUMNS.items())}, unique (passport_country, passport));
create index on floor (registered_on, id);
create index on floor using gin ((family_name || ' ' || given_names) gin_trgm_ops)
"""


def floor(content: bytes, rows: int):
    """Parse and COPY into one table with a primary key, two unique keys, a list index and a name index."""

    def arm() -> tuple[int, float]:
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner, owner.cursor() as cursor:
            cursor.execute(FLOOR)
            started = time.perf_counter()
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
            with cursor.copy(f"copy floor ({', '.join(FLOOR_COLUMNS)}) from stdin") as copy:
                for row in sheet[1:]:
                    copy.write_row([*row[:16], int(str(row[16]).partition(".")[0]), *row[17:]])
            seconds = time.perf_counter() - started
            cursor.execute("select count(*) from floor")
            found = int((cursor.fetchone() or [0])[0])
            owner.rollback()
        if found != rows:
            raise SystemExit(f"bench: the floor holds {found} rows instead of {rows}.")
        return found, seconds

    return arm


def run(rows: int) -> list[Ratio]:
    """The peers run at a tenth of the size: their time per row does not fall with it, which is shown."""
    small, half = max(rows // 10, 200), max(rows // 20, 100)
    content, little, less = workbook(rows), workbook(small), workbook(half)
    timed = in_turn(
        {
            "ours": ours(content, rows), "floor": floor(content, rows), "best": peer(Best, little, small),
            "stock": peer(Stock, little, small), "stock at half": peer(Stock, less, half),
        }
    )  # fmt: skip
    _say(timed)
    return [
        faster("G1", f"import of {rows:,} × 20 against stock django-import-export", timed["ours"], timed["stock"], 120),
        faster("G1", "the same against its best settings", timed["ours"], timed["best"], 40),
        slower("G1", "the same against parse + COPY into an indexed table", timed["ours"], timed["floor"], 2.5),
    ]


def _say(timed: dict[str, Timed]) -> None:
    for arm in timed.values():
        print(f"  {arm.name:14} {arm.rows:>8,} rows {arm.rate:>10,.0f} rows/s")
    linear = timed["stock at half"].rate / timed["stock"].rate
    print(f"  stock at half the rows is {linear:.2f} × as quick per row (1 is linear)")
