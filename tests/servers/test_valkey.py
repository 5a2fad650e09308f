"""The embedded Valkey keeps what it was told, and a leftover server is never taken for the one we started."""

import os
import shutil
import signal

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from lamp_portal.servers import daemon, valkey
from lamp_portal.servers.binaries import Programs
from lamp_portal.servers.places import Place


def number(place: Place) -> int:
    """The process number that the server itself names."""
    return redis.Redis.from_url(valkey.url(place)).info("server")["process_id"]


def test_a_running_server_is_adopted_and_not_started_twice(broker: Place, binaries: Programs) -> None:
    before = number(broker)
    valkey.ensure(broker, binaries)
    assert number(broker) == before


def test_kill_9_keeps_what_was_acknowledged(made_place: Place, binaries: Programs) -> None:
    durable = Place("durable", made_place.checkout)
    durable.make()
    durable.passwords()
    try:
        valkey.ensure(durable, binaries)
        redis.Redis.from_url(valkey.url(durable)).rpush("letters", *range(1000))
        os.kill(number(durable), signal.SIGKILL)
        valkey.ensure(durable, binaries)
        assert redis.Redis.from_url(valkey.url(durable)).llen("letters") == 1000
    finally:
        assert valkey.stop(durable)


def test_a_leftover_server_with_another_password_is_ended_and_replaced(broker: Place, binaries: Programs) -> None:
    leftover = number(broker)
    kept = broker.secrets_file.read_text()
    broker.secrets_file.unlink()
    try:
        broker.passwords()
        assert valkey.ask(broker) == "foreign"
        valkey.ensure(broker, binaries)
        assert number(broker) != leftover
    finally:
        valkey.stop(broker)
        broker.secrets_file.write_text(kept)


def test_a_server_whose_socket_was_swept_away_is_ended_and_started_again(
    broker: Place, binaries: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valkey, "SWEPT", 0.2)
    lost = number(broker)
    shutil.rmtree(broker.sockets)
    Place("test", broker.checkout).make()
    valkey.ensure(broker, binaries)
    assert number(broker) != lost


def test_a_broken_append_only_file_is_set_aside(made_place: Place, binaries: Programs) -> None:
    broken = Place("broken", made_place.checkout)
    broken.make()
    broken.passwords()
    try:
        valkey.ensure(broken, binaries)
        redis.Redis.from_url(valkey.url(broken)).set("before", "1")
        assert valkey.stop(broken)
        for part in (broken.data / "valkey" / "appendonlydir").glob("*.incr.aof"):
            part.write_bytes(b"*3\r\nnonsense" * 10)
        valkey.ensure(broken, binaries)
        assert valkey.ask(broken) == "ours"
        assert list((broken.data / "valkey").glob("appendonlydir.broken-*"))
    finally:
        valkey.stop(broken)


def test_the_password_is_on_no_command_line(broker: Place) -> None:
    assert broker.passwords()["valkey"] not in daemon.command_line(number(broker))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(unix_socket_path=str(broker.sockets / "valkey"), retry=Retry(NoBackoff(), 0)).ping()
