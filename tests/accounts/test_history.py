"""The history: every write on a protected table is in it, whoever wrote and however, and nobody can touch it."""

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, transaction
from psycopg.errors import FeatureNotSupported

from accounts.models import AuditEvent, History, Membership, User
from accounts.roles import READER_DB_ROLES, ROLES
from accounts.rows import declared
from accounts.scope import Scope, acting_as, operator_scope
from pilots.models import Cohort, Site
from tests.conftest import as_owner
from tests.forms_sent import form_of
from workers.models import Person, PersonContact

real = pytest.mark.django_db(transaction=True)


def kept(table: str, operation: str, request: str = "r-1") -> list[History]:
    """What the owner finds in the history about a table, of one request; sees committed rows only."""
    with as_owner():
        found = History.objects.filter(table_name=table, operation=operation, request=request)
        return list(found.order_by("id"))


@pytest.fixture
def written(cast):
    """``written("pilots_site", "I")``: what the programme reads in the history of its pilot, of request r-1."""

    def _written(table: str, operation: str) -> list[History]:
        with cast.acting("ines"):
            found = History.objects.filter(table_name=table, operation=operation, request="r-1")
            return list(found.order_by("id"))

    return _written


@pytest.fixture
def writing(cast):
    """``with writing("ines") as by:`` acts under a request id that the history can be asked for."""
    return lambda name: acting_as(cast.scope(name, request="r-1"))


def same_author(rows: list[History], by: Scope) -> bool:
    return {(r.user_id, r.organisation_id, r.role, r.request) for r in rows} == {
        (by.user_id, by.organisation_id, by.role_code, "r-1")
    }


def test_a_save_through_the_orm_keeps_the_values_before(writing, written):
    with writing("ines") as by:
        first = Cohort.objects.get(code="V1").name
        Cohort.objects.filter(code="V1").update(name="Renamed")
        cohort = Cohort.objects.get(code="V1")
        cohort.name = "Renamed again"
        cohort.save()
    rows = written("pilots_cohort", "U")
    assert [r.before["name"] for r in rows] == [first, "Renamed"]
    assert {(r.row_id, r.pilot_id) for r in rows} == {(cohort.pk, cohort.pilot_id)}
    assert same_author(rows, by)


def test_a_bulk_insert_is_one_line_with_every_id(writing, written, cast):
    pilot, employer = cast.pilot(), cast.organisation("orchard-bay")
    with writing("ines") as by:
        made = Site.objects.bulk_create(Site(pilot=pilot, employer=employer, name=f"Block {n}") for n in range(12))
    rows = written("pilots_site", "I")
    assert len(rows) == 1
    assert sorted(rows[0].row_ids) == sorted(r.pk for r in made)
    assert (rows[0].first_id, rows[0].last_id) == (made[0].pk, made[-1].pk)
    assert same_author(rows, by)


def test_raw_sql_and_insert_select_are_seen_too(writing, written, cast):
    with writing("ines") as by, connection.cursor() as cursor:
        cursor.execute(
            "insert into pilots_site (pilot_id, employer_id, name, region)"
            " select %s, %s, 'Row ' || n, 'before' from generate_series(1, 12) n",
            [cast.pilot().pk, cast.organisation("orchard-bay").pk],
        )
        cursor.execute("update pilots_site set region = 'after' where name like 'Row %%'")
    assert len(written("pilots_site", "I")[0].row_ids) == 12
    rows = written("pilots_site", "U")
    assert len(rows) == 12, "a line for each changed row, with its values before"
    assert {r.before["region"] for r in rows} == {"before"}
    assert same_author(rows, by)


def test_copy_is_refused_by_the_database_so_nothing_comes_in_past_the_policies(cast):
    with cast.acting("ines"), pytest.raises(FeatureNotSupported), transaction.atomic(), connection.cursor() as cursor:
        with cursor.copy("copy pilots_exchangerate (month, source) from stdin") as copy:
            copy.write_row(("2017-01-01", "copied"))


def test_what_is_rolled_back_leaves_no_history(writing, written):
    with writing("ines"), transaction.atomic():
        Cohort.objects.filter(code="V1").update(name="Renamed")
        transaction.set_rollback(True)
    assert written("pilots_cohort", "U") == []


def test_a_statement_that_changes_nothing_writes_nothing(writing, written):
    with writing("ines"):
        Cohort.objects.filter(code="no such cohort").update(name="Renamed")
    assert written("pilots_cohort", "U") == []


def test_two_people_in_one_transaction_are_never_mixed_up(writing, written, cast):
    with writing("ines"):
        Cohort.objects.filter(code="V1").update(name="first")
        with writing("mara"):
            Cohort.objects.filter(code="V1").update(name="second")
        Cohort.objects.filter(code="V1").update(name="third")
    ines, mara = cast.user("ines").pk, cast.user("mara").pk
    assert [r.user_id for r in written("pilots_cohort", "U")] == [ines, mara, ines]


