"""`environment()` and the command: servers that are named are used, troubles are sentences."""

import functools
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lamp_portal import servers
from lamp_portal.servers import __main__ as command
from lamp_portal.servers import binaries as wheels
from lamp_portal.servers import places
from lamp_portal.servers.places import Place, reachable
from lamp_portal.servers.trouble import ServerTrouble, plain_words

from .conftest import is_root


@pytest.fixture
def elsewhere(made_place: Place, monkeypatch: pytest.MonkeyPatch, no_servers_named: None) -> Place:
    """The door opens onto the test checkout instead of this one."""
    monkeypatch.setattr(servers, "Place", functools.partial(Place, checkout=made_place.checkout))
    return made_place


def test_named_servers_are_used_and_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@db/lamp")
    monkeypatch.setenv("REDIS_URL", "redis://cache")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    assert servers.environment("never-started") == {
        "DATABASE_URL": "postgresql://a@db/lamp",
        "DATABASE_OWNER_URL": "postgresql://a@db/lamp",
        "REDIS_URL": "redis://cache",
    }
    assert not Place("never-started").small.exists()


def test_naming_one_server_of_the_two_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, no_servers_named: None
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://cache")
    with pytest.raises(ServerTrouble, match="both DATABASE_URL and REDIS_URL"):
        servers.environment("test")


def test_up_status_down_and_reset(elsewhere: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["up", "--profile", "test"]) == 0
    assert servers.status("test") == {"postgres": "runs", "valkey": "runs"}
    assert command.main(["env", "--profile", "test"]) == 0
    assert "export DATABASE_URL=" in capsys.readouterr().out
    assert command.main(["down", "--profile", "test"]) == 0
    assert servers.status("test") == {"postgres": "stopped", "valkey": "stopped"}
    assert command.main(["reset", "--profile", "test"]) == 0
    assert not elsewhere.data.exists()


def test_servers_in_use_by_another_process_stay_when_only_idle_ones_may_stop(elsewhere: Place) -> None:
    servers.environment("test")
    code = (
        "import functools, pathlib, sys\n"
        "from lamp_portal import servers\n"
        "from lamp_portal.servers.places import Place\n"
        f"servers.Place = functools.partial(Place, checkout=pathlib.Path({str(elsewhere.checkout)!r}))\n"
        "servers.environment('test')\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], cwd=places.CHECKOUT, **pipes) as other:
        assert other.stdout.readline() == "ready\n"
        assert servers.stop("test", if_idle=True) is False
        assert servers.status("test")["postgres"] == "runs"
        other.kill()
    assert servers.stop("test", if_idle=True) is True


def test_three_processes_that_start_at_once_share_one_server(elsewhere: Place) -> None:
    servers.reset("test")
    code = (
        "import functools, pathlib\n"
        "from lamp_portal import servers\n"
        "from lamp_portal.servers.places import Place\n"
        f"servers.Place = functools.partial(Place, checkout=pathlib.Path({str(elsewhere.checkout)!r}))\n"
        "print(servers.environment('test')['DATABASE_URL'])\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=places.CHECKOUT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    answers = {process.communicate(timeout=90)[0] for process in started}
    assert [process.returncode for process in started] == [0, 0, 0]
    assert len(answers) == 1
    servers.reset("test")


def test_a_socket_folder_that_is_a_symlink_is_refused(made_place: Place, tmp_path: Path) -> None:
    place = Place("linked", made_place.checkout)
    place.sockets.parent.mkdir(mode=0o711, exist_ok=True)
    place.sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(ServerTrouble, match="belongs to somebody else"):
            place.make()
    finally:
        place.sockets.unlink()


def test_a_socket_folder_of_another_owner_is_refused(made_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place("taken", made_place.checkout)
    place.sockets.mkdir(parents=True, mode=0o777)
    real = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        found = real(path)
        if path != place.sockets:
            return found
        return os.stat_result((*found[:4], 54321, *found[5:]))

    monkeypatch.setattr(Path, "lstat", lstat)
    with pytest.raises(ServerTrouble, match="belongs to somebody else \\(user number 54321\\)"):
        place.make()


def test_a_disk_without_room_is_a_sentence(made_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil._ntuple_diskusage(10**9, 10**9, 10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    with pytest.raises(ServerTrouble, match="0 MB free and the servers need"):
        Place("cramped", made_place.checkout).make()
    with pytest.raises(ServerTrouble, match="disk is full"), plain_words("/here"):
        raise OSError(28, "No space left on device")


def test_a_system_without_wheels_is_told_to_name_its_own_servers(
    made_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wheels.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ServerTrouble, match="use your own DATABASE_URL and REDIS_URL"):
        wheels.programs(made_place)


def test_a_path_too_long_for_a_socket_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places.os, "access", lambda path, mode: False)
    monkeypatch.setattr(places.tempfile, "gettempdir", lambda: "/" + "long" * 30)
    with pytest.raises(ServerTrouble, match="too long for a Unix socket: set TMPDIR"):
        _ = Place("test").sockets


def test_a_trouble_is_one_sentence_and_the_code_2(capsys: pytest.CaptureFixture[str], no_servers_named: None) -> None:
    assert command.main(["up", "--profile", "../evil"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("`../evil` is no name for a profile")
    assert "Traceback" not in said


def test_broken_passwords_are_made_again(made_place: Place) -> None:
    place = Place("scrambled", made_place.checkout)
    place.make()
    place.secrets_file.write_text("{")
    made = place.passwords()
    assert json.loads(place.secrets_file.read_text()) == made == place.passwords()


def test_a_folder_that_is_still_to_be_made_is_reached_as_the_one_it_is_made_in(tmp_path: Path) -> None:
    assert reachable(tmp_path / ".local" / "servers") == reachable(tmp_path)


def test_programs_that_the_servers_user_cannot_reach_are_copied_for_it(
    made_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wheels, "_usable", lambda program: False)
    found = wheels.programs(made_place)
    if not is_root():
        assert made_place.base not in found.postgres_bin.parents
        return
    assert made_place.base in found.postgres_bin.parents
    assert reachable(found.postgres_bin)
    assert (found.postgres_bin / "postgres").stat().st_mode & stat.S_IXOTH
    version = subprocess.run(
        [found.postgres_bin / "initdb", "--version"],
        **made_place.account.popen(),
        capture_output=True,
        check=True,
    )
    assert b"PostgreSQL" in version.stdout


def test_a_folder_that_another_process_of_ours_has_just_made_is_handed_over(made_place: Place) -> None:
    place = Place("just-made", made_place.checkout)
    place.sockets.mkdir(parents=True, mode=0o700)
    place.make()
    assert place.sockets.stat().st_uid == place.account.uid
