"""The second lock, tried as the role the portal logs in as: every table, every reader role, nothing of anybody else's.

The portal's own filters play no part here: the tests speak SQL.
"""

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from accounts.roles import READER_DB_ROLES, ROLES
from accounts.rows import UNSCOPED, RowPolicy, RowSecurity, declared, policy_name
from accounts.scope import acting_as
from lamp_portal.environment import database

pytestmark = pytest.mark.django_db
OURS = ("accounts", "pilots", "workers", "compliance", "reports")


def _tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        return {row[0] for row in cursor.fetchall()}


def undescribed(tables: set[str]) -> set[str]:
    """Tables with neither a declared row policy nor a line in UNSCOPED."""
    return tables - set(declared()) - set(UNSCOPED)


def test_every_table_has_a_policy_or_a_reason_for_none():
    assert undescribed(_tables()) == set()


def test_the_guard_of_tables_can_fail():
    assert undescribed({"workers_person", "a_new_table"}) == {"a_new_table"}


def test_every_model_of_ours_declares_its_row_policy():
    missing = [m._meta.label for a in OURS for m in apps.get_app_config(a).get_models() if not hasattr(m, "row_policy")]
    assert missing == []


def test_the_catalogue_holds_exactly_the_declared_policies():
    with connection.cursor() as cursor:
        cursor.execute("select tablename, policyname from pg_policies where schemaname = 'public'")
        found = {(table, name) for table, name in cursor.fetchall()}
    wanted = {(table, "owner_select") for table in declared()}  # for keys that later migrations add and check
    for table, operation in declared().items():
        for role, verbs, _predicate in RowPolicy(operation.grants).lines():
            name = "owner" if role == "current_role" else role
            wanted |= {(table, policy_name(name, verb)) for verb in verbs}
    assert found == wanted


def test_row_security_is_forced_on_every_protected_table():
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, relrowsecurity, relforcerowsecurity from pg_class where relname = any(%s) and relkind = 'r'",
            [list(declared())],
        )
        for table, on, forced in cursor.fetchall():
            assert on, table
            # The history is written by the owner's definer function and by nobody else.
            assert forced or declared()[table].history == "own", table


def test_neither_the_app_nor_a_reader_role_owns_a_table_or_can_pass_the_policies():
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolname from pg_roles where rolname = any(%s) and (rolsuper or rolbypassrls or rolcreaterole)",
            [[settings.DB_APP_ROLE, *READER_DB_ROLES]],
        )
        assert cursor.fetchall() == []
        cursor.execute("select tablename from pg_tables where tableowner = any(%s)", [[settings.DB_APP_ROLE]])
        assert cursor.fetchall() == []
        cursor.execute(
            "select distinct privilege_type from information_schema.role_table_grants where grantee = any(%s)",
            [[settings.DB_APP_ROLE, *READER_DB_ROLES]],
        )
        assert {row[0] for row in cursor.fetchall()} <= {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_every_key_between_tables_of_a_pilot_is_composite():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select c.conrelid::regclass::text, a.attname, array_length(c.conkey, 1)
            from pg_constraint c
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
            where c.contype = 'f'
              and exists (select from pg_attribute x where x.attrelid = c.conrelid and x.attname = 'pilot_id')
              and exists (select from pg_attribute x where x.attrelid = c.confrelid and x.attname = 'pilot_id')
              and c.confrelid::regclass::text <> 'pilots_pilot'
            """
        )
        single = [(t, column) for t, column, width in cursor.fetchall() if width == 1]
    # A correction names the record or edition it supersedes, which the same door has just read under the policy.
    assert set(single) <= {("workers_payrecord", "supersedes_id"), ("reports_edition", "supersedes_id")}


def test_with_no_scope_every_protected_table_of_a_pilot_is_empty_and_closed():
    for table, operation in declared().items():
        if "app" in operation.grants:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone()[0] == 0, table
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(f"insert into {table} default values")


def _count(table: str) -> int | None:
    """Rows the role in force sees, or None when it may not even look."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {table}")
            return cursor.fetchone()[0]
    except DatabaseError:
        return None


