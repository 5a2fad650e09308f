"""Loaded before Django's settings are read: the test servers, and the settings' testing switch."""

import os

os.environ["LAMP_TESTING"] = "True"
os.environ.pop("LAMP_DB_ROLE", None)

from lamp_portal import servers

servers.use(os.environ.get("LAMP_TEST_PROFILE", "test"))
