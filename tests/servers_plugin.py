"""Loaded before Django's settings are read: the test servers, the settings' testing switch, the compiled translations."""

import os

os.environ["LAMP_TESTING"] = "True"
os.environ.pop("LAMP_DB_ROLE", None)

from lamp_portal import catalogues, servers

servers.use(os.environ.get("LAMP_TEST_PROFILE", "test"))
catalogues.compile_catalogues()