@pytest.mark.parametrize(
    "name", ["ines", "mara", "lena", "rosa", "sefo", "tavi", "omar", "olga", "kofi", "nell", "fay", "dana", "abel"]
)
def test_no_role_reads_a_row_of_a_pilot_it_takes_no_part_in(cast, name):
    scope = cast.scope(name)
    with acting_as(scope), connection.cursor() as cursor:
        for table, operation in declared().items():
            if not operation.pilot or _count(table) is None:
                continue
            cursor.execute(f"select count(*) from {table} where pilot_id <> all(%s)", [list(scope.pilot_ids)])
            assert cursor.fetchone()[0] == 0, (name, table)


OWNED = {"recruiter": "recruiter_id", "employer": "employer_id"}


@pytest.mark.parametrize("name", ["sefo", "tavi", "omar", "olga"])
def test_rivals_in_one_pilot_never_read_each_others_rows(cast, name):
    scope = cast.scope(name)
    column = OWNED[ROLES[scope.role_code].code]
    looked = 0
    with acting_as(scope), connection.cursor() as cursor:
        for table, operation in declared().items():
            spec = operation.grants.get(ROLES[scope.role_code].code, "")
            if not spec.endswith(column.removesuffix("_id")) or _count(table) is None:
                continue
            looked += 1
            cursor.execute(f"select count(*) from {table} where {column} is distinct from %s", [scope.organisation_id])
            assert cursor.fetchone()[0] == 0, table
        cursor.execute("select count(*) from workers_placement")
        assert cursor.fetchone()[0] > 0
    assert looked >= 5


@pytest.mark.parametrize("name", ["kofi", "nell", "fay"])
def test_readers_of_reports_see_no_person_at_all(cast, name):
    with cast.acting(name):
        for table in ("workers_person", "workers_placement", "workers_payrecord", "compliance_finding"):
            assert _count(table) in (0, None)


def test_a_row_cannot_be_written_into_or_moved_to_another_pilot(cast):
    azul = cast.pilot("azul")
    person = cast.placement("IH-001").person
    with cast.acting("ines"), connection.cursor() as cursor:
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("update workers_person set pilot_id = %s where id = %s", [azul.pk, person.pk])
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(
                "insert into workers_person (pilot_id, worker_code, family_name) values (%s, 'X-1', 'X')", [azul.pk]
            )


def test_a_forged_key_cannot_point_into_another_pilot(cast):
    foreign = cast.placement("AZ-001")
    own = cast.placement("IH-001")
    with cast.acting("ines"), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="same_pilot"), transaction.atomic():
            cursor.execute("update workers_placement set person_id = %s where id = %s", [foreign.person_id, own.pk])


def test_the_settings_of_a_scope_end_with_it(cast):
    with cast.acting("ines"):
        with connection.cursor() as cursor:
            cursor.execute("select current_user, current_setting('app.pilots', true)")
            assert cursor.fetchone()[0] == "lamp_programme"
        with cast.acting("sefo"), connection.cursor() as cursor:
            cursor.execute("select current_user")
            assert cursor.fetchone()[0] == "lamp_recruiter"
        with connection.cursor() as cursor:
            cursor.execute("select current_user")
            assert cursor.fetchone()[0] == "lamp_programme"
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_setting('app.pilots', true)")
        assert cursor.fetchone() == (settings.DB_APP_ROLE, "")


def test_the_installer_writes_the_policy_it_was_given():
    sql = list(RowSecurity(table="t", grants={"employer": "ru employer"}, pilot=True).statements())
    assert any("create policy lamp_employer_update on t for update to lamp_employer" in s for s in sql)
    assert not any("for insert" in s or "for delete" in s for s in sql)


def test_a_key_can_be_added_to_tables_that_hold_rows(cast):
    """The owner checks it by reading both tables; under FORCE and without a policy of its own it would see none."""
    owner = database(settings.OWNER_DATABASE_URL)
    with psycopg.connect(
        host=owner["HOST"], port=owner["PORT"] or None, user=owner["USER"], password=owner["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
    ) as session:  # fmt: skip
        found = session.execute("select count(*) from workers_person").fetchone()
        assert found[0] > 0
        session.execute("set local lock_timeout = '5s'")
        session.execute("create table tried (pilot_id bigint)")
        session.execute("insert into tried select pilot_id from workers_person")
        session.execute("alter table tried add foreign key (pilot_id) references pilots_pilot (id)")
        session.rollback()
