"""Loaded before Django's settings are read: the test servers, the settings' testing switch, the compiled translations.

Where several processes run the tests, each has its own database (pytest-django names it), its own folder of sent files and
its own two numbers in Valkey: nobody counts, clears or throttles what belongs to the other.
"""

import os
import shutil
from pathlib import Path

os.environ["LAMP_TESTING"] = "True"
os.environ.pop("LAMP_DB_ROLE", None)

from lamp_portal import catalogues, servers

PROFILE = os.environ.get("LAMP_TEST_PROFILE", "test")
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")  # gw0, gw1, ...; nothing for the one that hands out the tests
VALKEY_DATABASES = 16
FILES = Path(__file__).resolve().parent.parent / ".local" / "files" / "-".join(filter(None, (PROFILE, PROCESS)))

os.environ["FILES_ROOT"] = str(FILES)
if PROCESS:
    os.environ["REDIS_DATABASE"] = str((4 + 2 * int(PROCESS.removeprefix("gw"))) % VALKEY_DATABASES)
servers.use(PROFILE)
catalogues.compile_catalogues()


def pytest_unconfigure():
    """What the tests sent goes with them."""
    shutil.rmtree(FILES, ignore_errors=True)
