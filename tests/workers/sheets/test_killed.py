"""The worker, its database connections and the broker die in the middle of an import: all rows or none at every look, and in
the end every row once. ``make kill`` does the same with longer sheets and more moments.

A broker of its own, because other tests use theirs at the same time; the worker works on the database of the tests.
"""

import os
import random
import shutil
from urllib.parse import quote

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from accounts import jobs
from bench import killing
from lamp_portal.servers import valkey
from lamp_portal.servers.binaries import programs
from lamp_portal.servers.places import Place
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 2000
SEED = 20261122


@pytest.fixture
def broker():
    """A Valkey of its own."""
    place = Place(f"test-kill-{os.getpid()}")
    place.make()
    valkey.ensure(place, programs(place))
    yield place
    valkey.stop(place)
    for folder in {place.data.parent, place.small, place.sockets}:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def _told(broker, monkeypatch):
    """Messages of jobs go to that broker, as far as it lives: the sweep sends what was lost."""
    url = valkey.url(broker).partition("?")[0].removeprefix("unix")

    def send(job_id: int) -> None:
        try:
            with current_app.connection_for_write(
                f"redis+socket{url}?virtual_host={settings.REDIS_DATABASE + 1}"
            ) as line:
                current_app.send_task(jobs.TASK, args=[job_id], connection=line, retry=False)
        except (OSError, line.connection_errors):
            pass

    monkeypatch.setattr(jobs, "send", send)


def database_url() -> str:
    """The database of the tests, as the portal logs in."""
    given = connection.settings_dict
    user, password, host = (quote(str(given[key]), safe="") for key in ("USER", "PASSWORD", "HOST"))
    return f"postgresql://{user}:{password}@/{given['NAME']}?host={host}" + (
        f"&port={given['PORT']}" if given["PORT"] else ""
    )


@pytest.mark.usefixtures("_told")
def test_whatever_dies_a_sheet_is_recorded_whole_and_once(cast: Cast, broker, tmp_path):
    env = {"DATABASE_URL": database_url(), "REDIS_URL": valkey.url(broker), "JOB_LEASE_SECONDS": "2"}
    with cast.acting("ines") as by:
        pilot = cast.pilot()
    world = killing.World(killing.Worker(tmp_path / "worker.log", env), broker, env["DATABASE_URL"])
    chance = random.Random(SEED)
    moments = [killing.Moment(n, victim, chance.uniform(0.1, 0.9)) for n, victim in enumerate(killing.VICTIMS)]

    def new(number: int) -> killing.Import:
        return killing.Import(number, ROWS, pilot, by)

    try:
        whole, number = killing.play(new(0), world, None, 0.0), 1
        for moment in moments:
            number = killing.hit(number, moment, world, new, whole)
    finally:
        world.worker.stop()
    assert all(moment.did and moment.told["people"] == ROWS for moment in moments)
    assert [moment.told["told"] for moment in moments] == [1, 1, 1]
