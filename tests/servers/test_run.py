"""The one parent: it restarts what dies, ends what it started, and says in words why it cannot begin."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lamp_portal.servers import children, places, run, web
from lamp_portal.servers.children import Child
from lamp_portal.servers.places import Place
from lamp_portal.servers.trouble import ServerTrouble

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
# A child that starts a grandchild, writes its number down, and waits.
PARENT = "import subprocess, sys, time\nprint(subprocess.Popen(['sleep', '60']).pid, flush=True)\ntime.sleep(60)\n"


def wait_for(true: Callable[[], bool], seconds: float = 8.0) -> bool:
    """Whether it becomes true within the time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def lives(pid: int) -> bool:
    """Whether the process lives (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    """A child that sleeps, ended at the end."""
    made = Child("sleeper", SLEEPER, dict(os.environ), tmp_path / "sleeper.log", stop=((signal.SIGTERM, 1.0),))
    made.start()
    yield made
    children.end([made])


def test_a_child_that_dies_is_started_again_after_a_growing_pause(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "FIRST_PAUSE", 0.05)
    pauses = []
    for _ in range(3):
        assert child.process is not None
        first = child.process.pid
        child.process.kill()
        assert wait_for(lambda: child.process is None or child.process.poll() is not None)
        said = child.watch()
        assert said is not None
        assert "sleeper: ended (signal SIGKILL)" in said
        ended = time.monotonic()
        assert wait_for(lambda: child.watch() == "sleeper: started again")
        pauses.append(time.monotonic() - ended)
        assert child.process.pid != first
    # a busy machine may lengthen a pause, never shorten it
    assert all(pause > 0.04 * 2**death for death, pause in enumerate(pauses))


def test_what_a_dead_child_had_started_dies_before_it_is_started_again(tmp_path: Path) -> None:
    made = Child("parent", [sys.executable, "-c", PARENT], dict(os.environ), tmp_path / "parent.log")
    made.start()
    assert wait_for(lambda: (tmp_path / "parent.log").read_text().strip() != "")
    grandchild = int((tmp_path / "parent.log").read_text())
    made.process.kill()
    made.process.wait()
    made.watch()
    assert wait_for(lambda: not lives(grandchild))


def test_a_child_that_ignores_the_polite_signal_is_ended_by_force(tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    made = Child(
        "deaf", [sys.executable, "-c", code], dict(os.environ), tmp_path / "log", stop=((signal.SIGTERM, 0.3),)
    )
    made.start()
    assert wait_for(lambda: (tmp_path / "log").read_text() == "deaf\n")
    began = time.monotonic()
    children.end([made])
    assert time.monotonic() - began < 8  # ended by force, not waited for: it sleeps for a minute
    assert made.process.returncode == -signal.SIGKILL


def test_kill_9_of_the_parent_ends_the_children(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys, time\n"
        "from lamp_portal.servers.children import Child\n"
        f"child = Child('c', {SLEEPER!r}, dict(os.environ), pathlib.Path({str(tmp_path / 'log')!r}))\n"
        "child.start()\n"
        "print(child.process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=places.CHECKOUT, stdout=subprocess.PIPE, text=True
    ) as parent:
        started = int(parent.stdout.readline())
        assert lives(started)
        parent.kill()
    assert wait_for(lambda: not lives(started))


def test_leftovers_of_an_earlier_run_are_known_by_their_word_and_ended() -> None:
    word = children.token()
    ours = subprocess.Popen(SLEEPER, env=os.environ | {children.TOKEN: word})
    strange = subprocess.Popen(SLEEPER, env=os.environ | {children.TOKEN: children.token()})
    try:
        assert wait_for(lambda: children.leftovers(word, {}) == [ours.pid])
        # The note names the stranger's number, as after a restart of the machine: it is not ours, it stays.
        assert children.end_leftovers(word, {strange.pid: "another command"}, patience=2) == 1
        assert ours.wait(timeout=5) == -signal.SIGTERM
        assert strange.poll() is None
    finally:
        for process in (ours, strange):
            process.kill()
            process.wait()


def test_a_port_that_is_taken_is_named_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerTrouble, match=rf"Port {port} is in use .* PORT={port + 1} make demo"):
            web.check_port(port)
    web.check_port(port)


@pytest.mark.parametrize("text", ["", "http", "0", "70000", "-1", "８０００x"])
def test_a_port_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(ServerTrouble, match="which is no port"):
        web.port_of(text)


def test_a_second_run_is_told_where_the_first_one_is(made_place: Place) -> None:
    made_place.make()
    note = made_place.local / "run.json"
    with run.only_one(made_place):
        note.write_text(json.dumps({"pid": 77, "address": "http://127.0.0.1:8000"}))
        try:
            with pytest.raises(ServerTrouble, match=r"already runs at http://127.0.0.1:8000 \(process 77\)"):
                with run.only_one(made_place):
                    pytest.fail("two runs at once")
        finally:
            note.unlink()
    with run.only_one(made_place):
        pass


def test_a_note_that_is_half_written_is_no_note(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"pid": 7')
    assert run.read_note(tmp_path / "run.json") == {}
    assert run.read_note(tmp_path / "none.json") == {}


def test_start_over_refuses_to_touch_servers_that_are_not_embedded(
    made_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@db/lamp")
    with pytest.raises(ServerTrouble, match="only the data of the embedded servers"):
        run.start_over(made_place)


def test_static_files_are_collected_again_when_one_of_them_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("app/static", "lamp_portal", "collected"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("app/static/a.css", "requirements.txt", "lamp_portal/settings.py", "lamp_portal/joined.py"):
        (tmp_path / name).write_text("first")
    monkeypatch.setattr(web, "CHECKOUT", tmp_path)
    before = web.static_signature(tmp_path / "collected")
    assert before == web.static_signature(tmp_path / "collected")
    (tmp_path / "app/static/a.css").write_text("second, longer")
    assert web.static_signature(tmp_path / "collected") != before
    assert web.static_signature(tmp_path / "gone") == "none"