@real
def test_a_page_writes_the_person_the_organisation_and_its_request(sign_in, cast):
    client = sign_in("ines")
    with acting_as(operator_scope()):
        theirs = Membership.objects.get(user=cast.user("lena"))
    carried = form_of(client.get(f"/members/{theirs.pk}/").content.decode())
    answer = client.post(f"/members/{theirs.pk}/role/", carried | {"role": "welfare_officer"})
    rows = kept("accounts_membership", "U", answer["X-Request-ID"])
    assert [(r.row_id, r.before["role"], r.user_id) for r in rows] == [
        (theirs.pk, "safeguarding_lead", cast.user("ines").pk)
    ]
    assert rows[0].organisation_id == cast.organisation("fair-passage").pk


def test_every_protected_table_writes_history_or_says_why_not(cast):
    """A new table cannot forget its triggers: the catalogue is asked, not the code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, count(*) from pg_trigger t join pg_class c on c.oid = t.tgrelid"
            " where t.tgname in ('history_insert', 'history_update', 'history_delete') and t.tgenabled = 'O' group by 1"
        )
        installed = dict(cursor.fetchall())
    expected = {table for table, operation in declared().items() if operation.history not in {"none", "own"}}
    assert set(installed) == expected
    assert set(installed.values()) == {3}


def test_tables_without_history_are_few_and_known():
    none = {t for t, o in declared().items() if o.history == "none"}
    assert "workers_person" not in none
    assert {"accounts_job", "accounts_auditevent"} <= none
    for table in none - {"accounts_job"}:
        model = next(m for m in apps.get_models() if m._meta.db_table == table)
        grants = " ".join(model.row_policy.grants.values())
        assert model.row_policy.append_only or "kept" not in grants, table


@pytest.mark.parametrize("role", [*READER_DB_ROLES, "none"])
@pytest.mark.parametrize("model", [History, AuditEvent], ids=["history", "audit"])
def test_nobody_changes_or_removes_a_line(cast, role, model):
    scope = Scope(1, 1, "", role, pilot_ids=(1, 2), organisation_ids=(1, 2))
    table = model._meta.db_table
    for statement in [
        f"update {table} set user_id = null",
        f"delete from {table}",
        f"truncate {table}",
        f"alter table {table} disable trigger all",
        f"drop table {table}",
    ]:
        with acting_as(scope), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("role", [*READER_DB_ROLES, "none"])
def test_nobody_forges_a_line_of_the_history(cast, role):
    with (
        acting_as(Scope(1, 1, "", role, pilot_ids=(1,), organisation_ids=(1,))),
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("insert into accounts_history (table_name, operation, restricted) values ('x', 'U', false)")


@pytest.mark.parametrize("role", [*READER_DB_ROLES, "none"])
def test_nobody_calls_or_replaces_the_trigger_function(cast, role):
    for statement in ["select accounts_write_history()", "drop function accounts_write_history() cascade"]:
        with (
            acting_as(Scope(1, 1, "", role)),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_an_audit_line_cannot_name_another_organisation(cast):
    other = cast.organisation("reef-recruiting").pk
    for name in ["ines", "sefo", "fay", "lena"]:
        with (
            cast.acting(name),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "insert into accounts_auditevent (organisation_id, pilot_id, action, object_kind, outcome, reason,"
                " request) values (%s, %s, 'x', '', 'done', '', '')",
                [other, cast.pilot().pk],
            )


def test_the_programme_reads_the_open_history_of_its_pilots_only(cast):
    with cast.acting("ines"):
        rows = list(History.objects.order_by().values_list("pilot_id", "restricted").distinct())
        tables = set(History.objects.values_list("table_name", flat=True))
    assert rows == [(cast.pilot().pk, False)]
    assert "workers_person" in tables
    for name in ["sefo", "omar", "rosa", "fay"]:
        with cast.acting(name), pytest.raises(ProgrammingError), transaction.atomic():
            History.objects.count()


@real
def test_what_few_may_see_is_kept_and_hidden_from_the_programme(cast):
    restricted = {t for t, o in declared().items() if o.history == "restricted"}
    assert {"accounts_user", "accounts_invitation"} <= restricted
    with acting_as(cast.scope("sefo", request="r-1")):
        person = Person.objects.get(worker_code="IH-001")
        PersonContact.objects.filter(person=person).update(phone="+6760000000")
    with acting_as(operator_scope(request="r-1")):
        User.objects.filter(email="lena@cast.example").update(name="Changed")
    assert len(kept("accounts_user", "U")) == 1
    with cast.acting("ines"):
        assert not History.objects.filter(table_name__in=restricted).exists()
        assert not History.objects.filter(restricted=True).exists()


def test_every_role_of_the_table_is_tried_here():
    assert {role.db_role for role in ROLES.values()} <= set(READER_DB_ROLES)
