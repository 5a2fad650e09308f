"""The embedded PostgreSQL comes back from every bad end, with its data, and believes only itself."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from lamp_portal.servers import daemon, places, postgres
from lamp_portal.servers.binaries import Programs
from lamp_portal.servers.places import Place
from lamp_portal.servers.trouble import ServerTrouble, hopeless

from .conftest import log_in, server_number


def note(place: Place, text: str) -> None:
    """Write a line that must outlive whatever comes."""
    with log_in(place, "lamp_owner") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS diary (line text)")
        connection.execute("INSERT INTO diary VALUES (%s)", [text])


def noted(place: Place, text: str) -> bool:
    """Whether the line is there."""
    with log_in(place, "lamp_owner") as connection:
        return connection.execute("SELECT FROM diary WHERE line = %s", [text]).fetchone() is not None


def test_a_running_server_is_adopted_and_not_started_twice(database: Place, binaries: Programs) -> None:
    before = server_number(database)
    postgres.ensure(database, binaries)
    assert server_number(database) == before
    assert postgres.answers(database) == "ours"


def test_kill_9_of_the_server_keeps_the_data(database: Place, binaries: Programs) -> None:
    note(database, "before the kill")
    killed = server_number(database)
    os.kill(killed, signal.SIGKILL)
    postgres.ensure(database, binaries)
    assert server_number(database) != killed
    assert noted(database, "before the kill")


def test_kill_9_of_whoever_started_it_leaves_a_server_that_is_adopted(database: Place, binaries: Programs) -> None:
    postgres.stop(database)
    code = (
        "import os, pathlib, signal\n"
        "from lamp_portal.servers import postgres\n"
        "from lamp_portal.servers.binaries import programs\n"
        "from lamp_portal.servers.places import Place\n"
        f"place = Place('kept', pathlib.Path({str(database.checkout)!r}))\n"
        "postgres.ensure(place, programs(place))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    died = subprocess.run([sys.executable, "-c", code], cwd=places.CHECKOUT, check=False)
    assert died.returncode == -signal.SIGKILL
    started = server_number(database)
    postgres.ensure(database, binaries)
    assert server_number(database) == started


def test_a_stale_pid_file_with_the_number_of_another_process_of_the_same_user_is_no_obstacle(
    database: Place, binaries: Programs
) -> None:
    left = (postgres.cluster(database) / "postmaster.pid").read_text()
    postgres.stop(database)
    stranger = subprocess.Popen(["sleep", "60"], **database.account.popen())
    try:
        stale = postgres.cluster(database) / "postmaster.pid"
        stale.write_text("\n".join([str(stranger.pid), *left.split("\n")[1:]]))
        shutil.chown(stale, database.account.uid, database.account.gid)
        began = time.monotonic()
        postgres.ensure(database, binaries)
        assert time.monotonic() - began < 10
        assert server_number(database) != stranger.pid
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_whose_socket_was_swept_away_is_ended_and_started_again(
    database: Place, binaries: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "SWEPT", 0.2)
    note(database, "before the sweep")
    lost = server_number(database)
    shutil.rmtree(database.sockets)
    Place("kept", database.checkout).make()
    postgres.ensure(database, binaries)
    assert server_number(database) != lost
    assert noted(database, "before the sweep")


def test_lost_passwords_are_replaced_and_the_data_stay(database: Place, binaries: Programs) -> None:
    note(database, "before the loss")
    database.secrets_file.unlink()
    postgres.ensure(database, binaries)
    assert noted(database, "before the loss")
    with log_in(database, "lamp_app") as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_an_initialisation_that_was_cut_short_is_done_again(made_place: Place, binaries: Programs) -> None:
    half = Place("test-half", made_place.checkout)
    half.make()
    (half.data / "postgres.new").mkdir()
    (half.data / "postgres.new" / "PG_VERSION").write_text("18\n")
    try:
        postgres.ensure(half, binaries)
        assert postgres.answers(half) == "ours"
        assert not (half.data / "postgres.new").exists()
    finally:
        postgres.stop(half)


def test_data_of_another_version_are_refused_in_words(database: Place, binaries: Programs) -> None:
    version = postgres.cluster(database) / "PG_VERSION"
    version.write_text("17\n")
    try:
        with pytest.raises(ServerTrouble, match=r"written by PostgreSQL 17.*make demo-reset"):
            postgres.ensure(database, binaries)
    finally:
        version.write_text("18\n")


def test_the_reasons_that_trying_again_cannot_cure_have_a_sentence() -> None:
    disk = hopeless("FATAL: could not write: No space left on device", Path("/here"))
    assert disk == "The disk is full: make some room in /here and start again."
    library = hopeless("error while loading shared libraries: libz.so.1: cannot open shared object", "/here")
    assert library is not None
    assert "libz.so.1" in library
    assert "DATABASE_URL" in library
    assert hopeless("LOG: database system was interrupted", "/here") is None


def test_the_app_and_the_owner_have_no_powers_beyond_their_work(database: Place) -> None:
    with log_in(database, "lamp_app") as app:
        powers = (
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit FROM pg_roles "
            "WHERE rolname IN ('lamp_app', 'lamp_owner') ORDER BY 1"
        )
        assert app.execute(powers).fetchall() == [
            ("lamp_app", False, False, False, False, False),
            ("lamp_owner", False, False, True, True, True),
        ]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE anything (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SET ROLE lamp_owner")


def test_the_app_has_the_rights_of_a_reader_role_only_while_it_is_that_role(database: Place) -> None:
    with log_in(database, "lamp_owner") as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS wages (amount numeric)")
        owner.execute("GRANT SELECT ON wages TO lamp_employer")
    with log_in(database, "lamp_app") as app:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT * FROM wages")
        with app.transaction():
            app.execute("SET LOCAL ROLE lamp_employer")
            assert app.execute("SELECT * FROM wages").fetchall() == []
        assert app.execute("SELECT current_user").fetchone() == ("lamp_app",)


def test_a_database_made_by_the_owner_has_the_extensions_and_the_leakproof_functions(database: Place) -> None:
    with log_in(database, "lamp_owner", "postgres") as owner:
        owner.execute("DROP DATABASE IF EXISTS from_template")
        owner.execute("CREATE DATABASE from_template")
    with log_in(database, "lamp_owner", "from_template") as fresh:
        extensions = {name for (name,) in fresh.execute("SELECT extname FROM pg_extension")}
        assert extensions >= {"pg_trgm", "unaccent", "btree_gist", "fuzzystrmatch"}
        asked = "SELECT proleakproof FROM pg_proc WHERE oid = 'texticlike(text, text)'::regprocedure"
        assert fresh.execute(asked).fetchone() == (True,)


def test_nothing_listens_on_the_network_and_the_data_are_guarded(database: Place) -> None:
    with log_in(database, "lamp_app") as app:
        assert app.execute("SHOW listen_addresses").fetchone() == ("",)
        assert app.execute("SHOW data_checksums").fetchone() == ("on",)
    assert database.sockets.stat().st_mode & 0o777 == 0o700
    assert database.secrets_file.stat().st_mode & 0o777 == 0o600


def test_a_wrong_password_is_refused_over_the_socket(database: Place) -> None:
    wrong = postgres.url(database, "lamp_app").replace(database.passwords()["lamp_app"], "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_stop_ends_every_process_of_the_server(database: Place) -> None:
    assert postgres.stop(database)
    assert not daemon.alive(postgres.lock(database))
    assert not (postgres.cluster(database) / "postmaster.pid").exists()
